"""Every action that the audit log knows: what is done before, by whom, and what its entry says."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import BackstageSession, Participant
from chat import services as chat
from events import services as events
from events.deeds import Deed
from events.models import Membership, Speaker
from moderation import services
from moderation.webhooks import services as webhooks
from tests.factories import MembershipFactory


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
    message = chat.send(room=room, post=chat.Post(actor=who.user, client_id=uuid4(), text="Hello"))
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
