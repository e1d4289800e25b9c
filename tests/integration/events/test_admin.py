"""Support staff find and open every row; nobody else comes in."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from events import models
from tests.factories import (
    BlockFactory,
    EventFactory,
    MembershipFactory,
    RegistrationFactory,
    StageFactory,
    UserFactory,
)
from tests.integration.browsers import SignIn

pytestmark = pytest.mark.django_db

MODELS = [
    models.User,
    models.Organization,
    models.Membership,
    models.Event,
    models.Registration,
    models.Block,
    models.Stage,
]


def changelist(model: type) -> str:
    return reverse(f"admin:events_{model.__name__.lower()}_changelist")


@pytest.fixture
def _rows() -> None:
    event = EventFactory(organizers=[UserFactory()])
    for make in (RegistrationFactory, BlockFactory):
        make.create_batch(3, event=event)
    StageFactory.create_batch(3, event=event)
    MembershipFactory.create_batch(3, organization=event.organization)


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("model", MODELS)
def test_support_searches_and_opens(sign_in: SignIn, model: type) -> None:
    client = sign_in(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(changelist(model), {"q": "e"}).status_code == 200
    row = model.objects.first()
    opened = client.get(reverse(f"admin:events_{model.__name__.lower()}_change", args=[row.pk]))
    assert opened.status_code == 200
    assert admin.site.is_registered(model)


def test_support_is_shown_the_address_that_a_stage_shows_and_none_that_it_keeps(sign_in: SignIn) -> None:
    address = "https://vimeo.com/76979871/abcdef1234"
    for provider, shown in (("vimeo", True), ("hopin", False)):
        stage = StageFactory(provider=provider, video_address=address)
        client = sign_in(UserFactory(is_staff=True, is_superuser=True))
        page = client.get(reverse("admin:events_stage_change", args=[stage.pk])).content.decode()
        assert (address in page) == shown


@pytest.mark.usefixtures("_rows")
def test_others_do_not_come_in(client: Client, sign_in: SignIn) -> None:
    for browser in (client, sign_in(models.Event.objects.get().organizers.get())):
        for model in MODELS:
            assert browser.get(changelist(model)).status_code == 302


def test_an_address_is_not_found_out_by_search(sign_in: SignIn) -> None:
    """Not by whoever may see organizations, and no people."""
    member = MembershipFactory(user__email="ada@example.com")
    staff = UserFactory(is_staff=True)
    allow(staff, "view_organization")
    page = changelist(models.Organization)
    assert sign_in(staff).get(page, {"q": member.organization.name}).context["cl"].result_count == 1
    assert sign_in(staff).get(page, {"q": "ada@e"}).context["cl"].result_count == 0
    allow(staff, "view_user")
    assert sign_in(staff).get(page, {"q": "ada@e"}).context["cl"].result_count == 1


def allow(person: models.User, codename: str) -> None:
    person.user_permissions.add(Permission.objects.get(codename=codename))


def test_support_makes_an_account(sign_in: SignIn) -> None:
    client = sign_in(UserFactory(is_staff=True, is_superuser=True))
    response = client.post(
        reverse("admin:events_user_add"),
        {
            "email": "new@example.com",
            "display_name": "New",
            "usable_password": "true",
            "password1": "an-uncommon-Phrase-9",
            "password2": "an-uncommon-Phrase-9",
        },
    )
    assert response.status_code == 302
    assert models.User.objects.get(email="new@example.com").check_password("an-uncommon-Phrase-9")
