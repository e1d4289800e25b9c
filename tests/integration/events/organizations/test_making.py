"""Making and naming organizations: who may, how many, and under which address."""

from functools import partial

import pytest
from django.forms import modelform_factory as model_to_form
from django.test import Client
from django.urls import reverse

from events import services
from events.models import Organization
from events.services.organizations import MOST_OWNED, NAME_LENGTH, SLUG_LENGTH
from hopin_backstage.realtime import Refused
from tests.at_once import at_once
from tests.factories import EventFactory, MembershipFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.organizations.belonging import Role, member, page, role_of
from tests.integration.events.test_pages import html

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_whoever_makes_an_organization_owns_it(sign_in: SignIn) -> None:
    user = UserFactory()
    client = sign_in(user)
    assert reverse("events:create_organization") in html(client.get("/"))
    response = client.post(reverse("events:create_organization"), {"name": "  Café\u202e  Größe "})
    made = Organization.objects.get()
    assert made.name == "Café Größe"
    assert made.slug.startswith("cafe-groe-")
    assert response.headers["Location"] == page("organization", made)
    assert role_of(user, made) == Role.OWNER
    shown = html(client.get(page("organization", made)))
    assert "Café Größe is yours." in shown
    assert "Nothing coming up" in shown
    assert reverse("events:create_organization") in shown


@pytest.mark.parametrize("name", ["", "   ", "\u202e\u200b", "x" * (NAME_LENGTH + 1)])
def test_an_organization_needs_a_name(sign_in: SignIn, name: str) -> None:
    answered = html(sign_in(UserFactory()).post(reverse("events:create_organization"), {"name": name}))
    assert 'id="id_name_error"' in answered
    assert not Organization.objects.exists()
    with pytest.raises(Refused) as refused:
        services.create_organization(actor=UserFactory(), name=name)
    assert refused.value.code == "organization.name"


def test_one_person_makes_so_many_and_is_told_so(sign_in: SignIn) -> None:
    user, address = UserFactory(), reverse("events:create_organization")
    MembershipFactory.create_batch(MOST_OWNED - 1, user=user, role=Role.OWNER)
    # Of those where somebody else decides there may be any number.
    MembershipFactory.create_batch(3, user=user, role=Role.ADMIN)
    client = sign_in(user)
    assert "is yours." in html(client.post(address, {"name": "The last"}, follow=True))
    answered = html(client.post(address, {"name": "One more"}))
    assert "You own 20 organizations already." in answered
    assert 'value="One more"' in answered
    assert not Organization.objects.filter(name="One more").exists()


@pytest.mark.django_db(transaction=True)
def test_the_last_that_one_may_make_is_made_once() -> None:
    user = UserFactory()
    MembershipFactory.create_batch(MOST_OWNED - 1, user=user, role=Role.OWNER)
    made = at_once(*[partial(services.create_organization, actor=user, name="One more")] * 4)
    assert made.count("organization.too_many") == 3
    assert user.memberships.count() == MOST_OWNED


def test_the_bounds_are_the_models() -> None:
    fields = model_to_form(Organization, fields=["name", "slug"]).base_fields
    assert fields["name"].max_length == NAME_LENGTH
    assert fields["slug"].max_length == SLUG_LENGTH


def test_no_organization_stands_in_the_way_of_new_ones(sign_in: SignIn) -> None:
    user = UserFactory()
    first, second = (services.create_organization(actor=user, name="New") for _ in range(2))
    assert len({first.slug, second.slug, "new"}) == 3
    for made in (first, second):
        assert "Nothing coming up" in html(sign_in(user).get(page("organization", made)))


def test_owners_and_admins_rename_and_links_go_on_working(
    organization: Organization, sign_in: SignIn
) -> None:
    admin = member(organization, Role.ADMIN)
    address = page("rename_organization", organization)
    client = sign_in(admin)
    assert 'value="Northwind"' in html(client.get(address))
    answered = html(client.post(address, {"name": "Southwind"}, follow=True))
    assert "The new name is saved." in answered
    organization.refresh_from_db()
    assert (organization.name, organization.slug) == ("Southwind", "northwind")


def test_nobody_else_renames(organization: Organization, client: Client, sign_in: SignIn) -> None:
    address = page("rename_organization", organization)
    organizer = UserFactory()
    EventFactory(organization=organization, organizers=[organizer])
    for person in (member(organization), organizer, UserFactory()):
        browser = sign_in(person)
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"name": "Mine"}).status_code == 404
        with pytest.raises(Refused) as refused:
            services.rename_organization(actor=person, organization=organization, name="Mine")
        assert refused.value.code == "organization.not_yours"
    assert client.post(address, {"name": "Mine"}).headers["Location"].startswith("/accounts/login/")
    organization.refresh_from_db()
    assert organization.name == "Northwind"
