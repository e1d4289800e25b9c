"""Sending, deleting, muting, reading: what is stored, what is told, and what is refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backstage import services as backstage
from backstage.models import BackstageSession, Broadcast
from chat import selectors, services
from chat.messages import DELETIONS, LONGEST_MESSAGE, MOST_UNREAD, PAGE
from chat.models import ChatMute, Mention, Message, ReadMark, Room
from chat.services import deleting, writing
from chat.services.announcing import locked
from events.models import Block, User
from moderation.models import AuditEntry
from tests.factories import EventFactory, StageFactory, UserFactory
from tests.integration.chat.conftest import Refusal, Say, Somebody

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def written(room: Room, author: User, count: int, **fields: Any) -> list[Message]:
    """Many at once, long ago."""
    Message.objects.filter(room=room)
    room.refresh_from_db()
    made = Message.objects.bulk_create(
        Message(
            room=room,
            number=room.last_number + number,
            author=author,
            text=f"Message {room.last_number + number}",
            created_at=timezone.now() - timedelta(hours=1),
            **fields,
        )
        for number in range(1, count + 1)
    )
    room.last_number += count
    room.revision += count
    room.save()
    return made


def snapshot(room: Room, user: User) -> Any:
    return selectors.snapshot(*services.check_reading(room=room, actor=user), user)[0]


def texts(room: Room, user: User) -> list[str]:
    return [message.text for message in snapshot(room, user).messages]


# --- sending -------------------------------------------------------------------------------------------------------
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


def test_what_was_deleted_does_not_come_back_when_sent_again(
    event_room: Room, ada: User, say: Say, refusal: Refusal
) -> None:
    client_id = uuid4()
    message = say(ada, event_room, client_id=client_id)
    services.delete(actor=ada, room=event_room, message_id=message.pk)
    assert refusal(lambda: say(ada, event_room, client_id=client_id)) == "message.gone"
    assert texts(event_room, ada) == []


@pytest.mark.parametrize("text", ["", " \n ", "\u200b\u202e\x00"])
def test_nothing_is_no_message(event_room: Room, ada: User, say: Say, refusal: Refusal, text: str) -> None:
    assert refusal(lambda: say(ada, event_room, text)) == "message.empty"


def test_500_characters_as_people_count_them(event_room: Room, ada: User, say: Say, refusal: Refusal) -> None:
    # Two code points each, until they are composed; and what nobody sees is not counted.
    longest = "e\u0301" * LONGEST_MESSAGE + "\u200b"
    assert say(ada, event_room, longest).text == "é" * LONGEST_MESSAGE
    assert refusal(lambda: say(ada, event_room, "x" * (LONGEST_MESSAGE + 1))) == "message.too_long"


def test_five_messages_in_five_seconds_in_all_rooms_together(
    event_room: Room, backstage_room: Room, sam: User, ada: User, say: Say, refusal: Refusal
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


def test_deleting_does_not_make_room_for_more(
    event_room: Room, ada: User, say: Say, refusal: Refusal
) -> None:
    for _ in range(5):
        services.delete(actor=ada, room=event_room, message_id=say(ada, event_room).pk)
    assert refusal(lambda: say(ada, event_room)) == "message.too_fast"


def test_a_refusal_takes_no_number(event_room: Room, ada: User, say: Say, refusal: Refusal) -> None:
    for _ in range(5):
        say(ada, event_room)
    refusal(lambda: say(ada, event_room))
    event_room.refresh_from_db()
    assert (event_room.last_number, event_room.revision) == (5, 5)


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


# --- mentions ------------------------------------------------------------------------------------------------------
def test_mentions_are_those_who_may_read_it(
    session: BackstageSession,
    event_room: Room,
    backstage_room: Room,
    somebody: Somebody,
    olivia: User,
    say: Say,
) -> None:
    sam, samuel = somebody("Sam", inside=True), somebody("Sam Barnes")
    blocked = somebody("Tom Hale")
    backstage_services_block(session, olivia, blocked)
    UserFactory(display_name="Stranger")
    message = say(olivia, event_room, "@Sam Barnes, @Sam: ask @Tom Hale or @Stranger, not x@Sam")
    assert dict(message.mentions.values_list("person_id", "name")) == {sam.pk: "Sam", samuel.pk: "Sam Barnes"}
    # Who is not inside cannot read it.
    message = say(olivia, backstage_room, "@Sam Barnes and @Sam")
    assert list(message.mentions.values_list("person_id", flat=True)) == [sam.pk]
    assert [each.name for each in snapshot(event_room, sam).messages[0].mentions] == ["Sam", "Sam Barnes"]


def backstage_services_block(session: BackstageSession, by: User, user: User) -> None:
    from events import services as events

    events.block(actor=by, event=session.stage.event, user=user)


def test_people_are_found_by_the_beginning_of_any_word(
    session: BackstageSession, event_room: Room, backstage_room: Room, somebody: Somebody, olivia: User
) -> None:
    sam = somebody("Sam Barnes", inside=True)
    barbara = somebody("Barbara Stone")
    backstage_services_block(session, olivia, somebody("Bart Blocked"))
    UserFactory(display_name="Baron Stranger")

    def found(room: Room, beginning: str) -> list[tuple[int, str]]:
        return [(each.person, each.role) for each in selectors.find_people(room, sam, beginning).people]

    assert found(event_room, "bar") == [(barbara.pk, "")], "not oneself"
    assert found(event_room, "STO") == [(barbara.pk, "")]
    assert found(event_room, "arbara") == []
    assert found(event_room, "%") == []
    assert found(event_room, "") == [(barbara.pk, ""), (olivia.pk, "organizer")]
    assert found(backstage_room, "") == [(olivia.pk, "organizer")]


def test_eight_people_are_found_with_as_many_questions_as_one(
    event_room: Room, somebody: Somebody, ada: User, django_assert_num_queries: Any
) -> None:
    somebody("Zed 0")
    with CaptureQueriesContext(connection) as one:
        selectors.find_people(event_room, ada, "Zed")
    for number in range(1, 12):
        somebody(f"Zed {number}")
    with django_assert_num_queries(len(one)):
        assert len(selectors.find_people(event_room, ada, "Zed").people) == 8


def test_of_two_people_of_one_name_whom_the_author_chose(
    event_room: Room, somebody: Somebody, sam: User, say: Say
) -> None:
    one, other = somebody("Ada Kovač"), somebody("Ada Kovač")

    def named(text: str, *chosen: int) -> set[int]:
        Message.objects.update(created_at=timezone.now() - timedelta(hours=1))
        return set(say(sam, event_room, text, mentions=chosen).mentions.values_list("person_id", flat=True))

    assert named("@Ada Kovač?", other.pk) == {other.pk}
    assert named("@Ada Kovač and @Ada Kovač", one.pk, other.pk) == {one.pk, other.pk}
    # Typed by hand: nobody knows who is meant, so nobody is left out.
    assert named("@Ada Kovač?") == {one.pk, other.pk}
    # Chosen, and then written over; or by somebody who means no good.
    assert named("@Sam Barnes?", other.pk) == {sam.pk}
    assert named("Nobody", other.pk) == set()
    assert named("@Ada Kovač?", UserFactory(display_name="Ada Kovač").pk) == {one.pk, other.pk}


# --- what the audience saw -----------------------------------------------------------------------------------------
@pytest.fixture
def on_air(session: BackstageSession) -> Broadcast:
    return Broadcast.objects.create(
        backstage_session=session, delay_s=12, on_air_at=timezone.now() - timedelta(minutes=1)
    )


def test_a_message_says_what_its_author_was_seeing(
    session: BackstageSession, event_room: Room, on_air: Broadcast, ada: User, say: Say
) -> None:
    written_at = timezone.now() - timedelta(seconds=1)
    message = say(ada, event_room, stage_id=session.stage_id, written_at=written_at)
    assert message.seen_at == written_at - timedelta(seconds=12)
    assert message.stage == session.stage
    assert selectors.as_message(message, timed=True).seen_at is not None
    assert selectors.as_message(message, timed=False).seen_at is None


@pytest.mark.parametrize("ended", ["not_yet", "ended", "cut", "nowhere", "elsewhere", "backstage"])
def test_or_nothing_where_the_stage_was_not_on_air(
    session: BackstageSession,
    event_room: Room,
    backstage_room: Room,
    on_air: Broadcast,
    sam: User,
    say: Say,
    ended: str,
) -> None:
    now = timezone.now()
    changed = {
        "not_yet": {"on_air_at": None},
        "ended": {"ended_at": now, "stopped_at": now},
        "cut": {"cut_at": now, "stopped_at": now},
    }.get(ended)
    if changed:
        Broadcast.objects.update(**changed)
    stage_id = {"nowhere": None, "elsewhere": StageFactory().pk}.get(ended, session.stage_id)
    if ended == "elsewhere":
        other = backstage.backstage_of(StageFactory())
        Broadcast.objects.create(backstage_session=other, delay_s=12, on_air_at=on_air.on_air_at)
        stage_id = other.stage_id
    room = backstage_room if ended == "backstage" else event_room
    message = say(sam, room, stage_id=stage_id, written_at=timezone.now())
    assert (message.seen_at, message.stage) == (None, None)


@pytest.mark.parametrize("ago_s", [3.5, -3.5, 3600, None])
def test_or_nothing_where_nobody_can_say_when_it_was_written(
    session: BackstageSession,
    event_room: Room,
    on_air: Broadcast,
    ada: User,
    say: Say,
    ago_s: float | None,
) -> None:
    """Without a line it waited; or the page's clock is no clock."""
    written_at = None if ago_s is None else timezone.now() - timedelta(seconds=ago_s)
    message = say(ada, event_room, stage_id=session.stage_id, written_at=written_at)
    assert (message.seen_at, message.stage) == (None, None)


def test_what_is_written_in_the_future_is_written_now(
    session: BackstageSession, event_room: Room, on_air: Broadcast, ada: User, say: Say
) -> None:
    """Clocks are never quite alike; and nobody has seen what is not shown yet."""
    written_at = timezone.now() + timedelta(seconds=2)
    message = say(ada, event_room, stage_id=session.stage_id, written_at=written_at)
    assert message.seen_at is not None
    assert message.seen_at <= message.created_at - timedelta(seconds=12)


# --- the history ---------------------------------------------------------------------------------------------------
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


def test_sending_takes_few_questions(event_room: Room, ada: User, say: Say) -> None:
    with CaptureQueriesContext(connection) as context:
        say(ada, event_room)
    kinds = [query["sql"].split()[0] for query in context]
    assert [kind for kind in kinds if kind in {"SELECT", "INSERT", "UPDATE"}] == [
        *["SELECT"] * 5,
        "INSERT",
        "UPDATE",
    ]


# --- catching up ---------------------------------------------------------------------------------------------------
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


# --- deleting ------------------------------------------------------------------------------------------------------
def test_an_author_deletes_for_five_minutes(event_room: Room, ada: User, say: Say, refusal: Refusal) -> None:
    message, old = say(ada, event_room, "@Ada Kovač secret"), say(ada, event_room, "Old")
    Message.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(minutes=5, seconds=1))
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(minutes=4, seconds=58))
    services.delete(actor=ada, room=event_room, message_id=message.pk)
    message.refresh_from_db()
    assert (message.text, message.deleted_by, message.author) == ("", ada, ada)
    assert not Mention.objects.exists()
    assert (
        refusal(lambda: services.delete(actor=ada, room=event_room, message_id=old.pk)) == "message.too_late"
    )
    assert texts(event_room, ada) == ["Old"]
    assert not AuditEntry.objects.exists(), "one's own is nobody's business"


def test_an_organizer_deletes_always_and_it_is_recorded(
    session: BackstageSession, event_room: Room, backstage_room: Room, olivia: User, sam: User, say: Say
) -> None:
    for room in (event_room, backstage_room):
        message = say(sam, room, "Secret")
        Message.objects.update(created_at=timezone.now() - timedelta(days=1))
        for _ in range(2):
            services.delete(actor=olivia, room=room, message_id=message.pk)
        room.refresh_from_db()
        assert room.revision == 2
        assert texts(room, olivia) == []
    entries = AuditEntry.objects.filter(action="message_deleted").order_by("at")
    assert [(entry.actor, entry.target, entry.event, entry.backstage_session) for entry in entries] == [
        (olivia, sam, session.stage.event, None),
        (olivia, sam, session.stage.event, session),
    ]
    assert "Secret" not in str(list(AuditEntry.objects.values()) + list(Message.objects.values()))


def test_nobody_else_deletes(
    event_room: Room, backstage_room: Room, olivia: User, sam: User, ada: User, say: Say, refusal: Refusal
) -> None:
    message = say(ada, event_room)
    stranger = UserFactory()
    other_organizer = UserFactory()
    EventFactory(organizers=[other_organizer])

    def delete(actor: User, room: Room = event_room) -> str:
        return refusal(lambda: services.delete(actor=actor, room=room, message_id=message.pk))

    assert delete(sam) == "message.not_yours"
    assert delete(stranger) == "not_registered"
    assert delete(other_organizer) == "not_registered"
    assert delete(olivia, backstage_room) == "message.unknown"
    assert texts(event_room, ada) == ["Hello"]


# --- what happens while one waits for the room ---------------------------------------------------------------------
@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Something that is done before whoever waits for a room gets it."""

    def do(work: Callable[[], object]) -> None:
        @contextmanager
        def delayed(room_id: UUID) -> Iterator[Room]:
            work()
            with locked(room_id) as room:
                yield room

        for module in (writing, deleting):
            monkeypatch.setattr(module, "locked", delayed)

    return do


def test_whoever_is_muted_or_blocked_while_they_wait_sends_nothing(
    session: BackstageSession,
    event_room: Room,
    olivia: User,
    ada: User,
    say: Say,
    refusal: Refusal,
    meanwhile: Any,
) -> None:
    event = session.stage.event
    own = say(ada, event_room, "Before")
    meanwhile(lambda: services.mute(actor=olivia, event=event, person_id=ada.pk, muted=True))
    assert refusal(lambda: say(ada, event_room)) == "chat.muted"
    meanwhile(lambda: Block.objects.create(event=event, user=ada))
    assert refusal(lambda: say(ada, event_room)) == "blocked"
    meanwhile(lambda: None)
    assert refusal(lambda: services.delete(actor=ada, room=event_room, message_id=own.pk)) == "blocked"
    assert texts(event_room, olivia) == ["Before"]


def test_whoever_is_demoted_while_they_wait_deletes_nothing_of_others(
    session: BackstageSession,
    event_room: Room,
    olivia: User,
    ada: User,
    say: Say,
    refusal: Refusal,
    meanwhile: Any,
) -> None:
    message = say(ada, event_room)
    meanwhile(lambda: session.stage.event.organizers.remove(olivia))
    assert (
        refusal(lambda: services.delete(actor=olivia, room=event_room, message_id=message.pk))
        == "message.not_yours"
    )


# --- muting --------------------------------------------------------------------------------------------------------
def test_the_muted_read_and_do_not_write(
    session: BackstageSession,
    event_room: Room,
    backstage_room: Room,
    olivia: User,
    sam: User,
    say: Say,
    refusal: Refusal,
) -> None:
    event = session.stage.event
    for _ in range(2):
        services.mute(actor=olivia, event=event, person_id=sam.pk, muted=True)
    for room in (event_room, backstage_room):
        with pytest.raises(Exception, match="You have been muted by the organizer"):
            say(sam, room)
        assert snapshot(room, sam).me.muted
        assert [each.person for each in snapshot(room, olivia).muted_people] == [sam.pk]
        assert snapshot(room, sam).muted_people == []
    for _ in range(2):
        services.mute(actor=olivia, event=event, person_id=sam.pk, muted=False)
    say(sam, event_room)
    assert list(AuditEntry.objects.order_by("at").values_list("action", "target_name")) == [
        ("chat_muted", "Sam Barnes"),
        ("chat_unmuted", "Sam Barnes"),
    ]


def test_what_was_sent_before_the_mute_is_known_when_sent_again(
    session: BackstageSession, event_room: Room, olivia: User, ada: User, say: Say
) -> None:
    client_id = uuid4()
    message = say(ada, event_room, client_id=client_id)
    services.mute(actor=olivia, event=session.stage.event, person_id=ada.pk, muted=True)
    assert say(ada, event_room, client_id=client_id) == message


def test_who_may_be_muted_by_whom(
    session: BackstageSession,
    event_room: Room,
    olivia: User,
    sam: User,
    ada: User,
    say: Say,
    refusal: Refusal,
) -> None:
    def mute(actor: User, person: int) -> str:
        return refusal(
            lambda: services.mute(actor=actor, event=session.stage.event, person_id=person, muted=True)
        )

    other = UserFactory()
    EventFactory(organizers=[other])
    assert mute(sam, ada.pk) == "forbidden"
    assert mute(other, ada.pk) == "forbidden"
    assert mute(olivia, olivia.pk) == "chat.mute_organizer"
    assert mute(olivia, UserFactory().pk) == mute(olivia, 10**9) == "chat.person_unknown"
    assert not ChatMute.objects.exists()


def test_organizers_find_whom_they_have_muted(
    session: BackstageSession,
    event_room: Room,
    olivia: User,
    somebody: Somebody,
    say: Say,
    django_assert_num_queries: Any,
) -> None:
    """Whoever never wrote, whose messages are all deleted, and who is not registered any more."""
    event = session.stage.event
    silent, deleted, gone = somebody("Silent"), somebody("Deleted"), somebody("Gone")
    message = say(deleted, event_room)
    services.mute(actor=olivia, event=event, person_id=silent.pk, muted=True)
    with CaptureQueriesContext(connection) as one:
        selectors.muted_people(event_room)
    for person in (deleted, gone):
        services.mute(actor=olivia, event=event, person_id=person.pk, muted=True)
    services.delete(actor=olivia, room=event_room, message_id=message.pk)
    gone.registrations.all().delete()
    elsewhere = StageFactory().event
    ChatMute.objects.create(event=elsewhere, user=UserFactory())
    with django_assert_num_queries(len(one)):
        found = selectors.muted_people(event_room)
    assert [each.name for each in found] == ["Silent", "Deleted", "Gone"]
    for person in (silent, deleted, gone):
        services.mute(actor=olivia, event=event, person_id=person.pk, muted=False)
    assert selectors.muted_people(event_room) == []


def test_nobody_reads_of_a_muted_person_what_they_did_not_show(
    session: BackstageSession, event_room: Room, olivia: User
) -> None:
    nameless = UserFactory(display_name="")
    ChatMute.objects.create(event=session.stage.event, user=nameless)
    [person] = selectors.muted_people(event_room)
    assert person.name == "Attendee"
    assert nameless.email not in str(person)


def test_a_mute_ends_for_an_organizer(
    session: BackstageSession, event_room: Room, olivia: User, ada: User, say: Say
) -> None:
    services.mute(actor=olivia, event=session.stage.event, person_id=ada.pk, muted=True)
    session.stage.event.organizers.add(ada)
    say(ada, event_room)
    assert not snapshot(event_room, ada).me.muted


# --- reading -------------------------------------------------------------------------------------------------------
def test_unread_are_those_of_others_that_are_there(event_room: Room, ada: User, sam: User, say: Say) -> None:
    say(ada, event_room)
    gone = say(sam, event_room)
    say(sam, event_room)
    assert snapshot(event_room, ada).unread == 2
    services.delete(actor=sam, room=event_room, message_id=gone.pk)
    assert snapshot(event_room, ada).unread == 1
    assert services.mark_read(actor=ada, room=event_room, number=3) == 3
    assert (snapshot(event_room, ada).unread, snapshot(event_room, ada).read_up_to) == (0, 3)
    assert services.mark_read(actor=ada, room=event_room, number=1) == 3, "nobody unreads"
    assert services.mark_read(actor=ada, room=event_room, number=10**6) == 3, "nor reads what is to come"
    assert ReadMark.objects.get().number == 3
    written(event_room, sam, MOST_UNREAD + 5)
    assert snapshot(event_room, ada).unread == MOST_UNREAD


# --- what the database holds ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "broken",
    [
        {"number": 1},
        {"number": 0},
        {"text": ""},
        {"deleted_at": timezone.now()},
        {"text": "", "deleted_at": timezone.now()},
        {"deletion_revision": 3},
    ],
)
def test_the_database_refuses_broken_messages(
    event_room: Room, ada: User, say: Say, broken: dict[str, Any]
) -> None:
    say(ada, event_room)
    values = {"room": event_room, "number": 2, "author": ada, "text": "x", **broken}
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(**values)


def test_the_database_refuses_a_second_sending_and_a_second_room(
    session: BackstageSession, event_room: Room, backstage_room: Room, ada: User, say: Say
) -> None:
    message = say(ada, event_room)
    for make in (
        lambda: Message.objects.create(
            room=event_room, number=2, author=ada, text="x", client_id=message.client_id
        ),
        lambda: Room.objects.create(kind="event", event=event_room.event),
        lambda: Room.objects.create(kind="backstage", event=event_room.event),
        lambda: Room.objects.create(kind="event", event=EventFactory(), backstage_session=session),
        lambda: Room.objects.create(kind="backstage", event=event_room.event, backstage_session=session),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()
