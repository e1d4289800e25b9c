"""docs/protocol.md names every command, reply and notice of every socket, with its fields, and nothing else."""

import re
from pathlib import Path

import msgspec

from backstage import messages as backstage_messages
from backstage.consumers.media import BackstageMediaConsumer
from backstage.consumers.preview import PreviewConsumer
from backstage.consumers.room import BackstageConsumer
from backstage.consumers.stage import StageConsumer
from chat import messages as chat_messages
from chat.consumers import BackstageChatConsumer, EventChatConsumer
from hopin_backstage.realtime import Notice
from hopin_backstage.realtime.consumer import WireConsumer
from moderation import messages as moderation_messages
from moderation.consumers import ModerationConsumer

DOCUMENT = (Path(__file__).parents[3] / "docs" / "protocol.md").read_text()
SOCKETS: dict[str, type[WireConsumer]] = {
    "/ws/backstage/LINK/": BackstageConsumer,
    "/ws/moderation/LINK/": ModerationConsumer,
    "/ws/backstage-media/LINK/": BackstageMediaConsumer,
    "/ws/stage/STAGE/": StageConsumer,
    "/ws/backstage-preview/LINK/": PreviewConsumer,
    "/ws/chat/backstage/LINK/": BackstageChatConsumer,
    "/ws/chat/event/EVENT/": EventChatConsumer,
}
BETWEEN_PROCESSES = {"slot.feeds", "house.admitted", "house.moved"}


def fields(kind: type[msgspec.Struct]) -> str:
    return ", ".join(field.encode_name for field in msgspec.structs.fields(kind))


def section(socket: str) -> str:
    return DOCUMENT.split(f"## `{socket}`")[1].split("\n## ")[0]


def rows(text: str, arrow: str) -> dict[str, str]:
    """`| → `type` | fields | … |` as type to fields."""
    found = re.findall(rf"^\| {arrow} `([\w.]+)` \| ([^|]*) \|", text, re.MULTILINE)
    return {wire_type: names.replace("`", "").strip().replace("–", "") for wire_type, names in found}


def notices() -> dict[str, str]:
    kinds = [
        kind
        for module in (backstage_messages, moderation_messages, chat_messages)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Notice) and kind is not Notice
    ]
    return {kind.wire_type: fields(kind) for kind in kinds if kind.wire_type not in BETWEEN_PROCESSES}


def test_every_command_of_every_socket_is_written_down_and_no_other() -> None:
    for socket, consumer in SOCKETS.items():
        accepted = {wire_type: fields(kind) for wire_type, (kind, _handler) in consumer.registry.items()}
        assert rows(section(socket), "→") == accepted, socket


def test_every_notice_is_written_down_and_no_other() -> None:
    written: dict[str, str] = {}
    for socket in SOCKETS:
        written |= rows(section(socket), "←")
    assert written == notices()


def test_every_shared_type_is_written_down() -> None:
    for kind in (
        backstage_messages.Tile,
        backstage_messages.Show,
        backstage_messages.Candidate,
        backstage_messages.Me,
        backstage_messages.Layout,
        backstage_messages.AiredTile,
        moderation_messages.Waiting,
        moderation_messages.MyRequest,
        chat_messages.Message,
        chat_messages.Author,
        chat_messages.Mention,
        chat_messages.Person,
        chat_messages.MutedPerson,
    ):
        assert f"| `{kind.__name__}` | {fields(kind)} |" in DOCUMENT
