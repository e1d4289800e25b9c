"""Whatever notices are lost, and whenever lines break: a page that catches up shows what the database holds.

Hypothesis chooses what is said, deleted, lost and broken; it is done over real sockets to the running product.
"""

import asyncio
from contextlib import AsyncExitStack
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.browser.scene import NAMES, Scene, make_scene
from tests.integration.backstage.line import Line, line
from tests.integration.backstage.test_entrances import sockets
from tests.servers.product import Product

pytestmark = [pytest.mark.janus]
numbers = count(1)
PEOPLE = sorted(NAMES)
PAGES = ("ada", "olivia")

steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from(PEOPLE)),
        st.tuples(st.just("say here"), st.sampled_from(PAGES)),
        st.tuples(st.just("delete"), st.integers(0, 20)),
        st.tuples(st.just("lose"), st.sampled_from(PAGES)),
        st.tuples(st.just("break"), st.sampled_from(PAGES)),
        st.tuples(st.just("come back"), st.sampled_from(PAGES)),
    ),
    min_size=8,
    max_size=25,
)


class Page:
    """Shows messages; takes a snapshot on its first line alone, and catches up from then on."""

    def __init__(self) -> None:
        self.line: Line | None = None
        self.shown: dict[str, dict[str, Any]] = {}
        self.revision = self.newest = -1
        self.to_lose = 0
        self._taken = 0

    async def come(self, opened: Line) -> None:
        self.line, self._taken = opened, 0
        snapshot = await opened.notice("chat.snapshot")
        if self.revision >= 0:
            await self.catch_up()
            return
        [message] = [each for each in opened.heard if each["type"] == "chat.snapshot"]
        self.revision, self.newest = message["revision"], 0
        self._show(snapshot["messages"])

    async def take_notices(self) -> None:
        """What has come, but for what is lost on its way."""
        while self.line is not None and self._taken < len(self.line.heard):
            notice = self.line.heard[self._taken]
            self._taken += 1
            if notice["type"] not in {"message.posted", "message.deleted"}:
                continue
            if self.to_lose:
                self.to_lose -= 1
            elif notice["revision"] > self.revision + 1:
                await self.catch_up()
            elif notice["revision"] == self.revision + 1:
                self.revision += 1
                if notice["type"] == "message.posted":
                    self._show([notice["body"]["message"]])
                else:
                    self.shown.pop(notice["body"]["message"], None)

    async def say(self, text: str) -> dict[str, Any]:
        """The reply; what it holds is shown, and says nothing of those before it."""
        assert self.line is not None
        reply = await self.line.command("message.send", client_id=str(uuid4()), text=text)
        if reply["type"] == "ok":
            message = reply["body"]["message"]
            self.shown[message["id"]] = message
        return reply

    async def catch_up(self) -> None:
        assert self.line is not None
        more = True
        while more:
            answer = await self.line.ok("chat.catch_up", revision=self.revision, after=self.newest)
            self._show(answer["messages"])
            for gone in answer["deleted"]:
                self.shown.pop(gone, None)
            self.revision, more = answer["revision"], answer["more"]

    def _show(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            self.shown[message["id"]] = message
            self.newest = max(self.newest, message["number"])


class Chat:
    def __init__(self, product: Product, scene: Scene, doors: AsyncExitStack) -> None:
        self.product, self.scene, self.doors = product, scene, doors
        self.pages = {who: Page() for who in PAGES}
        self.writers: dict[str, Line] = {}
        self.said: list[str] = []

    async def open(self, who: str) -> Line:
        path = sockets(self.scene)["event-chat"]
        opened = await self.doors.enter_async_context(line(self.product, path, self.scene.sessions[who]))
        await opened.notice("chat.snapshot")
        return opened

    async def do(self, what: str, whom: Any) -> None:
        if what == "say":
            if whom not in self.writers:
                self.writers[whom] = await self.open(whom)
            self._count(
                await self.writers[whom].command("message.send", client_id=str(uuid4()), text=self._next_text)
            )
        elif what == "say here":
            if self.pages[whom].line is not None:
                self._count(await self.pages[whom].say(self._next_text))
        elif what == "delete":
            if self.said:
                await self.writers["olivia"].ok("message.delete", message=self.said[whom % len(self.said)])
        elif what == "lose":
            self.pages[whom].to_lose += 1
        else:
            await self._line(what, self.pages[whom], whom)

    @property
    def _next_text(self) -> str:
        return f"Message {len(self.said)}"

    def _count(self, reply: dict[str, Any]) -> None:
        # Whoever says more than five is too fast.
        if reply["type"] == "ok":
            self.said.append(reply["body"]["message"]["id"])

    async def _line(self, what: str, page: Page, who: str) -> None:
        if what == "break" and page.line is not None:
            opened, page.line = page.line, None
            await opened.close()
        elif what == "come back" and page.line is None:
            await page.come(await self.open(who))


async def play(product: Product, scene: Scene, script: list[tuple[str, Any]]) -> None:
    async with AsyncExitStack() as doors:
        chat = Chat(product, scene, doors)
        chat.writers["olivia"] = await chat.open("olivia")
        for who, page in chat.pages.items():
            await page.come(await chat.open(who))
        for what, whom in script:
            await chat.do(what, whom)
            for page in chat.pages.values():
                await page.take_notices()
        fresh = Page()
        await fresh.come(await chat.open("tom"))
        for who, page in chat.pages.items():
            if page.line is None:
                await page.come(await chat.open(who))
            await page.take_notices()
            # As `chat.at` says it to a page that missed the last.
            if page.revision < fresh.revision:
                await page.catch_up()
            assert page.revision == fresh.revision
            assert sorted(each["text"] for each in page.shown.values()) == product.django(stored, scene.slug)
            assert set(page.shown) == set(fresh.shown)


def stored(slug: str) -> list[str]:
    from chat.models import Message

    found = Message.objects.filter(room__event__slug=slug, deleted_at__isnull=True)
    return sorted(found.values_list("text", flat=True))


#: Another's message is lost on the way to Ada, and the notice of her own behind it.
AROUND_MY_OWN = [("say", "sam"), ("lose", "ada"), ("lose", "ada"), ("say", "sam"), ("say here", "ada")]


@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(script=steps)
@example(AROUND_MY_OWN)
@example([*AROUND_MY_OWN, ("lose", "ada"), ("delete", 2)])
def test_a_page_that_catches_up_shows_what_is_stored(product: Product, script: list[tuple[str, Any]]) -> None:
    asyncio.run(play(product, make_scene(product, f"catching-up-{next(numbers)}"), script))
