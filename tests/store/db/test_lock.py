"""One writer at a time over all windows and PCs, and a message for the second."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlcipher3 import dbapi2

from fuyuan_desk.access.records import OfficeRow
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import NotAllowed, Unusable
from fuyuan_desk.office.service.settings import change_settings, read_settings
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store import entry, layout
from fuyuan_desk.store.db import lock as store_lock
from tests.conftest import PASSWORD

ROOT = Path(__file__).resolve().parents[3]
_SIGN_IN = """
import sys
from pathlib import Path
from fuyuan_desk.office.service.sign_in import sign_in
seat = sign_in(Path(sys.argv[1]), "admin", sys.argv[2])
print("at the desk", flush=True)
sys.stdin.read()
"""


def write_owner(folder: Path, age: float, pc: str = "ELSEWHERE") -> None:
    file = folder / store_lock.OWNER_FILE
    file.write_text(json.dumps({"pc": pc, "pid": 4, "since": "2026-11-22T01:00:00+00:00", "who": ""}))
    os.utime(file, (time.time() - age,) * 2)


def test_the_second_one_sees_pc_and_time_and_with_a_password_the_name(seat: Seat) -> None:
    with pytest.raises(store_lock.Busy) as refusal:
        entry.open_store(seat.store.folder, "clerk", PASSWORD)
    owner = store_lock.read_owner(seat.store.folder)
    assert owner is not None
    assert owner.opened_at is not None
    assert "管理员" in refusal.value.message
    assert owner.pc in refusal.value.message
    assert owner.opened_at.astimezone().strftime("%Y-%m-%d %H:%M") in refusal.value.message
    assert "管理员" not in store_lock.busy_message(owner)
    assert owner.pc in store_lock.busy_message(owner)
    assert "管理员" not in (seat.store.folder / store_lock.OWNER_FILE).read_text(encoding="utf-8")


def test_before_any_password_pc_and_time_are_shown(seat: Seat) -> None:
    message = store_lock.busy_message_of(seat.store.folder)
    assert store_lock.platform.node() in message
    assert "管理员" not in message
    seat.store.close()
    assert store_lock.busy_message_of(seat.store.folder) == ""
    write_owner(seat.store.folder, age=5)  # its owner was killed
    assert store_lock.busy_message_of(seat.store.folder) == ""
    entry.open_store(seat.store.folder, "admin", PASSWORD).close()


def test_a_wrong_password_shows_no_name(seat: Seat) -> None:
    with pytest.raises(NotAllowed) as refusal:
        entry.open_store(seat.store.folder, "clerk", "wrong-password")
    assert "管理员" not in refusal.value.message


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"pc": "A", "pid": "x", "since": "y"}'])
def test_an_unreadable_owner_file_is_refused_with_a_message(seat: Seat, content: str) -> None:
    (seat.store.folder / store_lock.OWNER_FILE).write_text(content)
    with pytest.raises(store_lock.Busy, match="already open in another window"):
        entry.open_store(seat.store.folder, "clerk", PASSWORD)


def test_a_clean_close_leaves_no_trace(seat: Seat) -> None:
    assert (seat.store.folder / store_lock.OWNER_FILE).exists()
    seat.store.close()
    assert not (seat.store.folder / store_lock.OWNER_FILE).exists()


def test_the_lock_of_a_killed_window_is_free_at_once(folder: Path) -> None:
    if os.name == "nt":
        pytest.skip("no such signal")
    program = subprocess.Popen(
        [sys.executable, "-c", _SIGN_IN, str(folder), PASSWORD],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True,
    )  # fmt: skip
    assert program.stdout is not None
    assert program.stdout.readline()
    with pytest.raises(store_lock.Busy):
        entry.open_store(folder, "admin", PASSWORD)
    program.send_signal(signal.SIGKILL)
    program.communicate()
    seat = sign_in(folder, "admin", PASSWORD)
    assert not seat.store.repaired.was_closed
    assert seat.store.repaired.unclosed_since is not None
    seat.store.close()


def test_on_a_share_the_database_needs_no_shared_memory_and_keeps_others_out(
    folder: Path, on_share: None
) -> None:
    seat = sign_in(folder, "admin", PASSWORD)
    settings = read_settings(seat)
    change_settings(seat, replace(settings, phone="63280000"))
    assert (folder / f"{layout.DATABASE}-wal").exists()
    assert not (folder / f"{layout.DATABASE}-shm").exists()
    second = dbapi2.connect(str(folder / layout.DATABASE), timeout=0)
    with pytest.raises(dbapi2.OperationalError, match="locked"):
        second.execute(f"PRAGMA key = \"x'{seat.store.key.hex()}'\"").execute("SELECT count(*) FROM office")
    second.close()
    seat.store.close()
    again = sign_in(folder, "admin", PASSWORD)
    assert read_settings(again).phone == "63280000"
    again.store.close()


def test_a_share_without_locks_is_detected_by_the_owners_heartbeat(folder: Path, on_share: None) -> None:
    write_owner(folder, age=20)
    with pytest.raises(store_lock.Busy, match="last responded"):
        entry.open_store(folder, "admin", PASSWORD)
    owner = store_lock.read_owner(folder)
    assert owner is not None
    assert owner.pc == "ELSEWHERE"
    write_owner(folder, age=store_lock.HEARTBEAT_TIMEOUT + 20)
    opened = entry.open_store(folder, "admin", PASSWORD)
    assert not opened.repaired.was_closed
    opened.close()


def test_an_owner_on_this_pc_needs_no_waiting(folder: Path, on_share: None) -> None:
    write_owner(folder, age=1, pc=store_lock.platform.node())
    entry.open_store(folder, "admin", PASSWORD).close()


def test_an_owner_touches_its_file(folder: Path, on_share: None) -> None:
    held = store_lock.acquire(folder, heartbeat_seconds=0.01)
    os.utime(folder / store_lock.OWNER_FILE, (0, 0))
    until = time.monotonic() + 5
    while not (folder / store_lock.OWNER_FILE).stat().st_mtime and time.monotonic() < until:
        time.sleep(0.01)
    assert (folder / store_lock.OWNER_FILE).stat().st_mtime > 0
    held.release()


@pytest.mark.parametrize("closed_again", [False, True])
def test_a_pc_that_lost_the_share_while_suspended_writes_no_more(
    folder: Path, on_share: None, closed_again: bool
) -> None:
    seat = sign_in(folder, "admin", PASSWORD)
    settings = read_settings(seat)
    if closed_again:
        (folder / store_lock.OWNER_FILE).unlink()
    else:
        write_owner(folder, age=0)
    with pytest.raises(Unusable, match="connection"):
        change_settings(seat, replace(settings, phone="1"))
    seat.store.close()
    assert (folder / store_lock.OWNER_FILE).exists() is not closed_again


def test_a_pc_that_lost_the_share_during_a_use_commits_nothing(folder: Path, on_share: None) -> None:
    seat = sign_in(folder, "admin", PASSWORD)
    with seat.store.use() as session:
        session.scalars(select(OfficeRow)).one().phone = "1"
        session.flush()
        write_owner(folder, age=0)  # the PC was suspended during a long import, and another one took over
        with pytest.raises(Unusable, match="connection"):
            session.commit()
    seat.store.close()
    (folder / store_lock.OWNER_FILE).unlink()
    again = sign_in(folder, "admin", PASSWORD)
    assert read_settings(again).phone != "1"
    again.store.close()


def test_a_pc_that_lost_the_share_sends_no_heartbeat_for_the_other(folder: Path, on_share: None) -> None:
    held = store_lock.acquire(folder, heartbeat_seconds=0.01)
    write_owner(folder, age=store_lock.HEARTBEAT_TIMEOUT + 20)
    time.sleep(0.2)
    assert time.time() - (folder / store_lock.OWNER_FILE).stat().st_mtime > store_lock.HEARTBEAT_TIMEOUT
    held.release()
