"""The media servers as the stagehand sees them: no truth of its own, and nothing to change."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import redis
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from backstage.models import BackstageSession
from backstage.stagehand.heartbeat import BEAT_KEY
from backstage.stagehand.sights import address

DEADLINE_S = 2.0


@dataclass(frozen=True)
class Room:
    """What Janus has for one Backstage. `at`: when that was looked at last."""

    session: BackstageSession | None
    number: int
    at: datetime | None
    exists: bool
    feeds: int
    forwarders: int
    mountpoint: bool
    delay_line: bool


@dataclass(frozen=True)
class MediaServer:
    """`state`: a sentence. `since`: how long the link has been as it is; None: not known."""

    address: str
    healthy: bool
    state: str
    since: datetime | None = None
    watched_since: datetime | None = None
    rooms: tuple[Room, ...] = ()


def media_servers_view(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("backstage.view_backstagesession"):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": _("Media servers"),
        "servers": [_server()],
    }
    return TemplateResponse(request, "admin/media_servers.html", context)


def _server() -> MediaServer:
    known = address(settings.JANUS_URL)
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=DEADLINE_S) as client:
            beat = client.get(BEAT_KEY)
    except (redis.RedisError, OSError):
        return MediaServer(
            known, False, _("Not known: Redis does not answer, where the stagehand tells what it sees.")
        )
    if beat is None:
        return MediaServer(known, False, _("Not known: the stagehand does not run, or hangs."))
    return _read(json.loads(beat))


def _read(told: dict[str, Any]) -> MediaServer:
    linked = bool(told["linked"])
    return MediaServer(
        address=told["address"],
        healthy=linked,
        state=_("The stagehand is connected to it.") if linked else _("The stagehand cannot reach it."),
        since=_moment(told["since"]),
        watched_since=_moment(told["started_at"]),
        rooms=tuple(_rooms(told["rooms"])),
    )


def _rooms(told: list[dict[str, Any]]) -> list[Room]:
    sessions = BackstageSession.objects.select_related("stage__event").in_bulk(
        [UUID(each["backstage_session"]) for each in told]
    )
    return [
        Room(
            session=sessions.get(UUID(each["backstage_session"])),
            at=_moment(each["at"]),
            **{
                name: each[name]
                for name in ("number", "exists", "feeds", "forwarders", "mountpoint", "delay_line")
            },
        )
        for each in told
    ]


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
