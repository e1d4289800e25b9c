"""Whoever is not of support finds nothing, and support makes itself no more than it is."""

import pytest
from django.test import Client
from django.urls import reverse

from backstage.models import BackstageSession
from events.admin import offers
from hopin_backstage.rest.models import ApiToken
from hopin_backstage.rest.services import create_token
from tests.factories import UserFactory
from tests.integration.browsers import SignIn
from tests.integration.moderation.admin.rows import a_row_of_everything, pages, shown, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_without_collectstatic")]


def test_staff_without_rights_see_nothing(sign_in: SignIn) -> None:
    a_row_of_everything()
    session = BackstageSession.objects.get()
    _user, client = staff(sign_in)
    index = client.get(reverse("admin:index")).content.decode()
    for model in shown():
        assert offers.list_of(model) not in index
    assert "media-servers" not in index
    assert "reference" not in index
    for path in pages(session):
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code == 403, path
            assert session.stage.event.name not in answer.content.decode(), path


def test_people_and_organizers_see_nothing(client: Client, sign_in: SignIn) -> None:
    a_row_of_everything()
    session = BackstageSession.objects.get()
    organizer = sign_in(session.stage.event.organizers.get())
    for path in pages(session):
        for browser in (client, organizer):
            answer = browser.get(path)
            assert answer.status_code == 302, path
            assert answer.headers["Location"].startswith("/admin/login/")


def test_staff_do_not_make_themselves_more_than_they_are(sign_in: SignIn) -> None:
    user, client = staff(sign_in, "events.view_user", "events.change_user")
    other, boss = UserFactory(), UserFactory(is_staff=True, is_superuser=True)
    for target in (user, boss):
        answer = client.post(
            offers.page_of(target), {"email": "mine@example.com", "display_name": "x", "is_superuser": "on"}
        )
        assert answer.status_code == 403
        assert client.post(reverse("admin:auth_user_password_change", args=[target.pk])).status_code == 403
    for method in (client.get, client.post):
        assert method(reverse("admin:auth_user_password_change", args=[other.pk])).status_code == 403
    client.post(
        offers.page_of(other),
        {
            "email": other.email,
            "display_name": "New name",
            "is_active": "on",
            "is_superuser": "on",
            "is_staff": "on",
        },
    )
    other.refresh_from_db()
    assert (other.display_name, other.is_superuser, other.is_staff) == ("New name", False, False)


def test_a_superuser_alone_sets_a_password(support: Client) -> None:
    other, new = UserFactory(), "an-uncommon-Phrase-9"
    typed = {"usable_password": "true", "password1": new, "password2": new}
    create_token(actor=other, name="A program", lasts=None)
    path = reverse("admin:auth_user_password_change", args=[other.pk])
    assert support.post(path, typed).status_code == 302
    other.refresh_from_db()
    assert other.check_password(new)
    assert not ApiToken.objects.exists(), "whoever knew the old one may have made them"
