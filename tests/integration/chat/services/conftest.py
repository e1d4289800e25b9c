from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest

from chat.models import Room
from chat.services import deleting, writing
from chat.services.announcing import locked


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Something that is done before whoever waits for a room gets it."""

    def do(work: Callable[[], object]) -> None:
        @contextmanager
        def delayed(room_id: UUID) -> Iterator[Room]:
            work()
            with locked(room_id) as room:
                yield room

        for module in (writing, deleting):
            monkeypatch.setattr(module, "locked", delayed)

    return do
