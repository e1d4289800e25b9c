"""The audit log: every action is in it, exactly once; and nothing changes or deletes what is in it."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import BackstageSession, Participant
from chat import services as chat
from events import demo
from events import services as events
from events.deeds import Deed
from events.models import Event, Membership, Organization, Speaker, User
from moderation import audit, services
from moderation.ledger import REFUSAL, AuditLogIsFinal
from moderation.models import AuditEntry
from moderation.webhooks import services as webhooks
from tests.factories import MembershipFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ComeIn = Callable[..., Participant]
MIGRATION = import_module("moderation.migrations.0003_audit_log_is_final")
TABLE = "moderation_auditentry"


# --- what is in it ---------------------------------------------------------------------------------------------
def ask(actor: Participant) -> dict[str, Any]:
    return {"request_id": services.ask(actor=actor, microphone=True, camera=True).pk}


def shown(who: Participant) -> Participant:
    backstage.put_on_screen(participant=who, microphone=True, camera=True)
    return who


def muted(by: Participant, who: Participant) -> None:
    services.mute(actor=by, participant_id=who.pk, muted=True)


def with_screen(who: Participant) -> None:
    backstage.take_screen(actor=shown(who), sound=False, instead=False)


def said(who: Participant, session: BackstageSession) -> dict[str, Any]:
    room = chat.room_of_backstage(session)
    message = chat.send(actor=who.user, room=room, client_id=uuid4(), text="Hello")
    return {"room": room, "message_id": message.pk}


def muted_in_chat(by: Participant, who: Participant, session: BackstageSession, *, muted: bool) -> None:
    chat.mute(actor=by.user, event=session.stage.event, person_id=who.user_id, muted=muted)


#: What is done before, by whom, and the action itself; organizer o, guest g, session s.
DEEDS: dict[Action, tuple[Callable[..., Any], Callable[..., Any]]] = {
    Action.ASKED: (lambda o, g, s: {}, lambda o, g, s, **_: ask(g)),
    Action.WITHDREW: (lambda o, g, s: ask(g), lambda o, g, s, **_: services.withdraw(actor=g)),
    Action.ACCEPTED: (lambda o, g, s: ask(g), lambda o, g, s, **asked: services.accept(actor=o, **asked)),
    Action.DECLINED: (
        lambda o, g, s: ask(g),
        lambda o, g, s, **asked: services.decline(actor=o, word=" Later\n", **asked),
    ),
    Action.DEQUEUED: (lambda o, g, s: ask(g), lambda o, g, s, **asked: services.dequeue(actor=o, **asked)),
    Action.MUTED: (lambda o, g, s: {}, lambda o, g, s: muted(o, g)),
    Action.UNMUTED: (
        lambda o, g, s: muted(o, g),
        lambda o, g, s: services.mute(actor=o, participant_id=g.pk, muted=False),
    ),
    Action.SCREEN_REMOVED: (
        lambda o, g, s: with_screen(g),
        lambda o, g, s: services.remove_from_screen(actor=o, participant_id=g.pk, screen=False),
    ),
    Action.REMOVED: (
        lambda o, g, s: shown(g) and None,
        lambda o, g, s: services.remove_from_screen(actor=o, participant_id=g.pk, screen=False),
    ),
    Action.BLOCKED: (lambda o, g, s: {}, lambda o, g, s: services.block(actor=o, participant_id=g.pk)),
    Action.UNBLOCKED: (
        lambda o, g, s: services.block(actor=o, participant_id=g.pk),
        lambda o, g, s: events.unblock(actor=o.user, event=s.stage.event, user=g.user),
    ),
    Action.LINK_RESET: (
        lambda o, g, s: {},
        lambda o, g, s: backstage.reset_link(actor=o.user, stage=s.stage, everybody_again=False),
    ),
    Action.BROADCAST_STARTED: (lambda o, g, s: {}, lambda o, g, s: backstage.start_broadcast(actor=o)),
    Action.BROADCAST_STOPPED: (
        lambda o, g, s: backstage.start_broadcast(actor=o) and None,
        lambda o, g, s: backstage.stop_broadcast(actor=o),
    ),
    Action.CUT: (
        lambda o, g, s: backstage.start_broadcast(actor=o) and None,
        lambda o, g, s: backstage.cut_now(actor=o),
    ),
    Action.MESSAGE_DELETED: (
        lambda o, g, s: said(g, s),
        lambda o, g, s, **message: chat.delete(actor=o.user, **message),
    ),
    Action.CHAT_MUTED: (lambda o, g, s: {}, lambda o, g, s: muted_in_chat(o, g, s, muted=True)),
    Action.CHAT_UNMUTED: (
        lambda o, g, s: muted_in_chat(o, g, s, muted=True),
        lambda o, g, s: muted_in_chat(o, g, s, muted=False),
    ),
    Action.PROVIDER_CHANGED: (
        lambda o, g, s: {},
        lambda o, g, s: backstage.set_provider(
            actor=o.user, stage=s.stage, provider="vimeo", address="vimeo.com/76979871"
        ),
    ),
    Action.STAGE_ARCHIVED: (
        lambda o, g, s: {},
        lambda o, g, s: backstage.archive_stage(actor=o.user, stage=s.stage),
    ),
    Action.STAGE_RESTORED: (
        lambda o, g, s: backstage.archive_stage(actor=o.user, stage=s.stage),
        lambda o, g, s: events.restore_stage(actor=o.user, stage=s.stage),
    ),
}


def in_dashboard(work: Callable[..., object], **named: Any) -> Callable[..., object]:
    """A service of events, done by the organizer; `named` may be functions of the guest."""
    return lambda o, g, s, **before: work(
        actor=o.user,
        event=s.stage.event,
        **{name: value(g) if callable(value) else value for name, value in named.items()},
    )


def of_speaker(work: Callable[..., object], **named: Any) -> Callable[..., object]:
    return lambda o, g, s, **before: work(actor=o.user, speaker=s.stage.event.speakers.get(), **named)


def nothing_before(o: Participant, g: Participant, s: BackstageSession) -> None:
    """The deed needs nothing."""


def a_copy(o: Participant, g: Participant, s: BackstageSession, **before: object) -> None:
    """Made by somebody who may: an owner. The entry belongs to the copy."""
    MembershipFactory(organization=s.stage.event.organization, user=o.user, role=Membership.Role.OWNER)
    events.duplicate_event(actor=o.user, event=s.stage.event)


def before(work: Callable[..., object]) -> Callable[..., None]:
    """What it returns is of no interest."""

    def do(o: Participant, g: Participant, s: BackstageSession) -> None:
        work(o, g, s)

    return do


add_grace = in_dashboard(events.add_speaker, name="Grace")


def two_speakers(o: Participant, g: Participant, s: BackstageSession) -> dict[str, Any]:
    add_grace(o, g, s)
    return {"speaker": events.add_speaker(actor=o.user, event=s.stage.event, name="Ada")}


def move_the_second(o: Participant, g: Participant, s: BackstageSession, speaker: Speaker) -> None:
    """Once more than there is a place: at the end, nothing is done, and nothing is written down."""
    for _ in range(2):
        events.move_speaker(actor=o.user, speaker=speaker, places=-1)


def second_stage(o: Participant, g: Participant, s: BackstageSession) -> None:
    events.create_stage(actor=o.user, event=s.stage.event, name="Side")


def turn_stages_around(o: Participant, g: Participant, s: BackstageSession, **before: object) -> None:
    """Twice to the same order: the second time it is none."""
    order = [stage.pk for stage in reversed(s.stage.event.stages.all())]
    for _ in range(2):
        events.reorder_stages(actor=o.user, event=s.stage.event, order=order)


DEEDS |= {
    Action.EVENT_CREATED: (nothing_before, a_copy),
    Action.EVENT_EDITED: (nothing_before, in_dashboard(events.edit_event, name="Other", capacity=90)),
    Action.EVENT_PUBLISHED: (
        before(in_dashboard(events.unpublish_event)),
        in_dashboard(events.publish_event),
    ),
    Action.EVENT_UNPUBLISHED: (nothing_before, in_dashboard(events.unpublish_event)),
    Action.EVENT_ARCHIVED: (nothing_before, in_dashboard(events.archive_event)),
    Action.EVENT_RESTORED: (before(in_dashboard(events.archive_event)), in_dashboard(events.restore_event)),
    Action.ORGANIZER_ADDED: (nothing_before, in_dashboard(events.add_organizer, user=lambda g: g.user)),
    Action.ORGANIZER_REMOVED: (
        before(in_dashboard(events.add_organizer, user=lambda g: g.user)),
        in_dashboard(events.remove_organizer, user=lambda g: g.user),
    ),
    Action.SPEAKER_ADDED: (nothing_before, add_grace),
    Action.SPEAKER_EDITED: (
        before(add_grace),
        of_speaker(events.edit_speaker, name="Grace H.", title="Admiral", links=[]),
    ),
    Action.SPEAKER_REMOVED: (before(add_grace), of_speaker(events.remove_speaker)),
    Action.SPEAKER_MOVED: (two_speakers, move_the_second),
    Action.STAGES_REORDERED: (second_stage, turn_stages_around),
    Action.PEOPLE_EXPORTED: (nothing_before, in_dashboard(events.note_export)),
}


def make_webhook(o: Participant, g: Participant, s: BackstageSession, **before: object) -> dict[str, Any]:
    address = "https://hooks.example.com/told?secret=1"
    return {"webhook": webhooks.create_webhook(actor=o.user, event=s.stage.event, url=address)}


def paused_webhook(o: Participant, g: Participant, s: BackstageSession) -> dict[str, Any]:
    made = make_webhook(o, g, s)
    webhooks.set_active(actor=o.user, active=False, **made)
    return made


def on_stage(work: Callable[..., object], **named: Any) -> Callable[..., object]:
    return lambda o, g, s, **before: work(actor=o.user, stage=s.stage, **named)


DEEDS |= {
    Action.STAGE_ADDED: (nothing_before, in_dashboard(events.create_stage, name="Side")),
    Action.STAGE_RENAMED: (nothing_before, on_stage(events.rename_stage, name="Hall")),
    Action.DELAY_CHANGED: (nothing_before, on_stage(backstage.set_delay, delay_s=15)),
    Action.WEBHOOK_CREATED: (nothing_before, make_webhook),
    Action.WEBHOOK_PAUSED: (
        make_webhook,
        lambda o, g, s, **made: webhooks.set_active(actor=o.user, active=False, **made),
    ),
    Action.WEBHOOK_RESUMED: (
        paused_webhook,
        lambda o, g, s, **made: webhooks.set_active(actor=o.user, active=True, **made),
    ),
    Action.WEBHOOK_DELETED: (
        make_webhook,
        lambda o, g, s, **made: webhooks.delete_webhook(actor=o.user, **made),
    ),
}
OF_WEBHOOKS = {
    Action.WEBHOOK_CREATED,
    Action.WEBHOOK_PAUSED,
    Action.WEBHOOK_RESUMED,
    Action.WEBHOOK_DELETED,
}
OF_THE_EVENT = {
    Action.UNBLOCKED,
    Action.CHAT_MUTED,
    Action.CHAT_UNMUTED,
    # A new Stage has no Backstage yet.
    Action.STAGE_ADDED,
    *OF_WEBHOOKS,
    *map(Action, Deed),
}

OF_THE_GUEST = {Action.ASKED, Action.WITHDREW}
WITHOUT_TARGET = OF_THE_GUEST | {
    Action.LINK_RESET,
    Action.BROADCAST_STARTED,
    Action.BROADCAST_STOPPED,
    Action.CUT,
    Action.PROVIDER_CHANGED,
    Action.STAGE_ARCHIVED,
    Action.STAGE_RESTORED,
    Action.STAGE_ADDED,
    Action.STAGE_RENAMED,
    Action.DELAY_CHANGED,
    *OF_WEBHOOKS,
    *map(Action, Deed),
} - {Action.ORGANIZER_ADDED, Action.ORGANIZER_REMOVED}
DETAIL = {
    Action.DECLINED: "Later",
    Action.LINK_RESET: "keep_inside",
    Action.EVENT_EDITED: "capacity, name",
    Action.SPEAKER_ADDED: "Grace",
    Action.SPEAKER_EDITED: "Grace H.",
    Action.SPEAKER_REMOVED: "Grace",
    Action.SPEAKER_MOVED: "Ada",
    Action.STAGES_REORDERED: "Side, Main Stage",
    Action.PROVIDER_CHANGED: "Main Stage: Vimeo",
    Action.STAGE_ARCHIVED: "Main Stage",
    Action.STAGE_RESTORED: "Main Stage",
    Action.STAGE_ADDED: "Side",
    Action.STAGE_RENAMED: "Main Stage → Hall",
    Action.DELAY_CHANGED: "Main Stage: 15 s",
    # Its host: the rest of an address may be a secret.
    **dict.fromkeys(OF_WEBHOOKS, "hooks.example.com"),
}


def test_there_is_a_deed_for_every_action() -> None:
    assert set(DEEDS) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_every_action_is_recorded_once_with_who_when_and_whom(
    session: BackstageSession, olivia: Participant, sam: Participant, action: Action
) -> None:
    prepare, act = DEEDS[action]
    before = prepare(olivia, sam, session) or {}
    earlier = set(AuditEntry.objects.values_list("pk", flat=True))
    act(olivia, sam, session, **before)
    entry = AuditEntry.objects.exclude(pk__in=earlier).get()
    actor = sam if action in OF_THE_GUEST else olivia
    target = None if action in WITHOUT_TARGET else sam.user
    assert (entry.action, entry.actor, entry.actor_name) == (action, actor.user, actor.user.display_name)
    assert (entry.target, entry.target_name) == (target, "Sam" if target else "")
    event = Event.objects.get(pk=session.stage.event_id)
    if action == Action.EVENT_CREATED:
        assert entry.detail == event.name
        event = Event.objects.latest("pk")
    else:
        assert entry.detail == DETAIL.get(action, "")
    assert (entry.event, entry.event_name) == (event, event.name)
    # A block is of the event, and is lifted there; here it is made in the panel of a Backstage.
    assert entry.backstage_session == (None if action in OF_THE_EVENT else session)


@pytest.mark.parametrize("action", Action)
def test_what_is_rolled_back_is_not_recorded(
    session: BackstageSession, olivia: Participant, sam: Participant, action: Action
) -> None:
    prepare, act = DEEDS[action]
    before = prepare(olivia, sam, session) or {}
    entries = AuditEntry.objects.count()

    @transaction.atomic
    def act_and_fail() -> None:
        act(olivia, sam, session, **before)
        assert AuditEntry.objects.count() == entries + 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    assert AuditEntry.objects.count() == entries


def test_blocks_from_the_dashboard_and_by_promotion_are_recorded(
    session: BackstageSession, olivia: Participant, sam: Participant
) -> None:
    event = session.stage.event
    for _ in range(2):
        events.block(actor=olivia.user, event=event, user=sam.user)
    events.add_organizer(actor=olivia.user, event=event, user=sam.user)
    for _ in range(2):
        events.unblock(actor=olivia.user, event=event, user=sam.user)
    newest_first = list(AuditEntry.objects.values_list("action", "target_name"))
    assert newest_first == [("organizer_added", "Sam"), ("unblocked", "Sam"), ("blocked", "Sam")]


def test_somebody_without_a_name_is_recorded_by_address(session: BackstageSession) -> None:
    user = UserFactory(display_name="", email="nameless@example.com")
    entry = audit.record(action=Action.ASKED, actor=user, session=session, detail="x" * 300)
    assert (entry.actor_name, entry.detail) == ("nameless@example.com", "x" * 250)


# --- nothing deletes from it -----------------------------------------------------------------------------------
@pytest.fixture
def entry(session: BackstageSession, olivia: Participant, sam: Participant) -> AuditEntry:
    services.mute(actor=olivia, participant_id=sam.pk, muted=True)
    return AuditEntry.objects.get()


def in_raw_sql(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


STATEMENTS = [
    "DELETE FROM moderation_auditentry",
    "DELETE FROM moderation_auditentry WHERE action = 'muted'",
    "UPDATE moderation_auditentry SET actor_name = 'Nobody'",
    "UPDATE moderation_auditentry SET id = id",
]
OF_VENDOR = {
    "sqlite": ["INSERT OR REPLACE INTO moderation_auditentry SELECT * FROM moderation_auditentry"],
    "postgresql": [
        "TRUNCATE moderation_auditentry",
        "TRUNCATE moderation_auditentry CASCADE",
        (
            "INSERT INTO moderation_auditentry SELECT * FROM moderation_auditentry"
            " ON CONFLICT (id) DO UPDATE SET actor_name = 'Nobody'"
        ),
    ],
}


@pytest.mark.parametrize("number", range(len(STATEMENTS) + 3))
def test_the_database_refuses(entry: AuditEntry, number: int) -> None:
    statements = STATEMENTS + OF_VENDOR[connection.vendor]
    if number >= len(statements):
        pytest.skip("not a way of this database")
    before = AuditEntry.objects.values().get()
    with pytest.raises(DatabaseError, match="The audit log is final"):
        in_raw_sql(statements[number])
    assert AuditEntry.objects.values().get() == before


def test_the_orm_says_so_first(entry: AuditEntry, session: BackstageSession) -> None:
    entry.actor_name = "Nobody"
    for work in (
        entry.delete,
        entry.save,
        lambda: entry.save(update_fields=["actor_name"]),
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditEntry.objects.update(actor_name="Nobody"),
        lambda: AuditEntry.objects.bulk_update([entry], ["actor_name"]),
        lambda: session.audit_entries.all().delete(),
    ):
        with pytest.raises(AuditLogIsFinal, match="neither be changed nor deleted"):
            work()
    assert AuditEntry.objects.get().actor_name == "Olivia"


def test_both_refuse_in_the_same_words() -> None:
    assert MIGRATION.SENTENCE == REFUSAL
    assert MIGRATION.TABLE == TABLE


@pytest.fixture
def support(client: Client, settings: Any) -> Client:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # WhiteNoise warns where collectstatic has not been, and warnings are errors here.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def changelist(**query: str) -> str:
    return reverse("admin:moderation_auditentry_changelist", query=query)


def test_an_entry_outlives_all_that_it_names(
    session: BackstageSession, entry: AuditEntry, sam: Participant, olivia: Participant, support: Client
) -> None:
    event = session.stage.event
    sam.user.delete()
    event.organization.delete()
    olivia.user.delete()
    assert not Event.objects.filter(pk=event.pk).exists()
    assert str(AuditEntry.objects.get()) == "Olivia: Muted Sam"
    for shown in (changelist(), changelist(q="Sam"), changelist(q=event.name), changelist(action="muted")):
        page = support.get(shown).content.decode()
        assert "Olivia" in page
        assert event.name in page
    opened = support.get(reverse("admin:moderation_auditentry_change", args=[entry.pk]))
    assert opened.status_code == 200
    assert event.name in opened.content.decode()


def test_the_demo_can_be_made_anew_and_what_happened_in_it_stays(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT, settings.DATA_DIR = tmp_path, tmp_path
    demo.fill()
    event = Event.objects.get(slug=demo.EVENT_SLUG)
    sam = User.objects.get(email="sam@example.com")
    events.block(actor=User.objects.get(email="olivia@example.com"), event=event, user=sam)
    demo.reset()
    entry = AuditEntry.objects.get(action="blocked")
    assert (entry.actor_name, entry.target_name, entry.event_name) == (
        "Olivia Marsh",
        "Sam Barnes",
        demo.EVENT,
    )
    assert Event.objects.get(slug=demo.EVENT_SLUG).pk != event.pk, (
        "and it belongs to no other event by chance"
    )
    assert not User.objects.filter(pk=sam.pk).exists(), "nor to another person"
    assert Organization.objects.filter(slug=demo.ORGANIZATION_SLUG).count() == 1


# --- who reads it ----------------------------------------------------------------------------------------------
def test_support_reads_it_and_nothing_more(
    session: BackstageSession, entry: AuditEntry, support: Client
) -> None:
    page = support.get(changelist()).content.decode()
    assert reverse("admin:events_event_change", args=[session.stage.event_id]) in page
    assert reverse("admin:backstage_backstagesession_change", args=[session.pk]) in page
    assert "delete_selected" not in page
    for action in ("delete", "change"):
        path = reverse(f"admin:moderation_auditentry_{action}", args=[entry.pk])
        assert support.post(path, {"post": "yes", "actor_name": "Nobody"}).status_code == 403
    assert support.get(reverse("admin:moderation_auditentry_add")).status_code == 403
    assert support.get(changelist(event__id__exact=str(session.stage.event_id))).status_code == 200
    assert AuditEntry.objects.get().actor_name == "Olivia"


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    entry: AuditEntry, olivia: Participant, sam: Participant, support: Client, django_assert_num_queries: Any
) -> None:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        support.get(changelist())
    for number in range(6):
        services.mute(actor=olivia, participant_id=sam.pk, muted=bool(number % 2))
    with django_assert_num_queries(len(one)):
        support.get(changelist())


def test_support_looks_at_requests(sam: Participant, support: Client) -> None:
    request = services.ask(actor=sam, microphone=True, camera=True)
    assert "Sam" in support.get(reverse("admin:moderation_sharerequest_changelist")).content.decode()
    path = reverse("admin:moderation_sharerequest_change", args=[request.pk])
    assert support.get(path).status_code == 200
    assert support.post(path, {"state": "accepted"}).status_code == 403


def test_support_unblocks_through_the_service(
    session: BackstageSession, olivia: Participant, sam: Participant, support: Client
) -> None:
    services.block(actor=olivia, participant_id=sam.pk)
    block = session.stage.event.blocks.get()
    blocks = reverse("admin:events_block_changelist")
    chosen = {"action": "unblock", "_selected_action": [str(block.pk)]}
    asked = support.post(blocks, chosen).content.decode()
    assert "Sam" in asked
    assert session.stage.event.blocks.exists(), "the question alone does nothing"
    answer = support.post(blocks, {**chosen, "confirmed": "yes"}, follow=True)
    assert "Sam may come in again." in answer.content.decode()
    assert not session.stage.event.blocks.exists()
    assert AuditEntry.objects.filter(action="unblocked", target=sam.user).count() == 1
    for path in (
        reverse("admin:events_block_add"),
        reverse("admin:events_block_delete", args=[block.pk]),
    ):
        assert support.post(path, {}).status_code in {302, 403}
