"""Stores of every migration step open with all their data; a step that fails changes nothing."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.service.records import check_records
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.estates.service.estates import estate_detail, list_estates
from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.office.service.settings import check_office
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.renovation.service import queries
from fuyuan_desk.roster.service.imports import import_roster, list_imports
from fuyuan_desk.roster.service.unimported import list_unimported
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.standards.service.tiers import tier_history
from fuyuan_desk.store.db import migrate
from fuyuan_desk.today import service as today
from fuyuan_desk.workbook.parser import Cell
from tests.disk import FaultyDisk, from_windows
from tests.roster.rosters import draft
from tests.store import old_stores

ROWS: list[list[Cell]] = [["门牌号", "室号", "姓名"], ["1号", "101", "李四"], ["1号", "", "张三"]]
UNLOGGED = (
    "0020"  # made by a version that did not log the days of the rounds it planned; it was never released
)
STEPS = sorted(file.name.split(".")[0] for file in old_stores.FOLDER.glob("*.db.xz"))


Migrated = Callable[[str, Path], Seat]


def opened(folder: Path) -> Seat:
    return sign_in(folder, "admin", old_stores.PASSWORD)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Migrated:
    """Copy the store of a step, migrated once, into a folder and open it."""
    made: dict[str, Path] = {}

    def copied(step: str, folder: Path) -> Seat:
        if step not in made:
            made[step] = tmp_path_factory.mktemp(step) / "office"
            old_stores.unpack(step, made[step])
            opened(made[step]).store.close()
        shutil.copytree(made[step], folder)
        return opened(folder)

    return copied


def test_a_store_of_every_step_exists() -> None:
    versions = Path(migrate.__file__).parents[1] / "migrations" / "versions"
    assert sorted(file.name[:4] for file in versions.glob("0*.py")) == STEPS


@pytest.mark.parametrize("step", STEPS)
def test_an_old_store_opens_with_all_that_is_in_it(step: str, tmp_path: Path, migrated: Migrated) -> None:
    folder = tmp_path / "office"
    seat = migrated(step, folder)
    [estate] = list_estates(seat).rows
    assert (estate.name, estate.buildings, estate.units) == (old_stores.ESTATE, 12, 85)
    assert tier_history(seat, estate.id)
    assert queries.list_cases(seat).rows
    assert list_visits(seat).rows
    assert today.search(seat, all_records(), "南昌路")
    number = queries.case_detail(seat, queries.list_cases(seat).rows[0].id).number
    unmarked = today.search(seat, all_records(), number.replace("-", "").lower())
    assert unmarked[0].kind == "case"
    assert today.guess(seat, all_records(), "lanchanglu", ())[0].meant == "南昌路"
    assert [fault for finding in check_office(seat) for fault in finding.faults] == []
    if step != UNLOGGED:
        assert not check_records(seat).faults  # what a step filled in is in the trail
    seat.store.close()
    copies = list((folder / migrate.COPIES).iterdir()) if (folder / migrate.COPIES).exists() else []
    assert len(copies) == (step != migrate.NEWEST)


def test_the_copy_before_a_migration_waits_for_who_holds_it(tmp_path: Path, disk: FaultyDisk) -> None:
    folder = tmp_path / "office"
    old_stores.unpack(STEPS[0], folder)
    held = from_windows(32, errno.EACCES)
    with disk.failing("replace", held, at=lambda path: path.suffix == ".part", times=2) as failed:
        opened(folder).store.close()
    assert len(failed) == 2
    assert [path.suffix for path in (folder / migrate.COPIES).iterdir()] == [".db"]


@pytest.mark.parametrize("step", [step for step in STEPS if step < "0004"])
def test_protection_that_was_never_asked_becomes_unknown(
    step: str, tmp_path: Path, migrated: Migrated
) -> None:
    folder = tmp_path / "office"
    seat = migrated(step, folder)
    [estate] = list_estates(seat).rows
    fields = estate_detail(seat, estate.id).fields
    assert (fields.heritage_class, fields.historic_area) == (None, "control")
    assert estate.protected
    seat.store.close()


@pytest.mark.parametrize("step", STEPS)
def test_an_import_of_an_earlier_version_keeps_no_rows(step: str, tmp_path: Path, migrated: Migrated) -> None:
    folder = tmp_path / "office"
    seat = migrated(step, folder)
    number = import_roster(seat, draft(ROWS, estate="甲小区")).import_id
    assert number is not None
    earlier = [view for view in list_imports(seat) if view.id != number]
    assert earlier
    rows = {view.id: len(list_unimported(seat, view.id).rows) for view in (*earlier, *list_imports(seat)[:1])}
    assert rows[number] == 1
    if step < "0007":
        assert sum(rows.values()) == 1
    seat.store.close()


def _half_a_step(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9998'")
        raise Unusable("The disk is full")


def test_a_step_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "office"
    old_stores.unpack(STEPS[0], folder)
    with monkeypatch.context() as newer:
        newer.setattr(migrate, "upgrade", _half_a_step)
        with pytest.raises(Unusable, match="full"):
            opened(folder)
    seat = opened(folder)
    assert list_estates(seat).total == 1
    with seat.store.engine.connect() as connection:
        assert migrate.revision_of(connection) == migrate.NEWEST
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'half'")
        assert tables.scalar() == 0
    seat.store.close()


def test_a_copy_that_does_not_fit_stops_the_step(tmp_path: Path, disk: FaultyDisk) -> None:
    folder = tmp_path / "office"
    old_stores.unpack(STEPS[0], folder)
    copies = folder / migrate.COPIES
    with disk.failing("fsync", errno.ENOSPC, at=copies), pytest.raises(Unusable, match="full"):
        opened(folder)
    assert list(copies.iterdir()) == []
    opened(folder).store.close()
    assert len(list(copies.iterdir())) == 1  # the step was still to be done
