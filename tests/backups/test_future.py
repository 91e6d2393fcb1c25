"""A backup made while the clock was wrong: marked, in its place in every list, and never the newest for years."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.backups import rules
from fuyuan_desk.backups.controller import wording
from fuyuan_desk.backups.service import backups, restore
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service.estates import save_estate
from fuyuan_desk.store.backup import backup
from tests.conftest import NOW

FUTURE = NOW.replace(year=2031)
MARK = "dated in the future: the clock was wrong when it was made"


def at(seat: Seat, moment: datetime) -> Seat:
    return replace(seat, now=lambda: moment)


def back_up(seat: Seat, moment: datetime, name: str) -> Path:
    """Change something and back up beside the office, as if it were that moment."""
    save_estate(seat, EstateFields(name=name, address="某路1号"))
    (outcome,) = backups.back_up(at(seat, moment), roots=()).outcomes
    assert outcome.path is not None
    return outcome.path


@pytest.fixture
def three(seat: Seat) -> tuple[Path, Path, Path]:
    """Backups of yesterday, of 2031 and of today, in the order in which they were made."""
    return (
        back_up(seat, NOW - timedelta(days=1), "甲"),
        back_up(seat, FUTURE, "乙"),
        back_up(seat, NOW, "丙"),
    )


def test_the_list_is_in_the_order_of_the_trail_and_marks_the_wrong_date(
    three: tuple[Path, Path, Path],
) -> None:
    found = restore.list_backups(three[0].parent, NOW)
    assert [one.path for one in found] == list(reversed(three))
    assert [one.is_ahead for one in found] == [False, True, False]
    assert [MARK in wording.found(one) for one in found] == [False, True, False]
    # a list of several offices has that of the newest backup with a right date first
    elsewhere = Path("elsewhere/fuyuan-backup-00000000/20310101-000000")
    other = replace(found[1], path=elsewhere, store_uid="0" * 32, entry=999)
    assert restore.newest_first((other, *found))[:3] == found


def test_one_that_cannot_be_read_has_the_place_of_its_date(three: tuple[Path, Path, Path]) -> None:
    (three[0] / "manifest.json").write_text("{}")
    (three[1] / "manifest.json").write_text("{}")
    found = restore.list_backups(three[0].parent, NOW)
    assert found[-1].path == three[0]
    assert found[0].is_ahead or found[0].path == three[2]
    assert [one.is_ahead for one in found if one.path == three[1]] == [True]


def test_a_clock_a_minute_ahead_is_no_wrong_one(seat: Seat) -> None:
    made = back_up(seat, NOW + timedelta(minutes=1), "甲")
    assert not restore.list_backups(made, NOW)[0].is_ahead


def test_those_read_at_an_opening_are_the_newest_with_a_right_date_and_the_ahead_ones(
    seat: Seat, three: tuple[Path, Path, Path]
) -> None:
    root = three[0].parent
    assert backup.latest(root, NOW, 1) == [three[1], three[2]]
    assert backup.latest(root, NOW, None) == [three[1], three[2], three[0]]


def test_the_one_of_2031_is_removed_once_the_clock_is_right(
    seat: Seat, three: tuple[Path, Path, Path]
) -> None:
    assert three[1].is_dir()
    last = back_up(seat, NOW + timedelta(days=1), "丁")
    assert not three[1].exists()
    assert last.is_dir()
    assert three[2].is_dir()
    assert three[0].is_dir()


def test_the_newest_place_is_that_of_the_last_backup_whatever_its_date(seat: Seat, tmp_path: Path) -> None:
    stick = rules.PlaceView(
        2, rules.PlaceKind.STICK, "U", None, "E", FUTURE, FUTURE, is_found=None, last_run=1
    )
    first = rules.PlaceView(
        1, rules.PlaceKind.FIRST, "", tmp_path, "", NOW, NOW, is_found=True, on_office_disk=True, last_run=2
    )
    status = rules.BackupStatus((first, stick), changes=0)
    assert status.newest == first
    said = [remark.concern for remark in rules.remarks(status, NOW)]
    # how old the copy on the stick is, its date does not tell
    assert rules.Concern.ELSEWHERE_OLD in said
    assert rules.Concern.PLACE_AWAY in said
    assert rules.Concern.CLOCK not in said
    text, tone = wording.status_text(status, NOW)
    assert tone == "ok", text
    assert any(
        "2031" in line and "dated in the future" in line for line in wording.state_details(status, NOW)
    )


def test_the_status_counts_what_was_changed_since_the_last_backup(
    seat: Seat, three: tuple[Path, Path, Path]
) -> None:
    status = backups.status(seat, roots=())
    assert (status.last_good, status.changes) == (NOW, 0)
    save_estate(seat, EstateFields(name="丁", address="某路1号"))
    assert backups.status(seat, roots=()).changes == 1
