"""A Stage that plays for long: does it stay as far behind as it was, and does anything stand still or go missing?

    python -m tests.load.bench_stage_ten_minutes            10 minutes, delay 12 s
    python -m tests.load.bench_stage_ten_minutes 2          2 minutes

Two people on screen, one who watches backstage, one attendee. By minute: how far the Stage's picture is behind that of
the backstage, frame by frame, by the time that the cameras paint; how far its sound is behind the clock, by the pitch
that the microphones hum (to about 50 ms); the longest time that a visible picture did not move; what the browser
counts as freezes; gaps in the sound. Prints figures; asserts nothing. All browsers run here, so their load is in it.
"""

import os
import statistics
import sys
import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from playwright.sync_api import expect

from tests.browser.chromium import chromium
from tests.browser.people import Person
from tests.browser.scene import make_scene
from tests.servers.product import Product

DELAY_S = 12
#: Seconds between two looks: what pages note is taken away, so that none of them grows.
LOOK_EVERY_S = 5
#: Pauses of sound longer than this are gaps; the ear looks every 50 ms.
GAP_MS = 250
HEARD = "timecode.tones.splice(0).filter(({ ms }) => ms !== null)"


@dataclass
class Minute:
    behind: list[float] = field(default_factory=list)
    sound_behind: list[float] = field(default_factory=list)
    still: float = 0.0
    freezes: int = 0
    frozen_s: float = 0.0
    gaps: list[float] = field(default_factory=list)


class Long:
    """What is known of the running show."""

    def __init__(self, sam: Person, ken: Person, ada: Person) -> None:
        self.sam, self.ken, self.ada = sam, ken, ada
        self.seen_backstage: dict[float, float] = {}
        """By the time that is painted on a frame: when it was seen."""
        self.heard_last: dict[int, float] = {}
        self.before = ada.received()

    def look(self, minute: Minute) -> None:
        for frame in self.ken.frames_of(self.sam):
            self.seen_backstage.setdefault(frame.painted_ms, frame.at_ms)
        minute.behind += [
            frame.at_ms - self.seen_backstage[frame.painted_ms]
            for frame in self.ada.frames_of(self.sam)
            if frame.painted_ms in self.seen_backstage
        ]
        for person in (self.ken, self.ada):
            person.forget_frames()
        minute.still = max(minute.still, *self.ada.stillest_ms().values())
        self._freezes(minute)
        self._sound(minute)
        horizon = time.time() * 1000 - 60_000
        self.seen_backstage = {ms: at for ms, at in self.seen_backstage.items() if at > horizon}

    def _freezes(self, minute: Minute) -> None:
        now = self.ada.received()
        for mid, stat in now.items():
            before = self.before.get(mid, {})
            minute.freezes += int(stat["freezes"] - before.get("freezes", 0))
            minute.frozen_s += stat["frozen"] - before.get("frozen", 0)
        self.before = now

    def _sound(self, minute: Minute) -> None:
        tones: list[dict[str, Any]] = self.ada.page.evaluate(HEARD)
        slots = {tone["slot"] for tone in tones}
        for slot in slots:
            heard = [tone for tone in tones if tone["slot"] == slot]
            times = [*filter(None, [self.heard_last.get(slot)]), *(tone["at"] for tone in heard)]
            minute.gaps += [later - earlier for earlier, later in pairwise(times) if later - earlier > GAP_MS]
            # The moment at which the pitch changes is the beginning of the second that it says.
            minute.sound_behind += [
                later["at"] - later["ms"]
                for earlier, later in pairwise(heard)
                if later["ms"] == earlier["ms"] + 1000 and later["at"] - earlier["at"] < 100
            ]
            self.heard_last[slot] = times[-1]


def play(product: Product, minutes: int) -> list[Minute]:
    with chromium() as browser:
        scene = make_scene(product, f"long-{minutes}", delay_s=DELAY_S)
        olivia, sam, ken = (
            Person(browser, product, scene, who, reads=who == "ken").open_backstage()
            for who in ("olivia", "sam", "ken")
        )
        ada = Person(browser, product, scene, "ada").open_stage()
        olivia.share()
        sam.ask()
        olivia.put_on_screen(sam)
        expect(olivia.tile(sam.name)).to_be_visible()
        for speaker in (olivia, sam):
            speaker.page.evaluate("timecode.humTheTime(true)")
        olivia.press("Broadcast")
        ada.wait_to_see(sam, within_s=DELAY_S + 15)
        ada.page.evaluate("timecode.listen()")
        ada.page.wait_for_timeout(3_000)
        ada.stillest_ms()
        ada.page.evaluate("timecode.tones.length = 0")
        show = Long(sam, ken, ada)
        measured = []
        for number in range(minutes):
            measured.append(minute := Minute())
            ends = time.monotonic() + 60
            while time.monotonic() < ends:
                ada.page.wait_for_timeout(1000 * LOOK_EVERY_S)
                show.look(minute)
            print(f"{row(number + 1, minute)}", flush=True)
        for each in (olivia, sam, ken, ada):
            if each.complaints:
                print(f"{each.name}'s console: {each.complaints[-3:]}")
        return measured


def row(number: int, minute: Minute) -> str:
    behind, sound = minute.behind or [0.0], minute.sound_behind or [0.0]
    p99 = statistics.quantiles(behind, n=100)[98] if len(behind) > 1 else behind[0]
    return (
        f"{number:6}{statistics.median(behind):10.0f}{p99:8.0f}{max(behind):8.0f}{len(behind):7}"
        f"{statistics.median(sound):11.0f}{max(sound):8.0f}{minute.still:10.0f}{minute.freezes:9}"
        f"{minute.frozen_s:8.1f}{len(minute.gaps):7}{max(minute.gaps, default=0):8.0f}"
    )


def main(arguments: list[str]) -> None:
    minutes = int(arguments[0]) if arguments else 10
    print(f"Load of this machine before: {os.getloadavg()[0]:.1f}; delay {DELAY_S} s; milliseconds")
    print(
        "        picture behind backstage         sound behind      picture    browser's        sound\n"
        "minute    median     p99     max frames    median     max stood still  freezes  s long   gaps longest"
    )
    with Product() as product:
        measured = play(product, minutes)
    first, last = measured[0], measured[-1]
    drift = statistics.median(last.behind) - statistics.median(first.behind)
    print(f"Picture, last minute against the first: {drift:+.0f} ms")
    if first.sound_behind and last.sound_behind:
        drift = statistics.median(last.sound_behind) - statistics.median(first.sound_behind)
        print(f"Sound, last minute against the first: {drift:+.0f} ms")
    print(f"Load of this machine after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
