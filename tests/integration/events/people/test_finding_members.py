"""More members than anybody chooses from: they are found by name."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.models import Event, Membership, User
from tests.factories import MembershipFactory
from tests.integration.browsers import SignIn
from tests.integration.events.people.people_tab import at, belongs, offered
from tests.integration.events.test_pages import html

pytestmark = pytest.mark.django_db


def called(event: Event, name: str, number: int) -> None:
    """So many members of this name, whose addresses say nothing of it."""
    users = User.objects.bulk_create(
        User(email=f"{name.lower()}{each:03}@members.example", display_name=f"{name} {each:03}")
        for each in range(number)
    )
    Membership.objects.bulk_create(Membership(organization=event.organization, user=user) for user in users)


def found(page: Client, event: Event, **asked: str) -> tuple[list[str], str]:
    """Whom the list offers after a search, and the page."""
    shown = html(page.get(at(event), asked))
    return offered(shown), shown


def test_of_many_members_one_is_found_by_name_and_assigned(event: Event, sign_in: SignIn) -> None:
    owner = sign_in(belongs(event, "Owen", Membership.Role.OWNER))
    called(event, "Anna", 15)
    assert len(found(owner, event)[0]) == 15, "few are simply listed"
    called(event, "Bea", 15)
    offered_at_first, page = found(owner, event)
    assert offered_at_first == []
    assert "Find a member" in page
    assert "Anna 003" not in page
    assert found(owner, event, member="anna 003")[0] == ["Anna 003 (anna003@members.example)"]
    assert found(owner, event, member="bea007@members")[0] == ["Bea 007 (bea007@members.example)"]
    few, page = found(owner, event, member="anna")
    assert len(few) == 15
    assert "autofocus" in page
    assert "Type more of the name" not in page
    called(event, "Annabel", 15)
    many, page = found(owner, event, member="anna")
    assert len(many) == 20
    assert "Type more of the name" in page
    nobody, page = found(owner, event, member="Zoe\0")
    assert nobody == []
    assert "No member of this name" in page
    mia = User.objects.get(email="anna003@members.example")
    owner.post(at(event, "add_organizer"), {"person": mia.pk})
    assert event.organizers.filter(pk=mia.pk).exists()
    assert found(owner, event, member="anna003@")[0] == []


def test_a_member_finds_the_others_by_their_names_alone(
    organizer: Client, event: Event, olivia: User
) -> None:
    MembershipFactory(organization=event.organization, user=olivia)
    called(event, "Anna", 25)
    assert found(organizer, event, member="anna 003")[0] == ["Anna 003"]
    assert found(organizer, event, member="members.example")[0] == []
    assert "members.example" not in found(organizer, event, member="anna")[1]


def test_whoever_looks_for_a_member_keeps_the_list_as_it_is(event: Event, sign_in: SignIn) -> None:
    owner = sign_in(belongs(event, "Owen", Membership.Role.OWNER))
    called(event, "Anna", 25)
    page = found(owner, event, search="x", only="came", sort="name")[1]
    form = re.search(r'<form[^>]*id="find-member".*?</form>', page, re.DOTALL)
    assert form is not None
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w*)"', form[0]))
    assert kept == {"search": "x", "only": "came", "sort": "name"}


def test_two_thousand_members_cost_what_thirty_cost(event: Event, sign_in: SignIn) -> None:
    owner = sign_in(belongs(event, "Owen", Membership.Role.OWNER))
    counts = []
    for number in (30, 2000):
        called(event, f"{'Q' * (number > 30)}Anna", number)
        with CaptureQueriesContext(connection) as asked:
            shown = html(owner.get(at(event), {"member": "anna"}))
        counts.append(len(asked))
        assert shown.count("<option") < 40
    assert counts[0] == counts[1]
