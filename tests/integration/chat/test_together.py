"""What several people send at once: each has the outcome that it would have had alone, in the same order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from backstage.models import BackstageSession
from chat import services
from chat.messages import LONGEST_MESSAGE
from chat.models import ChatMute, Message, Room
from chat.services import Post
from events.models import User
from hopin_backstage.realtime import Refused
from tests.factories import BlockFactory, UserFactory
from tests.integration.chat.conftest import Meanwhile, Say, Somebody
from tests.integration.chat.history import assert_without_gaps

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("no_pace_ends")]


def post(actor: User, text: str = "Hello", client_id: UUID | None = None) -> Post:
    return Post(actor=actor, client_id=client_id or uuid4(), text=text)


def told(outcome: services.Outcome) -> object:
    """What its author learns: the code of a refusal, or everything that is stored."""
    if isinstance(outcome, Refused):
        return outcome.code
    return (
        outcome.number,
        outcome.author_id,
        outcome.client_id,
        outcome.text,
        outcome.role,
        sorted(outcome.mentions.values_list("person__display_name", flat=True)),
    )


def together(room: Room, posts: Sequence[Post]) -> list[object]:
    return [told(outcome) for outcome in services.send_all(room=room, posts=posts)]


# --- as if each had been sent alone --------------------------------------------------------------------------------
PEOPLE = ["olivia", "sam", "ada", "muted", "blocked", "stranger", "hasty", "gone"]
TEXTS = ["Hello", "@Sam Barnes and @Ada Kovač", "", "x" * (LONGEST_MESSAGE + 1), "More"]
#: Who, the place of their client_id among a few, the text.
sendings = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.integers(0, 7), st.sampled_from(TEXTS)), min_size=4, max_size=16
)
#: How many of them are sent at once, again and again.
sizes = st.lists(st.integers(1, 9), min_size=1, max_size=4)


def one_by_one(room: Room, posts: Sequence[Post]) -> list[object]:
    def send(each: Post) -> services.Outcome:
        try:
            return services.send(room=room, post=each)
        except Refused as refusal:
            return refusal

    return [told(send(each)) for each in posts]


def in_batches(room: Room, posts: Sequence[Post], lengths: Sequence[int]) -> list[object]:
    outcomes: list[object] = []
    while len(outcomes) < len(posts):
        for length in lengths:
            outcomes += together(room, posts[len(outcomes) :][:length])
    return outcomes


@contextmanager
def undone() -> Iterator[None]:
    """What is done here is not done."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def people(
    session: BackstageSession, somebody: Somebody, olivia: User, sam: User, ada: User
) -> dict[str, User]:
    people = {"olivia": olivia, "sam": sam, "ada": ada, "stranger": UserFactory(), "gone": somebody()}
    people |= {who: somebody() for who in ("muted", "blocked", "hasty")}
    ChatMute.objects.create(event=session.stage.event, user=people["muted"])
    BlockFactory(event=session.stage.event, user=people["blocked"])
    User.objects.filter(pk=people["gone"].pk).delete()
    return people


@pytest.fixture
def client_ids(event_room: Room, backstage_room: Room, people: dict[str, User], say: Say) -> list[UUID]:
    """Of some a message is there already, old or new, here or in the other room, or deleted."""
    ids = [uuid4() for _ in range(8)]
    say(people["sam"], event_room, client_id=ids[0])
    say(people["sam"], event_room, client_id=ids[1])
    Message.objects.update(created_at=timezone.now() - timedelta(hours=1))
    gone = say(people["ada"], event_room, client_id=ids[0])
    services.delete(actor=people["olivia"], room=event_room, message_id=gone.pk)
    say(people["sam"], backstage_room, client_id=ids[2])
    for _ in range(4):
        say(people["hasty"], event_room)
    return ids


@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(script=sendings, lengths=sizes)
@example([("sam", 5, "Hello")] * 2 + [("sam", 0, "Hello")] + [("sam", place, "") for place in range(8)], [11])
@example([("hasty", place, "Hello") for place in range(4)] + [("ada", 0, "Hello")], [5])
def test_each_has_the_outcome_that_it_would_have_alone(
    event_room: Room,
    people: dict[str, User],
    client_ids: list[UUID],
    script: list[tuple[str, int, str]],
    lengths: list[int],
) -> None:
    posts = [post(people[who], text, client_ids[place]) for who, place, text in script]
    with undone():
        alone = one_by_one(event_room, posts)
    with undone():
        assert in_batches(event_room, posts, lengths) == alone
        assert_without_gaps(event_room, deleted=1)


def test_whoever_is_refused_is_refused_alone(event_room: Room, people: dict[str, User]) -> None:
    outcomes = together(
        event_room,
        [
            post(people[who], text)
            for who, text in [
                ("muted", "Hello"),
                ("ada", "First"),
                ("blocked", "Hello"),
                ("gone", "Hello"),
                ("sam", ""),
                ("stranger", "Hello"),
                ("sam", "Second"),
            ]
        ],
    )
    assert [each if isinstance(each, str) else each[0] for each in outcomes] == [  # type: ignore[index]
        "chat.muted",
        1,
        "blocked",
        "not_registered",
        "message.empty",
        "not_registered",
        2,
    ]
    assert_without_gaps(event_room)


def test_five_in_five_seconds_of_those_at_once(event_room: Room, ada: User, sam: User, say: Say) -> None:
    say(ada, event_room)
    outcomes = together(event_room, [post(who) for who in [ada, sam] * 6])
    assert outcomes.count("message.too_fast") == 3
    assert outcomes[8::2] == ["message.too_fast"] * 2
    assert outcomes[-1] == "message.too_fast"
    assert_without_gaps(event_room)


def test_the_same_twice_at_once_is_there_once(event_room: Room, ada: User, sam: User) -> None:
    client_id = uuid4()
    first, again, others = together(event_room, [post(who, client_id=client_id) for who in (ada, ada, sam)])
    assert first == again
    assert others != first, "another person's is another"
    assert_without_gaps(event_room)
    assert event_room.messages.count() == 2


def test_the_same_id_in_another_room_is_another_message(
    event_room: Room, backstage_room: Room, sam: User, say: Say
) -> None:
    there = say(sam, backstage_room)
    [here] = services.send_all(room=event_room, posts=[post(sam, client_id=there.client_id)])
    assert here != there
    assert_without_gaps(event_room)
    assert event_room.messages.count() == 1


def test_nobody_is_slowed_down_by_another_who_uses_their_ids(
    event_room: Room, ada: User, sam: User, say: Say
) -> None:
    """They are no secret: each is told with its message."""
    old = [say(ada, event_room).client_id for _ in range(5)]
    Message.objects.update(created_at=timezone.now() - timedelta(hours=1))
    outcomes = together(event_room, [*(post(sam, client_id=each) for each in old), post(ada)])
    assert [isinstance(outcome, tuple) for outcome in outcomes] == [True] * 6


def test_many_at_once_take_as_many_questions_as_one(event_room: Room, somebody: Somebody, say: Say) -> None:
    people = [somebody() for _ in range(9)]
    with CaptureQueriesContext(connection) as one:
        say(people[0], event_room)
    with CaptureQueriesContext(connection) as many:
        services.send_all(room=event_room, posts=[post(who) for who in people])
    assert without_inserts(many) == without_inserts(one)


def without_inserts(context: CaptureQueriesContext) -> int:
    """How many queries there were, without those of SQLite that store a message each."""
    return sum(not query["sql"].startswith('INSERT INTO "chat_message"') for query in context)


def test_whoever_is_muted_while_many_wait_sends_nothing(
    session: BackstageSession,
    event_room: Room,
    olivia: User,
    ada: User,
    sam: User,
    meanwhile: Meanwhile,
) -> None:
    meanwhile(lambda: services.mute(actor=olivia, event=session.stage.event, person_id=ada.pk, muted=True))
    outcomes = together(event_room, [post(ada), post(sam), post(ada)])
    assert (outcomes[0], outcomes[2]) == ("chat.muted", "chat.muted")
    assert isinstance(outcomes[1], tuple)
    assert_without_gaps(event_room)
