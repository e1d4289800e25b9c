"""Who is inside, and what they may do."""

from uuid import UUID

from backstage.messages import Me
from backstage.models import BackstageSession, Participant, Slot
from backstage.selectors.tiles import photo_url
from events.models import User


def is_on_screen(user: User) -> bool:
    """In any Backstage."""
    return Slot.objects.filter(participant__user=user, participant__left_at__isnull=True).exists()


def people_inside(session: BackstageSession) -> int:
    return session.participants.filter(left_at__isnull=True, away_since__isnull=True).count()


def participant(participant_id: UUID) -> Participant:
    """With everything that decides what they may do."""
    return Participant.objects.select_related("user", "backstage_session__stage__event").get(
        pk=participant_id
    )


def session_of(participant_id: UUID) -> UUID | None:
    """Where a person is, inside or at the door; None: nowhere, or deleted."""
    here = Participant.objects.exclude(left_at__isnull=False, waiting_since__isnull=True)
    return here.values_list("backstage_session_id", flat=True).filter(pk=participant_id).first()


def participant_inside(session: BackstageSession, user: User) -> Participant | None:
    return session.participants.select_related("user").filter(user=user, left_at__isnull=True).first()


def is_muted(participant_id: UUID) -> bool:
    """By an organizer."""
    return Participant.objects.filter(pk=participant_id, muted=True).exists()


def waits_to_come_on_screen(participant_id: UUID) -> bool:
    """Inside, with a request that waits, and not on screen."""
    return Participant.objects.filter(
        pk=participant_id, left_at__isnull=True, is_asking=True, slots__isnull=True
    ).exists()


def me(participant: Participant) -> Me:
    return Me(
        participant=str(participant.id),
        name=participant.user.display_name,
        photo=photo_url(participant.user),
        organizer=participant.is_organizer,
        may_return=participant.may_return,
        muted=participant.muted,
    )


def persons_here(session_id: UUID) -> set[str]:
    """Inside or at the door, and not away: user ids, as presences have them."""
    here = Participant.objects.filter(backstage_session=session_id, away_since__isnull=True)
    not_gone = here.exclude(left_at__isnull=False, waiting_since__isnull=True)
    return {str(user_id) for user_id in not_gone.values_list("user_id", flat=True)}
