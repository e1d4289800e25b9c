"""Every write of moderation. Each is one transaction, and announces itself when that is committed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import BackstageSession, Participant, Slot
from events import services as events
from events.models import User
from events.text import one_line
from hopin_backstage.realtime import Refused, groups, publish
from moderation import audit, permissions, selectors
from moderation.messages import MyRequestChanged, RequestsChanged
from moderation.models import ShareRequest

State = ShareRequest.State

#: Characters that a person is told with a decline.
WORD_LENGTH = 200
#: Of one person. Nobody who means it needs as many.
MOST_ASKS_A_MINUTE = 20


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


def _check_pace(actor: Participant) -> None:
    """Each is told to all organizers and stands in the audit log, from which nothing is ever deleted."""
    lately = actor.share_requests.filter(asked_at__gt=timezone.now() - timedelta(minutes=1))
    if lately.count() > MOST_ASKS_A_MINUTE:
        raise Refused("request.too_often", _("You asked often in a short while. Ask again in a minute."))


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
        _withdraw(session, _open_request(participant=actor))


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
    _decide(State.WITHDRAWN, actor.user, request)
    audit.record(action=Action.WITHDREW, actor=actor.user, session=session)
    announce_queue(session, request)


def accept(*, actor: Participant, request_id: UUID) -> Slot:
    """Puts the person who asked on screen. Announces tiles and queue.

    Raises Refused: `forbidden`, `request.gone` (withdrawn, or another organizer was faster), `stage.full`.
    """
    with _answering(actor, request_id) as (session, request):
        # Answered first: a request that still waits when its person comes on screen counts as withdrawn.
        _decide(State.ACCEPTED, actor.user, request)
        slot = backstage.put_on_screen(
            participant=request.participant, microphone=request.microphone, camera=request.camera
        )
        _record(Action.ACCEPTED, actor, session, request.participant)
    return slot


def decline(*, actor: Participant, request_id: UUID, word: str = "") -> None:
    """`word`: shown to the person, on one line; 200 characters of it are kept. Announces the queue.

    Raises Refused: `forbidden`, `request.gone`.
    """
    with _answering(actor, request_id) as (session, request):
        request.word = one_line(word)[:WORD_LENGTH]
        _decide(State.DECLINED, actor.user, request)
        _record(Action.DECLINED, actor, session, request.participant, detail=request.word)


def dequeue(*, actor: Participant, request_id: UUID) -> None:
    """Takes a person out of the queue, who may ask again. Announces the queue.

    Raises Refused: `forbidden`, `request.gone`.
    """
    with _answering(actor, request_id) as (session, request):
        _decide(State.DEQUEUED, actor.user, request)
        _record(Action.DEQUEUED, actor, session, request.participant)


@contextmanager
def _answering(actor: Participant, request_id: UUID) -> Iterator[tuple[BackstageSession, ShareRequest]]:
    """An organizer answers a request that waits; afterwards the queue is announced."""
    with backstage.locked(actor.backstage_session_id) as session:
        backstage.check_directing(actor)
        request = _open_request(pk=request_id, participant__backstage_session=session)
        yield session, request
        announce_queue(session, request)


def remove_from_screen(*, actor: Participant, participant_id: UUID, screen: bool) -> bool:
    """Takes the screen that a person shares off the screen; where there is none, the person, who must ask again.

    `screen`: the organizer means the screen. One that is gone already costs nobody their place. Returns whether it
    was the screen.
    Announces the tiles. Raises Refused: `forbidden`, `not_on_screen`.
    """
    with backstage.locked(actor.backstage_session_id) as session:
        backstage.check_directing(actor)
        participant = _person(session, participant_id)
        if participant is not None and backstage.take_screen_off(session, participant):
            _record(Action.SCREEN_REMOVED, actor, session, participant)
            return True
        if screen:
            raise Refused("not_on_screen", _("This screen is not shared any more."))
        if participant is not None and backstage.take_person_off(session, participant):
            _record(Action.REMOVED, actor, session, participant)
            return False
        raise _not_on_screen()


def empty_tile(*, actor: User, slot_id: UUID) -> bool:
    """Support takes what is in a place off the screen, as Remove does. Returns whether it was a screen.

    Announces the tiles. Raises Refused: `forbidden`, `not_on_screen`.
    """
    backstage.check_mending(actor)
    slot = Slot.objects.filter(pk=slot_id).select_related("participant").first()
    if slot is None:
        raise _not_on_screen()
    with backstage.locked(slot.backstage_session_id) as session:
        participant = _person(session, slot.participant_id)
        if participant is None or not participant.slots.filter(pk=slot_id).exists():
            raise _not_on_screen()
        shows_screen = participant.slots.get(pk=slot_id).kind == Slot.Kind.SCREEN
        take_off = backstage.take_screen_off if shows_screen else backstage.take_person_off
        take_off(session, participant)
        audit.record(
            action=Action.SCREEN_REMOVED if shows_screen else Action.REMOVED,
            actor=actor,
            session=session,
            target=participant.user,
            detail=backstage.SUPPORT,
        )
    return shows_screen


def _not_on_screen() -> Refused:
    return Refused("not_on_screen", _("This person is not on screen any more."))


def mute(*, actor: Participant, participant_id: UUID, muted: bool) -> None:
    """Nobody hears the person until this is lifted; then they may unmute themselves. Announces tiles and queue.

    Raises Refused: `forbidden`, `person.gone`.
    """
    with backstage.locked(actor.backstage_session_id) as session:
        backstage.check_directing(actor)
        participant = _person_inside(session, participant_id)
        if participant.muted == muted:
            return
        backstage.set_muted(session, participant, muted=muted)
        if participant.is_asking:
            announce_requests(session)
        _record(Action.MUTED if muted else Action.UNMUTED, actor, session, participant)


def block(*, actor: Participant, participant_id: UUID) -> None:
    """Keeps a person out of the event; they leave this Backstage at once. Announces tiles and queue.

    Raises Refused: `forbidden`, `person.gone`, `block.organizer`.
    """
    with backstage.locked(actor.backstage_session_id) as session:
        backstage.check_directing(actor)
        participant = _person_inside(session, participant_id)
        # Tells their sockets to ask again, which ends all of them; the place is given back here and now.
        events.block(
            actor=actor.user, event=session.stage.event, user=participant.user, blocked_in=session.id
        )
        backstage.leave(participant_id=participant.pk)


def end_requests_of(*, session: BackstageSession, participants: list[Participant]) -> None:
    """They left: open requests end. Announces the queue, once, if there were any. Inside the leavers' lock."""
    ended = list(ShareRequest.objects.filter(participant__in=participants, state=State.WAITING))
    if not ended:
        return
    with backstage.locked(session.id) as session:
        _decide(State.ENDED, None, *ended)
        announce_queue(session, *ended)


def _person(session: BackstageSession, participant_id: UUID) -> Participant | None:
    return session.participants.select_related("user").filter(pk=participant_id).first()


def _person_inside(session: BackstageSession, participant_id: UUID) -> Participant:
    participant = _person(session, participant_id)
    if participant is None or participant.left_at is not None:
        raise Refused("person.gone", _("This person is not in the Backstage any more."))
    return participant


def _record(
    action: Action, actor: Participant, session: BackstageSession, target: Participant, detail: str = ""
) -> None:
    audit.record(action=action, actor=actor.user, session=session, target=target.user, detail=detail)


def _open_request(**which: object) -> ShareRequest:
    request = (
        ShareRequest.objects.select_related("participant__user").filter(state=State.WAITING, **which).first()
    )
    if request is None:
        raise Refused("request.gone", _("This request is no longer waiting."))
    return request


def _decide(state: ShareRequest.State, by: User | None, *requests: ShareRequest) -> None:
    """All of them alike; `word` is each one's own."""
    now = timezone.now()
    for request in requests:
        request.state, request.decided_at, request.decided_by = state, now, by
    ShareRequest.objects.bulk_update(requests, ["state", "word", "decided_at", "decided_by"])
    backstage.note_asking(*(request.participant_id for request in requests), asking=False)
