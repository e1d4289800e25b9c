"""Waiting for conditions, with deadlines."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from janus.events import HandleEvent

Wanted = TypeVar("Wanted")


async def eventually(condition: Callable[[], Wanted], within_s: float = 5.0) -> Wanted:
    """Look until `condition()` is true; returns what it returned."""
    deadline = asyncio.get_running_loop().time() + within_s
    while not (result := condition()):
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"Not within {within_s} s")
        await asyncio.sleep(0.01)
    return result


class Inbox:
    """The events of a handle, in order."""

    def __init__(self) -> None:
        self.events: list[HandleEvent] = []
        self._listeners: list[Callable[[HandleEvent], Any]] = []

    def __call__(self, event: HandleEvent) -> None:
        self.events.append(event)
        for listener in self._listeners:
            listener(event)

    def listen(self, listener: Callable[[HandleEvent], Any]) -> None:
        """Also hand over what came before."""
        for event in self.events:
            listener(event)
        self._listeners.append(listener)

    def of(self, kind: type[Wanted]) -> list[Wanted]:
        return [event for event in self.events if isinstance(event, kind)]

    async def next(self, kind: type[Wanted], /, within_s: float = 5.0, **fields: object) -> Wanted:
        """The first event of this kind with these fields, come or still to come."""

        def found() -> list[Wanted]:
            return [
                event
                for event in self.of(kind)
                if all(getattr(event, name) == value for name, value in fields.items())
            ]

        try:
            return (await eventually(found, within_s))[0]
        except AssertionError:
            raise AssertionError(f"No {kind.__name__} {fields} in {self.events}") from None
