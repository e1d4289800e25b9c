"""All that a page is told when it comes."""

from uuid import UUID

from backstage.messages import BackstageSnapshot, Layout, StageSnapshot
from backstage.models import BackstageSession, Participant
from backstage.selectors.people import is_on_screen, me, participant, people_inside
from backstage.selectors.sessions import shown_on
from backstage.selectors.shows import show
from backstage.selectors.tiles import aired, tiles
from events.models import Stage, User


def snapshot(participant: Participant, watching: int) -> BackstageSnapshot:
    session = participant.backstage_session
    return BackstageSnapshot(
        me=me(participant),
        event=session.stage.event.name,
        stage=session.stage.name,
        tiles=tiles(session),
        show=show(session),
        people=people_inside(session),
        watching=watching,
    )


def numbered_snapshot(participant_id: UUID, watching: int) -> tuple[BackstageSnapshot, int]:
    """A snapshot and a revision that it is at least as new as: the number is read first.

    No transaction: on SQLite that would take the lock that writers need, and a house that reconnects reads a lot.
    """
    whose = participant(participant_id)
    return snapshot(whose, watching), whose.backstage_session.revision


def stage_snapshot(
    session: BackstageSession, user: User, watching: int, ice_servers: list[dict[str, object]]
) -> StageSnapshot:
    return StageSnapshot(
        layout=aired(session),
        media=session.mountpoint_ready,
        watching=watching,
        on_screen=is_on_screen(user),
        ice_servers=ice_servers,
        shown=shown_on(session.stage),
    )


def elsewhere_snapshot(stage: Stage, watching: int) -> StageSnapshot:
    """Of a Stage whose picture comes from another provider: there is nothing of ours to connect to."""
    return StageSnapshot(
        layout=Layout(),
        media=False,
        watching=watching,
        on_screen=False,
        ice_servers=[],
        shown=shown_on(stage),
    )
