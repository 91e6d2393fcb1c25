"""The key file changes together with the database or not at all, wherever the program ends."""

import errno
import os
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import Conflict, NotAllowed, Unusable
from fuyuan_desk.office.service.operators import add_operator, change_password
from fuyuan_desk.office.service.sign_in import recover, sign_in
from fuyuan_desk.store.keys import key_change, keyring
from tests.conftest import CHEAP, PASSWORD, RECOVERY
from tests.disk import FaultyDisk

NEW = "another-horse-10"


class PowerCut(BaseException):
    """Simulates the end of the program."""


def proposed(path: Path) -> bool:
    return path.name == key_change.NEXT


def opens(folder: Path, password: str) -> bool:
    try:
        sign_in(folder, "admin", password).store.close()
    except NotAllowed:
        return False
    return True


def test_a_change_that_ends_before_the_commit_did_not_come_about(
    seat: Seat, folder: Path, disk: FaultyDisk
) -> None:
    # the last call before the transaction makes the new name safe; after it nothing more is done
    with (
        disk.failing("fsync", PowerCut(), at=lambda path: path == folder),
        disk.failing("unlink", PowerCut(), at=proposed),
        pytest.raises(PowerCut),
    ):
        change_password(seat, PASSWORD, NEW, CHEAP)
    seat.store.close()
    assert (folder / key_change.NEXT).exists()
    assert not opens(folder, NEW)
    assert opens(folder, PASSWORD)
    assert not (folder / key_change.NEXT).exists()


@pytest.mark.parametrize("password", [NEW, PASSWORD])
def test_a_change_that_ends_after_the_commit_came_about(
    seat: Seat, folder: Path, disk: FaultyDisk, password: str
) -> None:
    with disk.failing("replace", PowerCut(), at=proposed), pytest.raises(PowerCut):
        change_password(seat, PASSWORD, NEW, CHEAP)
    seat.store.close()
    assert opens(folder, password) == (password == NEW)
    assert opens(folder, NEW)
    assert not opens(folder, PASSWORD)
    assert not (folder / key_change.NEXT).exists()
    assert (folder / keyring.COPY).read_bytes() == (folder / keyring.FILE).read_bytes()


def test_what_the_disk_refused_after_the_commit_is_done_before_the_next_change(
    seat: Seat, folder: Path, disk: FaultyDisk
) -> None:
    with disk.failing("replace", errno.EIO, at=proposed):
        change_password(seat, PASSWORD, NEW, CHEAP)
    assert (folder / key_change.NEXT).exists()
    add_operator(seat, "某", "某甲", Role.CLERK, PASSWORD, CHEAP)
    keys = keyring.read(folder)
    assert keyring.open_with_password(keys, "admin", NEW) == keyring.open_with_password(keys, "某", PASSWORD)


def test_a_refused_change_leaves_nothing(seat: Seat, folder: Path) -> None:
    before = (folder / keyring.FILE).read_bytes()
    with pytest.raises(Conflict):
        add_operator(seat, "admin", "某", Role.CLERK, PASSWORD, CHEAP)
    assert (folder / keyring.FILE).read_bytes() == before
    assert not (folder / key_change.NEXT).exists()


def test_a_sign_in_by_the_code_is_logged_with_the_key_change(folder: Path, disk: FaultyDisk) -> None:
    with disk.failing("replace", PowerCut(), at=proposed), pytest.raises(PowerCut):
        recover(folder, RECOVERY, "admin", NEW, CHEAP)
    assert opens(folder, NEW)
    assert not opens(folder, PASSWORD)


def test_a_waiting_file_that_is_none_is_cleared_away(folder: Path) -> None:
    (folder / key_change.NEXT).write_bytes(b"{")
    assert opens(folder, PASSWORD)
    assert os.listdir(folder).count(key_change.NEXT) == 0


def test_a_full_disk_refuses_the_change_with_a_message(seat: Seat, folder: Path, disk: FaultyDisk) -> None:
    with disk.failing("fsync", errno.ENOSPC), pytest.raises(Unusable, match="full"):
        change_password(seat, PASSWORD, NEW, CHEAP)
    seat.store.close()
    assert opens(folder, PASSWORD)
