"""A sample office, created once and copied for each test that requests it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.estates.records import Building
from fuyuan_desk.estates.service import notice_pages
from fuyuan_desk.facilities.records import Facility, FacilityCheck
from fuyuan_desk.facilities.service import check_pages
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


def attach_pages(seat: Seat, page: NewPhoto) -> None:
    """Attach a page to the notice of every building, and to a check of every facility."""
    with seat.store.use() as session:
        for facility in session.scalars(select(Facility.id)).all():
            session.add(FacilityCheck(facility_id=facility, item="lift-inspection", done_on=seat.today()))
        session.commit()
        buildings, checks = (
            session.scalars(select(Building.id)).all(),
            session.scalars(select(FacilityCheck.id)).all(),
        )
    for building in buildings:
        notice_pages.add_pages(seat, building, (page,))
    for check in checks:
        check_pages.add_pages(seat, check, (page,))
