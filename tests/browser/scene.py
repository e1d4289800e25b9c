"""An event with people in the product's own database; each test makes its own."""

from dataclasses import dataclass

from tests.servers.product import Product

NAMES = {
    "olivia": "Olivia Marsh",
    "omar": "Omar Hakim",
    "sam": "Sam Barnes",
    "rosa": "Rosa Lind",
    "ken": "Ken Tanaka",
    "mia": "Mia Fontaine",
    "tom": "Tom Hale",
    "ada": "Ada Kovač",
}
ORGANIZERS = {"olivia", "omar"}


@dataclass(frozen=True)
class Scene:
    link: str
    """Path of the Backstage."""
    stage: str
    """Path of the Stage."""
    stage_id: str
    token: str
    slug: str
    sessions: dict[str, str]
    """Session cookie by person."""


def make_scene(product: Product, slug: str, *, delay_s: int = 12) -> Scene:
    return Scene(**product.django(seed, slug, delay_s))


def seed(slug: str, delay_s: int) -> dict[str, object]:
    """Runs in the product's process: one organization, one event that runs now, one Stage, everybody registered."""
    from datetime import timedelta

    from django.test import Client
    from django.utils import timezone

    from backstage import services as backstage
    from events.models import Event, Membership, Organization, Registration, Stage, User

    now = timezone.now()
    organization = Organization.objects.create(name=f"House {slug}", slug=f"house-{slug}")
    event = Event.objects.create(
        organization=organization,
        name="Product Day 2026",
        slug=slug,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=8),
        status=Event.Status.PUBLISHED,
    )
    stage = Stage.objects.create(event=event, name="Main Stage", delay_s=delay_s)
    sessions = {}
    for who, name in NAMES.items():
        user = User.objects.create_user(f"{who}@{slug}.example", display_name=name)
        Registration.objects.create(event=event, user=user)
        if who in ORGANIZERS:
            Membership.objects.create(organization=organization, user=user, role=Membership.Role.ADMIN)
        client = Client()
        client.force_login(user)
        sessions[who] = client.cookies["sessionid"].value
    session = backstage.backstage_of(stage)
    return {
        "link": f"/backstage/{session.link_token}/",
        "stage": f"/events/{slug}/stages/{stage.id}/",
        "stage_id": str(stage.id),
        "token": session.link_token,
        "slug": slug,
        "sessions": sessions,
    }


def unregister(slug: str, who: str) -> None:
    """Runs in the product's process."""
    from events.models import Registration

    Registration.objects.filter(event__slug=slug, user__email=f"{who}@{slug}.example").delete()


def block(slug: str, who: str) -> None:
    """Runs in the product's process: as an organizer does on the event's people page."""
    from events import services
    from events.models import Event, User

    olivia, blocked = (User.objects.get(email=f"{each}@{slug}.example") for each in ("olivia", who))
    services.block(actor=olivia, event=Event.objects.get(slug=slug), user=blocked)


def second_backstage(slug: str) -> tuple[str, str]:
    """Runs in the product's process: the Stage, and the token of its Backstage."""
    from backstage import services
    from events.models import Event, Stage

    stage = Stage.objects.create(event=Event.objects.get(slug=slug), name="Second Stage")
    return str(stage.id), services.backstage_of(stage).link_token


def sign_in(slug: str, who: str) -> str:
    """Runs in the product's process: once more, as from another browser. Gives the session cookie."""
    from django.test import Client

    from events.models import User

    client = Client()
    client.force_login(User.objects.get(email=f"{who}@{slug}.example"))
    return client.cookies["sessionid"].value


def demo_scene() -> dict[str, object]:
    """Runs in the product's process: the demo event, and a session for each of its people."""
    from django.test import Client

    from backstage import services as backstage
    from events.models import Stage, User

    stage = Stage.objects.select_related("event").get()
    sessions = {}
    for user in User.objects.filter(email__endswith="@example.com"):
        client = Client()
        client.force_login(user)
        sessions[user.email.split("@")[0]] = client.cookies["sessionid"].value
    session = backstage.backstage_of(stage)
    return {
        "link": f"/backstage/{session.link_token}/",
        "stage": f"/events/{stage.event.slug}/stages/{stage.id}/",
        "stage_id": str(stage.id),
        "token": session.link_token,
        "slug": stage.event.slug,
        "sessions": sessions,
    }


def on_air(stage_id: str) -> None:
    """Runs in the product's process: a show that has been on air for a minute, and goes on, without media.

    Once is enough. Were it stopped the stagehand would end it as soon as it looks, since its line holds nothing of it.
    """
    from datetime import timedelta

    from django.utils import timezone

    from backstage.models import BackstageSession, Broadcast

    session, now = BackstageSession.objects.get(stage=stage_id), timezone.now()
    if session.broadcasts.filter(stopped_at__isnull=True).exists():
        return
    Broadcast.objects.create(
        backstage_session=session,
        delay_s=12,
        started_at=now - timedelta(minutes=2),
        on_air_at=now - timedelta(minutes=1),
    )


def feed_of(token: str, kind: str) -> object:
    """Runs in the product's process: what Janus carries of the first place of this kind."""
    from backstage.models import Slot

    slot = Slot.objects.filter(backstage_session__link_token=token, kind=kind).first()
    return slot.feed if slot else None
