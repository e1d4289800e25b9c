"""Overview and Stage tab: what organizers see, and that nobody else does."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from backstage import services
from backstage.models import BackstageSession, Broadcast
from events import services as events_services
from events.models import Event, Membership, Stage
from tests.factories import (
    EventFactory,
    MembershipFactory,
    RegistrationFactory,
    StageFactory,
    UserFactory,
)
from tests.integration.browsers import SignIn
from tests.integration.events.test_pages import html

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return StageFactory(event=EventFactory(organizers=[UserFactory()]))


def organizer_of(stage: Stage) -> object:
    return stage.event.organizers.get()


def tab(stage: Stage) -> str:
    return reverse("backstage:stage_tab", args=[stage.event.slug])


def overview(stage: Stage) -> str:
    return reverse("backstage:overview", args=[stage.event.slug])


def delay(stage: Stage) -> str:
    return reverse("backstage:set_delay", args=[stage.event.slug, stage.id])


def test_the_address_for_attendees_can_be_copied_while_there_is_a_page(stage: Stage, sign_in: SignIn) -> None:
    client = sign_in(organizer_of(stage))
    box = f'value="http://testserver/events/{stage.event.slug}/"'
    page = html(client.get(overview(stage)))
    assert box in page
    assert "Copy address" in page
    Event.objects.update(archived_at=timezone.now())
    assert box not in html(client.get(overview(stage)))


def test_the_backstage_link_is_on_both_tabs(stage: Stage, sign_in: SignIn) -> None:
    client = sign_in(organizer_of(stage))
    for address in (tab(stage), overview(stage)):
        page = html(client.get(address))
        token = BackstageSession.objects.get().link_token
        assert f'value="http://testserver/backstage/{token}/"' in page
        assert "Share it with care: everyone who is registered and has the link can come in." in page
    assert BackstageSession.objects.count() == 1


def test_the_address_of_a_draft_is_not_given_out_unwarned(stage: Stage, sign_in: SignIn) -> None:
    client, warning = sign_in(organizer_of(stage)), "It works for others once the event is published."
    assert warning not in html(client.get(overview(stage)))
    Event.objects.update(status=Event.Status.DRAFT)
    assert warning in html(client.get(overview(stage)))


def test_the_broadcast_studio_has_the_link_of_each_stage_that_has_a_backstage(
    stage: Stage, sign_in: SignIn
) -> None:
    second = StageFactory(event=stage.event, name="Second Stage")
    StageFactory(event=stage.event, name="Film", provider=Stage.Provider.VIMEO)
    StageFactory(event=stage.event, name="Put away", archived_at=timezone.now())
    services.backstage_of(StageFactory(name="Elsewhere"))
    page = html(sign_in(organizer_of(stage)).get(overview(stage)))
    studio = page.split('id="studio-title">Broadcast Studio<')[1]
    shown = re.findall(r'value="http://testserver([^"]*)"\s+aria-label="Backstage link of ([^"]*)"', studio)
    assert shown == [
        (reverse("backstage:room", args=[services.backstage_of(each).link_token]), each.name)
        for each in (stage, second)
    ]


@pytest.mark.parametrize(
    ("changes", "places", "warning", "registration"),
    [
        ({}, 2, "", "Open"),
        ({"capacity": 2}, 1, "", "Open"),
        ({"capacity": 2}, 2, "All places are taken: only people", "All places are taken"),
        ({"registration_open": False}, 0, "Registration is closed: only people", "Closed"),
        ({"status": "draft"}, 0, "This event is a draft: nobody but its organizers", "Opens once published"),
        ({"status": "draft", "registration_open": False}, 0, "This event is a draft", "Closed"),
        (
            {"ends_at": timezone.now() - timedelta(minutes=1)},
            0,
            "is over: only people",
            "Closed: the event is over",
        ),
    ],
    ids=["open", "a place is free", "full", "closed", "draft", "closed draft", "over"],
)
def test_beside_the_link_stands_who_can_come_in_by_it(
    sign_in: SignIn, changes: dict[str, object], places: int, warning: str, registration: str
) -> None:
    event = EventFactory(organizers=[UserFactory()], **changes)
    stage = StageFactory(event=event)
    RegistrationFactory.create_batch(places, event=event)
    client = sign_in(organizer_of(stage))
    for address in (tab(stage), overview(stage)):
        page = html(client.get(address))
        assert "Speakers must be registered for the event, too, and each takes a place." in page
        assert ("link-care__warning" in page) == bool(warning)
        assert warning in page
    word = re.search(
        r"<dt>Registration</dt>\s*<dd[^>]*>(.*?)<a", html(client.get(overview(stage))), re.DOTALL
    )
    assert word is not None
    assert word.group(1).strip() == registration


def test_nobody_else_gets_to_the_link(stage: Stage, client: Client, sign_in: SignIn) -> None:
    sign_in(organizer_of(stage)).get(tab(stage))
    token = BackstageSession.objects.get().link_token
    attendee = RegistrationFactory(event=stage.event).user
    member = MembershipFactory(organization=stage.event.organization).user
    elsewhere = UserFactory()
    EventFactory(organizers=[elsewhere])
    for person in (attendee, member, elsewhere):
        for address in (tab(stage), overview(stage)):
            response = sign_in(person).get(address)
            assert response.status_code == 404
            assert token not in html(response)
        assert sign_in(person).post(delay(stage), {"delay_s": 15}).status_code == 404
        assert token not in html(sign_in(person).get(reverse("events:event", args=[stage.event.slug])))
    for address in (tab(stage), overview(stage)):
        assert client.get(address).headers["Location"].startswith(reverse("account_login"))
    assert client.post(delay(stage), {"delay_s": 15}).status_code == 302
    stage.refresh_from_db()
    assert stage.delay_s == 12


@pytest.mark.parametrize("role", [Membership.Role.OWNER, Membership.Role.ADMIN])
def test_owners_and_admins_need_not_be_organizers(stage: Stage, sign_in: SignIn, role: str) -> None:
    boss = MembershipFactory(organization=stage.event.organization, role=role).user
    assert sign_in(boss).get(tab(stage)).status_code == 200


def test_the_numbers_are_real(stage: Stage, sign_in: SignIn) -> None:
    RegistrationFactory.create_batch(3, event=stage.event)
    RegistrationFactory()
    response = sign_in(organizer_of(stage)).get(overview(stage))
    assert response.context["numbers"].registrations == 3
    assert response.context["numbers"].stages == 1
    assert response.context["numbers"].came == 0
    assert response.context["shows"].broadcasts == 0


def test_who_came_has_been_at_a_stage_or_backstage_and_is_counted_once(stage: Stage, sign_in: SignIn) -> None:
    at_stage, backstage, at_both, _absent = (
        each.user for each in RegistrationFactory.create_batch(4, event=stage.event)
    )
    session = services.backstage_of(stage)
    # Organizers come without a registration.
    for user in (at_stage, at_both, organizer_of(stage)):
        services.come_to_stage(stage_id=stage.pk, actor=user)
    for user in (backstage, at_both, organizer_of(stage)):
        services.enter(session=session, actor=user, link_token=session.link_token)
    page = html(sign_in(organizer_of(stage)).get(overview(stage)))
    assert " ".join(re.findall(r"<dt>Came</dt>\s*<dd>\s*(\d+)\s*<[^>]*>([^<]*)<", page)[0]) == "3 75 %"
    assert re.findall(r"<dt>Registered</dt>\s*<dd>\s*(\d+)", page) == ["4"]


def broadcast(session: BackstageSession, *, people: int, viewers: list[int]) -> None:
    """From Broadcast to its end; `people` are backstage, and at the Stage as many as `viewers` one after the other."""
    event = session.stage.event
    guests = [each.user for each in RegistrationFactory.create_batch(people - 1, event=event)]
    inside = [
        services.enter(session=session, actor=user, link_token=session.link_token)
        for user in (organizer_of(session.stage), *guests)
    ]
    now, show = timezone.now(), services.start_broadcast(actor=inside[0])
    services.went_on_air(broadcast_id=show.pk, at=now, watching=viewers[0])
    for watching in viewers[1:]:
        services.viewers_counted(session_id=session.pk, watching=watching)
    services.stop_broadcast(actor=inside[0])
    services.broadcast_ended(broadcast_id=show.pk, at=now)
    # After the end the Stage is still open, and is no show.
    services.viewers_counted(session_id=session.pk, watching=50)
    for participant in inside:
        services.leave(participant_id=participant.pk)


def test_the_numbers_of_shows_are_of_all_stages_the_archived_too(stage: Stage, sign_in: SignIn) -> None:
    client = sign_in(organizer_of(stage))
    nothing = client.get(overview(stage)).context["shows"]
    assert (nothing.broadcasts, nothing.peak_on_stage, nothing.peak_backstage) == (0, 0, 0)
    put_away, elsewhere = StageFactory(event=stage.event), StageFactory()
    elsewhere.event.organizers.add(organizer_of(stage))
    broadcast(services.backstage_of(stage), people=3, viewers=[2, 7, 4])
    broadcast(services.backstage_of(put_away), people=2, viewers=[1, 9, 3])
    services.archive_stage(actor=organizer_of(stage), stage=put_away)
    broadcast(services.backstage_of(elsewhere), people=6, viewers=[20])
    response = client.get(overview(stage))
    shows = response.context["shows"]
    assert (shows.broadcasts, shows.peak_on_stage, shows.peak_backstage) == (2, 9, 3)
    shown = re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>\s*(\d+)", html(response))
    assert dict(shown) | {"Peak on the Stage": "9", "Peak backstage": "3", "Broadcasts": "2"} == dict(shown)


def test_a_stage_from_elsewhere_has_a_peak_of_its_own(stage: Stage, sign_in: SignIn) -> None:
    broadcast(services.backstage_of(stage), people=2, viewers=[5])
    theirs = StageFactory(event=stage.event, provider=Stage.Provider.YOUTUBE)
    for watching in (4, 8, 3):
        events_services.note_watching(stage=Stage.objects.get(pk=theirs.pk), watching=watching)
        # As another process does that read the row before.
        events_services.note_watching(stage=theirs, watching=watching)
    # Of ours, broadcasts say how many watched: off air nobody does.
    events_services.note_watching(stage=stage, watching=50)
    shows = sign_in(organizer_of(stage)).get(overview(stage)).context["shows"]
    assert (shows.broadcasts, shows.peak_on_stage) == (1, 8)


def test_a_delay_is_saved_by_a_form_and_by_the_page(stage: Stage, sign_in: SignIn) -> None:
    client = sign_in(organizer_of(stage))
    response = client.post(delay(stage), {"delay_s": "15"})
    assert response.headers["Location"] == tab(stage)
    stage.refresh_from_db()
    assert stage.delay_s == 15
    response = client.post(delay(stage), {"delay_s": "10"}, headers={"Accept": "application/json"})
    assert response.json() == {"text": "Saved"}
    stage.refresh_from_db()
    assert stage.delay_s == 10


@pytest.mark.parametrize("wanted", ["9", "16", "", "soon", "12.5", "-12", "²"])
def test_another_delay_is_refused(stage: Stage, sign_in: SignIn, wanted: str) -> None:
    response = sign_in(organizer_of(stage)).post(
        delay(stage), {"delay_s": wanted}, headers={"Accept": "application/json"}
    )
    assert response.status_code == 409
    assert response.json()["code"] == "stage.delay"
    stage.refresh_from_db()
    assert stage.delay_s == 12


def test_the_delay_of_a_running_show_stands(stage: Stage, sign_in: SignIn) -> None:
    client = sign_in(organizer_of(stage))
    client.get(tab(stage))
    Broadcast.objects.create(backstage_session=BackstageSession.objects.get(), delay_s=12)
    assert "disabled" in html(client.get(tab(stage)))
    response = client.post(delay(stage), {"delay_s": "15"}, headers={"Accept": "application/json"})
    assert response.json()["code"] == "show.on_air"
    stage.refresh_from_db()
    assert stage.delay_s == 12


def test_a_delay_is_not_set_through_another_event(stage: Stage, sign_in: SignIn) -> None:
    mine = EventFactory(organizers=[organizer := UserFactory()])
    address = reverse("backstage:set_delay", args=[mine.slug, stage.id])
    assert sign_in(organizer).post(address, {"delay_s": "15"}).status_code == 404
    stage.refresh_from_db()
    assert stage.delay_s == 12


@pytest.mark.parametrize(
    ("seconds", "length"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (41 * 60, "41 min"), (3 * 3600 + 300, "3 h 05 min")],
)
def test_last_broadcasts_say_how_long_and_how_many(
    stage: Stage, sign_in: SignIn, seconds: int, length: str
) -> None:
    client = sign_in(organizer_of(stage))
    assert "None yet." in html(client.get(tab(stage)))
    began = timezone.now() - timedelta(hours=5)
    Broadcast.objects.create(
        backstage_session=BackstageSession.objects.get(),
        delay_s=12,
        started_at=began,
        on_air_at=began + timedelta(seconds=12),
        stopped_at=began + timedelta(seconds=seconds),
        ended_at=began + timedelta(seconds=12 + seconds),
        peak_viewers=214,
    )
    page = " ".join(html(client.get(tab(stage))).split())
    assert f"{length} · 214 at peak" in page
    assert "None yet." not in page


def test_the_last_five_broadcasts_are_listed_and_the_newest_is_the_first(
    stage: Stage, sign_in: SignIn
) -> None:
    client, now = sign_in(organizer_of(stage)), timezone.now()
    client.get(tab(stage))
    # Of as many minutes as they are hours old, and written in another order.
    for age in (3, 6, 1, 5, 2, 4):
        began = now - timedelta(hours=age)
        end = began + timedelta(minutes=age)
        Broadcast.objects.create(
            backstage_session=BackstageSession.objects.get(),
            delay_s=12,
            started_at=began,
            on_air_at=began,
            stopped_at=end,
            ended_at=end,
        )
    listed = html(client.get(tab(stage))).split("Last broadcasts")[1]
    assert re.findall(r"(\d+) min ·", listed) == ["1", "2", "3", "4", "5"]


def test_a_broadcast_that_nobody_saw_says_so(stage: Stage, sign_in: SignIn) -> None:
    client = sign_in(organizer_of(stage))
    client.get(tab(stage))
    now = timezone.now()
    Broadcast.objects.create(
        backstage_session=BackstageSession.objects.get(), delay_s=12, stopped_at=now, ended_at=now
    )
    assert "Never on air" in html(client.get(tab(stage)))


def test_a_stage_with_another_provider_has_no_studio(stage: Stage, sign_in: SignIn) -> None:
    stage.provider = Stage.Provider.VIMEO
    stage.save()
    page = html(sign_in(organizer_of(stage)).get(tab(stage)))
    assert "Vimeo" in page
    assert "Hopin Studio" not in page
    assert not BackstageSession.objects.exists()


def test_an_event_without_stages(sign_in: SignIn) -> None:
    event = EventFactory(organizers=[organizer := UserFactory()])
    page = html(sign_in(organizer).get(reverse("backstage:stage_tab", args=[event.slug])))
    assert "This event has no stage" in page


def test_broadcasts_cost_the_same_however_many(
    stage: Stage, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(organizer_of(stage))
    client.get(tab(stage))
    session, now = BackstageSession.objects.get(), timezone.now()
    for _ in range(9):
        Broadcast.objects.create(backstage_session=session, delay_s=12, stopped_at=now, ended_at=now)
    with django_assert_num_queries(13):
        page = html(client.get(tab(stage)))
    assert page.count("at peak") == 5


def test_ten_stages_cost_what_one_costs(stage: Stage, sign_in: SignIn) -> None:
    client = sign_in(organizer_of(stage))

    def asked() -> list[int]:
        # Whoever comes first makes the Backstages.
        client.get(tab(stage))
        counts = []
        for address in (tab(stage), overview(stage)):
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))
        return counts

    one = asked()
    StageFactory.create_batch(9, event=stage.event)
    client.get(tab(stage))
    for session in BackstageSession.objects.all()[:6]:
        Broadcast.objects.create(backstage_session=session, delay_s=12)
    assert asked() == one
    assert html(client.get(tab(stage))).count("Going live") == 6
