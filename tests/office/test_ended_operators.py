"""Ending an operator takes her key away; only an active operator's password and the recovery code open the office."""

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.access.second_person import Second
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, Unusable
from fuyuan_desk.office.service.operators import (
    OperatorView,
    add_operator,
    list_operators,
    reactivate_operator,
    reset_password,
    set_operator,
)
from fuyuan_desk.office.service.sign_in import recover, sign_in
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.keys import attempts, key_change, keyring
from tests.conftest import CHEAP, PASSWORD, RECOVERY
from tests.disk import FaultyDisk
from tests.store import old_stores

NEW = "another-horse-10"


class PowerCut(BaseException):
    """Simulates the end of the program."""


def proposed(path: Path) -> bool:
    return path.name == key_change.NEXT


def clerk(seat: Seat) -> OperatorView:
    return next(view for view in list_operators(seat) if view.login == "clerk")


def unlocks(keys: keyring.Keyring, login: str, password: str = PASSWORD) -> bool:
    try:
        keyring.open_with_password(keys, login, password)
    except NotAllowed:
        return False
    return True


def can_sign_in(folder: Path, login: str, password: str = PASSWORD) -> bool:
    try:
        sign_in(folder, login, password).store.close()
    except NotAllowed:
        return False
    return True


def entries(seat: Seat, action: str) -> list[tuple[str, int | None, dict[str, object]]]:
    with seat.store.use() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == action))
        return [(row.operator, row.record_id, json.loads(row.changes)) for row in rows]


def deactivate_as_before(seat: Seat, login: str) -> None:
    """End an operator as earlier versions of the program did: the row alone."""
    with seat.store.use() as session:
        row = session.scalars(select(OperatorRow).where(OperatorRow.login == login)).one()
        row.active = False
        session.commit()


# --- ending --------------------------------------------------------------------------------------------


def test_her_password_no_longer_opens_the_key_file(seat: Seat, folder: Path) -> None:
    before = keyring.read(folder)
    view = clerk(seat)
    set_operator(seat, view.id, view.role, False)
    now = keyring.read(folder)
    assert unlocks(before, "clerk")
    assert not unlocks(now, "clerk")
    assert len(now.slots) == len(before.slots) - 1
    assert (folder / keyring.COPY).read_bytes() == (folder / keyring.FILE).read_bytes()
    assert unlocks(now, "admin")
    keyring.open_with_recovery(now, RECOVERY)
    assert not (folder / key_change.NEXT).exists()


def test_an_old_key_file_put_back_does_not_let_her_in(seat: Seat, folder: Path) -> None:
    old = (folder / keyring.FILE).read_bytes()
    set_operator(seat, clerk(seat).id, Role.CLERK, False)
    seat.store.close()
    for name in (keyring.FILE, keyring.COPY):
        (folder / name).write_bytes(old)
    with pytest.raises(NotAllowed, match="name or password is wrong"):
        sign_in(folder, "clerk", PASSWORD)
    # and the next sign-in of another operator takes the slot out again
    sign_in(folder, "admin", PASSWORD).store.close()
    assert not unlocks(keyring.read(folder), "clerk")


def test_a_change_of_the_role_leaves_the_key_file_alone(seat: Seat, folder: Path) -> None:
    before = (folder / keyring.FILE).read_bytes()
    set_operator(seat, clerk(seat).id, Role.VIEWER, True)
    assert (folder / keyring.FILE).read_bytes() == before
    assert clerk(seat).role is Role.VIEWER


def test_nobody_ends_herself_and_the_last_administrator_stays(seat: Seat, folder: Path) -> None:
    before = (folder / keyring.FILE).read_bytes()
    with pytest.raises(Conflict, match="another administrator"):
        set_operator(seat, seat.operator.id, Role.ADMIN, False)
    with pytest.raises(NotFound):
        set_operator(seat, 9_999, Role.CLERK, False)
    add_operator(
        replace(seat, second=Second("reviewer", PASSWORD)), "li", "李四", Role.ADMIN, PASSWORD, CHEAP
    )
    li = next(view for view in list_operators(seat) if view.login == "li")
    with seat.store.use() as session:
        row = session.get(OperatorRow, seat.operator.id)
        assert row is not None
        row.role = Role.CLERK
        session.commit()
    keys = (folder / keyring.FILE).read_bytes()
    with pytest.raises(Conflict, match="administrator must remain"):
        set_operator(seat, li.id, Role.ADMIN, False)
    assert (folder / keyring.FILE).read_bytes() == keys != before
    assert unlocks(keyring.read(folder), "li")


def test_an_ending_that_stops_before_the_commit_did_not_come_about(
    seat: Seat, folder: Path, disk: FaultyDisk
) -> None:
    view = clerk(seat)
    with (
        disk.failing("fsync", PowerCut(), at=lambda path: path == folder),
        disk.failing("unlink", PowerCut(), at=proposed),
        pytest.raises(PowerCut),
    ):
        set_operator(seat, view.id, view.role, False)
    seat.store.close()
    assert (folder / key_change.NEXT).exists()
    assert can_sign_in(folder, "clerk")
    assert not (folder / key_change.NEXT).exists()


@pytest.mark.parametrize("first", ["clerk", "admin"])
def test_an_ending_that_stops_after_the_commit_came_about(
    seat: Seat, folder: Path, disk: FaultyDisk, first: str
) -> None:
    view = clerk(seat)
    with disk.failing("replace", PowerCut(), at=proposed), pytest.raises(PowerCut):
        set_operator(seat, view.id, view.role, False)
    seat.store.close()
    assert can_sign_in(folder, first) == (first == "admin")
    assert can_sign_in(folder, "admin")
    assert not can_sign_in(folder, "clerk")
    assert not unlocks(keyring.read(folder), "clerk")
    assert not (folder / key_change.NEXT).exists()


def test_a_full_disk_refuses_the_ending_and_changes_nothing(
    seat: Seat, folder: Path, disk: FaultyDisk
) -> None:
    view = clerk(seat)
    with disk.failing("fsync", errno.ENOSPC), pytest.raises(Unusable, match="full"):
        set_operator(seat, view.id, view.role, False)
    assert clerk(seat).active
    seat.store.close()
    assert can_sign_in(folder, "clerk")


# --- reactivating --------------------------------------------------------------------------------------


def test_reactivating_takes_a_new_password(seat: Seat, folder: Path) -> None:
    view = clerk(seat)
    set_operator(seat, view.id, view.role, False)
    with pytest.raises(Conflict, match="Reactivate"):
        set_operator(seat, view.id, view.role, True)
    with pytest.raises(Conflict, match="Reactivate"):
        reset_password(seat, view.id, NEW, CHEAP)
    assert not unlocks(keyring.read(folder), "clerk", NEW)
    with pytest.raises(InvalidInput):
        reactivate_operator(seat, view.id, Role.CLERK, "1234567", CHEAP)
    reactivate_operator(
        replace(seat, second=Second("reviewer", PASSWORD)), view.id, Role.REVIEWER, NEW, CHEAP
    )
    assert clerk(seat).active
    assert clerk(seat).role is Role.REVIEWER
    assert [(who, record) for who, record, _detail in entries(seat, "reactivate")] == [("admin", view.id)]
    with pytest.raises(Conflict, match="active already"):
        reactivate_operator(seat, view.id, Role.CLERK, "a-third-horse-11", CHEAP)
    seat.store.close()
    assert not can_sign_in(folder, "clerk", PASSWORD)
    assert not can_sign_in(folder, "clerk", "a-third-horse-11")
    assert can_sign_in(folder, "clerk", NEW)


# --- offices from before -------------------------------------------------------------------------------


def test_slots_of_nobody_are_removed_at_the_next_sign_in(seat: Seat, folder: Path) -> None:
    deactivate_as_before(seat, "clerk")
    keys = keyring.add_operator(keyring.read(folder), "a ghost", PASSWORD, seat.store.key, CHEAP)
    keyring.write(folder, keyring.add_operator(keys, "another", PASSWORD, seat.store.key, CHEAP))
    seat.store.close()
    signed = sign_in(folder, "viewer", PASSWORD)
    keys = keyring.read(folder)
    assert [unlocks(keys, login) for login in ("clerk", "a ghost", "another")] == [False] * 3
    assert all(unlocks(keys, login) for login in ("admin", "reviewer", "viewer", "property"))
    keyring.open_with_recovery(keys, RECOVERY)
    removed = [(who, detail) for who, _record, detail in entries(signed, "keys_removed")]
    assert removed == [("viewer", {"ended": 1, "unknown": 2})]
    signed.store.close()


def test_nothing_is_written_while_there_is_nothing_to_remove(folder: Path) -> None:
    sign_in(folder, "admin", PASSWORD).store.close()
    before = os.stat(folder / keyring.FILE)
    seat = sign_in(folder, "clerk", PASSWORD)
    after = os.stat(folder / keyring.FILE)
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert entries(seat, "keys_removed") == []
    seat.store.close()


@pytest.mark.parametrize("step", ["0001", "0002"])
def test_a_store_of_an_earlier_version_loses_the_slots_of_nobody(tmp_path: Path, step: str) -> None:
    names = [file.name.split(".")[0] for file in old_stores.FOLDER.glob("*.db.xz")]
    kept = next(name for name in names if name.startswith(step))
    folder = tmp_path / "office"
    old_stores.unpack(kept, folder)
    keys = keyring.read(folder)
    key = keyring.open_with_password(keys, "admin", old_stores.PASSWORD)
    keyring.write(folder, keyring.add_operator(keys, "a ghost", PASSWORD, key, CHEAP))
    seat = sign_in(folder, "admin", old_stores.PASSWORD)
    assert not unlocks(keyring.read(folder), "a ghost")
    assert [detail for _who, _record, detail in entries(seat, "keys_removed")] == [{"ended": 0, "unknown": 1}]
    seat.store.close()


def test_a_disk_that_refuses_is_no_obstacle_to_signing_in(seat: Seat, folder: Path, disk: FaultyDisk) -> None:
    deactivate_as_before(seat, "clerk")
    seat.store.close()
    with disk.failing("open", errno.EROFS, at=proposed), disk.failing("replace", errno.EROFS, at=proposed):
        assert can_sign_in(folder, "admin")
    assert unlocks(keyring.read(folder), "clerk")
    assert can_sign_in(folder, "admin")
    assert not unlocks(keyring.read(folder), "clerk")


@pytest.mark.parametrize(("call", "is_done"), [("fsync", False), ("replace", True)])
def test_an_end_of_the_program_while_slots_are_removed(
    seat: Seat, folder: Path, disk: FaultyDisk, call: str, is_done: bool
) -> None:
    deactivate_as_before(seat, "clerk")
    seat.store.close()
    where = proposed if call == "replace" else lambda path: path == folder
    # the key file is staged by a rename from a temporary name, and valid by a rename from the name of the staged one
    with disk.failing(call, PowerCut(), at=where), pytest.raises(PowerCut):
        sign_in(folder, "admin", PASSWORD)
    assert (folder / key_change.NEXT).exists()
    signed = sign_in(folder, "viewer", PASSWORD)
    assert not unlocks(keyring.read(folder), "clerk")
    assert [who for who, _record, _detail in entries(signed, "keys_removed")] == [
        "admin" if is_done else "viewer"
    ]
    signed.store.close()


def test_the_recovery_code_removes_them_with_its_own_change(seat: Seat, folder: Path) -> None:
    deactivate_as_before(seat, "clerk")
    seat.store.close()
    with pytest.raises(NotAllowed, match="not an active operator"):
        recover(folder, RECOVERY, "clerk", NEW, CHEAP)
    recover(folder, RECOVERY, "viewer", NEW, CHEAP).store.close()
    keys = keyring.read(folder)
    assert unlocks(keys, "viewer", NEW)
    assert not unlocks(keys, "clerk")


# --- an ended operator at the sign-in ------------------------------------------------------------------


@pytest.mark.parametrize("has_slot", [True, False])
def test_her_attempts_are_in_the_trail_with_her_record(seat: Seat, folder: Path, has_slot: bool) -> None:
    view = clerk(seat)
    if has_slot:
        deactivate_as_before(seat, "clerk")
    else:
        set_operator(seat, view.id, view.role, False)
    seat.store.close()
    refusals = []
    for login, password in (("clerk", PASSWORD), ("clerk", "wrong-password")):
        with pytest.raises(NotAllowed) as refused:
            sign_in(folder, login, password)
        refusals.append(refused.value.message)
    assert refusals[0] == refusals[1]
    assert attempts.read(folder).failures == 2
    signed = sign_in(folder, "admin", PASSWORD)
    found = entries(signed, "sign_in_failed")
    assert [record for _who, record, _detail in found] == [view.id] * 2
    signed.store.close()
