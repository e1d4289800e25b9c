"""The timeline of one Backstage session: what people did, and what media servers saw, in one order.

Everything in it is read from rows that others wrote; nothing is kept for it alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from typing import Any

from django.db.models import F, Model, Q, QuerySet
from django.db.models.enums import TextChoices
from django.utils.translation import gettext_lazy as _

from backstage.actions import Action
from backstage.models import BackstageSession, Broadcast, MediaEvent, Movement
from events.models import User
from moderation.models import AuditEntry, ShareRequest

#: Entries on a page.
PAGE = 500


class Group(TextChoices):
    """Who says so."""

    MOVEMENT = "movement", _("Coming and going")
    ACTION = "action", _("What people did")
    SHOW = "show", _("The show")
    MEDIA = "media", _("Media")


class ShowKind(TextChoices):
    CAPTURED = "captured", _("Sent into the delay line")
    ON_AIR = "on_air", _("On air")
    OFF_AIR = "off_air", _("Off air")


class RequestKind(TextChoices):
    """What ends a request without anybody's doing; the rest stands in the audit log."""

    ENDED = "request_ended", _("Request ended, since the person left")


@dataclass(frozen=True)
class Entry:
    """`person`: whom it is about; `by`: who did it, where that is somebody else. Names, and ids where the rows live."""

    at: datetime
    group: Group
    kind: str
    what: Any
    person: str = ""
    person_id: int | None = None
    by: str = ""
    by_id: int | None = None
    detail: str = ""
    rank: int = 0
    """Decides between two of the same moment: causes first."""
    key: str = ""


@dataclass(frozen=True)
class Wanted:
    """`person`: the id of a user. `kind`: "GROUP" or "GROUP:KIND". `until`: nothing later than this; `skip`: so many
    of that very moment were on the page before."""

    person: int | None = None
    kind: str = ""
    until: datetime | None = None
    skip: int = 0

    @property
    def group(self) -> str:
        return self.kind.partition(":")[0]

    @property
    def one_kind(self) -> str:
        return self.kind.partition(":")[2]


@dataclass(frozen=True)
class Page:
    """Oldest first. `earlier`: what to ask for what came before; None: that was the beginning."""

    entries: list[Entry]
    earlier: Wanted | None


def kinds() -> list[tuple[Group, list[tuple[str, Any]]]]:
    """All there are, by group."""
    return [
        (Group.MOVEMENT, list(Movement.Kind.choices)),
        (Group.ACTION, [*Action.choices, *RequestKind.choices]),
        (Group.SHOW, list(ShowKind.choices)),
        (Group.MEDIA, list(MediaEvent.Kind.choices)),
    ]


def people(session: BackstageSession) -> QuerySet[User]:
    """Whoever was ever inside, or at the door."""
    return User.objects.filter(participations__backstage_session=session).order_by("display_name", "pk")


def page(session: BackstageSession, wanted: Wanted, size: int = PAGE) -> Page:
    """The newest `size` entries that are wanted: some short queries, however many there are."""
    # Of each source as many as might all be needed: the page, those to be left out, and one to see that there is more.
    most = size + wanted.skip + 1
    found = nlargest(most, _all(session, wanted, most), key=_order)[wanted.skip :]
    shown = found[:size]
    earlier = None
    if len(found) > size:
        last = shown[-1].at
        same = sum(entry.at == last for entry in shown)
        repeated = wanted.skip if wanted.until == last else 0
        earlier = Wanted(wanted.person, wanted.kind, last, same + repeated)
    return Page(shown[::-1], earlier)


def _order(entry: Entry) -> tuple[datetime, int, str]:
    return entry.at, entry.rank, entry.key


def _all(session: BackstageSession, wanted: Wanted, most: int) -> Iterator[Entry]:
    sources = {
        Group.MOVEMENT: (_movements,),
        Group.ACTION: (_actions, _ended_requests),
        Group.SHOW: (_show,),
        Group.MEDIA: (_media,),
    }
    for group, readers in sources.items():
        if wanted.group in {"", group}:
            for read in readers:
                yield from read(session, wanted, most)


def _newest(rows: QuerySet[Any], wanted: Wanted, most: int, moment: str = "at") -> Iterable[Any]:
    if wanted.until is not None:
        rows = rows.filter(**{f"{moment}__lte": wanted.until})
    return rows.order_by(F(moment).desc(nulls_last=True), "-pk")[:most]


def _of_kind(rows: QuerySet[Any], wanted: Wanted, name: str = "kind") -> QuerySet[Any]:
    return rows.filter(**{name: wanted.one_kind}) if wanted.one_kind else rows


def _movements(session: BackstageSession, wanted: Wanted, most: int) -> Iterator[Entry]:
    rows = _of_kind(session.movements.select_related("participant__user"), wanted)
    if wanted.person is not None:
        rows = rows.filter(participant__user=wanted.person)
    for row in _newest(rows, wanted, most):
        yield Entry(
            row.at,
            Group.MOVEMENT,
            row.kind,
            row.get_kind_display(),
            **_whom(row.participant.user),
            detail=_("Tile %(slot)s") % {"slot": row.slot} if row.slot else "",
            rank=1,
            key=_key(row),
        )


def _media(session: BackstageSession, wanted: Wanted, most: int) -> Iterator[Entry]:
    rows = _of_kind(session.media_events.select_related("participant__user"), wanted)
    if wanted.person is not None:
        rows = rows.filter(participant__user=wanted.person)
    for row in _newest(rows, wanted, most):
        yield Entry(
            row.at,
            Group.MEDIA,
            row.kind,
            row.get_kind_display(),
            **_whom(row.participant.user if row.participant else None),
            detail=" · ".join(_media_details(row)),
            rank=3,
            key=_key(row),
        )


def _media_details(row: MediaEvent) -> Iterator[str]:
    if row.medium:
        yield str(row.get_medium_display())
    if row.detail:
        yield str(_("Tile %(slot)s") % {"slot": row.detail}) if row.kind == row.Kind.FORWARDED else row.detail
    if row.feed:
        yield str(_("feed %(feed)s") % {"feed": row.feed})


def _actions(session: BackstageSession, wanted: Wanted, most: int) -> Iterator[Entry]:
    rows = _of_kind(AuditEntry.objects.filter(backstage_session=session), wanted, "action")
    if wanted.person is not None:
        rows = rows.filter(Q(actor=wanted.person) | Q(target=wanted.person))
    for row in _newest(rows, wanted, most):
        is_about_another = bool(row.target_name)
        yield Entry(
            row.at,
            Group.ACTION,
            row.action,
            row.get_action_display(),
            person=row.target_name or row.actor_name,
            person_id=row.target_id if is_about_another else row.actor_id,
            by=row.actor_name if is_about_another else "",
            by_id=row.actor_id if is_about_another else None,
            detail=row.detail,
            key=_key(row),
        )


def _ended_requests(session: BackstageSession, wanted: Wanted, most: int) -> Iterator[Entry]:
    if wanted.one_kind not in {"", RequestKind.ENDED}:
        return
    rows = ShareRequest.objects.filter(
        participant__backstage_session=session,
        state=ShareRequest.State.ENDED,
        decided_at__isnull=False,
    ).select_related("participant__user")
    if wanted.person is not None:
        rows = rows.filter(participant__user=wanted.person)
    for row in _newest(rows, wanted, most, "decided_at"):
        yield Entry(
            row.decided_at,
            Group.ACTION,
            RequestKind.ENDED,
            RequestKind.ENDED.label,
            **_whom(row.participant.user),
            rank=2,
            key=_key(row),
        )


def _show(session: BackstageSession, wanted: Wanted, most: int) -> Iterator[Entry]:
    """What became of broadcasts; who pressed what stands in the audit log. Of nobody: it is everybody's show."""
    if wanted.person is not None:
        return
    moments = {
        ShowKind.CAPTURED: "capture_began_at",
        ShowKind.ON_AIR: "on_air_at",
        ShowKind.OFF_AIR: "ended_at",
    }
    for kind, moment in moments.items():
        if wanted.one_kind not in {"", kind}:
            continue
        rows = session.broadcasts.filter(**{f"{moment}__isnull": False})
        for row in _newest(rows, wanted, most, moment):
            yield Entry(
                getattr(row, moment),
                Group.SHOW,
                kind,
                kind.label,
                detail=_show_detail(row, kind),
                rank=2,
                key=_key(row),
            )


def _show_detail(row: Broadcast, kind: ShowKind) -> str:
    if kind == ShowKind.OFF_AIR and row.cut_at:
        return str(_("cut"))
    return str(_("delay %(delay)s s") % {"delay": row.delay_s}) if kind == ShowKind.CAPTURED else ""


def _whom(user: User | None) -> dict[str, Any]:
    return {"person": str(user), "person_id": user.pk} if user else {}


def _key(row: Model) -> str:
    return f"{row.pk:020}" if isinstance(row.pk, int) else str(row.pk)
