"""Keeping a person out of the event."""

from uuid import UUID

from backstage import services as backstage
from backstage.models import Participant
from events import services as events
from moderation.services.people import person_inside


def block(*, actor: Participant, participant_id: UUID) -> None:
    """Keeps a person out of the event; they leave this Backstage at once. Announces tiles and queue.

    Raises Refused: `forbidden`, `person.gone`, `block.organizer`.
    """
    with backstage.locked(actor.backstage_session_id) as session:
        backstage.check_directing(actor)
        participant = person_inside(session, participant_id)
        # Tells their sockets to ask again, which ends all of them; the place is given back here and now.
        events.block(
            actor=actor.user, event=session.stage.event, user=participant.user, blocked_in=session.id
        )
        backstage.leave(participant_id=participant.pk)
