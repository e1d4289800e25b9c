"""The README's pictures, and with a folder every state at 1440 and 390 pixels wide, from the real product.

python -m tests.browser.screenshots            docs/images/backstage.png and stage.png
python -m tests.browser.screenshots FOLDER     all states (states*.py), to be looked at, or only the parts named then
"""

import sys
from pathlib import Path

from tests.browser import states, states_of_chat, states_of_dashboard, states_of_questions, states_of_stages
from tests.browser.chromium import chromium
from tests.browser.people import Person
from tests.browser.scene import Scene, demo_scene
from tests.servers.product import Product

README_IMAGES = Path(__file__).parents[2] / "docs" / "images"
#: By name: what can be asked for after the folder; the room is first, since the README's pictures are of it.
PARTS = {
    part.__name__: part
    for part in (
        states.room,
        states.doors,
        states.device_check,
        states.interlude,
        states_of_chat.chat,
        states_of_stages.stages,
        states_of_dashboard.dashboard,
        states_of_dashboard.support,
        states_of_questions.questions,
        # Last: for half a minute nobody else finds a place.
        states.full,
    )
}
#: By state: what the README calls it.
IN_README = {"live": "backstage", "stage-live": "stage"}
PORTRAIT = Path(__file__).with_name("portrait.js").read_text()
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
#: Milliseconds until what slides and fades has done so.
SETTLED_MS = 700


def take(folder: Path | None, person: Person, state: str) -> None:
    """At both widths; the README's at 1440 only."""
    if folder is None and state not in IN_README:
        return
    if state in IN_README:
        README_IMAGES.mkdir(exist_ok=True)
        person.page.mouse.move(5, 400)
        person.page.wait_for_timeout(SETTLED_MS)
        person.page.screenshot(path=README_IMAGES / f"{IN_README[state]}.png")
    if folder is None:
        return
    for label, viewport in (("1440", DESKTOP), ("390", PHONE)):
        person.page.set_viewport_size(viewport)
        person.page.wait_for_timeout(SETTLED_MS)
        person.page.screenshot(path=folder / f"{state}-{label}.png")
    person.page.set_viewport_size(DESKTOP)


def prepare(person: Person) -> None:
    person.page.set_viewport_size(DESKTOP)
    person.context.add_init_script(PORTRAIT)


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0]) if arguments else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    parts = [PARTS[name] for name in arguments[1:]]
    if not parts:
        parts = list(PARTS.values()) if folder else [states.room]
    with Product(DEBUG="1") as product, chromium() as browser:
        scene = Scene(**product.django(demo_scene))
        with states.people(browser, product, scene, prepare) as come:
            walk = states.Walk(product, scene, come, lambda person, state: take(folder, person, state))
            for part in parts:
                part(walk)


if __name__ == "__main__":
    main(sys.argv[1:])
