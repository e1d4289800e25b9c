"""The network vanishes for 5, 30, 55 and 75 seconds, for five people at once; a tab is closed; somebody leaves."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.lossy import LossyLink
from tests.browser.network import Network
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
#: Seconds without a network; each is back after so long.
LOST_FOR_S = {"sam": 5, "ken": 30, "omar": 55, "mia": 75, "tom": 75}
#: Of those who are seen again their media are lost with it, too.
WITHOUT_MEDIA = ("sam", "omar")
#: Seconds that a place outlasts its person, and that noticing the loss takes at most beyond that.
KEPT_S, LATER_S = 60, 8


@pytest.fixture
def networks(product: Product) -> Iterator[dict[str, Network]]:
    with ExitStack() as stack:
        yield {who: stack.enter_context(Network(product.port)) for who in LOST_FOR_S}


@pytest.fixture
def strangers(browser: Browser, scene: Scene, networks: dict[str, Network]) -> Iterator[dict[str, Person]]:
    """They have not opened anything yet."""
    with ExitStack() as stack:
        come: dict[str, Person] = {}
        for who, network in networks.items():
            come[who] = Person(browser, network, scene, who)
            stack.callback(come[who].close)
        yield come


@pytest.fixture
def links(strangers: dict[str, Person]) -> Iterator[dict[str, LossyLink]]:
    with ExitStack() as stack:
        yield {who: stack.enter_context(LossyLink(strangers[who])) for who in WITHOUT_MEDIA}


@pytest.fixture
def people(
    strangers: dict[str, Person], links: dict[str, LossyLink], person: Callable[..., Person]
) -> dict[str, Person]:
    """Olivia runs it; Sam, Omar and Mia are on screen, Ken and Tom have asked."""
    everybody = strangers
    for one in everybody.values():
        one.open_backstage()
    olivia = person("olivia").open_backstage()
    everybody["omar"].share()
    for who in ("sam", "mia"):
        everybody[who].ask()
        olivia.put_on_screen(everybody[who])
        expect(olivia.tile(everybody[who].name)).to_be_visible()
    for who in ("ken", "tom"):
        everybody[who].ask()
        expect(olivia.button(f"Put {everybody[who].name} on screen")).to_be_visible()
    return {**everybody, "olivia": olivia}


def told_of(token: str, since: float) -> list[tuple[str, str, float]]:
    """Runs in the product's process. Of all who were lost: who, what is kept of it, and seconds after `since`."""
    from datetime import UTC, datetime

    from backstage.models import Movement

    lost_at = datetime.fromtimestamp(since, UTC)
    kinds = (Movement.Kind.AWAY, Movement.Kind.BACK, Movement.Kind.LEFT)
    found = Movement.objects.filter(backstage_session__link_token=token, kind__in=kinds, at__gte=lost_at)
    return [
        (each.participant.user.display_name, each.kind, round((each.at - lost_at).total_seconds(), 1))
        for each in found.select_related("participant__user").order_by("at", "id")
    ]


class Watch:
    """What Olivia sees, from the moment on at which the networks vanish: when each person's tile or photo went."""

    def __init__(self, people: dict[str, Person]) -> None:
        self._olivia = people["olivia"]
        self._marks = {
            who: self._olivia.tile(people[who].name)
            if who in ("sam", "omar", "mia")
            else self._olivia.button(f"Put {people[who].name} on screen")
            for who in LOST_FOR_S
        }
        self.began = time.time()
        self._since = self._looked = time.monotonic()
        self.longest_pause_s = 0.0
        self.gone_after_s: dict[str, float] = {}

    @property
    def passed_s(self) -> float:
        return time.monotonic() - self._since

    def until(self, seconds: float) -> None:
        while self.passed_s < seconds:
            looked = time.monotonic()
            self.longest_pause_s = max(self.longest_pause_s, looked - self._looked)
            self._looked = looked
            for who, mark in self._marks.items():
                if who not in self.gone_after_s and not mark.is_visible():
                    self.gone_after_s[who] = self.passed_s
            self._olivia.page.wait_for_timeout(250)


def test_the_network_is_lost(
    people: dict[str, Person],
    networks: dict[str, Network],
    links: dict[str, LossyLink],
    product: Product,
    scene: Scene,
) -> None:
    watch = Watch(people)
    for network in networks.values():
        network.vanish()
    for link in links.values():
        link.gone = True
    for who, seconds in LOST_FOR_S.items():
        watch.until(seconds)
        networks[who].come_back()
        if who in links:
            links[who].gone = False
    watch.until(max(LOST_FOR_S.values()) + 8)
    # Where it fails: whether the product was late, or whoever looked.
    print(
        f"\nSeen gone: {watch.gone_after_s}; longest pause between two looks: {watch.longest_pause_s:.1f} s"
    )
    print(f"Kept of it: {product.django(told_of, scene.token, watch.began)}")
    assert set(watch.gone_after_s) == {"mia", "tom"}
    for seconds in watch.gone_after_s.values():
        assert KEPT_S - 1 < seconds < KEPT_S + LATER_S

    for who in LOST_FOR_S:
        expect(people[who].page.locator("#banner")).to_be_hidden(timeout=10_000)
    # Whose loss was short goes on as before.
    for who in ("sam", "omar"):
        expect(people[who].tile(people[who].name)).to_be_visible()
        assert people[who].live_tracks() == 2
        people["olivia"].wait_to_see(people[who], since_ms=people["olivia"].page.evaluate("Date.now()"))
    expect(people["ken"].page.locator("#waiting-text")).to_have_text("You are number 1 in the queue")
    # Whose loss was long is inside, off the screen and out of the queue, and no light stays on.
    for who in ("mia", "tom"):
        expect(people[who].page.get_by_text("6 backstage")).to_be_visible()
        people[who].until(lambda who=who: people[who].live_tracks() == 0, 5, "a light stays on")
    expect(people["mia"].button("Share Audio and Video").last).to_be_visible()
    expect(people["tom"].button("Ask to Share Audio and Video").last).to_be_visible()


def test_a_closed_tab_is_gone_after_a_minute_and_leave_at_once(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    olivia, sam, ken, rosa, mia = (
        person(who).open_backstage() for who in ("olivia", "sam", "ken", "rosa", "mia")
    )
    for one in (sam, ken):
        one.ask()
        olivia.put_on_screen(one)
        expect(olivia.tile(one.name)).to_be_visible()
    for one in (rosa, mia):
        one.ask()
    photo = {one.who: olivia.button(f"Put {one.name} on screen") for one in (rosa, mia)}
    for one in (rosa, mia):
        expect(photo[one.who]).to_be_visible()

    # Leave: at once. Camera and microphone are off when the press returns: after it the next page may be there.
    left = time.monotonic()
    assert sam.live_tracks() == 2
    assert sam.page.evaluate("(document.querySelector('#leave').click(), timecode.live())") == 0
    mia.press("Leave")
    expect(olivia.tile(sam.name)).to_be_hidden(timeout=1000)
    expect(photo["mia"]).to_be_hidden(timeout=2000)
    print(f"\nLeave: tile and request were gone after {time.monotonic() - left:.1f} s")

    # Closing the tab: a minute, since it might be a reload.
    closed = time.monotonic()
    ken.page.close()
    rosa.page.close()
    olivia.page.wait_for_timeout(55_000 - 1000 * (time.monotonic() - closed))
    expect(olivia.tile(ken.name)).to_be_visible()
    expect(photo["rosa"]).to_be_visible()
    expect(olivia.tile(ken.name)).to_be_hidden(timeout=10_000)
    expect(photo["rosa"]).to_be_hidden(timeout=2000)
    print(f"A closed tab: tile and request were gone after {time.monotonic() - closed:.1f} s")
    assert KEPT_S - 1 < time.monotonic() - closed < KEPT_S + 4
