"""One handle in each room in use, to hear what cannot be asked for: who talks, and whose sound is held back."""

from collections.abc import Callable, Mapping

from backstage.media.media_log import MediaLog
from backstage.media.stories import RoomStory
from backstage.stagehand.talking import Voices
from janus import videoroom
from janus.errors import JanusError
from janus.events import Detached, HandleEvent, Joining, Left, Moderated, RoomDestroyed, Talking
from janus.session import JanusHandle, JanusSession, Plugin

#: What stands among a room's participants for us.
DISPLAY = "stagehand"


class RoomEar:
    """`story`: what is worth keeping of it goes into the log.

    `held_back`: by feed, whether Janus lets its sound through no more; a feed that is not in it is not known.

    Janus 1.1.2 tells this on joining, of those who publish, and whenever it changes; `listparticipants` does not
    say it, and the notice of a new publisher leaves it out for sound:
    https://github.com/meetecho/janus-gateway/blob/v1.1.2/src/plugins/janus_videoroom.c#L4140
    """

    def __init__(self, room: int, changed: Callable[[], None], log: MediaLog, story: RoomStory) -> None:
        self.room = room
        self._log = log
        self._story = story
        self.voices = Voices()
        self._changed = changed
        self._handle: JanusHandle | None = None
        self._held_back: dict[int, bool] = {}
        self._is_over = False

    @property
    def is_listening(self) -> bool:
        return self._handle is not None and not self._handle.session.lost and not self._is_over

    @property
    def held_back(self) -> Mapping[int, bool]:
        return self._held_back if self.is_listening else {}

    async def listen(self, session: JanusSession) -> None:
        """Raises JanusError."""
        handle = await session.attach(Plugin.VIDEOROOM, self._on_event)
        try:
            joined = await videoroom.join_observer(handle, self.room, DISPLAY)
            present = await videoroom.list_participants(handle, self.room)
        except JanusError:
            await handle.detach()
            raise
        self._story.begin(joined.feeds)
        for feed in joined.feeds:
            sound = [stream.moderated for stream in feed.streams if stream.kind == "audio"]
            self._held_back.setdefault(feed.feed_id, any(sound))
        for person in present:
            # Only changes are told from here on.
            if person.talking:
                self.voices.note(person.feed_id, True)
        self._handle = handle

    def distrust(self) -> None:
        """The link to Janus was away, and with it perhaps something that was told: listen anew."""
        self._is_over = True

    async def end(self) -> None:
        """Raises JanusError; it is over all the same."""
        self._is_over = True
        if self._handle is not None and not self._handle.session.lost:
            await self._handle.detach()

    def _on_event(self, event: HandleEvent) -> None:
        """In the receive loop: it only notes."""
        self._log.note(*self._story.tell(event))
        match event:
            case Talking(feed_id=feed, talking=talking):
                self.voices.note(feed, talking)
            case Moderated(feed_id=feed, muted=muted):
                self._held_back[feed] = muted
            case Joining(feed_id=feed):
                self._held_back[feed] = False
            case Left(feed_id=int() as feed):
                self._held_back.pop(feed, None)
                self.voices.forget(feed)
            case RoomDestroyed() | Detached():
                self._is_over = True
        self._changed()
