"""Every state of the Stage tab, and of the Stage page of another provider; as states.py."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.people import Person
from tests.browser.scene import make_scene
from tests.browser.states import Walk

PLAYERS = re.compile(
    r"^https://(www\.youtube-nocookie|player\.vimeo|vimeo|player\.twitch|fast\.wistia|play\.example)\."
)
#: By provider: what is pasted.
ADDRESSES = {
    "YouTube": "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1m30s",
    "Vimeo": "https://vimeo.com/76979871/8272103f6e",
    "Wistia": "https://northwind.wistia.com/medias/26sk4lmiix",
    "Twitch": "https://www.twitch.tv/northwind",
    "Custom player": "https://play.example.com/embed/7",
}


def stand_for_players(page: Page) -> None:
    """Nothing leaves this machine: each provider's player is a grey field with its name."""

    def play(route: Route) -> None:
        host = route.request.url.split("/")[2]
        style = "margin:0;height:100vh;display:grid;place-items:center;background:#23272f;color:#98a1b0"
        route.fulfill(
            content_type="text/html",
            body=f'<!doctype html><html lang="en"><title>{host}</title><body style="{style};font:20px sans-serif">'
            f"<main>{host}</main>",
        )

    page.route(PLAYERS, play)


def stages(walk: Walk) -> None:
    """None, one, four; each provider; what goes wrong; and what attendees see."""
    scene = make_scene(walk.product, "states-stages")
    olivia, ada = (walk.come(who, scene=scene) for who in ("olivia", "ada"))
    for one in (olivia, ada):
        stand_for_players(one.page)
    tab = f"{walk.product.url}/events/{scene.slug}/manage/stage/"
    page = olivia.page
    page.goto(tab)
    walk.at(olivia, "stages-1")
    for state, name in (
        ("stages-menu", "summary"),
        ("stages-rename", "Rename"),
        ("stages-archive", "Archive"),
    ):
        page.goto(tab)
        page.locator("summary").click()
        if name != "summary":
            page.get_by_role("button", name=name, exact=True).click()
            expect(page.get_by_role("dialog")).to_be_visible()
        walk.at(olivia, state)
    page.get_by_role("dialog").get_by_role("button", name="Archive").click()
    expect(page.get_by_role("heading", name="This event has no stage")).to_be_visible()
    walk.at(olivia, "stages-0-archived")
    page.get_by_role("button", name="Restore").click()
    for name in ("Workshop", "Quiet Room", "A long name of a stage about everything that we built this year"):
        _add(olivia, walk, name)
    page.goto(tab)
    walk.at(olivia, "stages-4")
    workshop = page.get_by_role("region", name="Workshop")
    for provider, address in ADDRESSES.items():
        workshop.get_by_label("Stream provider").select_option(provider)
        workshop.get_by_label("Address of the video").fill(address)
        workshop.get_by_role("button", name="Preview").click()
        expect(workshop.get_by_text("This is a preview.")).to_be_visible()
        workshop.scroll_into_view_if_needed()
        walk.at(olivia, f"stages-preview-{provider.split()[0].lower()}")
    workshop.get_by_label("Stream provider").select_option("Wistia")
    workshop.get_by_label("Address of the video").fill("https://vimeo.com/76979871")
    workshop.get_by_role("button", name="Save").click()
    expect(workshop.get_by_role("alert")).to_be_visible()
    workshop.scroll_into_view_if_needed()
    walk.at(olivia, "stages-refused")
    workshop.get_by_label("Stream provider").select_option("Vimeo")
    workshop.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The Stream provider of Workshop is saved.")).to_be_visible()
    walk.at(olivia, "stages-saved")
    page.goto(f"{tab}?stage=none")
    walk.at(olivia, "stages-closed")

    ada.page.goto(walk.product.url + scene.stage)
    walk.at(ada, "stages-poster")
    ada.page.get_by_role("navigation", name="Stages").get_by_role("link", name="Workshop").click()
    expect(ada.page.locator("#watching")).to_be_visible()
    walk.at(ada, "stages-elsewhere")


def _add(olivia: Person, walk: Walk, name: str) -> None:
    page = olivia.page
    page.get_by_role("button", name="Add stage").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    if name == "Workshop":
        walk.at(olivia, "stages-add")
    dialog.get_by_role("button", name="Add stage").click()
    expect(page.get_by_text("is added.")).to_be_visible()
