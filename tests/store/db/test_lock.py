"""One writer, however many windows and PCs; and words for the second."""

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
from fuyuan_desk.store.db import disks
from fuyuan_desk.store.db import lock as holder
from tests.conftest import PASSWORD

ROOT = Path(__file__).resolve().parents[3]
_SIT = """
import sys
from pathlib import Path
from fuyuan_desk.office.service.sign_in import sign_in
seat = sign_in(Path(sys.argv[1]), "admin", sys.argv[2])
print("at the desk", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def on_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every folder count as one of another computer."""
    monkeypatch.setattr(disks, "is_network_disk", lambda _path: True)


def tell(folder: Path, age: float, pc: str = "ELSEWHERE") -> None:
    file = folder / holder.TOLD
    file.write_text(json.dumps({"pc": pc, "pid": 4, "since": "2026-11-22T01:00:00+00:00", "who": ""}))
    os.utime(file, (time.time() - age,) * 2)


def test_the_second_one_is_told_pc_and_hour_and_with_a_password_the_name(seat: Seat) -> None:
    with pytest.raises(holder.Busy) as refusal:
        entry.open_store(seat.store.folder, "clerk", PASSWORD)
    told = holder.read(seat.store.folder)
    assert told is not None
    assert told.opened_at is not None
    assert "管理员" in refusal.value.message
    assert told.pc in refusal.value.message
    assert told.opened_at.astimezone().strftime("%Y-%m-%d %H:%M") in refusal.value.message
    assert "管理员" not in holder.words(told)
    assert told.pc in holder.words(told)
    assert "管理员" not in (seat.store.folder / holder.TOLD).read_text(encoding="utf-8")


def test_before_any_password_pc_and_hour_are_told(seat: Seat) -> None:
    told = holder.elsewhere(seat.store.folder)
    assert holder.platform.node() in told
    assert "管理员" not in told
    seat.store.close()
    assert holder.elsewhere(seat.store.folder) == ""
    tell(seat.store.folder, age=5)  # whoever left this behind was killed
    assert holder.elsewhere(seat.store.folder) == ""
    entry.open_store(seat.store.folder, "admin", PASSWORD).close()


def test_a_wrong_password_is_told_no_name(seat: Seat) -> None:
    with pytest.raises(NotAllowed) as refusal:
        entry.open_store(seat.store.folder, "clerk", "wrong-password")
    assert "管理员" not in refusal.value.message


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"pc": "A", "pid": "x", "since": "y"}'])
def test_a_holder_that_tells_nothing_is_refused_in_words(seat: Seat, content: str) -> None:
    (seat.store.folder / holder.TOLD).write_text(content)
    with pytest.raises(holder.Busy, match="already open in another window"):
        entry.open_store(seat.store.folder, "clerk", PASSWORD)


def test_a_clean_close_leaves_no_trace(seat: Seat) -> None:
    assert (seat.store.folder / holder.TOLD).exists()
    seat.store.close()
    assert not (seat.store.folder / holder.TOLD).exists()


def test_the_lock_of_a_killed_window_is_free_at_once(folder: Path) -> None:
    if os.name == "nt":
        pytest.skip("no such signal")
    program = subprocess.Popen(
        [sys.executable, "-c", _SIT, str(folder), PASSWORD],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True,
    )  # fmt: skip
    assert program.stdout is not None
    assert program.stdout.readline()
    with pytest.raises(holder.Busy):
        entry.open_store(folder, "admin", PASSWORD)
    program.send_signal(signal.SIGKILL)
    program.communicate()
    seat = sign_in(folder, "admin", PASSWORD)
    assert not seat.store.repaired.was_closed
    assert seat.store.repaired.badly_since is not None
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


def test_a_share_that_passes_no_locks_on_is_found_by_the_holders_sign_of_life(
    folder: Path, on_share: None
) -> None:
    tell(folder, age=20)
    with pytest.raises(holder.Busy, match="sign of life"):
        entry.open_store(folder, "admin", PASSWORD)
    told = holder.read(folder)
    assert told is not None
    assert told.pc == "ELSEWHERE"
    tell(folder, age=holder.SILENCE + 20)
    opened = entry.open_store(folder, "admin", PASSWORD)
    assert not opened.repaired.was_closed
    opened.close()


def test_a_holder_on_this_pc_needs_no_waiting(folder: Path, on_share: None) -> None:
    tell(folder, age=1, pc=holder.platform.node())
    entry.open_store(folder, "admin", PASSWORD).close()


def test_a_holder_shows_that_it_lives(folder: Path, on_share: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holder, "BEAT", 0.01)
    held = holder.take(folder)
    os.utime(folder / holder.TOLD, (0, 0))
    until = time.monotonic() + 5
    while not (folder / holder.TOLD).stat().st_mtime and time.monotonic() < until:
        time.sleep(0.01)
    assert (folder / holder.TOLD).stat().st_mtime > 0
    held.release()


@pytest.mark.parametrize("closed_again", [False, True])
def test_who_lost_the_share_in_her_sleep_writes_no_more(
    folder: Path, on_share: None, closed_again: bool
) -> None:
    seat = sign_in(folder, "admin", PASSWORD)
    settings = read_settings(seat)
    if closed_again:
        (folder / holder.TOLD).unlink()
    else:
        tell(folder, age=0)
    with pytest.raises(Unusable, match="connection"):
        change_settings(seat, replace(settings, phone="1"))
    seat.store.close()
    assert (folder / holder.TOLD).exists() is not closed_again


def test_who_lost_the_share_in_the_middle_of_a_use_commits_nothing(folder: Path, on_share: None) -> None:
    seat = sign_in(folder, "admin", PASSWORD)
    with seat.store.use() as session:
        session.scalars(select(OfficeRow)).one().phone = "1"
        session.flush()
        tell(folder, age=0)  # the PC slept during a long import, and another one took the office over
        with pytest.raises(Unusable, match="connection"):
            session.commit()
    seat.store.close()
    (folder / holder.TOLD).unlink()
    again = sign_in(folder, "admin", PASSWORD)
    assert read_settings(again).phone != "1"
    again.store.close()


def test_who_lost_the_share_gives_no_sign_of_life_for_the_other(
    folder: Path, on_share: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holder, "BEAT", 0.01)
    held = holder.take(folder)
    tell(folder, age=holder.SILENCE + 20)
    time.sleep(0.2)
    assert time.time() - (folder / holder.TOLD).stat().st_mtime > holder.SILENCE
    held.release()
