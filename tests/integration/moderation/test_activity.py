"""The Activity tab: the audit log in sentences, page by page."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from backstage import services as backstage
from backstage.actions import Action
from events import services as events
from events.models import Event, User
from moderation import audit, dashboard, sentences
from moderation.models import AuditEntry
from tests.factories import EventFactory, StageFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def olivia() -> User:
    return UserFactory(display_name="Olivia")


@pytest.fixture
def sam() -> User:
    return UserFactory(display_name="Sam")


@pytest.fixture
def event(olivia: User) -> Event:
    return EventFactory(organizers=[olivia])


@pytest.fixture
def organizer(client: Client, olivia: User, settings: Settings) -> Client:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    client.force_login(olivia)
    return client


def at(event: Event) -> str:
    return reverse("moderation:activity", args=[event.slug])


def told(organizer: Client, event: Event, **query: str) -> list[str]:
    return [line.sentence for line in organizer.get(at(event), query).context["lines"]]


@pytest.mark.parametrize("action", Action)
def test_every_action_is_a_sentence(event: Event, olivia: User, sam: User, action: Action) -> None:
    entry = audit.record(action=action, actor=olivia, event=event, target=sam, detail="name, Grace")
    sentence = sentences.sentence(entry)
    assert sentence.startswith("Olivia")
    assert "%" not in sentence + sentences.detail(entry)
    entry.actor_name = entry.target_name = entry.detail = ""
    assert sentences.sentence(entry)


def test_who_did_what_to_whom_newest_first(organizer: Client, event: Event, olivia: User, sam: User) -> None:
    session = backstage.backstage_of(StageFactory(event=event, name="Big Stage"))
    audit.record(action=Action.ACCEPTED, actor=olivia, session=session, target=sam)
    events.edit_event(actor=olivia, event=event, name="New", capacity=9)
    audit.record(
        action=Action.MUTED, actor=sam, session=backstage.backstage_of(StageFactory()), target=olivia
    )
    lines = organizer.get(at(event)).context["lines"]
    assert [(line.sentence, line.detail, line.stage) for line in lines] == [
        ("Olivia changed the event", "capacity, name", ""),
        ("Olivia put Sam on screen", "", "Big Stage"),
    ]


def test_by_action_and_by_person(organizer: Client, event: Event, olivia: User, sam: User) -> None:
    audit.record(action=Action.MUTED, actor=olivia, event=event, target=sam)
    audit.record(action=Action.CUT, actor=olivia, event=event)
    audit.record(action=Action.ASKED, actor=sam, event=event)
    assert told(organizer, event, action="muted") == ["Olivia muted Sam"]
    assert told(organizer, event, person="sAM") == ["Sam asked to share audio and video", "Olivia muted Sam"]
    assert told(organizer, event, person="sam", action="asked") == ["Sam asked to share audio and video"]
    assert len(told(organizer, event, action="nonsense", before="nonsense_too")) == 3
    assert "Nothing like that happened" in organizer.get(at(event), {"person": "Nobody"}).content.decode()


def test_what_no_name_can_hold_asks_for_nothing(organizer: Client, event: Event) -> None:
    page = reverse("moderation:activity", args=[event.slug])
    assert organizer.get(page, {"person": "\0"}).status_code == 200


def test_pages_go_on_where_the_last_one_ended(
    organizer: Client, event: Event, olivia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where entries are of one moment, and while new ones are written."""
    monkeypatch.setattr(dashboard, "PAGE", 3)
    now = timezone.now()
    for number in range(8):
        AuditEntry.objects.create(
            action=Action.SPEAKER_ADDED,
            event=event,
            actor_name="Olivia",
            detail=f"S{number}",
            at=now - timedelta(seconds=number // 4),
        )
    seen, before = [], ""
    for _ in range(4):
        context = organizer.get(at(event), {"before": before}).context
        seen += [line.sentence for line in context["lines"]]
        before = context["older"]
        audit.record(action=Action.CUT, actor=olivia, event=event)
        if not before:
            break
    assert len(seen) == len(set(seen)) == 8


def test_it_costs_the_same_however_much_happened(organizer: Client, event: Event, olivia: User) -> None:
    session = backstage.backstage_of(StageFactory(event=event))
    counts = []
    for more in (1, 20):
        for _ in range(more):
            audit.record(action=Action.CUT, actor=olivia, session=session)
        with CaptureQueriesContext(connection) as asked:
            organizer.get(at(event))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_names_that_are_gone_still_stand_there(
    organizer: Client, event: Event, olivia: User, sam: User
) -> None:
    session = backstage.backstage_of(stage := StageFactory(event=event))
    audit.record(action=Action.MUTED, actor=olivia, session=session, target=sam)
    sam.delete()
    stage.delete()
    assert told(organizer, event) == ["Olivia muted Sam"]
