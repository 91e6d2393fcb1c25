"""After a lock no personal data is in memory: the old process has exited, the new one never had it."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from fuyuan_desk.access import drafts
from fuyuan_desk.office.service import sign_in_greeting
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.process.relaunch import Handover, Relauncher, received
from fuyuan_desk.shell import sample_office
from tests.fire import memory

ROOT = Path(__file__).resolve().parents[2]
LOCKED = Handover("/folder", "admin", place=(10, 20, 800, 600))
TYPED = "弄堂深处一号楼"

# signs in by keyboard, opens a home, types into a form, waits for a line on stdin, and locks by keyboard
_CLERK = """
import subprocess, sys, threading
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from fuyuan_desk.shell import main_window, startup

started = subprocess.Popen
class Reporting(started):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        print("successor", self.pid, *args[0], flush=True)
subprocess.Popen = Reporting
typed = iter([sys.stdin.readline().strip(), sys.stdin.readline().strip()])
lock = threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), lock.set()), daemon=True).start()
step = 0

def work():
    global step
    window = next((w for w in QApplication.topLevelWidgets() if isinstance(w, main_window.MainWindow)), None)
    if window is None:
        return
    desk = window.open_desk
    is_idle = window.worker.is_idle and window._relaunch is not None
    if step == 0 and window.entry is not None and is_idle:
        step = 1
        QTest.keyClicks(window.entry.view.password, next(typed))
        QTest.keyClick(window.entry.view.password, Qt.Key.Key_Return)
    elif step == 1 and desk is not None and window.entry is None and is_idle:
        step = 2
        desk.open_record("household", 1)
    elif step == 2 and is_idle:
        step = 3
        desk.go("estates").new_estate()
    elif step == 3 and is_idle:
        step = 4
        line = desk.go("estates").new_pane.form.editor("name").inner()[0]
        line.setText(next(typed))
        line.textEdited.emit(line.text())
        print("typed", flush=True)
    elif step == 4 and lock.is_set():
        step = 5
        QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)

timer = None
def begin():
    global timer
    timer = QTimer()
    timer.timeout.connect(work)
    timer.start(60)
make = startup.make_application
def made(options):
    application = make(options)
    begin()
    return application
startup.make_application = made
startup.run_window()
"""


def known_words(folder: Path) -> list[str]:
    """List the names, phones and document numbers that an office holds."""
    seat = sign_in(folder, "admin", sample_office.PASSWORD)
    try:
        with seat.store.use() as session:
            rows = session.execute(
                text(
                    "SELECT head FROM household WHERE length(head) > 2 UNION SELECT id_number FROM household"
                    " UNION SELECT number FROM household_phone"
                )
            )
            return sorted(filter(None, rows.scalars()))
    finally:
        seat.store.close()


@pytest.mark.skipif(
    not Path("/proc/self/mem").exists(), reason="only Linux shows a process's memory as a file"
)
def test_nothing_of_the_office_is_in_memory_while_it_is_locked(prepared_sample: Path, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    shutil.copytree(prepared_sample, folder)
    known = known_words(folder)
    words = [
        *known[:: len(known) // 12],
        sample_office.PASSWORD,
        TYPED,
    ]  # tests/fire searches for all of them
    settings = tmp_path / "fuyuan_desk" / "settings.json"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"store": str(folder), "last_login": "admin", "language": "en"}))
    homes = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"), str(tmp_path))
    program = subprocess.Popen(
        [sys.executable, "-c", _CLERK],
        cwd=ROOT, env={**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    watchdog = threading.Timer(180, program.kill)
    watchdog.start()
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write(f"{sample_office.PASSWORD}\n{TYPED}\n")
    program.stdin.flush()
    assert program.stdout.readline() == "typed\n"
    if not memory.can_read_memory(program.pid):
        program.kill()
        pytest.skip("this system does not allow reading the memory of another process")
    before = memory.found_in(program.pid, words)
    assert any(found.startswith(TYPED) for found in before), "the search must find what is there"
    program.stdin.write("lock\n")
    program.stdin.flush()
    _label, pid, *line = program.stdout.readline().split()
    try:
        assert program.wait(30) == 0, "the old process exits by itself"
        assert not {"admin", str(folder), *words} & set(line)
        assert memory.found_in(int(pid), words) == {}
        assert "admin" not in Path(f"/proc/{pid}/cmdline").read_text()
        seat = sign_in(folder, "admin", sample_office.PASSWORD)
        place = sign_in_greeting.pop_place(seat)
        assert place is not None
        assert place["form"] == "estate:new"
        draft = drafts.load_draft(seat, "estate:new")
        assert draft is not None
        assert draft["name"] == TYPED
        seat.store.close()
    finally:
        watchdog.cancel()
        os.kill(int(pid), signal.SIGKILL)
        program.stdin.close()
        program.stdout.close()


# --- the handover ------------------------------------------------------------------------------------


def run(qtbot: QtBot, script: str) -> tuple[list[str], int | None]:
    """Start `script` instead of the program; return the callbacks made and the script's exit code."""
    calls: list[str] = []
    relauncher = Relauncher(lambda: [sys.executable, "-c", script])
    relauncher.start(LOCKED, lambda: calls.append("arrived"), lambda: calls.append("failed"))
    qtbot.waitUntil(lambda: bool(calls), timeout=10_000)
    qtbot.wait(50)
    process = relauncher.process
    assert process is not None
    process.kill()
    code = process.wait()
    if process.stdout is not None:
        process.stdout.close()
    relauncher.deleteLater()
    return calls, code


_TAKES_OVER = """
import sys, time
from fuyuan_desk.process import relaunch
locked = relaunch.received(sys.stdin)
assert locked.place == (10, 20, 800, 600) and locked.login == "admin", locked
relaunch.announce()
print("written after the pipe was detached")
time.sleep(60)
"""


@pytest.mark.parametrize(
    ("script", "calls"),
    [
        (_TAKES_OVER, ["arrived"]),
        ("import sys; sys.exit(3)", ["failed"]),
        ("print('something else', flush=True); import time; time.sleep(60)", ["failed"]),
    ],
)
def test_the_old_process_gives_way_only_to_a_window(qtbot: QtBot, script: str, calls: list[str]) -> None:
    assert run(qtbot, script)[0] == calls


def test_a_program_that_cannot_be_started_leaves_the_old_one(qtbot: QtBot) -> None:
    calls: list[str] = []
    relauncher = Relauncher(lambda: ["/nowhere/fuyuan"])
    relauncher.start(LOCKED, lambda: calls.append("arrived"), lambda: calls.append("failed"))
    assert calls == ["failed"]
    relauncher.deleteLater()


def test_a_window_that_does_not_come_is_waited_for_and_then_ended(qtbot: QtBot) -> None:
    calls: list[str] = []
    relauncher = Relauncher(lambda: [sys.executable, "-c", "import time; time.sleep(60)"], seconds=0.2)
    relauncher.start(LOCKED, lambda: calls.append("arrived"), lambda: calls.append("failed"))
    qtbot.waitUntil(lambda: calls == ["failed"])
    process = relauncher.process
    assert process is not None
    assert process.wait(10) != 0
    qtbot.wait(100)
    assert calls == ["failed"]
    assert process.stdout is not None
    process.stdout.close()
    relauncher.deleteLater()


@pytest.mark.parametrize("line", ["", "null", "[1]", "{}", '{"folder": 1, "login": "x", "place": "y"}'])
def test_what_is_no_handing_over_is_an_ordinary_start(line: str) -> None:
    assert received(io.StringIO(line + "\n")) is None
    assert received(None) is None
    assert received(io.StringIO(json.dumps(LOCKED._asdict()) + "\n")) == LOCKED


def test_the_new_process_has_no_password_in_its_environment(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUYUAN_PASSWORD", "slate-harbour")
    seen = tmp_path / "seen"
    script = "import os, sys; open(sys.argv[1], 'w').write(str(os.getenv('FUYUAN_PASSWORD')))"
    relauncher = Relauncher(lambda: [sys.executable, "-c", script, str(seen)])
    ended: list[str] = []
    relauncher.start(LOCKED, lambda: ended.append("then"), lambda: ended.append("failed"))
    qtbot.waitUntil(lambda: bool(ended))
    assert seen.read_text() == "None"
