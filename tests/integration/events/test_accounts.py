"""Signing up, in and out, and the way back to where one wanted to go."""

import re
import time
from collections import Counter

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import resolve, reverse

from events.models import User
from tests.factories import PASSWORD, UserFactory
from tests.integration.events.test_pages import html

pytestmark = pytest.mark.django_db

BACKSTAGE = "/backstage/some-token/"
SIGN_UP = {"email": "ada@example.com", "password1": "an-uncommon-Phrase-9", "display_name": "Ada Kovač"}


def confirmed(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def link_in_mail() -> str:
    return re.search(r"http://testserver(\S+)", mail.outbox[-1].body)[1]


@pytest.mark.parametrize(
    "path",
    [
        *("signup/", "login/", "logout/", "confirm-email/key/", "email/"),
        *("password/change/", "password/reset/", "password/reset/key/1-key/"),
    ],
)
def test_ways_into_an_account_are_the_librarys(path: str) -> None:
    view = resolve(f"/accounts/{path}").func.view_class
    assert "allauth.account.views" in [each.__module__ for each in view.__mro__]


def test_signing_up_ends_where_one_wanted_to_go(client: Client) -> None:
    response = client.post(reverse("account_signup"), {**SIGN_UP, "next": BACKSTAGE})
    assert response.headers["Location"].startswith(reverse("account_email_verification_sent"))
    sent = "We have sent an e-mail to <strong>ada@example.com</strong>."
    assert sent in html(client.get(response.headers["Location"]))
    assert User.objects.get().display_name == "Ada Kovač"

    # In another browser, as on a telephone: the letter alone knows the way.
    elsewhere = Client()
    letter = link_in_mail()
    page = html(elsewhere.get(letter))
    assert "ada@example.com belongs to Ada Kovač." in page
    response = elsewhere.post(letter.split("?")[0], {"next": BACKSTAGE})
    assert response.headers["Location"] == BACKSTAGE
    response = elsewhere.post(
        reverse("account_login"),
        {"login": "ADA@example.com", "password": SIGN_UP["password1"], "next": BACKSTAGE},
    )
    assert response.headers["Location"] == BACKSTAGE


def test_the_goal_is_in_every_form_of_the_way(client: Client) -> None:
    for name in ("account_login", "account_signup"):
        page = html(client.get(reverse(name), {"next": BACKSTAGE}))
        assert f'name="next" value="{BACKSTAGE}"' in page
        other = reverse("account_signup" if name == "account_login" else "account_login")
        assert f'href="{other}?next=%2Fbackstage%2Fsome-token%2F"' in page


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "http://localhost/"])
def test_nobody_is_sent_off_this_site(client: Client, elsewhere: str) -> None:
    user = confirmed(UserFactory())
    response = client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": elsewhere}
    )
    assert response.headers["Location"] == reverse("events:home")
    client.logout()
    client.post(reverse("account_signup"), {**SIGN_UP, "next": elsewhere})
    assert "next" not in link_in_mail()


def test_a_wrong_password_says_so_and_not_which_half_was_wrong(client: Client) -> None:
    user = confirmed(UserFactory())
    sentence = "This e-mail address and password do not belong together. Check both."
    for login in (user.email, "nobody@example.com"):
        response = client.post(reverse("account_login"), {"login": login, "password": "wrong"})
        assert response.status_code == 200
        assert sentence in html(response)


def test_too_many_tries_are_refused_whatever_the_password(client: Client) -> None:
    user = confirmed(UserFactory())
    for _ in range(5):
        client.post(reverse("account_login"), {"login": user.email, "password": "wrong"})
    response = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert "Too many tries." in html(response)
    assert "_auth_user_id" not in client.session


def test_an_address_with_an_account_is_not_given_away(client: Client) -> None:
    confirmed(UserFactory(email=SIGN_UP["email"]))
    response = client.post(reverse("account_signup"), SIGN_UP)
    assert response.headers["Location"].startswith(reverse("account_email_verification_sent"))
    assert User.objects.count() == 1
    assert mail.outbox[-1].subject == "You have an account already"
    assert "support@example.com" in mail.outbox[-1].body


def test_the_page_behind_a_sign_up_is_the_same_with_an_account_and_without() -> None:
    """Also where the address is not written as it is kept."""
    confirmed(UserFactory(email="taken@example.com"))
    pages = []
    for email in ("Taken@Example.com", "Fresh@Example.com"):
        answered = Client().post(reverse("account_signup"), {**SIGN_UP, "email": email}, follow=True)
        assert f"We have sent an e-mail to <strong>{email}</strong>." in html(answered)
        pages.append(re.search(r'<div class="entrance card">.*?</main>', html(answered), re.DOTALL)[0])
    assert pages[0].replace("Taken", "Fresh") == pages[1]


def test_nobody_fills_the_mailbox_of_somebody_else(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither at once nor by patience; with an account or without."""
    confirmed(UserFactory(email="ada@example.com"))
    began = time.time()
    for minutes in range(0, 50, 5):
        monkeypatch.setattr(time, "time", lambda now=began + 60 * minutes: now)
        for email in ("ada@example.com", "nobody@example.com"):
            client.post(reverse("account_reset_password"), {"email": email})
    assert Counter(letter.to[0] for letter in mail.outbox) == {"ada@example.com": 5, "nobody@example.com": 5}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("display_name", "", "Enter the name that others should see."),
        ("email", "nonsense", "valid email address"),
        ("password1", "short", "at least 10 characters"),
    ],
)
def test_what_is_wrong_stands_at_its_field(client: Client, field: str, value: str, sentence: str) -> None:
    page = html(client.post(reverse("account_signup"), {**SIGN_UP, field: value}))
    error = page.split(f'id="id_{field}_error"')[1]
    assert sentence in error
    assert f"id_{field}_error" in re.search(rf'<input[^>]*id="id_{field}"[^>]*>', page)[0]
    assert not User.objects.exists()


def test_an_unconfirmed_address_does_not_let_one_in(client: Client) -> None:
    user = UserFactory()
    response = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert response.headers["Location"].startswith(reverse("account_email_verification_sent"))
    assert client.get("/organizations/x/").status_code == 302


def test_a_used_up_letter_says_what_to_do(client: Client) -> None:
    response = client.get(reverse("account_confirm_email", args=["nonsense"]))
    assert "This link no longer works" in html(response)


def test_a_password_is_reset_from_the_first_page_to_the_last(client: Client) -> None:
    user = confirmed(UserFactory())
    response = client.post(reverse("account_reset_password"), {"email": user.email}, follow=True)
    assert "We have sent you an e-mail with a link." in html(response)
    letter = link_in_mail()
    response = client.get(letter, follow=True)
    assert "Choose a new password" in html(response)
    form = response.redirect_chain[-1][0]
    response = client.post(form, {"password1": "short", "password2": "short"})
    assert "at least 10 characters" in html(response)
    new = "another-uncommon-Phrase"
    response = client.post(form, {"password1": new, "password2": new}, follow=True)
    assert "Your password is changed" in html(response)
    assert client.login(username=user.email, password=new) or User.objects.get().check_password(new)
    assert "This link no longer works" in html(Client().get(letter, follow=True))


def test_nobody_learns_by_a_reset_who_has_an_account(client: Client) -> None:
    response = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"}, follow=True)
    assert "We have sent you an e-mail with a link." in html(response)
    assert mail.outbox[-1].subject == "No account with this address"


def test_signing_out_asks_first(client: Client) -> None:
    client.force_login(UserFactory())
    assert "Sign out?" in html(client.get(reverse("account_logout")))
    assert "_auth_user_id" in client.session
    assert client.post(reverse("account_logout")).headers["Location"] == reverse("account_login")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "name",
    ["account_email", "account_change_password", "account_inactive", "account_email_verification_sent"],
)
def test_every_page_of_the_library_has_our_look(client: Client, name: str) -> None:
    client.force_login(confirmed(UserFactory()))
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert "css/tokens.css" in html(response)
    assert "<h1" in html(response)
