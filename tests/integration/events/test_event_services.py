"""Making, changing, publishing, archiving and duplicating events; organizers; being noted as having come."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from backstage import services as backstage
from backstage.models import BackstageSession, Participant
from events import permissions, selectors, services
from events.models import Event, Membership, Stage, User
from events.pictures import clean_picture
from hopin_backstage.realtime import Refused
from moderation import services as moderation
from moderation.models import AuditEntry
from tests.factories import (
    BlockFactory,
    EventFactory,
    MembershipFactory,
    RegistrationFactory,
    SpeakerFactory,
    StageFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def olivia() -> User:
    return UserFactory(display_name="Olivia")


@pytest.fixture
def event(olivia: User) -> Event:
    return EventFactory(organizers=[olivia], name="Product Day")


def code(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        work()
    return caught.value.code


def picture() -> ContentFile:
    drawn = BytesIO()
    Image.new("RGB", (32, 18), "teal").save(drawn, "PNG")
    return clean_picture(ContentFile(drawn.getvalue(), name="x.png"), longest_side=32)


# --- Changing ------------------------------------------------------------------------------------------------------
def test_only_what_is_given_changes(olivia: User, event: Event) -> None:
    before = Event.objects.values().get()
    services.edit_event(actor=olivia, event=event, name=" Other\n day ", capacity=None)
    assert Event.objects.values().get() == {**before, "name": "Other day"}


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"name": " \u200b "}, "event.name"),
        ({"name": "x" * 161}, "event.name"),
        ({"description": "x" * 10_001}, "event.description"),
        ({"ends_at": timezone.now() - timedelta(days=9)}, "event.ends_before_start"),
        ({"starts_at": datetime(1, 1, 1, 9, tzinfo=UTC)}, "time.out_of_range"),
        ({"ends_at": datetime(9999, 12, 31, 23, tzinfo=UTC)}, "time.out_of_range"),
        ({"time_zone": "Europe/Atlantis"}, "event.time_zone"),
        ({"capacity": 0}, "event.capacity"),
        ({"capacity": 2}, "event.capacity"),
    ],
)
def test_what_makes_no_sense_is_refused(
    olivia: User, event: Event, changes: dict[str, object], refused: str
) -> None:
    RegistrationFactory.create_batch(3, event=event)
    before = Event.objects.values().get()
    assert code(lambda: services.edit_event(actor=olivia, event=event, **changes)) == refused
    assert Event.objects.values().get() == before


def test_the_capacity_says_how_many_are_registered(olivia: User, event: Event) -> None:
    RegistrationFactory.create_batch(3, event=event)
    with pytest.raises(Refused, match="3 people are registered already"):
        services.edit_event(actor=olivia, event=event, capacity=2)
    services.edit_event(actor=olivia, event=event, capacity=3)
    assert code(lambda: services.register(actor=UserFactory(), event=event)) == "registration.full"


def test_an_event_that_has_more_than_its_capacity_can_still_be_changed(olivia: User, event: Event) -> None:
    """As it was imported, or made by support."""
    RegistrationFactory.create_batch(2, event=event)
    Event.objects.update(capacity=1)
    event.refresh_from_db()
    services.edit_event(actor=olivia, event=event, name="Other", capacity=1)
    event.refresh_from_db()
    assert event.name == "Other"


def everything(actor: User, event: Event, other: User) -> list[Callable[[], object]]:
    """Every act of an organizer but those that an archived event allows."""
    speaker = SpeakerFactory(event=event)
    stage = StageFactory(event=event)
    backstage.backstage_of(stage)
    gone = StageFactory(event=event, archived_at=timezone.now())
    named = {"actor": actor, "event": event}
    on_stage = {"actor": actor, "stage": stage}
    return [
        lambda: services.edit_event(**named, name="Mine"),
        lambda: services.set_event_picture(**named, picture=picture()),
        lambda: services.publish_event(**named),
        lambda: services.unpublish_event(**named),
        lambda: services.add_organizer(**named, user=other),
        lambda: services.remove_organizer(**named, user=other),
        lambda: services.block(**named, user=other),
        lambda: services.unblock(**named, user=other),
        lambda: services.create_stage(**named, name="Side"),
        lambda: services.rename_stage(**on_stage, name="Side"),
        lambda: services.reorder_stages(**named, order=[stage.pk]),
        lambda: services.restore_stage(actor=actor, stage=gone),
        lambda: backstage.archive_stage(**on_stage),
        lambda: backstage.set_provider(**on_stage, provider="vimeo", address="https://vimeo.com/1"),
        lambda: backstage.set_delay(**on_stage, delay_s=15),
        lambda: backstage.reset_link(**on_stage, everybody_again=True),
        lambda: services.add_speaker(**named, name="Me"),
        lambda: services.edit_speaker(actor=actor, speaker=speaker, name="Me", title="", links=[]),
        lambda: services.move_speaker(actor=actor, speaker=speaker, places=1),
        lambda: services.remove_speaker(actor=actor, speaker=speaker),
    ]


def whole_event(event: Event) -> list[object]:
    return [
        Event.objects.filter(pk=event.pk).values().get(),
        *(list(rows.values()) for rows in (event.speakers, event.stages, event.blocks, event.organizers)),
        list(BackstageSession.objects.filter(stage__event=event).values()),
    ]


def test_nobody_else_changes_anything(event: Event) -> None:
    attendee = RegistrationFactory(event=event).user
    member = MembershipFactory(organization=event.organization).user
    for actor in (attendee, member, UserFactory()):
        for act in everything(actor, event, attendee):
            before = whole_event(event)
            assert code(act) in {"event.not_yours", "forbidden"}
            assert whole_event(event) == before
        for act in (services.archive_event, services.restore_event, services.duplicate_event):
            assert code(lambda act=act, actor=actor: act(actor=actor, event=event)) == "event.not_yours"
        assert code(lambda actor=actor: services.note_export(actor=actor, event=event)) == "event.not_yours"


# --- Archiving -----------------------------------------------------------------------------------------------------
def test_nothing_in_an_archived_event_changes_until_it_is_restored(olivia: User, event: Event) -> None:
    other = RegistrationFactory(event=event).user
    acts = everything(olivia, event, other)
    services.archive_event(actor=olivia, event=event)
    event.refresh_from_db()
    for act in acts:
        before = whole_event(event)
        assert code(act) == "event.archived"
        assert whole_event(event) == before
    services.restore_event(actor=olivia, event=event)
    event.refresh_from_db()
    services.edit_event(actor=olivia, event=event, name="Back")


def test_nobody_comes_to_an_archived_event(olivia: User, event: Event) -> None:
    stage = StageFactory(event=event)
    ada = RegistrationFactory(event=event).user
    session = backstage.backstage_of(stage)
    services.archive_event(actor=olivia, event=event)
    event.refresh_from_db()
    session.refresh_from_db()
    for user in (ada, olivia):
        assert not permissions.may_attend(user, event)
        assert code(lambda user=user: backstage.check_entry(session=session, actor=user)) == "link.dead"
        assert (
            code(lambda user=user: backstage.check_watching(stage_id=stage.pk, actor=user)) == "stage.unknown"
        )
    assert code(lambda: services.register(actor=UserFactory(), event=event)) == "event.unknown"
    assert code(lambda: services.register(actor=olivia, event=event)) == "event.archived"
    assert selectors.event_for(ada, event.slug) is None
    assert not selectors.events_attended_by(ada).exists()
    assert not selectors.events_run_by(olivia).exists()
    assert list(selectors.archived_events_run_by(olivia)) == [event]
    assert selectors.event_to_run(olivia, event.slug) == event


def test_archiving_ends_the_show_and_empties_the_backstage(olivia: User, event: Event) -> None:
    session = backstage.backstage_of(StageFactory(event=event))
    inside = backstage.enter(session=session, actor=olivia, link_token=session.link_token)
    backstage.start_broadcast(actor=inside)
    services.archive_event(actor=olivia, event=event)
    # As the stagehand does every second.
    here = {str(olivia.pk)}
    backstage.note_presence(session_id=session.pk, present=here, at_door=set(), known=here)
    inside.refresh_from_db()
    assert inside.left_at is not None
    assert session.broadcasts.get().stopped_at is not None


def test_archiving_twice_keeps_the_first_time(olivia: User, event: Event) -> None:
    services.archive_event(actor=olivia, event=event)
    first = Event.objects.get().archived_at
    services.archive_event(actor=olivia, event=event)
    assert Event.objects.get().archived_at == first


# --- Unpublishing --------------------------------------------------------------------------------------------------
def come(session: BackstageSession, user: User) -> Participant:
    return backstage.enter(session=session, actor=user, link_token=session.link_token)


def test_to_a_draft_nobody_comes_but_its_organizers(olivia: User, event: Event) -> None:
    stage = StageFactory(event=event)
    session = backstage.backstage_of(stage)
    ada, sam = (RegistrationFactory(event=event).user for _ in range(2))
    BlockFactory(event=event, user=sam)
    services.unpublish_event(actor=olivia, event=event)
    session.refresh_from_db()
    for user in (ada, sam, UserFactory()):
        # Nor are they told that they are blocked, or have to register: there is no such event.
        assert code(lambda user=user: backstage.check_entry(session=session, actor=user)) == "link.dead"
        assert code(lambda user=user: backstage.check_watching(stage_id=stage.pk, actor=user)) == "link.dead"
    backstage.check_watching(stage_id=stage.pk, actor=olivia)
    assert come(session, olivia).left_at is None
    services.publish_event(actor=olivia, event=event)
    session = BackstageSession.objects.get()
    assert come(session, ada).left_at is None
    assert code(lambda: backstage.check_entry(session=session, actor=sam)) == "blocked"


def test_unpublishing_takes_out_whoever_is_backstage_or_at_its_door(
    olivia: User, event: Event, settings: Settings
) -> None:
    settings.BACKSTAGE_PLACES = 2
    sessions = [backstage.backstage_of(StageFactory(event=event)) for _ in range(2)]
    other = backstage.backstage_of(StageFactory())
    ada, sam, ken, mia = (RegistrationFactory(event=event).user for _ in range(4))
    RegistrationFactory(event=other.stage.event, user=ada)
    organizer = come(sessions[0], olivia)
    on_screen, asking, waiting = (come(sessions[0], user) for user in (ada, sam, ken))
    elsewhere, in_another = come(sessions[1], mia), come(other, ada)
    assert waiting.waiting_since is not None
    for each in (organizer, on_screen):
        backstage.put_on_screen(participant=each, microphone=True, camera=True)
    request = moderation.ask(actor=asking, microphone=True, camera=True)
    backstage.mark_away(participant_id=elsewhere.pk)
    services.unpublish_event(actor=olivia, event=event)
    gone, stay = (on_screen, asking, waiting, elsewhere), (organizer, in_another)
    for each in (*gone, *stay):
        each.refresh_from_db()
        assert (each.left_at is None) == (each in stay), each.user
        assert each.waiting_since is None
    request.refresh_from_db()
    assert request.state == "ended"
    assert [slot.participant for slot in sessions[0].slots.all()] == [organizer]


def test_a_draft_that_is_unpublished_once_more_changes_nothing(olivia: User, event: Event) -> None:
    for _ in range(2):
        services.unpublish_event(actor=olivia, event=event)
    assert AuditEntry.objects.filter(event=event, action="event_unpublished").count() == 1


# --- Duplicating ---------------------------------------------------------------------------------------------------
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
        photo=picture(),
        links=[services.Link("", "https://grace.example")],
    )
    RegistrationFactory(event=event)
    BlockFactory(event=event)
    copy = services.duplicate_event(actor=olivia, event=event)
    assert (copy.name, copy.status, copy.starts_at) == ("Copy of Product Day", "draft", event.starts_at)
    assert copy.slug != event.slug
    assert list(copy.organizers.all()) == [olivia]
    assert list(copy.stages.values_list("name", "provider", "delay_s", "video_address")) == [
        ("Film", "vimeo", 12, "https://vimeo.com/1"),
        ("Main", "hopin", 15, ""),
    ]
    grace = copy.speakers.get()
    assert [link.url for link in grace.links.all()] == ["https://grace.example"]
    assert not copy.registrations.exists()
    assert not copy.blocks.exists()
    names = {copy.picture.name, event.picture.name, grace.photo.name, event.speakers.get().photo.name}
    assert len(names) == 4
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.webp")} == names


def test_an_organizer_of_one_event_makes_no_other(olivia: User, event: Event) -> None:
    assert code(lambda: services.duplicate_event(actor=olivia, event=event)) == "organization.not_yours"
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


# --- Organizers ----------------------------------------------------------------------------------------------------
def test_an_organizer_can_be_taken_back(olivia: User, event: Event) -> None:
    sam = RegistrationFactory(event=event).user
    services.add_organizer(actor=olivia, event=event, user=sam)
    assert permissions.is_organizer(sam, event)
    services.remove_organizer(actor=olivia, event=event, user=sam)
    assert not permissions.is_organizer(sam, event)
    assert permissions.is_registered(sam, event)


def test_a_role_is_not_taken_back_here(olivia: User, event: Event) -> None:
    boss = MembershipFactory(organization=event.organization, role=Membership.Role.ADMIN).user
    assert (
        code(lambda: services.remove_organizer(actor=olivia, event=event, user=boss)) == "organizer.by_role"
    )


# --- Coming --------------------------------------------------------------------------------------------------------
def test_the_first_time_somebody_comes_is_kept() -> None:
    stage = StageFactory()
    registration = RegistrationFactory(event=stage.event)
    session = backstage.backstage_of(stage)
    backstage.come_to_stage(stage_id=stage.pk, actor=registration.user)
    registration.refresh_from_db()
    first = registration.came_at
    assert first is not None
    backstage.enter(session=session, actor=registration.user, link_token=session.link_token)
    registration.refresh_from_db()
    assert registration.came_at == first
    numbers = selectors.numbers(stage.event)
    assert (numbers.registrations, numbers.came, numbers.came_percent) == (1, 1, 100)


def test_who_is_inside_has_come_and_who_waits_at_the_door_has_not(settings: Settings) -> None:
    settings.BACKSTAGE_PLACES = 1
    stage = StageFactory()
    session = backstage.backstage_of(stage)
    first, second = RegistrationFactory.create_batch(2, event=stage.event)
    inside = backstage.enter(session=session, actor=first.user, link_token=session.link_token)
    backstage.enter(session=session, actor=second.user, link_token=session.link_token)
    assert list(stage.event.registrations.filter(came_at__isnull=False)) == [first]
    backstage.leave(participant_id=inside.pk)
    assert stage.event.registrations.filter(came_at__isnull=True).count() == 0


def test_the_most_people_backstage_are_kept() -> None:
    session = backstage.backstage_of(StageFactory())
    inside = [
        backstage.enter(
            session=session,
            actor=RegistrationFactory(event=session.stage.event).user,
            link_token=session.link_token,
        )
        for _ in range(3)
    ]
    backstage.viewers_counted(session_id=session.pk, watching=7)
    backstage.leave(participant_id=inside[0].pk)
    backstage.viewers_counted(session_id=session.pk, watching=7)
    session.refresh_from_db()
    assert session.peak_people == 3
