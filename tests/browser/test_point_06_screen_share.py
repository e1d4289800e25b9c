"""Point 6, the screen share: captured by the browser once, and painted where it has to say whose picture it is."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import expect_accessible
from tests.browser.chromium import chromium
from tests.browser.people import Person
from tests.browser.scene import Scene, feed_of
from tests.browser.screens import CAPTURING, PAINTED_SCREEN, SLIDES
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

#: As backstage/services/screens.py has it.
SCREEN_KEPT_OFF_MS = 10_000
#: As the browser's own bar does.
STOPPED_BY_BROWSER = """() => {
  const track = captures.find(({ kind }) => kind === "video");
  track.stop();
  track.dispatchEvent(new Event("ended"));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium("--auto-select-desktop-capture-source=Entire screen") as running:
        yield running


@pytest.fixture
def olivia(person: Callable[..., Person]) -> Person:
    """On screen, with slides to show."""
    olivia = person("olivia")
    olivia.context.add_init_script(PAINTED_SCREEN)
    olivia.open_backstage()
    olivia.share()
    return olivia


def sees_slides(one: Person, slot: int) -> None:
    def seen() -> bool:
        return len([f for f in one.frames() if f.who == SLIDES and f.slot == slot and f.shown]) > 3

    one.until(seen, 15, f"{one.name} does not see the slides in {slot}")


def test_point_06_a_screen_has_a_large_tile_of_its_own_with_sound(
    olivia: Person, person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    ken = person("ken").open_backstage()
    olivia.page.keyboard.press("s")
    sees_slides(ken, 2)
    ken.wait_to_hear("2")
    screen = ken.tile("Olivia's screen")
    expect(screen).to_have_attribute("data-large", "true")
    expect(ken.tile("Olivia Marsh")).to_be_visible()
    large, small = screen.bounding_box(), ken.tile("Olivia Marsh").bounding_box()
    assert large
    assert small
    assert large["width"] > 2 * small["width"]
    assert large["y"] < small["y"]
    # The others in one row below it, all in the order of their places, for everybody.
    product.django(fill_the_screen, scene.token)
    rows = [row_below(one, "Olivia's screen") for one in (olivia, ken)]
    places = product.django(names_by_place, scene.token)
    assert places[0] == "Olivia Marsh"
    assert rows == [places, places]
    assert olivia.tile("Olivia's screen").get_attribute("data-mirrored") == "false"
    expect_accessible(ken.page)
    olivia.page.evaluate(STOPPED_BY_BROWSER)
    expect(screen).to_be_hidden()
    expect(olivia.page.locator("#announcer")).to_have_text("Your screen is no longer shared.")
    expect(olivia.button("Share screen")).to_be_visible()
    expect(ken.tile("Olivia Marsh")).to_be_visible()


def names_by_place(token: str) -> list[str]:
    """Runs in the product's process: whose cameras are on screen."""
    from backstage.models import Slot

    slots = Slot.objects.filter(backstage_session__link_token=token, kind=Slot.Kind.CAMERA).order_by("index")
    return list(slots.values_list("participant__user__display_name", flat=True))


def row_below(one: Person, screen: str) -> list[str]:
    """Names of the other four from left to right, if they stand in one row below the screen, all of one size."""
    tiles = one.page.locator(".tile:visible")
    expect(tiles).to_have_count(5)
    large = one.tile(screen).bounding_box()
    assert large
    others = []
    for tile in tiles.all():
        box, name = tile.bounding_box(), tile.locator(".plate__name").inner_text()
        assert box
        if name != screen:
            others.append((box["x"], round(box["y"]), round(box["width"]), round(box["height"]), name))
    ((top, _width, _height),) = {each[1:4] for each in others}
    assert top >= large["y"] + large["height"], "below it"
    return [name for *_box, name in sorted(others)]


def test_point_06_at_five_it_stands_in_the_place_of_the_camera(
    olivia: Person, person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    ken = person("ken").open_backstage()
    ken.wait_to_see(olivia)
    product.django(fill_the_screen, scene.token)
    share = olivia.button("Share screen")
    expect(share).to_be_disabled()
    expect(share).to_have_accessible_description(
        "All five places are taken, so your screen has no place of its own."
    )
    feed = product.django(feed_of, scene.token, "camera")
    olivia.press("Share screen instead of my camera")
    sees_slides(ken, 1)
    ken.wait_to_hear("0")
    assert product.django(feed_of, scene.token, "screen") == feed, "the same connection"
    ken.forget_frames()
    olivia.press("Stop screen")
    ken.wait_to_see(olivia)
    expect(ken.tile("Olivia Marsh")).to_be_visible()
    assert olivia.page.evaluate(CAPTURING) == 0


def fill_the_screen(token: str) -> None:
    """Runs in the product's process: four people who need no browser for what is shown here."""
    from backstage import services
    from backstage.models import BackstageSession
    from events.models import User

    session = BackstageSession.objects.get(link_token=token)
    for user in User.objects.filter(registrations__event=session.stage.event).order_by("-email"):
        if session.slots.count() == 5:
            return
        if user.email.startswith(("olivia", "ken")):
            continue
        participant = services.enter(session=session, actor=user, link_token=token)
        services.put_on_screen(participant=participant, microphone=True, camera=True)


def test_point_06_an_organizer_takes_a_screen_off_and_a_reload_gives_it_back(
    person: Callable[..., Person], olivia: Person
) -> None:
    sam = person("sam")
    sam.context.add_init_script(PAINTED_SCREEN)
    sam.open_backstage()
    sam.ask()
    olivia.put_on_screen(sam)
    sam.press("Share screen")
    sees_slides(olivia, 3)
    olivia.button("More for Sam Barnes's screen").click()
    olivia.page.get_by_role("menuitem", name="Remove").click()
    confirm = olivia.page.get_by_role("dialog", name="Remove Sam Barnes's screen?")
    expect(confirm).to_contain_text("Sam Barnes stays on screen with camera and microphone.")
    confirm.get_by_role("button", name="Remove Sam Barnes's screen").click()
    expect(olivia.tile("Sam's screen")).to_be_hidden()
    expect(sam.page.get_by_text("An organizer took your screen off.")).to_be_visible()
    assert sam.page.evaluate(CAPTURING) == 0
    expect(olivia.tile("Sam Barnes")).to_be_visible()
    # Not at once again.
    sam.press("Share screen")
    expect(sam.page.get_by_text("An organizer has just taken your screen off.")).to_be_visible()
    assert sam.page.evaluate(CAPTURING) == 0
    sam.page.wait_for_timeout(SCREEN_KEPT_OFF_MS)
    sam.press("Share screen")
    expect(olivia.tile("Sam's screen")).to_be_visible()
    sam.page.reload()
    expect(sam.page.get_by_text("Reloading this page ended your screen share.")).to_be_visible()
    expect(olivia.tile("Sam's screen")).to_be_hidden()
    expect(olivia.tile("Sam Barnes")).to_be_visible()


def test_point_06_the_browser_captures_a_real_screen(person: Callable[..., Person]) -> None:
    olivia, ken = (person(who).open_backstage() for who in ("olivia", "ken"))
    olivia.share()
    olivia.press("Share screen")
    screen = ken.tile("Olivia's screen")
    expect(screen).to_be_visible()
    expect(screen).to_have_attribute("data-picture", "true", timeout=15_000)
    # It would show itself inside itself.
    expect(olivia.tile("Olivia's screen").get_by_text("You are sharing your whole screen.")).to_be_visible()
    olivia.press("Stop screen")
    expect(screen).to_be_hidden()


def test_point_06_a_duplicated_tab_leaves_the_share_of_the_first_one_alone(
    olivia: Person, person: Callable[..., Person]
) -> None:
    ken = person("ken").open_backstage()
    olivia.press("Share screen")
    sees_slides(ken, 2)
    # Duplicating a tab copies its memory.
    memory = olivia.page.evaluate("JSON.stringify({ ...sessionStorage })")
    second = olivia.context.new_page()
    second.add_init_script(
        f"if (!sessionStorage.length) Object.assign(sessionStorage, JSON.parse({memory!r}));"
    )
    second.goto(olivia.product.url + olivia.scene.link)
    expect(second.get_by_text("You are on screen in another window.")).to_be_visible()
    second.wait_for_timeout(1000)
    assert second.evaluate("timecode.live()") == 0
    expect(second.locator("#toasts")).to_be_empty()
    expect(ken.tile("Olivia's screen")).to_be_visible()
    assert olivia.page.evaluate(CAPTURING) == 2


def test_point_06_a_camera_that_is_off_stays_off_behind_a_screen_and_after_a_reload(
    olivia: Person, person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    ken = person("ken").open_backstage()
    ken.wait_to_see(olivia)
    olivia.page.keyboard.press("v")
    expect(ken.tile("Olivia Marsh")).to_have_attribute("data-picture", "false")
    product.django(fill_the_screen, scene.token)
    olivia.press("Share screen instead of my camera")
    sees_slides(ken, 1)
    ken.forget_frames()
    olivia.page.reload()
    expect(olivia.page.get_by_text("Reloading this page ended your screen share.")).to_be_visible()
    expect(olivia.button("Camera")).to_have_attribute("aria-pressed", "false")
    expect(ken.tile("Olivia Marsh")).to_have_attribute("data-connecting", "false", timeout=15_000)
    ken.page.wait_for_timeout(1500)
    assert not ken.frames_of(olivia)
    assert olivia.page.evaluate("timecode.streams.at(-1).getVideoTracks()[0].enabled") is False
