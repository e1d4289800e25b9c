"""More of everything that a page may list.

Each row has others of its own: what is shared would hide that it is asked for again.
"""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import Broadcast, Participant, Slot
from chat.models import ChatMute
from events.models import Event, Invitation, Membership, Stage, User
from hopin_backstage.rest.services import create_token
from moderation import audit
from moderation.models import Webhook, WebhookDelivery
from tests.factories import (
    BlockFactory,
    EventFactory,
    MembershipFactory,
    OrganizationFactory,
    RegistrationFactory,
    SpeakerFactory,
    StageFactory,
    UserFactory,
)
from tests.integration.access.house import House

numbers = count(1)


def fill(house: House, times: int) -> None:
    for _ in range(times):
        _organization(house)
        _stages(house)
        _people(house)
        _shown_in_public(house)
        _webhook(house)
        _to_hand_on(house.person("owner"))
        for role in ("owner", "organizer", "registered", "member"):
            _of_their_own(house.person(role))


def _organization(house: House) -> None:
    number, now = next(numbers), timezone.now()
    MembershipFactory(organization=house.organization)
    Invitation.objects.create(
        organization=house.organization,
        email=f"invited{number}@example.com",
        token_digest=f"digest-{number}",
        invited_by=UserFactory(),
        expires_at=now + timedelta(days=7),
    )
    _busy(EventFactory(organization=house.organization))
    _busy(EventFactory(organization=house.organization, starts_at=now - timedelta(days=9)))
    _busy(EventFactory(organization=house.organization, archived_at=now))


def _busy(event: Event) -> Event:
    RegistrationFactory(event=event)
    StageFactory(event=event)
    return event


def _stages(house: House) -> None:
    """Of Hopin, with somebody on screen and broadcasts behind it; of another provider; and an archived one."""
    now = timezone.now()
    session = backstage.backstage_of(StageFactory(event=house.event))
    inside = Participant.objects.create(
        backstage_session=session, user=UserFactory(), link_token=session.link_token
    )
    Slot.objects.create(backstage_session=session, participant=inside, index=1)
    Broadcast.objects.create(backstage_session=session, delay_s=12, started_by=UserFactory())
    # Of the first Stage too: a list within a list.
    for one in (session, house.session):
        Broadcast.objects.create(
            backstage_session=one,
            delay_s=12,
            on_air_at=now - timedelta(hours=1),
            stopped_at=now,
            ended_at=now,
        )
        audit.record(action=Action.MUTED, actor=UserFactory(), session=one, target=UserFactory())
    StageFactory(
        event=house.event, provider=Stage.Provider.YOUTUBE, video_address="https://youtu.be/dQw4w9WgXcQ"
    )
    StageFactory(event=house.event, archived_at=now)


def _people(house: House) -> None:
    """Registered, of each standing; and such as are not registered."""
    event = house.event
    RegistrationFactory(event=event, came_at=timezone.now())
    BlockFactory(event=event, user=RegistrationFactory(event=event).user, by=UserFactory())
    event.organizers.add(RegistrationFactory(event=event).user, UserFactory())
    BlockFactory(event=event, by=UserFactory())
    ChatMute.objects.create(event=event, user=RegistrationFactory(event=event).user, by=UserFactory())


def _shown_in_public(house: House) -> None:
    speaker = SpeakerFactory(event=house.event)
    for label in ("Slides", "Home"):
        speaker.links.create(label=label, url="https://example.com/")
    # Of the speaker whose page is opened, too.
    house.event.speakers.get(name="Grace").links.create(url="https://example.com/")


def _webhook(house: House) -> None:
    """With one more delivery, as the first has."""
    webhook = Webhook.objects.create(
        event=house.event, url="https://more.example.com/", secret="whsec", created_by=UserFactory()
    )
    for one in (webhook, Webhook.objects.filter(event=house.event).earliest("created_at")):
        WebhookDelivery.objects.create(webhook=one, kind="asked", body="{}")


def _to_hand_on(user: User) -> None:
    """They are its last owner, and others belong to it: before it has another, the account stays."""
    MembershipFactory(organization=MembershipFactory(user=user, role=Membership.Role.OWNER).organization)


def _of_their_own(user: User) -> None:
    """Organizations that are theirs alone, and with others; events that they run and attend; tokens."""
    now = timezone.now()
    MembershipFactory(user=user, role=Membership.Role.OWNER)
    shared = OrganizationFactory()
    MembershipFactory(organization=shared, user=user, role=Membership.Role.ADMIN)
    MembershipFactory(organization=shared, role=Membership.Role.OWNER)
    _busy(EventFactory(organizers=[user]))
    RegistrationFactory(event=_busy(EventFactory()), user=user)
    RegistrationFactory(event=_busy(EventFactory(starts_at=now - timedelta(days=9))), user=user)
    create_token(actor=user, name="Another program", lasts=None)
