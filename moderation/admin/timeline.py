"""The page of a timeline."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from backstage.models import BackstageSession
from events.admin.offers import Link, tools_of
from moderation import timeline
from moderation.permissions import may_see_timeline
from moderation.timeline import Entry, Wanted


@dataclass(frozen=True)
class Row:
    """An entry as it is shown: `day` where another day begins with it, times in the event's zone."""

    entry: Entry
    day: str
    time: str
    moment: str


def path_of(session_id: UUID, **query: object) -> str:
    path = reverse("admin:moderation_timeline", args=[session_id])
    return f"{path}?{urlencode(query)}" if query else path


def may_look(request: HttpRequest) -> bool:
    return may_see_timeline(request.user)


def timeline_view(request: HttpRequest, session_id: UUID) -> HttpResponse:
    if not may_look(request):
        raise PermissionDenied
    session = get_object_or_404(BackstageSession.objects.select_related("stage__event"), pk=session_id)
    wanted = _wanted(request)
    page = timeline.page(session, wanted)
    zone = ZoneInfo(session.stage.event.time_zone)
    context = {
        **admin.site.each_context(request),
        "title": _("Timeline of %(stage)s, %(event)s")
        % {"stage": session.stage, "event": session.stage.event},
        "session": session,
        "rows": list(_rows(page.entries, zone)),
        "zone": session.stage.event.time_zone,
        "wanted": wanted,
        "is_filtered": bool(wanted.person or wanted.kind or wanted.until),
        "people": timeline.people(session),
        "kinds": timeline.kinds(),
        "earlier": path_of(session.pk, **_query(page.earlier)) if page.earlier else None,
        "newest": path_of(session.pk, **_query(Wanted(wanted.person, wanted.kind))),
        "tools": list(_tools(session, request)),
    }
    return TemplateResponse(request, "admin/timeline.html", context)


def _tools(session: BackstageSession, request: HttpRequest) -> Iterator[Link]:
    own = path_of(session.pk)
    yield from (tool for tool in tools_of(session, request) if tool.path != own)


def _wanted(request: HttpRequest) -> Wanted:
    """Whatever is not understood is not asked for."""
    person, skip = request.GET.get("person", ""), request.GET.get("skip", "")
    return Wanted(
        person=int(person) if _is_number(person) else None,
        kind=_known_kind(request.GET.get("kind", "")),
        until=_moment(request.GET.get("until", "")),
        skip=int(skip) if _is_number(skip) else 0,
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _known_kind(kind: str) -> str:
    known = {group.value for group, _choices in timeline.kinds()} | {
        f"{group.value}:{value}" for group, choices in timeline.kinds() for value, _label in choices
    }
    return kind if kind in known else ""


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _query(wanted: Wanted) -> dict[str, object]:
    query = {
        "person": wanted.person,
        "kind": wanted.kind,
        "until": wanted.until.isoformat() if wanted.until else "",
        "skip": wanted.skip,
    }
    return {name: value for name, value in query.items() if value}


def _rows(entries: list[Entry], zone: ZoneInfo) -> Iterator[Row]:
    day = ""
    for entry in entries:
        local = entry.at.astimezone(zone)
        today = local.strftime("%Y-%m-%d")
        yield Row(entry, today if today != day else "", local.strftime("%H:%M:%S.%f")[:-3], _iso(local))
        day = today


def _iso(local: datetime) -> str:
    return local.isoformat(timespec="milliseconds")
