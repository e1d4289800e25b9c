"""The Activity tab of an event's dashboard: the audit log, newest first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backstage.actions import Action
from events.models import Event
from events.views.asking import event_frame
from events.views.dashboard_pages import dashboard_page
from moderation import selectors, sentences
from moderation.models import AuditEntry

#: Entries of a page.
PAGE = 50


@dataclass(frozen=True)
class Line:
    at: datetime
    sentence: str
    detail: str
    stage: str
    """Where it was done; empty where it was done in the dashboard."""


@dataclass(frozen=True)
class Filter:
    """What the address asks for; whatever makes no sense in it asks for nothing."""

    action: str
    person: str
    before: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Filter":
        action = request.GET.get("action", "")
        return cls(
            action=action if action in Action.values else "",
            # PostgreSQL takes no U+0000, not even to compare it.
            person=request.GET.get("person", "").replace("\0", "").strip()[:150],
            before=request.GET.get("before", ""),
        )

    @property
    def narrows(self) -> bool:
        return bool(self.action or self.person)


@dashboard_page("GET")
def activity(request: HttpRequest, event: Event) -> HttpResponse:
    wanted = Filter.of(request)
    entries = _narrowed(selectors.activity(event), wanted)
    cursor = _cursor(wanted.before)
    # One more than are shown tells whether there are older ones.
    found = list((entries.filter(_older_than(*cursor)) if cursor else entries)[: PAGE + 1])
    shown = found[:PAGE]
    context = {
        **event_frame(request, event, "activity"),
        "lines": [_line(entry) for entry in shown],
        "older": _name(shown[-1]) if len(found) > PAGE else "",
        "is_first_page": cursor is None,
        "wanted": wanted,
        "actions": Action.choices,
    }
    return render(request, "moderation/activity.html", context)


def _narrowed(entries: QuerySet[AuditEntry], wanted: Filter) -> QuerySet[AuditEntry]:
    if wanted.action:
        entries = entries.filter(action=wanted.action)
    if wanted.person:
        entries = entries.filter(
            Q(actor_name__icontains=wanted.person) | Q(target_name__icontains=wanted.person)
        )
    return entries


def _line(entry: AuditEntry) -> Line:
    session = entry.backstage_session
    return Line(
        at=entry.at,
        sentence=sentences.sentence(entry),
        detail=sentences.detail(entry),
        stage=session.stage.name if session else "",
    )


def _name(entry: AuditEntry) -> str:
    """Of the last entry of a page: the next page begins behind it, whatever has been written meanwhile."""
    return f"{entry.at.isoformat()}_{entry.pk.hex}"


def _cursor(name: str) -> tuple[datetime, UUID] | None:
    at, _separator, pk = name.partition("_")
    try:
        when = datetime.fromisoformat(at)
        return (when, UUID(pk)) if when.tzinfo else None
    except ValueError:
        return None


def _older_than(at: datetime, pk: UUID) -> Q:
    return Q(at__lt=at) | Q(at=at, id__lt=pk)
