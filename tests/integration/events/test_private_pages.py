"""Nothing that was shown to somebody is left in the browser for the next one who sits there."""

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Membership
from tests.factories import EventFactory, MembershipFactory, UserFactory
from tests.integration.browsers import SignIn

pytestmark = pytest.mark.django_db


def test_pages_of_somebody_signed_in_are_kept_by_no_browser(sign_in: SignIn, client: Client) -> None:
    event = EventFactory()
    owner = MembershipFactory(organization=event.organization, role=Membership.Role.OWNER).user
    slug, browser = event.organization.slug, sign_in(owner)
    pages = [
        "/",
        reverse("events:profile"),
        reverse("events:organization", args=[slug]),
        reverse("events:members", args=[slug]),
        reverse("events:rename_organization", args=[slug]),
        reverse("events:event", args=[event.slug]),
        reverse("account_email"),
    ]
    for page in pages:
        response = browser.get(page)
        assert response.status_code == 200, page
        assert "no-store" in response.headers["Cache-Control"], page
    # What everybody sees may be kept.
    assert "Cache-Control" not in client.get(reverse("events:event", args=[event.slug])).headers


def test_what_says_itself_how_long_it_may_be_kept_is_left_alone(sign_in: SignIn) -> None:
    browser = sign_in(UserFactory())
    assert browser.get("/api/v1/events/").headers["Cache-Control"] == "private, no-cache"
