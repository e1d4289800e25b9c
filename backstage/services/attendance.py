"""Being away: what a lost line costs, and after how long."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from backstage import messages, permissions, selectors
from backstage.models import BackstageSession, Movement, Participant, Slot
from backstage.services.announcing import locked
from backstage.services.door import (
    admit_waiting,
    announce_line,
    dissolve_line,
    leave_line,
    strike_from_line,
)
from backstage.services.entry import end_visits, leave_all, strike_out
from backstage.services.kept import has_something, is_over
from backstage.services.movements import note_movements
from backstage.services.show import stop_for_good
from hopin_backstage.realtime import groups, publish
from hopin_backstage.realtime.access import AccessChanged
from hopin_backstage.realtime.presence import PRESENCE_RENEW_S, PRESENCE_TTL_S

#: What can be said of the silence of somebody whose presence has ended, with nobody to mark them away: it was to be
#: renewed this long ago, and was not.
UNRENEWED_FOR = timedelta(seconds=PRESENCE_TTL_S - PRESENCE_RENEW_S)


def mark_away(*, participant_id: UUID, last_word: datetime) -> None:
    """The last line of a person is lost, and that was their last word.

    What they have is kept; the stagehand ends that after a while. Nothing happens to somebody who has left, or was
    deleted.
    """
    if (session_id := selectors.session_of(participant_id)) is not None:
        _mark_away(session_id, {participant_id: last_word})


def _mark_away(session_id: UUID, last_words: Mapping[UUID, datetime]) -> None:
    """Takes the lock: what is kept of it names the session. However long it waits for that, the words are as old as
    they were.

    A machine that was too busy to renew a presence may have said of somebody that they are away who was not; the last
    word that was heard from them counts.
    """
    with locked(session_id):
        lost, later = [], []
        for participant in _inside_or_waiting().filter(pk__in=last_words):
            last_word = last_words[participant.pk]
            if participant.away_since is None:
                lost.append(participant)
            elif participant.away_since < last_word:
                later.append(participant)
            else:
                continue
            participant.away_since = last_word
        Participant.objects.bulk_update([*lost, *later], ["away_since"])
        note_movements(Movement.Kind.AWAY, lost, at=lambda participant: last_words[participant.pk])


def _mark_back(session_id: UUID, ids: set[UUID]) -> None:
    with locked(session_id):
        back = list(Participant.objects.filter(pk__in=ids, away_since__isnull=False))
        Participant.objects.filter(pk__in=[each.pk for each in back]).update(away_since=None)
        note_movements(Movement.Kind.BACK, back)


def note_presence(*, session_id: UUID, present: set[str], at_door: set[str], known: set[str]) -> None:
    """Compares who is here (user ids, as the sockets' presences say) with who we think is.

    `known`: `selectors.persons_here`, read before the presences. Who is in neither has come since, and is not gone;
    who is in both, and away by now, has gone since, and is not back.

    A web process that died could not mark its people away; whoever has been away too long leaves; and places that
    are free, be it because there are more of them than before, go to those who wait.
    """
    if not selectors.is_open(session := selectors.get(session_id)):
        close(session)
        return
    back, gone, over = [], [], []
    for participant in _inside_or_waiting().filter(backstage_session_id=session_id):
        person = str(participant.user_id)
        here = person in present | at_door
        if here and participant.away_since is not None:
            if person not in known:
                back.append(participant)
        elif not here and participant.away_since is None:
            if person in known:
                gone.append(participant)
        elif not here and is_over(participant):
            over.append(participant.pk)
    if back:
        _mark_back(session_id, {each.pk for each in back})
    if gone:
        # A seat is short, and counts from now; what is kept for a minute counts from the last word.
        now = timezone.now()
        _mark_away(
            session_id, {each.pk: now - UNRENEWED_FOR if has_something(each) else now for each in gone}
        )
    _end_those_over(session_id, over)
    _tell_again(session_id, present, at_door)


def _inside_or_waiting() -> QuerySet[Participant]:
    """Each with `has_slot`, so that a full house is one query."""
    return Participant.objects.exclude(left_at__isnull=False, waiting_since__isnull=True).annotate(
        has_slot=Exists(Slot.objects.filter(participant=OuterRef("pk")))
    )


def close(session: BackstageSession) -> None:
    """Its Stage was archived, shows something else now, or is about to be deleted: nobody could come back in to end
    what goes on here. A show stops, and everybody leaves. Announces show and tiles.
    """
    with locked(session.id) as session:
        stop_for_good(session)
        leave_all(session)
        dissolve_line(session)


def put_out_uninvited(session: BackstageSession) -> None:
    """Fewer may come to the event than before: whoever may not be here leaves, inside or at the door, and is told.

    Announces the tiles; moderation ends the requests.
    """
    with locked(session.id) as session:
        here = list(_inside_or_waiting().filter(backstage_session=session).select_related("user"))
        invited = permissions.entering_among([each.user_id for each in here], session.stage.event)
        uninvited = [each for each in here if each.user_id not in invited]
        if not uninvited:
            return
        _ask_everybody_again(session)
        inside, waiting = _inside_and_waiting(uninvited)
        strike_out(session, inside)
        strike_from_line(waiting)
        if waiting:
            announce_line(session)


def _ask_everybody_again(session: BackstageSession) -> None:
    """All connections of a Backstage ask whether they may go on, and hear nothing before they have.

    A word to each group, and before all else: a full house would be told by name for so long that some hear what goes
    on without them. Stage pages and chats are told by whoever narrowed the access.
    """
    for group in (groups.backstage, groups.door, groups.media, groups.askers):
        publish(group(session.id), AccessChanged())


def _inside_and_waiting(people: list[Participant]) -> tuple[list[Participant], list[Participant]]:
    inside = [each for each in people if each.left_at is None]
    return inside, [each for each in people if each.waiting_since is not None]


def _end_those_over(session_id: UUID, over: list[UUID]) -> None:
    """Of those who are still away. Then the line moves, once for all of them."""
    if not over and not _could_admit(session_id):
        return
    with locked(session_id) as session:
        still = [
            each for each in _inside_or_waiting().filter(pk__in=over).select_related("user") if is_over(each)
        ]
        inside, waiting = _inside_and_waiting(still)
        end_visits(session, inside)
        leave_line(waiting)
        if waiting:
            announce_line(session)
        admit_waiting(session)


def _could_admit(session_id: UUID) -> bool:
    """Without the lock: whether it is worth taking."""
    session = selectors.get(session_id)
    return (
        selectors.line_at_door(session).filter(away_since__isnull=True).exists()
        and selectors.places_free(session) > 0
    )


def _tell_again(session_id: UUID, present: set[str], at_door: set[str]) -> None:
    """Whoever stands at the door although they have a place, or inside although they have left, missed being told."""
    everybody = Participant.objects.filter(backstage_session_id=session_id, waiting_since__isnull=True)
    if at_door:
        for participant in everybody.filter(left_at__isnull=True, user_id__in=map(int, at_door)):
            publish(groups.participant(participant.id), messages.Admitted())
    if present:
        for participant in everybody.filter(left_at__isnull=False, user_id__in=map(int, present)):
            publish(groups.participant(participant.id), messages.YouLeft())
