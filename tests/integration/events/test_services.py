"""The rules of writes, and that a refusal leaves nothing behind."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from events import services
from events.models import Block, Event, Membership, Organization, Registration, Stage, User
from hopin_backstage.realtime import Refused
from tests.factories import (
    BlockFactory,
    EventFactory,
    MembershipFactory,
    RegistrationFactory,
    StageFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    assert refusal.value.text.endswith(".")
    return refusal.value.code


# --- Registering -----------------------------------------------------------------------------------------------------
def test_registering_twice_is_registering_once() -> None:
    event, user = EventFactory(), UserFactory()
    assert services.register(actor=user, event=event) == services.register(actor=user, event=event)
    assert Registration.objects.get().user == user


@pytest.mark.parametrize(
    ("circumstances", "code"),
    [
        ({"registration_open": False}, "registration.closed"),
        ({"capacity": 0}, "registration.full"),
        (
            {"starts_at": timezone.now() - timedelta(days=2), "ends_at": timezone.now() - timedelta(days=1)},
            "event.over",
        ),
        ({"status": Event.Status.DRAFT}, "event.unknown"),
    ],
)
def test_registering_is_refused(circumstances: dict[str, object], code: str) -> None:
    event, user = EventFactory(**circumstances), UserFactory()
    assert refused(lambda: services.register(actor=user, event=event)) == code
    assert not Registration.objects.exists()


def test_a_blocked_person_is_refused_and_reads_why() -> None:
    event, user = EventFactory(), UserFactory()
    BlockFactory(event=event, user=user)
    assert refused(lambda: services.register(actor=user, event=event)) == "registration.blocked"
    assert not Registration.objects.exists()


def test_who_is_registered_stays_so_when_registration_closes() -> None:
    event, user = EventFactory(registration_open=False, capacity=0), UserFactory()
    registration = RegistrationFactory(event=event, user=user)
    assert services.register(actor=user, event=event) == registration


def test_a_place_that_is_given_back_can_be_taken() -> None:
    event, leaver, waiting = EventFactory(capacity=1), UserFactory(), UserFactory()
    services.register(actor=leaver, event=event)
    assert refused(lambda: services.register(actor=waiting, event=event)) == "registration.full"
    services.unregister(actor=leaver, event=event)
    services.register(actor=waiting, event=event)
    assert Registration.objects.get().user == waiting


def test_unregistering_touches_nobody_else() -> None:
    event = EventFactory()
    other = RegistrationFactory(event=event)
    services.unregister(actor=UserFactory(), event=event)
    assert Registration.objects.get() == other


@pytest.mark.django_db(transaction=True)
def test_the_last_places_are_given_once_however_many_ask() -> None:
    event = EventFactory(capacity=3)
    people = UserFactory.create_batch(8)

    def try_it(user: User) -> str:
        try:
            services.register(actor=user, event=event)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(try_it, people))
    assert sorted(answers) == ["in"] * 3 + ["registration.full"] * 5
    assert event.registrations.count() == 3


def test_the_database_itself_refuses_a_second_registration() -> None:
    registration = RegistrationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationFactory(event=registration.event, user=registration.user)


# --- Blocking --------------------------------------------------------------------------------------------------------
def test_blocking_keeps_the_registration_for_the_day_it_ends() -> None:
    organizer, event = UserFactory(), EventFactory()
    event.organizers.add(organizer)
    registration = RegistrationFactory(event=event)
    made = services.block(actor=organizer, event=event, user=registration.user)
    assert made.by == organizer
    assert services.block(actor=organizer, event=event, user=registration.user) == made
    services.unblock(actor=organizer, event=event, user=registration.user)
    assert not Block.objects.exists()
    assert Registration.objects.get() == registration


def test_organizers_cannot_be_blocked_and_others_cannot_block() -> None:
    organizer, event = UserFactory(), EventFactory()
    event.organizers.add(organizer)
    owner = MembershipFactory(organization=event.organization, role=Membership.Role.OWNER).user
    attendee = RegistrationFactory(event=event).user
    for protected in (organizer, owner):
        assert refused(lambda user=protected: services.block(actor=organizer, event=event, user=user)) == (
            "block.organizer"
        )
    assert refused(lambda: services.block(actor=attendee, event=event, user=attendee)) == "event.not_yours"
    assert refused(lambda: services.unblock(actor=attendee, event=event, user=attendee)) == "event.not_yours"
    assert not Block.objects.exists()


def test_a_block_ends_when_the_person_becomes_an_organizer() -> None:
    organizer, event = UserFactory(), EventFactory()
    event.organizers.add(organizer)
    blocked = BlockFactory(event=event).user
    elsewhere = BlockFactory(user=blocked)
    services.add_organizer(actor=organizer, event=event, user=blocked)
    assert list(event.organizers.order_by("pk")) == [organizer, blocked]
    assert Block.objects.get() == elsewhere


# --- Organizations and events ----------------------------------------------------------------------------------------
def test_who_makes_an_organization_owns_it() -> None:
    actor = UserFactory()
    first = services.create_organization(actor=actor, name="Northwind Events")
    second = services.create_organization(actor=actor, name="Northwind Events")
    assert [first.slug, second.slug] == ["northwind-events", "northwind-events-2"]
    assert first.memberships.get().role == Membership.Role.OWNER


def test_a_name_without_letters_of_an_address_gets_one_all_the_same() -> None:
    assert services.create_organization(actor=UserFactory(), name="日本").slug == "event"


def test_only_owners_make_owners_and_one_stays() -> None:
    owner, admin, user = UserFactory(), UserFactory(), UserFactory()
    organization = services.create_organization(actor=owner, name="Northwind")
    services.add_member(actor=owner, organization=organization, user=admin, role=Membership.Role.ADMIN)
    services.add_member(actor=admin, organization=organization, user=user)
    change = services.add_member
    assert (
        refused(lambda: change(actor=admin, organization=organization, user=user, role=Membership.Role.OWNER))
        == "organization.owners_only"
    )
    assert (
        refused(
            lambda: change(actor=admin, organization=organization, user=owner, role=Membership.Role.MEMBER)
        )
        == "organization.owners_only"
    )
    assert (
        refused(
            lambda: change(actor=owner, organization=organization, user=owner, role=Membership.Role.MEMBER)
        )
        == "organization.last_owner"
    )
    assert (
        refused(lambda: change(actor=user, organization=organization, user=user)) == "organization.not_yours"
    )
    roles = dict(organization.memberships.values_list("user__pk", "role"))
    assert roles == {owner.pk: "owner", admin.pk: "admin", user.pk: "member"}


def test_an_event_is_made_by_those_who_run_the_organization() -> None:
    owner, stranger = UserFactory(), UserFactory()
    organization = services.create_organization(actor=owner, name="Northwind")
    when = {"starts_at": timezone.now(), "ends_at": timezone.now() + timedelta(hours=1)}
    event = services.create_event(actor=owner, organization=organization, name="Product Day", **when)
    again = services.create_event(actor=owner, organization=organization, name="Product Day", **when)
    assert (event.slug, again.slug, event.status) == ("product-day", "product-day-2", Event.Status.DRAFT)
    assert (
        refused(lambda: services.create_event(actor=stranger, organization=organization, name="No", **when))
        == "organization.not_yours"
    )
    backwards = {"starts_at": when["ends_at"], "ends_at": when["starts_at"]}
    assert (
        refused(lambda: services.create_event(actor=owner, organization=organization, name="No", **backwards))
        == "event.ends_before_start"
    )
    nowhere = {**when, "time_zone": "Mars/Olympus_Mons"}
    assert (
        refused(lambda: services.create_event(actor=owner, organization=organization, name="No", **nowhere))
        == "event.time_zone"
    )
    assert Event.objects.count() == 2


def test_the_database_itself_refuses_an_event_that_ends_before_it_starts() -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        EventFactory(starts_at=now, ends_at=now)


# --- Stages ----------------------------------------------------------------------------------------------------------
def test_stages_queue_up_behind_each_other() -> None:
    organizer, event = UserFactory(), EventFactory()
    event.organizers.add(organizer)
    for name in ("Main Stage", "Workshop Stage"):
        services.create_stage(actor=organizer, event=event, name=name)
    assert list(event.stages.values_list("name", "position", "delay_s")) == [
        ("Main Stage", 0, 12),
        ("Workshop Stage", 1, 12),
    ]


@pytest.mark.parametrize("delay_s", [10, 15])
def test_the_delay_is_saved(delay_s: int) -> None:
    organizer, stage = UserFactory(), StageFactory()
    stage.event.organizers.add(organizer)
    services.set_stage_delay(actor=organizer, stage=stage, delay_s=delay_s)
    assert Stage.objects.get().delay_s == delay_s


@pytest.mark.parametrize("delay_s", [-1, 0, 9, 16])
def test_a_delay_out_of_range_is_refused(delay_s: int) -> None:
    organizer, stage = UserFactory(), StageFactory()
    stage.event.organizers.add(organizer)
    assert (
        refused(lambda: services.set_stage_delay(actor=organizer, stage=stage, delay_s=delay_s))
        == "stage.delay"
    )
    assert (
        refused(lambda: services.create_stage(actor=organizer, event=stage.event, name="No", delay_s=delay_s))
        == "stage.delay"
    )
    assert Stage.objects.get().delay_s == 12


def test_the_database_itself_refuses_such_a_delay() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StageFactory(delay_s=16)


def test_stages_are_for_organizers() -> None:
    stage = StageFactory()
    attendee = RegistrationFactory(event=stage.event).user
    assert (
        refused(lambda: services.set_stage_delay(actor=attendee, stage=stage, delay_s=10))
        == "event.not_yours"
    )
    assert (
        refused(lambda: services.create_stage(actor=attendee, event=stage.event, name="Mine"))
        == "event.not_yours"
    )
    assert Stage.objects.get().delay_s == 12
    assert Organization.objects.count() == 1
