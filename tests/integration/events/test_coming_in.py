"""Coming in by a Backstage link: each case with its page and its way back, and nothing said before one is inside."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from backstage import services
from backstage.models import BackstageSession, Participant, new_link_token
from events.models import Event, User
from events.services import add_speaker
from tests.factories import (
    PASSWORD,
    BlockFactory,
    EventFactory,
    RegistrationFactory,
    StageFactory,
    UserFactory,
)
from tests.integration.browsers import SignIn
from tests.integration.events.test_accounts import SIGN_UP, confirmed, link_in_mail
from tests.integration.events.test_pages import html

pytestmark = pytest.mark.django_db
NAME, STAGE = "The Quiet Launch", "Harbour Stage"


@pytest.fixture
def session() -> BackstageSession:
    event = EventFactory(name=NAME, organizers=[UserFactory()])
    return services.backstage_of(StageFactory(event=event, name=STAGE))


def address(session: BackstageSession) -> str:
    return reverse("backstage:room", args=[session.link_token])


def reset(session: BackstageSession) -> str:
    """The address that the link had before."""
    before = address(session)
    services.reset_link(
        actor=session.stage.event.organizers.get(), stage=session.stage, everybody_again=False
    )
    session.refresh_from_db()
    return before


# --- signed out ------------------------------------------------------------------------------------------------
def test_signed_out_one_signs_in_and_is_back(session: BackstageSession, client: Client) -> None:
    user = confirmed(RegistrationFactory(event=session.stage.event).user)
    page = client.get(address(session), follow=True)
    assert NAME not in html(page)
    assert STAGE not in html(page)
    form = page.redirect_chain[-1][0]
    response = client.post(form, {"login": user.email, "password": PASSWORD}, follow=True)
    assert response.redirect_chain[-1][0] == address(session)
    assert STAGE in html(response)


def test_whoever_has_forgotten_their_password_is_back_with_a_new_one(
    session: BackstageSession, client: Client
) -> None:
    user = confirmed(RegistrationFactory(event=session.stage.event).user)
    sign_in = html(client.get(address(session), follow=True))
    forgot = re.search(r'href="([^"]*)">Forgot your password', sign_in)
    assert forgot is not None
    ask = html(client.get(forgot[1]))
    asked = client.post(
        reverse("account_reset_password"), {"email": user.email, "next": _onward(ask)}, follow=True
    )
    assert "Look into your mail" in asked.content.decode()
    # In another browser, as on a telephone.
    elsewhere = Client()
    choose = elsewhere.get(link_in_mail(), follow=True)
    new, form = "an-uncommon-Phrase-9", choose.request["PATH_INFO"]
    chosen = {"password1": new, "password2": new, "next": _onward(html(choose))}
    changed = elsewhere.post(form, chosen, follow=True)
    assert "Your password is changed." in html(changed)
    credentials = {"login": user.email, "password": new, "next": _onward(html(changed))}
    inside = elsewhere.post(reverse("account_login"), credentials, follow=True)
    assert inside.redirect_chain[-1][0] == address(session)
    assert STAGE in html(inside)


def test_whoever_has_an_account_and_signs_up_again_is_told_the_way_back(
    session: BackstageSession, client: Client
) -> None:
    confirmed(UserFactory(email=SIGN_UP["email"]))
    client.post(reverse("account_signup"), {**SIGN_UP, "next": address(session)})
    assert _onward(html(Client().get(link_in_mail()))) == address(session)


def test_signed_out_with_a_wrong_link_looks_the_same(session: BackstageSession, client: Client) -> None:
    for link in (address(session), reverse("backstage:room", args=[new_link_token()])):
        with CaptureQueriesContext(connection) as asked:
            response = client.get(link)
        assert response.status_code == 302
        assert response.headers["Location"] == f"{reverse('account_login')}?next={link}"
        assert not asked.captured_queries


# --- not registered --------------------------------------------------------------------------------------------
def test_without_an_account_one_signs_up_registers_and_is_back(
    session: BackstageSession, client: Client
) -> None:
    sign_in = client.get(address(session)).headers["Location"]
    sign_up = re.search(rf'href="({re.escape(reverse("account_signup"))}[^"]*)"', html(client.get(sign_in)))
    assert sign_up is not None
    form = html(client.get(sign_up[1].replace("&amp;", "&")))
    client.post(reverse("account_signup"), {**SIGN_UP, "next": _onward(form)})
    letter = link_in_mail()
    confirmation = html(client.get(letter))
    event_page = client.post(letter.split("?")[0], {"next": _onward(confirmation)}, follow=True)
    if "login" in event_page.request["PATH_INFO"]:
        credentials = {"login": SIGN_UP["email"], "password": SIGN_UP["password1"]}
        event_page = client.post(
            reverse("account_login"), {**credentials, "next": _onward(html(event_page))}, follow=True
        )
    assert event_page.redirect_chain[-1][0].startswith(
        reverse("events:event", args=[session.stage.event.slug])
    )
    assert "Then you go on to where you were going." in html(event_page)
    inside = _register(client, session.stage.event, html(event_page))
    assert inside.redirect_chain[-1][0] == address(session)


def _onward(page: str) -> str:
    onward = re.search(r'name="next"\s+value="([^"]*)"', page)
    assert onward is not None
    return onward[1]


def _register(client: Client, event: Event, page: str) -> object:
    return client.post(reverse("events:register", args=[event.slug]), {"next": _onward(page)}, follow=True)


def test_not_registered_one_sees_what_the_event_page_shows_and_no_more(
    session: BackstageSession, sign_in: SignIn
) -> None:
    page = sign_in(UserFactory()).get(address(session), follow=True)
    event_page = reverse("events:event", args=[session.stage.event.slug])
    assert page.redirect_chain == [(f"{event_page}?next={address(session).replace('/', '%2F')}", 302)]
    assert "ws/backstage" not in html(page)


def test_whether_one_is_listed_under_speakers_makes_no_difference(
    session: BackstageSession, sign_in: SignIn
) -> None:
    """Neither to whoever is registered nor to whoever is not."""
    event = session.stage.event
    people = [RegistrationFactory(event=event).user, UserFactory()]

    def ends() -> list[str]:
        return [sign_in(user).get(address(session), follow=True).request["PATH_INFO"] for user in people]

    not_listed = ends()
    assert not_listed == [address(session), reverse("events:event", args=[event.slug])]
    for user in people:
        add_speaker(actor=event.organizers.get(), event=event, name=user.display_name)
    assert ends() == not_listed


# --- blocked ---------------------------------------------------------------------------------------------------
def test_blocked_one_is_told_so_with_a_way_back(session: BackstageSession, sign_in: SignIn) -> None:
    user = RegistrationFactory(event=session.stage.event).user
    BlockFactory(event=session.stage.event, user=user)
    response = sign_in(user).get(address(session))
    page = html(response)
    assert response.status_code == 403
    assert "You cannot come in" in page
    assert "An organizer of this event has blocked you." in page
    assert f'href="{reverse("events:home")}"' in page
    assert NAME not in page
    assert STAGE not in page


# --- wrong or old link -----------------------------------------------------------------------------------------
def wrong(session: BackstageSession) -> str:
    return reverse("backstage:room", args=[new_link_token()])


def archived(session: BackstageSession) -> str:
    from django.utils import timezone

    session.stage.archived_at = timezone.now()
    session.stage.save()
    return address(session)


def deleted(session: BackstageSession) -> str:
    link = address(session)
    session.stage.event.delete()
    return link


def left_since(session: BackstageSession, user: User) -> str:
    """The old link, by which this very person was inside before it was reset."""
    participant = services.enter(session=session, actor=user, link_token=session.link_token)
    link = reset(session)
    services.leave(participant_id=participant.pk)
    assert Participant.objects.filter(user=user, link_token=link.split("/")[-2]).exists()
    return link


def test_no_link_that_does_not_work_differs_from_another(session: BackstageSession, sign_in: SignIn) -> None:
    """The same page, the same queries in the same order: so the same time, whether there is an event or not."""
    user = RegistrationFactory(event=session.stage.event).user
    stranger = UserFactory()
    kinds: list[tuple[User, Callable[[], str]]] = [
        (user, lambda: wrong(session)),
        (stranger, lambda: wrong(session)),
        (user, lambda: left_since(session, user)),
        (user, lambda: reset(session)),
        (stranger, lambda: reset(session)),
        (user, lambda: archived(session)),
        (user, lambda: deleted(session)),
    ]
    seen = []
    for who, make in kinds:
        link, client = make(), sign_in(who)
        client.get(reverse("events:home"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            response = client.get(link)
        queries = [re.sub(r"'[^']*'|\b\d+\b", "?", query["sql"]) for query in asked.captured_queries]
        page = re.sub(
            r'nonce="[^"]*"|<code>[0-9a-f]{8}|Backstage%20[^"]*|data-ticket="[^"]*"', "", html(response)
        )
        seen.append((response.status_code, page, queries))
        assert "This link no longer works" in page
        assert NAME not in page
    assert [status for status, *_ in seen] == [404] * len(kinds)
    for status, page, queries in seen[1:]:
        assert (status, queries) == (seen[0][0], seen[0][2])
        assert page == seen[0][1]


def test_an_event_that_is_not_published_is_not_given_away(session: BackstageSession, sign_in: SignIn) -> None:
    event = session.stage.event
    registered, blocked = (RegistrationFactory(event=event).user for _ in range(2))
    BlockFactory(event=event, user=blocked)
    organizer = event.organizers.get()
    event.status = Event.Status.DRAFT
    event.save()
    stage_page = reverse("backstage:stage", args=[event.slug, session.stage.pk])
    for link in (address(session), stage_page):
        for user in (UserFactory(), registered, blocked):
            response = sign_in(user).get(link)
            assert response.status_code == 404
            page = html(response)
            assert "This link no longer works" in page
            assert [word for word in (NAME, STAGE, "blocked", "Register") if word in page] == []
        assert STAGE in html(sign_in(organizer).get(link))


# --- full ------------------------------------------------------------------------------------------------------
def test_a_full_house_is_drawn_closed(session: BackstageSession, sign_in: SignIn, settings: Settings) -> None:
    settings.BACKSTAGE_PLACES = 1
    first, second = (RegistrationFactory(event=session.stage.event).user for _ in range(2))
    organizer = session.stage.event.organizers.get()
    assert not is_drawn_closed(html(sign_in(first).get(address(session))))
    services.enter(session=session, actor=first, link_token=session.link_token)
    assert is_drawn_closed(html(sign_in(second).get(address(session))))
    assert not is_drawn_closed(html(sign_in(first).get(address(session)))), "a reload"
    assert not is_drawn_closed(html(sign_in(organizer).get(address(session))))


def is_drawn_closed(page: str) -> bool:
    door = re.search(r'<dialog class="door"[^>]*>', page)
    assert door is not None
    return " open" in door[0]
