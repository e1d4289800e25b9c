"""What the services say no to, and that they say why."""

from collections.abc import Callable

import pytest

from hopin_backstage.realtime import Refused

#: Those whose sentence has no dot at its end: in the product's own words, or with an address there.
WITHOUT_DOT = {"chat.muted", "stage.address"}


def refusal(work: Callable[..., object], **arguments: object) -> str:
    """The code with which some work is refused; the person has a sentence, too."""
    with pytest.raises(Refused) as caught:
        work(**arguments)
    code, text = caught.value.code, caught.value.text
    assert " " in text
    assert text.endswith(".") or code in WITHOUT_DOT, f"no sentence: {text}"
    return code
