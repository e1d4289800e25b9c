"""The audit log: who did what, when, to whom. It is written here and nowhere else, and nothing deletes from it."""

from backstage.actions import Action
from backstage.models import BackstageSession
from events.models import Event, User
from moderation.models import AuditEntry
from moderation.webhooks import outbox


def record(
    *,
    action: Action,
    actor: User | None,
    session: BackstageSession | None = None,
    event: Event | None = None,
    target: User | None = None,
    detail: str = "",
) -> AuditEntry:
    """Inside the transaction of what it records; webhooks are told once that is committed.

    `session` or `event` is given; `detail`: 250 characters at most.
    """
    if session is not None:
        event = session.stage.event
    if event is None:
        raise ValueError("an entry of the audit log belongs to a Backstage or an event")
    entry = AuditEntry.objects.create(
        action=action,
        event=event,
        event_name=event.name,
        backstage_session=session,
        actor=actor,
        actor_name=_name(actor),
        target=target,
        target_name=_name(target),
        detail=detail[:250],
    )
    outbox.put(entry)
    return entry


def _name(user: User | None) -> str:
    """As it stays in the log when the account is gone; the e-mail address of somebody who has none."""
    return str(user)[:150] if user else ""
