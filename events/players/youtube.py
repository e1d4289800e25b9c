"""YouTube: https://developers.google.com/youtube/player_parameters"""

import re

from events.players.address import Address
from events.players.moment import seconds
from events.players.player import Player, query

#: Where whoever streams stands while they stream: its address is the one at hand.
STUDIO = "studio.youtube.com"
HOSTS = (
    "youtube.com",
    "www.youtube.com",
    "m.youtube.com",
    "music.youtube.com",
    "gaming.youtube.com",
    STUDIO,
    "youtu.be",
    "www.youtu.be",
    "youtube-nocookie.com",
    "www.youtube-nocookie.com",
)
#: The same player; it stores nothing before somebody plays.
ORIGIN = "https://www.youtube-nocookie.com"

_VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")
_LIST = re.compile(r"[A-Za-z0-9_-]{2,64}")
_CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
#: Words of the player's own that look like the name of a video.
_NO_VIDEO = {"live_stream", "videoseries"}
_BEFORE_VIDEO = {"embed", "live", "shorts", "v", "e", "watch"}


def is_theirs(address: Address) -> bool:
    return address.is_on(*HOSTS)


def player(address: Address) -> Player | None:
    if not is_theirs(address):
        return None
    listed = _matched(_LIST, address.query.get("list", ""))
    if video := _video(address):
        return Player(ORIGIN, f"/embed/{video}{query(start=_start(address), list=listed)}")
    if address.path[:2] == ("embed", "live_stream"):
        channel = _matched(_CHANNEL, address.query.get("channel", ""))
        return Player(ORIGIN, f"/embed/live_stream{query(channel=channel)}") if channel else None
    if listed and (address.path == ("playlist",) or address.path[:2] == ("embed", "videoseries")):
        return Player(ORIGIN, f"/embed/videoseries{query(list=listed)}")
    return None


def _video(address: Address) -> str | None:
    path = address.path
    if address.host.endswith("youtu.be"):
        named = path[0] if path else ""
    elif address.host == STUDIO:
        named = path[1] if len(path) >= 2 and path[0] == "video" else ""
    elif len(path) >= 2 and path[0] in _BEFORE_VIDEO:
        named = path[1]
    elif path in (("watch",), ("watch_popup",)):
        named = address.query.get("v", "")
    else:
        named = ""
    video = _matched(_VIDEO, named)
    return video if video not in _NO_VIDEO else None


def _start(address: Address) -> int | None:
    written = address.query.get("start") or address.query.get("t") or address.query.get("time_continue")
    return seconds(written or address.fragment.removeprefix("t="))


def _matched(form: re.Pattern[str], text: str) -> str | None:
    return text if form.fullmatch(text) else None
