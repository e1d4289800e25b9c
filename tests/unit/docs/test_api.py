"""docs/api.md tells the truth: its example verifies our signatures, and its codes are those that there are."""

import re
import time
from collections.abc import Callable
from pathlib import Path

from hopin_backstage.rest.errors import WORDS
from moderation.webhooks.outbox import KINDS, TEST
from moderation.webhooks.signature import signature

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text()


def example() -> Callable[[str, str, bytes], bool]:
    [code] = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    names: dict[str, Callable[[str, str, bytes], bool]] = {}
    exec(code, names)  # noqa: S102  our own page
    return names["is_ours"]


def test_the_example_knows_ours_from_others() -> None:
    is_ours, now = example(), int(time.time())
    header = signature("whsec_one", now, b'{"id": 1}')
    assert is_ours("whsec_one", header, b'{"id": 1}')
    assert not is_ours("whsec_two", header, b'{"id": 1}')
    assert not is_ours("whsec_one", header, b'{"id": 2}')
    assert not is_ours("whsec_one", signature("whsec_one", now - 301, b"{}"), b"{}"), "an old one, sent again"
    assert not is_ours("whsec_one", header.replace(f"t={now}", f"t={now + 1}"), b'{"id": 1}')


def test_every_code_and_kind_is_named() -> None:
    for _error, code, _text in WORDS:
        assert f"`{code}`" in PAGE, code
    for kind in (*KINDS.values(), TEST):
        assert f"`{kind}`" in PAGE, kind
