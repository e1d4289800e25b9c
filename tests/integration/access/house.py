"""One event, and somebody of each kind that may or may not have business there."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.core.files.base import ContentFile
from django.utils import timezone

from backstage import services as backstage
from backstage.models import BackstageSession, Participant
from chat import services as chat
from chat.models import Message
from events.models import Event, Invitation, Membership, Organization, Registration, Speaker, Stage, User
from events.selectors import token_digest
from hopin_backstage.rest.models import ApiToken
from hopin_backstage.rest.services import create_token
from moderation.models import AuditEntry, ShareRequest, Webhook
from tests.factories import (
    BlockFactory,
    EventFactory,
    MembershipFactory,
    OrganizationFactory,
    RegistrationFactory,
    StageFactory,
    UserFactory,
)

#: The columns of the matrix, in order.
ROLES = (
    "visitor",
    "stranger",
    "registered",
    "blocked",
    "member",
    "elsewhere",
    "organizer",
    "owner",
    "staff",
)

WEBHOOK_SECRET = "whsec-of-the-house"
#: Written in the event's chat, by whoever is registered.
SAID = "Said to everybody registered"
#: Written in the Backstage's, by the one person inside. All in the matrix are outside.
WHISPER = "Whispered in the Backstage"
WHISPERER = "Sylvia Inside"
#: Of the letter to the stranger.
INVITATION_TOKEN = "letter-to-the-stranger"
#: Has been sent two letters: to confirm this address, and to choose a new password.
ABSENT = "absent@example.com"


@dataclass
class House:
    organization: Organization
    event: Event
    stage: Stage
    session: BackstageSession
    people: dict[str, User | None] = field(default_factory=dict)
    """By role; a visitor is nobody."""

    @property
    def secrets(self) -> list[str]:
        """What only organizers and support may read, wherever it stands."""
        return [self.session.link_token, self.person("registered").email, self.person("blocked").email]

    @property
    def said(self) -> list[str]:
        """What only people in the event's chat read, and who said it."""
        return [SAID, self.person("registered").display_name]

    @property
    def sealed(self) -> list[str]:
        """What nobody reads: it was shown to one person once, or only ever sent."""
        return [WEBHOOK_SECRET, INVITATION_TOKEN, token_digest(INVITATION_TOKEN)]

    def person(self, role: str) -> User:
        found = self.people[role]
        assert found is not None
        return found


def build(name: str = "house") -> House:
    """`stranger` has an account and is not registered; `member` belongs to the organization and has no event of it;
    `elsewhere` is an admin of another organization; `owner` owns this one; `staff` is support with every right in
    the admin."""
    organization = OrganizationFactory.create(slug=name)
    event = EventFactory.create(organization=organization, slug=f"{name}-event")
    stage = StageFactory.create(event=event)
    people: dict[str, User | None] = {
        role: UserFactory.create(email=f"{role}@{name}.example", display_name=f"{role.title()} Person")
        for role in ROLES
        if role != "visitor"
    }
    house = House(organization, event, stage, backstage.backstage_of(stage), {"visitor": None, **people})
    RegistrationFactory.create(event=event, user=house.person("registered"))
    RegistrationFactory.create(event=event, user=house.person("blocked"))
    BlockFactory.create(event=event, user=house.person("blocked"))
    MembershipFactory.create(organization=organization, user=house.person("member"))
    MembershipFactory.create(
        user=house.person("elsewhere"),
        organization=OrganizationFactory.create(slug=f"{name}-elsewhere"),
        role=Membership.Role.ADMIN,
    )
    event.organizers.add(house.person("organizer"))
    MembershipFactory.create(
        organization=organization, user=house.person("owner"), role=Membership.Role.OWNER
    )
    staff = house.person("staff")
    staff.is_staff = staff.is_superuser = True
    staff.save()
    return house


def furnished() -> House:
    """With a row of every kind that an address may name."""
    house = build()
    furnish(house)
    return house


def furnish(house: House) -> None:
    """A row of every kind that an address may name."""
    session, registered = house.session, house.person("registered")
    whisperer = UserFactory.create(display_name=WHISPERER)
    RegistrationFactory.create(event=house.event, user=whisperer)
    inside = Participant.objects.create(
        backstage_session=session, user=whisperer, link_token=session.link_token
    )
    ShareRequest.objects.create(participant=inside, microphone=True, camera=True)
    Speaker.objects.create(event=house.event, name="Grace")
    Invitation.objects.create(
        organization=house.organization,
        email=house.person("stranger").email,
        token_digest=token_digest(INVITATION_TOKEN),
        expires_at=timezone.now() + timedelta(days=7),
    )
    stranger = house.person("stranger")
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=True, primary=True)
    create_token(actor=registered, name="A program", lasts=None)
    # Of nobody in the matrix: signing in ends the link by which a password is reset.
    absent = UserFactory.create(email=ABSENT)
    EmailAddress.objects.create(user=absent, email=ABSENT, primary=True)
    registered.photo.save("face.webp", ContentFile(b"a picture"))
    Webhook.objects.create(event=house.event, url="https://hooks.example.com/", secret=WEBHOOK_SECRET)
    AuditEntry.objects.create(event=house.event, action="asked", actor=registered)
    for room, author, text in (
        (chat.room_of_backstage(session), whisperer, WHISPER),
        (chat.room_of_event(house.event), registered, SAID),
    ):
        chat.send(room=room, post=chat.Post(actor=author, client_id=uuid4(), text=text))


def arguments(house: House, route: str) -> dict[str, Any]:
    """What stands in an address, by the name that the URL configuration gives it."""
    of_organization = ("organization", "member", "role", "invitation", "create_event")
    return {
        "slug": house.organization.slug
        if any(word in route for word in of_organization)
        else house.event.slug,
        "organization": house.organization.slug,
        "event": house.event.slug,
        "event_slug": house.event.slug,
        "session": house.session.pk,
        "link_token": house.session.link_token,
        "stage_id": house.stage.pk,
        "speaker_id": _pk(Speaker),
        "invitation_id": _pk(Invitation),
        "webhook_id": _pk(Webhook),
        "user_id": house.person(
            "member" if any(word in route for word in of_organization) else "registered"
        ).pk,
        "person": house.person("organizer" if "organizer" in route else "member").pk,
        "pk": _of_api(house, route),
        "path": house.person("registered").photo.name,
        "token": INVITATION_TOKEN,
        **(_keys(house, route) if route.startswith(("account_", "revoke_")) else {}),
    }


def _keys(house: House, route: str) -> dict[str, Any]:
    """Such as open something: what is made up opens nothing to anybody."""
    absent = User.objects.get(email=ABSENT)
    to_confirm = EmailConfirmationHMAC(EmailAddress.objects.get(user=absent)).key
    return {
        "token_key": ApiToken.objects.get(user=house.person("registered")).token_key,
        "key": default_token_generator.make_token(absent) if "password" in route else to_confirm,
        "uidb36": user_pk_to_url_str(absent),
    }


def _of_api(house: House, route: str) -> Any:
    kinds = {
        "stage": Stage,
        "registration": Registration,
        "speaker": Speaker,
        "request": ShareRequest,
        "audit": AuditEntry,
        "invitation": Invitation,
    }
    for word, kind in kinds.items():
        if f"api:{word}" in route:
            return _pk(kind)
    room = chat.room_of_backstage(house.session) if "backstage" in route else chat.room_of_event(house.event)
    return Message.objects.filter(room=room).values_list("pk", flat=True).first()


def _pk(kind: Any) -> Any:
    return kind.objects.values_list("pk", flat=True).first()


#: What is sent, where an empty body would be refused before it is asked who sends it.
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "api:event-list"): {
        "organization": "house",
        "name": "Another",
        "starts_at": "2030-01-01T10:00:00Z",
        "ends_at": "2030-01-01T12:00:00Z",
    },
    ("POST", "api:organization-list"): {"name": "Another"},
    ("PATCH", "api:organization-detail"): {"name": "Renamed"},
    ("PATCH", "api:member-detail"): {"role": "admin"},
    ("POST", "api:invitation-list"): {"email": "somebody@example.com"},
    ("POST", "api:speaker-list"): {"name": "Ada"},
    ("PATCH", "api:speaker-detail"): {"title": "Countess"},
    ("POST", "api:speaker-move"): {"places": 1},
    ("POST", "api:stage-list"): {"name": "Second Stage"},
    ("POST", "api:event-message-list"): {"text": "Hello"},
    ("POST", "api:backstage-message-list"): {"text": "Hello"},
    ("POST", "moderation:webhook"): {"do": "pause"},
}
