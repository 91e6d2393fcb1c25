"""What a command does when its output, or the file it is to write, is refused."""

import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from fuyuan_desk.__main__ import main
from fuyuan_desk.backups.service.backups import back_up_to
from fuyuan_desk.cli import commands
from fuyuan_desk.cli.output import ReaderGone, write_line
from fuyuan_desk.cli.self_test import run as self_test
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store.layout import DATABASE
from tests.cli.conftest import Run
from tests.conftest import PASSWORD
from tests.disk import FaultyDisk, from_windows


class Refusing(io.RawIOBase):
    """A file of the system whose writing fails with `problem`."""

    def __init__(self, handle: int, problem: OSError) -> None:
        super().__init__()
        self._handle = handle
        self.problem: OSError | None = problem

    def fileno(self) -> int:
        return self._handle

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        if self.problem is not None:
            raise self.problem
        return len(content)


@contextmanager
def refusing(problem: OSError, handle: int, at_once: bool = True) -> Iterator[io.TextIOWrapper]:
    """Open a stream that fails at each line, or when it is flushed at the end."""
    file = Refusing(handle, problem)
    with io.TextIOWrapper(io.BufferedWriter(file), "utf-8", line_buffering=at_once) as stream:
        yield stream
        file.problem = None  # it is closed without a word


@pytest.fixture
def pipe() -> Iterator[int]:
    """The writing end of a pipe whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.fixture
def backed_up(folder: Path, tmp_path: Path) -> Path:
    """A folder with a backup."""
    seat = sign_in(folder, "admin", PASSWORD)
    place = tmp_path / "place"
    place.mkdir()
    back_up_to(seat, place)
    seat.store.close()
    return place


CLOSED = (
    OSError(errno.EINVAL, "Invalid argument"),
    BrokenPipeError(errno.EPIPE, ""),
    from_windows(232, errno.EINVAL),
)
COMMANDS = (["--help"], ["backups", "--in"])


@pytest.mark.parametrize("problem", CLOSED, ids=lambda problem: type(problem).__name__)
@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[-1])
def test_a_reader_that_has_gone_is_no_program_error(
    run: Run, backed_up: Path, pipe: int, problem: OSError, at_once: bool, command: list[str]
) -> None:
    errors = io.StringIO()
    with refusing(problem, pipe, at_once) as out, redirect_stdout(out), redirect_stderr(errors):
        assert main([*command, *([str(backed_up)] * (command[-1] == "--in"))]) == commands.REFUSED
    assert errors.getvalue() == ""


@pytest.mark.parametrize("problem", [errno.ENOSPC, errno.EINVAL])
def test_output_into_a_file_that_cannot_be_written_is_a_refusal(
    run: Run, backed_up: Path, tmp_path: Path, problem: int
) -> None:
    errors = io.StringIO()
    with (
        (tmp_path / "out.txt").open("w") as file,
        refusing(OSError(problem, ""), file.fileno()) as out,
        redirect_stdout(out),
        redirect_stderr(errors),
    ):
        assert main(["backups", "--in", str(backed_up)]) == commands.REFUSED
    assert "output could not be written" in errors.getvalue()
    assert len(errors.getvalue().splitlines()) == 1


def size_asked(folder: Path) -> dict[str, Any]:
    """Return which call on a file of the office has no words of its own."""
    return {"call": "stat", "at": folder / DATABASE, "after": 1, "times": 1}


def test_an_invalid_call_on_another_file_is_not_hidden(run: Run, folder: Path, disk: FaultyDisk) -> None:
    invalid = disk.failing(problem=errno.EINVAL, **size_asked(folder))
    with invalid, pytest.raises(OSError, match="Invalid argument"):
        run("check", "--store", folder)


def test_a_disk_that_fails_elsewhere_is_named(run: Run, folder: Path, disk: FaultyDisk) -> None:
    with disk.failing(problem=from_windows(21, errno.EACCES, folder), **size_asked(folder)):
        code, out, err = run("check", "--store", folder)
    assert (code, out) == (commands.REFUSED, "")
    assert "is not ready" in err
    assert str(folder) in err


def test_errors_are_not_told_to_a_reader_that_has_gone(run: Run, tmp_path: Path, pipe: int) -> None:
    with refusing(BrokenPipeError(), pipe) as stream, redirect_stderr(stream):
        assert main(["check", "--store", str(tmp_path)]) == commands.REFUSED


def test_a_self_test_that_nobody_reads_finds_no_damage(qapp: object) -> None:
    def write(_line: str) -> None:
        raise ReaderGone

    with pytest.raises(ReaderGone):
        self_test.run(write, ())


def test_a_line_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    write_line("福元台")
    assert capsys.readouterr().out == "福元台\n"


# --- the file to write


OUT = {
    "print": ("print", "inspection-sheet", "--out"),
    "diagnose": ("diagnose", "--out"),
    "import": ("import", "roster.csv", "--left-out"),
}


@pytest.mark.parametrize("words", OUT.values(), ids=OUT)
@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_no_file_can_be_written_to_is_refused_before_signing_in(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], kind: str
) -> None:
    monkeypatch.delenv(commands.PASSWORD_VARIABLE)
    out = tmp_path / "out"
    out.mkdir() if kind == "folder" else os.mkfifo(out)
    code, _out, err = run(*words, out, "--store", folder)
    assert code == commands.REFUSED
    assert ("is a folder" if kind == "folder" else "is a device") in err
    assert out.is_dir() if kind == "folder" else out.is_fifo()


@pytest.mark.parametrize("store", ["/", "/.."])
def test_no_office_is_set_up_in_a_disk_itself(run: Run, store: str) -> None:
    code, _out, err = run("init", store, "--office", "甲")
    assert (code, "not a folder of its own" in err) == (commands.REFUSED, True)


def test_an_office_too_deep_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    code, _out, err = run("init", tmp_path / ("長" * 84), "--office", "甲")
    assert (code, "characters shorter" in err) == (commands.REFUSED, True)
    assert list(tmp_path.glob("長*")) == []
