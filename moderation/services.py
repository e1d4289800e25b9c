"""Every write of moderation. Each is one transaction, and announces itself when that is committed."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from backstage import services as backstage
from backstage.models import BackstageSession, Participant, Slot
from events.models import User
from hopin_backstage.realtime import Refused, groups, publish
from moderation import permissions, selectors
from moderation.messages import MyRequestChanged, RequestsChanged
from moderation.models import ShareRequest

State = ShareRequest.State


def announce_queue(session: BackstageSession, *, told: list[Participant]) -> None:
    """Tells organizers the queue, and those who wait their places. `told`: also these persons. Needs the lock."""
    session.requests_revision += 1
    session.save(update_fields=["requests_revision"])
    publish(
        groups.moderation(session.id),
        RequestsChanged(requests=selectors.waiting(session)),
        revision=session.requests_revision,
    )
    waiting = [request.participant for request in selectors.queue(session)]
    for participant in {person.pk: person for person in [*waiting, *told]}.values():
        publish(
            groups.asker(participant.id),
            MyRequestChanged(mine=selectors.mine(participant), as_of=session.requests_revision),
        )


def ask(*, actor: Participant, microphone: bool, camera: bool) -> ShareRequest:
    """The actor asks to come on screen; asking twice changes nothing. Announces the queue.

    Raises Refused `request.not_now`.
    """
    with backstage.locked(actor.backstage_session_id) as session:
        actor.refresh_from_db()
        if not permissions.may_ask(actor):
            raise Refused("request.not_now", _("You are on screen already, or you have left the Backstage."))
        request, new = ShareRequest.objects.get_or_create(
            participant=actor, state=State.WAITING, defaults={"microphone": microphone, "camera": camera}
        )
        if new:
            announce_queue(session, told=[actor])
    return request


def withdraw(*, actor: Participant) -> None:
    """The actor no longer asks. Announces the queue. Raises Refused `request.gone`."""
    with backstage.locked(actor.backstage_session_id) as session:
        _decide(_open_request(participant=actor), State.WITHDRAWN, actor.user)
        announce_queue(session, told=[actor])


def accept(*, actor: Participant, request_id: UUID) -> Slot:
    """Puts the person who asked on screen. Announces tiles and queue.

    Raises Refused: `forbidden`, `request.gone` (withdrawn, or another organizer was faster), `stage.full`.
    """
    with backstage.locked(actor.backstage_session_id) as session:
        _check_moderate(actor)
        request = _open_request(pk=request_id, participant__backstage_session=session)
        slot = backstage.put_on_screen(
            participant=request.participant, microphone=request.microphone, camera=request.camera
        )
        _decide(request, State.ACCEPTED, actor.user)
        announce_queue(session, told=[request.participant])
    return slot


def decline(*, actor: Participant, request_id: UUID) -> None:
    """Announces the queue. Raises Refused: `forbidden`, `request.gone`."""
    with backstage.locked(actor.backstage_session_id) as session:
        _check_moderate(actor)
        request = _open_request(pk=request_id, participant__backstage_session=session)
        _decide(request, State.DECLINED, actor.user)
        announce_queue(session, told=[request.participant])


def remove_from_screen(*, actor: Participant, participant_id: UUID) -> None:
    """Takes a person off the screen, who must ask again. Announces the tiles.

    Raises Refused: `forbidden`, `not_on_screen`.
    """
    with backstage.locked(actor.backstage_session_id):
        _check_moderate(actor)
        participant = Participant.objects.filter(
            pk=participant_id, backstage_session_id=actor.backstage_session_id
        ).first()
        if participant is None or not backstage.take_off_screen(participant=participant):
            raise Refused("not_on_screen", _("This person is not on screen any more."))


def end_request_of(*, participant: Participant) -> None:
    """The person left: an open request ends. Announces the queue if there was one. Inside the leaver's lock."""
    request = participant.share_requests.filter(state=State.WAITING).first()
    if request is None:
        return
    with backstage.locked(participant.backstage_session_id) as session:
        _decide(request, State.ENDED, None)
        announce_queue(session, told=[participant])


def _open_request(**which: object) -> ShareRequest:
    request = (
        ShareRequest.objects.select_related("participant__user").filter(state=State.WAITING, **which).first()
    )
    if request is None:
        raise Refused("request.gone", _("This request is no longer waiting."))
    return request


def _decide(request: ShareRequest, state: ShareRequest.State, by: User | None) -> None:
    request.state = state
    request.decided_at = timezone.now()
    request.decided_by = by
    request.save(update_fields=["state", "decided_at", "decided_by"])


def _check_moderate(actor: Participant) -> None:
    actor.refresh_from_db()
    if not permissions.may_moderate(actor):
        raise Refused("forbidden", _("Only organizers can do this."))
