"""Who makes an event, and when it may be."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from events import services
from events.models import Event
from tests.factories import EventFactory, UserFactory
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_an_address_tells_nothing_of_other_events() -> None:
    """Whether it is the first of its name, or another organization has one that nobody is to know of yet."""
    owners = UserFactory.create_batch(2)
    houses = [services.create_organization(actor=owner, name="House") for owner in owners]
    when = {"starts_at": timezone.now(), "ends_at": timezone.now() + timedelta(hours=1)}
    name = "Merger of Northwind"
    made = [
        services.create_event(actor=owner, organization=house, name=name, **when)
        for owner, house in zip(owners, houses, strict=True)
    ]
    made.append(services.duplicate_event(actor=owners[0], event=made[0]))
    for stem, row in [
        *(("house", house) for house in houses),
        *zip(["merger-of-northwind"] * 2 + ["copy-of-merger-of-northwind"], made, strict=True),
    ]:
        assert re.fullmatch(rf"{stem}-[b-z2-9]{{6}}", row.slug)
    long = services.create_event(actor=owners[0], organization=houses[0], name="x" * 160, **when)
    assert len(long.slug) == Event._meta.get_field("slug").max_length


def test_an_event_is_made_by_those_who_run_the_organization() -> None:
    owner, stranger = UserFactory(), UserFactory()
    organization = services.create_organization(actor=owner, name="Northwind")
    when = {"starts_at": timezone.now(), "ends_at": timezone.now() + timedelta(hours=1)}
    event = services.create_event(actor=owner, organization=organization, name="Product Day", **when)
    again = services.create_event(actor=owner, organization=organization, name="Product Day", **when)
    assert event.status == Event.Status.DRAFT
    assert event.slug != again.slug
    assert (
        refusal(lambda: services.create_event(actor=stranger, organization=organization, name="No", **when))
        == "organization.not_yours"
    )
    backwards = {"starts_at": when["ends_at"], "ends_at": when["starts_at"]}
    assert (
        refusal(lambda: services.create_event(actor=owner, organization=organization, name="No", **backwards))
        == "event.ends_before_start"
    )
    nowhere = {**when, "time_zone": "Mars/Olympus_Mons"}
    assert (
        refusal(lambda: services.create_event(actor=owner, organization=organization, name="No", **nowhere))
        == "event.time_zone"
    )
    assert Event.objects.count() == 2


def test_the_database_itself_refuses_an_event_that_ends_before_it_starts() -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        EventFactory(starts_at=now, ends_at=now)
