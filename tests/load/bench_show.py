"""How quickly the show reacts, in real browsers on the whole product. Prints figures; asserts nothing.

    python -m tests.load.bench_show              everything, about six minutes
    python -m tests.load.bench_show accept       from the click on a photo to the first frame at another viewer
    python -m tests.load.bench_show late         first picture for an attendee who arrives in mid-show
    python -m tests.load.bench_show change       slot hand-over, stop and restart, as one attendee sees them
    python -m tests.load.bench_show kill         kill -9 of stagehand and Janus in mid-show

Times in milliseconds. All browsers run on this machine, so its load is part of every figure.
"""

import os
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, pairwise

from playwright.sync_api import Browser, expect

from tests.browser.chromium import chromium
from tests.browser.people import WHO, Frame, Person
from tests.browser.scene import make_scene
from tests.servers.product import Product

ROUNDS = 10
DELAY_S = 10
scenes = count(1)


@dataclass
class House:
    product: Product
    browser: Browser

    @contextmanager
    def people(self, *backstage: str, stage: tuple[str, ...] = ()) -> Iterator[dict[str, Person]]:
        scene = make_scene(self.product, f"bench-{next(scenes)}", delay_s=DELAY_S)
        everybody = {who: Person(self.browser, self.product, scene, who) for who in (*backstage, *stage)}
        for who in backstage:
            everybody[who].open_backstage()
        for who in stage:
            everybody[who].open_stage()
        try:
            yield everybody
        finally:
            for person in everybody.values():
                person.close()

    def on_air(self, people: dict[str, Person]) -> None:
        """Olivia and Sam, seen by Ada on the Stage."""
        olivia, sam, ada = people["olivia"], people["sam"], people["ada"]
        olivia.share()
        sam.ask()
        olivia.put_on_screen(sam)
        olivia.wait_to_see(sam)
        olivia.press("Broadcast")
        ada.wait_to_see(sam, within_s=DELAY_S + 10)


def table(title: str, rows: dict[str, list[float]]) -> None:
    print(f"\n{title}\n{'':44}{'median':>9}{'worst':>9}{'n':>5}")
    for name, values in rows.items():
        if values:
            print(f"{name:44}{statistics.median(values):9.0f}{max(values):9.0f}{len(values):5}")
    sys.stdout.flush()


# --- From the click to the first frame -----------------------------------------------------------------------
MARKS = """name => {
    const marks = performance.getEntriesByName(name);
    return marks.length ? performance.timeOrigin + marks.at(-1).startTime : null;
}"""
WATCH_CLICKS = """addEventListener("click", () => { window.clickedAt = Date.now(); }, true)"""


def accept(house: House) -> None:
    rows: dict[str, list[float]] = {
        "click → first frame at another viewer": [],
        "  click → accepted, at the speaker": [],
        "  accepted → offer sent": [],
        "  offer sent → answer": [],
        "  answer → connected (ICE, DTLS)": [],
        "  connected → first frame (switch, keyframe, decode)": [],
    }
    with house.people("olivia", "sam", "ken") as people:
        olivia, sam, ken = people.values()
        olivia.page.evaluate(WATCH_CLICKS)
        for _round in range(ROUNDS):
            sam.ask()
            expect(olivia.button(f"Put {sam.name} on screen")).to_be_visible()
            ken.forget_frames()
            olivia.put_on_screen(sam)
            first = ken.visible_since_ms(ken.wait_to_see(sam)[0].slot)
            clicked = olivia.page.evaluate("window.clickedAt")
            steps = [
                clicked,
                *(
                    sam.page.evaluate(MARKS, f"hopin:{name}")
                    for name in ("accepted", "offer-sent", "answer", "connected")
                ),
                first,
            ]
            for values, value in zip(
                rows.values(), [first - clicked, *(b - a for a, b in pairwise(steps))], strict=True
            ):
                values.append(value)
            remove(olivia, sam)
    table(f"From the organizer's click on a photo ({ROUNDS} times)", rows)


def remove(organizer: Person, speaker: Person) -> None:
    tile = organizer.tile(speaker.name)
    tile.hover()
    tile.get_by_role("button").click()
    organizer.page.get_by_role("menuitem", name="Remove").click()
    dialog = organizer.page.get_by_role("dialog")
    if dialog.is_visible():
        dialog.get_by_role("button", name="Remove").click()
    expect(tile).to_be_hidden()


# --- An attendee who arrives in mid-show -----------------------------------------------------------------------
def late(house: House) -> None:
    rows: dict[str, list[float]] = {
        "PeerConnection made → first picture": [],
        "PeerConnection made → moving": [],
        "click on the link → first picture": [],
        "click on the link → moving": [],
    }
    with house.people("olivia", "sam", stage=("ada",)) as people:
        house.on_air(people)
        sam = people["sam"]
        for who in (["rosa", "ken", "mia", "tom"] * ROUNDS)[:ROUNDS]:
            late_comer = Person(house.browser, house.product, sam.scene, who)
            # A link on another page of ours, so that the click and the whole page load are in it.
            late_comer.page.goto(f"{house.product.url}/events/{sam.scene.slug}/")
            clicked = late_comer.page.evaluate("Date.now()")
            late_comer.open_stage()
            frames = late_comer.wait_to_see(sam, within_s=10)
            made = late_comer.page.evaluate("timecode.peersMadeAt[0]")
            first = late_comer.visible_since_ms(frames[0].slot)
            moving = next(frame.at_ms for frame in frames if frame.at_ms > first)
            for values, value in zip(
                rows.values(), [first - made, moving - made, first - clicked, moving - clicked], strict=True
            ):
                values.append(value)
            late_comer.close()
    table(f"An attendee who arrives in mid-show ({ROUNDS} times)", rows)


# --- Changes that one attendee sees ----------------------------------------------------------------------------
def change(house: House) -> None:
    rows: dict[str, list[float]] = {
        "hand-over: a visible picture stood still": [],
        "hand-over: slot without a picture": [],
        "stop and restart: a visible picture stood still": [],
    }
    for _round in range(3):
        with house.people("olivia", "sam", "ken", stage=("ada",)) as people:
            house.on_air(people)
            olivia, sam, ken, ada = people.values()
            ada.stillest_ms()
            ken.ask()
            sam.press("Stop sharing")
            olivia.put_on_screen(ken)
            seen = ada.wait_to_see(ken, within_s=DELAY_S + 15)
            rows["hand-over: slot without a picture"].append(seen[0].at_ms - ada.frames_of(sam)[-1].at_ms)
            rows["hand-over: a visible picture stood still"].append(max(ada.stillest_ms().values()))
            olivia.press("Stop Broadcasting")
            expect(olivia.page.get_by_text("Off air").first).to_be_visible(timeout=20_000)
            expect(ada.tile(ken.name)).to_be_hidden()
            since = ada.frames()[-1].at_ms + 1000
            olivia.press("Broadcast")
            ada.wait_to_see(ken, within_s=DELAY_S + 15, since_ms=since)
            rows["stop and restart: a visible picture stood still"].append(max(ada.stillest_ms().values()))
    table("What one attendee sees, without a reload (3 times)", rows)


# --- Killed processes --------------------------------------------------------------------------------------------
def kill(house: House) -> None:
    for part in ("stagehand", "janus"):
        rows: dict[str, list[float]] = {
            "backstage: longest time without a new picture": [],
            "Stage: longest time without a new picture": [],
            "Stage: kill → pictures made after it": [],
            "Stage: a visible picture stood still": [],
        }
        for _round in range(3):
            with house.people("olivia", "sam", "ken", stage=("ada",)) as people:
                house.on_air(people)
                sam, ken, ada = people["sam"], people["ken"], people["ada"]
                ken.wait_to_see(sam)
                ada.stillest_ms()
                killed = ada.page.evaluate("Date.now()")
                house.product.kill(part)
                wait_for_new(ken, sam, killed, 30)
                wait_for_new(ada, sam, killed, DELAY_S + 40)
                rows["backstage: longest time without a new picture"].append(longest_gap(ken, killed))
                rows["Stage: longest time without a new picture"].append(longest_gap(ada, killed))
                healed = new_frames(ada, sam, killed)[0].at_ms
                rows["Stage: kill → pictures made after it"].append(healed - killed)
                rows["Stage: a visible picture stood still"].append(max(ada.stillest_ms().values()))
        table(f"kill -9 of {part} in mid-show, delay {DELAY_S} s (3 times)", rows)


def new_frames(viewer: Person, speaker: Person, killed_ms: float) -> list[Frame]:
    """Shown here, and painted after the kill."""
    return [frame for frame in viewer.frames_of(speaker) if frame.shown and frame.painted_ms > killed_ms]


def wait_for_new(viewer: Person, speaker: Person, killed_ms: float, within_s: float) -> None:
    viewer.until(
        lambda: len(new_frames(viewer, speaker, killed_ms)) > 15, within_s, f"{viewer.name} sees nothing new"
    )


def longest_gap(viewer: Person, since_ms: float) -> float:
    times = [
        frame.at_ms
        for frame in viewer.frames()
        if frame.who == WHO["sam"] and frame.shown and frame.at_ms > since_ms - 500
    ]
    return max(later - earlier for earlier, later in pairwise(times))


PARTS = {"accept": accept, "late": late, "change": change, "kill": kill}


def main(names: list[str]) -> None:
    print(f"Load of this machine before: {os.getloadavg()[0]:.1f}")
    with Product() as product, chromium() as browser:
        for name in names or PARTS:
            PARTS[name](House(product, browser))


if __name__ == "__main__":
    main(sys.argv[1:])
