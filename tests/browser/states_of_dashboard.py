"""Every page of an event's dashboard, of an event in which nothing has happened and of one in which much has; a
person's tokens; and what the public sees; as states.py."""

from tests.browser.scene import make_scene
from tests.browser.states import Walk

#: By state, below the event's dashboard; its Stage tab is in states_of_stages.py.
TABS = {
    "overview": "",
    "speakers": "speakers/",
    "people": "people/",
    "activity": "activity/",
    "settings": "settings/",
    "webhooks": "webhooks/",
}


def dashboard(walk: Walk) -> None:
    scene = make_scene(walk.product, "states-dashboard")
    empty = walk.product.django(furnish, scene.slug)
    olivia, sam, ada = (walk.come(who, scene=scene) for who in ("olivia", "sam", "ada"))
    for slug, state in ((empty, "empty"), (scene.slug, "full")):
        for name, path in TABS.items():
            olivia.page.goto(f"{walk.product.url}/events/{slug}/manage/{path}")
            walk.at(olivia, f"dashboard-{name}-{state}")
    organization = walk.product.django(organization_of, scene.slug)
    for name, path in (
        ("home", "/"),
        ("organization", f"/organizations/{organization}/"),
        ("members", f"/organizations/{organization}/members/"),
        ("unpublish", f"/events/{scene.slug}/manage/unpublish/"),
        ("archive", f"/events/{scene.slug}/manage/archive/"),
    ):
        olivia.page.goto(walk.product.url + path)
        walk.at(olivia, f"{name}-full")
    for person, state in ((sam, "empty"), (olivia, "full")):
        person.page.goto(f"{walk.product.url}/accounts/tokens/")
        walk.at(person, f"tokens-{state}")
    ada.page.goto(f"{walk.product.url}/events/{scene.slug}/")
    walk.at(ada, "event-full")


def support(walk: Walk) -> None:
    """The timeline of what has happened in the room: nothing, or all of `states.room`."""
    omar = walk.come("omar")
    omar.page.goto(
        walk.product.url + walk.product.django(timeline_for, walk.scene.token, walk.scene.sessions["omar"])
    )
    walk.at(omar, "admin-timeline")


def timeline_for(token: str, session: str) -> str:
    """Runs in the product's process: who has this session is of the support. Gives the address of a timeline."""
    from django.contrib.sessions.models import Session
    from django.urls import reverse

    from backstage.models import BackstageSession
    from events.models import User

    person = Session.objects.get(pk=session).get_decoded()["_auth_user_id"]
    User.objects.filter(pk=person).update(is_staff=True, is_superuser=True)
    return reverse("admin:moderation_timeline", args=[BackstageSession.objects.get(link_token=token).pk])


def organization_of(slug: str) -> str:
    """Runs in the product's process: its slug."""
    from events.models import Event

    return Event.objects.select_related("organization").get(slug=slug).organization.slug


def furnish(slug: str) -> str:
    """Runs in the product's process: much has happened in this event. Gives another's slug, in which nothing has."""
    from datetime import timedelta

    from django.core.files.base import ContentFile
    from django.utils import timezone

    from events import services
    from events.demo import PEOPLE, portrait
    from events.models import Event, Registration, User
    from hopin_backstage.rest.services import create_token
    from moderation.models import Webhook, WebhookDelivery

    event = Event.objects.select_related("organization").get(slug=slug)
    olivia = User.objects.get(email=f"olivia@{slug}.example")
    services.edit_event(
        actor=olivia,
        event=event,
        description="One day about what we built this year.\n\nhttps://example.com/a/map/that/has/a/long/address",
        capacity=40,
    )
    services.set_event_picture(
        actor=olivia, event=event, picture=ContentFile(portrait(PEOPLE[1].face), name="picture.webp")
    )
    guests = User.objects.bulk_create(
        User(email=f"guest{number}@{slug}.example", display_name=f"Guest {number}", password="!")
        for number in range(30)
    )
    guests[0].display_name = "Maximiliane Hohenstein-Wittelsbach von der Lindenallee"
    guests[0].save()
    Registration.objects.bulk_create(Registration(event=event, user=guest) for guest in guests)
    for guest in guests[:3]:
        services.block(actor=olivia, event=event, user=guest)
    services.add_organizer(actor=olivia, event=event, user=guests[5])
    for person in PEOPLE[2:6]:
        services.add_speaker(
            actor=olivia,
            event=event,
            name=person.name,
            title="Leads the group that keeps all of it running, day and night",
            photo=ContentFile(portrait(person.face), name="photo.webp"),
            links=[services.Link("", f"https://example.com/people/{person.login}")],
        )
    for days in (30, None):
        create_token(
            actor=olivia, name="Statistics of the house", lasts=timedelta(days=days) if days else None
        )
    # Last: nothing happens any more that they would be told of.
    for active in (True, False):
        webhook = Webhook.objects.create(
            event=event,
            url="https://hooks.example.com/a/path/as/long/as/those/of/some/services/are/0123456789",
            secret="of-nobody",
            created_by=olivia,
            active=active,
        )
        for status in WebhookDelivery.Status:
            WebhookDelivery.objects.create(
                webhook=webhook,
                kind="broadcast.started",
                body="{}",
                status=status,
                attempts=2,
                next_at=timezone.now() + timedelta(days=1),
            )
    empty = services.create_event(
        actor=olivia,
        organization=event.organization,
        name="Winter School",
        starts_at=event.starts_at + timedelta(days=90),
        ends_at=event.ends_at + timedelta(days=90),
    )
    return empty.slug
