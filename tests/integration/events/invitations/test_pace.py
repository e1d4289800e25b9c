"""How often somebody may invite."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.utils import timezone

from events import services
from events.models import Invitation, Organization, User
from events.services.invitations import MOST_OF_ORGANIZATION, MOST_OF_PERSON, MOST_TO_ADDRESS, masked
from events.services.pacing import count
from hopin_backstage.realtime import Refused
from tests.factories import MembershipFactory
from tests.integration.browsers import SignIn
from tests.integration.events.invitations.inviting import ADA, Inviting, Role, members_page
from tests.integration.events.test_pages import html
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
        count("letters", most=1, within_s=3_600, otherwise=Refused("too_many", "Wait a while."))

    now = timezone.now().timestamp() // 3_600 * 3_600
    monkeypatch.setattr("events.services.pacing.time", lambda: now)
    once_more()
    assert refusal(once_more) == "too_many"
    assert refusal(once_more) == "too_many"
    monkeypatch.setattr("events.services.pacing.time", lambda: now + 3_600)
    once_more()
