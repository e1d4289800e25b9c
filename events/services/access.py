"""What a change means to connections that are open."""

from events.models import User
from hopin_backstage.realtime import groups, publish
from hopin_backstage.realtime.access import AccessChanged


def ask_again(user: User) -> None:
    """On commit, every open connection of this person asks anew whether it may go on."""
    publish(groups.user(user.pk), AccessChanged())
