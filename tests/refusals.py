"""What the services say no to."""

from collections.abc import Callable

import pytest

from hopin_backstage.realtime import Refused


def refusal(work: Callable[[], object]) -> str:
    """The code with which some work is refused."""
    with pytest.raises(Refused) as caught:
        work()
    return caught.value.code
