"""People, organizations, events, registrations and stages: data and the rules a constraint can hold."""

import uuid
import zoneinfo
from pathlib import Path
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: Characters of the name that others see.
DISPLAY_NAME_LENGTH = 80

#: Characters of an event's name.
EVENT_NAME_LENGTH = 160

#: Seconds that the Stage runs behind the Backstage.
DELAY_MIN_S, DELAY_MAX_S, DELAY_DEFAULT_S = 10, 15, 12


def photo_path(user: "User", filename: str) -> str:
    """A name that nobody can guess: the one of the upload tells who it is."""
    return f"photos/{uuid.uuid4().hex}{Path(filename).suffix.lower()[:5]}"


def portrait_path(speaker: "Speaker", filename: str) -> str:
    return f"speakers/{uuid.uuid4().hex}{Path(filename).suffix.lower()[:5]}"


def picture_path(event: "Event", filename: str) -> str:
    return f"events/{uuid.uuid4().hex}{Path(filename).suffix.lower()[:5]}"


def initials(name: str) -> str:
    """First and last word's first letters: what stands where a photo would be."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account; the e-mail address is the login."""

    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(_("name"), max_length=DISPLAY_NAME_LENGTH)
    photo = models.ImageField(_("photo"), upload_to=photo_path, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("support staff"), default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.display_name or self.email

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name.split(" ")[0]

    @property
    def initials(self) -> str:
        return initials(str(self))

    @property
    def avatar_colour(self) -> int:
        """0 to 7, the same on every page: the class `avatar--N` of avatars.css."""
        return (self.pk or 0) % 8


class Organization(models.Model):
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    people: "models.ManyToManyField[User, Membership]" = models.ManyToManyField(
        User, through="Membership", related_name="organizations"
    )

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        ADMIN = "admin", _("Admin")
        MEMBER = "member", _("Member")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.organization}"


class Invitation(models.Model):
    """A person is asked by e-mail to join an organization. Open until it is accepted, taken back, or too old."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(max_length=10, choices=Membership.Role, default=Membership.Role.MEMBER)
    token_digest = models.CharField(
        max_length=64,
        unique=True,
        editable=False,
        help_text=_("SHA-256 of what stands in the link; the link itself is only in the letter."),
    )
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.organization}"


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone."), params={"name": name})


class Event(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="events")
    name = models.CharField(_("name"), max_length=EVENT_NAME_LENGTH)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.TextField(_("description"), blank=True)
    picture = models.ImageField(_("picture"), upload_to=picture_path, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    registration_open = models.BooleanField(default=True)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    organizers = models.ManyToManyField(User, blank=True, related_name="organized_events")
    created_at = models.DateTimeField(auto_now_add=True)
    calendar_sequence = models.PositiveIntegerField(
        default=0, help_text=_("Grows with each change that calendars have to know of.")
    )
    archived_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("Put away: its dashboard can be read, and nobody comes in any more."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_start")
        ]

    def __str__(self) -> str:
        return self.name


class Registration(models.Model):
    """A person may come to an event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="registrations")
    user = models.ForeignKey(User, models.CASCADE, related_name="registrations")
    created_at = models.DateTimeField(auto_now_add=True)
    came_at = models.DateTimeField(
        null=True, blank=True, help_text=_("First seen at one of the event's Stages or Backstages.")
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="registration_once")]
        indexes = [models.Index(fields=["event", "-created_at"], name="registrations_of_event")]

    def __str__(self) -> str:
        return f"{self.user} for {self.event}"


class LetterKind(models.TextChoices):
    """What a letter tells somebody who is registered; also what its templates are called."""

    REGISTERED = "registered", _("Registered")
    RESCHEDULED = "rescheduled", _("Rescheduled")
    CALLED_OFF = "called_off", _("Called off")
    ON_AGAIN = "on_again", _("On again")


class Mailing(models.Model):
    """Everybody who is registered is written to. `up_to`, `reached`: ids of registrations, in whose order it goes."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="mailings")
    kind = models.CharField(max_length=20, choices=LetterKind)
    page = models.CharField(max_length=500, help_text=_("The address of the event's page."))
    created_at = models.DateTimeField(default=timezone.now)
    up_to = models.BigIntegerField(help_text=_("The last registration that it goes to."))
    reached = models.BigIntegerField(default=0, help_text=_("The last registration whose letter was made."))
    ended_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.event}"


class UnsentLetter(models.Model):
    """A letter to somebody who is registered that the mail server has not taken yet. The letter itself is made anew."""

    kind = models.CharField(max_length=20, choices=LetterKind, default=LetterKind.REGISTERED)
    registration = models.OneToOneField(Registration, models.CASCADE, related_name="unsent_letter")
    page = models.CharField(max_length=500, blank=True, help_text=_("The address of the event's page."))
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=1)
    next_at = models.DateTimeField(db_index=True, help_text=_("Not sent before."))

    def __str__(self) -> str:
        return f"Letter to {self.registration}"


class Block(models.Model):
    """A person is kept out of an event, registered or not."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="blocks")
    user = models.ForeignKey(User, models.CASCADE, related_name="blocks")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="block_once")]

    def __str__(self) -> str:
        return f"{self.user} blocked from {self.event}"


class Speaker(models.Model):
    """Somebody whom an event's public page names. Says nothing about who may come in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="speakers")
    name = models.CharField(_("name"), max_length=DISPLAY_NAME_LENGTH)
    title = models.CharField(_("title"), max_length=120, blank=True)
    photo = models.ImageField(_("photo"), upload_to=portrait_path, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return initials(self.name)


class SpeakerLink(models.Model):
    """An address that a speaker wants to be found at."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="links")
    label = models.CharField(_("label"), max_length=40, blank=True)
    url = models.URLField(_("address"), max_length=300)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """The label; else the address as people say it."""
        return self.label or self.url.split("://", 1)[-1].removeprefix("www.").rstrip("/")


class Stage(models.Model):
    """A place where an event is watched, and where its picture comes from."""

    class Provider(models.TextChoices):
        HOPIN = "hopin", _("Hopin")
        YOUTUBE = "youtube", _("YouTube")
        VIMEO = "vimeo", _("Vimeo")
        WISTIA = "wistia", _("Wistia")
        TWITCH = "twitch", _("Twitch")
        CUSTOM = "custom", _("Custom player")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="stages")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    provider = models.CharField(_("Stream provider"), max_length=10, choices=Provider, default=Provider.HOPIN)
    video_address = models.URLField(
        _("Address of the video"),
        max_length=500,
        blank=True,
        help_text=_("As the organizer pasted it; only with a provider other than Hopin."),
    )
    delay_s = models.PositiveSmallIntegerField(
        _("Stage delay"),
        default=DELAY_DEFAULT_S,
        validators=[MinValueValidator(DELAY_MIN_S), MaxValueValidator(DELAY_MAX_S)],
    )
    peak_elsewhere = models.PositiveIntegerField(
        default=0,
        help_text=_(
            "The most people at a time, while the picture came from elsewhere; broadcasts keep theirs."
        ),
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(delay_s__gte=DELAY_MIN_S, delay_s__lte=DELAY_MAX_S), name="stage_delay_10_to_15"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_address(self) -> str:
        """Empty with Hopin, which leaves the address of before where it is, for whoever goes back."""
        return "" if self.provider == self.Provider.HOPIN else self.video_address


class HelpReference(models.Model):
    """Somebody opened Help on a page, and may now read this reference out to support. Kept for a while."""

    reference = models.CharField(
        max_length=8, db_index=True, help_text=_("Also the beginning of `request_id` in the logs.")
    )
    user = models.ForeignKey(
        User,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="help_references",
        help_text=_("Empty: was not signed in."),
    )
    page = models.CharField(
        max_length=80, blank=True, help_text=_("Its name in the program; never its address.")
    )
    of = models.CharField(
        _("of"), max_length=160, blank=True, help_text=_("Which event or Stage it was about.")
    )
    browser = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(help_text=_("The page was made: where to look in the logs."))
    opened_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(fields=["reference", "made_at"], name="help_reference_once"),
        ]

    def __str__(self) -> str:
        return self.reference
