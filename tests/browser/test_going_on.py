"""One attendee who never reloads: the show changes hands, stops, starts again, loses a process, and goes on."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

DELAY_S = 10
#: A picture that stands still this long while visible looks frozen.
FROZEN_MS = 1500


@pytest.fixture
def show(person: Callable[..., Person]) -> dict[str, Person]:
    """Olivia and Sam are on screen and on air; Ken watches backstage, Ada the Stage."""
    people = {who: person(who).open_backstage() for who in ("olivia", "sam", "ken")}
    people["ada"] = person("ada").open_stage()
    people["olivia"].share()
    people["sam"].ask()
    people["olivia"].put_on_screen(people["sam"])
    people["ken"].wait_to_see(people["sam"])
    people["olivia"].press("Broadcast")
    for other in ("olivia", "sam"):
        people["ada"].wait_to_see(people[other], within_s=DELAY_S + 10)
    people["ada"].stillest_ms()
    return people


@pytest.mark.parametrize("scene", [DELAY_S], indirect=True)
def test_a_slot_is_handed_over(show: dict[str, Person]) -> None:
    olivia, sam, ken, ada = (show[who] for who in ("olivia", "sam", "ken", "ada"))
    sam.press("Stop sharing")
    expect(olivia.tile(sam.name)).to_be_hidden()
    sam.until(lambda: sam.live_tracks() == 0, 5, "a light stays on")
    ken.ask()
    olivia.put_on_screen(ken)
    olivia.wait_to_see(ken)
    taken = {frame.slot for frame in olivia.frames_of(ken)}
    assert taken == {2}, "the freed slot"
    seen = ada.wait_to_see(ken, within_s=DELAY_S + 10)
    assert {frame.slot for frame in seen} == {2}
    expect(ada.tile(ken.name)).to_be_visible()
    expect(ada.tile(sam.name)).to_be_hidden()
    first_of_ken = seen[0].at_ms
    assert not [frame for frame in ada.frames_of(sam) if frame.at_ms > first_of_ken and frame.shown]
    # Names are in step with the picture: nobody was seen under another's.
    for each in (sam, ken):
        assert {frame.name for frame in ada.frames_of(each) if frame.shown} == {each.name}
    assert max(ada.stillest_ms().values()) < FROZEN_MS


@pytest.mark.parametrize("scene", [DELAY_S], indirect=True)
def test_a_show_stops_and_starts_again(show: dict[str, Person]) -> None:
    olivia, sam, ada = (show[who] for who in ("olivia", "sam", "ada"))
    olivia.press("Stop Broadcasting")
    expect(olivia.page.locator("#show-label")).to_have_text("Off air", timeout=1000 * DELAY_S + 5000)
    expect(ada.tile(sam.name)).to_be_hidden()
    expect(ada.page.get_by_text("LIVE", exact=True).first).to_be_hidden()
    expect(ada.page.locator("#poster")).to_contain_text("When it goes on, it appears here by itself.")
    last = ada.frames()[-1].at_ms
    olivia.press("Broadcast")
    ada.wait_to_see(sam, within_s=DELAY_S + 10, since_ms=last + 1000)
    expect(ada.tile(sam.name)).to_be_visible()
    assert max(ada.stillest_ms().values()) < FROZEN_MS


@pytest.mark.parametrize("scene", [DELAY_S], indirect=True)
@pytest.mark.parametrize("part", ["stagehand", "janus", "web", "redis"])
def test_a_killed_process_heals_without_a_click(show: dict[str, Person], product: Product, part: str) -> None:
    sam, ken, ada = (show[who] for who in ("sam", "ken", "ada"))
    killed_ms = ada.page.evaluate("Date.now()")
    product.kill(part)
    # What the line held may still come; new pictures are those painted after the kill.
    ken.until(
        lambda: any(frame.painted_ms > killed_ms and frame.shown for frame in ken.frames_of(sam)),
        20,
        "backstage stays dark",
    )
    ada.until(
        lambda: any(frame.painted_ms > killed_ms and frame.shown for frame in ada.frames_of(sam)),
        DELAY_S + 30,
        "the Stage stays dark",
    )
    if part == "stagehand":
        backstage = [frame.at_ms for frame in ken.frames_of(sam) if frame.at_ms > killed_ms - 1000]
        gaps = [later - earlier for earlier, later in pairwise(backstage)]
        assert max(gaps) < FROZEN_MS, "backstage does not notice"
    # Words are heard again, too, not only pictures seen.
    expect(sam.page.get_by_text("Reconnecting…", exact=True)).to_be_hidden(timeout=20_000)
    sam.press("Stop sharing")
    expect(ken.tile(sam.name)).to_be_hidden(timeout=25_000)
