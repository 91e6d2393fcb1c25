"""Backups from the desk: places, schedule, permissions, and what is recorded."""

import errno
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.backups.records import BackupRunRow
from fuyuan_desk.backups.rules import PlaceKind, Why
from fuyuan_desk.backups.service import backups, places, restore, sticks
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotFound, Unusable
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.office.service.settings import Street, change_streets
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.backup import backup
from tests.conftest import NOW
from tests.disk import FaultyDisk, from_windows


def at(seat: Seat, moment: datetime) -> Seat:
    """Return the same seat at another time."""
    return replace(seat, now=lambda: moment)


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """A connected USB stick."""
    made = tmp_path / "E"
    made.mkdir()
    return made


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """A second folder."""
    made = tmp_path / "disk" / "copies"
    made.mkdir(parents=True)
    return made


def runs(seat: Seat) -> list[tuple[bool, str]]:
    with seat.store.use() as session:
        return [(run.verified, run.fault) for run in session.query(BackupRunRow).order_by(BackupRunRow.id)]


def backed_up(seat: Seat, why: Why = Why.DAILY) -> bool:
    """Whether a backup was due without any drive, and was made."""
    report = backups.back_up(seat, why=why, roots=[])
    assert report.is_good == bool(report.outcomes)
    return report.is_good


def audited(seat: Seat, action: str) -> list[dict[str, object]]:
    with seat.store.use() as session:
        rows = session.query(AuditEntry).filter_by(action=action).order_by(AuditEntry.id)
        return [json.loads(row.changes) for row in rows]


def test_without_any_choice_it_goes_beside_the_office(seat: Seat) -> None:
    assert [view.kind for view in backups.status(seat, []).places] == [PlaceKind.FIRST]
    report = backups.back_up(seat, roots=[])
    assert report.is_good
    (outcome,) = report.outcomes
    assert outcome.path is not None
    assert outcome.path.parent.parent == seat.store.folder.with_name("office-backup")
    (found,) = restore.list_backups(outcome.path.parent.parent)
    assert (found.path, found.size, found.fault) == (outcome.path, outcome.size, "")
    assert runs(seat) == [(True, "")]
    (entry,) = audited(seat, "backup")
    assert entry["folder"] == outcome.path.name
    (view,) = backups.status(seat, []).places
    assert (view.last_good, view.fault) == (NOW, "")


def test_every_place_gets_one_and_one_that_is_away_fails_nothing(
    seat: Seat, second: Path, drive: Path
) -> None:
    places.set_second_folder(seat, second)
    places.name_stick(seat, drive, " 红色U盘 ")
    report = backups.back_up(seat, roots=[drive])
    assert [outcome.place.kind for outcome in report.outcomes] == list(PlaceKind)
    assert all(outcome.is_good for outcome in report.outcomes)
    report = backups.back_up(at(seat, NOW + timedelta(hours=1)), roots=[])
    assert report.is_good
    assert [outcome.is_good for outcome in report.outcomes] == [True, True, False]
    assert report.outcomes[2].words
    shutil.rmtree(second)
    report = backups.back_up(at(seat, NOW + timedelta(hours=2)), roots=[])
    assert [outcome.is_good for outcome in report.outcomes] == [True, False, False]
    assert {fault for _ok, fault in runs(seat)} == {""}  # absence is no failure


@pytest.mark.parametrize("error", [
    from_windows(1167, errno.EINVAL), from_windows(64, errno.EINVAL), OSError(errno.EIO, ""),
    OSError(errno.ENOTCONN, ""),
])  # fmt: skip
def test_a_place_whose_disk_does_not_answer_is_away(
    seat: Seat, second: Path, disk: FaultyDisk, error: OSError
) -> None:
    places.set_second_folder(seat, second)
    with disk.failing("stat", error, at=second):
        assert [view.is_present for view in backups.status(seat, []).places] == [True, False]
        report = backups.back_up(seat, roots=[])
    assert [outcome.is_good for outcome in report.outcomes] == [True, False]


def test_a_place_that_fails_is_reported_and_does_not_stop_the_others(
    seat: Seat, second: Path, disk: FaultyDisk
) -> None:
    places.set_second_folder(seat, second)
    with disk.failing("fsync", errno.ENOSPC, at=second):
        report = backups.back_up(seat, roots=[])
    good, fault = (outcome.words for outcome in report.outcomes)
    assert (good, "is full" in fault) == ("", True)
    assert not report.is_good
    assert runs(seat) == [(True, ""), (False, fault)]
    assert audited(seat, "backup_failed") == [{"why": "asked", "fault": fault}]
    view = backups.status(seat, []).places[1]
    assert (view.fault, view.last_good) == (fault, None)
    # tried again after an hour, not at once
    assert not backed_up(at(seat, NOW + timedelta(minutes=30)))
    assert backed_up(at(seat, NOW + timedelta(minutes=61)))
    assert backups.status(seat, []).places[1].fault == ""


def test_daily_and_on_leaving(seat: Seat) -> None:
    assert backed_up(seat)
    assert not backed_up(seat)
    assert not backed_up(seat, Why.EXIT)
    tomorrow = at(seat, NOW + timedelta(days=1))
    assert not backed_up(tomorrow, Why.EXIT)  # nothing changed
    assert backed_up(tomorrow)
    drafts.save_draft(at(seat, NOW + timedelta(days=1, hours=1)), "visit", {"text": "typed"})
    later = at(seat, NOW + timedelta(days=1, hours=2))
    assert backed_up(later, Why.EXIT)
    assert not backed_up(later, Why.EXIT)
    change_streets(seat, (Street("1", "瑞金二路街道"),))
    assert not backed_up(later)
    assert backed_up(later, Why.EXIT)


def test_a_stick_plugged_in_gets_its_backup_of_the_day(seat: Seat, drive: Path) -> None:
    places.name_stick(seat, drive, "U盘")
    assert backed_up(seat)
    assert not backed_up(seat)
    report = backups.back_up(seat, why=Why.DAILY, roots=[drive])
    assert [outcome.place.kind for outcome in report.outcomes] == [PlaceKind.STICK]


def test_cancelling_stops_all_of_it(seat: Seat, second: Path) -> None:
    places.set_second_folder(seat, second)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        backups.back_up(seat, progress, roots=[])
    assert runs(seat) == []
    assert not list(seat.store.folder.parent.rglob("*.part"))


def test_backups_do_not_lie_in_an_office_nor_in_each_other(seat: Seat, second: Path, tmp_path: Path) -> None:
    inside = seat.store.folder / "media"
    inside.mkdir(exist_ok=True)
    link = tmp_path / "link"
    link.symlink_to(inside)
    for wrong in (seat.store.folder, inside, link, seat.store.folder / ".." / "office" / "media"):
        with pytest.raises(InvalidInput, match="own folder"):
            places.set_second_folder(seat, wrong)
        with pytest.raises(InvalidInput, match="own folder"):
            places.name_stick(seat, wrong, "U盘")
        with pytest.raises(InvalidInput, match="own folder"):
            backups.back_up_to(seat, wrong)
    backups.back_up(seat, roots=[])
    first = seat.store.folder.with_name("office-backup")
    with pytest.raises(InvalidInput, match="already"):
        places.set_second_folder(seat, first)
    with pytest.raises(InvalidInput, match="inside a backup"):
        places.set_second_folder(seat, next(first.iterdir()))
    with pytest.raises(InvalidInput, match="The folder"):
        places.set_second_folder(seat, tmp_path / "gone")
    places.set_second_folder(seat, second)
    places.set_second_folder(seat, second)  # setting it again changes nothing
    assert len(backups.status(seat, []).places) == 2


def test_a_second_folder_replaces_the_previous_one(seat: Seat, second: Path, tmp_path: Path) -> None:
    places.set_second_folder(seat, second)
    backups.back_up(seat, roots=[])
    places.set_second_folder(seat, tmp_path)
    assert [view.path for view in backups.status(seat, []).places][1:] == [tmp_path]
    assert restore.list_backups(second)


def test_removing_a_place_keeps_its_backups(seat: Seat, second: Path, drive: Path) -> None:
    places.set_second_folder(seat, second)
    places.name_stick(seat, drive, "U盘")
    backups.back_up(seat, roots=[drive])
    first, other, stick = backups.status(seat, [drive]).places
    for view in (other, stick):
        places.forget_place(seat, view.id, roots=[drive])
        with pytest.raises(NotFound):
            places.forget_place(seat, view.id, roots=[drive])
    with pytest.raises(Conflict):
        places.forget_place(seat, first.id)
    assert [view.kind for view in backups.status(seat, [drive]).places] == [PlaceKind.FIRST]
    assert restore.list_backups(second)
    assert restore.list_backups(drive)
    assert sticks.name_on(drive, places.office_uid(seat.store)) is None


def test_sticks_are_known_by_their_name_only(seat: Seat, drive: Path, tmp_path: Path) -> None:
    places.name_stick(seat, drive, "红")
    with pytest.raises(Conflict):
        places.name_stick(seat, drive, "红")
    for wrong in ("", " ", "x" * 41, "a\nb"):
        with pytest.raises(InvalidInput):
            places.name_stick(seat, drive, wrong)
    uid = places.office_uid(seat.store)
    elsewhere = tmp_path / "F"
    shutil.move(drive, elsewhere)  # connected as another drive
    assert sticks.find_stick("红", uid, [tmp_path, elsewhere]) == elsewhere
    assert sticks.find_stick("蓝", uid, [elsewhere]) is None
    assert sticks.find_stick("红", "0" * 32, [elsewhere]) is None
    assert sticks.find_stick("红", uid, [drive, tmp_path / "nowhere"]) is None
    marker = elsewhere / sticks.marker_name(uid)
    for broken in (b"", b"[]", b"\xff", b"[" * 4000, b'{"format": 2}'):
        marker.write_bytes(broken)
        assert sticks.find_stick("红", uid, [elsewhere]) is None


def test_a_stick_that_cannot_be_written_leaves_no_place(seat: Seat, tmp_path: Path) -> None:
    with pytest.raises(Unusable):
        places.name_stick(seat, tmp_path / "gone", "U盘")
    assert len(backups.status(seat, []).places) == 1


def test_the_drives_of_this_machine_can_be_listed() -> None:
    assert all(isinstance(drive, Path) for drive in sticks.present_drives())


def test_once_into_any_folder(seat: Seat, second: Path) -> None:
    outcome = backups.back_up_to(seat, second)
    assert outcome.path is not None
    assert outcome.path.parent.parent == second
    assert len(backups.status(seat, []).places) == 1
    with pytest.raises(Unusable, match="The folder"):
        backups.back_up_to(seat, second / "gone")


def test_everybody_at_the_desk_may_back_up_and_all_of_the_office_is_in_it(
    seat: Seat, seat_as: Callable[[Role], Seat]
) -> None:
    for role in Role:
        outcome = backups.back_up(seat_as(role), roots=[]).outcomes[0]
        assert outcome.path is not None
        (found, *_more) = restore.list_backups(outcome.path)
        assert found.counts["estates"] == 0


def test_the_first_backup_of_a_week_checks_every_page(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    deep: list[bool] = []
    really = backup.write_backup

    def watched(*args: object, **kwargs: object) -> object:
        deep.append(bool(kwargs["deep"]))
        return really(*args, **kwargs)  # type: ignore[arg-type]  # forwarded unchanged

    monkeypatch.setattr(backup, "write_backup", watched)
    monday = datetime(2026, 3, 2, 9, tzinfo=NOW.tzinfo)
    for days in (0, 1, 6, 7):
        backups.back_up(at(seat, monday + timedelta(days=days)), roots=[])
    assert deep == [True, False, False, True]
