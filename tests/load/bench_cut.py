"""Twenty cuts at random moments: what of the destroyed seconds two viewers and a late joiner saw or heard.

    python -m tests.load.bench_cut [NUMBER]         prints figures, asserts nothing; 20 cuts take about six minutes

Frames carry the time when they were painted, tones the second in which they were hummed. Must be 0 and 0.
"""

import random
import statistics
import sys

from tests.browser.chromium import chromium
from tests.browser.cuts import cut_again_and_again, humming_the_time
from tests.browser.people import Person
from tests.browser.scene import make_scene
from tests.servers.product import Product

DELAY_S = 10


def main(cuts: int) -> None:
    with Product() as product, chromium() as browser:
        scene = make_scene(product, "bench-cut", delay_s=DELAY_S)
        olivia = Person(browser, product, scene, "olivia").open_backstage()
        olivia.share()
        viewers = [Person(browser, product, scene, who).open_stage() for who in ("ada", "tom")]
        with humming_the_time(olivia):
            outcome = cut_again_and_again(
                olivia,
                viewers,
                lambda: Person(browser, product, scene, "mia").open_stage(),
                delay_s=DELAY_S,
                cuts=cuts,
                chance=random.Random(),
            )
    dark = [after for cut in outcome.cuts for after in cut.last_frame_ms.values()]
    print(f"{len(outcome.cuts)} cuts, two viewers and a late joiner each")
    print(f"frames looked at {outcome.frames_seen}, of destroyed seconds {len(outcome.bad_frames)}")
    print(f"sounds looked at {outcome.tones_heard}, of destroyed seconds {len(outcome.bad_tones)}")
    written = [cut.cut_ms - cut.pressed_ms for cut in outcome.cuts]
    print(
        f"press to the server's word: median {statistics.median(written):.0f} ms, worst {max(written):.0f} ms"
    )
    print(f"press to last picture: median {statistics.median(dark):.0f} ms, worst {max(dark):.0f} ms")
    for line in (*outcome.bad_frames[:10], *outcome.bad_tones[:10]):
        print(line)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
