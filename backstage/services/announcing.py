"""One writer at a time for each Backstage, and what everybody concerned is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from backstage import messages, selectors
from backstage.models import BackstageSession, Participant
from backstage.notices import TOUCHED
from hopin_backstage.realtime import groups, publish


@contextmanager
def locked(session_id: UUID) -> Iterator[BackstageSession]:
    """One writer at a time for each Backstage: its row is the lock, so its revisions have no gaps."""
    with transaction.atomic():
        yield (
            BackstageSession.objects.select_for_update(of=("self",))
            .select_related("stage__event")
            .get(pk=session_id)
        )


def announce_tiles(session: BackstageSession) -> None:
    """Tells people inside the tiles, media connections the feeds, and the stagehand to look. Needs the lock."""
    revision = _next_revision(session)
    publish(
        groups.backstage(session.id),
        messages.TilesChanged(tiles=selectors.tiles(session)),
        revision=revision,
    )
    publish(groups.media(session.id), messages.SlotFeeds(feeds=selectors.feeds(session), revision=revision))
    publish(groups.STAGEHAND, TOUCHED)


def announce_show(session: BackstageSession) -> None:
    """Tells people inside the state of the show, and the stagehand to look. Needs the lock."""
    publish(
        groups.backstage(session.id),
        messages.ShowChanged(show=selectors.show(session)),
        revision=_next_revision(session),
    )
    publish(groups.STAGEHAND, TOUCHED)


def announce_people(session: BackstageSession, *, inside: int, watching: int) -> None:
    """How many. Also what a lost notice may have told: the revision to pages, the feeds to media connections."""
    publish(
        groups.media(session.id),
        messages.SlotFeeds(feeds=selectors.feeds(session), revision=session.revision),
    )
    publish(
        groups.backstage(session.id),
        messages.PeopleChanged(people=inside, watching=watching, as_of=session.revision),
    )


def _next_revision(session: BackstageSession) -> int:
    session.revision += 1
    session.save(update_fields=["revision"])
    return session.revision


def announce_me(session: BackstageSession, participant: Participant) -> None:
    """Tells one person what they may do. Needs the lock, and the person's row as it is now."""
    publish(
        groups.participant(participant.id),
        messages.MeChanged(
            may_return=participant.may_return, muted=participant.muted, as_of=session.revision
        ),
    )


def announce_on_screen(participant: Participant) -> None:
    """Tells the Stage pages of a person whether they have to be silent. To be called inside the transaction."""
    publish(
        groups.viewer(participant.user_id),
        messages.EchoGuard(on_screen=selectors.is_on_screen(participant.user)),
    )
