"""Notices of a group leave by the fan-out, and by nothing else."""

import re
from pathlib import Path

from channels.layers import get_channel_layer

PROJECT = Path(__file__).parents[3]
APPS = ("hopin_backstage", "events", "backstage", "moderation", "chat", "janus")
#: How one tells or hears by Redis, or by a channel layer.
BY_OTHER_WAYS = re.compile(
    r"""\.pubsub\(|\.s?publish\(|\bgroup_(send|add|discard)\b|["'](S?PUBLISH|[PS]?SUBSCRIBE)["'],"""
)
FANOUT = PROJECT / "hopin_backstage" / "realtime"


def test_there_is_no_channel_layer_by_which_a_group_could_be_told() -> None:
    assert get_channel_layer() is None


def test_nobody_but_the_fan_out_tells_or_hears_by_redis() -> None:
    files = [path for app in APPS for path in (PROJECT / app).rglob("*.py")]
    found = {path for path in files if BY_OTHER_WAYS.search(path.read_text())}
    assert found
    assert all(path.is_relative_to(FANOUT) for path in found), found
