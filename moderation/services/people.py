"""Whom an organizer means, and that it is recorded what was done to them."""

from uuid import UUID

from django.utils.translation import gettext as _

from backstage.actions import Action
from backstage.models import BackstageSession, Participant
from hopin_backstage.realtime import Refused
from moderation import audit


def person(session: BackstageSession, participant_id: UUID) -> Participant | None:
    return session.participants.select_related("user").filter(pk=participant_id).first()


def person_inside(session: BackstageSession, participant_id: UUID) -> Participant:
    """Raises Refused `person.gone`."""
    participant = person(session, participant_id)
    if participant is None or participant.left_at is not None:
        raise Refused("person.gone", _("This person is not in the Backstage any more."))
    return participant


def record(
    action: Action, actor: Participant, session: BackstageSession, target: Participant, detail: str = ""
) -> None:
    audit.record(action=action, actor=actor.user, session=session, target=target.user, detail=detail)
