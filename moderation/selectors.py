"""Reads of the queue."""

from uuid import UUID

from backstage.models import BackstageSession, Participant
from backstage.selectors import photo_url
from moderation.messages import ModerationSnapshot, MyRequest, Waiting
from moderation.models import ShareRequest


def queue(session: BackstageSession) -> list[ShareRequest]:
    """The waiting requests, first come first."""
    return list(
        ShareRequest.objects.filter(
            participant__backstage_session=session, state=ShareRequest.State.WAITING
        ).select_related("participant__user")
    )


def waiting(session: BackstageSession) -> list[Waiting]:
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
        )
        for place, request in enumerate(queue(session), start=1)
    ]


def newest_request(participant: Participant) -> ShareRequest | None:
    return participant.share_requests.order_by("-asked_at").first()


def mine(participant: Participant) -> MyRequest | None:
    request = newest_request(participant)
    if request is None:
        return None
    place = None
    if request.state == ShareRequest.State.WAITING:
        place = (
            1
            + ShareRequest.objects.filter(
                participant__backstage_session_id=participant.backstage_session_id,
                state=ShareRequest.State.WAITING,
                asked_at__lt=request.asked_at,
            ).count()
        )
    return MyRequest(request=str(request.id), state=request.state, place=place)


def snapshot(participant_id: UUID) -> tuple[ModerationSnapshot, int]:
    """What one person is shown, and the revision it is as new as."""
    participant = Participant.objects.select_related("backstage_session").get(pk=participant_id)
    session = participant.backstage_session
    shown = waiting(session) if participant.is_organizer else []
    return ModerationSnapshot(requests=shown, mine=mine(participant)), session.requests_revision
