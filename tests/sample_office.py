"""A sample office, created once and copied for each test that requests it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.shell import sample_office
from tests.conftest import CHEAP, made_once

SAMPLE_NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture(scope="session")
def prepared_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create the sample office once."""

    def make(folder: Path) -> None:
        sample_office.build(folder, now=SAMPLE_NOW, cost=CHEAP).seat.store.close()

    return made_once(tmp_path_factory, "sample", make)


@pytest.fixture
def sample_seat(prepared_sample: Path, tmp_path: Path) -> Iterator[Seat]:
    """The administrator of this test's copy of the sample office."""
    folder = tmp_path / "sample"
    shutil.copytree(prepared_sample, folder)
    seat = sign_in(folder, "admin", sample_office.PASSWORD)
    yield Seat(seat.store, seat.operator, now=lambda: SAMPLE_NOW)
    seat.store.close()
