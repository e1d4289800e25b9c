"""From Ask to the Stage, with one of the three in Firefox and the others in Chromium."""

from collections.abc import Callable, Iterator

import pytest

from tests.browser.firefox.browser import Firefox, firefox
from tests.browser.firefox.person import WAITS_FOR_A_CLICK, FirefoxPerson
from tests.browser.people import PLAYED, WHO, Person, slot_of
from tests.browser.scene import Scene
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

DELAY_S = 10
Anybody = Person | FirefoxPerson

PICTURE = """(() => {
  const tile = [...document.querySelectorAll("[data-tile]")].find(
    (each) => each.checkVisibility() && each.querySelector(".plate__name").textContent === %r,
  );
  const video = tile?.querySelector("video");
  if (!video?.videoWidth || !video.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return null;
  const canvas = Object.assign(document.createElement("canvas"), { width: 32, height: 18 });
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 32, 18);
  return context.getImageData(0, 0, 32, 18).data.join();
})()"""


TILES = "document.querySelectorAll('[data-tile]:not([hidden])').length === %d"


@pytest.fixture(scope="module")
def fox() -> Iterator[Firefox]:
    with firefox() as running:
        yield running


@pytest.fixture
def anybody(
    fox: Firefox, person: Callable[..., Person], product: Product, scene: Scene, in_firefox: str
) -> Iterator[Callable[[str], Anybody]]:
    """anybody("sam") is Sam, in Firefox if it is his turn."""
    foxes: list[FirefoxPerson] = []

    def come(who: str) -> Anybody:
        if who != in_firefox:
            return person(who)
        foxes.append(FirefoxPerson(fox, product, scene, who))
        return foxes[-1]

    yield come
    for one in foxes:
        one.close()


def look(one: Anybody, expression: str) -> object:
    return one.evaluate(expression) if isinstance(one, FirefoxPerson) else one.page.evaluate(expression)


def sees_move(one: Anybody, other: Anybody, within_s: float = 20) -> None:
    """Until the other's tile has shown here five different pictures; a Chromium's also tell whose they are."""
    pictures: set[object] = set()

    def moved() -> bool:
        pictures.add(look(one, PICTURE % other.name))
        return len(pictures - {None}) >= 5

    one.until(moved, within_s, f"{one.name} does not see {other.name} move")
    if isinstance(other, Person):
        shown = f"timecode.frames.filter(({{ who, shown }}) => who === {WHO[other.who]} && shown).length"
        one.until(lambda: look(one, shown) > 3, within_s, f"{one.name} reads no time code")  # type: ignore[operator]


def hears(one: Anybody, mid: str, within_s: float = 15) -> None:
    energy = f"timecode.received().then((all) => all[{mid!r}]?.energy ?? 0)"
    before = look(one, energy)
    one.until(
        lambda: look(one, energy) > before + 0.001 and slot_of(mid) in played(one),  # type: ignore[operator]
        within_s,
        f"{one.name} hears nothing on {mid}",
    )


def reads(one: Anybody, text: str, within_s: float = 10) -> None:
    """`text` is to be seen, where the page says the state of the show."""
    visible = f"""[...document.querySelectorAll("#show, #show-note, #live")].some(
      (each) => each.checkVisibility() && each.innerText.includes({text!r}))"""
    one.until(lambda: bool(look(one, visible)), within_s, f"{one.name} does not read {text}")


def played(one: Anybody) -> list[int]:
    """Slots whose voices come out of this page: the browser lets them through."""
    return look(one, f"({PLAYED})()")  # type: ignore[return-value]


@pytest.mark.parametrize("scene", [DELAY_S], indirect=True)
@pytest.mark.parametrize("in_firefox", ["olivia", "sam", "ada"], ids=["organizer", "speaker", "attendee"])
def test_from_asking_to_the_stage(anybody: Callable[[str], Anybody], in_firefox: str) -> None:
    olivia, sam, ken = (anybody(who).open_backstage() for who in ("olivia", "sam", "ken"))
    ada = anybody("ada").open_stage()
    olivia.share()
    # The button is below the tiles now.
    sam.until(lambda: bool(look(sam, TILES % 1)), 10, "nobody is on screen")
    sam.ask()
    olivia.put_on_screen(sam if isinstance(olivia, Person) else sam.name)  # type: ignore[arg-type]
    for one, other, mid in ((olivia, sam, "2"), (sam, olivia, "0"), (ken, olivia, "0"), (ken, sam, "2")):
        sees_move(one, other)
        hears(one, mid)

    olivia.press("Broadcast")
    reads(olivia, "Going live…")
    for one in (olivia, sam, ken):
        reads(one, "LIVE", within_s=DELAY_S + 5)
    if isinstance(ada, FirefoxPerson):
        # As people have it, Firefox plays no sound before a click on a page, and the page says so.
        ada.until(lambda: WAITS_FOR_A_CLICK in ada.told(), DELAY_S + 5, "no word that sound wants a click")
        ada.press("Click for sound")
    for other in (olivia, sam):
        sees_move(ada, other)
    reads(ada, "LIVE")
    ada.until(lambda: {1, 2} <= set(played(ada)), 5, "the audience hears nothing")
    for mid in ("a1", "a2"):
        hears(ada, mid)

    sam.press("Stop sharing")
    sam.until(lambda: sam.live_tracks() == 0, 5, "a light stays on")
    olivia.press("Stop Broadcasting")
    reads(olivia, "The audience still sees you for")
    reads(olivia, "Off air", within_s=DELAY_S + 5)
    for one in (olivia, sam, ken, ada):
        assert (one.complaints() if isinstance(one, FirefoxPerson) else one.complaints) == []
