"""The page of an organization: its events, and the others that one belongs to."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Event, Organization
from tests.factories import EventFactory, MembershipFactory, OrganizationFactory, RegistrationFactory
from tests.integration.browsers import SignIn
from tests.integration.events.organizations.belonging import Role, member, page
from tests.integration.events.test_pages import html, words

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_events_that_were_put_away_are_listed_apart(organization: Organization, sign_in: SignIn) -> None:
    owner, ada = member(organization, Role.OWNER), member(organization)
    EventFactory(organization=organization, name="Put away", archived_at=timezone.now(), organizers=[ada])
    EventFactory(organization=organization, name="Running")
    shown = html(sign_in(owner).get(page("organization", organization)))
    assert shown.index("Running") < shown.index(">Archived<") < shown.index("Put away")
    assert page("create_event", organization) in shown
    hers = html(sign_in(ada).get(page("organization", organization)))
    assert "Put away" in hers
    assert "Running" not in hers
    assert page("create_event", organization) not in hers


def test_on_the_left_are_all_that_one_belongs_to_and_new_organization(
    organization: Organization, sign_in: SignIn
) -> None:
    ada = member(organization)
    southwind = MembershipFactory(user=ada, organization__name="Southwind").organization
    # Whoever organizes an event finds its organization, too.
    eastwind = EventFactory(organization__name="Eastwind", organizers=[ada]).organization
    OrganizationFactory(name="Not hers")
    shown = html(sign_in(ada).get(page("organization", organization)))
    left = shown.split('<header class="sidebar">')[1].split("</header>")[0]
    assert re.findall(r"<span>([^<]*)</span>\s*</a>", left)[0] == "Northwind"
    others = left.split('id="organizations-title"')[1].split('class="sidebar__end"')[0]
    assert re.findall(r'href="([^"]*)">([^<]*)</a>', others) == [
        (page("organization", eastwind), "Eastwind"),
        (page("organization", southwind), "Southwind"),
        (reverse("events:create_organization"), "New organization"),
    ]


def test_each_event_has_its_number_of_registrations_and_its_status(
    organization: Organization, sign_in: SignIn
) -> None:
    now = timezone.now()
    of_it = {"organization": organization}
    coming = EventFactory(name="Coming", starts_at=now + timedelta(days=2), **of_it)
    EventFactory(name="Running", status=Event.Status.DRAFT, **of_it)
    over = EventFactory(name="Over", starts_at=now - timedelta(days=9), **of_it)
    long_over = EventFactory(name="Long over", starts_at=now - timedelta(days=90), **of_it)
    away = EventFactory(name="Put away", archived_at=now, **of_it)
    for event, registered in ((coming, 3), (over, 1), (long_over, 2), (away, 1)):
        RegistrationFactory.create_batch(registered, event=event)
    RegistrationFactory()
    shown = html(sign_in(member(organization, Role.OWNER)).get(page("organization", organization)))
    assert rows(shown) == {
        "Upcoming": [("Running", "0 registrations", "Draft"), ("Coming", "3 registrations", "Published")],
        "Past": [("Over", "1 registration", "Published"), ("Long over", "2 registrations", "Published")],
        "Archived": [("Put away", "1 registration", "Archived")],
    }


def rows(shown: str) -> dict[str, list[tuple[str, ...]]]:
    """By the title above them: name, number of registrations and status of each event."""
    parts = ("row__name", "row__number numbers", "row__status")
    found = {}
    for section in shown.split('<section class="section"')[1:]:
        title = re.search(r'class="section__title"[^>]*>([^<]*)<', section)
        assert title is not None
        cells = [re.findall(rf'class="{part}"[^>]*>(.*?)</(?:a|p)>', section, re.DOTALL) for part in parts]
        found[title[1]] = [tuple(map(words, row)) for row in zip(*cells, strict=True)]
    return found
