"""Reads of accounts."""

from dataclasses import dataclass

from events.models import User


@dataclass(frozen=True)
class Belongings:
    """What goes with an account."""

    registrations: int
    memberships: int


def belongings(user: User) -> Belongings:
    return Belongings(registrations=user.registrations.count(), memberships=user.memberships.count())
