"""In tests, too, garbage is collected on the main thread only: what one test leaves behind, the next would free."""

import gc
from collections.abc import Iterator

import pytest

from fuyuan_desk.core.garbage import collect_due

gc.disable()


def pytest_collection_finish() -> None:
    """Leave what was loaded for the tests out of every later pass: it stays, and is most of what there is."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """Collect what is due after each test."""
    yield
    collect_due()
