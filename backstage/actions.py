"""What the audit log keeps, by name. Names are stored: new ones may come, old ones stay."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    ASKED = "asked", _("Asked to share")
    WITHDREW = "withdrew", _("Withdrew the request")
    ACCEPTED = "accepted", _("Put on screen")
    DECLINED = "declined", _("Declined")
    DEQUEUED = "dequeued", _("Took out of the queue")
    MUTED = "muted", _("Muted")
    UNMUTED = "unmuted", _("Allowed to unmute")
    SCREEN_REMOVED = "screen_removed", _("Removed a screen")
    REMOVED = "removed", _("Removed from the screen")
    BLOCKED = "blocked", _("Blocked")
    UNBLOCKED = "unblocked", _("Unblocked")
    LINK_RESET = "link_reset", _("Reset the link")
    BROADCAST_STARTED = "broadcast_started", _("Broadcast")
    BROADCAST_STOPPED = "broadcast_stopped", _("Stop Broadcasting")
    CUT = "cut", _("Cut now")
    MESSAGE_DELETED = "message_deleted", _("Deleted a message of")
    CHAT_MUTED = "chat_muted", _("Muted in chat")
    CHAT_UNMUTED = "chat_unmuted", _("Allowed to write in chat")
