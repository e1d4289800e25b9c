"""A person asks to come on screen, and thinks better of it."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import BackstageSession, Participant
from events.text import one_line
from hopin_backstage.realtime import Refused
from moderation import audit, permissions
from moderation.models import ShareRequest
from moderation.services.queue import announce_queue, announce_requests, decide, open_request

State = ShareRequest.State

#: Of one person. Nobody who means it needs as many.
MOST_ASKS_A_MINUTE = 20


def ask(*, actor: Participant, microphone: bool, camera: bool) -> ShareRequest:
    """The actor asks to come on screen; asking twice changes nothing. Announces the queue.

    Raises Refused `request.not_now`, `request.too_often`.
    """
    with backstage.locked(actor.backstage_session_id) as session:
        actor.refresh_from_db()
        if not permissions.may_ask(actor):
            raise Refused("request.not_now", _("You are on screen already, or you have left the Backstage."))
        request, new = ShareRequest.objects.get_or_create(
            participant=actor, state=State.WAITING, defaults={"microphone": microphone, "camera": camera}
        )
        if new:
            _check_pace(actor)
            backstage.note_asking(actor.pk, asking=True)
            audit.record(action=Action.ASKED, actor=actor.user, session=session)
            announce_queue(session)
    return request


def note_preflight(
    *,
    actor: Participant,
    microphone: bool,
    camera: bool,
    level: bool,
    uplink: str,
    path: str,
    browser: str,
) -> None:
    """What the page of a waiting person has found and measured, as `messages.Preflight` has it.

    Announces the queue if it is news.
    """
    with backstage.locked(actor.backstage_session_id) as session:
        request = ShareRequest.objects.filter(participant=actor, state=State.WAITING).first()
        if request is None:
            return
        seen = {
            "measured": True,
            "microphone": microphone,
            "camera": camera,
            "level_seen": level,
            "uplink": uplink,
            "path": path,
            "browser": one_line(browser),
        }
        if all(getattr(request, name) == value for name, value in seen.items()):
            return
        ShareRequest.objects.filter(pk=request.pk).update(**seen)
        announce_requests(session)


def withdraw(*, actor: Participant) -> None:
    """The actor no longer asks. Announces the queue. Raises Refused `request.gone`."""
    with backstage.locked(actor.backstage_session_id) as session:
        _withdraw(session, open_request(participant=actor))


def end_request_on_screen(*, participant: Participant) -> None:
    """The person came on screen without waiting for an answer: they no longer ask. Announces the queue if they did.

    Inside the lock of whoever gave the place.
    """
    request = participant.share_requests.filter(state=State.WAITING).first()
    if request is not None:
        with backstage.locked(participant.backstage_session_id) as session:
            _withdraw(session, request)


def _withdraw(session: BackstageSession, request: ShareRequest) -> None:
    actor = request.participant
    decide(State.WITHDRAWN, actor.user, request)
    audit.record(action=Action.WITHDREW, actor=actor.user, session=session)
    announce_queue(session, request)


def _check_pace(actor: Participant) -> None:
    """Each is told to all organizers and stands in the audit log, from which nothing is ever deleted."""
    lately = actor.share_requests.filter(asked_at__gt=timezone.now() - timedelta(minutes=1))
    if lately.count() > MOST_ASKS_A_MINUTE:
        raise Refused("request.too_often", _("You asked often in a short while. Ask again in a minute."))
