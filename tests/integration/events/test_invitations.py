"""Inviting people to an organization: what the letter does, for whom, how often, and for how long."""

import re
import smtplib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import time

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import permissions, services
from events.models import Invitation, Membership, Organization, User
from events.services.invitations import MOST_OF_ORGANIZATION, MOST_OF_PERSON, MOST_TO_ADDRESS, masked
from events.services.pacing import count
from hopin_backstage.realtime import Refused
from tests.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.test_accounts import SIGN_UP, confirmed, link_in_mail
from tests.integration.events.test_pages import html

pytestmark = [pytest.mark.django_db, pytest.mark.database]

Role = Membership.Role
ADA = "ada@example.com"


@pytest.fixture(autouse=True)
def _no_limits_left_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """And no test in which an hour ends."""
    cache.clear()
    now = time()
    monkeypatch.setattr("events.services.pacing.time", lambda: now)


@pytest.fixture
def organization() -> Organization:
    return OrganizationFactory(name="Northwind", slug="northwind")


@pytest.fixture
def owner(organization: Organization) -> User:
    user = UserFactory(display_name="Olivia Marsh")
    return MembershipFactory(organization=organization, role=Role.OWNER, user=user).user


@pytest.fixture
def committing(django_capture_on_commit_callbacks: Callable[..., object]) -> Callable[[], object]:
    return lambda: django_capture_on_commit_callbacks(execute=True)


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


@pytest.fixture
def inviting(owner: User, organization: Organization, committing: Callable[[], object]) -> Inviting:
    return Inviting(owner, organization, committing)


def members_page(organization: Organization) -> str:
    return reverse("events:members", args=[organization.slug])


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.code


# --- Inviting --------------------------------------------------------------------------------------------------------
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


# --- Accepting -------------------------------------------------------------------------------------------------------
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


def test_signing_up_leads_back_to_the_invitation(
    inviting: Inviting, organization: Organization, client: Client
) -> None:
    link = inviting(SIGN_UP["email"])
    shown = html(client.get(link))
    assert "a…@example.com" in shown
    assert f"{reverse('account_signup')}?next={link}" in shown
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

    def accept(_number: int) -> str:
        try:
            services.accept(actor=ada, token=token)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(max_workers=6) as pool:
        answers = sorted(pool.map(accept, range(6)))
    assert answers == ["in"] + ["invitation.gone"] * 5
    assert organization.memberships.count() == 2


@pytest.mark.django_db(transaction=True)
def test_invited_by_two_at_once_it_is_one_invitation(inviting: Inviting, organization: Organization) -> None:
    def invite(number: int) -> str:
        try:
            services.invite(actor=inviting.owner, organization=organization, email=ADA, address_of=str)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "sent"

    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = sorted(pool.map(invite, range(4)))
    assert answers == ["invitation.exists"] * 3 + ["sent"]
    assert len(mail.outbox) == 1


# --- How often -------------------------------------------------------------------------------------------------------
def test_a_person_sends_so_many_letters_an_hour_from_whatever_organization(
    inviting: Inviting, owner: User
) -> None:
    for number in range(MOST_OF_PERSON):
        inviting(f"{number}@example.com")
    inviting.organization = services.create_organization(actor=owner, name="Another")
    assert refusal(lambda: inviting("more@example.com")) == "invitation.too_many"
    assert len(mail.outbox) == MOST_OF_PERSON
    assert not Invitation.objects.filter(email="more@example.com").exists()


def test_an_organization_sends_so_many_whoever_does_it(
    inviting: Inviting, organization: Organization
) -> None:
    sent = 0
    for _ in range(2):
        inviting.owner = MembershipFactory(organization=organization, role=Role.OWNER).user
        for _ in range(MOST_OF_ORGANIZATION // 2):
            sent += 1
            inviting(f"{sent}@example.com")
    inviting.owner = MembershipFactory(organization=organization, role=Role.OWNER).user
    assert refusal(lambda: inviting("more@example.com")) == "invitation.too_many"


def test_an_address_is_sent_so_many_a_day_from_everybody_together(
    owner: User, committing: Callable[[], object]
) -> None:
    def invite_from_a_new_place() -> None:
        place = MembershipFactory(role=Role.OWNER)
        Inviting(place.user, place.organization, committing)()

    for _ in range(MOST_TO_ADDRESS):
        invite_from_a_new_place()
    assert refusal(invite_from_a_new_place) == "invitation.too_many"


def test_the_page_says_when_to_go_on(
    inviting: Inviting, owner: User, organization: Organization, sign_in: SignIn
) -> None:
    for _ in range(MOST_TO_ADDRESS):
        inviting()
        Invitation.objects.all().delete()
    answered = html(sign_in(owner).post(members_page(organization), {"email": ADA, "role": "member"}))
    assert "has been sent many invitations today" in answered.split('id="id_email_error"')[1]
    # What the form kept is not lost.
    assert f'value="{ADA}"' in answered


@pytest.mark.parametrize(("email", "shown"), [(ADA, "a…@example.com"), ("@x", "…@x"), ("ä@x.de", "ä…@x.de")])
def test_a_masked_address_is_known_by_its_owner_alone(email: str, shown: str) -> None:
    assert masked(email) == shown


def test_the_next_window_begins_at_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def once_more() -> None:
        count("letters", most=1, within_s=3_600, otherwise=Refused("too_many", "Wait."))

    now = timezone.now().timestamp() // 3_600 * 3_600
    monkeypatch.setattr("events.services.pacing.time", lambda: now)
    once_more()
    assert refusal(once_more) == "too_many"
    assert refusal(once_more) == "too_many"
    monkeypatch.setattr("events.services.pacing.time", lambda: now + 3_600)
    once_more()


def test_an_address_that_looks_alike_is_another(organization: Organization) -> None:
    """Whoever owns the domain with the other letter has not been invited."""
    stranger = UserFactory()
    EmailAddress.objects.create(user=stranger, email="mike@g\u0131thub.example", verified=True)
    mike = Invitation(organization=organization, email="mike@github.example")
    assert not permissions.may_accept(stranger, mike)
    EmailAddress.objects.create(user=stranger, email="Mike@GitHub.example", verified=True)
    assert permissions.may_accept(stranger, mike)
