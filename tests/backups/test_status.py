"""The status of the backups counts what was changed since the newest good one, by the trail."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.backups.controller import wording
from fuyuan_desk.backups.rules import Why
from fuyuan_desk.backups.service import backups, places
from fuyuan_desk.backups.service.check import check_backup
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.records import Building
from fuyuan_desk.estates.service.estates import save_estate
from fuyuan_desk.office.service import operators
from fuyuan_desk.office.service.settings import Street, change_settings, change_streets, read_settings
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store.audit import bulk_insert
from fuyuan_desk.store.audit import log as audit
from tests.conftest import CHEAP, NOW, PASSWORD


def changes(seat: Seat) -> int | None:
    return backups.status(seat, roots=()).changes


@pytest.fixture
def backed_up(seat: Seat) -> Seat:
    """The seat of an office that was just backed up."""
    assert backups.back_up(seat, roots=()).is_good
    return seat


def test_nothing_changed_since_a_backup(backed_up: Seat) -> None:
    status = backups.status(backed_up, roots=())
    assert (status.changes, status.last_good) == (0, NOW)
    [first] = status.places
    assert (first.is_found, first.on_office_disk) == (True, True)


def test_an_office_without_a_backup_counts_nothing(seat: Seat) -> None:
    status = backups.status(seat, roots=())
    assert (status.changes, status.last_good, status.newest) == (None, None, None)


def test_records_settings_and_key_file_are_counted(backed_up: Seat) -> None:
    save_estate(backed_up, EstateFields(name="某小区", address="某路1号"))
    assert changes(backed_up) == 1
    change_streets(backed_up, (Street("1", "瑞金二路街道"),))
    after_streets = changes(backed_up)
    assert after_streets is not None
    assert after_streets > 1
    change_settings(backed_up, replace(read_settings(backed_up), phone="021-12345678"))
    assert changes(backed_up) == after_streets + 1
    operators.change_password(backed_up, PASSWORD, "another-horse-9", CHEAP)
    operators.renew_recovery_code(backed_up, CHEAP)
    after_keys = changes(backed_up)
    assert after_keys == after_streets + 3
    with backed_up.store.use() as session:  # a paper was printed
        audit.note(session, "print", "estate", 1)
        session.commit()
    assert changes(backed_up) == after_keys + 1


def test_an_import_counts_its_records_and_not_its_blocks(backed_up: Seat) -> None:
    estate_id = save_estate(backed_up, EstateFields(name="某小区", address="某路1号")).id
    with backed_up.store.use() as session:
        numbers = range(1841)
        columns = {
            "estate_id": [estate_id] * len(numbers),
            "label": [f"{number}号" for number in numbers],
            "order_key": [f"{number:04}" for number in numbers],
        }
        bulk_insert.insert_blocks(session, Building, columns, 500)
        session.commit()
    assert changes(backed_up) == 1842


def test_signing_in_and_drafts_are_not_counted(backed_up: Seat) -> None:
    folder = backed_up.store.folder
    drafts.save_draft(backed_up, "estate:new", {"name": "某"})
    assert changes(backed_up) == 0
    backed_up.store.close()
    again = sign_in(folder, "admin", PASSWORD)
    try:
        assert changes(again) == 0
    finally:
        again.store.close()


def test_counting_again_reads_only_what_is_new(backed_up: Seat) -> None:
    change_streets(backed_up, (Street("1", "瑞金二路街道"),))
    known = backups.status(backed_up, roots=())
    assert backups.count_changes(backed_up, known) == known
    change_streets(backed_up, (Street("2", "五里桥街道"),))
    later = backups.count_changes(backed_up, known)
    assert later == backups.status(backed_up, roots=())
    assert later.counted_to > known.counted_to
    # what was counted already is not read again
    ahead = replace(known, changes=1000)
    counted = backups.count_changes(backed_up, ahead).changes
    assert known.changes is not None
    assert later.changes is not None
    assert counted == 1000 + later.changes - known.changes


def test_a_backup_that_was_deleted_no_longer_counts(backed_up: Seat) -> None:
    shutil.rmtree(places.first_path(backed_up.store.folder))
    text, tone = wording.status_text(backups.status(backed_up, roots=()), backed_up.now())
    assert "no longer there" in text
    assert tone == "warn"
    report = backups.back_up(backed_up, why=Why.DAILY, roots=())
    assert report.is_good, "it is made again the same day"


def test_a_backup_that_its_check_finds_damaged_no_longer_counts(backed_up: Seat) -> None:
    good = backups.status(backed_up, roots=())
    later = replace(backed_up, now=lambda: NOW + timedelta(days=1))
    [outcome] = backups.back_up(later, roots=()).outcomes
    assert outcome.path is not None
    assert backups.status(later, roots=()).last_good == NOW + timedelta(days=1)
    database = outcome.path / "store.db"
    content = database.read_bytes()
    database.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(Unusable):
        check_backup(later, outcome.path)
    status = backups.status(later, roots=())
    assert status.last_good == good.last_good
    assert "The last backup failed" in wording.status_text(status, later.now())[0]


def test_an_older_database_put_in_place_claims_nothing(backed_up: Seat) -> None:
    with backed_up.store.use() as session:
        audit.note(
            session,
            "backup",
            "backup_run",
            session.connection().exec_driver_sql("SELECT max(id) FROM backup_run").scalar(),
            {"entry": 10_000},
        )
        session.commit()
    assert changes(backed_up) is None


def test_a_clock_that_was_set_back_is_said(backed_up: Seat) -> None:
    earlier = NOW - timedelta(hours=3)
    status = backups.status(replace(backed_up, now=lambda: earlier), roots=())
    text, tone = wording.status_text(status, earlier)
    assert text.startswith("The clock of this PC was changed")
    assert tone == "warn"


def test_a_restored_office_says_that_its_own_folder_holds_nothing(backed_up: Seat, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "office"
    target.parent.mkdir()
    backups.back_up(replace(backed_up, now=lambda: NOW + timedelta(hours=1)), roots=())
    backed_up.store.close()
    shutil.copytree(backed_up.store.folder, target)
    restored = sign_in(target, "admin", PASSWORD)
    try:
        text, tone = wording.status_text(backups.status(restored, roots=()), NOW + timedelta(hours=2))
        assert "no longer there" in text
        assert tone == "warn"
    finally:
        restored.store.close()
