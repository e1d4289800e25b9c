"""Sending: what is stored, under which name, how often, and what is refused."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backstage import services as backstage
from backstage.models import BackstageSession
from chat import services
from chat.messages import LONGEST_MESSAGE
from chat.models import Message, Room
from events.models import Block, User
from hopin_backstage.realtime import Refused
from tests.integration.chat.conftest import Meanwhile, Say, Somebody
from tests.integration.chat.history import snapshot, texts
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_message_is_numbered_and_in_the_history(event_room: Room, ada: User, sam: User, say: Say) -> None:
    first, second = say(ada, event_room, "One"), say(sam, event_room, "Two")
    event_room.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert (event_room.last_number, event_room.revision) == (2, 2)
    assert texts(event_room, sam) == ["One", "Two"]
    told = snapshot(event_room, sam).messages[0]
    assert (told.author.person, told.author.name, told.author.role) == (ada.pk, "Ada Kovač", "")
    assert told.client_id == str(first.client_id)


def test_what_is_sent_again_is_stored_once(event_room: Room, ada: User, sam: User, say: Say) -> None:
    client_id = uuid4()
    first = say(ada, event_room, "Once", client_id=client_id)
    again = say(ada, event_room, "Once", client_id=client_id)
    assert again == first
    assert say(sam, event_room, "Mine", client_id=client_id) != first, "another person's is another"
    event_room.refresh_from_db()
    assert (event_room.last_number, event_room.revision) == (2, 2)


def test_what_is_sent_again_after_long_is_still_the_same(event_room: Room, ada: User, say: Say) -> None:
    client_id = uuid4()
    first = say(ada, event_room, client_id=client_id)
    Message.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert say(ada, event_room, client_id=client_id) == first


def test_what_is_sent_again_counts_once_and_comes_through_at_any_pace(
    event_room: Room, ada: User, say: Say
) -> None:
    client_id = uuid4()
    say(ada, event_room, client_id=client_id)
    for _ in range(4):
        say(ada, event_room)
    assert say(ada, event_room, client_id=client_id).number == 1


def test_what_was_deleted_does_not_come_back_when_sent_again(event_room: Room, ada: User, say: Say) -> None:
    client_id = uuid4()
    message = say(ada, event_room, client_id=client_id)
    services.delete(actor=ada, room=event_room, message_id=message.pk)
    assert refusal(lambda: say(ada, event_room, client_id=client_id)) == "message.gone"
    assert texts(event_room, ada) == []


@pytest.mark.parametrize("text", ["", " \n ", "\u200b\u202e\x00"])
def test_nothing_is_no_message(event_room: Room, ada: User, say: Say, text: str) -> None:
    assert refusal(lambda: say(ada, event_room, text)) == "message.empty"


def test_500_characters_as_people_count_them(event_room: Room, ada: User, say: Say) -> None:
    # Two code points each, until they are composed; and what nobody sees is not counted.
    longest = "e\u0301" * LONGEST_MESSAGE + "\u200b"
    assert say(ada, event_room, longest).text == "é" * LONGEST_MESSAGE
    assert refusal(lambda: say(ada, event_room, "x" * (LONGEST_MESSAGE + 1))) == "message.too_long"


def test_a_limit_is_said_with_what_to_do(event_room: Room, ada: User, say: Say) -> None:
    def sentence(text: str) -> str:
        with pytest.raises(Refused) as refused:
            say(ada, event_room, text)
        return refused.value.text

    assert (
        sentence("x" * 512)
        == "A message may have 500 characters, and yours has 512. Shorten it, then send it again."
    )
    for _ in range(5):
        say(ada, event_room)
    assert sentence("One more") == "You can send 5 messages in 5 seconds. Wait a moment, then send it again."


def test_five_messages_in_five_seconds_in_all_rooms_together(
    event_room: Room, backstage_room: Room, sam: User, ada: User, say: Say
) -> None:
    for room in (event_room, backstage_room, event_room, backstage_room, event_room):
        say(sam, room)
    for room in (event_room, backstage_room):
        assert refusal(lambda room=room: say(sam, room)) == "message.too_fast"
    say(ada, event_room)
    Message.objects.filter(author=sam, number=1).update(created_at=timezone.now() - timedelta(seconds=5.1))
    # Two rooms, so two of his messages are the first.
    say(sam, event_room)
    say(sam, backstage_room)
    assert refusal(lambda: say(sam, event_room)) == "message.too_fast"


def test_deleting_does_not_make_room_for_more(event_room: Room, ada: User, say: Say) -> None:
    for _ in range(5):
        services.delete(actor=ada, room=event_room, message_id=say(ada, event_room).pk)
    assert refusal(lambda: say(ada, event_room)) == "message.too_fast"


def test_a_refusal_takes_no_number(event_room: Room, ada: User, say: Say) -> None:
    for _ in range(5):
        say(ada, event_room)
    refusal(lambda: say(ada, event_room))
    event_room.refresh_from_db()
    assert (event_room.last_number, event_room.revision) == (5, 5)


ROOMS = pytest.mark.parametrize(("kind", "readings"), [("event_room", 5), ("backstage_room", 7)])


@pytest.mark.skipif(connection.vendor == "postgresql", reason="there several go together")
@ROOMS
def test_sending_takes_few_statements(
    request: pytest.FixtureRequest, kind: str, readings: int, sam: User, say: Say
) -> None:
    room = request.getfixturevalue(kind)
    with CaptureQueriesContext(connection) as context:
        say(sam, room)
    kinds = [query["sql"].split()[0] for query in context]
    assert [kind for kind in kinds if kind in {"SELECT", "INSERT", "UPDATE"}] == [
        *["SELECT"] * readings,
        "INSERT",
        "UPDATE",
    ]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has none")
@ROOMS
def test_sending_takes_two_round_trips(
    request: pytest.FixtureRequest, kind: str, readings: int, sam: User, say: Say
) -> None:
    room = request.getfixturevalue(kind)
    say(sam, room)
    with CaptureQueriesContext(connection) as context:
        say(sam, room)
    together = [re.findall("SELECT|INSERT|UPDATE|EXECUTE", query["sql"]) for query in context]
    assert [each for each in together if each] == [["EXECUTE"] * readings, ["EXECUTE"] * 2]


def test_whoever_is_muted_or_blocked_while_they_wait_sends_nothing(
    session: BackstageSession,
    event_room: Room,
    olivia: User,
    ada: User,
    say: Say,
    meanwhile: Meanwhile,
) -> None:
    event = session.stage.event
    own = say(ada, event_room, "Before")
    meanwhile(lambda: services.mute(actor=olivia, event=event, person_id=ada.pk, muted=True))
    assert refusal(lambda: say(ada, event_room)) == "chat.muted"
    meanwhile(lambda: Block.objects.create(event=event, user=ada))
    assert refusal(lambda: say(ada, event_room)) == "blocked"
    assert refusal(lambda: services.delete(actor=ada, room=event_room, message_id=own.pk)) == "blocked"
    assert texts(event_room, olivia) == ["Before"]


def test_who_is_organizer_or_speaker_is_kept_as_it_was(
    session: BackstageSession, event_room: Room, olivia: User, sam: User, ada: User, say: Say
) -> None:
    say(sam, event_room)
    participant = session.participants.get(user=sam)
    backstage.put_on_screen(participant=participant, microphone=True, camera=True)
    for who in (olivia, sam, ada):
        say(who, event_room)
    backstage.forget_return(event=session.stage.event, user=sam)
    told = snapshot(event_room, sam).messages
    assert [message.author.role for message in told] == ["", "organizer", "speaker", ""]


def test_a_name_is_never_an_address(event_room: Room, somebody: Somebody, say: Say) -> None:
    nameless = somebody()
    User.objects.filter(pk=nameless.pk).update(display_name="")
    say(nameless, event_room)
    assert snapshot(event_room, nameless).messages[0].author.name == "Attendee"


def test_whoever_closed_their_account_is_a_former_attendee(
    event_room: Room, ada: User, sam: User, say: Say
) -> None:
    say(ada, event_room, "I was here")
    ada.delete()
    author = snapshot(event_room, sam).messages[0].author
    assert (author.person, author.name, author.photo) == (None, "Former attendee", None)
