from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest


@pytest.fixture
async def doors() -> AsyncIterator[AsyncExitStack]:
    """Whatever a test opens goes in here, and is closed with it."""
    async with AsyncExitStack() as stack:
        yield stack
