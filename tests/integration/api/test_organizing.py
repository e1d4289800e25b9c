"""Organizations, their people, and an event from its making to its archive: by the API alone."""

from collections.abc import Callable
from datetime import timedelta

from django.core import mail
from django.utils import timezone

from events import services
from events.models import Event, Membership, Organization, Stage
from events.services.organizations import MOST_OWNED
from moderation.models import AuditEntry
from tests.factories import MembershipFactory, SpeakerFactory, StageFactory, UserFactory
from tests.integration.api.conftest import Api, House

Ask = Callable[..., Api]
OnCommit = Callable[..., object]


def codes(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]  # type: ignore[attr-defined]


# --- Organizations ----------------------------
def test_an_organization_is_made_once_and_renamed(house: House, api: Ask) -> None:
    nora = api(house.nora)
    made = nora.post("organizations/", {"name": "Northwind"}, Idempotency_Key="one")
    slug = made.json()["slug"]
    assert slug.startswith("northwind-")
    assert (made.status_code, made.json()) == (201, {"slug": slug, "name": "Northwind", "role": "owner"})
    assert nora.post("organizations/", {"name": "Northwind"}, Idempotency_Key="one").json() == made.json()
    path = f"organizations/{slug}/"
    etag = nora.get(path)["ETag"]
    renamed = nora.patch(path, {"name": "Southwind"}, If_Match=etag)
    assert renamed.json() == {"slug": slug, "name": "Southwind", "role": "owner"}
    assert codes(nora.patch(path, {"name": "Mine"}, If_Match=etag)) == (412, "changed_meanwhile")
    assert api(house.ada).patch(path, {"name": "Mine"}).status_code == 404
    MembershipFactory(organization=Organization.objects.get(slug=slug), user=house.ada)
    assert codes(api(house.ada).patch(path, {"name": "Mine"})) == (403, "organization.not_yours")


def test_one_person_makes_so_many_organizations(house: House, api: Ask) -> None:
    nora = api(house.nora)
    MembershipFactory.create_batch(MOST_OWNED - 1, user=house.nora, role=Membership.Role.OWNER)
    assert nora.post("organizations/", {"name": "The last"}).status_code == 201
    refused = nora.post("organizations/", {"name": "One more"})
    assert codes(refused) == (409, "organization.too_many")
    assert "write to the support" in refused.json()["text"]
    assert not Organization.objects.filter(name="One more").exists()


def test_members_have_roles_that_change(house: House, api: Ask) -> None:
    organization = house.event.organization
    owner = MembershipFactory(organization=organization, role=Membership.Role.OWNER).user
    for user in (house.ada, house.sam):
        MembershipFactory(organization=organization, user=user)
    asking, members = api(owner), f"{house.organization}/members/"
    assert [one["role"] for one in asking.get(f"{members}?role=member").json()["results"]] == [
        "member",
        "member",
    ]
    changed = asking.patch(f"{members}{house.ada.pk}/", {"role": "admin"})
    assert changed.json() == {
        "id": house.ada.pk,
        "name": "Ada",
        "email": "ada@secret.example",
        "role": "admin",
    }
    # Whoever is a plain member sees who else is one, but no address.
    assert {one["email"] for one in api(house.sam).get(members).json()["results"]} == {None}
    assert codes(api(house.sam).patch(f"{members}{house.sam.pk}/", {"role": "admin"})) == (
        403,
        "organization.not_yours",
    )
    assert codes(api(house.ada).patch(f"{members}{house.ada.pk}/", {"role": "owner"})) == (
        403,
        "organization.owners_only",
    )
    assert codes(asking.delete(f"{members}{owner.pk}/")) == (409, "organization.last_owner")
    assert asking.patch(f"{members}{house.ada.pk}/", {"role": "queen"}).json()["code"] == "invalid"
    assert asking.patch(f"{members}{house.nora.pk}/", {"role": "admin"}).status_code == 404


def test_members_leave_and_are_removed(house: House, api: Ask) -> None:
    organization = house.event.organization
    owner = MembershipFactory(organization=organization, role=Membership.Role.OWNER).user
    MembershipFactory(organization=organization, user=house.ada)
    house.event.organizers.add(house.ada)
    members = f"{house.organization}/members/"
    assert api(house.nora).delete(f"{members}{house.ada.pk}/").status_code == 404
    assert api(owner).delete(f"{members}{house.olivia.pk}/").status_code == 204
    assert api(house.olivia).get(members).status_code == 404
    ada = api(house.ada)
    assert ada.delete(f"{members}{house.ada.pk}/").status_code == 204
    assert ada.post(f"{house.path}/archive/").status_code == 404, "her assignments have ended, too"


def test_invitations(house: House, api: Ask, django_capture_on_commit_callbacks: OnCommit) -> None:
    olivia, path = api(house.olivia), f"{house.organization}/invitations/"
    with django_capture_on_commit_callbacks(execute=True):
        made = olivia.post(path, {"email": "Grace@Example.com", "role": "admin"}, Idempotency_Key="one")
        olivia.post(path, {"email": "Grace@Example.com", "role": "admin"}, Idempotency_Key="one")
    assert made.status_code == 201
    shown = made.json()
    assert (shown["email"], shown["role"], shown["invited_by"], shown["is_expired"]) == (
        "grace@example.com",
        "admin",
        "Olivia",
        False,
    )
    [letter] = mail.outbox
    [link] = [word for word in letter.body.split() if "/invitations/" in word]
    assert link.startswith("http://testserver/invitations/")
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in made.content.decode() + olivia.get(path).content.decode()
    assert olivia.get(path).json()["results"] == [shown]
    assert codes(olivia.post(path, {"email": "grace@example.com"})) == (409, "invitation.exists")
    assert codes(olivia.post(path, {"email": "no address"})) == (409, "invitation.address")
    assert codes(olivia.post(path, {"email": "x@example.com", "role": "owner"})) == (
        403,
        "organization.owners_only",
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert olivia.post(f"{path}{shown['id']}/resend/").json()["id"] == shown["id"]
    assert len(mail.outbox) == 2
    assert olivia.delete(f"{path}{shown['id']}/").status_code == 204
    assert olivia.get(path).json()["results"] == []
    assert olivia.post(f"{path}{shown['id']}/resend/").status_code == 404
    # An organizer of one event runs no organization.
    house.event.organizers.add(house.nora)
    assert api(house.nora).get(f"{house.organization}/").status_code == 200
    assert api(house.nora).get(path).status_code == 404


# --- Events ----------------------------
def test_an_event_is_put_away_and_comes_back(house: House, api: Ask) -> None:
    olivia, ada = api(house.olivia), api(house.ada)
    archived = olivia.post(f"{house.path}/archive/", Idempotency_Key="one").json()
    assert archived["archived_at"] is not None
    assert ada.get(f"{house.path}/").status_code == 404
    assert olivia.get("events/").json()["results"] == []
    assert olivia.get("events/?archived=true").json()["results"] == [archived]
    assert ada.get("events/?archived=true").json()["results"] == []
    assert codes(olivia.patch(f"{house.path}/", {"name": "Late"})) == (409, "event.archived")
    assert olivia.post(f"{house.path}/restore/").json()["archived_at"] is None
    assert ada.get(f"{house.path}/").status_code == 200
    assert list(AuditEntry.objects.order_by("at").values_list("action", flat=True)) == [
        "event_archived",
        "event_restored",
    ]


def test_a_copy_is_made_once(house: House, api: Ask) -> None:
    SpeakerFactory(event=house.event, name="Grace")
    olivia = api(house.olivia)
    copies = [olivia.post(f"{house.path}/duplicate/", Idempotency_Key="one") for _ in range(2)]
    assert [copy.status_code for copy in copies] == [201, 201]
    assert copies[0].json() == copies[1].json()
    assert Event.objects.count() == 2
    path = f"events/{copies[0].json()['slug']}"
    assert copies[0].json()["status"] == "draft"
    assert [one["name"] for one in olivia.get(f"{path}/speakers/").json()["results"]] == ["Grace"]
    house.event.organizers.add(house.nora)
    refused = api(house.nora).post(f"{house.path}/duplicate/")
    assert codes(refused) == (403, "organization.not_yours")


def test_organizers_are_made_and_taken_back(house: House, api: Ask) -> None:
    olivia, registration = api(house.olivia), house.event.registrations.get(user=house.ada)
    path = f"{house.path}/registrations/{registration.pk}"
    assert olivia.get(f"{path}/").json()["is_organizer"] is False
    assert olivia.post(f"{path}/organizer/make/").json()["is_organizer"] is True
    ada = api(house.ada)
    assert ada.get(f"{house.path}/registrations/").status_code == 200
    assert ada.post(f"{path}/organizer/take-back/").status_code == 204, "from herself"
    # Owners organize all events of their organization.
    services.register(actor=house.olivia, event=house.event)
    theirs = house.event.registrations.get(user=house.olivia)
    assert olivia.get(f"{house.path}/registrations/{theirs.pk}/").json()["is_organizer"] is True
    assert ada.get(f"{house.path}/registrations/").status_code == 404


def test_members_are_assigned_without_being_registered(house: House, api: Ask) -> None:
    path = f"{house.path}/organizers/"
    Event.objects.filter(pk=house.event.pk).update(status="draft")
    member = MembershipFactory(
        organization=house.event.organization, user__display_name="Mia", user__email="mia@secret.example"
    ).user
    elsewhere = MembershipFactory(user=UserFactory()).user
    olivia, mia, nora = api(house.olivia), api(member), api(house.nora)
    assert mia.get(path).status_code == 404
    for _ in range(2):
        answer = olivia.ask("PUT", f"{path}{member.pk}/")
        assert answer.status_code == 200
        assert answer.json() == {"id": member.pk, "name": "Mia", "email": member.email, "role": ""}
    listed = {one["id"]: one["role"] for one in mia.get(path).json()["results"]}
    assert listed == {house.olivia.pk: "admin", member.pk: ""}
    assert mia.get(f"{path}{member.pk}/").json() == answer.json()
    # Whoever has nothing to do with it is not there, as is whoever does not exist.
    for stranger in (house.nora.pk, elsewhere.pk, 999_999):
        assert olivia.ask("PUT", f"{path}{stranger}/").json() == olivia.get("events/none/").json()
    assert olivia.ask("PUT", f"{path}{house.sam.pk}/").status_code == 200, "who is registered"
    assert codes(mia.delete(f"{path}{house.olivia.pk}/")) == (409, "organizer.by_role")
    assert mia.delete(f"{path}{member.pk}/").status_code == 204, "from herself"
    assert mia.get(path).status_code == 404
    assert olivia.delete(f"{path}{member.pk}/").status_code == 404
    # An organizer who is no member neither sees nor assigns those who are.
    house.event.organizers.add(house.nora)
    assert nora.ask("PUT", f"{path}{member.pk}/").status_code == 404
    logged = AuditEntry.objects.filter(target=member).values_list("action", "actor_name")
    assert set(logged) == {("organizer_added", "Olivia"), ("organizer_removed", "Mia")}
    services.archive_event(actor=house.olivia, event=house.event)
    assert codes(olivia.ask("PUT", f"{path}{member.pk}/")) == (409, "event.archived")


# --- Speakers ----------------------------
def test_speakers(house: House, api: Ask) -> None:
    olivia, path = api(house.olivia), f"{house.path}/speakers/"
    links = [{"url": "https://example.com/grace", "label": "Home"}]
    made = olivia.post(path, {"name": "Grace", "title": "Admiral", "links": links}, Idempotency_Key="one")
    assert made.status_code == 201
    assert (made.json()["links"], made.json()["photo"]) == (
        [{"label": "Home", "url": "https://example.com/grace"}],
        None,
    )
    ada = olivia.post(path, {"name": "Ada"}).json()
    grace = f"{path}{made.json()['id']}/"
    assert api(house.ada).get(grace).json() == made.json(), "as the event's page shows it"
    etag = olivia.get(grace)["ETag"]
    edited = olivia.patch(grace, {"title": "Rear admiral"}, If_Match=etag).json()
    assert (edited["name"], edited["title"], edited["links"]) == (
        "Grace",
        "Rear admiral",
        made.json()["links"],
    )
    assert codes(olivia.patch(grace, {"title": "x"}, If_Match=etag)) == (412, "changed_meanwhile")
    assert olivia.patch(grace, {"links": []}).json()["links"] == []
    assert codes(olivia.patch(grace, {"links": [{"url": "javascript:alert(1)"}]})) == (409, "speaker.link")
    assert olivia.post(f"{path}{ada['id']}/move/", {"places": -1}).json()["position"] == 0
    assert [one["name"] for one in olivia.get(path).json()["results"]] == ["Ada", "Grace"]
    assert olivia.delete(grace).status_code == 204
    assert olivia.get(grace).status_code == 404
    assert api(house.ada).delete(f"{path}{ada['id']}/").status_code == 404
    assert api(house.ada).patch(f"{path}{ada['id']}/", {"name": "Mine"}).status_code == 404


# --- Stages ----------------------------
def test_where_the_picture_of_a_stage_comes_from(house: House, api: Ask) -> None:
    olivia = api(house.olivia)
    path = f"{house.path}/stages/{house.stage.pk}/"
    address = "https://youtu.be/dQw4w9WgXcQ"
    set_to = olivia.patch(path, {"provider": "youtube", "video_address": address}).json()
    assert (set_to["provider"], set_to["video_address"]) == ("youtube", address)
    assert api(house.ada).get(path).json()["video_address"] is None
    assert olivia.patch(path, {"provider": "youtube"}).json() == set_to, "nothing new"
    assert codes(olivia.patch(path, {"provider": "vimeo"})) == (409, "stage.address_missing")
    assert codes(olivia.patch(path, {"video_address": "https://vimeo.com/1"})) == (
        409,
        "stage.address_elsewhere",
    )
    assert codes(olivia.patch(path, {"name": "Half", "delay_s": 11})) == (409, "stage.elsewhere")
    assert olivia.get(path).json()["name"] == "Main Stage", "all of an edit, or nothing"
    assert olivia.patch(path, {"provider": "hopin"}).json()["video_address"] == ""
    made = olivia.post(f"{house.path}/stages/", {"name": "Side", "provider": "custom", "video_address": "x"})
    assert codes(made) == (409, "stage.address")
    assert Stage.objects.count() == 1, "none is made without its address"
    olivia.post(f"{house.backstage}/broadcast/start/")
    refused = olivia.patch(path, {"provider": "youtube", "video_address": address})
    assert codes(refused) == (409, "show.on_air")


def test_stages_are_put_in_order_and_away(house: House, api: Ask) -> None:
    olivia, path = api(house.olivia), f"{house.path}/stages/"
    side = StageFactory(event=house.event, name="Side", position=1)
    ids = [str(house.stage.pk), str(side.pk)]

    def listed(**query: str) -> list[str]:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        return [one["id"] for one in olivia.get(f"{path}?{asked}").json()["results"]]

    assert olivia.post(f"{path}order/", {"order": ids[::-1]}).status_code == 204
    assert listed() == ids[::-1]
    assert codes(olivia.post(f"{path}order/", {"order": ids[:1]})) == (409, "stage.order")
    archived = olivia.post(f"{path}{side.pk}/archive/").json()
    assert archived["archived_at"] is not None
    assert (listed(), listed(archived="true")) == (ids[:1], ids[1:])
    assert olivia.get(f"{path}{side.pk}/").json() == archived
    ada = api(house.ada)
    assert ada.get(f"{path}{side.pk}/").status_code == 404
    assert ada.get(f"{path}?archived=true").json()["results"] == []
    assert olivia.patch(f"{path}{side.pk}/", {"name": "Gone"}).status_code == 404
    assert olivia.post(f"{path}{side.pk}/restore/").json()["archived_at"] is None
    olivia.post(f"{house.backstage}/broadcast/start/")
    assert codes(olivia.post(f"{path}{house.stage.pk}/archive/")) == (409, "show.on_air")


def test_what_is_done_by_the_api_is_in_the_log(house: House, api: Ask) -> None:
    """By the same services as the pages, so by the name of whoever has the token."""
    olivia, request = api(house.olivia), house.ask(house.sam)
    registration = house.event.registrations.get(user=house.ada)
    for path in (
        f"{house.backstage}/requests/{request.pk}/decline/",
        f"{house.path}/registrations/{registration.pk}/block/",
        f"{house.path}/registrations/{registration.pk}/unblock/",
        f"{house.backstage}/link/reset/",
        f"{house.backstage}/broadcast/start/",
        f"{house.backstage}/broadcast/cut/",
    ):
        assert olivia.post(path, {}).status_code == 200, path
    logged = AuditEntry.objects.filter(actor=house.olivia).order_by("at").values_list("action", flat=True)
    assert list(logged) == [
        "declined",
        "blocked",
        "unblocked",
        "link_reset",
        "broadcast_started",
        "cut",
    ]


def test_a_letter_of_registration_names_the_page(
    house: House, api: Ask, django_capture_on_commit_callbacks: OnCommit
) -> None:
    Event.objects.update(ends_at=timezone.now() + timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert api(UserFactory()).ask("PUT", f"{house.path}/registration/").status_code == 200
    assert f"http://testserver/{house.path}/" in mail.outbox[-1].body


def test_who_was_told_that_an_event_is_off_reads_where_it_is_once_a_program_publishes_it(
    house: House, api: Ask
) -> None:
    services.unpublish_event(actor=house.olivia, event=house.event, tell="https://x.example/")
    services.send_next()
    assert api(house.olivia).post(f"{house.path}/publish/").json()["status"] == "published"
    while services.send_next():
        pass
    address = f"http://testserver/events/{house.event.slug}/"
    assert {address in letter.body for letter in mail.outbox} == {True}
