"""Cuts in a running show, and what of the destroyed seconds anybody still saw or heard.

Speakers paint the time and hum it: the pitch of their tone says in which second it was captured.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

from playwright.sync_api import expect

from tests.browser.people import Person
from tests.browser.tones import (
    FADES_WITHIN_MS,
    HEARD_LATE_MS,
    PITCH_MS,
    PacketClock,
    Reading,
    new_at_ms,
    steady,
)

#: What may still come out between the press and the stagehand's doing it: it was due in that moment.
PRESS_TO_CUT_MS = 500
#: Nothing of a broadcast is heard sooner than its delay after the press, but for so much.
ON_AIR_EARLY_MS = 500
#: A show that was only stopped goes off air a delay later: at least ten seconds.
OFF_AIR_WITHIN_MS = 5_000


#: As bright as no black picture is, of 255.
LIGHT = 32


class Moment(Enum):
    """When a show is cut."""

    GOING_LIVE = "going live"
    LIVE = "live"
    ENDING = "ending"
    """It was stopped, and the audience still sees the last seconds."""


@dataclass
class Cut:
    """Of one machine's clock, in milliseconds."""

    pressed_ms: float
    cut_ms: float
    """When the server had written it down."""
    delay_ms: float
    broadcast_again_ms: float = float("inf")
    last_frame_ms: dict[str, float] = field(default_factory=dict)
    """By viewer, if it was live: when the last picture of this broadcast was presented."""

    @property
    def destroyed(self) -> tuple[float, float]:
        """What was captured then nobody may ever see: the held seconds, and the rehearsal until the next Broadcast."""
        return self.pressed_ms - self.delay_ms + PRESS_TO_CUT_MS, self.broadcast_again_ms

    def is_dark(self, at_ms: float) -> bool:
        """Whether nothing may be seen then, since nothing of the next broadcast can have come out."""
        begins = self.pressed_ms + PRESS_TO_CUT_MS
        return begins < at_ms < self.broadcast_again_ms + self.delay_ms - ON_AIR_EARLY_MS


@dataclass
class Outcome:
    cuts: list[Cut] = field(default_factory=list)
    frames_seen: int = 0
    tones_heard: int = 0
    made_up: int = 0
    """Sounds of a destroyed second by their pitch, of which no packet had been played by then, nor any newer one."""
    clocks_known: int = 0
    """Of how many broadcasts, viewers and slots it was known when packets were captured."""
    bad_frames: list[str] = field(default_factory=list)
    bad_tones: list[str] = field(default_factory=list)

    def destroyed(self, at_ms: float, captured_ms: float, known_to_ms: float) -> bool:
        """Whether what is heard then was captured in seconds that had been destroyed, all of what it may be."""
        return any(
            begin < captured_ms and captured_ms + known_to_ms < end
            for cut in self.cuts
            if cut.pressed_ms <= at_ms
            for begin, end in (cut.destroyed,)
        )


def cut_again_and_again(
    organizer: Person,
    viewers: list[Person],
    late: Callable[[], Person],
    *,
    delay_s: float,
    moments: Sequence[Moment],
    chance: random.Random,
) -> Outcome:
    """The organizer is on screen. Broadcasts, cuts sooner or later in that moment, and broadcasts again at once.

    `late`: opens the Stage for a person who comes right after each cut.
    """
    outcome = Outcome()
    joiner: Person | None = None
    for viewer in viewers:
        viewer.page.evaluate("timecode.listen()")
    for moment in moments:
        began = now_ms()
        organizer.press("Broadcast")
        if outcome.cuts:
            outcome.cuts[-1].broadcast_again_ms = began
        _come_to(moment, began, organizer, [*viewers, *filter(None, [joiner])], delay_s, chance)
        outcome.cuts.append(_cut(organizer, viewers, delay_s, was_live=moment is not Moment.GOING_LIVE))
        if joiner is not None:
            _judge(joiner, outcome)
            joiner.close()
        joiner = late()
        joiner.page.evaluate("timecode.listen()")
    # As long as the destroyed seconds would have taken to come out.
    organizer.page.wait_for_timeout(1000 * (delay_s + 2))
    for viewer in (*viewers, joiner):
        if viewer is not None:
            _judge(viewer, outcome)
    if joiner is not None:
        joiner.close()
    return outcome


def _come_to(
    moment: Moment,
    began_ms: float,
    organizer: Person,
    viewers: list[Person],
    delay_s: float,
    chance: random.Random,
) -> None:
    """From the press of Broadcast."""
    if moment is Moment.GOING_LIVE:
        organizer.page.wait_for_timeout(chance.uniform(0, 1000 * (delay_s - 2)))
        return
    for viewer in viewers:
        viewer.wait_to_see(organizer, since_ms=began_ms, within_s=delay_s + 10)
    organizer.page.wait_for_timeout(chance.uniform(0, 4000))
    if moment is Moment.ENDING:
        organizer.press("Stop Broadcasting")
        organizer.page.wait_for_timeout(chance.uniform(0, 1000 * (delay_s - 3)))


def _cut(organizer: Person, viewers: list[Person], delay_s: float, *, was_live: bool) -> Cut:
    organizer.press("Cut now")
    confirm = organizer.page.get_by_role("dialog").get_by_role("button", name="Cut now")
    expect(confirm).to_be_focused()
    pressed = now_ms()
    organizer.page.keyboard.press("Enter")
    expect(organizer.page.locator("#show-label")).to_have_text("Off air", timeout=OFF_AIR_WITHIN_MS)
    for viewer in viewers:
        expect(viewer.page.get_by_text("The show is off air").first).to_be_visible(timeout=OFF_AIR_WITHIN_MS)
    cut = Cut(pressed, organizer.product.django(newest_cut_ms, organizer.scene.token), 1000 * delay_s)
    for viewer in viewers if was_live else []:
        shown = [frame.at_ms for frame in viewer.frames_of(organizer) if frame.shown]
        cut.last_frame_ms[viewer.who] = max(shown) - pressed
    return cut


def newest_cut_ms(token: str) -> float:
    """Runs in the product's process."""
    from backstage.models import Broadcast

    cut = Broadcast.objects.filter(backstage_session__link_token=token, cut_at__isnull=False)
    return 1000 * cut.latest("cut_at").cut_at.timestamp()


def _judge(viewer: Person, outcome: Outcome) -> None:
    """Counts whatever was presented here, hidden or not, that was captured in destroyed seconds."""
    frames = viewer.frames()
    readings = [Reading(**each) for each in viewer.page.evaluate("timecode.tones")]
    outcome.frames_seen += len(frames)
    for cut in outcome.cuts:
        begin, end = cut.destroyed
        for frame in frames:
            if begin < frame.painted_ms < end:
                outcome.bad_frames.append(
                    f"{viewer.who}: captured {frame.painted_ms - cut.pressed_ms:+.0f} ms from the press"
                )
        # A picture that can hardly be made out is one.
        outcome.bad_frames += [
            f"{viewer.who}: unreadable, presented {each['at'] - cut.pressed_ms:+.0f} ms from the press"
            for each in viewer.page.evaluate("timecode.unread")
            if each["light"] > LIGHT and cut.is_dark(each["at"])
        ]
    for slot in {each.slot for each in readings}:
        judge_sound(viewer.who, [each for each in readings if each.slot == slot], outcome)


def judge_sound(who: str, readings: list[Reading], outcome: Outcome) -> None:
    """`readings`: all of one slot. Against what any of the cuts has destroyed."""
    sounds = {each.at for each in steady(readings)}
    outcome.tones_heard += len(sounds)
    new_ms = new_at_ms(readings)
    delay_ms = outcome.cuts[0].delay_ms
    for clock, heard in _broadcasts(readings, outcome.cuts):
        outcome.clocks_known += clock.is_known
        for each in heard:
            captured_ms = clock.captured_ms(each)
            # A pitch is known to a second, a packet to `HEARD_LATE_MS`.
            by_packet = captured_ms is not None and outcome.destroyed(each.at, captured_ms, HEARD_LATE_MS)
            by_pitch = (
                each.at in sounds and each.ms is not None and outcome.destroyed(each.at, each.ms, PITCH_MS)
            )
            if by_pitch and not by_packet and _is_made_up(each, captured_ms, new_ms[each.at], delay_ms):
                outcome.made_up += 1
            elif by_packet or by_pitch:
                outcome.bad_tones.append(f"{who}: {_told(each, captured_ms, outcome.cuts)}")


def _broadcasts(readings: list[Reading], cuts: list[Cut]) -> Iterator[tuple[PacketClock, list[Reading]]]:
    """What was heard of each broadcast that was cut, and until the next could be, and by which clock."""
    since = 0.0
    for cut in cuts:
        until = cut.broadcast_again_ms + cut.delay_ms - ON_AIR_EARLY_MS
        heard = [each for each in readings if since <= each.at < until]
        yield PacketClock(steady([each for each in heard if each.at < cut.pressed_ms])), heard
        since = until
    yield PacketClock([]), [each for each in readings if each.at >= since]


def _is_made_up(reading: Reading, captured_ms: float | None, new_at_ms: float, delay_ms: float) -> bool:
    """`captured_ms`: when the newest packet was captured; `new_at_ms`: when it was played."""
    if reading.packet is None or reading.ms is None:
        return False
    # Of a second that was not due yet when the last packet was played, none had been.
    is_later = new_at_ms < reading.ms + delay_ms
    is_earlier = captured_ms is not None and reading.ms + PITCH_MS < captured_ms - HEARD_LATE_MS
    return (is_later or is_earlier) and new_at_ms < reading.at < new_at_ms + FADES_WITHIN_MS


def _told(reading: Reading, captured_ms: float | None, cuts: list[Cut]) -> str:
    press = max(cut.pressed_ms for cut in cuts if cut.pressed_ms <= reading.at)
    hummed = "nothing" if reading.ms is None else f"hummed {reading.ms - press:+.0f} ms from the last press"
    newest = "unknown" if captured_ms is None else f"captured {captured_ms - press:+.0f} ms"
    heard = f"heard {reading.at - press:+.0f} ms, at {reading.level:.0f} dB in slot {reading.slot}"
    return f"{hummed}, {heard}, newest packet {newest}"


@contextmanager
def humming_the_time(*speakers: Person) -> Iterator[None]:
    for speaker in speakers:
        speaker.page.evaluate("timecode.humTheTime(true)")
    try:
        yield
    finally:
        for speaker in speakers:
            speaker.page.evaluate("timecode.humTheTime(false)")


def now_ms() -> float:
    return time.time() * 1000
