"""What moderation does when the Backstage or an event says that something happened."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import BackstageSession, Participant
from backstage.signals import acted, came_on_screen, participants_left
from chat.models import Room
from chat.signals import acted as acted_in_chat
from events.deeds import Deed
from events.models import Event, Stage, User
from events.signals import blocked, dashboard_acted, stage_changed
from moderation import audit, services
from moderation.webhooks import services as webhooks

STAGE_ACTIONS = {
    "added": Action.STAGE_ADDED,
    "renamed": Action.STAGE_RENAMED,
    "delay": Action.DELAY_CHANGED,
    "provider": Action.PROVIDER_CHANGED,
    "archived": Action.STAGE_ARCHIVED,
    "restored": Action.STAGE_RESTORED,
}


@receiver(participants_left)
def end_requests(
    sender: object, session: BackstageSession, participants: list[Participant], **kwargs: Any
) -> None:
    services.end_requests_of(session=session, participants=participants)


@receiver(came_on_screen)
def end_request_on_screen(sender: object, participant: Participant, **kwargs: Any) -> None:
    services.end_request_on_screen(participant=participant)


@receiver(acted)
def record(
    sender: object,
    action: Action,
    actor: User | None,
    session: BackstageSession,
    target: User | None,
    detail: str,
    **kwargs: Any,
) -> None:
    audit.record(action=action, actor=actor, session=session, target=target, detail=detail)


@receiver(dashboard_acted)
def record_deed(
    sender: object,
    deed: Deed,
    actor: User,
    event: Event,
    user: User | None,
    detail: str,
    **kwargs: Any,
) -> None:
    audit.record(action=Action(deed), actor=actor, event=event, target=user, detail=detail)
    if deed == Deed.ORGANIZER_REMOVED and user is not None:
        webhooks.pause_made_by(event=event, user=user)


@receiver(blocked)
def record_block(
    sender: object, actor: User, event: Event, user: User, now: bool, blocked_in: UUID | None, **kwargs: Any
) -> None:
    audit.record(
        action=Action.BLOCKED if now else Action.UNBLOCKED,
        actor=actor,
        event=event,
        session=BackstageSession.objects.filter(pk=blocked_in).first() if blocked_in else None,
        target=user,
    )
    if now:
        backstage.forget_return(event=event, user=user)


@receiver(stage_changed)
def record_stage(sender: object, actor: User, stage: Stage, what: str, detail: str, **kwargs: Any) -> None:
    audit.record(
        action=STAGE_ACTIONS[what],
        actor=actor,
        event=stage.event,
        session=BackstageSession.objects.select_related("stage__event").filter(stage=stage).first(),
        detail=detail,
    )


@receiver(acted_in_chat)
def record_in_chat(
    sender: object,
    action: Action,
    actor: User,
    room: Room | None,
    event: Event,
    target: User | None,
    **kwargs: Any,
) -> None:
    audit.record(
        action=action,
        actor=actor,
        event=event,
        session=room.backstage_session if room is not None else None,
        target=target,
    )
