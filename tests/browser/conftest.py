from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import chromium
from tests.browser.people import PATIENCE_S, Person
from tests.browser.scene import Scene, make_scene
from tests.servers.product import Product

pytestmark = pytest.mark.browser
_numbers = count(1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # For a module only: while Playwright's synchronous API runs, no asynchronous test can.
    expect.set_options(timeout=1000 * PATIENCE_S)
    with chromium() as running:
        yield running


@pytest.fixture
def scene(product: Product, request: pytest.FixtureRequest) -> Scene:
    """An event of this test's own. Parametrize indirectly with the delay in seconds."""
    return make_scene(product, f"show-{next(_numbers)}", delay_s=getattr(request, "param", 12))


@pytest.fixture
def person(browser: Browser, product: Product, scene: Scene) -> Iterator[Callable[..., Person]]:
    """person("sam") is Sam in a browser context of his own; with `scene=` in another than the test's."""
    everybody: list[Person] = []

    def come(who: str, **context: Any) -> Person:
        everybody.append(Person(browser, product, context.pop("scene", scene), who, **context))
        return everybody[-1]

    yield come
    for one in everybody:
        one.close()
