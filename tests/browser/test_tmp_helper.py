from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

COUNT = """
window.made = 0; window.wsSent = []; window.hole = false; window.wsMade = [];
{ const P = RTCPeerConnection;
  window.RTCPeerConnection = class extends P { constructor(...a) { super(...a); window.made++; } };
  const W = WebSocket;
  window.WebSocket = class extends W {
    constructor(...a) { super(...a); window.wsMade.push(String(a[0])); this.born = window.wsMade.length;
      this.addEventListener("message", (m) => { if (window.hole && this.born <= window.hole) m.stopImmediatePropagation(); }); }
    send(t) { window.wsSent.push(t); if (!(window.hole && this.born <= window.hole)) super.send(t); } }; }
"""


@pytest.mark.parametrize("scene", [10], indirect=True)
def test_left_elsewhere_and_mid_show_snapshot(person: Callable[..., Person]) -> None:
    olivia = person("olivia").open_backstage()
    sam = person("sam")
    sam.context.add_init_script(COUNT)
    sam.open_backstage()
    ada = person("ada")
    ada.context.add_init_script(COUNT)
    ada.open_stage()
    olivia.share()
    sam.ask()
    olivia.put_on_screen(sam)
    olivia.wait_to_see(sam)
    olivia.press("Broadcast")
    ada.wait_to_see(olivia, within_s=20)
    ada.wait_to_see(sam, within_s=20)
    ada.stillest_ms()
    made = ada.page.evaluate("made")
    for _ in range(3):
        ada.page.evaluate("dispatchEvent(new Event('online'))")
        ada.page.wait_for_timeout(600)
    print("ADA", made, ada.page.evaluate("made"), ada.stillest_ms(), ada.page.evaluate("wsSent.filter(t=>t.includes('snapshot'))"))
    assert ada.page.evaluate("made") == made
    # Sam leaves in another tab.
    other = sam.context.new_page()
    other.goto(sam.page.url)
    before = sam.page.evaluate("wsMade")
    other.get_by_role("button", name="Leave", exact=True).click()
    expect(olivia.tile(sam.name)).to_be_hidden()
    sam.until(lambda: sam.live_tracks() == 0, 5, "light stays on")
    sam.page.wait_for_timeout(1500)
    print("SAM", before, sam.page.evaluate("wsMade"), sam.complaints, other.url)
    sam.ask()
    olivia.put_on_screen(sam)
    since = olivia.page.evaluate("Date.now()")
    olivia.wait_to_see(sam, since_ms=since)
    # Half-open: what the present lines bring is swallowed.
    n = sam.page.evaluate("window.hole = wsMade.length")
    sam.page.evaluate("dispatchEvent(new Event('online'))")
    sam.until(lambda: sam.page.evaluate("wsMade.length") >= n + 2, 9, "no new lines")
    print("HALF", sam.page.evaluate("wsMade"), sam.complaints)
    sam.press("Stop sharing")
    expect(olivia.tile(sam.name)).to_be_hidden()
    assert not sam.complaints, sam.complaints
