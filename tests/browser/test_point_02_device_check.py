"""Point 2, the device check: every way it can fail, made to happen; the level; what is remembered; what is changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.asking import place
from tests.browser.axe import expect_accessible
from tests.browser.chromium import chromium
from tests.browser.lines import take_lines
from tests.browser.people import Person
from tests.browser.scene import Scene, feed_of
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

FAKE_DEVICES = "--use-fake-device-for-media-stream"
#: It presses Allow by itself.
FAKE_ANSWER = "--use-fake-ui-for-media-stream"


@contextmanager
def somebody(product: Product, scene: Scene, *flags: str, without: frozenset[str]) -> Iterator[Person]:
    """Sam, in a browser of his own with its own devices."""
    with chromium(*flags, without=without) as browser:
        sam = Person(browser, product, scene, "sam", paints=False)
        yield sam
        sam.close()


def check(page: Page) -> Locator:
    page.get_by_role("button", name="Ask to Share Audio and Video").first.click()
    return page.get_by_role("dialog", name="Check your camera and microphone")


def expect_problem(dialog: Locator, sentence: str, code: str) -> None:
    problem = dialog.get_by_role("alert")
    expect(problem).to_contain_text(sentence)
    expect(problem).to_contain_text("Reference for support:")
    expect(problem).to_contain_text(code)
    expect(dialog.locator("#device-confirm")).to_be_disabled()


def test_point_02_denied_by_the_person_and_allowed_on_the_second_try(product: Product, scene: Scene) -> None:
    with somebody(product, scene, without=frozenset({FAKE_ANSWER})) as sam:
        sam.context.grant_permissions([])
        sam.open_backstage()
        dialog = check(sam.page)
        expect_problem(dialog, "Click the camera sign in the address bar", "camera-denied")
        expect_accessible(sam.page)
        sam.context.grant_permissions(["camera", "microphone"])
        dialog.get_by_role("button", name="Try again").click()
        expect(dialog.get_by_role("alert")).to_be_hidden()
        expect(dialog.locator("#device-confirm")).to_be_enabled()


def test_point_02_no_devices(product: Product, scene: Scene) -> None:
    with somebody(product, scene, without=frozenset({FAKE_DEVICES})) as sam:
        sam.open_backstage()
        dialog = check(sam.page)
        expect_problem(dialog, "No camera and no microphone were found.", "camera-missing")
        # They are plugged in.
        sam.page.evaluate("timecode.replaceDevices(7)")
        dialog.get_by_role("button", name="Try again").click()
        expect(dialog.get_by_role("alert")).to_be_hidden()
        expect(dialog.locator("#device-confirm")).to_be_enabled()


def test_point_02_no_camera_but_a_microphone(product: Product, scene: Scene, tmp_path: Path) -> None:
    """One may join with a microphone alone."""
    flag = f"--use-file-for-fake-video-capture={tmp_path / 'none.y4m'}"
    with somebody(product, scene, flag, without=frozenset()) as sam:
        sam.open_backstage()
        dialog = check(sam.page)
        expect(dialog.get_by_role("alert")).to_contain_text("go on with your microphone alone")
        expect(dialog.get_by_role("alert")).to_contain_text("camera-missing")
        dialog.get_by_role("button", name="Ask to Share Audio and Video").click()
        place(sam, 1)
        olivia = Person(sam.browser, product, scene, "olivia").open_backstage()
        olivia.put_on_screen(sam)
        expect(olivia.tile(sam.name)).to_have_attribute("data-connecting", "false")
        expect(olivia.tile(sam.name)).to_have_attribute("data-picture", "false")
        expect(olivia.tile(sam.name).locator(".avatar")).to_be_visible()
        expect(olivia.tile(sam.name).locator(".plate__muted")).to_be_hidden()
        olivia.wait_to_hear("0")
        olivia.close()


def test_point_02_an_insecure_page(person: Callable[..., Person], product: Product, scene: Scene) -> None:
    sam = person("sam", paints=False)
    cookie = f"sessionid={scene.sessions['sam']}"

    def by_http(route: Route) -> None:
        path = route.request.url.removeprefix("http://backstage.example")
        headers = {**route.request.headers, "cookie": cookie, "host": product.url.removeprefix("http://")}
        route.fulfill(response=route.fetch(url=product.url + path, headers=headers))

    sam.page.route("http://backstage.example/**", by_http)
    sam.page.goto("http://backstage.example" + scene.link)
    dialog = check(sam.page)
    expect_problem(dialog, "Open this page by an address that begins with https.", "camera-insecure")
    expect(dialog.get_by_role("button", name="Try again")).to_be_hidden()


#: What only a computer of another kind, or an old one, does by itself: thrown as the browsers throw it.
REJECTS = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException(%r, %r); };"


@pytest.mark.parametrize(
    ("script", "sentence", "code"),
    [
        (
            "delete Navigator.prototype.mediaDevices;",
            "Use a current Chrome or Firefox.",
            "camera-unsupported",
        ),
        (
            REJECTS % ("Permission denied by system", "NotAllowedError"),
            "in the privacy settings of the computer",
            "camera-forbidden",
        ),
        (
            REJECTS % ("Could not start video source", "NotReadableError"),
            "are used by another program. Close it and press Try again.",
            "camera-busy",
        ),
        (
            REJECTS % ("Starting videoinput failed", "AbortError"),
            "Close other programs that may use them",
            "camera-failed",
        ),
        (REJECTS % ("", "OverconstrainedError"), "cannot do what this page needs", "camera-unfit"),
    ],
    ids=["too-old", "by-the-system", "busy", "aborted", "overconstrained"],
)
def test_point_02_what_other_computers_report(
    person: Callable[..., Person], script: str, sentence: str, code: str
) -> None:
    sam = person("sam", paints=False)
    sam.context.add_init_script(script)
    sam.open_backstage()
    expect_problem(check(sam.page), sentence, code)


def test_point_02_the_level_moves_and_the_choice_is_remembered(person: Callable[..., Person]) -> None:
    sam = person("sam", paints=False).open_backstage()
    dialog = check(sam.page)
    meter = dialog.get_by_role("meter", name="Microphone level")
    # As in a mirror, and moving.
    preview = sam.page.locator("#preview")
    expect(preview).to_have_css("transform", "matrix(-1, 0, 0, 1, 0, 0)")
    sam.until(lambda: preview.evaluate("video => !video.paused"), 10, "the preview is held")
    frames = "video => video.getVideoPlaybackQuality().totalVideoFrames"
    shown = preview.evaluate(frames)
    sam.until(lambda: preview.evaluate(frames) > shown + 5, 10, "the preview stands still")
    # Chromium's fake microphone beeps.
    sam.until(lambda: int(meter.get_attribute("aria-valuenow") or 0) > 10, 10, "no level")
    sam.page.locator("#camera").select_option("none")
    microphone = sam.page.locator("#microphone")
    chosen = microphone.locator("option").nth(1).get_attribute("value")
    microphone.select_option(chosen)
    speaker = sam.page.locator("#speaker")
    loud = speaker.locator("option").nth(1).get_attribute("value")
    speaker.select_option(loud)
    sam.until(lambda: sinks(sam) == {loud}, 5, "the voices come out elsewhere")
    dialog.get_by_role("button", name="Test sound").click()
    dialog.get_by_role("button", name="Ask to Share Audio and Video").click()
    expect(dialog).to_be_hidden()
    sam.press("Withdraw")
    sam.page.reload()
    check(sam.page)
    expect(sam.page.locator("#camera")).to_have_value("none")
    expect(microphone).to_have_value(chosen or "")
    expect(speaker).to_have_value(loud or "")
    sam.until(lambda: sinks(sam) == {loud}, 5, "the voices come out elsewhere")


def sinks(one: Person) -> set[str]:
    return set(one.page.eval_on_selector_all("audio[data-sound]", "all => all.map((each) => each.sinkId)"))


def test_point_02_a_remembered_camera_that_is_gone(person: Callable[..., Person]) -> None:
    """OverconstrainedError, as the browser itself reports it: any other camera is better than none."""
    sam = person("sam", paints=False)
    sam.context.add_init_script(
        'localStorage.setItem("hopin:devices", JSON.stringify({camera: "0".repeat(64), microphone: ""}));'
    )
    sam.open_backstage()
    dialog = check(sam.page)
    expect(dialog.locator("#device-confirm")).to_be_enabled()
    expect(dialog.get_by_role("alert")).to_be_hidden()
    assert sam.page.evaluate("document.querySelector('#preview').srcObject.getVideoTracks().length") == 1


def test_point_02_devices_change_on_screen_without_leaving_the_tile(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    olivia, ken = (person(who).open_backstage() for who in ("olivia", "ken"))
    olivia.share()
    ken.wait_to_see(olivia)
    feed = product.django(feed_of, scene.token, "camera")
    assert feed is not None
    # Her next camera paints as somebody else.
    olivia.page.evaluate("timecode.replaceDevices(77)")
    olivia.press("Devices")
    olivia.page.evaluate("document.querySelector('#camera').dispatchEvent(new Event('change'))")
    dialog = olivia.page.get_by_role("dialog")
    expect(dialog.locator("#device-confirm")).to_be_enabled()
    dialog.get_by_role("button", name="Done").click()
    ken.until(lambda: any(frame.who == 77 for frame in ken.frames()), 10, "the new camera is not seen")
    assert product.django(feed_of, scene.token, "camera") == feed
    assert olivia.live_tracks() == 2, "the old camera is off"


def test_point_02_a_device_pulled_out_in_mid_show_is_noticed_and_said(person: Callable[..., Person]) -> None:
    olivia, ken = (person(who).open_backstage() for who in ("olivia", "ken"))
    olivia.share()
    ken.wait_to_see(olivia)
    # As the browser does when the cable is out: it ends, and the page is told.
    olivia.page.evaluate(
        """() => {
          const track = timecode.streams.at(-1).getVideoTracks()[0];
          track.stop();
          track.dispatchEvent(new Event("ended"));
        }"""
    )
    expect(olivia.page.get_by_text("Your camera has stopped.")).to_be_visible()
    expect(olivia.page.locator("#my-camera-state")).to_have_text("Camera off")
    expect(ken.page.locator("[data-tile]:visible")).to_have_attribute("data-picture", "false")
    seen = len(ken.frames_of(olivia))
    olivia.press("Camera")
    dialog = olivia.page.get_by_role("dialog")
    expect(dialog.locator("#device-confirm")).to_be_enabled()
    dialog.get_by_role("button", name="Done").click()
    ken.until(lambda: len(ken.frames_of(olivia)) > seen + 3, 10, "she is not seen again")


#: As the browser does when the cable is out: it ends, and the page is told.
PULL_OUT = """(kind) => {
  const track = timecode.streams.flatMap((stream) => stream.getTracks())
    .findLast((each) => each.kind === kind && each.readyState === "live");
  track.stop();
  track.dispatchEvent(new Event("ended"));
}"""


def test_point_02_one_no_is_one_question(person: Callable[..., Person]) -> None:
    """Where the browser does not say that one of the two is allowed, nobody is asked three times."""
    sam = person("sam", paints=False)
    sam.context.add_init_script(
        """window.questions = 0;
        navigator.permissions.query = async () => ({ state: "prompt" });
        navigator.mediaDevices.getUserMedia = async () => {
          window.questions += 1;
          throw new DOMException("Permission dismissed", "NotAllowedError");
        };"""
    )
    sam.open_backstage()
    dialog = check(sam.page)
    expect_problem(dialog, "does not let this page use your camera and microphone", "microphone-denied")
    assert sam.page.evaluate("questions") == 1
    dialog.get_by_role("button", name="Try again").click()
    sam.until(lambda: sam.page.evaluate("questions") == 2, 5, "not asked again")


def test_point_02_no_microphone_is_a_choice_that_is_remembered(person: Callable[..., Person]) -> None:
    sam = person("sam", paints=False).open_backstage()
    dialog = check(sam.page)
    expect(dialog.locator("#device-confirm")).to_be_enabled()
    sam.page.locator("#microphone").select_option("none")
    dialog.get_by_role("button", name="Ask to Share Audio and Video").click()
    sam.press("Withdraw")
    sam.page.reload()
    check(sam.page)
    expect(sam.page.locator("#microphone")).to_have_value("none")
    expect(dialog.locator("#device-confirm")).to_be_enabled()
    assert sam.page.evaluate("document.querySelector('#preview').srcObject.getVideoTracks().length") == 1


def test_point_02_a_device_pulled_out_during_the_check_is_said_and_not_taken(
    person: Callable[..., Person],
) -> None:
    olivia = person("olivia").open_backstage()
    olivia.button("Share Audio and Video").first.click()
    dialog = olivia.page.get_by_role("dialog")
    expect(dialog.locator("#device-confirm")).to_be_enabled()
    olivia.page.evaluate(PULL_OUT, "video")
    expect(dialog.get_by_role("alert")).to_contain_text("No camera was found.")
    expect(dialog.get_by_role("alert")).to_contain_text("camera-missing")
    expect(dialog.locator("#preview-empty")).to_be_visible()
    dialog.get_by_role("button", name="Share Audio and Video", exact=True).click()
    expect(olivia.tile(olivia.name)).to_be_visible()
    expect(olivia.page.locator("#my-camera-state")).to_have_text("Camera off")
    assert olivia.live_tracks() == 1

    # The microphone goes while Devices is open, and is noticed; so it is after Cancel.
    olivia.press("Devices")
    expect(dialog.locator("#device-confirm")).to_be_enabled()
    olivia.press("Cancel")
    olivia.page.evaluate(PULL_OUT, "audio")
    expect(olivia.page.get_by_text("Your microphone has stopped.")).to_be_visible()
    expect(olivia.page.locator("#my-microphone-state")).to_have_text("Muted")


def test_point_02_a_microphone_that_trying_another_one_has_muted_is_opened_again(
    person: Callable[..., Person],
) -> None:
    """As Safari mutes it: https://bugs.webkit.org/show_bug.cgi?id=179363. Here the test does."""
    olivia, ken = (person(who).open_backstage() for who in ("olivia", "ken"))
    olivia.share()
    ken.wait_to_hear("0")
    olivia.press("Devices")
    dialog = olivia.page.get_by_role("dialog")
    expect(dialog.locator("#device-confirm")).to_be_enabled()
    olivia.page.evaluate(
        """() => {
          window.muted = timecode.streams.at(-1).getAudioTracks()[0];
          Object.defineProperty(muted, "muted", { value: true });
        }"""
    )
    olivia.press("Cancel")
    olivia.until(lambda: olivia.page.evaluate("muted.readyState") == "ended", 5, "it is held still")
    assert olivia.live_tracks() == 2
    ken.wait_to_hear("0")


def test_point_02_while_the_server_is_asked_the_button_waits(person: Callable[..., Person]) -> None:
    sam = person("sam")
    take_lines(sam)
    sam.open_backstage()
    sam.page.evaluate("lines.hold('request.ask')")
    sam.ask()
    button = sam.page.locator("#welcome-share")
    expect(button).to_have_attribute("aria-busy", "true")
    expect(button).to_be_disabled()
    sam.page.evaluate("lines.release()")
    expect(sam.page.locator("#waiting-text")).to_be_visible()
    expect(button).to_be_hidden()
    assert sam.page.evaluate("document.activeElement !== document.body")
