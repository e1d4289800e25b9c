"""Chat rooms, what was written in them, who has read how far, and who may not write. Data and constraints only."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backstage.models import BackstageSession
from chat.messages import LONGEST_MESSAGE
from events.models import DISPLAY_NAME_LENGTH, Event, Stage


class Room(models.Model):
    """One chat: of an event, or of one of its Backstages. Its row is the lock under which it changes."""

    class Kind(models.TextChoices):
        BACKSTAGE = "backstage", _("Backstage")
        EVENT = "event", _("Event")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    event = models.ForeignKey(Event, models.CASCADE, related_name="chat_rooms")
    backstage_session = models.OneToOneField(
        BackstageSession, models.CASCADE, null=True, blank=True, related_name="chat_room"
    )
    revision = models.PositiveBigIntegerField(
        default=0, help_text=_("One more with each message that comes or goes.")
    )
    last_number = models.PositiveBigIntegerField(default=0, help_text=_("The number of the newest message."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("chat room")
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(kind="event"), name="chat_room_one_of_an_event"
            ),
            models.CheckConstraint(
                condition=Q(kind="event", backstage_session__isnull=True)
                | Q(kind="backstage", backstage_session__isnull=False),
                name="chat_room_of_an_event_or_a_backstage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} chat of {self.event}"


class Message(models.Model):
    """What somebody wrote. Of a deleted one the row stays, without its text: who wrote it, and who deleted it when."""

    class Role(models.TextChoices):
        NONE = "", _("Attendee")
        SPEAKER = "speaker", _("Speaker")
        ORGANIZER = "organizer", _("Organizer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, models.CASCADE, related_name="messages")
    number = models.PositiveBigIntegerField(help_text=_("From 1, without gaps in its room."))
    client_id = models.UUIDField(
        default=uuid.uuid4, help_text=_("Made by the page: what is sent twice is stored once.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="chat_messages"
    )
    role = models.CharField(
        max_length=10, choices=Role, blank=True, default=Role.NONE, help_text=_("Of the author, at the time.")
    )
    text = models.CharField(max_length=LONGEST_MESSAGE, blank=True, help_text=_("Empty: deleted."))
    created_at = models.DateTimeField(default=timezone.now)
    stage = models.ForeignKey(
        Stage, models.SET_NULL, null=True, blank=True, related_name="+", help_text=_("The author watched it.")
    )
    seen_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When that was captured which this Stage showed at the time.")
    )
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    deletion_revision = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=_("The room's revision with which it went.")
    )

    class Meta:
        ordering = ["room", "number"]
        constraints = [
            models.UniqueConstraint(fields=["room", "number"], name="message_number_once"),
            models.UniqueConstraint(fields=["room", "author", "client_id"], name="message_sent_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="message_number_from_1"),
            models.CheckConstraint(
                condition=(Q(deleted_at__isnull=True, deletion_revision__isnull=True) & ~Q(text=""))
                | Q(deleted_at__isnull=False, deletion_revision__isnull=False, text=""),
                name="message_has_text_or_is_deleted",
            ),
        ]
        indexes = [
            # The pace of one person, in all rooms together.
            models.Index(fields=["author", "-created_at"], name="messages_of_author"),
            models.Index(
                fields=["room", "deletion_revision"],
                condition=Q(deletion_revision__isnull=False),
                name="messages_deleted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} in {self.room_id}"


class Mention(models.Model):
    """A message names a person."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="chat_mentions")
    name = models.CharField(
        max_length=DISPLAY_NAME_LENGTH, help_text=_("As it stands in the text behind the @.")
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="mention_once")]

    def __str__(self) -> str:
        return f"@{self.name}"


class ReadMark(models.Model):
    """How far a person has read in a room, on whichever of their pages."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="read_marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    number = models.PositiveBigIntegerField(help_text=_("Of the newest message they have read."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="read_mark_once")]

    def __str__(self) -> str:
        return f"{self.user_id} has read up to {self.number}"


class ChatMute(models.Model):
    """A person may not write in the chats of an event; reading stays."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="chat_mutes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="chat_mutes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="chat_mute_once")]
        verbose_name = _("chat mute")

    def __str__(self) -> str:
        return f"{self.user} muted in the chats of {self.event}"
