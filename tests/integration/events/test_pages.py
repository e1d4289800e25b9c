"""Each page for each role. Pages that must not show something are asked while that something is there."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from events.models import Event, Membership, Registration, Stage
from tests.factories import (
    BlockFactory,
    EventFactory,
    MembershipFactory,
    OrganizationFactory,
    RegistrationFactory,
    SpeakerFactory,
    StageFactory,
    UserFactory,
)
from tests.integration.browsers import SignIn

pytestmark = pytest.mark.django_db


def html(response: object) -> str:
    return response.content.decode()


def event_page(event: Event) -> str:
    return reverse("events:event", args=[event.slug])


# --- Home ------------------------------------------------------------------------------------------------------------
def test_home_of_a_visitor_is_a_door(client: Client) -> None:
    EventFactory(name="Not for visitors")
    page = html(client.get("/"))
    assert "Sign in" in page
    assert "Not for visitors" not in page


def test_home_of_an_attendee_has_their_events_and_no_others(sign_in: SignIn) -> None:
    user = UserFactory()
    RegistrationFactory(user=user, event=EventFactory(name="Mine"))
    RegistrationFactory(user=user, event=EventFactory(name="Unpublished", status=Event.Status.DRAFT))
    kept_out = RegistrationFactory(user=user, event=EventFactory(name="Kept out"))
    BlockFactory(user=user, event=kept_out.event)
    RegistrationFactory(event=EventFactory(name="Of somebody else"))
    page = html(sign_in(user).get("/"))
    assert "Mine" in page
    assert "Events you run" not in page
    for hidden in ("Unpublished", "Kept out", "Of somebody else"):
        assert hidden not in page


def test_home_without_anything_says_what_to_do(sign_in: SignIn) -> None:
    EventFactory(name="Somebody's")
    page = html(sign_in(UserFactory()).get("/"))
    for way in ("Open the link you were given", "Start with your organization"):
        assert page.count(way) == 1
    assert page.count(f'href="{reverse("events:create_organization")}"') == 1
    assert "Somebody" not in page


@pytest.mark.parametrize("over", [False, True])
def test_who_has_been_registered_knows_the_way(sign_in: SignIn, over: bool) -> None:
    now = timezone.now()
    days = {"starts_at": now - timedelta(days=2), "ends_at": now - timedelta(days=1)} if over else {}
    page = html(sign_in(RegistrationFactory(event=EventFactory(**days)).user).get("/"))
    assert "Start with your organization" not in page
    assert ("You are not registered for an event" in page) == over
    assert page.count(f'href="{reverse("events:create_organization")}"') == 1


def test_home_of_an_organizer_leads_to_the_dashboard(sign_in: SignIn) -> None:
    user = UserFactory()
    event = EventFactory(name="Run by me", organizers=[user])
    EventFactory(name="Run by others", organization=event.organization)
    page = html(sign_in(user).get("/"))
    assert reverse("backstage:overview", args=[event.slug]) in page
    assert "Run by others" not in page


# --- Organization ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Membership.Role.OWNER, Membership.Role.ADMIN])
def test_owners_and_admins_see_all_events_of_their_organization(sign_in: SignIn, role: str) -> None:
    membership = MembershipFactory(role=role)
    organization = membership.organization
    event = EventFactory(name="Coming", organization=organization)
    RegistrationFactory.create_batch(3, event=event)
    EventFactory(name="Draft one", organization=organization, status=Event.Status.DRAFT)
    EventFactory(name="Gone", organization=organization, starts_at=timezone.now() - timedelta(days=9))
    EventFactory(name="Put away", organization=organization, archived_at=timezone.now())
    EventFactory(name="Elsewhere", archived_at=timezone.now())
    page = html(sign_in(membership.user).get(reverse("events:organization", args=[organization.slug])))
    assert "3 registrations" in page
    assert page.index("Coming") < page.index("Gone") < page.index("Put away")
    assert "Draft one" in page
    assert "Elsewhere" not in page


def test_members_see_the_events_assigned_to_them(sign_in: SignIn) -> None:
    membership = MembershipFactory()
    EventFactory(name="Assigned", organization=membership.organization, organizers=[membership.user])
    EventFactory(name="Not assigned", organization=membership.organization)
    page = html(
        sign_in(membership.user).get(reverse("events:organization", args=[membership.organization.slug]))
    )
    assert "Assigned" in page
    assert "Not assigned" not in page


def test_an_organization_that_is_not_mine_is_as_if_there_were_none(sign_in: SignIn) -> None:
    organization = OrganizationFactory(name="Secret society")
    EventFactory(organization=organization)
    client = sign_in(UserFactory())
    for slug in (organization.slug, "there-is-none"):
        response = client.get(reverse("events:organization", args=[slug]))
        assert response.status_code == 404
        assert "Secret society" not in html(response)


def test_a_visitor_signs_in_first_and_comes_back(client: Client) -> None:
    address = reverse("events:organization", args=[OrganizationFactory().slug])
    response = client.get(address)
    assert response.headers["Location"] == f"{reverse('account_login')}?next={quote(address)}"


DESCRIPTION = "<b>Bold</b> words https://example.com/?a=1&b=2 javascript:alert(1)"


# --- Event page ------------------------------------------------------------------------------------------------------
def test_a_visitor_sees_the_event_but_no_way_in(client: Client) -> None:
    stage = StageFactory(event=EventFactory(name="Product Day", description=DESCRIPTION))
    StageFactory(event=stage.event, name="Put away", archived_at=timezone.now())
    page = html(client.get(event_page(stage.event)))
    assert "Product Day" in page
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert '<a href="https://example.com/?a=1&amp;b=2" rel="nofollow">' in page
    assert 'href="javascript:' not in page
    assert "Put away" not in page
    assert reverse("backstage:stage", args=[stage.event.slug, stage.id]) not in page
    assert f"{reverse('account_login')}?next={event_page(stage.event)}" in page


def test_a_registered_person_gets_to_the_stage(sign_in: SignIn) -> None:
    stage = StageFactory()
    user = RegistrationFactory(event=stage.event).user
    page = html(sign_in(user).get(event_page(stage.event)))
    assert "You are registered." in page
    assert reverse("backstage:stage", args=[stage.event.slug, stage.id]) in page
    assert reverse("backstage:overview", args=[stage.event.slug]) not in page


def test_an_organizer_gets_to_the_dashboard(sign_in: SignIn) -> None:
    user = UserFactory()
    event = EventFactory(organizers=[user])
    page = html(sign_in(user).get(event_page(event)))
    assert reverse("backstage:overview", args=[event.slug]) in page
    assert reverse("events:register", args=[event.slug]) not in page


def words(page: str) -> str:
    """What stands there, on one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.mark.parametrize(
    ("circumstances", "sentence"),
    [
        ({"registration_open": False}, "Registration is closed. Ask whoever invited you"),
        ({"capacity": 0}, "All places are taken. Ask whoever invited you"),
        ({"starts_at": timezone.now() - timedelta(days=2)}, "This event is over."),
    ],
)
def test_why_one_cannot_register(sign_in: SignIn, circumstances: dict[str, object], sentence: str) -> None:
    event = EventFactory(**circumstances)
    client = sign_in(UserFactory())
    page = html(client.get(event_page(event)))
    assert sentence in words(page)
    assert reverse("events:register", args=[event.slug]) not in page
    answered = html(client.post(reverse("events:register", args=[event.slug]), follow=True))
    assert 'role="status"' in answered
    assert words(answered).count(sentence) == 2
    assert not Registration.objects.exists()


def test_whoever_is_signed_out_at_a_full_event_is_shown_the_way_to_their_place(
    client: Client, sign_in: SignIn
) -> None:
    way = "You are registered? Sign in"
    event = EventFactory(capacity=0)
    assert way in html(client.get(event_page(event)))
    assert way not in html(sign_in(UserFactory()).get(event_page(event)))
    assert way not in html(client.get(event_page(EventFactory())))


def test_a_blocked_person_reads_so_and_finds_no_way_in(sign_in: SignIn) -> None:
    stage = StageFactory()
    user = RegistrationFactory(event=stage.event).user
    BlockFactory(event=stage.event, user=user)
    client = sign_in(user)
    page = html(client.get(event_page(stage.event)))
    assert "An organizer has blocked you. Write to whoever invited you if this is a mistake." in page
    for way in (
        reverse("backstage:stage", args=[stage.event.slug, stage.id]),
        reverse("events:register", args=[stage.event.slug]),
    ):
        assert way not in page


def test_a_draft_is_as_if_there_were_none(client: Client, sign_in: SignIn) -> None:
    user = UserFactory()
    event = EventFactory(name="Hush", status=Event.Status.DRAFT, organizers=[user])
    stranger = RegistrationFactory(event=event).user
    for browser in (client, sign_in(stranger)):
        for response in (
            browser.get(event_page(event)),
            browser.get(event_page(event).replace(event.slug, "none")),
        ):
            assert response.status_code == 404
            assert "Hush" not in html(response)
    assert sign_in(stranger).post(reverse("events:register", args=[event.slug])).status_code == 404
    assert "Draft" in html(sign_in(user).get(event_page(event)))


# --- Registering and going on ----------------------------------------------------------------------------------------
BACKSTAGE = "/backstage/some-token/"


def test_one_registers_and_goes_on_to_where_one_was_going(sign_in: SignIn) -> None:
    event, user = EventFactory(), UserFactory()
    client = sign_in(user)
    page = html(client.get(event_page(event), {"next": BACKSTAGE}))
    assert f'<input type="hidden" name="next" value="{BACKSTAGE}">' in page
    assert ">Register</button>" in page
    response = client.post(reverse("events:register", args=[event.slug]), {"next": BACKSTAGE})
    assert response.headers["Location"] == BACKSTAGE
    assert Registration.objects.get().user == user


def test_without_a_goal_one_stays_at_the_event(sign_in: SignIn) -> None:
    event = EventFactory()
    response = sign_in(UserFactory()).post(reverse("events:register", args=[event.slug]))
    assert response.headers["Location"] == event_page(event)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_off_this_site(sign_in: SignIn, elsewhere: str) -> None:
    event = EventFactory()
    client = sign_in(UserFactory())
    assert 'name="next"' not in html(client.get(event_page(event), {"next": elsewhere}))
    response = client.post(reverse("events:register", args=[event.slug]), {"next": elsewhere})
    assert response.headers["Location"] == event_page(event)


def test_a_visitor_with_a_goal_keeps_it_through_signing_in(client: Client) -> None:
    event = EventFactory()
    page = html(client.get(event_page(event), {"next": BACKSTAGE}))
    back_here = quote(f"{event_page(event)}?next={quote(BACKSTAGE, safe='')}")
    assert f"{reverse('account_login')}?next={back_here}" in page
    assert f"{reverse('account_signup')}?next={back_here}" in page


def test_a_link_alone_registers_nobody(sign_in: SignIn) -> None:
    event = EventFactory()
    assert sign_in(UserFactory()).get(reverse("events:register", args=[event.slug])).status_code == 405
    assert not Registration.objects.exists()


def test_a_place_is_given_back(sign_in: SignIn) -> None:
    registration = RegistrationFactory()
    client, address = (
        sign_in(registration.user),
        reverse("events:unregister", args=[registration.event.slug]),
    )
    assert f'href="{address}"' in html(client.get(event_page(registration.event)))
    assert f"Give your place at {registration.event} back?" in html(client.get(address))
    assert Registration.objects.exists()
    answered = html(client.post(address, follow=True))
    assert f"You are no longer registered for {registration.event}." in answered
    assert ">Register</button>" in answered
    assert address not in answered
    assert not Registration.objects.exists()


# --- Costs -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("size", [1, 12])
def test_lists_cost_the_same_however_long_they_are(
    sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, size: int
) -> None:
    membership = MembershipFactory(role=Membership.Role.OWNER)
    for event in EventFactory.create_batch(size, organization=membership.organization):
        RegistrationFactory.create_batch(2, event=event)
        RegistrationFactory(event=event, user=membership.user)
        StageFactory.create_batch(2, event=event)
    client = sign_in(membership.user)
    with django_assert_num_queries(9):
        client.get(reverse("events:organization", args=[membership.organization.slug]))
    with django_assert_num_queries(6):
        client.get("/")
    for speaker in SpeakerFactory.create_batch(size, event=event):
        speaker.links.create(url="https://example.com")
    with django_assert_num_queries(8):
        client.get(event_page(event))


# --- Failing ---------------------------------------------------------------------------------------------------------
def test_not_found_has_a_way_back_and_help(client: Client) -> None:
    response = client.get("/there/is/no/such/page")
    assert response.status_code == 404
    page = html(response)
    assert "There is no such page" in page
    assert 'href="/"' in page
    assert "mailto:support@example.com" in page


def test_a_stale_form_says_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("account_login"), {"login": "a@example.com", "password": "x"})
    assert response.status_code == 403
    assert "This form is too old" in html(response)


def test_a_breakdown_says_so_and_asks_the_database_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    from django.test import RequestFactory

    from events.views.errors import server_error

    with django_assert_num_queries(0):
        response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Something went wrong on our side" in html(response)
    assert "mailto:support@example.com" in html(response)


def test_pages_hold_no_inline_script_or_style(client: Client, sign_in: SignIn) -> None:
    user = UserFactory()
    event = EventFactory(organizers=[user])
    StageFactory(event=event)
    for page in (
        html(client.get("/")),
        html(client.get(reverse("account_login"))),
        html(sign_in(user).get("/")),
        html(sign_in(user).get(event_page(event))),
        html(sign_in(user).get(reverse("backstage:stage_tab", args=[event.slug]))),
    ):
        assert "<style" not in page
        assert " style=" not in page
        assert page.count("<script") == page.count('<script type="module" src="')
        assert " onclick=" not in page


def test_a_stage_with_another_provider_is_watched_here_too(sign_in: SignIn) -> None:
    stage = StageFactory(provider=Stage.Provider.YOUTUBE)
    user = RegistrationFactory(event=stage.event).user
    page = html(sign_in(user).get(event_page(stage.event)))
    assert reverse("backstage:stage", args=[stage.event.slug, stage.id]) in page
