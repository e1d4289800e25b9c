"""What the stagehand writes of a broadcast."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from backstage import selectors, services
from backstage.models import Broadcast
from tests.factories import StageFactory

pytestmark = pytest.mark.django_db(transaction=True)
T0 = datetime.fromisoformat("2026-11-25T10:00:00+00:00")


def on_screen_but_not_on_air() -> Broadcast:
    session = services.backstage_of(StageFactory())
    return Broadcast.objects.create(backstage_session=session, delay_s=10, started_at=T0)


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def test_the_countdown_begins_again_when_what_was_held_is_lost_before_anybody_saw_it() -> None:
    broadcast = on_screen_but_not_on_air()
    services.capture_began(broadcast_id=broadcast.id, at=after(1))
    services.capture_began(broadcast_id=broadcast.id, at=after(8))
    broadcast.refresh_from_db()
    assert broadcast.capture_began_at == after(8)
    assert selectors.show(broadcast.backstage_session, now=after(10)).on_air_in_ms == 8000

    services.went_on_air(broadcast_id=broadcast.id, at=after(18))
    services.capture_began(broadcast_id=broadcast.id, at=after(30))
    broadcast.refresh_from_db()
    assert broadcast.capture_began_at == after(8), "once it was seen, it began when it began"


def peak(broadcast: Broadcast) -> int:
    broadcast.refresh_from_db()
    return broadcast.peak_viewers


def test_only_who_watches_while_it_is_on_air_is_a_viewer_of_it() -> None:
    broadcast = on_screen_but_not_on_air()

    def counted(watching: int) -> int:
        services.viewers_counted(session_id=broadcast.backstage_session_id, watching=watching)
        return peak(broadcast)

    assert counted(400) == 0, "they wait for it to begin"
    services.went_on_air(broadcast_id=broadcast.id, at=after(10), watching=300)
    assert peak(broadcast) == 300, "who is there at the beginning counts, though nobody came since"
    assert counted(200) == 300
    assert counted(350) == 350
    broadcast.cut_at = broadcast.stopped_at = timezone.now()
    broadcast.save()
    assert counted(500) == 350, "nobody sees it any more"
