"""What is worth keeping of what Janus tells: of one feed, as its own handle hears it, and of one room. No I/O."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from backstage.models import MediaEvent
from backstage.services.media_log import Heard
from janus.events import (
    Detached,
    Feed,
    HandleEvent,
    Hangup,
    Joining,
    Kicked,
    Left,
    Media,
    Moderated,
    PublishersAppeared,
    RoomDestroyed,
    SlowLink,
    Unpublished,
    WebrtcUp,
)

Kind = MediaEvent.Kind
Clock = Callable[[], datetime]

#: Seconds between two notes that a feed's packets are lost: Janus says so each second.
SLOW_LINK_EVERY_S = 10.0


class FeedStory:
    """Of a person's feed: connected, first frame, stalled, disconnected. `kind`: "camera" or "screen"."""

    def __init__(
        self, session_id: UUID, participant_id: UUID, feed: int, kind: str, clock: Clock = timezone.now
    ) -> None:
        self._session_id = session_id
        self._participant_id = participant_id
        self._feed = feed
        self._kind = kind
        self._clock = clock
        self._arrives: dict[str, bool] = {}
        self._slow_since = float("-inf")
        self._is_over = False

    def tell(self, event: HandleEvent) -> Heard | None:
        """None: not worth keeping."""
        match event:
            case WebrtcUp():
                return self._heard(Kind.CONNECTED, detail=self._kind)
            case Media(kind=medium, receiving=receiving):
                return self._media(medium, receiving)
            case SlowLink(mid=_mid, uplink=True, lost=lost):
                return self._slow(lost)
            case Hangup(reason=reason) if not self._is_over:
                self._is_over = True
                return self._heard(Kind.DISCONNECTED, detail=reason)
            case Detached() if not self._is_over:
                self._is_over = True
                return self._heard(Kind.DISCONNECTED)
        return None

    def _media(self, medium: str, receiving: bool) -> Heard | None:
        before = self._arrives.get(medium)
        if medium not in {"audio", "video"} or before == receiving or (before is None and not receiving):
            return None
        self._arrives[medium] = receiving
        if not receiving:
            return self._heard(Kind.STALLED, medium)
        if before is None:
            return self._heard(Kind.FIRST_FRAME if medium == "video" else Kind.FIRST_SOUND, medium)
        return self._heard(Kind.RESUMED, medium)

    def _slow(self, lost: int) -> Heard | None:
        now = time.monotonic()
        if now - self._slow_since < SLOW_LINK_EVERY_S:
            return None
        self._slow_since = now
        return self._heard(Kind.SLOW_LINK, detail=f"{lost}/s")

    def _heard(self, kind: MediaEvent.Kind, medium: str = "", detail: str = "") -> Heard:
        return Heard(
            self._session_id, kind, self._clock(), self._participant_id, self._feed, medium, detail=detail
        )


class RoomStory:
    """Of a room: whose feeds are shown in it, held back, put out, and sent on to the Stage."""

    def __init__(self, session_id: UUID, clock: Clock = timezone.now) -> None:
        self._session_id = session_id
        self._clock = clock
        self._names: dict[int, UUID] = {}
        self._shown: set[int] = set()
        self._held_back: set[int] = set()
        self._forwarded: set[int] = set()

    def begin(self, feeds: Iterable[Feed]) -> None:
        """Those that are there already: when they came was told to somebody else, or to nobody."""
        for feed in feeds:
            self._learn(feed.feed_id, feed.display)
            if not feed.dummy:
                self._shown.add(feed.feed_id)
                if any(stream.moderated for stream in feed.streams if stream.kind == "audio"):
                    self._held_back.add(feed.feed_id)

    def tell(self, event: HandleEvent) -> list[Heard]:
        match event:
            case Joining(feed_id=feed, display=display):
                self._learn(feed, display)
            case PublishersAppeared(feeds=feeds):
                return self._appeared(feeds)
            case Kicked(feed_id=feed):
                return self._gone(feed, Kind.KICKED)
            case Unpublished(feed_id=feed) | Left(feed_id=int() as feed):
                return self._gone(feed, Kind.UNPUBLISHED)
            case Moderated(feed_id=feed, muted=muted) if muted != (feed in self._held_back):
                (self._held_back.add if muted else self._held_back.discard)(feed)
                return [self._heard(Kind.HELD_BACK if muted else Kind.LET_THROUGH, feed)]
            case RoomDestroyed():
                self._shown.clear()
        return []

    def forwarded(self, feed: int, slot: int) -> list[Heard]:
        self._forwarded.add(feed)
        return [self._heard(Kind.FORWARDED, feed, detail=str(slot))]

    def forward_ended(self, feed: int) -> list[Heard]:
        """Once for each feed, however many streams it had."""
        if feed not in self._forwarded:
            return []
        self._forwarded.discard(feed)
        return [self._heard(Kind.FORWARD_ENDED, feed)]

    def _appeared(self, feeds: Iterable[Feed]) -> list[Heard]:
        told = []
        for feed in feeds:
            self._learn(feed.feed_id, feed.display)
            # Janus says it again when a feed changes its media.
            if not feed.dummy and feed.feed_id not in self._shown:
                self._shown.add(feed.feed_id)
                told.append(self._heard(Kind.PUBLISHED, feed.feed_id))
        return told

    def _gone(self, feed: int, kind: MediaEvent.Kind) -> list[Heard]:
        """Told once, whatever Janus calls it afterwards. What was sent on of it ends with it."""
        if feed not in self._shown:
            return []
        told = [self._heard(kind, feed), *self.forward_ended(feed)]
        self._shown.discard(feed)
        self._held_back.discard(feed)
        self._names.pop(feed, None)
        return told

    def _learn(self, feed: int, display: str) -> None:
        """Publishers of ours are called by their participant's id."""
        try:
            self._names[feed] = UUID(display)
        except ValueError:
            return

    def _heard(self, kind: MediaEvent.Kind, feed: int, detail: str = "") -> Heard:
        return Heard(self._session_id, kind, self._clock(), self._names.get(feed), feed, detail=detail)
