"""A small world to try the product in: one organization, one event that runs today, eight people.

Everything is drawn or made up here. The password is random, differs on each machine, and is kept beside the data.
"""

import os
import secrets
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from io import BytesIO
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageDraw

from events import permissions, services
from events.models import Event, Organization, User

ORGANIZATION, ORGANIZATION_SLUG = "Northwind Events", "northwind-events"
EVENT, EVENT_SLUG = "Product Day 2026", "product-day-2026"
DESCRIPTION = (
    "One day about what we built this year, and what comes next. "
    "Talks, demos and questions, live from the Main Stage."
)
STAGE = "Main Stage"
TIME_ZONE = zoneinfo.ZoneInfo("Europe/Lisbon")
STARTS, ENDS = time(8, 0), time(23, 59)

PASSWORD_FILE = "demo-password"  # noqa: S105 - its name, not a password


@dataclass(frozen=True)
class Face:
    """The colours of a drawn portrait."""

    wall: str
    clothes: str
    skin: str
    hair: str
    long_hair: bool = False


@dataclass(frozen=True)
class Person:
    name: str
    login: str
    face: Face
    is_support: bool = False

    @property
    def email(self) -> str:
        return f"{self.login}@example.com"


OLIVIA = Person("Olivia Marsh", "olivia", Face("#564a82", "#6d5acf", "#ecc9b0", "#3a2a24", long_hair=True))
SUPPORT = Person("Support", "support", Face("#4b525e", "#59606e", "#dcb597", "#2a2a2e"), is_support=True)
PEOPLE = (
    OLIVIA,
    Person("Sam Barnes", "sam", Face("#3a6470", "#1f788a", "#f0d0b8", "#6b4a2f")),
    Person("Rosa Lind", "rosa", Face("#7a5244", "#b24d2b", "#f3d6c2", "#b5793a", long_hair=True)),
    Person("Ken Tanaka", "ken", Face("#44614f", "#2e6c47", "#e8c39e", "#1f1b1a")),
    Person("Mia Fontaine", "mia", Face("#6e4460", "#8d3e6c", "#9c6a4b", "#241a18", long_hair=True)),
    Person("Tom Hale", "tom", Face("#3f5578", "#345fa8", "#f0cdb4", "#8a8580")),
    Person("Ada Kovač", "ada", Face("#675a35", "#7a641f", "#c9946c", "#33231c", long_hair=True)),
    SUPPORT,
)


@transaction.atomic
def fill() -> str:
    """Makes what is missing, moves the event to today, and returns everybody's password.

    Side effects: photos under MEDIA_ROOT, the password under DATA_DIR.
    """
    password = _password()
    users = {person: _user(person, password) for person in PEOPLE}
    event = _event(users[OLIVIA])
    for user in users.values():
        if not permissions.is_organizer(user, event):
            services.register(actor=user, event=event)
    return password


@transaction.atomic
def reset() -> str:
    """Removes the demo with everything that points at it, and fills it again. The password stays."""
    Organization.objects.filter(slug=ORGANIZATION_SLUG).delete()
    for user in User.objects.filter(email__in=[person.email for person in PEOPLE]):
        user.photo.delete(save=False)
        user.delete()
    return fill()


def _user(person: Person, password: str) -> User:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(
            person.email,
            password,
            display_name=person.name,
            is_staff=person.is_support,
            is_superuser=person.is_support,
        )
    elif not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    if not user.photo or not user.photo.storage.exists(user.photo.name):
        user.photo.save(f"{person.login}.webp", ContentFile(portrait(person.face)))
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return user


def _event(olivia: User) -> Event:
    organization = Organization.objects.filter(slug=ORGANIZATION_SLUG).first()
    if organization is None:
        organization = services.create_organization(actor=olivia, name=ORGANIZATION, slug=ORGANIZATION_SLUG)
    starts_at, ends_at = _today()
    event = organization.events.filter(slug=EVENT_SLUG).first()
    if event is None:
        event = services.create_event(
            actor=olivia,
            organization=organization,
            name=EVENT,
            slug=EVENT_SLUG,
            description=DESCRIPTION,
            starts_at=starts_at,
            ends_at=ends_at,
            time_zone=TIME_ZONE.key,
            status=Event.Status.PUBLISHED,
        )
        services.add_organizer(actor=olivia, event=event, user=olivia)
    elif event.starts_at != starts_at:
        event.starts_at, event.ends_at = starts_at, ends_at
        event.save(update_fields=["starts_at", "ends_at"])
    if not event.stages.exists():
        services.create_stage(actor=olivia, event=event, name=STAGE)
    return event


def _today() -> tuple[datetime, datetime]:
    today = datetime.now(TIME_ZONE).date()
    starts, ends = (datetime.combine(today, at, TIME_ZONE) for at in (STARTS, ENDS))
    return starts.astimezone(UTC), ends.astimezone(UTC)


def _password() -> str:
    """Made on the first fill, then read: it is the same for everybody and for ever on this machine."""
    path = Path(settings.DATA_DIR) / PASSWORD_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    password = secrets.token_urlsafe(12)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{password}\n")
    return password


# --- Portraits --------------------------------------------------------------------------------------------
#: Pixels of a photo, and how much larger it is drawn so that scaling down smooths its edges.
SIZE, SCALE = 256, 4


def portrait(face: Face) -> bytes:
    """A flat head and shoulders, as WebP."""
    side = SIZE * SCALE
    image = Image.new("RGB", (side, side), face.wall)
    draw = ImageDraw.Draw(image)

    def oval(box: Iterable[float], colour: str) -> None:
        draw.ellipse([share * side for share in box], colour)

    if face.long_hair:
        oval((0.255, 0.13, 0.745, 0.80), face.hair)
    oval((0.10, 0.72, 0.90, 1.50), face.clothes)
    draw.rounded_rectangle(
        [share * side for share in (0.43, 0.56, 0.57, 0.80)], radius=0.06 * side, fill=_shade(face.skin)
    )
    oval((0.285, 0.14, 0.715, 0.60), face.hair)
    oval((0.31, 0.22, 0.69, 0.66), face.skin)
    return _encoded(image.resize((SIZE, SIZE), Image.Resampling.LANCZOS))


def _shade(colour: str) -> str:
    """The neck: the skin, a little darker."""
    parts = (round(int(colour[at : at + 2], 16) * 0.88) for at in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _encoded(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "WEBP", quality=90)
    return file.getvalue()
