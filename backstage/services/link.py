"""The Backstage link, and making it anew."""

from backstage import permissions
from backstage.actions import Action
from backstage.models import BackstageSession, new_link_token
from backstage.services.announcing import locked
from backstage.services.door import dissolve_line
from backstage.services.entry import backstage_of, forbidden, leave_all
from backstage.signals import acted
from events.models import Stage, User


def reset_link(*, actor: User, stage: Stage, everybody_again: bool) -> BackstageSession:
    """The old link lets nobody in any more; whoever waits at the door with it goes. Announces the tiles.

    `everybody_again`: the people inside leave, too, and come in by the new link; else they stay, and may come back
    by the old one after a lost line or a reload until they leave. Support may do it, too. Raises Refused:
    `forbidden`, `stage.elsewhere`.
    """
    with locked(backstage_of(stage).id) as session:
        if not (permissions.is_organizer(actor, session.stage.event) or permissions.may_mend(actor)):
            raise forbidden()
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
