"""The small world to try the product in."""

import stat
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from backstage.models import BackstageSession, Participant
from chat import services as chat
from chat.models import Mention, Message, Room
from events import demo, permissions
from events.models import Event, Organization, Registration, Stage, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _development(settings: Settings, tmp_path: Path) -> None:
    settings.DEBUG = True
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("demo", *arguments, stdout=said)
    return said.getvalue()


def test_it_fills_an_event_that_runs_now() -> None:
    said = run()
    event = Event.objects.get()
    assert (event.name, event.organization.name) == ("Product Day 2026", "Northwind Events")
    assert event.starts_at.date() <= timezone.now().date() <= event.ends_at.date()
    assert Stage.objects.get().provider == Stage.Provider.HOPIN
    password = said.split("Password: ")[1].strip()
    assert User.objects.count() == 8
    for user in User.objects.all():
        assert user.check_password(password)
        assert user.photo.size > 1000
        assert EmailAddress.objects.get(user=user, primary=True).verified
        assert permissions.is_organizer(user, event) or permissions.is_registered(user, event)
    assert [user.email for user in User.objects.filter(is_staff=True)] == ["support@example.com"]
    olivia = User.objects.get(email="olivia@example.com")
    assert permissions.is_organizer(olivia, event)
    assert not permissions.is_organizer(User.objects.get(email="sam@example.com"), event)


def test_there_is_something_to_read_in_both_chats_and_one_can_go_on() -> None:
    run()
    tom, event = User.objects.get(email="tom@example.com"), Event.objects.get()
    room = chat.room_of_event(event)
    sent = chat.send(room=room, post=chat.Post(actor=tom, client_id=uuid4(), text="Thank you"))
    assert sent.number == room.messages.count() == 6
    assert Mention.objects.get().person == tom
    assert chat.room_of_backstage(BackstageSession.objects.get()).messages.count() == 4


def test_the_password_is_random_kept_and_nobody_elses_to_read(settings: Settings) -> None:
    said = run()
    path = Path(settings.DATA_DIR) / "demo-password"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text().strip()) >= 16
    assert path.read_text().strip() in said


def test_filling_again_changes_nothing() -> None:
    first = run()
    before = {
        model: list(model.objects.order_by("pk").values())
        for model in (User, Event, Stage, Registration, Room, Message, Mention)
    }
    assert run() == first
    after = {model: list(model.objects.order_by("pk").values()) for model in before}
    assert after == before


def test_filling_again_leaves_what_happened_and_moves_the_event_to_today() -> None:
    run()
    event = Event.objects.get()
    lasts = event.ends_at - event.starts_at
    Event.objects.update(
        starts_at=event.starts_at - timedelta(days=3), ends_at=event.ends_at - timedelta(days=3)
    )
    Stage.objects.update(delay_s=15)
    run()
    event.refresh_from_db()
    assert event.starts_at.astimezone(demo.TIME_ZONE).date() == datetime.now(demo.TIME_ZONE).date()
    assert event.ends_at - event.starts_at == lasts
    assert Stage.objects.get().delay_s == 15


def test_a_reset_brings_it_back_with_all_that_points_at_it(settings: Settings) -> None:
    first = run()
    stage = Stage.objects.get()
    session = BackstageSession.objects.get(stage=stage)
    Participant.objects.create(backstage_session=session, user=User.objects.get(email="sam@example.com"))
    Stage.objects.update(delay_s=15)
    User.objects.filter(email="rosa@example.com").delete()
    assert run("--reset") == first
    assert Stage.objects.get().delay_s == 12
    assert not BackstageSession.objects.filter(pk=session.pk).exists()
    assert not Participant.objects.exists()
    assert User.objects.count() == 8
    assert (
        len(list((Path(settings.MEDIA_ROOT) / "photos").iterdir())) == 8 + 1
    )  # Rosa's, whom no service deleted


def test_a_reset_spares_everybody_else() -> None:
    run()
    other = User.objects.create_user("other@example.com", display_name="Other")
    organization = Organization.objects.create(name="Theirs", slug="theirs")
    run("--reset")
    assert User.objects.filter(pk=other.pk).exists()
    assert Organization.objects.filter(pk=organization.pk).exists()


@pytest.mark.parametrize("arguments", [[], ["--reset"]])
def test_it_is_for_development_alone(settings: Settings, arguments: list[str]) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        run(*arguments)
    assert not User.objects.exists()
    assert not (Path(settings.DATA_DIR) / "demo-password").exists()
