"""The Backstage link, and making it anew."""

from backstage import permissions
from backstage.actions import Action
from backstage.models import BackstageSession, new_link_token
from backstage.services.announcing import locked
from backstage.services.door import dissolve_line
from backstage.services.entry import backstage_of, forbidden, leave_all
from backstage.signals import acted
from events.models import Event, Stage, User
from events.services.rules import check_organizer


def reset_link(*, actor: User, stage: Stage, everybody_again: bool) -> BackstageSession:
    """The old link lets nobody in any more; whoever waits at the door with it goes. Announces the tiles.

    `everybody_again`: the people inside leave, too, and come in by the new link; else they stay, and may come back
    by the old one after a lost line or a reload until they leave. Support may do it, too. Raises Refused:
    `forbidden`, `event.archived`, `stage.elsewhere`.
    """
    with locked(backstage_of(stage).id) as session:
        _check_may_reset(actor, session.stage.event)
        session.link_token = new_link_token()
        session.save(update_fields=["link_token"])
        if everybody_again:
            leave_all(session)
        dissolve_line(session)
        acted.send(
            sender=BackstageSession,
            action=Action.LINK_RESET,
            actor=actor,
            session=session,
            target=None,
            detail="everybody_again" if everybody_again else "keep_inside",
        )
    return session


def _check_may_reset(actor: User, event: Event) -> None:
    """Support always may, organizers until the event is archived."""
    if permissions.may_mend(actor):
        return
    if not permissions.is_organizer(actor, event):
        raise forbidden()
    check_organizer(actor, event)
