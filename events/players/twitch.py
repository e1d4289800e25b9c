"""Twitch: https://dev.twitch.tv/docs/embed/video-and-clips/"""

import re

from events.players.address import Address
from events.players.moment import seconds
from events.players.player import Player, query

PAGES = ("twitch.tv", "www.twitch.tv", "m.twitch.tv", "go.twitch.tv")
PLAYER, CLIPS = "player.twitch.tv", "clips.twitch.tv"
#: Where whoever streams stands while they stream: https://dashboard.twitch.tv/u/NAME/stream-manager
DASHBOARD = "dashboard.twitch.tv"
HOSTS = (*PAGES, PLAYER, CLIPS, DASHBOARD)

_CHANNEL = re.compile(r"[A-Za-z0-9_]{3,25}", re.ASCII)
_VIDEO = re.compile(r"v?([0-9]{5,12})", re.ASCII)
_COLLECTION = re.compile(r"[A-Za-z0-9_-]{10,30}", re.ASCII)
_CLIP = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{3,99}", re.ASCII)
#: Pages of theirs that stand where a channel would.
_NO_CHANNEL = {
    *(
        "directory",
        "videos",
        "clips",
        "collections",
        "settings",
        "subscriptions",
        "wallet",
        "inventory",
        "drops",
    ),
    *(
        "downloads",
        "jobs",
        "turbo",
        "store",
        "search",
        "friends",
        "login",
        "signup",
        "prime",
        "popout",
        "embed",
    ),
    *("moderator", "broadcast", "dashboard", "team", "user", "about"),
}


def is_theirs(address: Address) -> bool:
    return address.is_on(*HOSTS)


def player(address: Address) -> Player | None:
    if address.is_on(CLIPS):
        # https://clips.twitch.tv/NAME and its player, https://clips.twitch.tv/embed?clip=NAME
        return _clip(address.query.get("clip", "") if address.path == ("embed",) else _at(address.path, 0))
    if address.is_on(PLAYER):
        return (
            _video(address.query.get("video", ""), address)
            or _channel(address.query.get("channel", ""))
            or _collection(address.query.get("collection", ""))
        )
    if address.is_on(DASHBOARD):
        return _channel(_at(address.path, 1)) if _at(address.path, 0) == "u" else None
    return _of_page(address) if address.is_on(*PAGES) else None


def _of_page(address: Address) -> Player | None:
    first, second, third = (_at(address.path, index) for index in range(3))
    if first in ("videos", "v"):
        return _video(second, address)
    if first == "collections":
        return _collection(second)
    if first in ("popout", "embed", "moderator"):
        return _channel(second)
    if first == "clip":
        return _clip(second)
    if second in ("video", "v"):
        return _video(third, address)
    if second == "clip":
        return _clip(third)
    return _channel(first)


def _at(path: tuple[str, ...], index: int) -> str:
    return path[index] if len(path) > index else ""


def _video(named: str, address: Address) -> Player | None:
    found = _VIDEO.fullmatch(named)
    if not found:
        return None
    start = seconds(address.query.get("t") or address.query.get("time", ""))
    return _player(video=f"v{found[1]}", time=f"{start}s" if start else None)


def _channel(named: str) -> Player | None:
    if not _CHANNEL.fullmatch(named) or named.lower() in _NO_CHANNEL:
        return None
    return _player(channel=named.lower())


def _collection(named: str) -> Player | None:
    return _player(collection=named) if _COLLECTION.fullmatch(named) else None


def _clip(named: str) -> Player | None:
    if not _CLIP.fullmatch(named) or named == "embed":
        return None
    return Player(f"https://{CLIPS}", f"/embed{query(clip=named, autoplay='false')}", names_parent=True)


def _player(**values: str | None) -> Player:
    return Player(f"https://{PLAYER}", f"/{query(**values, autoplay='false')}", names_parent=True)
