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


def announce_queue(session: BackstageSession, *concerned: Participant) -> None:
    """Tells organizers the queue, those who wait their places, and others what became of theirs. Needs the lock."""
    mine = {
        request.participant_id: selectors.as_mine(request, place)
        for place, request in enumerate(announce_requests(session), start=1)
    }
    for person in concerned:
        if person.pk not in mine and (answer := selectors.mine(person)) is not None:
            mine[person.pk] = answer
    for participant_id, request in mine.items():
        publish(groups.asker(participant_id), MyRequestChanged(mine=request, as_of=session.requests_revision))


def open_request(**which: object) -> ShareRequest:
    """Raises Refused `request.gone`."""
    request = (
        ShareRequest.objects.select_related("participant__user").filter(state=State.WAITING, **which).first()
    )
    if request is None:
        raise Refused("request.gone", _("This request is no longer waiting."))
    return request


def decide(request: ShareRequest, state: ShareRequest.State, by: User | None) -> None:
    """Writes the answer, and that its person is not asking any more."""
    request.state = state
    request.decided_at = timezone.now()
    request.decided_by = by
    request.save(update_fields=["state", "word", "decided_at", "decided_by"])
    backstage.note_asking(request.participant, asking=False)


def end_requests_of(*, session: BackstageSession, participants: list[Participant]) -> None:
    """They left: open requests end. Announces the queue, once, if there were any. Inside the leavers' lock."""
    asking = ShareRequest.objects.filter(participant__in=participants, state=State.WAITING)
    ended = list(asking.select_related("participant__user"))
    if not ended:
        return
    with backstage.locked(session.id) as session:
        for request in ended:
            decide(request, State.ENDED, None)
        announce_queue(session, *(request.participant for request in ended))
