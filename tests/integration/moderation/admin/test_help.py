"""The reference under Help is found by support, and made up by nobody."""

import pytest
from django.test import Client
from django.urls import reverse

from backstage import services as backstage
from events.admin import offers
from events.models import HelpReference
from tests.factories import RegistrationFactory, StageFactory
from tests.integration.browsers import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_without_collectstatic")]


def test_the_reference_that_is_read_out_is_found(sign_in: SignIn, support: Client) -> None:
    registration = RegistrationFactory()
    browser = sign_in(registration.user)
    page = browser.get(reverse("events:event", args=[registration.event.slug])).content.decode()
    reference = between(page, "<code>", "</code>")
    ticket = between(page, 'data-ticket="', '"')
    assert between(page, 'data-told-at="', '"') == reverse("events:help_opened")
    assert not HelpReference.objects.exists(), "a page alone costs no row"
    for _ in range(2):
        assert Client().post(reverse("events:help_opened"), {"ticket": ticket}).status_code == 204
    row = HelpReference.objects.get()
    assert (row.reference, row.user, row.of) == (reference, registration.user, registration.event.slug)
    for heard in (reference, reference.upper(), f"{reference[:4]} {reference[4:]}", "-".join(reference)):
        found = support.get(offers.list_of(HelpReference), {"q": heard})
        assert found.context_data["cl"].result_count == 1, heard
        assert registration.user.display_name in found.content.decode()
    assert support.get(offers.list_of(HelpReference), {"q": "no such"}).context_data["cl"].result_count == 0


def test_a_backstage_link_stands_in_no_reference(sign_in: SignIn) -> None:
    registration = RegistrationFactory()
    session = backstage.backstage_of(StageFactory(event=registration.event))
    browser = sign_in(registration.user)
    page = browser.get(reverse("backstage:room", args=[session.link_token])).content.decode()
    ticket = between(page, 'data-ticket="', '"')
    assert Client().post(reverse("events:help_opened"), {"ticket": ticket}).status_code == 204
    row = HelpReference.objects.get()
    assert row.page == "backstage:room"
    assert session.link_token not in str(vars(row))


def test_nobody_makes_references_up(client: Client) -> None:
    for ticket in ("", "x", "eyJyZWZlcmVuY2UiOiJhIn0:1abc:zzz"):
        assert client.post(reverse("events:help_opened"), {"ticket": ticket}).status_code == 400
    assert client.get(reverse("events:help_opened")).status_code == 405
    assert not HelpReference.objects.exists()


def between(text: str, before: str, after: str) -> str:
    return text.split(before, 1)[1].split(after, 1)[0]
