"""What the tiles say of a person's voice, pictures and link, measured with real sound, real loss and a browser that
hangs."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import FLAGS
from tests.browser.lossy import LossyLink
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

RING_WITHIN_S = 1.0
MARK_WITHIN_S = 5.0
#: Notices of who talks that one Backstage may get in a second.
NOTICES_PER_S = 5


class Overheard:
    """Every notice that a page gets on its first socket, and when. To be made before the page is opened."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self.notices: list[tuple[float, dict[str, Any]]] = []
        person.page.on("websocket", self._follow)

    def _follow(self, socket: Any) -> None:
        socket.on("framereceived", lambda frame: self._note(frame))

    def _note(self, frame: str | bytes) -> None:
        message = json.loads(frame)
        if "body" in message:
            self.notices.append((time.monotonic(), message))

    def of(self, wire_type: str, since: float = 0.0) -> list[tuple[float, dict[str, Any]]]:
        return [(at, each["body"]) for at, each in self.notices if each["type"] == wire_type and at >= since]

    def tiles(self, participant: str, since: float = 0.0) -> list[tuple[float, dict[str, Any]]]:
        """Each telling of one person's camera."""
        return [
            (at, tile)
            for at, body in self.of("tiles.changed", since)
            for tile in body["tiles"]
            if tile["name"] == participant
        ]

    def wait(self, found: Callable[[], bool], within_s: float, otherwise: str) -> None:
        self._person.until(found, within_s, otherwise)

    def wait_for_tile(self, name: str, since: float, within_s: float, **says: object) -> float:
        """Until the tile says so; after how many seconds."""

        def told() -> list[float]:
            return [at for at, tile in self.tiles(name, since) if says.items() <= tile.items()]

        self.wait(lambda: bool(told()), within_s, f"no tile of {name} says {says}")
        return told()[0] - since

    def wait_for_talking(self, slots: list[int], since: float, within_s: float) -> float:
        def told() -> list[float]:
            return [at for at, body in self.of("talking.changed", since) if body["slots"] == slots]

        self.wait(lambda: bool(told()), within_s, f"nobody says that {slots} talk")
        return told()[0] - since


@contextmanager
def a_browser_of_their_own(browser: Browser) -> Iterator[Browser]:
    running = browser.browser_type.launch(executable_path="/usr/bin/chromium", args=FLAGS)
    try:
        yield running
    finally:
        running.close()


def on_screen(person: Callable[..., Person], sam: Person) -> tuple[Person, Overheard]:
    """Olivia sees Sam, who says nothing."""
    olivia = person("olivia")
    overheard = Overheard(olivia)
    olivia.open_backstage()
    sam.open_backstage()
    sam.ask()
    sam.page.evaluate("timecode.speak(false)")
    olivia.put_on_screen(sam)
    olivia.wait_to_see(sam)
    return olivia, overheard


def test_a_ring_is_around_whoever_talks(
    person: Callable[..., Person], record_property: Callable[[str, object], None]
) -> None:
    sam = person("sam")
    olivia, overheard = on_screen(person, sam)
    began = time.monotonic()
    sam.page.evaluate("timecode.speak(true)")
    starts = overheard.wait_for_talking([1], began, 3)
    olivia.page.wait_for_timeout(1500)
    silent = time.monotonic()
    sam.page.evaluate("timecode.speak(false)")
    ends = overheard.wait_for_talking([], silent, 5)
    print(f"talking after {starts:.2f} s, silent after {ends:.2f} s")
    record_property("ring_after_s", round(starts, 2))
    record_property("ring_ends_after_s", round(ends, 2))
    assert starts < RING_WITHIN_S
    assert ends < 2 * RING_WITHIN_S

    # Whoever stammers floods nobody.
    stammered = time.monotonic()
    for says in [True, False] * 10:
        sam.page.evaluate(f"timecode.speak({json.dumps(says)})")
        sam.page.wait_for_timeout(150)
    took = time.monotonic() - stammered
    assert len(overheard.of("talking.changed", stammered)) <= NOTICES_PER_S * took + 1

    # A muted person does not talk, whatever comes from them.
    sam.page.evaluate("timecode.speak(true)")
    overheard.wait_for_talking([1], stammered, 5)
    off = time.monotonic()
    sam.page.locator("#my-microphone").click()
    overheard.wait_for_talking([], off, 3)


def test_others_do_not_see_whoever_hangs_and_the_tile_says_so(
    person: Callable[..., Person],
    browser: Browser,
    product: Product,
    scene: Scene,
    record_property: Callable[[str, object], None],
) -> None:
    with a_browser_of_their_own(browser) as other:
        sam = Person(other, product, scene, "sam")
        olivia, overheard = on_screen(person, sam)
        mark = olivia.tile(sam.name).locator(".plate__weak")
        expect(mark).to_be_hidden()
        system = other.new_browser_cdp_session()
        processes = [each["id"] for each in system.send("SystemInfo.getProcessInfo")["processInfo"]]
        assert processes
        frozen = time.monotonic()
        try:
            for process in processes:
                os.kill(process, signal.SIGSTOP)
            gone = overheard.wait_for_tile(sam.name, frozen, 8, seen=False)
            expect(mark).to_be_visible(timeout=1000)
        finally:
            thawed = time.monotonic()
            for process in processes:
                os.kill(process, signal.SIGCONT)
        back = overheard.wait_for_tile(sam.name, thawed, 10, seen=True)
        expect(mark).to_be_hidden()
        print(f"not seen after {gone:.2f} s, seen again after {back:.2f} s")
        record_property("not_seen_after_s", round(gone, 2))
        record_property("seen_again_after_s", round(back, 2))
        assert gone < MARK_WITHIN_S


def test_a_covered_lens_and_a_silent_room_are_no_alarm(
    person: Callable[..., Person], record_property: Callable[[str, object], None]
) -> None:
    sam = person("sam")
    olivia, overheard = on_screen(person, sam)
    sam.page.evaluate("timecode.cover(true)")
    began = time.monotonic()
    olivia.page.wait_for_timeout(60_000)
    told = overheard.tiles(sam.name, began)
    print(f"{len(told)} tellings of the tile")
    record_property("tellings", len(told))
    assert not [tile for _at, tile in told if not (tile["heard"] and tile["seen"])]
    assert not [tile for _at, tile in told if tile["weak_link"]]


@pytest.mark.parametrize("lost", [0.15, 0.3])
def test_a_bad_link_is_marked_and_the_mark_goes_when_it_heals(
    person: Callable[..., Person], record_property: Callable[[str, object], None], lost: float
) -> None:
    sam = person("sam")
    with LossyLink(sam) as link:
        olivia, overheard = on_screen(person, sam)
        olivia.page.wait_for_timeout(4000)
        assert not overheard.tiles(sam.name)[-1][1]["weak_link"]
        mark = olivia.tile(sam.name).locator(".plate__weak")
        expect(mark).to_be_hidden()
        link.lost = lost
        marked = overheard.wait_for_tile(sam.name, time.monotonic(), 15, weak_link=True)
        expect(mark).to_be_visible(timeout=1000)
        link.lost = 0
        healed = overheard.wait_for_tile(sam.name, time.monotonic(), 20, weak_link=False)
        expect(mark).to_be_hidden()
    print(f"{lost:.0%}: marked after {marked:.2f} s, healed after {healed:.2f} s")
    record_property("marked_after_s", round(marked, 2))
    record_property("healed_after_s", round(healed, 2))
    assert marked < MARK_WITHIN_S
