"""Backstages: by their link, by their event, and whether they are in use."""

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.crypto import salted_hmac

from backstage.models import BackstageSession, Participant
from backstage.selectors.shows import prefetch_current
from events import permissions as events_permissions
from events.models import Event, Stage, User


def by_link(link_token: str, user: User) -> BackstageSession | None:
    """The Backstage that a link opens for somebody; None for a wrong one.

    An old one opens it for whoever came in by it and is still inside: they were kept there when it was reset.
    """
    if "\0" in link_token:
        # PostgreSQL takes no such text, not even to compare it.
        return None
    came_in_by_it = Participant.objects.filter(
        backstage_session=OuterRef("pk"), user=user, left_at__isnull=True, link_token=link_token
    )
    return (
        BackstageSession.objects.select_related("stage__event__organization")
        .filter(
            Q(link_token=link_token) | Exists(came_in_by_it),
            stage__archived_at__isnull=True,
            stage__provider=Stage.Provider.HOPIN,
        )
        .first()
    )


def stage(stage_id: UUID) -> Stage | None:
    """With its event; None if either is archived."""
    return (
        Stage.objects.select_related("event__organization")
        .filter(pk=stage_id, archived_at__isnull=True, event__archived_at__isnull=True)
        .first()
    )


def shown_on(stage: Stage) -> str:
    """A word that differs whenever a page of the Stage has to be made anew, and says nothing else.

    What an organizer pasted may hold more than the player needs, such as a key to edit the video: it is theirs alone.
    """
    picture = f"{stage.provider} {stage.shown_address}"
    return salted_hmac("backstage.stage.shown", picture, algorithm="sha256").hexdigest()[:16]


def get(session_id: UUID) -> BackstageSession:
    return BackstageSession.objects.select_related("stage__event").get(pk=session_id)


def is_open(session: BackstageSession) -> bool:
    """Neither its Stage nor its event has been archived, and the Stage shows no video from elsewhere."""
    stage = session.stage
    return (
        stage.archived_at is None
        and stage.provider == Stage.Provider.HOPIN
        and not events_permissions.is_archived(stage.event)
    )


def open_sessions_of(event: Event) -> QuerySet[BackstageSession]:
    """The Backstages of an event's Stages, each with the number of people `inside`, and `current`: its broadcasts that
    have not ended, the newest first.
    """
    return (
        BackstageSession.objects.filter(
            stage__event=event, stage__archived_at__isnull=True, stage__provider=Stage.Provider.HOPIN
        )
        .select_related("stage__event")
        .annotate(inside=Count("participants", filter=Q(participants__left_at__isnull=True)))
        .prefetch_related(prefetch_current())
    )
