"""What support staff do to a show that is not theirs. The audit log names them, with `SUPPORT` beside it."""

from uuid import UUID

from backstage import permissions
from backstage.services.announcing import locked
from backstage.services.entry import forbidden
from backstage.services.show import cut, stop
from events.models import User

#: The detail of an audit entry: who did this was no organizer.
SUPPORT = "support"


def check_mending(actor: User) -> None:
    """The rule for all of it. Raises Refused `forbidden`."""
    if not permissions.may_mend(actor):
        raise forbidden()


def mend_by_stopping(*, actor: User, session_id: UUID) -> None:
    """Ends a broadcast as Stop Broadcasting does. Announces the show.

    Raises Refused: `forbidden`, `broadcast.not_on`.
    """
    check_mending(actor)
    with locked(session_id) as session:
        stop(session, by=actor, detail=SUPPORT)


def mend_by_cutting(*, actor: User, session_id: UUID) -> None:
    """Ends a broadcast as Cut now does. Announces the show. Raises Refused: `forbidden`, `broadcast.not_on`."""
    check_mending(actor)
    with locked(session_id) as session:
        cut(session, by=actor, detail=SUPPORT)
