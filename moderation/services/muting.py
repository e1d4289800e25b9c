"""Muting a person."""

from uuid import UUID

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import Participant
from moderation.services.people import person_inside, record
from moderation.services.queue import announce_requests


def mute(*, actor: Participant, participant_id: UUID, muted: bool) -> None:
    """Nobody hears the person until this is lifted; then they may unmute themselves. Announces tiles and queue.

    Raises Refused: `forbidden`, `person.gone`.
    """
    with backstage.locked(actor.backstage_session_id) as session:
        backstage.check_directing(actor)
        participant = person_inside(session, participant_id)
        if participant.muted == muted:
            return
        backstage.set_muted(session, participant, muted=muted)
        if participant.is_asking:
            announce_requests(session)
        record(Action.MUTED if muted else Action.UNMUTED, actor, session, participant)
