"""The README's pictures, and with a folder every state at 1440 and 390 pixels wide, from the real product.

python -m tests.browser.screenshots            docs/images/backstage.png and stage.png
python -m tests.browser.screenshots FOLDER     all states, to be looked at
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.chromium import chromium
from tests.browser.people import Person
from tests.browser.scene import NAMES, Scene, demo_scene
from tests.servers.product import Product

README_IMAGES = Path(__file__).parents[2] / "docs" / "images"
PORTRAIT = Path(__file__).with_name("portrait.js").read_text()
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
CAST = ["olivia", "sam", "rosa", "ken"]
WAITING = ["mia", "tom"]


class Studio:
    def __init__(self, product: Product, browser: Browser, folder: Path | None) -> None:
        self.product = product
        self.browser = browser
        self.folder = folder
        self.scene = Scene(**product.django(demo_scene))

    def person(self, who: str, viewport: dict[str, int] = DESKTOP) -> Person:
        person = Person(self.browser, self.product, self.scene, who, viewport=viewport)
        person.context.add_init_script(PORTRAIT)
        return person

    def shoot(self, person: Person, name: str, *, readme: bool = False) -> None:
        """At both widths; the README's at 1440 only."""
        person.page.mouse.move(5, 400)
        if readme:
            README_IMAGES.mkdir(exist_ok=True)
            person.page.screenshot(path=README_IMAGES / f"{name}.png")
        if self.folder is None:
            return
        for label, viewport in (("1440", DESKTOP), ("390", PHONE)):
            person.page.set_viewport_size(viewport)
            person.page.wait_for_timeout(400)
            person.page.screenshot(path=self.folder / f"{name}-{label}.png")
        person.page.set_viewport_size(DESKTOP)


def take_all(studio: Studio) -> None:
    olivia, *speakers = (studio.person(who).open_backstage() for who in CAST)
    ada = studio.person("ada").open_stage()
    studio.shoot(olivia, "welcome-organizer")
    studio.shoot(speakers[0], "welcome-speaker")
    studio.shoot(ada, "stage-poster")
    olivia.button("Share Audio and Video").first.click()
    dialog = olivia.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Share Audio and Video", exact=True)).to_be_enabled()
    studio.shoot(olivia, "device-check")
    olivia.page.keyboard.press("Escape")
    olivia.share()
    studio.shoot(olivia, "one-tile")
    for count, speaker in enumerate(speakers, start=2):
        speaker.ask()
        if count == 2:
            studio.shoot(speaker, "waiting")
        olivia.put_on_screen(speaker)
        see(olivia, speaker.name)
        studio.shoot(olivia, f"{count}-tiles")
    waiting = [studio.person(who).open_backstage() for who in WAITING]
    for person in waiting:
        person.ask()
        expect(olivia.button(f"Put {NAMES[person.who]} on screen")).to_be_visible()
    olivia.press("Broadcast")
    expect(olivia.page.get_by_text("Going live…").first).to_be_visible()
    studio.shoot(olivia, "going-live")
    expect(olivia.page.get_by_text("LIVE", exact=True).first).to_be_visible(timeout=20_000)
    see(ada, NAMES["ken"], within_ms=20_000)
    olivia.page.wait_for_timeout(2000)
    studio.shoot(olivia, "backstage", readme=True)
    studio.shoot(ada, "stage", readme=True)
    if studio.folder is None:
        return
    olivia.put_on_screen(waiting[0])
    see(olivia, NAMES["mia"])
    studio.shoot(olivia, "5-tiles-full")
    studio.shoot(waiting[1], "waiting-full")
    olivia.press("Stop Broadcasting")
    studio.shoot(olivia, "ending")
    for person in (*speakers, *waiting):
        person.press("Leave")


def see(person: Person, name: str, within_ms: float = 5000) -> None:
    expect(person.tile(name)).to_be_visible(timeout=within_ms)
    person.page.wait_for_timeout(800)


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0]) if arguments else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    with Product(DEBUG="1") as product, chromium() as browser:
        take_all(Studio(product, browser, folder))


if __name__ == "__main__":
    main(sys.argv[1:])
