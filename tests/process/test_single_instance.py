"""A second start finds the running window and ignores stale files of a killed one."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fuyuan_desk.process import single_instance
from fuyuan_desk.process.single_instance import SingleInstance

ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; from pathlib import Path; from fuyuan_desk.process import single_instance;" + (
    "print(single_instance.activate_running(Path(sys.argv[1])), 'PySide6.QtNetwork' in sys.modules)"
)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """The file with the running window's socket name."""
    return tmp_path / "running.json"


@pytest.fixture
def window(qtbot: QtBot, note: Path) -> Iterator[Callable[[], SingleInstance]]:
    """Make windows that listen; `shown` counts the activations of each."""
    made: list[SingleInstance] = []

    def make() -> SingleInstance:
        shown: list[int] = []
        one = SingleInstance(lambda: shown.append(1), note)
        one.shown = shown  # type: ignore[attr-defined]  # what the test looks at
        made.append(one)
        return one

    yield make
    for one in made:
        one.stop()
        one.deleteLater()


def second_start(qtbot: QtBot, note: Path) -> str:
    """Start a process that looks for the window, while this one processes events."""
    program = subprocess.Popen(
        [sys.executable, "-c", _START, str(note)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    qtbot.waitUntil(lambda: program.poll() is not None, timeout=10_000)
    output, _errors = program.communicate()
    return str(output).strip()


def test_a_second_start_brings_the_running_window_forward(
    qtbot: QtBot, window: Callable[[], SingleInstance], note: Path
) -> None:
    one = window()
    assert one.listen()
    assert one.is_listening
    assert second_start(qtbot, note) == "True True"
    assert second_start(qtbot, note) == "True True"
    assert one.shown == [1, 1]  # type: ignore[attr-defined]


def test_a_first_start_finds_nothing_and_loads_nothing_for_it(qtbot: QtBot, note: Path) -> None:
    assert second_start(qtbot, note) == "False False"


def test_a_window_that_was_closed_leaves_nothing(
    qtbot: QtBot, window: Callable[[], SingleInstance], note: Path
) -> None:
    one = window()
    one.listen()
    one.stop()
    one.stop()
    assert not note.exists()
    assert second_start(qtbot, note) == "False False"


_KILLED = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from fuyuan_desk.process.single_instance import SingleInstance
application = QCoreApplication([])
one = SingleInstance(print, Path(sys.argv[1]))
print(one.listen(), flush=True)
application.exec()
"""


def test_what_a_killed_window_left_is_passed_over_and_taken_over(
    qtbot: QtBot, window: Callable[[], SingleInstance], note: Path
) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(note)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "True\n"
    program.kill()
    program.communicate()
    assert note.exists()
    started = time.monotonic()
    assert not single_instance.activate_running(note)
    assert time.monotonic() - started < 1
    one = window()
    assert one.listen()
    assert second_start(qtbot, note) == "True True"
    assert one.shown == [1]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"name": "x", "pid": "y"}', '{"name": "nobody", "pid": 1}']
)
def test_a_note_of_no_sense_is_passed_over(note: Path, content: str) -> None:
    note.write_text(content)
    assert not single_instance.activate_running(note)


def test_a_program_that_hangs_is_not_waited_for_long(
    window: Callable[[], SingleInstance], note: Path
) -> None:
    one = window()
    one.listen()  # its events are not processed meanwhile
    assert not single_instance.activate_running(note, reply_ms=100)


def test_the_name_is_this_accounts_own(note: Path, tmp_path: Path) -> None:
    assert single_instance._name(note) != single_instance._name(tmp_path / "other" / "running.json")
    deep = tmp_path / ("x" * 120) / "running.json"
    assert len(os.fsencode(single_instance._name(deep))) <= single_instance._MAX_SOCKET_PATH
    assert json.dumps(single_instance._name(deep))
