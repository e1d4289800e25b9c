"""Adding, naming, ordering, archiving stages, and where their pictures come from: the rules, and who is told."""

import threading

import pytest
from django.db import connection
from pytest_django import Settings

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import BackstageSession, Broadcast, Participant
from events import services
from events.models import Event, Stage, User
from hopin_backstage.realtime import Refused
from moderation.models import AuditEntry
from tests.factories import EventFactory, RegistrationFactory, StageFactory, UserFactory
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

VIDEO = "https://youtu.be/dQw4w9WgXcQ"


@pytest.fixture
def organizer() -> User:
    return UserFactory()


@pytest.fixture
def event(organizer: User) -> Event:
    return EventFactory(organizers=[organizer])


@pytest.fixture
def stage(event: Event) -> Stage:
    return StageFactory(event=event)


@pytest.fixture
def inside(stage: Stage, organizer: User) -> Participant:
    """The organizer, in the Backstage of the stage."""
    session = backstage.backstage_of(stage)
    return backstage.enter(session=session, actor=organizer, link_token=session.link_token)


def names(event: Event) -> list[str]:
    return [stage.name for stage in event.stages.filter(archived_at=None)]


# --- Names and order ------------------------------------------------------------------------------------------
def test_a_name_is_one_line_that_can_be_read(event: Event, organizer: User, stage: Stage) -> None:
    assert services.rename_stage(actor=organizer, stage=stage, name="  Work\nshop\u202e ").name == "Work shop"
    for name in ("", " \u200b ", "a" * 81):
        assert refusal(services.rename_stage, actor=organizer, stage=stage, name=name) == "stage.name"
        assert refusal(services.create_stage, actor=organizer, event=event, name=name) == "stage.name"
    assert names(event) == ["Work shop"]


def test_the_order_is_of_all_stages_that_are_shown(event: Event, organizer: User) -> None:
    one, two, three = (services.create_stage(actor=organizer, event=event, name=name) for name in "123")
    services.reorder_stages(actor=organizer, event=event, order=[three.pk, one.pk, two.pk])
    assert names(event) == ["3", "1", "2"]
    backstage.archive_stage(actor=organizer, stage=one)
    stale = [two.pk, three.pk, one.pk]
    for order in (stale, [two.pk], [two.pk, two.pk], [two.pk, StageFactory().pk], []):
        assert refusal(services.reorder_stages, actor=organizer, event=event, order=order) == "stage.order"
    services.reorder_stages(actor=organizer, event=event, order=[two.pk, three.pk])
    services.create_stage(actor=organizer, event=event, name="4")
    services.restore_stage(actor=organizer, stage=one)
    assert names(event) == ["2", "3", "1", "4"]


def test_nobody_else_touches_them(event: Event, stage: Stage) -> None:
    attendee = RegistrationFactory(event=event).user
    for work in (
        lambda: services.rename_stage(actor=attendee, stage=stage, name="Mine"),
        lambda: services.reorder_stages(actor=attendee, event=event, order=[stage.pk]),
        lambda: services.restore_stage(actor=attendee, stage=stage),
        lambda: backstage.archive_stage(actor=attendee, stage=stage),
        lambda: backstage.set_provider(actor=attendee, stage=stage, provider="youtube", address=VIDEO),
    ):
        assert refusal(work) == "event.not_yours"
    stage.refresh_from_db()
    assert (stage.name, stage.archived_at, stage.provider) == ("Main Stage", None, "hopin")
    assert not AuditEntry.objects.exists()


# --- Archive --------------------------------------------------------------------------------------------------
def test_archiving_ends_visits_and_can_be_undone(stage: Stage, organizer: User, inside: Participant) -> None:
    backstage.archive_stage(actor=organizer, stage=stage)
    inside.refresh_from_db()
    assert inside.left_at is not None
    assert refusal(lambda: backstage.check_watching(stage_id=stage.pk, actor=organizer)) == "stage.unknown"
    services.restore_stage(actor=organizer, stage=stage)
    assert backstage.check_watching(stage_id=stage.pk, actor=organizer) == stage
    entries = AuditEntry.objects.filter(action__in=[Action.STAGE_ARCHIVED, Action.STAGE_RESTORED])
    assert {(entry.actor, entry.event, entry.backstage_session, entry.detail) for entry in entries} == {
        (organizer, stage.event, inside.backstage_session, "Main Stage")
    }
    assert entries.count() == 2


def test_twice_is_once(stage: Stage, organizer: User) -> None:
    for _ in range(2):
        backstage.archive_stage(actor=organizer, stage=stage)
    assert AuditEntry.objects.filter(action=Action.STAGE_ARCHIVED).count() == 1


# --- The Stream provider ----------------------------------------------------------------------------------------
def test_another_provider_empties_the_backstage(stage: Stage, organizer: User, inside: Participant) -> None:
    backstage.put_on_screen(participant=inside, microphone=True, camera=True)
    backstage.set_provider(actor=organizer, stage=stage, provider="youtube", address=f"{VIDEO}?t=90 ")
    stage.refresh_from_db()
    inside.refresh_from_db()
    assert (stage.provider, stage.video_address) == ("youtube", f"{VIDEO}?t=90")
    assert inside.left_at is not None
    assert not inside.backstage_session.slots.exists()
    session = inside.backstage_session
    assert (
        refusal(
            lambda: backstage.enter(session=_fresh(session), actor=organizer, link_token=session.link_token)
        )
        == "link.dead"
    )
    entry = AuditEntry.objects.get(action=Action.PROVIDER_CHANGED)
    assert (entry.actor, entry.detail) == (organizer, "Main Stage: YouTube")
    backstage.set_provider(actor=organizer, stage=stage, provider="hopin", address="left over")
    stage.refresh_from_db()
    assert (stage.provider, stage.shown_address) == ("hopin", "")
    assert stage.video_address == f"{VIDEO}?t=90", "for whoever goes back"
    assert backstage.backstage_of(stage) == session, "its link and its broadcasts are still there"


def test_saving_what_is_there_changes_nothing(stage: Stage, organizer: User, inside: Participant) -> None:
    backstage.set_provider(actor=organizer, stage=stage, provider="hopin")
    inside.refresh_from_db()
    assert inside.left_at is None
    assert not AuditEntry.objects.filter(action=Action.PROVIDER_CHANGED).exists()


@pytest.mark.parametrize(
    ("provider", "address", "code", "says"),
    [
        ("youtube", " ", "stage.address_missing", "Paste the address"),
        ("youtube", "my talk", "stage.address", "No video of YouTube"),
        ("youtube", "https://vimeo.com/76979871", "stage.address_elsewhere", "This is an address of Vimeo."),
        ("custom", VIDEO, "stage.address_elsewhere", "This is an address of YouTube."),
        ("custom", "http://play.example.com/", "stage.address", "begins with https://"),
        ("custom", "https://events.example.com/media/x", "stage.address_elsewhere", "address of this site"),
        ("zoom", VIDEO, "stage.provider", "Choose one"),
    ],
)
def test_an_address_that_does_not_fit_is_refused_and_says_why(
    stage: Stage, organizer: User, settings: Settings, provider: str, address: str, code: str, says: str
) -> None:
    settings.ALLOWED_HOSTS = [".events.example.com"]
    with pytest.raises(Refused) as caught:
        backstage.set_provider(actor=organizer, stage=stage, provider=provider, address=address)
    assert caught.value.code == code
    assert says in caught.value.text
    stage.refresh_from_db()
    assert stage.provider == "hopin"


@pytest.mark.parametrize("state", ["going live", "live", "ending"])
def test_nothing_changes_under_an_audience(
    stage: Stage, organizer: User, inside: Participant, state: str
) -> None:
    broadcast = backstage.start_broadcast(actor=inside)
    if state != "going live":
        backstage.went_on_air(broadcast_id=broadcast.pk, at=broadcast.started_at)
    if state == "ending":
        backstage.stop_broadcast(actor=inside)
    for work in (
        lambda: backstage.set_provider(actor=organizer, stage=stage, provider="youtube", address=VIDEO),
        lambda: backstage.archive_stage(actor=organizer, stage=stage),
    ):
        assert refusal(work) == "show.on_air"
    backstage.cut_now(actor=inside)
    backstage.set_provider(actor=organizer, stage=stage, provider="youtube", address=VIDEO)
    stage.refresh_from_db()
    assert stage.provider == "youtube"


def test_a_broadcast_that_waits_for_the_change_does_not_begin(
    stage: Stage, organizer: User, inside: Participant
) -> None:
    """The press of Broadcast waits at the lock, and finds what was done before it."""
    is_held, may_go_on = threading.Event(), threading.Event()
    codes: list[str] = []

    def press() -> None:
        try:
            backstage.start_broadcast(actor=Participant.objects.get(pk=inside.pk))
            codes.append("started")
        except Refused as refusal:
            codes.append(refusal.code)
        finally:
            connection.close()

    def change() -> None:
        try:
            with backstage.locked(inside.backstage_session_id):
                is_held.set()
                assert may_go_on.wait(10)
                Stage.objects.filter(pk=stage.pk).update(provider="youtube", video_address=VIDEO)
        finally:
            connection.close()

    changing = threading.Thread(target=change)
    changing.start()
    assert is_held.wait(10)
    pressing = threading.Thread(target=press)
    pressing.start()
    pressing.join(0.3)
    assert pressing.is_alive(), "it waits"
    may_go_on.set()
    for thread in (changing, pressing):
        thread.join(15)
    assert codes == ["broadcast.no_stage"]
    assert not Broadcast.objects.exists()


def _fresh(session: BackstageSession) -> BackstageSession:
    return BackstageSession.objects.select_related("stage__event").get(pk=session.pk)
