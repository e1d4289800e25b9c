"""The Stage tab, from an added stage to another provider's player in front of an attendee, and back out."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.people import Person
from tests.browser.scene import Scene

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

YOUTUBE = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=90"
VIMEO = "https://player.vimeo.com/video/76979871"
VIOLATIONS = """() => {
  window.violations = [];
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
    window.violations.push(`${effectiveDirective} ${blockedURI}`));
  const frame = document.createElement("iframe");
  frame.src = "https://evil.example/";
  document.body.append(frame);
}"""


def provider(page: Page) -> None:
    """Stands for the providers: nothing leaves this machine."""

    def play(route: Route) -> None:
        script = "<script>document.body.append(`Playing, scripts run, parent hidden: ${hidden()}`);"
        hidden = "function hidden() { try { return !top.document } catch { return true } }</script>"
        route.fulfill(content_type="text/html", body=f"<body>{script}{hidden}")

    page.route(re.compile("^https://(www.youtube-nocookie.com|player.vimeo.com|evil.example)/"), play)


@contextmanager
def before_its_scripts(one: Person, path: str) -> Iterator[Page]:
    """The page while none of its scripts has come, once it is painted."""
    page = one.context.new_page()
    held: list[Route] = []
    page.route("**/*.js", lambda script: held.append(script))
    page.goto(one.product.url + path, wait_until="commit")
    painted = "performance.getEntriesByName('first-contentful-paint').length"
    one.until(lambda: page.evaluate(painted) == 1, 10, "nothing is painted before the scripts")
    yield page
    assert held
    assert page.evaluate("document.readyState") != "complete"
    page.close()


def test_a_stage_is_added_shows_a_video_from_elsewhere_and_is_put_away(
    person: Callable[..., Person], scene: Scene
) -> None:
    olivia, ada = person("olivia"), person("ada", reads=False)
    for one in (olivia, ada):
        provider(one.page)
    page = olivia.page
    page.goto(f"{olivia.product.url}/events/{scene.slug}/manage/stage/")
    expect(page.get_by_role("heading", name="Hopin Studio")).to_have_count(1)

    # Added in a dialog.
    page.get_by_role("button", name="Add stage").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Workshop")
    page.get_by_role("dialog").get_by_role("button", name="Add stage").click()
    workshop = page.get_by_role("region", name="Workshop")
    expect(workshop.get_by_role("button", name="Copy link")).to_be_visible()

    # What does not fit says so; the address is asked for only where there is one.
    address = workshop.get_by_label("Address of the video")
    expect(address).to_be_hidden()
    workshop.get_by_label("Stream provider").select_option("YouTube")
    address.fill("https://vimeo.com/76979871")
    workshop.get_by_role("button", name="Preview").click()
    expect(workshop.get_by_role("alert")).to_contain_text("This is an address of Vimeo.")
    expect(address).to_be_focused()
    address.fill('<iframe src="https://youtube.com/embed/dQw4w9WgXcQ?t=1m30s"></iframe>')
    workshop.get_by_role("button", name="Preview").click()
    expect(workshop.locator("iframe")).to_have_attribute("src", YOUTUBE)
    expect(workshop.frame_locator("iframe").locator("body")).to_have_text(
        "Playing, scripts run, parent hidden: true"
    )
    workshop.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The Stream provider of Workshop is saved.")).to_be_visible()
    expect(workshop.get_by_role("heading", name="Hopin Studio")).to_have_count(0)

    with before_its_scripts(ada, scene.stage) as poster:
        expect(poster.get_by_text("The show has not started yet")).to_be_visible()
    with before_its_scripts(olivia, f"/events/{scene.slug}/manage/stage/") as tab:
        expect(tab.get_by_role("button", name="Copy link")).to_be_visible()
        expect(tab.get_by_label("Address of the video")).to_be_hidden()

    # In front of an attendee: framed, sandboxed, and nothing else let in; no connection of ours.
    ada.page.goto(ada.product.url + scene.stage)
    ada.page.get_by_role("navigation", name="Stages").get_by_role("link", name="Workshop").click()
    frame = ada.page.locator("#player iframe")
    expect(frame).to_have_attribute("src", YOUTUBE)
    assert "allow-top-navigation" not in (frame.get_attribute("sandbox") or "allow-top-navigation")
    expect(ada.page.frame_locator("#player iframe").locator("body")).to_have_text(
        "Playing, scripts run, parent hidden: true"
    )
    expect(ada.page.locator("#watching")).to_contain_text("1")
    assert ada.page.evaluate("timecode.peers.length") == 0
    assert ada.complaints == []
    ada.page.evaluate(VIOLATIONS)
    ada.page.wait_for_function("window.violations.length > 0")
    assert ada.page.evaluate("window.violations") == ["frame-src https://evil.example"]

    # Another address reaches the page that is open.
    address.fill("vimeo.com/76979871")
    workshop.get_by_label("Stream provider").select_option("Vimeo")
    workshop.get_by_role("button", name="Save").click()
    expect(ada.page.get_by_text("The organizer has changed this Stage.").first).to_be_visible()
    expect(frame).to_have_attribute("src", VIMEO)
    expect(ada.page.frame_locator("#player iframe").locator("body")).to_contain_text("Playing")

    # By keyboard: up, and put away; whoever watches is told.
    page.get_by_role("button", name="Move Workshop up").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Workshop is number 1 of 2 now.")).to_be_visible()
    headings = page.get_by_role("heading", level=2).filter(has_text=re.compile("^(Workshop|Main Stage)$"))
    expect(headings).to_have_text(["Workshop", "Main Stage"])
    expect(page.get_by_role("button", name="Move Workshop up")).to_be_focused()
    workshop.locator("summary").focus()
    page.keyboard.press("Enter")
    workshop.get_by_role("button", name="Rename").press("Enter")
    expect(page.get_by_role("dialog", name="Rename the stage")).to_be_visible()
    page.keyboard.press("Escape")
    expect(workshop.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    workshop.get_by_role("button", name="Archive").press("Enter")
    expect(page.get_by_role("dialog", name="Archive Workshop?")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Archive Workshop").press("Enter")
    expect(page.get_by_role("button", name="Restore Workshop")).to_be_visible()
    expect(ada.page.get_by_role("dialog")).to_contain_text("This Stage does not exist any more.")
    expect(ada.page.locator("iframe[src^='https://player']")).to_have_count(0)
    assert olivia.complaints == []
