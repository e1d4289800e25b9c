"""What is worth keeping of what Janus tells, and once each."""

from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from backstage.media import stories
from backstage.media.stories import FeedStory, RoomStory
from backstage.models import MediaEvent
from janus.events import (
    Detached,
    Feed,
    FeedStream,
    HandleEvent,
    Hangup,
    Joining,
    Kicked,
    Left,
    Media,
    Moderated,
    PublishersAppeared,
    SlowLink,
    Talking,
    Trickled,
    Unpublished,
    WebrtcUp,
)

Kind = MediaEvent.Kind
SESSION, SAM, ROSA = uuid4(), uuid4(), uuid4()


def feed_story(*events: HandleEvent) -> list[tuple[Kind, str]]:
    story = FeedStory(SESSION, SAM, 7, "camera", timezone.now)
    told = [heard for event in events if (heard := story.tell(event)) is not None]
    assert all((each.session_id, each.participant_id, each.feed) == (SESSION, SAM, 7) for each in told)
    return [(each.kind, each.medium) for each in told]


def media(kind: str, receiving: bool) -> Media:
    return Media("0", kind, receiving)


def test_a_feed_connects_shows_a_first_frame_stalls_and_comes_back() -> None:
    assert feed_story(
        Trickled(None),
        WebrtcUp(),
        media("audio", True),
        media("video", True),
        media("video", True),
        media("video", False),
        media("video", False),
        media("video", True),
        Hangup("DTLS alert"),
        Detached(),
    ) == [
        (Kind.CONNECTED, ""),
        (Kind.FIRST_SOUND, "audio"),
        (Kind.FIRST_FRAME, "video"),
        (Kind.STALLED, "video"),
        (Kind.RESUMED, "video"),
        (Kind.DISCONNECTED, ""),
    ]


def test_nothing_stalls_that_never_came() -> None:
    assert feed_story(media("video", False), media("data", True)) == []


def test_a_slow_link_is_told_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(stories.time, "monotonic", lambda: now[0])
    story = FeedStory(SESSION, SAM, 7, "camera")
    told = []
    for second in range(25):
        now[0] = 100.0 + second
        told.append(story.tell(SlowLink("1", True, 12)) is not None)
    assert [second for second, each in enumerate(told) if each] == [0, 10, 20]
    assert story.tell(SlowLink("1", False, 12)) is None, "the way to them is not their fault"


def room_story(*events: HandleEvent, there: tuple[Feed, ...] = ()) -> list[tuple[Kind, int, UUID | None]]:
    story = RoomStory(SESSION)
    story.begin(there)
    told = [heard for event in events for heard in story.tell(event)]
    return [(each.kind, each.feed or 0, each.participant_id) for each in told]


def feed(number: int, who: UUID, *, moderated: bool = False, dummy: bool = False) -> Feed:
    return Feed(number, str(who), dummy, (FeedStream("0", "audio", moderated=moderated),))


def test_a_room_tells_of_each_feed_once_however_often_janus_does() -> None:
    assert room_story(
        PublishersAppeared((feed(7, SAM), feed(1, ROSA, dummy=True))),
        PublishersAppeared((feed(7, SAM),)),
        Talking(7, "0", True, 40.0),
        Moderated(7, "0", True),
        Moderated(7, "0", True),
        Moderated(7, "0", False),
        Unpublished(7),
        Left(7),
    ) == [
        (Kind.PUBLISHED, 7, SAM),
        (Kind.HELD_BACK, 7, SAM),
        (Kind.LET_THROUGH, 7, SAM),
        (Kind.UNPUBLISHED, 7, SAM),
    ]


def test_who_was_there_before_is_known_by_name_and_not_told_as_new() -> None:
    assert room_story(
        Moderated(7, "0", True),
        PublishersAppeared((feed(7, SAM),)),
        Moderated(7, "0", False),
        Kicked(7),
        Left(7),
        there=(feed(7, SAM, moderated=True),),
    ) == [(Kind.LET_THROUGH, 7, SAM), (Kind.KICKED, 7, SAM)]


def test_names_that_are_not_ours_are_nobodys() -> None:
    assert room_story(Joining(9, "stagehand"), PublishersAppeared((Feed(9, "Robert'); --"),))) == [
        (Kind.PUBLISHED, 9, None)
    ]


def test_what_is_forwarded_ends_with_its_feed_and_once() -> None:
    story = RoomStory(SESSION)
    story.tell(PublishersAppeared((feed(7, SAM), feed(8, ROSA))))
    told = [*story.forwarded(7, 1), *story.forwarded(8, 2)]
    told += [*story.forward_ended(8), *story.forward_ended(8)]
    told += [*story.tell(Unpublished(7)), *story.forward_ended(7)]
    assert [(each.kind, each.participant_id) for each in told] == [
        (Kind.FORWARDED, SAM),
        (Kind.FORWARDED, ROSA),
        (Kind.FORWARD_ENDED, ROSA),
        (Kind.UNPUBLISHED, SAM),
        (Kind.FORWARD_ENDED, SAM),
    ]
