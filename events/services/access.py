"""What a change means to connections that are open."""

from events.models import Event, User
from hopin_backstage.realtime import groups, publish
from hopin_backstage.realtime.access import AccessChanged


def ask_again(user: User) -> None:
    """On commit, every open connection of this person asks anew whether it may go on."""
    publish(groups.user(user.pk), AccessChanged())


def ask_again_at(event: Event) -> None:
    """On commit, everybody who watches one of the event's Stages asks anew whether they may go on.

    Those inside its Backstages are found by the stagehand.
    """
    for stage_id in event.stages.values_list("pk", flat=True):
        publish(groups.stage(stage_id), AccessChanged())
