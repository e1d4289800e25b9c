"""Point 11: the Stage's own picture inside the Backstage, always silent, foldable, in step with a real viewer."""

import statistics
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.people import Frame, Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
DELAY_S = 10
IN_STEP_MS = 500
#: Frames of the small picture are noted under these slots, so that they are told from the tiles.
SMALL = 100
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

PREVIEW = """() => {
  const of = (peer) => peer.getTransceivers().map(({ receiver }) => receiver.track.kind);
  return timecode.peers
    .filter((peer) => peer.connectionState !== "closed" && of(peer).length && !of(peer).includes("audio"))
    .map((peer) => ({ kinds: of(peer), sdp: peer.remoteDescription.sdp + peer.localDescription.sdp }));
}"""


@pytest.mark.parametrize("scene", [DELAY_S], indirect=True)
def test_point_11_the_stage_itself_small_and_silent(person: Callable[..., Person]) -> None:
    olivia, omar = person("olivia").open_backstage(), person("omar").open_backstage()
    olivia.share()
    omar.page.evaluate(f"timecode.followSmall({SMALL})")
    expect(omar.page.get_by_text("The Stage is off air")).to_be_visible()
    ada = person("ada").open_stage()
    olivia.press("Broadcast")
    ada.wait_to_see(olivia, within_s=DELAY_S + 10)

    def small_ones(since_ms: float = 0) -> list[Frame]:
        frames = omar.frames_of(olivia)
        return [frame for frame in frames if frame.slot > SMALL and frame.shown and frame.at_ms > since_ms]

    def in_both() -> list[float]:
        seen = {frame.painted_ms: frame.at_ms for frame in ada.frames_of(olivia)}
        return [frame.at_ms - seen[frame.painted_ms] for frame in small_ones() if frame.painted_ms in seen]

    omar.until(lambda: len(in_both()) > 40, 20, "the small picture does not move")
    apart = [abs(ms) for ms in in_both()]
    print(
        f"apart: median {statistics.median(apart):.0f} ms, worst {max(apart):.0f} ms of {len(apart)} frames"
    )
    assert max(apart) < IN_STEP_MS
    # What is captured now is in the small picture only after the delay: it is the Stage, not the room.
    behind = [frame.at_ms - frame.painted_ms for frame in omar.frames_of(olivia) if frame.slot > SMALL]
    assert min(behind) > 1000 * (DELAY_S - 0.5)

    (preview,) = omar.page.evaluate(PREVIEW)
    assert preview["kinds"] == ["video"] * 5
    assert "m=audio" not in preview["sdp"]

    fold = omar.button("Show what the audience sees")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    omar.until(lambda: omar.page.evaluate(PREVIEW) == [], 5, "folded away it is still connected")
    omar.page.reload()
    expect(fold).to_have_attribute("aria-expanded", "false")

    # On a phone it lies over the tiles, and only while one looks at it; the fold of the large window is kept.
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "true")
    omar.page.set_viewport_size(PHONE)
    expect(fold).to_have_attribute("aria-expanded", "false")
    omar.until(lambda: omar.page.evaluate(PREVIEW) == [], 5, "on a phone it is connected unasked")
    fold.click()
    omar.page.evaluate(f"timecode.followSmall({SMALL})")
    began = time.time() * 1000
    omar.until(lambda: len(small_ones(since_ms=began)) > 10, 20, "on a phone the small picture does not move")
    omar.page.set_viewport_size(DESK)
    expect(fold).to_have_attribute("aria-expanded", "true")
    assert omar.complaints == []


def test_point_11_is_for_organizers(person: Callable[..., Person]) -> None:
    sam = person("sam").open_backstage()
    expect(sam.button("Leave")).to_be_enabled()
    expect(sam.page.get_by_text("What the audience sees")).to_have_count(0)
