"""How soon everybody concerned sees a change of the queue, from the press to the screen, in real browsers.

    python -m tests.load.bench_asking [ROUNDS]

Milliseconds; the promise is 300. Prints figures; asserts nothing. All browsers run on this machine. Without them:
bench_moderation.
"""

import statistics
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.asking import decline, place, remove
from tests.browser.chromium import chromium
from tests.browser.people import Person
from tests.browser.scene import make_scene
from tests.servers.product import Product

#: Three times a round one of them asks, and nobody may ask more often than twenty times a minute.
ROUNDS = 6
#: Notes when a text is to be seen among what the selector finds, or no longer is.
WATCH = """([selector, text, goes]) => {
  window.seenAt = null;
  const isThere = () => [...document.querySelectorAll(selector)].some(
    (element) => element.checkVisibility() && element.textContent.includes(text),
  );
  const look = () => {
    if (isThere() !== goes) window.seenAt ??= Date.now();
  };
  window.watcher?.disconnect();
  window.watcher = new MutationObserver(look);
  window.watcher.observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true,
  });
  look();
  if (window.seenAt) throw new Error(`${text} is ${goes ? "not there" : "there already"}`);
}"""
#: What is pressed may lead away from the page.
PRESSED = """() => {
  const note = () => sessionStorage.setItem("pressedAt", Date.now());
  addEventListener("click", note, { capture: true });
  addEventListener("submit", note, { capture: true });
}"""
QUEUE, PLACE, TILES = ".waiting__name", "#waiting-text", "#tiles .plate__name"


@dataclass(frozen=True)
class Seen:
    """`watcher` sees `text`, or, if it `goes`, sees it no more."""

    what: str
    watcher: Person
    selector: str
    text: str
    goes: bool = False


class Bench:
    def __init__(self) -> None:
        self.took: dict[str, list[int]] = defaultdict(list)

    def note(self, presser: Person, press: Callable[[], None], *all_seen: Seen) -> None:
        for seen in all_seen:
            seen.watcher.page.evaluate(WATCH, [seen.selector, seen.text, seen.goes])
        press()
        pressed_ms = int(presser.page.evaluate("sessionStorage.getItem('pressedAt')"))
        for seen in all_seen:
            seen.watcher.until(
                lambda seen=seen: seen.watcher.page.evaluate("window.seenAt") is not None,  # type: ignore[misc]
                5,
                f"{seen.what}: {seen.text}",
            )
            self.took[seen.what].append(seen.watcher.page.evaluate("window.seenAt") - pressed_ms)


def measure(bench: Bench, olivia: Person, omar: Person, sam: Person, rosa: Person, ken: Person) -> None:
    def in_queues(what: str, who: Person, *, goes: bool = False) -> list[Seen]:
        organizers = (("organizer", olivia), ("other organizer", omar))
        return [Seen(f"{what} → {name}", one, QUEUE, who.name, goes) for name, one in organizers]

    def behind(what: str, number: int) -> Seen:
        return Seen(f"{what} → the next in the queue", ken, PLACE, f"number {number}")

    bench.note(sam, sam.ask, *in_queues("ask", sam))
    rosa.ask()
    place(rosa, 2)
    ken.ask()
    place(ken, 3)
    bench.note(
        sam,
        lambda: sam.press("Withdraw"),
        *in_queues("withdraw", sam, goes=True),
        behind("withdraw", 2),
    )
    bench.note(
        olivia,
        lambda: decline(olivia, rosa),
        Seen("decline → the person", rosa, "#answer", "declined"),
        *in_queues("decline", rosa, goes=True),
        behind("decline", 1),
    )
    ken.press("Withdraw")
    sam.ask()
    place(sam, 1)
    ken.ask()
    place(ken, 2)
    bench.note(
        olivia,
        lambda: olivia.put_on_screen(sam),
        Seen("accept → the person", sam, TILES, sam.name),
        Seen("accept → everybody else", rosa, TILES, sam.name),
        *in_queues("accept", sam, goes=True),
        behind("accept", 1),
    )
    remove(olivia, sam)
    expect(sam.tile(sam.name)).to_be_hidden()
    ken.press("Withdraw")
    rosa.ask()
    place(rosa, 1)
    ken.ask()
    place(ken, 2)
    bench.note(
        rosa,
        lambda: leave(rosa),
        *in_queues("leave", rosa, goes=True),
        behind("leave", 1),
    )
    ken.press("Withdraw")
    rosa.open_backstage().page.evaluate(PRESSED)


def leave(person: Person) -> None:
    person.press("Leave")
    person.page.wait_for_url("**/events/**")


def main(rounds: int) -> None:
    with Product() as product, chromium() as browser:
        scene = make_scene(product, "bench-asking")
        people = [
            Person(browser, product, scene, who, reads=False).open_backstage()
            for who in ("olivia", "omar", "sam", "rosa", "ken")
        ]
        for one in people:
            one.page.evaluate(PRESSED)
        bench = Bench()
        for _round in range(rounds):
            measure(bench, *people)
        for one in people:
            one.close()
    for what, times in bench.took.items():
        print(
            f"{what:34} median {statistics.median(times):4.0f} ms, longest {max(times):4} ms of {len(times)}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
