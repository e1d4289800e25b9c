"""Vimeo: https://help.vimeo.com/hc/en-us/articles/12426260232977-Player-parameters-overview"""

import re

from events.players.address import Address
from events.players.moment import seconds
from events.players.player import Player, query

HOSTS = ("vimeo.com", "www.vimeo.com", "m.vimeo.com", "player.vimeo.com")
ORIGIN = "https://player.vimeo.com"
#: Of what has no player but its own page's: live events and showcases.
PAGE_ORIGIN = "https://vimeo.com"

_VIDEO = re.compile(r"[0-9]{5,12}", re.ASCII)
#: Opens an unlisted video.
_HASH = re.compile(r"[0-9a-f]{6,40}", re.ASCII)
#: Milliseconds, as their share button writes where to begin.
_MILLISECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)
#: `/channels/NAME/ID`, `/groups/NAME/videos/ID`, `/NAME/review/ID/HASH` …: how many parts stand before the ID.
_BEFORE_VIDEO = (
    ("video",),
    ("videos",),
    ("manage", "videos"),
    ("channels", None),
    ("groups", None, "videos"),
    ("album", None, "video"),
    ("showcase", None, "video"),
    ("ondemand", None),
    ("review",),
    (None, "review"),
    ("reviews", None, "videos"),
    (),
)


def is_theirs(address: Address) -> bool:
    return address.is_on(*HOSTS)


def player(address: Address) -> Player | None:
    if not is_theirs(address):
        return None
    path = address.path
    if len(path) >= 2 and path[0] in ("event", "showcase") and "video" not in path:
        kind, number, key, key_behind_embed = (*path, "", "")[:4]
        return _page(kind, number, key_behind_embed if key == "embed" else key)
    for before in _BEFORE_VIDEO:
        video, *rest = (*path[len(before) :], "") if _begins(path, before) else ("",)
        if _VIDEO.fullmatch(video):
            key = address.query.get("h") or (rest[0] if rest else "")
            return Player(
                ORIGIN, f"/video/{video}{query(h=key if _HASH.fullmatch(key) else None)}{_moment(address)}"
            )
    return None


def _begins(path: tuple[str, ...], before: tuple[str | None, ...]) -> bool:
    return len(path) > len(before) and all(
        each in (None, part) for each, part in zip(before, path, strict=False)
    )


def _page(kind: str, number: str, key: str) -> Player | None:
    """`/event/ID`, `/event/ID/HASH`, and either with `embed`, as their embed code has it."""
    if not _VIDEO.fullmatch(number):
        return None
    behind = f"/{key}" if kind == "event" and _HASH.fullmatch(key) else ""
    return Player(PAGE_ORIGIN, f"/{kind}/{number}/embed{behind}")


def _moment(address: Address) -> str:
    start = seconds(address.fragment.removeprefix("t=") or address.query.get("t", "")) or _shared_at(address)
    return f"#t={start}s" if start else ""


def _shared_at(address: Address) -> int:
    """Seconds; 0 where the share button was not told of a moment."""
    moment = address.query.get("ts", "")
    return int(moment) // 1000 if _MILLISECONDS.fullmatch(moment) else 0
