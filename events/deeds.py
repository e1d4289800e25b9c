"""What is done in an event's dashboard, by name: for whoever keeps a log."""

from enum import StrEnum


class Deed(StrEnum):
    """Names are stored in the audit log, whose actions are called the same: new ones may come, old ones stay."""

    CREATED = "event_created"
    EDITED = "event_edited"
    PUBLISHED = "event_published"
    UNPUBLISHED = "event_unpublished"
    ARCHIVED = "event_archived"
    RESTORED = "event_restored"
    ORGANIZER_ADDED = "organizer_added"
    ORGANIZER_REMOVED = "organizer_removed"
    SPEAKER_ADDED = "speaker_added"
    SPEAKER_EDITED = "speaker_edited"
    SPEAKER_REMOVED = "speaker_removed"
    SPEAKER_MOVED = "speaker_moved"
    STAGES_REORDERED = "stages_reordered"
    PEOPLE_EXPORTED = "people_exported"
