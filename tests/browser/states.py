"""Every state of the pages around a Backstage, brought about on the real parts, one after the other.

Whoever walks through them gives `at`, which is called in each: screenshots.py takes pictures,
test_accessibility.py asks axe.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, expect

from tests.browser.people import Person
from tests.browser.scene import Scene, make_scene
from tests.servers.product import Product

At = Callable[[Person, str], None]

#: A slide with letters on it, in place of a real screen.
SLIDE = """navigator.mediaDevices.getDisplayMedia = async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
  const context = canvas.getContext("2d", { alpha: false });
  const draw = () => {
    context.fillStyle = "#f6f7f9";
    context.fillRect(0, 0, 1280, 720);
    context.fillStyle = "#14171c";
    context.font = "600 64px sans-serif";
    context.fillText("Three things we learned", 90, 170);
    context.font = "36px sans-serif";
    ["Rehearse with the real devices", "One person holds the clock", "Leave room for questions"].forEach(
      (line, index) => context.fillText(`${index + 1}   ${line}`, 90, 290 + 90 * index),
    );
    context.fillStyle = "#4153e6";
    context.fillRect(90, 620, 200 + 60 * Math.sin(Date.now() / 900), 8);
  };
  draw();
  setInterval(draw, 100);
  return canvas.captureStream(10);
};"""
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
REJECT = """(name) => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", name); };
}"""


@dataclass
class Walk:
    """`come("sam", scene=…)`: Sam, in a context of his own. `scene`: of the room; its Stage is off air."""

    product: Product
    scene: Scene
    come: Callable[..., Person]
    at: At


# --- the ways in


def doors(walk: Walk) -> None:
    """Signed out, not registered, blocked, wrong link, full, no such page, broken; and the link's own dialog."""
    product = walk.product
    scene = make_scene(product, "states-doors")
    product.django(prepare_doors, scene.slug)
    olivia, sam, rosa, ken = (walk.come(who, scene=scene) for who in ("olivia", "sam", "rosa", "ken"))
    for person, state in ((rosa, "not-registered"), (ken, "blocked")):
        person.page.goto(product.url + scene.link)
        walk.at(person, state)
    ken.page.goto(product.url + scene.stage)
    walk.at(ken, "stage-blocked")
    sam.page.goto(f"{product.url}/backstage/not-the-link/")
    walk.at(sam, "wrong-link")
    sam.page.goto(f"{product.url}/no-such-page/")
    walk.at(sam, "404")
    broken = product.django(server_error)
    sam.page.route(
        "**/broken/", lambda route: route.fulfill(status=500, body=broken, content_type="text/html")
    )
    sam.page.goto(f"{product.url}/broken/")
    walk.at(sam, "500")
    sam.page.context.clear_cookies()
    sam.page.goto(product.url + scene.link)
    walk.at(sam, "signed-out")
    olivia.page.goto(f"{product.url}/events/{scene.slug}/manage/stage/")
    walk.at(olivia, "stage-tab")
    olivia.page.get_by_text("Reset link", exact=True).first.click()
    expect(olivia.page.get_by_role("dialog")).to_be_visible()
    walk.at(olivia, "reset-link-dialog")


def full(walk: Walk) -> None:
    scene = make_scene(walk.product, "states-full")
    walk.product.django(fill_house, scene.token)
    tom = walk.come("tom", scene=scene)
    tom.page.goto(walk.product.url + scene.link)
    expect(tom.page.get_by_role("heading", name="This Backstage is full")).to_be_visible()
    expect(tom.page.locator("#door-place")).to_contain_text("next in line")
    walk.at(tom, "full")


def prepare_doors(slug: str) -> None:
    """Runs in the product's process."""
    from events.models import Block, Event, Registration, User

    event = Event.objects.get(slug=slug)
    Registration.objects.filter(event=event, user__email__startswith="rosa@").delete()
    Block.objects.create(event=event, user=User.objects.get(email=f"ken@{slug}.example"))


def fill_house(token: str) -> None:
    """Runs in the product's process: all places are taken, until it is noticed that nobody is behind them."""
    from asgiref.sync import async_to_sync
    from django.conf import settings

    from backstage.models import BackstageSession, Participant
    from events.models import User
    from hopin_backstage.realtime import groups
    from hopin_backstage.realtime.presence import Presence

    session = BackstageSession.objects.get(link_token=token)
    people = [
        User(email=f"crowd{number}@{token}.example", display_name=f"Guest {number}", password="!")
        for number in range(settings.BACKSTAGE_PLACES)
    ]
    crowd = User.objects.bulk_create(people)
    Participant.objects.bulk_create(Participant(backstage_session=session, user=user) for user in crowd)

    async def are_here() -> None:
        presence = Presence()
        try:
            for user in crowd:
                await presence.renew(groups.backstage(session.id), f"{user.pk}/of-the-crowd")
        finally:
            await presence.close()

    async_to_sync(are_here)()


def server_error() -> str:
    """Runs in the product's process: the page itself, since nothing here breaks on demand."""
    from django.test import RequestFactory

    from events.views.errors import server_error

    return server_error(RequestFactory().get("/")).content.decode()


# --- the device check


def device_check(walk: Walk) -> None:
    """Working, without a camera, and each way to fail."""
    sam = walk.come("sam")
    sam.open_backstage()
    dialog = _open_check(sam)
    expect(dialog.locator("#device-confirm")).to_be_enabled()
    walk.at(sam, "device-check")
    dialog.locator("#camera").select_option("none")
    expect(dialog.locator("#device-confirm")).to_be_enabled()
    walk.at(sam, "device-check-microphone-alone")
    for state, error in (
        ("denied", "NotAllowedError"),
        ("missing", "NotFoundError"),
        ("busy", "NotReadableError"),
        ("unfit", "OverconstrainedError"),
        ("failed", "AbortError"),
    ):
        sam.open_backstage()
        sam.page.evaluate(REJECT, error)
        _show_failure(walk, sam, f"device-check-{state}")
    for state, script in (
        ("insecure", 'Object.defineProperty(window, "isSecureContext", { value: false })'),
        ("unsupported", "delete Navigator.prototype.mediaDevices"),
    ):
        sam.open_backstage()
        sam.page.evaluate(script)
        _show_failure(walk, sam, f"device-check-{state}")
    sam.press("Cancel")
    sam.close()


def _open_check(person: Person) -> Locator:
    person.button("Ask to Share Audio and Video").first.click()
    return person.page.get_by_role("dialog")


def _show_failure(walk: Walk, person: Person, state: str) -> None:
    expect(_open_check(person).get_by_role("alert")).to_be_visible()
    walk.at(person, state)


# --- the room


def room(walk: Walk) -> None:
    """From the welcome to the end of a show."""
    at = walk.at
    olivia, sam, rosa, ken, mia, tom = (
        walk.come(who).open_backstage() for who in ("olivia", "sam", "rosa", "ken", "mia", "tom")
    )
    ada = walk.come("ada").open_stage()
    at(olivia, "welcome-organizer")
    at(sam, "welcome-speaker")
    at(ada, "stage-poster")
    sam.page.locator("[data-opens-help]:visible").click()
    at(sam, "help")
    sam.page.keyboard.press("Escape")
    sam.press("Keyboard")
    at(sam, "keyboard")
    sam.page.keyboard.press("Escape")

    olivia.share()
    at(olivia, "tiles-1")
    late = walk.come("ada").open_backstage()
    expect(late.page.get_by_role("note")).to_be_visible()
    at(late, "arrival")
    late.page.keyboard.press("f")
    expect(late.button("Leave")).to_be_hidden()
    at(late, "full-screen")
    late.close()
    sam.ask()
    at(sam, "waiting")
    at(olivia, "panel-one-waits")
    _choose(olivia, sam, "Decline")
    at(olivia, "decline-dialog")
    olivia.page.get_by_role("dialog").get_by_role("textbox").fill("After the break, please.")
    olivia.page.keyboard.press("Enter")
    expect(sam.page.locator("#answer")).to_be_visible()
    at(sam, "declined")
    for count, speaker in enumerate((sam, rosa, ken), start=2):
        speaker.ask()
        _put_on_screen(olivia, speaker)
        at(olivia, f"tiles-{count}")
    at(sam, "tiles-4-speaker")

    olivia.tile(sam.name).hover()
    olivia.tile(sam.name).get_by_role("button", name="More for").click()
    at(olivia, "tile-menu")
    # A window of another size has closed it, or is about to.
    if not menu_outlasted(olivia):
        olivia.tile(sam.name).hover()
        olivia.tile(sam.name).get_by_role("button", name="More for").click()
    olivia.page.get_by_role("menuitem", name="Mute").click()
    expect(olivia.tile(sam.name).locator(".plate__muted")).to_be_visible()
    at(sam, "muted-by-organizer")

    ken.page.evaluate(SLIDE)
    ken.press("Share screen")
    expect(olivia.page.locator('[data-tile][data-kind="screen"]:visible')).to_be_visible()
    expect(olivia.page.locator('[data-tile][data-kind="screen"][data-picture="true"]')).to_be_visible()
    mia.ask()
    tom.ask()
    at(olivia, "screen-share")
    at(ken, "screen-share-own")
    at(tom, "waiting-full")
    at(sam, "screen-share-instead")
    ken.press("Stop screen")
    expect(olivia.page.locator('[data-tile][data-kind="screen"]:visible')).to_be_hidden()
    show(walk, olivia, sam, ada)
    _put_on_screen(olivia, mia)
    at(olivia, "tiles-5")
    at(sam, "tiles-5-speaker")

    _choose(olivia, tom, "Block")
    at(olivia, "block-dialog")
    olivia.press(f"Block {tom.name}")
    expect(tom.page.get_by_role("dialog", name="You are no longer in this Backstage")).to_be_visible()
    at(tom, "turned-away")


def show(walk: Walk, olivia: Person, sam: Person, ada: Person) -> None:
    """Four are on screen; two wait."""
    at = walk.at
    olivia.press("Broadcast")
    expect(olivia.page.get_by_text("Going live…").first).to_be_visible()
    at(olivia, "going-live")
    at(sam, "going-live-speaker")
    expect(olivia.page.get_by_text("LIVE", exact=True).first).to_be_visible(timeout=20_000)
    expect(ada.tile(sam.name)).to_be_visible(timeout=20_000)
    expect(ada.page.locator('[data-tile][data-picture="true"]')).to_have_count(4, timeout=20_000)
    at(olivia, "live")
    at(sam, "live-speaker")
    at(ada, "stage-live")
    olivia.press("Cut now")
    expect(olivia.page.get_by_role("dialog")).to_be_visible()
    at(olivia, "cut-dialog")
    olivia.page.keyboard.press("Escape")
    olivia.press("Stop Broadcasting")
    expect(olivia.page.get_by_text("The audience still sees you for")).to_be_visible()
    at(olivia, "ending")
    expect(olivia.page.locator("#show-label")).to_have_text("Off air", timeout=20_000)
    at(ada, "stage-off-air")


def interlude(walk: Walk) -> None:
    """All speakers are gone, and the show is on the air."""
    scene = make_scene(walk.product, "states-interlude", delay_s=10)
    olivia, ada = (
        walk.come("olivia", scene=scene).open_backstage(),
        walk.come("ada", scene=scene).open_stage(),
    )
    olivia.share()
    olivia.press("Broadcast")
    expect(ada.tile(olivia.name)).to_be_visible(timeout=25_000)
    olivia.press("Stop sharing")
    expect(ada.page.get_by_text("We'll be right back")).to_be_visible(timeout=20_000)
    walk.at(ada, "stage-interlude")
    walk.at(olivia, "live-nobody-on-screen")


def menu_outlasted(person: Person) -> bool:
    """Whether the menu is still open, once the page knows how large its window is and has told whoever listens."""
    person.page.wait_for_function("({ width }) => innerWidth === width", arg=person.page.viewport_size)
    person.page.evaluate(TWO_FRAMES)
    return person.page.get_by_role("menu").is_visible()


def _put_on_screen(organizer: Person, who: Person) -> None:
    organizer.put_on_screen(who)
    expect(organizer.tile(who.name)).to_be_visible()
    expect(organizer.tile(who.name)).to_have_attribute("data-picture", "true", timeout=10_000)


def _choose(organizer: Person, who: Person, item: str) -> None:
    """In the ⋯ menu of somebody who waits."""
    organizer.page.locator("#waiting-people").get_by_role("button", name=f"More for {who.name}").click()
    organizer.page.get_by_role("menuitem", name=item, exact=True).click()


@contextmanager
def people(
    browser: Browser, product: Product, scene: Scene, prepare: Callable[[Person], None]
) -> Iterator[Callable[..., Person]]:
    """What makes people, each prepared before a page is opened; they go at the end."""
    everybody: list[Person] = []

    def come(who: str, *, scene: Scene = scene) -> Person:
        person = Person(browser, product, scene, who, reads=False)
        everybody.append(person)
        prepare(person)
        return person

    yield come
    for one in everybody:
        one.close()
