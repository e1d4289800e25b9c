"""Wistia: https://docs.wistia.com/docs/embed-options-and-plugins"""

import re

from events.players.address import Address
from events.players.moment import seconds
from events.players.player import Player, query

#: With all that stands before them: each account has a host of its own.
DOMAINS = ("wistia.com", "wistia.net", "wi.st")
ORIGIN = "https://fast.wistia.net"

#: They call it the hashed ID.
_VIDEO = re.compile(r"[a-z0-9]{10}", re.ASCII)
#: Without the ending of the scripts in their embed code: `/embed/medias/ID.jsonp`.
_ENDINGS = re.compile(r"\.(jsonp|js|json|m3u8|html)$")
_BEFORE_VIDEO = (("medias",), ("embed", "iframe"), ("embed", "medias"), ("m",), ("embed",))


def is_theirs(address: Address) -> bool:
    return address.port is None and any(
        address.host == domain or address.host.endswith(f".{domain}") for domain in DOMAINS
    )


def player(address: Address) -> Player | None:
    if not is_theirs(address):
        return None
    # `wvideo` is in the links that their share button makes, to whatever page the video is on.
    for named in (address.query.get("wvideo", ""), *_named_in(address.path)):
        if _VIDEO.fullmatch(named):
            start = seconds(address.query.get("wtime") or address.query.get("time", ""))
            return Player(ORIGIN, f"/embed/iframe/{named}{query(time=start)}")
    return None


def _named_in(path: tuple[str, ...]) -> list[str]:
    return [
        _ENDINGS.sub("", path[len(before)])
        for before in _BEFORE_VIDEO
        if path[: len(before)] == before and len(path) > len(before)
    ]
