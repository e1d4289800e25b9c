"""From what an organizer pasted to the address of a player: plain Python, asks nobody.

Each provider has a file of its own with two functions: `is_theirs`, whether an address is on one of their hosts, and
`player`, their own player for what stands there. What a page frames is put together here from a fixed origin and parts
that were matched strictly; nothing that was pasted reaches a page as it is, but for the custom player's address.
"""

from collections.abc import Callable
from dataclasses import dataclass

from events.players import custom, twitch, vimeo, wistia, youtube
from events.players.address import LONGEST_KEPT, Address, read
from events.players.player import Player

__all__ = ["PROVIDERS", "NotRecognised", "Player", "Recognised", "player_of", "recognise"]


@dataclass(frozen=True)
class Provider:
    name: str
    """As it calls itself."""
    example: str
    """An address as people paste it."""
    is_theirs: Callable[[Address], bool]
    player: Callable[[Address], Player | None]


#: By `Stage.Provider` value. Hopin is not here: its pictures come from a Backstage.
PROVIDERS = {
    "youtube": Provider("YouTube", "https://www.youtube.com/watch?v=…", youtube.is_theirs, youtube.player),
    "vimeo": Provider("Vimeo", "https://vimeo.com/…", vimeo.is_theirs, vimeo.player),
    "wistia": Provider("Wistia", "https://….wistia.com/medias/…", wistia.is_theirs, wistia.player),
    "twitch": Provider("Twitch", "https://www.twitch.tv/…", twitch.is_theirs, twitch.player),
    "custom": Provider("", "https://…", custom.is_theirs, custom.player),
}


@dataclass(frozen=True)
class Recognised:
    player: Player
    address: str
    """What to keep: what was pasted, without the HTML around it, at most 500 characters."""


class NotRecognised(Exception):
    """`other`: whose address it is, where it is another provider's; a key of PROVIDERS."""

    def __init__(self, other: str | None = None) -> None:
        super().__init__(other or "")
        self.other = other


def recognise(provider: str, pasted: str) -> Recognised:
    """Raises NotRecognised; KeyError for a provider that is none."""
    theirs = PROVIDERS[provider]
    addresses = read(pasted)
    for address in addresses:
        owner = _owner(address)
        if owner in (None, provider) and (player := theirs.player(address)):
            kept = address.text if len(address.text) <= LONGEST_KEPT else player.src(parent="")
            return Recognised(player, kept)
    raise NotRecognised(
        next((owner for each in addresses if (owner := _owner(each)) not in (None, provider)), None)
    )


def player_of(provider: str, address: str) -> Player | None:
    """For showing what is kept; None where that is no video (any more), and for Hopin."""
    if provider not in PROVIDERS:
        return None
    try:
        return recognise(provider, address).player
    except NotRecognised:
        return None


def _owner(address: Address) -> str | None:
    """Of the host; custom players may be on any that is nobody's."""
    owners = (key for key, each in PROVIDERS.items() if key != "custom" and each.is_theirs(address))
    return next(owners, None)
