"""`{% player_src player parent %}`: the address of a provider's player, as a frame of this page needs it."""

from django import template

from events.players import Player

register = template.Library()


@register.simple_tag
def player_src(player: Player, parent: str) -> str:
    """`parent`: the host of the page around it."""
    return player.src(parent=parent)
