"""What a change means to connections that are open."""

from events.models import Event, User
from events.signals import access_narrowed, access_widened
from hopin_backstage.realtime import groups, publish
from hopin_backstage.realtime.access import AccessChanged


def ask_again(user: User) -> None:
    """On commit, every open connection of this person asks anew whether it may go on."""
    publish(groups.user(user.pk), AccessChanged())


def ask_again_at(event: Event) -> None:
    """Fewer may come to the event than before: everybody who may not stay is put out, on commit.

    Whoever watches one of its Stages asks anew; those in its Backstages and chats are told by these.
    """
    for stage_id in event.stages.values_list("pk", flat=True):
        publish(groups.stage(stage_id), AccessChanged())
    access_narrowed.send(sender=Event, event=event)


def open_up(event: Event) -> None:
    """More may come to the event than before: whoever waits for that asks anew, on commit."""
    access_widened.send(sender=Event, event=event)
