import json
from typing import ClassVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopin_backstage.realtime import Command, Notice, codec


class Greet(Command):
    wire_type: ClassVar[str] = "greet"
    name: str


class Greeted(Notice):
    wire_type: ClassVar[str] = "greeted"
    name: str


def test_a_command_is_read() -> None:
    envelope = codec.decode_envelope('{"type":"greet","id":"c7","body":{"name":"Ada"}}')
    assert (envelope.type, envelope.id) == ("greet", "c7")
    assert codec.decode_body(Greet, envelope.body) == Greet(name="Ada")


@pytest.mark.parametrize("body", ["{}", '{"name":1}', '{"name":"Ada","room":1}', "[]", "null"])
def test_a_body_must_be_exactly_what_its_type_asks_for(body: str) -> None:
    envelope = codec.decode_envelope(f'{{"type":"greet","id":"c7","body":{body}}}')
    with pytest.raises(codec.NotUnderstood):
        codec.decode_body(Greet, envelope.body)


def test_a_text_holds_no_character_that_a_database_refuses() -> None:
    with pytest.raises(codec.NotUnderstood):
        codec.decode_body(Greet, msgspec.Raw(rb'{"name":"a\u0000b"}'))
    spelt_out = codec.decode_body(Greet, msgspec.Raw(rb'{"name":"a\\u0000b"}'))
    assert spelt_out == Greet(name=r"a\u0000b")


def test_an_endless_id_is_not_carried_around() -> None:
    with pytest.raises(codec.NotUnderstood):
        codec.decode_envelope(json.dumps({"type": "greet", "id": "x" * 65}))


@given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        envelope = codec.decode_envelope(text)
        codec.decode_body(Greet, envelope.body)
    except codec.NotUnderstood:
        pass


def test_answers_and_notices_have_the_documented_shape() -> None:
    assert json.loads(codec.encode_ok("c7")) == {"type": "ok", "re": "c7", "body": {}}
    assert json.loads(codec.encode_error("c7", "stage.full", "Full.")) == {
        "type": "error",
        "re": "c7",
        "code": "stage.full",
        "text": "Full.",
    }
    assert json.loads(codec.encode_notice(Greeted(name="Ada"), 42)) == {
        "type": "greeted",
        "revision": 42,
        "body": {"name": "Ada"},
    }
    assert "revision" not in json.loads(codec.encode_notice(Greeted(name="Ada")))
