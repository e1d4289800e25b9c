"""The requests that wait, and what everybody is told of them."""

from django.utils import timezone
from django.utils.translation import gettext as _

from backstage import services as backstage
from backstage.models import BackstageSession, Participant
from events.models import User
from hopin_backstage.realtime import Refused, groups, publish
from moderation import selectors
from moderation.messages import MyRequestChanged, RequestsChanged
from moderation.models import ShareRequest

State = ShareRequest.State


def announce_requests(session: BackstageSession) -> list[ShareRequest]:
    """Tells organizers the queue, and returns it. Needs the lock."""
    queue = selectors.queue(session)
    session.requests_revision += 1
    session.save(update_fields=["requests_revision"])
    publish(
        groups.moderation(session.id),
        RequestsChanged(requests=selectors.waiting(queue)),
        revision=session.requests_revision,
    )
    return queue


def announce_queue(session: BackstageSession, *answered: ShareRequest) -> None:
    """Tells organizers the queue, those who wait their places, and others what became of theirs. Needs the lock."""
    mine = {request.participant_id: selectors.as_mine(request, None) for request in answered}
    for place, request in enumerate(announce_requests(session), start=1):
        mine[request.participant_id] = selectors.as_mine(request, place)
    for participant_id, told in mine.items():
        publish(groups.asker(participant_id), MyRequestChanged(mine=told, as_of=session.requests_revision))


def open_request(**which: object) -> ShareRequest:
    """Raises Refused `request.gone`."""
    request = (
        ShareRequest.objects.select_related("participant__user").filter(state=State.WAITING, **which).first()
    )
    if request is None:
        raise Refused("request.gone", _("This request is no longer waiting."))
    return request


def decide(state: ShareRequest.State, by: User | None, *requests: ShareRequest) -> None:
    """All of them alike; `word` is each one's own."""
    now = timezone.now()
    for request in requests:
        request.state, request.decided_at, request.decided_by = state, now, by
    ShareRequest.objects.bulk_update(requests, ["state", "word", "decided_at", "decided_by"])
    backstage.note_asking(*(request.participant_id for request in requests), asking=False)


def end_requests_of(*, session: BackstageSession, participants: list[Participant]) -> None:
    """They left: open requests end. Announces the queue, once, if there were any. Inside the leavers' lock."""
    ended = list(ShareRequest.objects.filter(participant__in=participants, state=State.WAITING))
    if not ended:
        return
    with backstage.locked(session.id) as session:
        decide(State.ENDED, None, *ended)
        announce_queue(session, *ended)
