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
    # As events names them: events/deeds.py.
    EVENT_CREATED = "event_created", _("Created the event")
    EVENT_EDITED = "event_edited", _("Changed the event")
    EVENT_PUBLISHED = "event_published", _("Published the event")
    EVENT_UNPUBLISHED = "event_unpublished", _("Unpublished the event")
    EVENT_ARCHIVED = "event_archived", _("Archived the event")
    EVENT_RESTORED = "event_restored", _("Restored the event")
    ORGANIZER_ADDED = "organizer_added", _("Made an organizer")
    ORGANIZER_REMOVED = "organizer_removed", _("Took organizer back")
    SPEAKER_ADDED = "speaker_added", _("Added a speaker")
    SPEAKER_EDITED = "speaker_edited", _("Changed a speaker")
    SPEAKER_REMOVED = "speaker_removed", _("Removed a speaker")
    PEOPLE_EXPORTED = "people_exported", _("Exported people")
