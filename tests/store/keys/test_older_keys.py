"""An older key file that is put back is noticed: at sign-in, in the trail and by the check."""

from dataclasses import replace
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Operator, Role, Seat
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.office.service.operators import (
    change_password,
    list_operators,
    renew_recovery_code,
    reset_password,
    set_operator,
)
from fuyuan_desk.office.service.settings import check_office
from fuyuan_desk.office.service.sign_in import recover, sign_in
from fuyuan_desk.office.service.sign_in_greeting import last_visit
from fuyuan_desk.store.check import Finding, check_store
from fuyuan_desk.store.keys import key_change, keyring
from tests.conftest import CHEAP, PASSWORD, RECOVERY
from tests.disk import FaultyDisk
from tests.store.audit.trail_tools import actions

NEW = "another-horse-10"


class PowerCut(BaseException):
    """Simulates the end of the program."""


@pytest.fixture
def older(seat: Seat, folder: Path) -> bytes:
    """The key file before the administrator changed her password; the office is closed."""
    before = (folder / keyring.FILE).read_bytes()
    change_password(seat, PASSWORD, NEW, CHEAP)
    seat.store.close()
    return before


def put_back(folder: Path, content: bytes) -> None:
    (folder / keyring.FILE).write_bytes(content)
    (folder / keyring.COPY).write_bytes(content)


def findings(seat: Seat) -> dict[str, Finding]:
    return {finding.what: finding for finding in check_store(seat.store)}


def exposed_faults(seat: Seat) -> list[str]:
    found = [finding for finding in check_office(seat) if finding.what == "Passwords after an older key file"]
    return [fault for finding in found for fault in finding.faults]


def noticed(seat: Seat) -> int:
    with seat.store.use() as session:
        return actions(session.connection()).count("older_keys")


def test_it_is_in_the_trail_and_the_check_and_the_administrator_is_warned(folder: Path, older: bytes) -> None:
    put_back(folder, older)
    seat = sign_in(folder, "admin", PASSWORD)
    assert noticed(seat) == 1
    visit = last_visit(seat)
    assert visit.is_warning
    assert "older key file" in visit.sentence()
    [fault] = findings(seat)["Key file"].faults
    assert str(folder / keyring.FILE) in fault
    seat.store.close()


def test_each_opening_with_it_is_noticed_by_whomever(folder: Path, older: bytes) -> None:
    put_back(folder, older)
    clerk = sign_in(folder, "clerk", PASSWORD)
    assert noticed(clerk) == 1
    assert not last_visit(clerk).is_warning  # only an administrator can do something about it
    clerk.store.close()
    seat = sign_in(folder, "admin", PASSWORD)
    assert noticed(seat) == 2
    assert last_visit(seat).older_keys
    seat.store.close()


def test_it_is_over_when_every_password_and_the_code_are_renewed(folder: Path, older: bytes) -> None:
    put_back(folder, older)
    seat = sign_in(folder, "admin", PASSWORD)
    change_password(seat, PASSWORD, NEW, CHEAP)
    [fault] = exposed_faults(seat)
    others = [view for view in list_operators(seat) if view.active and view.id != seat.operator.id]
    assert all(view.name in fault for view in others)
    assert "recovery code" in fault
    for view in others:
        if view.role is Role.REVIEWER:  # nobody but herself could agree to a new password of hers
            own = replace(seat, operator=Operator(view.id, view.login, view.name, view.role))
            change_password(own, PASSWORD, NEW, CHEAP)
        else:
            reset_password(seat, view.id, "another-horse-11", CHEAP)
    [fault] = exposed_faults(seat)
    assert fault.endswith("the recovery code was not renewed.")
    renew_recovery_code(seat, CHEAP)
    assert exposed_faults(seat) == []
    assert not last_visit(seat).older_keys
    seat.store.close()


def test_an_operator_ended_since_does_not_make_it_the_valid_one(seat: Seat, folder: Path) -> None:
    before = (folder / keyring.FILE).read_bytes()
    clerk = next(view for view in list_operators(seat) if view.login == "clerk")
    set_operator(seat, clerk.id, clerk.role, False)
    seat.store.close()
    put_back(folder, before)
    # her old password opens the key file, and stands in the trail as that
    with pytest.raises(NotAllowed):
        sign_in(folder, "clerk", PASSWORD)
    seat = sign_in(folder, "admin", PASSWORD)
    assert noticed(seat) == 2
    assert exposed_faults(seat)
    seat.store.close()


def test_a_change_of_the_keys_ends_it_but_the_check_still_tells(folder: Path, older: bytes) -> None:
    put_back(folder, older)
    seat = sign_in(folder, "admin", PASSWORD)
    change_password(seat, PASSWORD, NEW, CHEAP)
    seat.store.close()
    seat = sign_in(folder, "admin", NEW)
    assert "clerk" in last_visit(seat).older_keys  # whose old password opens the office as well
    assert not findings(seat)["Key file"].faults
    assert any("older key file" in remark for remark in findings(seat)["Audit trail"].remarks)
    seat.store.close()


@pytest.mark.usefixtures("older")
def test_the_newest_key_file_put_back_is_none(folder: Path) -> None:
    newest = (folder / keyring.FILE).read_bytes()
    seat = sign_in(folder, "admin", NEW)
    seat.store.close()
    put_back(folder, newest.replace(b" ", b""))  # the same keys, written differently
    seat = sign_in(folder, "admin", NEW)
    assert not noticed(seat)
    assert not any(finding.faults for finding in check_store(seat.store))
    seat.store.close()


def test_the_recovery_code_of_an_older_file_is_noticed_too(folder: Path, older: bytes) -> None:
    put_back(folder, older)
    seat = recover(folder, RECOVERY, "admin", NEW, CHEAP)
    assert noticed(seat) == 1
    assert last_visit(seat).older_keys
    assert not findings(seat)["Key file"].faults  # the new password is in a key file that the database knows
    seat.store.close()


def test_a_change_that_a_power_cut_interrupts_is_none(seat: Seat, folder: Path, disk: FaultyDisk) -> None:
    with (
        disk.failing("replace", PowerCut(), at=lambda path: path.name == key_change.NEXT),
        pytest.raises(PowerCut),
    ):
        change_password(seat, PASSWORD, NEW, CHEAP)
    seat.store.close()
    seat = sign_in(folder, "admin", NEW)
    assert not noticed(seat)
    assert not findings(seat)["Key file"].faults
    seat.store.close()


def test_an_office_that_never_marked_a_key_file_marks_it_at_the_next_sign_in(folder: Path) -> None:
    seat = sign_in(folder, "admin", PASSWORD)
    with seat.store.use() as session:  # as offices before this version
        session.connection().exec_driver_sql("PRAGMA application_id = 0")
        session.commit()
    seat.store.close()
    before = (folder / keyring.FILE).read_bytes()
    seat = sign_in(folder, "admin", PASSWORD)
    assert not noticed(seat)
    seat.store.close()
    keys = keyring.parse(before)
    put_back(folder, keyring.to_bytes(keyring.remove_operator(keys, "clerk")))
    seat = sign_in(folder, "admin", PASSWORD)
    assert noticed(seat) == 1
    seat.store.close()
