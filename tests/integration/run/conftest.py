from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.product import Product


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is started from again and again, as a laptop's is."""
    return tmp_path_factory.mktemp("run")


@pytest.fixture
def laptop(home: Path) -> Iterator[Callable[[], Product]]:
    """`make run` as on a laptop, from `home`. What a test leaves running is ended."""
    products: list[Product] = []

    def make() -> Product:
        products.append(Product(home, DEBUG="1"))
        return products[-1]

    yield make
    for product in products:
        product.stop()
