"""What the audience saw when a message was written, or nothing where nobody can say."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backstage import services as backstage
from backstage.models import BackstageSession, Broadcast
from chat import selectors
from chat.models import Room
from events.models import User
from tests.factories import StageFactory
from tests.integration.chat.conftest import Say

pytestmark = [pytest.mark.django_db, pytest.mark.database]

#: Of the show, and none that a Stage has by itself: a delay that was changed since is that of the next show.
DELAY_S = 15


@pytest.fixture
def on_air(session: BackstageSession) -> Broadcast:
    return Broadcast.objects.create(
        backstage_session=session, delay_s=DELAY_S, on_air_at=timezone.now() - timedelta(minutes=1)
    )


def test_a_message_says_what_its_author_was_seeing(
    session: BackstageSession, event_room: Room, on_air: Broadcast, ada: User, say: Say
) -> None:
    written_at = timezone.now() - timedelta(seconds=1)
    message = say(ada, event_room, stage_id=session.stage_id, written_at=written_at)
    assert message.seen_at == written_at - timedelta(seconds=DELAY_S)
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
        Broadcast.objects.create(backstage_session=other, delay_s=DELAY_S, on_air_at=on_air.on_air_at)
        stage_id = other.stage_id
    room = backstage_room if ended == "backstage" else event_room
    message = say(sam, room, stage_id=stage_id, written_at=timezone.now())
    assert (message.seen_at, message.stage) == (None, None)


@pytest.mark.parametrize("ago_s", [3.5, -3600, 3600, None])
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
    assert message.seen_at <= message.created_at - timedelta(seconds=DELAY_S)
