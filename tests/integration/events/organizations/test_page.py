"""The page of an organization: its events."""

import pytest
from django.utils import timezone

from events.models import Organization
from tests.factories import EventFactory
from tests.integration.browsers import SignIn
from tests.integration.events.organizations.belonging import Role, member, page
from tests.integration.events.test_pages import html

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
