"""Taking a screen or a person off the screen."""

from uuid import UUID

from django.utils.translation import gettext as _

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import Participant, Slot
from events.models import User
from hopin_backstage.realtime import Refused
from moderation import audit
from moderation.services.people import person, record


def remove_from_screen(*, actor: Participant, participant_id: UUID, screen: bool) -> bool:
    """Takes the screen that a person shares off the screen; where there is none, the person, who must ask again.

    `screen`: the organizer means the screen. One that is gone already costs nobody their place. Returns whether it
    was the screen.
    Announces the tiles. Raises Refused: `forbidden`, `not_on_screen`.
    """
    with backstage.locked(actor.backstage_session_id) as session:
        backstage.check_directing(actor)
        participant = person(session, participant_id)
        if participant is not None and backstage.take_screen_off(session, participant):
            record(Action.SCREEN_REMOVED, actor, session, participant)
            return True
        if screen:
            raise Refused("not_on_screen", _("This screen is not shared any more."))
        if participant is not None and backstage.take_person_off(session, participant):
            record(Action.REMOVED, actor, session, participant)
            return False
        raise _not_on_screen()


def empty_tile(*, actor: User, slot_id: UUID) -> bool:
    """Support takes what is in a place off the screen, as Remove does. Returns whether it was a screen.

    Announces the tiles. Raises Refused: `forbidden`, `not_on_screen`.
    """
    backstage.check_mending(actor)
    slot = Slot.objects.filter(pk=slot_id).select_related("participant").first()
    if slot is None:
        raise _not_on_screen()
    with backstage.locked(slot.backstage_session_id) as session:
        participant = person(session, slot.participant_id)
        if participant is None or not participant.slots.filter(pk=slot_id).exists():
            raise _not_on_screen()
        shows_screen = participant.slots.get(pk=slot_id).kind == Slot.Kind.SCREEN
        take_off = backstage.take_screen_off if shows_screen else backstage.take_person_off
        take_off(session, participant)
        audit.record(
            action=Action.SCREEN_REMOVED if shows_screen else Action.REMOVED,
            actor=actor,
            session=session,
            target=participant.user,
            detail=backstage.SUPPORT,
        )
    return shows_screen


def _not_on_screen() -> Refused:
    return Refused("not_on_screen", _("This person is not on screen any more."))
