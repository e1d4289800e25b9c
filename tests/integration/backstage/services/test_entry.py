"""Coming in, being away for a while, and coming back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from backstage import selectors, services
from backstage.models import BackstageSession, Participant, Slot
from tests.factories import BlockFactory, RegistrationFactory, UserFactory
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_who_may_come_in(session: BackstageSession) -> None:
    stranger, guest, blocked = UserFactory(), UserFactory(), UserFactory()
    for user in (guest, blocked):
        RegistrationFactory(event=session.stage.event, user=user)
    BlockFactory(event=session.stage.event, user=blocked)
    assert services.enter(session=session, actor=guest, link_token=session.link_token).user == guest
    assert (
        refusal(lambda: services.enter(session=session, actor=stranger, link_token=session.link_token))
        == "not_registered"
    )
    assert (
        refusal(lambda: services.enter(session=session, actor=blocked, link_token=session.link_token))
        == "blocked"
    )
    assert refusal(lambda: services.check_entry(session=None, actor=guest)) == "link.dead"
    assert list(session.participants.values_list("user", flat=True)) == [guest.pk]


def test_a_place_outlasts_a_short_loss_of_the_line_and_not_a_long_one(
    session: BackstageSession, put: Callable[[], Slot]
) -> None:
    slot = put()
    sam = slot.participant
    request = sam.share_requests.create(microphone=True, camera=True)

    def look(*present: Participant) -> None:
        services.note_presence(
            session_id=session.id,
            present={str(each.user_id) for each in present},
            at_door=set(),
            known=selectors.persons_here(session.id),
        )

    look()
    look()
    assert session.slots.count() == 1, "away, and the place is kept"
    look(sam)
    sam.refresh_from_db()
    assert sam.away_since is None, "back"

    Participant.objects.filter(pk=sam.pk).update(
        away_since=timezone.now() - services.PLACE_KEPT + timedelta(seconds=2)
    )
    look()
    assert session.slots.count() == 1
    Participant.objects.filter(pk=sam.pk).update(
        away_since=timezone.now() - services.PLACE_KEPT - timedelta(seconds=1)
    )
    look()
    sam.refresh_from_db()
    request.refresh_from_db()
    assert session.slots.count() == 0
    assert sam.left_at is not None
    assert request.state == "ended"


def test_who_goes_while_presences_are_read_is_not_taken_for_back(
    session: BackstageSession, put: Callable[[], Slot]
) -> None:
    """They would be marked away anew, and their minute would count from the look after the next."""
    sam = put().participant
    known, present = selectors.persons_here(session.id), {str(sam.user_id)}
    gone = timezone.now()
    services.mark_away(participant_id=sam.pk, last_word=gone)
    services.note_presence(session_id=session.id, present=present, at_door=set(), known=known)
    assert Participant.objects.get(pk=sam.pk).away_since == gone
    newest = sam.movements.first()
    assert newest is not None
    assert newest.kind == "away"


def test_the_minute_counts_from_the_last_word(session: BackstageSession, put: Callable[[], Slot]) -> None:
    """Also of somebody who was taken for away, by a machine too busy to renew their presence, while they were not."""
    sam = put().participant
    taken_for_away = timezone.now() - services.PLACE_KEPT + timedelta(seconds=2)
    Participant.objects.filter(pk=sam.pk).update(away_since=taken_for_away)
    closed = timezone.now()
    services.mark_away(participant_id=sam.pk, last_word=closed)
    sam.refresh_from_db()
    assert sam.away_since == closed
    # A word of longer ago does not take it back.
    services.mark_away(participant_id=sam.pk, last_word=closed - timedelta(seconds=30))
    assert Participant.objects.get(pk=sam.pk).away_since == closed
