"""What the stagehand sees of its media server, told with each heartbeat: for support to look at, and for no rule."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from backstage.stagehand.observed import Observed


@dataclass
class Sights:
    """`linked`, `since`: the link to Janus, and when that last changed; None: there was none yet."""

    linked: bool = False
    since: datetime | None = None
    started_at: datetime = field(default_factory=timezone.now)
    seen: dict[UUID, tuple[int, Observed, datetime]] = field(default_factory=dict)

    def link_changed(self, linked: bool) -> None:
        self.linked, self.since = linked, timezone.now()

    def saw(self, session_id: UUID, room: int, observed: Observed) -> None:
        self.seen[session_id] = (room, observed, timezone.now())

    def rooms_of_others(self, session_ids: set[UUID]) -> set[int]:
        """The numbers under which Janus had something when last looked at, of Backstages that are not among these."""
        return {
            room
            for session_id, (room, observed, _at) in self.seen.items()
            if session_id not in session_ids and (observed.dummy_feed is not None or observed.mountpoint)
        }

    def forget_all_but(self, session_ids: set[UUID]) -> None:
        self.seen = {each: sight for each, sight in self.seen.items() if each in session_ids}

    def told(self) -> bytes:
        return json.dumps(
            {
                "address": address(settings.JANUS_URL),
                "linked": self.linked,
                "since": _iso(self.since),
                "started_at": _iso(self.started_at),
                "rooms": [
                    {
                        "backstage_session": str(session_id),
                        "number": room,
                        "at": _iso(at),
                        "exists": observed.dummy_feed is not None,
                        "feeds": len(observed.publishers),
                        "forwarders": len(observed.forwarders),
                        "mountpoint": observed.mountpoint is not None,
                        "delay_line": observed.line is not None,
                    }
                    for session_id, (room, observed, at) in self.seen.items()
                ],
            }
        ).encode()


def address(url: str) -> str:
    """Host and port: whatever else may stand in an address could be a secret."""
    parts = urlsplit(url)
    return (
        f"{parts.scheme}://{parts.hostname}:{parts.port}"
        if parts.port
        else f"{parts.scheme}://{parts.hostname}"
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
