"""The history by pages, and catching up with what came and went in the meantime."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat import selectors, services
from chat.messages import DELETIONS, PAGE
from chat.models import Mention, Message, Room
from events.models import User
from tests.integration.chat.conftest import Say
from tests.integration.chat.history import snapshot, written

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_history_pages_upwards(event_room: Room, ada: User) -> None:
    written(event_room, ada, 2 * PAGE + 1)
    newest = snapshot(event_room, ada)
    assert [message.number for message in newest.messages] == list(range(PAGE + 2, 2 * PAGE + 2))
    assert newest.more
    page = selectors.older(event_room, before=PAGE + 2, timed=False)
    assert [message.number for message in page.messages] == list(range(2, PAGE + 2))
    assert page.more
    first = selectors.older(event_room, before=2, timed=False)
    assert ([message.number for message in first.messages], first.more) == ([1], False)
    assert selectors.older(event_room, before=1, timed=False).messages == []


def test_the_history_asks_as_often_for_many_as_for_one(
    event_room: Room, ada: User, olivia: User, say: Say, django_assert_num_queries: Any
) -> None:
    say(ada, event_room, "@Olivia Marsh")
    asked: list[Callable[[], object]] = [
        lambda: snapshot(event_room, olivia),
        lambda: selectors.older(event_room, before=1000, timed=True),
        lambda: selectors.catch_up(event_room.pk, revision=0, after=0, timed=True),
    ]
    counts = []
    for ask in asked:
        with CaptureQueriesContext(connection) as context:
            ask()
        counts.append(len(context))
    for author in (ada, olivia):
        for message in written(event_room, author, 20):
            Message.objects.filter(pk=message.pk).update(text="@Ada Kovač")
            Mention.objects.create(message=message, person=ada, name="Ada Kovač")
    for ask, count in zip(asked, counts, strict=True):
        with django_assert_num_queries(count):
            ask()


def test_catching_up_tells_what_came_and_what_went(
    event_room: Room, ada: User, olivia: User, say: Say
) -> None:
    before, gone = say(ada, event_room, "Before"), say(ada, event_room, "Gone")
    event_room.refresh_from_db()
    seen = event_room.revision
    late = say(ada, event_room, "Late")
    fleeting = say(ada, event_room, "Fleeting")
    for message in (gone, fleeting):
        services.delete(actor=olivia, room=event_room, message_id=message.pk)
    answer = selectors.catch_up(event_room.pk, revision=seen, after=gone.number, timed=False)
    assert [message.id for message in answer.messages] == [str(late.pk)]
    # The fleeting one, too: whoever sent it was answered it, and may not have been told that it went.
    # And not whose they were: who asks may have come later than they went.
    assert answer.deleted == [str(gone.pk), str(fleeting.pk)]
    assert (answer.more, answer.revision) == (False, 6)
    assert str(before.pk) not in answer.deleted


def test_catching_up_is_paged_in_both_directions(event_room: Room, ada: User, olivia: User) -> None:
    old = written(event_room, ada, DELETIONS + 10)
    now = timezone.now()
    event_room.refresh_from_db()
    seen = event_room.revision
    for step, message in enumerate(old, start=1):
        Message.objects.filter(pk=message.pk).update(text="", deleted_at=now, deletion_revision=seen + step)
    Room.objects.filter(pk=event_room.pk).update(revision=seen + len(old))
    written(event_room, ada, PAGE + 5)
    deleted: list[str] = []
    come: list[int] = []
    revision, after, rounds, more = seen, old[-1].number, 0, True
    while more:
        answer = selectors.catch_up(event_room.pk, revision=revision, after=after, timed=False)
        deleted += answer.deleted
        come += [message.number for message in answer.messages]
        revision, more = answer.revision, answer.more
        after = come[-1] if come else after
        rounds += 1
        assert rounds < 10
    assert sorted(deleted) == sorted(str(message.pk) for message in old)
    assert come == list(range(DELETIONS + 11, DELETIONS + 11 + PAGE + 5))
    event_room.refresh_from_db()
    assert revision == event_room.revision
