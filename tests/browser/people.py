"""People in browsers: each has a context of their own, a camera that paints the time, and eyes that read it."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.scene import NAMES, Scene
from tests.servers.product import Product

TIMECODE = Path(__file__).with_name("timecode.js").read_text()
#: Seconds that what is expected has if nothing else is said: how quick it is, is for `tests/load` on a quiet machine.
PATIENCE_S = 15
#: Slots whose voices a page plays: neither muted nor paused, and not turned down.
PLAYED = """() => [...document.querySelectorAll("audio[data-sound]")]
  .filter((audio) => audio.srcObject && !audio.muted && !audio.paused && audio.volume > 0)
  .map((audio) => Number(audio.dataset.sound))"""
#: What a person's camera paints as who; index in NAMES.
WHO = {who: index for index, who in enumerate(NAMES, start=1)}


@dataclass(frozen=True)
class Frame:
    """A frame that was presented. `painted_ms` and `at_ms`: of one clock, the machine's. `name`: that of its tile."""

    slot: int
    who: int
    painted_ms: float
    at_ms: float
    shown: bool
    name: str


class Person:
    def __init__(
        self,
        browser: Browser,
        product: Product,
        scene: Scene,
        who: str,
        *,
        paints: bool = True,
        reads: bool = True,
        signed_in: str | None = None,
        **context: Any,
    ) -> None:
        """`paints`: has the camera that paints the time; else the browser's own devices.

        `reads`: notes every frame that is presented, which costs a processor a lot where many watch many.
        `signed_in`: the session cookie of a login of their own (`scene.sign_in`); else the scene's.
        """
        self.who = who
        self.name = NAMES[who]
        self.browser = browser
        self.product = product
        self.scene = scene
        self._reads = reads
        self.context: BrowserContext = browser.new_context(
            viewport=context.pop("viewport", {"width": 1280, "height": 800}), **context
        )
        self.context.add_cookies(
            [
                {
                    "name": "sessionid",
                    "value": signed_in or scene.sessions[who],
                    "url": product.url,
                    "httpOnly": True,
                }
            ]
        )
        if paints:
            self.context.add_init_script(f"window.timecodeWho = {WHO[who]};")
        self.context.add_init_script(TIMECODE)
        self.complaints: list[str] = []
        self.page: Page  # the tab that they are in
        self.open_tab()

    def open_tab(self) -> None:
        """From now on they are in a new tab of their browser."""
        self.page = self.context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _on_console(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    # --- where they go
    def open_backstage(self) -> "Person":
        return self._open(self.scene.link)

    def open_stage(self) -> "Person":
        return self._open(self.scene.stage)

    def _open(self, path: str) -> "Person":
        self.page.goto(self.product.url + path)
        if self._reads:
            self.page.evaluate("timecode.follow()")
        return self

    def close(self) -> None:
        self.context.close()

    # --- what they press
    def button(self, name: str, **options: Any) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True, **options)

    def press(self, name: str) -> None:
        self.button(name).click()

    def share(self) -> None:
        """An organizer comes on screen."""
        self._check_devices("Share Audio and Video")
        expect(self.tile(self.name)).to_be_visible()

    def ask(self) -> None:
        self._check_devices("Ask to Share Audio and Video")

    def _check_devices(self, name: str) -> None:
        self.button(name).first.click()
        dialog = self.page.get_by_role("dialog")
        confirm = dialog.get_by_role("button", name=name, exact=True)
        expect(confirm).to_be_enabled()
        confirm.click()

    def put_on_screen(self, other: "Person") -> None:
        self.button(f"Put {other.name} on screen").click()

    def tile(self, name: str) -> Locator:
        return self.page.get_by_role("group", name=name)

    # --- what they see and hear
    def frames(self) -> list[Frame]:
        """Everything seen so far."""
        rows = json.loads(self.page.evaluate("JSON.stringify(timecode.frames)"))
        return [
            Frame(row["slot"], row["who"], row["ms"], row["at"], row["shown"], row["name"]) for row in rows
        ]

    def forget_frames(self) -> None:
        self.page.evaluate("timecode.frames.length = 0")

    def frames_of(self, other: "Person") -> list[Frame]:
        return [frame for frame in self.frames() if frame.who == WHO[other.who]]

    def wait_to_see(
        self, other: "Person", *, within_s: float = 15, since_ms: float = 0, count: int = 3
    ) -> list[Frame]:
        """Until `count` different frames of the other have been shown here."""

        def seen() -> list[Frame]:
            return [frame for frame in self.frames_of(other) if frame.shown and frame.at_ms >= since_ms]

        self.until(
            lambda: len({frame.painted_ms for frame in seen()}) >= count,
            within_s,
            f"{self.name} does not see {other.name}",
        )
        return seen()

    def visible_since_ms(self, slot: int) -> float:
        """When the picture that is visible in a slot now became so; to 20 ms."""
        return self.page.evaluate("slot => timecode.visibleAt[slot]", slot)

    def stillest_ms(self) -> dict[int, float]:
        """By slot: the longest time that a picture was visible here and did not move, since the last asking."""
        still = self.page.evaluate("timecode.takeStill()")
        return {int(slot): milliseconds for slot, milliseconds in still.items()}

    def received(self) -> dict[str, dict[str, float]]:
        """By mid: packets, energy, frames, freezes of what the page's PeerConnections received."""
        return self.page.evaluate("timecode.received()")

    def played(self) -> set[int]:
        """Slots whose voices come out of this page."""
        return set(self.page.evaluate(PLAYED))

    def wait_to_hear(self, mid: str, *, within_s: float = 15) -> None:
        """Until sound comes in by this m-line, and the page plays it. `mid`: 0, 2… backstage, a1… on the Stage."""
        before = self.received().get(mid, {}).get("energy", 0)
        slot = slot_of(mid)
        self.until(
            lambda: self.received().get(mid, {}).get("energy", 0) > before + 0.001 and slot in self.played(),
            within_s,
            f"{self.name} hears nothing on {mid}",
        )

    def live_tracks(self) -> int:
        """Cameras and microphones of this page that are still on."""
        return self.page.evaluate("timecode.live()")

    def until(self, condition: Callable[[], bool], within_s: float, otherwise: str) -> None:
        deadline = time.monotonic() + within_s
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{otherwise}. Console: {self.complaints[-5:]}")
            self.page.wait_for_timeout(40)


def slot_of(mid: str) -> int:
    """Whose sound comes by an m-line."""
    return int(mid[1:]) if mid.startswith("a") else int(mid) // 2 + 1
