"""Any other player: its address is framed as it is, so it has to be https, and a page can allow its host alone."""

from urllib.parse import urlsplit

from events.players.address import LONGEST_KEPT, Address
from events.players.player import Player


def is_theirs(address: Address) -> bool:
    """On whatever host: those of the other providers are looked for first."""
    return address.scheme == "https"


def player(address: Address) -> Player | None:
    if address.scheme != "https" or len(address.text) > LONGEST_KEPT:
        return None
    parts = urlsplit(address.text)
    port = "" if address.port is None else f":{address.port}"
    behind = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return Player(f"https://{address.host}{port}", f"{parts.path or '/'}{behind}", opens_windows=False)
