"""Accepting an invitation: for whom it works, how often, and for how long."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import permissions, services
from events.models import Invitation, Organization, User
from tests.at_once import at_once
from tests.factories import MembershipFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.invitations.inviting import ADA, Inviting, Role, members_page
from tests.integration.events.test_accounts import SIGN_UP, confirmed, link_in_mail
from tests.integration.events.test_pages import html
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_one_accepts_with_the_account_that_was_invited(
    inviting: Inviting, organization: Organization, sign_in: SignIn
) -> None:
    link = inviting("Ada@Example.com", Role.ADMIN)
    ada = confirmed(UserFactory(email=ADA))
    client = sign_in(ada)
    asked = html(client.get(link))
    assert "Olivia Marsh invites you to Northwind (admin)." in asked
    assert not organization.memberships.filter(user=ada).exists()
    answered = client.post(link, follow=True)
    assert "You belong to Northwind now." in html(answered)
    assert organization.memberships.get(user=ada).role == Role.ADMIN
    used = Invitation.objects.get()
    assert used.accepted_by == ada
    assert used.accepted_at is not None


def signed_up_badly(client: Client, link: str) -> object:
    return client.post(reverse("account_signup"), {"display_name": "Ada", "next": link})


def test_signing_up_leads_back_to_the_invitation(
    inviting: Inviting, organization: Organization, client: Client
) -> None:
    link = inviting(SIGN_UP["email"])
    shown = html(client.get(link))
    assert "a…@example.com" in shown
    assert f"{reverse('account_signup')}?next={link}" in shown
    for asked in (client.get(reverse("account_signup"), {"next": link}), signed_up_badly(client, link)):
        assert "Your invitation is for a…@example.com: give this address below." in html(asked)
    assert "Your invitation" not in html(client.get(reverse("account_signup"), {"next": "/invitations/x/"}))
    assert "Your invitation" not in html(client.get(reverse("account_signup"), {"next": "/nowhere"}))
    client.post(reverse("account_signup"), {**SIGN_UP, "next": link})
    elsewhere = Client()
    letter = link_in_mail()
    elsewhere.get(letter)
    response = elsewhere.post(letter.split("?")[0], {"next": link})
    assert response.headers["Location"] == link
    elsewhere.post(reverse("account_login"), {"login": ADA, "password": SIGN_UP["password1"], "next": link})
    elsewhere.post(link)
    assert organization.memberships.filter(user__email=ADA).exists()


def test_a_link_that_was_forwarded_lets_nobody_in_and_does_not_say_for_whom_it_was(
    inviting: Inviting, organization: Organization, client: Client, sign_in: SignIn
) -> None:
    link = inviting()
    stranger = confirmed(UserFactory(email="eve@example.com"))
    unconfirmed = UserFactory(email=ADA)
    EmailAddress.objects.create(user=unconfirmed, email=ADA, verified=False, primary=True)
    browser = sign_in(stranger)
    shown = html(browser.get(link))
    assert "This invitation is for a…@example.com, and you are signed in as eve@example.com." in shown
    assert ADA not in shown
    assert ADA not in html(client.get(link))
    assert ADA not in html(client.get(reverse("account_signup"), {"next": link}))
    assert browser.post(reverse("account_logout"), {"next": link}).headers["Location"] == link
    token = link.split("/")[2]
    for person in (stranger, unconfirmed):
        assert sign_in(person).post(link).status_code == 403
        assert (
            refusal(lambda person=person: services.accept(actor=person, token=token))
            == "invitation.not_yours"
        )
    assert client.post(link).status_code == 403
    assert organization.memberships.count() == 1


def gone(client: Client, link: str) -> bool:
    response = client.get(link)
    page = html(response)
    assert ("This invitation no longer works" in page) == (response.status_code == 404)
    assert response.status_code == 200 or not {"Northwind", "Olivia"} & set(re.findall(r"\w+", page))
    return response.status_code == 404


def test_a_link_works_once(inviting: Inviting, organization: Organization, sign_in: SignIn) -> None:
    link = inviting()
    ada = confirmed(UserFactory(email=ADA))
    client = sign_in(ada)
    client.post(link, follow=True)
    services.remove_member(actor=ada, organization=organization, user=ada)
    assert gone(client, link)
    assert client.post(link).status_code == 404
    assert not organization.memberships.filter(user=ada).exists()


def test_a_link_works_for_seven_days_and_may_be_renewed(
    inviting: Inviting, owner: User, organization: Organization, sign_in: SignIn
) -> None:
    link = inviting()
    Invitation.objects.update(expires_at=timezone.now() + timedelta(seconds=30))
    client = sign_in(confirmed(UserFactory(email=ADA)))
    assert not gone(client, link)
    Invitation.objects.update(expires_at=timezone.now())
    assert gone(client, link)
    assert client.post(link).status_code == 404
    assert "The link is too old" in html(sign_in(owner).get(members_page(organization)))
    renewed = inviting(role=Role.ADMIN)
    assert Invitation.objects.count() == 1
    assert gone(client, link)
    client.post(renewed)
    assert organization.memberships.get(user__email=ADA).role == Role.ADMIN


def test_sent_again_the_old_link_is_dead(
    inviting: Inviting,
    owner: User,
    organization: Organization,
    client: Client,
    committing: Callable[[], object],
) -> None:
    old = inviting()
    with committing():
        services.resend(
            actor=owner,
            invitation=Invitation.objects.get(),
            address_of=lambda t: f"http://testserver/invitations/{t}/",
        )
    new = link_in_mail()
    assert old != new
    assert gone(client, old)
    assert not gone(client, new)


def test_withdrawn_the_link_is_dead_and_the_person_may_be_invited_anew(
    inviting: Inviting, owner: User, organization: Organization, client: Client, sign_in: SignIn
) -> None:
    link = inviting()
    invitation = Invitation.objects.get()
    way = reverse("events:withdraw_invitation", args=[organization.slug, invitation.pk])
    answered = html(sign_in(owner).post(way, follow=True))
    assert "The invitation of ada@example.com is withdrawn." in answered
    assert "Nobody is invited" in answered
    assert gone(client, link)
    again = html(sign_in(owner).post(way, follow=True))
    assert "accepted or withdrawn in the meantime" in again
    assert not gone(client, inviting())


def test_a_made_up_link_is_answered_like_an_old_one(client: Client) -> None:
    for link in ("/invitations/x/", f"/invitations/{'a' * 43}/", "/invitations/%00/"):
        assert gone(client, link)


def test_who_is_a_member_by_now_keeps_their_role(
    inviting: Inviting, owner: User, organization: Organization, sign_in: SignIn
) -> None:
    link = inviting()
    ada = confirmed(UserFactory(email=ADA))
    services.add_member(actor=owner, organization=organization, user=ada, role=Role.ADMIN)
    sign_in(ada).post(link)
    assert organization.memberships.get(user=ada).role == Role.ADMIN


@pytest.mark.parametrize(
    ("becomes", "left"),
    [
        (None, set()),
        (Role.MEMBER, set()),
        (Role.ADMIN, {Role.ADMIN, Role.MEMBER}),
        (Role.OWNER, {Role.OWNER, Role.ADMIN, Role.MEMBER}),
    ],
)
def test_nobody_comes_back_by_a_letter_sent_before(
    inviting: Inviting, owner: User, organization: Organization, becomes: str | None, left: set[str]
) -> None:
    inviting("others@example.com")
    insider = MembershipFactory(organization=organization, role=Role.OWNER).user
    inviting.owner = insider
    for role in Role.values:
        inviting(f"{role}@example.com", role)
    if becomes is None:
        services.remove_member(actor=owner, organization=organization, user=insider)
    else:
        services.change_role(actor=owner, organization=organization, user=insider, role=becomes)
    still_open = Invitation.objects.filter(withdrawn_at__isnull=True)
    assert set(still_open.filter(invited_by=insider).values_list("role", flat=True)) == left
    assert still_open.filter(email="others@example.com").exists()


def test_letters_of_somebody_who_deleted_their_account_let_nobody_in(
    inviting: Inviting, organization: Organization
) -> None:
    inviting("others@example.com")
    insider = MembershipFactory(organization=organization, role=Role.ADMIN).user
    inviting.owner = insider
    inviting("friend@example.com", Role.ADMIN)
    services.delete_account(actor=insider)
    still_open = Invitation.objects.filter(withdrawn_at__isnull=True)
    assert [each.email for each in still_open] == ["others@example.com"]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_accept_at_once_it_is_used_once(inviting: Inviting, organization: Organization) -> None:
    token = inviting().split("/")[2]
    ada = confirmed(UserFactory(email=ADA))
    answers = at_once(*[partial(services.accept, actor=ada, token=token)] * 6)
    assert answers.count("invitation.gone") == 5
    assert organization.memberships.count() == 2


@pytest.mark.django_db(transaction=True)
def test_invited_by_two_at_once_it_is_one_invitation(inviting: Inviting, organization: Organization) -> None:
    invite = partial(
        services.invite, actor=inviting.owner, organization=organization, email=ADA, address_of=str
    )
    assert at_once(*[invite] * 4).count("invitation.exists") == 3
    assert len(mail.outbox) == 1


def test_an_address_that_looks_alike_is_another(organization: Organization) -> None:
    """Whoever owns the domain with the other letter has not been invited."""
    stranger = UserFactory()
    EmailAddress.objects.create(user=stranger, email="mike@g\u0131thub.example", verified=True)
    mike = Invitation(organization=organization, email="mike@github.example")
    assert not permissions.may_accept(stranger, mike)
    EmailAddress.objects.create(user=stranger, email="Mike@GitHub.example", verified=True)
    assert permissions.may_accept(stranger, mike)
