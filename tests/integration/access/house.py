"""One event, and somebody of each kind that may or may not have business there."""

from dataclasses import dataclass, field
from typing import Any

from backstage import services as backstage
from backstage.models import BackstageSession
from events.models import Event, Membership, Organization, Stage, User
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
    "staff",
)


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

    def person(self, role: str) -> User:
        found = self.people[role]
        assert found is not None
        return found


def build(name: str = "house") -> House:
    """`stranger` has an account and is not registered; `member` belongs to the organization and has no event of it;
    `elsewhere` is an admin of another organization; `staff` is support with every right in the admin."""
    organization = OrganizationFactory.create(slug=name)
    event = EventFactory.create(organization=organization, slug=f"{name}-event")
    stage = StageFactory.create(event=event)
    people: dict[str, User | None] = {
        role: UserFactory.create(email=f"{role}@{name}.example") for role in ROLES if role != "visitor"
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
    staff = house.person("staff")
    staff.is_staff = staff.is_superuser = True
    staff.save()
    return house


def arguments(house: House, route: str) -> dict[str, Any]:
    """What stands in an address, by the name that the URL configuration gives it."""
    return {
        "slug": house.organization.slug if "organization" in route else house.event.slug,
        "link_token": house.session.link_token,
        "stage_id": house.stage.pk,
        "path": "photos/nobody.webp",
        "key": "none",
        "uidb36": "0",
    }
