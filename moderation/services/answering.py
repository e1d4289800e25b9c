"""An organizer answers a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import BackstageSession, Participant, Slot
from events.text import one_line
from moderation.messages import WORD_LENGTH
from moderation.models import ShareRequest
from moderation.services.people import record
from moderation.services.queue import announce_queue, decide, open_request

State = ShareRequest.State


def accept(*, actor: Participant, request_id: UUID) -> Slot:
    """Puts the person who asked on screen. Announces tiles and queue.

    Raises Refused: `forbidden`, `request.gone` (withdrawn, or another organizer was faster), `stage.full`.
    """
    with _answering(actor, request_id) as (session, request):
        # Answered first: a request that still waits when its person comes on screen counts as withdrawn.
        decide(State.ACCEPTED, actor.user, request)
        slot = backstage.put_on_screen(
            participant=request.participant, microphone=request.microphone, camera=request.camera
        )
        record(Action.ACCEPTED, actor, session, request.participant)
    return slot


def decline(*, actor: Participant, request_id: UUID, word: str = "") -> None:
    """`word`: shown to the person, on one line; WORD_LENGTH characters of it are kept. Announces the queue.

    Raises Refused: `forbidden`, `request.gone`.
    """
    with _answering(actor, request_id) as (session, request):
        request.word = one_line(word)[:WORD_LENGTH]
        decide(State.DECLINED, actor.user, request)
        record(Action.DECLINED, actor, session, request.participant, detail=request.word)


def dequeue(*, actor: Participant, request_id: UUID) -> None:
    """Takes a person out of the queue, who may ask again. Announces the queue.

    Raises Refused: `forbidden`, `request.gone`.
    """
    with _answering(actor, request_id) as (session, request):
        decide(State.DEQUEUED, actor.user, request)
        record(Action.DEQUEUED, actor, session, request.participant)


@contextmanager
def _answering(actor: Participant, request_id: UUID) -> Iterator[tuple[BackstageSession, ShareRequest]]:
    """An organizer answers a request that waits; afterwards the queue is announced."""
    with backstage.locked(actor.backstage_session_id) as session:
        backstage.check_directing(actor)
        request = open_request(pk=request_id, participant__backstage_session=session)
        yield session, request
        announce_queue(session, request)
