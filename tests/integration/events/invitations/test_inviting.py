"""Inviting people to an organization: by whom, and what the letter does."""

import re
import smtplib
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import services
from events.models import Invitation, Organization, User
from tests.factories import MembershipFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.invitations.inviting import ADA, Inviting, Role, members_page
from tests.integration.events.test_pages import html
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_letter_says_who_invites_to_what_and_holds_the_only_copy_of_the_link(
    organization: Organization, owner: User, sign_in: SignIn, committing: Callable[[], object]
) -> None:
    client = sign_in(owner)
    assert "Nobody is invited" in html(client.get(members_page(organization)))
    with committing():
        response = client.post(members_page(organization), {"email": " ADA@example.com", "role": "admin"})
    answered = html(client.get(response.headers["Location"]))
    assert "We have sent an invitation to ada@example.com." in answered
    letter = mail.outbox[-1]
    assert letter.to == [ADA]
    assert letter.subject == "Olivia Marsh invites you to Northwind"
    for part in ("(admin)", "within seven days", ADA, "support@example.com"):
        assert part in letter.body
    token = re.search(r"/invitations/([^/]+)/", letter.body)[1]
    assert len(token) >= 43
    invitation = Invitation.objects.get()
    assert invitation.role == Role.ADMIN
    assert timedelta(days=6, hours=23) < invitation.expires_at - timezone.now() <= timedelta(days=7)
    assert token not in str(list(Invitation.objects.values()))
    assert token not in answered


def test_without_a_commit_there_is_no_letter(organization: Organization, owner: User) -> None:
    services.invite(actor=owner, organization=organization, email=ADA, address_of=str)
    assert not mail.outbox


@pytest.mark.parametrize(
    "email", ["", "nonsense", "a@b", "x" * 250 + "@example.com", "a@example.com\nBcc: b@x.y"]
)
def test_what_is_no_address_is_said_at_the_field(
    organization: Organization, owner: User, sign_in: SignIn, email: str
) -> None:
    answered = html(sign_in(owner).post(members_page(organization), {"email": email, "role": "member"}))
    assert 'id="id_email_error"' in answered
    assert not Invitation.objects.exists()
    if "\n" not in email:
        assert (
            refusal(
                lambda: services.invite(actor=owner, organization=organization, email=email, address_of=str)
            )
            == "invitation.address"
        )


def test_a_name_cannot_write_a_letter_of_its_own(inviting: Inviting, organization: Organization) -> None:
    Organization.objects.filter(pk=organization.pk).update(
        name="North\r\nBcc: victim@example.com\r\n\r\nwind"
    )
    inviting.organization.refresh_from_db()
    inviting()
    message = mail.outbox[-1].message()
    assert message["Bcc"] is None
    assert message["Subject"] == "Olivia Marsh invites you to North Bcc: victim@example.com wind"


def test_who_is_a_member_or_invited_already_is_not_invited(
    inviting: Inviting, owner: User, organization: Organization, sign_in: SignIn
) -> None:
    EmailAddress.objects.create(user=owner, email="second@example.com", verified=True)
    for email in (owner.email.upper(), "second@example.com"):
        assert refusal(lambda email=email: inviting(email)) == "invitation.is_member"
    inviting()
    assert refusal(inviting) == "invitation.exists"
    answered = html(sign_in(owner).post(members_page(organization), {"email": ADA, "role": "member"}))
    assert "ada@example.com has been invited already." in answered


def test_a_letter_that_cannot_be_sent_is_said_and_may_be_sent_again(
    organization: Organization,
    owner: User,
    sign_in: SignIn,
    committing: Callable[[], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuses(*arguments: object) -> None:
        raise smtplib.SMTPServerDisconnected("away")

    client = sign_in(owner)

    def invite() -> None:
        with committing():
            services.invite(actor=owner, organization=organization, email=ADA, address_of=str)

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuses)
        assert refusal(invite) == "invitation.letter_failed"
    invitation = Invitation.objects.get()
    with committing():
        client.post(reverse("events:resend_invitation", args=[organization.slug, invitation.pk]))
    assert mail.outbox[-1].to == [ADA]


def test_only_owners_invite_owners(inviting: Inviting, organization: Organization, sign_in: SignIn) -> None:
    admin = MembershipFactory(organization=organization, role=Role.ADMIN).user
    answered = html(sign_in(admin).post(members_page(organization), {"email": ADA, "role": "owner"}))
    assert 'id="id_role_error"' in answered
    inviting.owner = admin
    assert refusal(lambda: inviting(role=Role.OWNER)) == "organization.owners_only"
    assert refusal(lambda: inviting(role="emperor")) == "organization.role"
    assert inviting(role=Role.ADMIN)


def test_nobody_else_invites_resends_or_withdraws(
    inviting: Inviting, organization: Organization, client: Client, sign_in: SignIn
) -> None:
    inviting()
    invitation = Invitation.objects.get()
    ways = [
        reverse(f"events:{way}_invitation", args=[organization.slug, invitation.pk])
        for way in ("resend", "withdraw")
    ]
    member = MembershipFactory(organization=organization).user
    elsewhere = MembershipFactory(role=Role.OWNER)
    for person in (member, elsewhere.user, UserFactory()):
        for way in (*ways, members_page(organization)):
            response = sign_in(person).post(way, {"email": "x@example.com", "role": "member"})
            assert response.status_code == 404
            assert ADA not in html(response)
        for work in (
            lambda person=person: services.withdraw(actor=person, invitation=invitation),
            lambda person=person: services.resend(actor=person, invitation=invitation, address_of=str),
        ):
            assert refusal(work) == "organization.not_yours"
    # By way of an organization of one's own, neither.
    by_mine = reverse("events:withdraw_invitation", args=[elsewhere.organization.slug, invitation.pk])
    assert sign_in(elsewhere.user).post(by_mine).status_code == 404
    for way in ways:
        assert client.post(way).status_code == 302
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None
    assert len(mail.outbox) == 1
