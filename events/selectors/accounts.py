"""Reads of accounts."""

from dataclasses import dataclass

from django.utils import timezone

from events import permissions
from events.models import Organization, Registration, User
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
    holds = (hold_on_account(user, organization) for organization in owned_by(user))
    return [hold for hold in holds if hold is not None]


def hold_on_account(user: User, organization: Organization) -> AccountHold | None:
    if not permissions.is_last_owner(user, organization):
        return None
    if organization.memberships.count() > 1:
        return AccountHold(organization, LAST_OWNER)
    others = Registration.objects.exclude(user=user)
    if others.filter(event__organization=organization, event__ends_at__gt=timezone.now()).exists():
        return AccountHold(organization, EVENTS_TO_COME)
    return None
