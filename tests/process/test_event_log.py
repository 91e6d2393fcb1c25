import errno
import faulthandler
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fuyuan_desk.process import event_log
from tests.disk import FaultyDisk, from_windows


def blow_up(name: str) -> None:
    raise ValueError(f"the value {name} is personal")


@pytest.fixture
def log(home: Path) -> Path:
    file = event_log.log_file()
    assert file.is_relative_to(home)
    return file


@pytest.fixture
def messages(excepthook: None) -> list[str]:
    messages: list[str] = []
    event_log.install_excepthook(messages.append)
    return messages


def raise_bug(name: str) -> None:
    try:
        blow_up(name)
    except ValueError as bug:
        sys.excepthook(type(bug), bug, bug.__traceback__)


def test_a_bug_is_logged_without_values_and_told_calmly(
    log: Path, messages: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    raise_bug("段志洋")
    written = log.read_text(encoding="utf-8")
    assert "ValueError" in written
    assert "blow_up" in written
    assert "段志洋" not in written
    assert "personal" not in written
    assert str(log) in messages[0]
    caplog.clear()


def test_without_a_place_for_the_log_it_is_told_all_the_same(
    messages: list[str], log: Path, home: Path
) -> None:
    home.write_text("a file instead of the folder")
    raise_bug("x")
    assert "Restart the program" in messages[0]


def test_ctrl_c_stays_what_it_is(messages: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert messages == []
    assert "KeyboardInterrupt" in capsys.readouterr().err


@pytest.fixture
def kept(log: Path) -> Iterator[Path]:
    """A log that events are written to."""
    event_log.start_logging()
    event_log.start_logging()  # a second time is the same
    yield log
    logger = logging.getLogger("fuyuan_desk")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)
    logger.propagate = True


def test_before_the_log_is_kept_events_go_nowhere(log: Path) -> None:
    event_log.note("start")
    assert not log.exists()


def test_events_are_told_by_words_of_the_program_and_counts(kept: Path) -> None:
    event_log.note("backup", "daily", "good", 1204)
    event_log.note("refused", "段志洋", "D:/福元台", "a sentence", "13800001234")
    lines = kept.read_text(encoding="utf-8").splitlines()
    assert [line.split(" INFO ")[1] for line in lines] == ["backup daily good 1204", "refused ? ? ? ?"]


def test_the_log_is_turned_over_and_stays_small(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "_SIZE", 400)
    for number in range(60):
        event_log.note("event", number)
    files = sorted(path.name for path in kept.parent.iterdir())
    assert files == ["fuyuan_desk.log", "fuyuan_desk.log.1", "fuyuan_desk.log.2", "fuyuan_desk.log.3"]
    assert all(path.stat().st_size <= 400 for path in kept.parent.iterdir())
    assert event_log.last_lines(12)[-1].endswith("event 59")
    assert len(event_log.last_lines(12)) == 12


def test_a_fall_of_native_code_leaves_its_way_and_the_next_start_keeps_it(tmp_path: Path) -> None:
    script = (
        "import sys, ctypes; from pathlib import Path; from fuyuan_desk.process import event_log;"
        "kept = event_log.log_crashes(Path(sys.argv[1])); secret = '段志洋'; ctypes.string_at(0)"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, capture_output=True)
    assert ended.returncode != 0
    crash = (tmp_path / event_log.CRASH).read_text(encoding="utf-8")
    assert "string_at" in crash
    assert "段志洋" not in crash
    again = (
        "import sys; from pathlib import Path; from fuyuan_desk.process import event_log;"
        "event_log.log_crashes(Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", again, str(tmp_path)], check=True)
    assert "string_at" in (tmp_path / event_log.PREVIOUS_CRASH).read_text(encoding="utf-8")
    assert (tmp_path / event_log.CRASH).read_text(encoding="utf-8") == ""


HANDLED = "Windows fatal exception: code {code}\n\nThread 0x00001a2c (most recent call first):\n  <no Python frame>\n"
ACCESS = "Windows fatal exception: access violation\n\nCurrent thread 0x00000b10 (most recent call first):\n"


@pytest.mark.parametrize(("text", "is_crash"), [
    *((HANDLED.format(code=code), False)
      for code in ("0x8001010d", "0x80010108", "0x6ba", "0x000006ba", "0xe06d7363", "0xE06D7363", "0x40010006")),
    *((HANDLED.format(code=code), True) for code in ("0xc0000374", "0xc0000409", "0x80000003", "0xc000001d")),
    *((f"Windows fatal exception: {kind}\n", True)
      for kind in ("access violation", "stack overflow", "page error", "int divide by zero")),
    ("Fatal Python error: Segmentation fault\n", True), ("Fatal Python error: Aborted\n", True),
    (HANDLED.format(code="0x8001010d") * 3 + ACCESS, True),
    (ACCESS + HANDLED.format(code="0x8001010d") * 3, True),
    (HANDLED.format(code="0xe06d7363") + "Fatal Python error: Aborted\n", True),
    ("", False),
])  # fmt: skip
def test_exceptions_that_windows_handles_are_no_crash(text: str, is_crash: bool) -> None:
    assert event_log.is_crash(text) is is_crash


@pytest.fixture
def start() -> Iterator[Callable[[], object]]:
    """Watch native code as a start of the program does."""

    def watch() -> bool:
        file = event_log.log_crashes()
        faulthandler.enable(sys.__stderr__)
        if file is not None:
            file.close()
        return file is not None

    yield watch
    assert faulthandler.is_enabled()


def test_handled_exceptions_are_not_taken_for_a_crash_at_the_next_start(
    kept: Path, start: Callable[[], object]
) -> None:
    crash = kept.with_name(event_log.CRASH)
    before = kept.with_name(event_log.PREVIOUS_CRASH)
    crash.parent.mkdir(parents=True)
    crash.write_text(HANDLED.format(code="0x8001010d"), encoding="utf-8")
    assert event_log.last_crash_lines(60) == []
    start()
    assert not kept.exists()  # nothing was noted
    assert not before.exists()
    crash.write_text(ACCESS, encoding="utf-8")
    assert event_log.last_crash_lines(60) == ACCESS.splitlines()
    start()
    assert kept.read_text(encoding="utf-8").endswith("fell\n")
    assert before.read_text(encoding="utf-8") == ACCESS
    assert event_log.last_crash_lines(60) == ACCESS.splitlines()


def test_the_log_of_a_crash_is_kept_though_another_window_has_it_open(
    kept: Path, start: Callable[[], object], disk: FaultyDisk
) -> None:
    crash = kept.with_name(event_log.CRASH)
    crash.parent.mkdir(parents=True)
    crash.write_text(ACCESS, encoding="utf-8")
    with disk.failing("replace", from_windows(32, errno.EACCES), at=crash):
        assert start()
    assert kept.with_name(event_log.PREVIOUS_CRASH).read_text(encoding="utf-8") == ACCESS
    assert crash.read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(("times", "turned"), [(2, True), (None, False)])
def test_a_line_is_not_lost_while_another_process_has_the_log_open(
    kept: Path, disk: FaultyDisk, times: int | None, turned: bool
) -> None:
    event_log.note("event", 1)
    with kept.open("a", encoding="utf-8") as log:
        log.write("x" * 600_000 + "\n")
    with disk.failing("replace", from_windows(32, errno.EACCES), times=times):
        event_log.note("event", 2)
    assert event_log.last_lines(9)[-1].endswith("event 2")
    assert kept.with_name(f"{kept.name}.1").exists() is turned


def test_where_nothing_can_be_written_native_code_is_not_watched(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert event_log.log_crashes(tmp_path / "file" / "log") is None
