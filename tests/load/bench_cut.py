"""Twenty cuts at random moments: what of the destroyed seconds two viewers and a late joiner saw or heard.

    python -m tests.load.bench_cut [NUMBER]         prints figures; 20 cuts take about six minutes

Frames carry the time when they were painted, tones the second in which they were hummed. Of the destroyed seconds there
must be 0 and 0, and enough of the others that this was looked for: else it ends with exit status 1.
"""

import random
import statistics
import sys

from tests.browser.chromium import chromium
from tests.browser.cuts import Moment, Outcome, cut_again_and_again, humming_the_time
from tests.browser.people import Person
from tests.browser.scene import make_scene
from tests.servers.product import Product

DELAY_S = 10
#: As often as in life, nearly: most shows that are cut are live.
MOMENTS = [Moment.LIVE, Moment.LIVE, Moment.LIVE, Moment.ENDING, Moment.GOING_LIVE]


#: Fewer of them than this many a cut: the eyes and ears of this bench do not work.
SEEN_EACH_CUT, HEARD_EACH_CUT = 10, 10
#: Not of all: a cut may come before a whole second was heard.
KNOWN_EACH_CUT = 0.5


def main(cuts: int) -> int:
    """The exit status."""
    chance = random.Random()
    # The poster says that the show is off air once there was one.
    moments = [Moment.LIVE, *(chance.choice(MOMENTS) for _ in range(cuts - 1))]
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
                moments=moments,
                chance=chance,
            )
    dark = [after for cut in outcome.cuts for after in cut.last_frame_ms.values()]
    told = ", ".join(f"{moments.count(moment)} {moment.value}" for moment in Moment)
    print(f"{len(outcome.cuts)} cuts ({told}), two viewers and a late joiner each")
    print(f"frames looked at {outcome.frames_seen}, of destroyed seconds {len(outcome.bad_frames)}")
    print(f"sounds looked at {outcome.tones_heard}, of destroyed seconds {len(outcome.bad_tones)}")
    print(
        f"sounds that a browser made up as it faded out, of no packet: {outcome.made_up};"
        f" when packets were captured was known {outcome.clocks_known} times"
    )
    written = [cut.cut_ms - cut.pressed_ms for cut in outcome.cuts]
    print(
        f"press to the server's word: median {statistics.median(written):.0f} ms, worst {max(written):.0f} ms"
    )
    print(f"press to last picture: median {statistics.median(dark):.0f} ms, worst {max(dark):.0f} ms")
    for line in (*outcome.bad_frames[:10], *outcome.bad_tones[:10]):
        print(line)
    return 0 if is_proven(outcome) else 1


def is_proven(outcome: Outcome) -> bool:
    cuts = len(outcome.cuts)
    was_looked_for = (
        outcome.frames_seen >= SEEN_EACH_CUT * cuts
        and outcome.tones_heard >= HEARD_EACH_CUT * cuts
        and outcome.clocks_known >= KNOWN_EACH_CUT * cuts
    )
    return was_looked_for and not outcome.bad_frames and not outcome.bad_tones


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
