"""The People tab: search, filter, sort, pages; blocking, organizers; the export."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events import exports
from events.models import Event, Membership, Registration, User
from moderation.models import AuditEntry
from tests.factories import BlockFactory, EventFactory, MembershipFactory, RegistrationFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.test_pages import html

pytestmark = pytest.mark.django_db


@pytest.fixture
def olivia() -> User:
    return UserFactory(display_name="Olivia")


@pytest.fixture
def event(olivia: User) -> Event:
    return EventFactory(organizers=[olivia], time_zone="Asia/Tokyo")


@pytest.fixture
def organizer(olivia: User, sign_in: SignIn) -> Client:
    return sign_in(olivia)


def person(event: Event, name: str, **named: object) -> User:
    return RegistrationFactory(
        event=event, user__display_name=name, user__email=f"{name.lower()}@example.com", **named
    ).user


def at(event: Event, name: str = "people", *more: object) -> str:
    return reverse(f"events:{name}", args=[event.slug, *more])


def shown(organizer: Client, event: Event, **query: str) -> list[str]:
    rows = organizer.get(at(event), query).context["rows"]
    return [row.registration.user.display_name for row in rows]


@pytest.fixture
def crowd(event: Event) -> None:
    """Ada came, Bea is blocked, cyd is an organizer, Dan an admin of the organization."""
    person(event, "Ada", came_at=timezone.now())
    BlockFactory(event=event, user=person(event, "Bea"))
    BlockFactory(user=User.objects.get(display_name="Ada"))
    event.organizers.add(person(event, "cyd"))
    dan = person(event, "Dan")
    MembershipFactory(organization=event.organization, user=dan, role=Membership.Role.ADMIN)
    person(EventFactory(), "Elsewhere")


# --- The list ------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("crowd")
def test_the_newest_comes_first_and_everything_can_be_sorted(organizer: Client, event: Event) -> None:
    assert shown(organizer, event) == ["Dan", "cyd", "Bea", "Ada"]
    assert shown(organizer, event, sort="registered") == ["Ada", "Bea", "cyd", "Dan"]
    assert shown(organizer, event, sort="name") == ["Ada", "Bea", "cyd", "Dan"]
    assert shown(organizer, event, sort="-name") == ["Dan", "cyd", "Bea", "Ada"]
    assert shown(organizer, event, sort="user__password") == ["Dan", "cyd", "Bea", "Ada"]


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "ADA"}, ["Ada"]),
        ({"search": "bea@exam"}, ["Bea"]),
        ({"search": "example a"}, ["Ada", "Bea", "Dan", "cyd"]),
        ({"search": "% _"}, []),
        ({"only": "came"}, ["Ada"]),
        ({"only": "not_came"}, ["Bea", "Dan", "cyd"]),
        ({"only": "blocked"}, ["Bea"]),
        ({"only": "organizers"}, ["Dan", "cyd"]),
        ({"only": "organizers", "search": "dan"}, ["Dan"]),
        ({"only": "nonsense"}, ["Ada", "Bea", "Dan", "cyd"]),
    ],
)
def test_searching_and_filtering(
    organizer: Client, event: Event, query: dict[str, str], found: list[str]
) -> None:
    assert sorted(shown(organizer, event, **query)) == found


def test_there_are_pages_and_a_page_that_is_not_there_is_the_last(organizer: Client, event: Event) -> None:
    RegistrationFactory.create_batch(51, event=event)
    assert len(shown(organizer, event)) == 50
    assert len(shown(organizer, event, page="2")) == 1
    assert len(shown(organizer, event, page="999")) == 1
    assert len(shown(organizer, event, page="x")) == 50
    # How many rows a page has is not the address's to say.
    for many in ("-1", "100000", "x"):
        assert len(shown(organizer, event, per_page=many)) == 50
    page = html(organizer.get(at(event), {"sort": "name", "search": "person"}))
    assert "Page 1 of 2" in page
    assert "?sort=name&amp;search=person&amp;page=2" in page


def test_a_page_costs_the_same_however_full(organizer: Client, event: Event) -> None:
    counts = []
    for more in (1, 40):
        for user in UserFactory.create_batch(more):
            RegistrationFactory(event=event, user=user)
            event.organizers.add(user)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            organizer.get(at(event))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 17


def test_names_are_text(organizer: Client, event: Event) -> None:
    person(event, "<script>x</script>")
    page = html(organizer.get(at(event)))
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


# --- Acts ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("act", "asked", "counted"),
    [
        ("block", "Block Ada from this event?", lambda event: event.blocks.count()),
        ("make_organizer", "Make Ada an organizer?", lambda event: event.organizers.count() - 1),
    ],
)
def test_each_act_asks_once_by_name_and_can_be_undone(
    organizer: Client, event: Event, act: str, asked: str, counted: object
) -> None:
    ada = person(event, "Ada")
    back = {"block": "unblock", "make_organizer": "take_organizer_back"}[act]
    assert asked in html(organizer.get(at(event, act, ada.pk)))
    assert counted(event) == 0, "asking is not doing"
    page = html(organizer.post(at(event, act, ada.pk), follow=True))
    assert counted(event) == 1
    assert at(event, back, ada.pk) in page
    assert "Ada" in html(organizer.get(at(event, back, ada.pk)))
    organizer.post(at(event, back, ada.pk))
    assert counted(event) == 0
    assert AuditEntry.objects.filter(event=event, target=ada).count() == 2


def test_somebody_who_has_nothing_to_do_with_the_event_is_not_found(organizer: Client, event: Event) -> None:
    stranger = person(EventFactory(), "Stranger")
    for act in ("block", "unblock", "make_organizer", "take_organizer_back"):
        for response in (
            organizer.get(at(event, act, stranger.pk)),
            organizer.post(at(event, act, stranger.pk)),
        ):
            assert response.status_code == 404
            assert "Stranger" not in html(response)
    assert not stranger.organized_events.exists()


def test_an_organizer_is_not_blocked(organizer: Client, event: Event, olivia: User) -> None:
    page = html(organizer.post(at(event, "block", olivia.pk), follow=True))
    assert "cannot be blocked" in page
    assert not event.blocks.exists()


def test_who_takes_it_back_from_themselves_leaves_the_dashboard(
    organizer: Client, event: Event, olivia: User
) -> None:
    response = organizer.post(at(event, "take_organizer_back", olivia.pk))
    assert response.headers["Location"] == "/"
    assert organizer.get(at(event)).status_code == 404


def test_a_block_on_somebody_who_is_not_registered_is_seen_and_lifted(
    organizer: Client, event: Event
) -> None:
    block = BlockFactory(event=event, user__display_name="Gone")
    page = html(organizer.get(at(event)))
    assert "Blocked, and not registered" in page
    assert at(event, "unblock", block.user.pk) in page
    organizer.post(at(event, "unblock", block.user.pk))
    assert not event.blocks.exists()


def test_nothing_is_offered_in_an_archived_event(organizer: Client, event: Event) -> None:
    ada = person(event, "Ada")
    Event.objects.update(archived_at=timezone.now())
    page = html(organizer.get(at(event)))
    assert "Ada" in page
    assert at(event, "block", ada.pk) not in page
    assert "This event is archived. Restore it first." in html(
        organizer.post(at(event, "block", ada.pk), follow=True)
    )


# --- Members of the organization ------------------------------------------------------------------------------------
def belongs(event: Event, name: str, role: str = Membership.Role.MEMBER) -> User:
    return MembershipFactory(
        organization=event.organization,
        role=role,
        user__display_name=name,
        user__email=f"{name.lower()}@example.com",
    ).user


def offered(page: Client, event: Event) -> list[str]:
    """Whom the list of members names, without the line that asks to choose one."""
    listed = re.search(r'<select[^>]*name="person".*?</select>', html(page.get(at(event))), re.DOTALL)
    options = re.findall(r'<option value="\d+">(.*?)</option>', listed[0], re.DOTALL) if listed else []
    return [" ".join(option.split()) for option in options]


def test_a_member_who_sees_no_draft_is_assigned_to_it(event: Event, sign_in: SignIn) -> None:
    Event.objects.update(status=Event.Status.DRAFT)
    owner = sign_in(belongs(event, "Owen", Membership.Role.OWNER))
    mia = belongs(event, "Mia")
    theirs = Client()
    theirs.force_login(mia)
    assert theirs.get(at(event)).status_code == 404
    page = html(owner.get(at(event)))
    assert "Add organizer" in page
    assert "(mia@example.com)" in page
    page = html(owner.post(at(event, "add_organizer"), {"person": mia.pk}, follow=True))
    assert "Mia is an organizer of this event." in page
    assert theirs.get(at(event)).status_code == 200
    entry = AuditEntry.objects.get(event=event, target=mia)
    assert (entry.action, entry.actor_name) == ("organizer_added", "Owen")


def test_whoever_organizes_already_is_not_offered_nor_are_members_of_others(
    event: Event, sign_in: SignIn
) -> None:
    owner = sign_in(belongs(event, "Owen", Membership.Role.OWNER))
    belongs(event, "Adam", Membership.Role.ADMIN)
    event.organizers.add(belongs(event, "Assigned"))
    belongs(EventFactory(), "Elsewhere")
    assert offered(owner, event) == []
    page = html(owner.get(at(event)))
    assert "Add organizer" not in page
    assert "Every member of" in page
    belongs(event, "zoe")
    belongs(event, "Mia")
    assert offered(owner, event) == ["Mia (mia@example.com)", "zoe (zoe@example.com)"]


def test_a_member_reads_names_of_the_others_and_no_addresses(
    organizer: Client, event: Event, olivia: User
) -> None:
    MembershipFactory(organization=event.organization, user=olivia)
    mia = belongs(event, "Mia")
    page = html(organizer.get(at(event)))
    assert offered(organizer, event) == ["Mia"]
    assert mia.email not in page
    organizer.post(at(event, "add_organizer"), {"person": mia.pk})
    assert event.organizers.filter(pk=mia.pk).exists()


def test_an_organizer_from_outside_neither_sees_nor_assigns_members(organizer: Client, event: Event) -> None:
    mia = belongs(event, "Mia")
    page = html(organizer.get(at(event)))
    assert "Mia" not in page
    assert "Add organizer" not in page
    page = html(organizer.post(at(event, "add_organizer"), {"person": mia.pk}, follow=True))
    assert "Choose a member of the organization" in page
    assert "Mia" not in page
    assert not event.organizers.filter(pk=mia.pk).exists()


@pytest.mark.parametrize("wanted", ["", "x", "0", "9" * 30, "-1"])
def test_what_is_no_member_is_refused(event: Event, sign_in: SignIn, wanted: str) -> None:
    owner = sign_in(belongs(event, "Owen", Membership.Role.OWNER))
    stranger = person(event, "Registered")
    belongs(event, "Mia")
    before = event.organizers.count()
    for value in (wanted, stranger.pk):
        page = html(owner.post(at(event, "add_organizer"), {"person": value}, follow=True))
        assert "Choose a member" in page
    assert event.organizers.count() == before


def test_no_organizer_is_added_to_an_archived_event(event: Event, sign_in: SignIn) -> None:
    owner = sign_in(belongs(event, "Owen", Membership.Role.OWNER))
    mia = belongs(event, "Mia")
    Event.objects.update(archived_at=timezone.now())
    assert "Add organizer" not in html(owner.get(at(event)))
    page = html(owner.post(at(event, "add_organizer"), {"person": mia.pk}, follow=True))
    assert "This event is archived. Restore it first." in page
    assert not event.organizers.filter(pk=mia.pk).exists()


# --- The export ----------------------------------------------------------------------------------------------------
def content(response: StreamingHttpResponse) -> bytes:
    """As the web server reads it: an asynchronous stream."""

    async def read() -> list[bytes]:
        return [part async for part in response.streaming_content]

    assert response.is_async
    return b"".join(async_to_sync(read)())


def exported(organizer: Client, event: Event, **query: str) -> list[list[str]]:
    text = content(organizer.get(at(event, "export_people"), query)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.usefixtures("crowd")
def test_the_export_has_everybody_with_times_of_the_event(organizer: Client, event: Event) -> None:
    at_four = datetime(2027, 1, 1, 4, 0, tzinfo=UTC)
    Registration.objects.filter(event=event).update(created_at=at_four)
    Registration.objects.filter(came_at__isnull=False).update(came_at=at_four + timedelta(minutes=5))
    response = organizer.get(at(event, "export_people"))
    raw = content(response)
    assert raw.startswith(b"\xef\xbb\xbfName,E-mail,Registered (Asia/Tokyo)")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="{event.slug}-people-')
    assert exported(organizer, event)[1:] == [
        ["Ada", "ada@example.com", "2027-01-01 13:00:00", "2027-01-01 13:05:00", "", ""],
        ["Bea", "bea@example.com", "2027-01-01 13:00:00", "", "", "yes"],
        ["cyd", "cyd@example.com", "2027-01-01 13:00:00", "", "yes", ""],
        ["Dan", "dan@example.com", "2027-01-01 13:00:00", "", "yes", ""],
    ]
    assert [row[0] for row in exported(organizer, event, only="organizers", search="d")][1:] == ["cyd", "Dan"]
    assert AuditEntry.objects.filter(event=event, action="people_exported").count() == 3


@pytest.mark.parametrize("formula", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_a_name_is_no_formula(organizer: Client, event: Event, formula: str) -> None:
    RegistrationFactory(event=event, user__display_name=formula)
    ((_head, *_more), (name, *_rest)) = exported(organizer, event)
    assert name.startswith("'")
    assert name.replace("\\|", "|") == f"'{formula}"


@pytest.mark.parametrize("name", ["Mia;=1+1", "Mia; @SUM(A1)", "Mia\t-1+1", 'Mia";=1+1', "Mia;=1;=2"])
def test_a_name_is_no_formula_where_semicolons_part_cells(organizer: Client, event: Event, name: str) -> None:
    RegistrationFactory(event=event, user__display_name=name)
    text = content(organizer.get(at(event, "export_people"))).decode("utf-8-sig")
    for separator in (";", "\t", ","):
        cells = [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_it_is_read_in_pieces(organizer: Client, event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "CHUNK", 2)
    for name in "abcde":
        person(event, name)
    assert [row[0] for row in exported(organizer, event)][1:] == list("abcde")


# --- More members than anybody chooses from ----------------------------------------------------------------------
def called(event: Event, name: str, number: int) -> None:
    """So many members of this name, whose addresses say nothing of it."""
    users = User.objects.bulk_create(
        User(email=f"{name.lower()}{each:03}@members.example", display_name=f"{name} {each:03}")
        for each in range(number)
    )
    Membership.objects.bulk_create(Membership(organization=event.organization, user=user) for user in users)


def found(page: Client, event: Event, **asked: str) -> tuple[list[str], str]:
    """Whom the list offers after a search, and the page."""
    shown = html(page.get(at(event), asked))
    listed = re.search(r'<select[^>]*name="person".*?</select>', shown, re.DOTALL)
    options = re.findall(r'<option value="\d+">(.*?)</option>', listed[0], re.DOTALL) if listed else []
    return [" ".join(option.split()) for option in options], shown


def test_of_many_members_one_is_found_by_name_and_assigned(event: Event, sign_in: SignIn) -> None:
    owner = sign_in(belongs(event, "Owen", Membership.Role.OWNER))
    called(event, "Anna", 15)
    assert len(found(owner, event)[0]) == 15, "few are simply listed"
    called(event, "Bea", 15)
    offered_at_first, page = found(owner, event)
    assert offered_at_first == []
    assert "Find a member" in page
    assert "Anna 003" not in page
    assert found(owner, event, member="anna 003")[0] == ["Anna 003 (anna003@members.example)"]
    assert found(owner, event, member="bea007@members")[0] == ["Bea 007 (bea007@members.example)"]
    few, page = found(owner, event, member="anna")
    assert len(few) == 15
    assert "autofocus" in page
    assert "Type more of the name" not in page
    called(event, "Annabel", 15)
    many, page = found(owner, event, member="anna")
    assert len(many) == 20
    assert "Type more of the name" in page
    nobody, page = found(owner, event, member="Zoe\0")
    assert nobody == []
    assert "No member of this name" in page
    mia = User.objects.get(email="anna003@members.example")
    owner.post(at(event, "add_organizer"), {"person": mia.pk})
    assert event.organizers.filter(pk=mia.pk).exists()
    assert found(owner, event, member="anna003@")[0] == []


def test_a_member_finds_the_others_by_their_names_alone(
    organizer: Client, event: Event, olivia: User
) -> None:
    MembershipFactory(organization=event.organization, user=olivia)
    called(event, "Anna", 25)
    assert found(organizer, event, member="anna 003")[0] == ["Anna 003"]
    assert found(organizer, event, member="members.example")[0] == []
    assert "members.example" not in found(organizer, event, member="anna")[1]


def test_whoever_looks_for_a_member_keeps_the_list_as_it_is(event: Event, sign_in: SignIn) -> None:
    owner = sign_in(belongs(event, "Owen", Membership.Role.OWNER))
    called(event, "Anna", 25)
    page = found(owner, event, search="x", only="came", sort="name")[1]
    form = re.search(r'<form[^>]*id="find-member".*?</form>', page, re.DOTALL)
    assert form is not None
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w*)"', form[0]))
    assert kept == {"search": "x", "only": "came", "sort": "name"}


def test_two_thousand_members_cost_what_thirty_cost(event: Event, sign_in: SignIn) -> None:
    owner = sign_in(belongs(event, "Owen", Membership.Role.OWNER))
    counts = []
    for number in (30, 2000):
        called(event, f"{'Q' * (number > 30)}Anna", number)
        with CaptureQueriesContext(connection) as asked:
            shown = html(owner.get(at(event), {"member": "anna"}))
        counts.append(len(asked))
        assert shown.count("<option") < 40
    assert counts[0] == counts[1]
