"""With which code some work is refused, and that there is a sentence."""

from collections.abc import Callable

import pytest

from hopin_backstage.realtime import Refused


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    assert refusal.value.text.endswith(".")
    return refusal.value.code
