"""The Backstage of a Stage: who is inside, who is on screen, what is broadcast. Data and constraints only."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import DELAY_MAX_S, DELAY_MIN_S, Stage

#: Tiles of a Backstage, m-line pairs of a viewer's PeerConnection, publishers of a Janus room.
SLOTS = 5


def new_link_token() -> str:
    """192 random bits, as it stands in the Backstage link."""
    return secrets.token_urlsafe(24)


def new_room() -> int:
    """The number of a room and mountpoint in Janus. JSON numbers are exact up to 2^53."""
    return secrets.randbelow(2**52) + 1


class BackstageSession(models.Model):
    """The Backstage of one Stage: the truth about it, and what the stagehand last saw of its media."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stage = models.OneToOneField(Stage, models.CASCADE, related_name="backstage")
    link_token = models.CharField(max_length=64, unique=True, default=new_link_token)
    room = models.PositiveBigIntegerField(unique=True, default=new_room)
    created_at = models.DateTimeField(auto_now_add=True)

    revision = models.PositiveBigIntegerField(
        default=0, help_text=_("One more with each notice to the people backstage.")
    )
    requests_revision = models.PositiveBigIntegerField(
        default=0, help_text=_("One more with each notice about the queue.")
    )
    stage_revision = models.PositiveBigIntegerField(
        default=0, help_text=_("One more with each notice to the people at the Stage.")
    )

    peak_people = models.PositiveIntegerField(
        default=0, help_text=_("The most people that were inside at a time.")
    )

    # Observed, written by the stagehand alone.
    dummy_feed = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=_("What empty slots show; empty while Janus has no room.")
    )
    mountpoint_ready = models.BooleanField(default=False, help_text=_("Viewers can connect."))
    aired_layout = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("What came out of the delay line last: the tiles at the Stage now."),
    )

    class Meta:
        verbose_name = _("Backstage session")
        permissions = [
            ("mend_show", _("Can end a broadcast, reset a link and empty a tile, as support")),
        ]

    def __str__(self) -> str:
        return f"Backstage of {self.stage}"


class Participant(models.Model):
    """A person inside a Backstage, or one whose place is kept for a while."""

    #: Set by `services.director`, never stored: an organizer speaks by the API, not by a page that is inside.
    from_outside = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    backstage_session = models.ForeignKey(BackstageSession, models.CASCADE, related_name="participants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="participations")
    is_organizer = models.BooleanField(default=False)
    may_return = models.BooleanField(
        default=False,
        help_text=_("Was put on screen and not removed since: may come on again without asking."),
    )
    muted = models.BooleanField(
        default=False, help_text=_("Muted by an organizer: not heard until an organizer allows it again.")
    )
    screen_removed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("An organizer took the screen of this person off.")
    )
    is_asking = models.BooleanField(
        default=False, help_text=_("Has a request that waits; moderation says so. The place is kept longer.")
    )
    link_token = models.CharField(
        max_length=64, blank=True, db_index=True, help_text=_("The link by which this person came in.")
    )
    waiting_since = models.DateTimeField(
        null=True, blank=True, help_text=_("The Backstage is full: in the line at its door since then.")
    )
    entered_at = models.DateTimeField(default=timezone.now)
    away_since = models.DateTimeField(
        null=True, blank=True, help_text=_("The line is lost; the place is kept.")
    )
    left_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Not inside: has left, or never came in. Empty: inside.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["backstage_session", "user"], name="participant_once"),
            models.CheckConstraint(
                condition=Q(left_at__isnull=False) | Q(waiting_since__isnull=True),
                name="participant_waits_outside",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.backstage_session}"


class Slot(models.Model):
    """One of the five places on screen, taken. An empty place has no row."""

    class Kind(models.TextChoices):
        CAMERA = "camera", _("Camera")
        SCREEN = "screen", _("Screen")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    backstage_session = models.ForeignKey(BackstageSession, models.CASCADE, related_name="slots")
    index = models.PositiveSmallIntegerField(help_text=_("1 to 5; tile and m-lines go with it."))
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="slots")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CAMERA)
    taken_at = models.DateTimeField(default=timezone.now)
    microphone_on = models.BooleanField(default=True)
    camera_on = models.BooleanField(default=True)
    replaces_camera = models.BooleanField(
        default=False, help_text=_("A screen in the place of its person's camera; the microphone goes on.")
    )
    shared_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Of a screen: since when. The newest screen is the large tile.")
    )
    weak_link = models.BooleanField(default=False, help_text=_("The way from this person to us is bad."))

    claimed_by = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=_("The feed that may come into this place; an older one is over.")
    )
    # The publisher in Janus, while media flow.
    feed = models.PositiveBigIntegerField(null=True, blank=True)
    janus_session = models.PositiveBigIntegerField(null=True, blank=True)
    janus_handle = models.PositiveBigIntegerField(null=True, blank=True)

    # Whether packets have been coming in, as Janus says within two seconds.
    audio_arrives = models.BooleanField(default=True)
    video_arrives = models.BooleanField(default=True)

    class Meta:
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint(fields=["backstage_session", "index"], name="slot_taken_once"),
            models.UniqueConstraint(fields=["participant", "kind"], name="slot_one_of_a_kind"),
            models.CheckConstraint(condition=Q(index__gte=1, index__lte=SLOTS), name="slot_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"Slot {self.index}: {self.participant.user}"

    @property
    def shows_picture(self) -> bool:
        """The camera is on, or it is a screen, which always has one."""
        return self.camera_on or self.kind == self.Kind.SCREEN

    @property
    def has_sound(self) -> bool:
        """The microphone is on (a screen: it is shared with sound), and no organizer has muted the person."""
        return self.microphone_on and not self.participant.muted


class Broadcast(models.Model):
    """One time that a Backstage was sent to its Stage, from the press of Broadcast to the last picture."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    backstage_session = models.ForeignKey(BackstageSession, models.CASCADE, related_name="broadcasts")
    delay_s = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(default=timezone.now, help_text=_("Broadcast was pressed."))
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    capture_began_at = models.DateTimeField(
        null=True, blank=True, help_text=_("The first picture was sent into the delay line.")
    )
    on_air_at = models.DateTimeField(null=True, blank=True, help_text=_("The first delayed packet went out."))
    stopped_at = models.DateTimeField(null=True, blank=True, help_text=_("Stop Broadcasting was pressed."))
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cut_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Cut now was pressed: nothing that is held may go out any more.")
    )
    cut_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("The last packet went out."))
    peak_viewers = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["backstage_session"],
                condition=Q(stopped_at__isnull=True),
                name="broadcast_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(cut_at__isnull=True) | Q(stopped_at__isnull=False),
                name="broadcast_cut_is_stopped",
            ),
            models.CheckConstraint(
                condition=Q(delay_s__gte=DELAY_MIN_S, delay_s__lte=DELAY_MAX_S),
                name="broadcast_delay_10_to_15",
            ),
        ]

    def __str__(self) -> str:
        return f"Broadcast of {self.backstage_session} at {self.started_at:%Y-%m-%d %H:%M:%S}"


class Movement(models.Model):
    """A person came, went, or came on or off the screen. Written with what it tells of; forgotten after a while."""

    class Kind(models.TextChoices):
        WAITS = "waits", _("Waits at the door")
        GAVE_UP = "gave_up", _("Waits at the door no more")
        CAME_IN = "came_in", _("Came in")
        AWAY = "away", _("Lost the connection")
        BACK = "back", _("Is back")
        LEFT = "left", _("Left")
        ON_SCREEN = "on_screen", _("Came on screen")
        OFF_SCREEN = "off_screen", _("Went off the screen")
        SCREEN_SHARED = "screen_shared", _("Shared a screen")
        SCREEN_ENDED = "screen_ended", _("Ended sharing a screen")

    backstage_session = models.ForeignKey(BackstageSession, models.CASCADE, related_name="movements")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="movements")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    slot = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("1 to 5, where it was about a place on screen.")
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["backstage_session", "-at"], name="movements_of_session")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.at:%H:%M:%S}"


class MediaEvent(models.Model):
    """What a media server did, or said that it saw. Heard, not decided: nothing is ruled by these rows.

    They are written in batches and a moment later, forgotten after a while, and some may be missing: then one of kind
    `gap` says how many.
    """

    class Kind(models.TextChoices):
        CONNECTED = "connected", _("Connected")
        FIRST_FRAME = "first_frame", _("First frame")
        FIRST_SOUND = "first_sound", _("First sound")
        STALLED = "stalled", _("Nothing arrives any more")
        RESUMED = "resumed", _("Arrives again")
        SLOW_LINK = "slow_link", _("Packets are lost on the way")
        DISCONNECTED = "disconnected", _("Disconnected")
        PUBLISHED = "published", _("Is shown in the room")
        UNPUBLISHED = "unpublished", _("Is shown in the room no more")
        KICKED = "kicked", _("Was put out of the room")
        HELD_BACK = "held_back", _("Sound is held back")
        LET_THROUGH = "let_through", _("Sound is let through")
        FORWARDED = "forwarded", _("Forwarded to the Stage")
        FORWARD_ENDED = "forward_ended", _("Forwarded no more")
        ROOM_MADE = "room_made", _("The media server has the room")
        ROOM_GONE = "room_gone", _("The media server has the room no more")
        MOUNTPOINT_MADE = "mountpoint_made", _("Viewers can connect")
        MOUNTPOINT_GONE = "mountpoint_gone", _("Viewers cannot connect any more")
        SERVER_AWAY = "server_away", _("The media server does not answer")
        SERVER_BACK = "server_back", _("The media server answers again")
        GAP = "gap", _("Media events are missing here")

    class Medium(models.TextChoices):
        AUDIO = "audio", _("Sound")
        VIDEO = "video", _("Picture")

    backstage_session = models.ForeignKey(BackstageSession, models.CASCADE, related_name="media_events")
    participant = models.ForeignKey(
        Participant, models.CASCADE, null=True, blank=True, related_name="media_events"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    medium = models.CharField(max_length=5, choices=Medium, blank=True)
    feed = models.PositiveBigIntegerField(null=True, blank=True)
    at = models.DateTimeField(help_text=_("When we heard of it."))
    detail = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["backstage_session", "-at"], name="media_events_of_session")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.at:%H:%M:%S}"
