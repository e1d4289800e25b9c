"""Does a Stage page that nobody looked at for a while catch up with the show? Prints figures; asserts nothing.

    python -m tests.load.bench_hidden_tab              all, some four minutes
    python -m tests.load.bench_hidden_tab hide         another tab is in front of it for 30 s (Playwright makes the page
                                                       believe that it is looked at all the same, and it is said so)
    python -m tests.load.bench_hidden_tab freeze       its browser stops the page for 30 s, as phones do
    python -m tests.load.bench_hidden_tab sleep        its computer sleeps for 30 s: the whole browser stands still

Ada looks all the time; Mia has a browser of her own, without the flags that keep hidden pages awake. Afterwards: how
much later Mia sees the same frames than Ada, and how long sound waits in the jitter buffers of both, for ten seconds.
"""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from playwright.sync_api import Browser

from tests.browser.chromium import FLAGS, chromium
from tests.browser.people import Person
from tests.browser.scene import make_scene
from tests.servers.product import Product

DELAY_S = 10
AWAY_S = 30
LOOKED_S = 10
KEPT_AWAKE = frozenset(
    {
        "--disable-background-timer-throttling",
        "--disable-renderer-backgrounding",
        "--disable-backgrounding-occluded-windows",
    }
)
#: Milliseconds that sound waits in its jitter buffer, by mid, averaged over the time between two looks.
BUFFERED = """async () => {
  const sum = {};
  for (const peer of timecode.peers) {
    if (peer.connectionState === "closed") continue;
    for (const stat of (await peer.getStats()).values()) {
      if (stat.type !== "inbound-rtp") continue;
      sum[stat.mid] = [stat.jitterBufferDelay ?? 0, stat.jitterBufferEmittedCount ?? 0];
    }
  }
  return sum;
}"""


def hide(mia: Person) -> None:
    session = mia.context.new_cdp_session(mia.page)
    session.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    other = mia.context.new_page()
    other.bring_to_front()
    other.wait_for_timeout(1000)
    print(f"  Mia's page is {mia.page.evaluate('document.visibilityState')}")
    other.wait_for_timeout(1000 * AWAY_S)
    other.close()
    mia.page.bring_to_front()


def freeze(mia: Person) -> None:
    """Her page stands still while its media go on coming.

    By the debugger: `Page.setWebLifecycleState` leaves a headless page going.
    """
    session = mia.context.new_cdp_session(mia.page)
    session.send("Debugger.enable")
    other = mia.context.new_page()
    session.send("Debugger.pause")
    frozen_ms = 1000 * time.time()
    other.wait_for_timeout(1000 * AWAY_S)
    thawed_ms = 1000 * time.time()
    session.send("Debugger.disable")
    session.detach()
    other.close()
    drawn = [frame for frame in mia.frames() if frozen_ms + 1000 < frame.at_ms < thawed_ms]
    print(f"  Mia's page has drawn {len(drawn)} frames meanwhile")


def sleep(mia: Person) -> None:
    pids = _processes_of(mia)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        subprocess.run(["sleep", str(AWAY_S)], check=True)
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def _processes_of(person: Person) -> list[int]:
    """The processes of the browser that this person alone uses."""
    session = person.context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
    return [int(each["id"]) for each in session.send("SystemInfo.getProcessInfo")["processInfo"]]


WAYS: dict[str, Callable[[Person], None]] = {"hide": hide, "freeze": freeze, "sleep": sleep}


def measure(product: Product, eyes: Browser, hers: Browser, way: str) -> None:
    scene = make_scene(product, f"hidden-{way}", delay_s=DELAY_S)
    olivia = Person(eyes, product, scene, "olivia", reads=False).open_backstage()
    ada = Person(eyes, product, scene, "ada").open_stage()
    mia = Person(hers, product, scene, "mia").open_stage()
    olivia.share()
    olivia.press("Broadcast")
    for viewer in (ada, mia):
        viewer.wait_to_see(olivia, within_s=DELAY_S + 15)
    compare("before", ada, mia, olivia)
    WAYS[way](mia)
    back_ms = mia.page.evaluate("Date.now()")
    first = mia.wait_to_see(olivia, since_ms=back_ms, within_s=60)[0]
    print(
        f"  the first picture comes {first.at_ms - back_ms:.0f} ms after she is back,"
        f" and was painted {first.at_ms - first.painted_ms:.0f} ms ago"
    )
    compare("after", ada, mia, olivia)
    compare("a little later", ada, mia, olivia)
    for person in (olivia, ada, mia):
        person.close()


def compare(when: str, ada: Person, mia: Person, olivia: Person) -> None:
    for viewer in (ada, mia):
        viewer.forget_frames()
    began = [viewer.page.evaluate(BUFFERED) for viewer in (ada, mia)]
    mia.page.wait_for_timeout(1000 * LOOKED_S)
    ended = [viewer.page.evaluate(BUFFERED) for viewer in (ada, mia)]
    seen = {frame.painted_ms: frame.at_ms for frame in ada.frames_of(olivia)}
    later = [
        frame.at_ms - seen[frame.painted_ms] for frame in mia.frames_of(olivia) if frame.painted_ms in seen
    ]
    of_ada, of_mia = (_buffered_ms(*looks, "a1") for looks in zip(began, ended, strict=True))
    print(
        f"  {when}: {len(later)} frames, Mia sees them {statistics.median(later) if later else float('nan'):+.0f} ms"
        f" (worst {max(later, default=float('nan')):+.0f} ms); her sound waits {of_mia:.0f} ms, Ada's {of_ada:.0f} ms"
    )


def _buffered_ms(began: dict[str, list[float]], ended: dict[str, list[float]], mid: str) -> float:
    delay, count = (ended[mid][index] - began.get(mid, [0, 0])[index] for index in (0, 1))
    return 1000 * delay / count if count else float("nan")


def main(names: list[str]) -> None:
    print(f"Load of this machine before: {os.getloadavg()[0]:.1f}")
    with Product() as product, chromium() as eyes:
        playwright = eyes.browser_type
        for name in names or WAYS:
            print(name, flush=True)
            hers = playwright.launch(
                executable_path="/usr/bin/chromium",
                args=[flag for flag in FLAGS if flag not in KEPT_AWAKE],
                ignore_default_args=[*KEPT_AWAKE],
            )
            try:
                measure(product, eyes, hers, name)
            finally:
                hers.close()


if __name__ == "__main__":
    main(sys.argv[1:])
