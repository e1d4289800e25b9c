"""How soon everybody concerned sees a change of the queue, from the press to the screen, in real browsers.

    python -m tests.load.bench_asking [ROUNDS]

Milliseconds; the promise is 300. Prints figures; asserts nothing. All browsers run on this machine. Without them:
bench_moderation.
"""

import statistics
import sys
from collections import defaultdict
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.asking import decline, place, remove
from tests.browser.chromium import chromium
from tests.browser.people import Person
from tests.browser.scene import make_scene
from tests.servers.product import Product

ROUNDS = 10
WATCH = """([selector, text]) => {
  window.seenAt = null;
  const look = () => {
    const found = [...document.querySelectorAll(selector)].some(
      (element) => element.checkVisibility() && element.textContent.includes(text),
    );
    if (found) window.seenAt ??= Date.now();
  };
  window.watcher?.disconnect();
  window.watcher = new MutationObserver(look);
  window.watcher.observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true,
  });
  look();
  if (window.seenAt) throw new Error(`${text} is there already`);
}"""
PRESSED = """() => {
  window.pressedAt = null;
  addEventListener("click", () => { window.pressedAt = Date.now(); }, { capture: true });
  addEventListener("submit", () => { window.pressedAt = Date.now(); }, { capture: true });
}"""


def seen_after_ms(
    presser: Person, watcher: Person, selector: str, text: str, press: Callable[[], None]
) -> int:
    watcher.page.evaluate(WATCH, [selector, text])
    press()
    watcher.until(lambda: watcher.page.evaluate("window.seenAt") is not None, 5, f"{text} is not seen")
    return watcher.page.evaluate("window.seenAt") - presser.page.evaluate("window.pressedAt")


def measure(olivia: Person, sam: Person, rosa: Person, rounds: int) -> dict[str, list[int]]:
    took: dict[str, list[int]] = defaultdict(list)

    def note(
        what: str, presser: Person, watcher: Person, seen: tuple[str, str], press: Callable[[], None]
    ) -> None:
        took[what].append(seen_after_ms(presser, watcher, *seen, press))

    for _round in range(rounds):
        note("ask → the organizer", sam, olivia, (".waiting__name", sam.name), sam.ask)
        rosa.ask()
        place(rosa, 2)
        note(
            "withdraw → the next in the queue",
            sam,
            rosa,
            ("#waiting-text", "number 1"),
            lambda: sam.press("Withdraw"),
        )
        note("decline → the person", olivia, rosa, ("#answer", "declined"), lambda: decline(olivia, rosa))
        sam.ask()
        place(sam, 1)
        note(
            "accept → the person",
            olivia,
            sam,
            ("#tiles .plate__name", sam.name),
            lambda: olivia.put_on_screen(sam),
        )
        remove(olivia, sam)
        expect(sam.tile(sam.name)).to_be_hidden()
    return took


def main(rounds: int) -> None:
    with Product() as product, chromium() as browser:
        scene = make_scene(product, "bench-asking")
        people = [Person(browser, product, scene, who).open_backstage() for who in ("olivia", "sam", "rosa")]
        for one in people:
            one.page.evaluate(PRESSED)
        took = measure(*people, rounds)
        for one in people:
            one.close()
    for what, times in took.items():
        print(
            f"{what:34} median {statistics.median(times):4.0f} ms, longest {max(times):4} ms of {len(times)}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
