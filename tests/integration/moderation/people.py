"""What people of a Backstage do, and what moderation could have written of it."""

from typing import Any

from backstage import services as backstage
from backstage.models import BackstageSession, Participant, Slot
from events.models import Block
from moderation import services
from moderation.models import AuditEntry, ShareRequest


def ask(actor: Participant) -> ShareRequest:
    return services.ask(actor=actor, microphone=True, camera=True)


def put(participant: Participant) -> Slot:
    return backstage.put_on_screen(participant=participant, microphone=True, camera=True)


def back(participant: Participant) -> Participant:
    session = BackstageSession.objects.get(pk=participant.backstage_session_id)
    return backstage.enter(session=session, actor=participant.user, link_token=session.link_token)


def is_asking(participant: Participant) -> bool:
    return Participant.objects.get(pk=participant.pk).is_asking


def everything() -> list[Any]:
    """All that moderation could have written."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Participant, Slot, ShareRequest, Block, AuditEntry, BackstageSession)
    ]
