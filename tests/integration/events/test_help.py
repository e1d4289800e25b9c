"""Every page has Help: the support address (a setting), a reference that support can look up, hints for speakers."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from backstage import services as backstage
from events.models import Block, User
from tests.factories import EventFactory, MembershipFactory, RegistrationFactory, StageFactory, UserFactory
from tests.integration.browsers import SignIn

pytestmark = pytest.mark.django_db
ADDRESS = "help@conference.example"


def anonymous_pages() -> list[str]:
    event = EventFactory()
    return [
        reverse("events:event", args=[event.slug]),
        "/",
        *(reverse(name) for name in ("account_login", "account_signup", "account_reset_password")),
        "/no/such/page",
    ]


def pages_of(user: User) -> list[str]:
    """One event that the person runs, one at which they only are, one that they are not registered for."""
    stage = StageFactory(event=EventFactory(organizers=[user]))
    MembershipFactory(organization=stage.event.organization, user=user)
    session = backstage.backstage_of(stage)
    attended = StageFactory(event=RegistrationFactory(user=user).event)
    foreign = backstage.backstage_of(StageFactory())
    slug = stage.event.slug
    return [
        "/",
        reverse("events:organization", args=[stage.event.organization.slug]),
        reverse("events:event", args=[slug]),
        reverse("backstage:overview", args=[slug]),
        reverse("backstage:stage_tab", args=[slug]),
        reverse("backstage:reset_link", args=[slug, stage.id]),
        reverse("backstage:room", args=[session.link_token]),
        reverse("backstage:stage", args=[attended.event.slug, attended.id]),
        reverse("backstage:room", args=[foreign.link_token]),
        reverse("backstage:room", args=["not-the-link"]),
    ]


def expect_help(page: str, path: str) -> None:
    assert page.count('id="help"') == 1, path
    assert f"mailto:{ADDRESS}" in page, path
    for hint in ("current Chrome or Firefox", "headphones", "other tabs"):
        assert hint in page, (path, hint)


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.SUPPORT_EMAIL = ADDRESS


def read(client: Client, path: str) -> str:
    return client.get(path, follow=True).content.decode()


def test_every_page_has_help(client: Client, sign_in: SignIn) -> None:
    for path in anonymous_pages():
        expect_help(read(client, path), path)
    user = UserFactory()
    signed_in = sign_in(user)
    for path in pages_of(user):
        expect_help(read(signed_in, path), path)


def test_somebody_blocked_can_ask_for_help(sign_in: SignIn) -> None:
    registration = RegistrationFactory()
    session = backstage.backstage_of(StageFactory(event=registration.event))
    Block.objects.create(event=registration.event, user=registration.user)
    path = reverse("backstage:room", args=[session.link_token])
    expect_help(read(sign_in(registration.user), path), path)


def test_the_reference_stands_in_the_log(
    client: Client, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    page = read(client, reverse("account_login"))
    reference = re.search(r"Your reference:\s*<code>([0-9a-f]{8})</code>", page)
    assert reference
    said = (
        caplog.text + "".join(capsys.readouterr()) + "".join(str(vars(record)) for record in caplog.records)
    )
    assert reference[1] in said
