"""Whom a message mentions, and who is found to be mentioned."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backstage.models import BackstageSession
from chat import selectors, services
from chat.models import Message, Room
from events import services as events
from events.models import User
from tests.factories import UserFactory
from tests.integration.chat.conftest import Say, Somebody
from tests.integration.chat.history import snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
    events.block(actor=olivia, event=session.stage.event, user=blocked)
    UserFactory(display_name="Stranger")
    message = say(olivia, event_room, "@Sam Barnes, @Sam: ask @Tom Hale or @Stranger, not x@Sam")
    assert dict(message.mentions.values_list("person_id", "name")) == {sam.pk: "Sam", samuel.pk: "Sam Barnes"}
    # Who is not inside cannot read it.
    message = say(olivia, backstage_room, "@Sam Barnes and @Sam")
    assert list(message.mentions.values_list("person_id", flat=True)) == [sam.pk]
    assert [each.name for each in snapshot(event_room, sam).messages[0].mentions] == ["Sam", "Sam Barnes"]


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


def test_people_are_found_by_the_beginning_of_any_word(
    session: BackstageSession, event_room: Room, backstage_room: Room, somebody: Somebody, olivia: User
) -> None:
    sam = somebody("Sam Barnes", inside=True)
    barbara = somebody("Barbara Stone")
    events.block(actor=olivia, event=session.stage.event, user=somebody("Bart Blocked"))
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


def test_many_who_mention_somebody_ask_as_often_as_one(
    event_room: Room, somebody: Somebody, sam: User
) -> None:
    writers = [somebody() for _ in range(32)]
    for number in range(32):
        somebody(f"Guest {number}")

    def sending(posts: list[services.Post]) -> tuple[int, list[list[str]]]:
        """How many queries, without those of SQLite that store a message each; and whom each mentions."""
        with CaptureQueriesContext(connection) as asked:
            outcomes = services.send_all(room=event_room, posts=posts)
        questions = [each for each in asked if not each["sql"].startswith('INSERT INTO "chat_message"')]
        return len(questions), [
            sorted(each.mentions.values_list("name", flat=True))
            for each in outcomes
            if isinstance(each, Message)
        ]

    def post(actor: User, text: str) -> services.Post:
        return services.Post(actor=actor, client_id=uuid4(), text=text)

    one, _ = sending([post(sam, "Hello @Guest 0")])
    many, mentioned = sending(
        [post(writer, f"@Guest {number} and @Sam Barnes.") for number, writer in enumerate(writers)]
    )
    assert mentioned == [[f"Guest {number}", "Sam Barnes"] for number in range(32)]
    assert many == one
