"""A full house costs one encoding of the notice and one of its frame: every connection is written the same bytes."""

import json
from contextlib import AsyncExitStack
from typing import Any

import pytest

from hopin_backstage.realtime import told
from tests.integration.realtime.ear import Noted, Word, ear, tell
from tests.janus.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True)]
MEMBERS = 8


async def test_a_notice_and_its_frame_are_encoded_once_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    encode_notice, encoded = told.encode_notice, []

    def counted(*about: Any) -> str:
        encoded.append(about)
        return encode_notice(*about)

    monkeypatch.setattr(told, "encode_notice", counted)
    outlets = [Noted() for _ in range(MEMBERS)]
    async with AsyncExitStack() as doors:
        for outlet in outlets:
            await doors.enter_async_context(ear(outlet=outlet))
        await tell(Word(number=1))
        await eventually(lambda: all(outlet.frames for outlet in outlets))
    [frame] = outlets[0].frames
    assert json.loads(frame[2:])["body"] == {"number": 1}
    assert all(outlet.frames[0] is frame for outlet in outlets)
    assert len(encoded) == 1
