"""Another e-mail address, and a changed password: who is told, and when it counts."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from events.models import User
from tests.factories import PASSWORD, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.account.own_page import PROFILE, again
from tests.integration.events.test_accounts import confirmed, link_in_mail
from tests.integration.events.test_pages import html

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_new_address_takes_the_old_ones_place_once_it_is_confirmed(ada: User, sign_in: SignIn) -> None:
    client, address = sign_in(ada), reverse("account_email")
    assert "You sign in with <strong>ada@example.com</strong>." in html(client.get(address))
    response = client.post(address, {"action_add": "", "email": "ada@new.example"})
    assert not mail.outbox
    answered = html(again(client, response))
    assert "We have sent an e-mail to <strong>ada@new.example</strong>." in answered
    assert "You sign in with <strong>ada@example.com</strong>." in answered
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"

    letter = link_in_mail()
    client.get(letter)
    confirmed_at = client.post(letter.split("?")[0], follow=True)
    assert confirmed_at.request["PATH_INFO"] == PROFILE
    assert "ada@new.example is confirmed." in html(confirmed_at)
    ada.refresh_from_db()
    assert ada.email == "ada@new.example"
    assert [row.email for row in EmailAddress.objects.filter(user=ada)] == ["ada@new.example"]
    told = [message for message in mail.outbox if message.to == ["ada@example.com"]]
    assert told[-1].subject == "Your e-mail address is changed"
    assert "You sign in with ada@new.example from now on" in told[-1].body
    assert "It was not you?" in told[-1].body


def test_one_thinks_better_of_it(ada: User, sign_in: SignIn) -> None:
    client, address = sign_in(ada), reverse("account_email")
    again(client, client.post(address, {"action_add": "", "email": "ada@new.example"}))
    cache.clear()
    client.post(address, {"action_send": "", "email": "ada@new.example"})
    assert len([message for message in mail.outbox if message.to == ["ada@new.example"]]) == 2
    answered = html(client.post(address, {"action_remove": "", "email": "ada@new.example"}, follow=True))
    assert "ada@new.example is forgotten." in answered
    assert "We have sent an e-mail" not in answered


def test_somebody_elses_address_is_not_given_away(ada: User, sign_in: SignIn) -> None:
    confirmed(UserFactory(email="taken@example.com"))
    client, address = sign_in(ada), reverse("account_email")
    answered = html(again(client, client.post(address, {"action_add": "", "email": "taken@example.com"})))
    assert "We have sent an e-mail to <strong>taken@example.com</strong>." in answered
    assert mail.outbox[-1].to == ["taken@example.com"]
    letter = link_in_mail()
    assert "This address is taken" in html(client.get(letter))
    client.post(letter.split("?")[0])
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"


def test_a_changed_password_is_told_by_letter(ada: User, sign_in: SignIn) -> None:
    client = sign_in(ada)
    new = "another-uncommon-Phrase"
    address = reverse("account_change_password")
    wrong = html(client.post(address, {"oldpassword": "x", "password1": new, "password2": new}))
    assert 'id="id_oldpassword_error"' in wrong
    answered = client.post(
        address, {"oldpassword": PASSWORD, "password1": new, "password2": new}, follow=True
    )
    assert mail.outbox[-1].subject == "Your password is changed"
    assert answered.request["PATH_INFO"] == PROFILE
    assert "Your password is changed." in html(answered)


@pytest.mark.parametrize(
    "name", ["account_email", "account_change_password", "account_reauthenticate", "tokens"]
)
def test_the_pages_of_an_account_lead_back_to_the_profile(ada: User, sign_in: SignIn, name: str) -> None:
    page = html(sign_in(ada).get(reverse(name)))
    assert f'<a href="{PROFILE}">Back to your profile</a>' in page
    header = page.split('<header class="topbar">')[1].split("</header>")[0]
    assert "Ada Kovač" in header
    assert "Sign out" in header
