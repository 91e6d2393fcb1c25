"""A change of the office's key that fails or is killed changes nothing or is completed; older files open nothing."""

import errno
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import NotAllowed, Unusable, UserError
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service.estates import save_estate
from fuyuan_desk.office.service.operators import (
    list_operators,
    reset_password,
)
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store import rekey
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.keys import key_change, keyring
from fuyuan_desk.store.layout import DATABASE
from tests.conftest import CHEAP, NOW, PASSWORD
from tests.disk import FaultyDisk
from tests.office.key_tools import NEW, can_open, change, complaints, leftovers, logged, photos


class PowerCut(BaseException):
    """Simulates the end of the program."""


# --- when it fails ---------------------------------------------------------------------------------------


def unchanged(seat: Seat, former: bytes, before: dict[str, bytes]) -> bool:
    return (
        seat.store.key == former
        and photos(seat) == before
        and leftovers(seat.store.folder) == []
        and complaints(seat) == []
    )


class _CancelledAt(Progress):
    def __init__(self, step: int) -> None:
        super().__init__()
        self._left = step

    def step(self, done: int, total: int, what: str = "") -> None:
        if self._left == 0:
            raise Cancelled
        self._left -= 1


def test_it_can_be_cancelled_at_every_step(worked: Seat, folder: Path) -> None:
    former, before = worked.store.key, photos(worked)
    steps = 0
    while True:
        try:
            change(worked, _CancelledAt(steps))
        except Cancelled:
            assert unchanged(worked, former, before), steps
            steps += 1
        else:
            break
    assert steps > 8
    assert photos(worked) == before
    assert len(logged(worked, "change_key_failed")) >= 3
    assert len(logged(worked, "change_key")) == 1


@pytest.mark.parametrize("after", range(4))
def test_a_full_disk_changes_nothing(worked: Seat, disk: FaultyDisk, after: int) -> None:
    former, before = worked.store.key, photos(worked)
    full = disk.failing("fsync", errno.ENOSPC, Path.is_file, after=after, times=1)
    with full as failed, pytest.raises(UserError):
        change(worked)
    assert failed
    assert unchanged(worked, former, before)


def test_no_room_for_a_second_copy_is_said_before(worked: Seat, disk: FaultyDisk) -> None:
    with disk.with_room(1000), pytest.raises(Unusable, match="MB"):
        change(worked)
    assert leftovers(worked.store.folder) == []


def test_what_an_earlier_attempt_left_never_replaces_a_photo(worked: Seat) -> None:
    before = photos(worked)
    for name in before:
        path = worked.store.folder / "media" / name[:2] / f"{name}.next"
        path.write_bytes(path.with_suffix(".bin").read_bytes())
    change(worked)
    assert photos(worked) == before


def test_an_unreadable_photo_is_counted_and_stays(worked: Seat) -> None:
    name = sorted(photos(worked))[0]
    path = worked.store.folder / "media" / name[:2] / f"{name}.bin"
    path.write_bytes(b"damaged")
    assert change(worked).unreadable_photos == 1
    assert path.read_bytes() == b"damaged"


def test_killed_before_the_exchange_it_did_not_come_about(
    worked: Seat, folder: Path, disk: FaultyDisk
) -> None:
    before = photos(worked)
    killed = killed_copy(worked, folder, disk, lambda path: path.name == rekey.COPY)
    assert leftovers(killed) != []
    seat = sign_in(killed, "admin", PASSWORD)
    assert photos(seat) == before
    assert leftovers(killed) == []
    assert [text for finding in check_store(seat.store) for text in finding.faults] == []
    seat.store.close()
    assert not can_open(killed, "admin", NEW)


@pytest.mark.parametrize("at", [".next", anchor.NEXT, key_change.NEXT])
def test_killed_after_the_exchange_it_is_completed(
    worked: Seat, folder: Path, disk: FaultyDisk, at: str
) -> None:
    before = photos(worked)
    killed = killed_copy(worked, folder, disk, lambda path: path.name.endswith(at))
    assert not can_open(killed, "clerk", PASSWORD)  # whose new password nobody knows
    with pytest.raises(NotAllowed, match="key of this office was changed"):
        sign_in(killed, "admin", PASSWORD)
    seat = sign_in(killed, "admin", NEW)
    assert photos(seat) == before
    assert leftovers(killed) == []
    assert any("was interrupted" in text for text in seat.store.repaired.done)
    assert [text for finding in check_store(seat.store) for text in finding.faults] == []
    clerk = next(view for view in list_operators(seat) if view.login == "clerk")
    reset_password(seat, clerk.id, PASSWORD, CHEAP)
    seat.store.close()
    assert can_open(killed, "clerk", PASSWORD)


def killed_copy(seat: Seat, folder: Path, disk: FaultyDisk, at: Callable[[Path], bool]) -> Path:
    """Change the key until the first rename of such a file, and return the folder as a kill then leaves it."""
    target = folder.with_name("killed")

    def reached(path: Path) -> bool:
        if at(path) and not target.exists():
            shutil.copytree(folder, target)
            return True
        return False

    with disk.failing("replace", PowerCut(), at=reached), pytest.raises(PowerCut):
        change(seat)
    assert target.exists()
    seat.store.close()
    return target


# --- an older key file -----------------------------------------------------------------------------------


def test_an_older_key_file_opens_nothing(worked: Seat, folder: Path) -> None:
    older = (folder / keyring.FILE).read_bytes()
    change(worked)
    worked.store.close()
    (folder / keyring.FILE).write_bytes(older)
    with pytest.raises(NotAllowed, match="key of this office was changed"):
        sign_in(folder, "clerk", PASSWORD)
    seat = sign_in(folder, "admin", NEW)  # by the copy of the file
    assert any("replaced by its copy" in text for text in seat.store.repaired.done)
    assert complaints(seat) == []
    seat.store.close()
    for name in (keyring.FILE, keyring.COPY):
        (folder / name).write_bytes(older)
    with pytest.raises(Unusable, match="does not fit"):
        sign_in(folder, "clerk", PASSWORD)
    assert (folder / DATABASE).exists()


def test_the_database_of_yesterday_with_the_keys_of_today_does_not_open(worked: Seat, folder: Path) -> None:
    worked.store.save_trail_end()
    with worked.store.use():
        yesterday = (folder / DATABASE).read_bytes()
    change(replace(worked, now=lambda: NOW + timedelta(days=1)))
    worked.store.close()
    (folder / DATABASE).write_bytes(yesterday)
    with pytest.raises(Unusable, match="does not fit"):
        sign_in(folder, "admin", NEW)


def test_a_log_of_yesterday_beside_it_is_refused_before_it_does_harm(worked: Seat, folder: Path) -> None:
    save_estate(worked, EstateFields("某小区", address="某路1号"))
    log = folder / f"{DATABASE}-wal"
    yesterday = log.read_bytes()
    assert yesterday
    before = photos(worked)
    change(worked)
    worked.store.close()
    database = (folder / DATABASE).read_bytes()
    log.write_bytes(yesterday)
    with pytest.raises(Unusable, match="Move this one file"):
        sign_in(folder, "admin", NEW)
    assert (folder / DATABASE).read_bytes() == database
    log.unlink()
    seat = sign_in(folder, "admin", NEW)
    assert photos(seat) == before
    assert complaints(seat) == []
    seat.store.close()
