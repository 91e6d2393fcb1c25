"""A disk that refuses: the system's calls on files fail where and as often as a test says."""

import io
import itertools
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

Where = Callable[[Path], bool]


def from_windows(number: int, code: int, path: Path | None = None) -> OSError:
    """Return an error as Windows reports it: its own number beside that of the C library."""
    error = OSError(code, f"WinError {number}", *([] if path is None else [str(path)]))
    vars(error)["winerror"] = number
    return error


class FaultyDisk:
    """Stands between the program and the system; `failing` makes one call fail while it lasts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    @contextmanager
    def failing(
        self,
        call: str,
        problem: int | BaseException,
        at: Path | Where | None = None,
        *,
        after: int = 0,
        times: int | None = None,
    ) -> Iterator[list[Path]]:
        """Let `os.<call>` raise `problem`, an error number or what ends the program, for files at or below `at`.

        The first `after` calls are done, then `times` fail, or all; what failed is listed. The call `open` is
        that of the language.
        """
        module = io if call == "open" else os
        really = getattr(module, call)
        due = itertools.count()
        failed: list[Path] = []
        fails = range(after, sys.maxsize if times is None else after + times)

        def stand_in(first: Any, *more: Any, **named: Any) -> Any:
            path = _path(first)
            if _is_there(path, at) and next(due) in fails:
                failed.append(path)
                raise (
                    OSError(problem, os.strerror(problem), str(path)) if isinstance(problem, int) else problem
                )
            return really(first, *more, **named)

        with self._monkeypatch.context() as patch:
            patch.setattr(module, call, stand_in)
            yield failed

    @contextmanager
    def with_room(self, free: int) -> Iterator[None]:
        """Leave so many bytes free."""
        real = shutil.disk_usage(os.curdir)
        with self._monkeypatch.context() as patch:
            patch.setattr(shutil, "disk_usage", lambda _path: type(real)(real.total, real.total - free, free))
            yield


def _path(given: Any) -> Path:
    return Path(os.readlink(f"/proc/self/fd/{given}") if isinstance(given, int) else os.fsdecode(given))


def _is_there(path: Path, at: Path | Where | None) -> bool:
    if at is None:
        return True
    return path.is_relative_to(at) if isinstance(at, Path) else at(path)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FaultyDisk:
    """The disk of this test, which works until it is told to fail."""
    return FaultyDisk(monkeypatch)


@pytest.fixture
def on_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every folder count as one of another computer."""
    monkeypatch.setattr("fuyuan_desk.store.db.disks.is_network_disk", lambda _path: True)
