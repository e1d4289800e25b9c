"""Somebody who invites, and where the members stand."""

from collections.abc import Callable

from django.urls import reverse

from events import services
from events.models import Membership, Organization, User
from tests.integration.events.test_accounts import link_in_mail

Role = Membership.Role
ADA = "ada@example.com"


class Inviting:
    """`inviting(email)` invites, sends, and returns the path that the letter leads to."""

    def __init__(self, owner: User, organization: Organization, committing: Callable[[], object]) -> None:
        self.owner, self.organization, self.committing = owner, organization, committing

    def __call__(self, email: str = ADA, role: str = Role.MEMBER) -> str:
        with self.committing():
            services.invite(
                actor=self.owner,
                organization=self.organization,
                email=email,
                role=role,
                address_of=lambda token: f"http://testserver/invitations/{token}/",
            )
        return link_in_mail()


def members_page(organization: Organization) -> str:
    return reverse("events:members", args=[organization.slug])
