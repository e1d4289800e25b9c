"""What moderation does when the Backstage or an event says that something happened."""

from typing import Any

from django.dispatch import receiver

from backstage.actions import Action
from backstage.models import BackstageSession, Participant
from backstage.signals import acted, came_on_screen, participant_left
from events.models import Event, User
from events.signals import blocked
from moderation import audit, services


@receiver(participant_left)
def end_request(sender: object, participant: Participant, **kwargs: Any) -> None:
    services.end_request_of(participant=participant)


@receiver(came_on_screen)
def end_request_on_screen(sender: object, participant: Participant, **kwargs: Any) -> None:
    services.end_request_on_screen(participant=participant)


@receiver(acted)
def record(
    sender: object,
    action: Action,
    actor: User,
    session: BackstageSession,
    target: User | None,
    detail: str,
    **kwargs: Any,
) -> None:
    audit.record(action=action, actor=actor, session=session, target=target, detail=detail)


@receiver(blocked)
def record_block(sender: object, actor: User, event: Event, user: User, now: bool, **kwargs: Any) -> None:
    audit.record(action=Action.BLOCKED if now else Action.UNBLOCKED, actor=actor, event=event, target=user)
    if now:
        services.forget_return(event=event, user=user)
