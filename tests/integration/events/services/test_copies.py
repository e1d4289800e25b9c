"""Duplicating an event, and whose file is whose."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from events import services
from events.models import Event, Membership, Stage, User
from tests.factories import BlockFactory, MembershipFactory, RegistrationFactory, StageFactory
from tests.integration.events.services.organizing import picture
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_copy_has_everything_but_people(
    olivia: User, event: Event, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    MembershipFactory(organization=event.organization, user=olivia, role=Membership.Role.OWNER)
    services.set_event_picture(actor=olivia, event=event, picture=picture())
    StageFactory(event=event, name="Main", delay_s=15)
    StageFactory(event=event, name="Film", provider=Stage.Provider.VIMEO, video_address="https://vimeo.com/1")
    StageFactory(event=event, name="Gone", archived_at=timezone.now())
    services.add_speaker(
        actor=olivia,
        event=event,
        name="Grace",
        title="Admiral",
        photo=picture(),
        links=[services.Link("", "https://grace.example")],
    )
    RegistrationFactory(event=event)
    BlockFactory(event=event)
    settings_of_it = {
        "description": "Bring skates.",
        "ends_at": event.starts_at + timedelta(hours=3),
        "time_zone": "Asia/Tokyo",
        "registration_open": False,
        "capacity": 40,
    }
    services.edit_event(actor=olivia, event=event, **settings_of_it)
    event.refresh_from_db()
    copy = services.duplicate_event(actor=olivia, event=event)
    assert {name: getattr(copy, name) for name in settings_of_it} == settings_of_it
    assert (copy.name, copy.status, copy.starts_at) == ("Copy of Product Day", "draft", event.starts_at)
    assert copy.slug != event.slug
    assert list(copy.organizers.all()) == [olivia]
    assert list(copy.stages.values_list("name", "provider", "delay_s", "video_address")) == [
        ("Film", "vimeo", 12, "https://vimeo.com/1"),
        ("Main", "hopin", 15, ""),
    ]
    grace = copy.speakers.get()
    assert (grace.name, grace.title) == ("Grace", "Admiral")
    assert [link.url for link in grace.links.all()] == ["https://grace.example"]
    assert not copy.registrations.exists()
    assert not copy.blocks.exists()
    names = {copy.picture.name, event.picture.name, grace.photo.name, event.speakers.get().photo.name}
    assert len(names) == 4
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.webp")} == names


def test_an_organizer_of_one_event_makes_no_other(olivia: User, event: Event) -> None:
    assert refusal(lambda: services.duplicate_event(actor=olivia, event=event)) == "organization.not_yours"
    assert Event.objects.count() == 1


def test_a_new_picture_takes_the_place_of_the_old_file(
    olivia: User,
    event: Event,
    settings: Settings,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    settings.MEDIA_ROOT = tmp_path
    for wanted, files in ((picture(), 1), (picture(), 1), (None, 1), (False, 0)):
        with django_capture_on_commit_callbacks(execute=True):
            services.set_event_picture(actor=olivia, event=event, picture=wanted)
        assert len(list(tmp_path.rglob("*.webp"))) == files
    event.refresh_from_db()
    assert not event.picture
