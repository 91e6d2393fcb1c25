"""The key file changes together with the database or not at all, wherever the program ends."""

import os
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core import files
from fuyuan_desk.core.errors import Conflict, NotAllowed, Unusable
from fuyuan_desk.office.service.operators import add_operator, change_password
from fuyuan_desk.office.service.sign_in import recover, sign_in
from fuyuan_desk.store.keys import key_change, keyring
from tests.conftest import CHEAP, PASSWORD, RECOVERY

NEW = "another-horse-10"


class PowerCut(BaseException):
    """Simulates the end of the program."""


def cut(*_given: object) -> None:
    raise PowerCut


def opens(folder: Path, password: str) -> bool:
    try:
        sign_in(folder, "admin", password).store.close()
    except NotAllowed:
        return False
    return True


def test_a_change_that_ends_before_the_commit_did_not_come_about(
    seat: Seat, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as end:
        end.setattr(key_change, "mark", cut)
        end.setattr(key_change, "finish_or_discard", cut)
        with pytest.raises(PowerCut):
            change_password(seat, PASSWORD, NEW, CHEAP)
    seat.store.close()
    assert (folder / key_change.NEXT).exists()
    assert not opens(folder, NEW)
    assert opens(folder, PASSWORD)
    assert not (folder / key_change.NEXT).exists()


@pytest.mark.parametrize("password", [NEW, PASSWORD])
def test_a_change_that_ends_after_the_commit_came_about(
    seat: Seat, folder: Path, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    with monkeypatch.context() as end:
        end.setattr(key_change, "finish", cut)
        with pytest.raises(PowerCut):
            change_password(seat, PASSWORD, NEW, CHEAP)
    seat.store.close()
    assert opens(folder, password) == (password == NEW)
    assert opens(folder, NEW)
    assert not opens(folder, PASSWORD)
    assert not (folder / key_change.NEXT).exists()
    assert (folder / keyring.COPY).read_bytes() == (folder / keyring.FILE).read_bytes()


def test_what_the_disk_refused_after_the_commit_is_done_before_the_next_change(
    seat: Seat, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_given: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(files, "replace", refused)
        broken.setattr(files, "write_atomically", key_change.write_atomically)
        monkeypatch.setattr(key_change, "write_atomically", lambda path, content: path.write_bytes(content))
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


def test_a_sign_in_by_the_code_is_logged_with_the_key_change(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as end:
        end.setattr(key_change, "finish", cut)
        with pytest.raises(PowerCut):
            recover(folder, RECOVERY, "admin", NEW, CHEAP)
    assert opens(folder, NEW)
    assert not opens(folder, PASSWORD)


def test_a_waiting_file_that_is_none_is_cleared_away(folder: Path) -> None:
    (folder / key_change.NEXT).write_bytes(b"{")
    assert opens(folder, PASSWORD)
    assert os.listdir(folder).count(key_change.NEXT) == 0


def test_a_full_disk_refuses_the_change_with_a_message(
    seat: Seat, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise Unusable("The disk is full")

    with monkeypatch.context() as disk:
        disk.setattr(key_change, "write_atomically", full)
        with pytest.raises(Unusable, match="full"):
            change_password(seat, PASSWORD, NEW, CHEAP)
    seat.store.close()
    assert opens(folder, PASSWORD)
