"""Reads of accounts."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from events.models import Membership, Organization, Registration, User
from events.selectors.organizations import owned_by

LAST_OWNER, EVENTS_TO_COME = "account.last_owner", "account.events_to_come"


@dataclass(frozen=True)
class Belongings:
    """What goes with an account."""

    registrations: int
    memberships: int


def belongings(user: User) -> Belongings:
    return Belongings(registrations=user.registrations.count(), memberships=user.memberships.count())


@dataclass(frozen=True)
class AccountHold:
    """An organization that cannot do without the account. `code`: why, as the refusal to delete it has it."""

    organization: Organization
    code: str


def holds_on_account(user: User) -> list[AccountHold]:
    return _holds(user, owned_by(user))


def hold_on_account(user: User, organization: Organization) -> AccountHold | None:
    return next(iter(_holds(user, owned_by(user).filter(pk=organization.pk))), None)


def _holds(user: User, owned: QuerySet[Organization]) -> list[AccountHold]:
    """Asked of all of them at once. Whose last owner one is, is as permissions.is_last_owner has it."""
    others = Membership.objects.filter(organization=OuterRef("pk")).exclude(user=user)
    coming = Registration.objects.filter(
        event__organization=OuterRef("pk"), event__ends_at__gt=timezone.now()
    ).exclude(user=user)
    found = owned.exclude(Exists(others.filter(role=Membership.Role.OWNER))).annotate(
        has_others=Exists(others), is_awaited=Exists(coming)
    )
    return [
        AccountHold(organization, LAST_OWNER if organization.has_others else EVENTS_TO_COME)
        for organization in found
        if organization.has_others or organization.is_awaited
    ]
