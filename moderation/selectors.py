"""Reads of the queue and of the audit log."""

from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from backstage import selectors as backstage
from backstage.models import BackstageSession, Participant
from backstage.permissions import may_direct
from backstage.selectors import photo_url
from events.models import Event
from moderation.messages import ModerationSnapshot, MyRequest, Waiting
from moderation.models import AuditEntry, ShareRequest


def queue(session: BackstageSession) -> list[ShareRequest]:
    """The waiting requests, first come first."""
    return list(
        ShareRequest.objects.filter(
            participant__backstage_session=session, state=ShareRequest.State.WAITING
        ).select_related("participant__user")
    )


def requests_of(session: BackstageSession) -> QuerySet[ShareRequest]:
    """All of a Backstage, whatever became of them."""
    return ShareRequest.objects.filter(participant__backstage_session=session).select_related(
        "participant__user", "decided_by"
    )


def audit_log_of(event: Event) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(event=event)


def waiting(queue: list[ShareRequest]) -> list[Waiting]:
    """The queue as organizers see it."""
    return [
        Waiting(
            request=str(request.id),
            participant=str(request.participant_id),
            name=request.participant.user.display_name,
            photo=photo_url(request.participant.user),
            colour=request.participant.user.avatar_colour,
            place=place,
            microphone=request.microphone,
            camera=request.camera,
            measured=request.measured,
            level=request.level_seen,
            uplink=request.uplink,
            path=request.path,
            browser=request.browser,
            muted=request.participant.muted,
        )
        for place, request in enumerate(queue, start=1)
    ]


def newest_request(participant: Participant) -> ShareRequest | None:
    """The open one, if there is one: the clock may have been set back since an older one was answered."""
    open_first = Case(When(state=ShareRequest.State.WAITING, then=0), default=1)
    return participant.share_requests.order_by(open_first, "-asked_at", "-id").first()


def mine(participant: Participant) -> MyRequest | None:
    request = newest_request(participant)
    if request is None:
        return None
    if request.state != ShareRequest.State.WAITING:
        return as_mine(request, None)
    earlier = Q(asked_at__lt=request.asked_at) | Q(asked_at=request.asked_at, id__lt=request.id)
    before = ShareRequest.objects.filter(
        earlier,
        participant__backstage_session_id=participant.backstage_session_id,
        state=ShareRequest.State.WAITING,
    )
    return as_mine(request, 1 + before.count())


def as_mine(request: ShareRequest, place: int | None) -> MyRequest:
    """A request as the person who asked sees it. `place`: in the queue, from 1; None if it does not wait."""
    return MyRequest(request=str(request.id), state=request.state, place=place, word=request.word)


def snapshot(participant_id: UUID) -> tuple[ModerationSnapshot, int]:
    """What one person is shown, and a revision that it is at least as new as: the number is read first."""
    participant = backstage.participant(participant_id)
    session = participant.backstage_session
    shown = waiting(queue(session)) if may_direct(participant) else []
    return ModerationSnapshot(requests=shown, mine=mine(participant)), session.requests_revision


def activity(event: Event) -> QuerySet[AuditEntry]:
    """What has been done in an event, newest first; each with the Stage where it was, if that is still there."""
    return audit_log_of(event).select_related("backstage_session__stage")
