import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from fuyuan_desk.core.system_errors import Cause, cause_of, is_closed_pipe, is_disk_fault, is_held
from tests.disk import from_windows


@pytest.mark.parametrize(("error", "cause"), [
    (from_windows(1117, errno.EINVAL), Cause.FAILING),
    (from_windows(19, errno.EACCES), Cause.READ_ONLY),
    (from_windows(9999, errno.ENOSPC), Cause.FULL),  # a number that is not known: that of the C library counts
    (from_windows(9999, errno.EINVAL), Cause.OTHER),
    (OSError(errno.ENOSPC, ""), Cause.FULL),
    (OSError(errno.EINVAL, ""), Cause.OTHER),
    (OSError("without a number"), Cause.OTHER),
])  # fmt: skip
def test_the_finer_number_counts(error: OSError, cause: Cause) -> None:
    assert cause_of(error) is cause


@pytest.mark.parametrize(("error", "is_fault"), [
    *((from_windows(number, errno.EINVAL), True) for number in (112, 39, 1117, 21, 55, 1167, 64)),
    *((from_windows(number, errno.EACCES), False) for number in (5, 32, 123)),
    (OSError(errno.EIO, ""), True), (OSError(errno.EDQUOT, ""), True), (OSError(errno.EINVAL, ""), False),
])  # fmt: skip
def test_a_fault_of_the_disk_is_told_from_one_of_the_program(error: OSError, is_fault: bool) -> None:
    assert is_disk_fault(error) is is_fault


@pytest.mark.parametrize(("error", "waits"), [
    *((from_windows(number, errno.EACCES), True) for number in (5, 32, 33)),
    (from_windows(1224, errno.EINVAL), True),  # mapped into memory, as a virus scanner does
    (from_windows(19, errno.EACCES), False), (from_windows(112, errno.ENOSPC), False),
    (PermissionError(errno.EACCES, ""), True), (OSError(errno.EROFS, ""), False),
])  # fmt: skip
def test_what_another_program_holds_may_be_free_in_a_moment(error: OSError, waits: bool) -> None:
    assert is_held(error) is waits


@pytest.fixture
def pipe() -> Iterator[IO[str]]:
    """The writing end of a pipe."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8") as stream:
        yield stream
    os.close(reading)


def test_a_pipe_without_a_reader_is_told_from_an_invalid_call(pipe: IO[str], tmp_path: Path) -> None:
    invalid = OSError(errno.EINVAL, "Invalid argument")
    assert is_closed_pipe(BrokenPipeError(), None)
    assert is_closed_pipe(invalid, pipe)
    assert is_closed_pipe(from_windows(232, errno.EINVAL), None)
    with (tmp_path / "out.txt").open("w") as file:
        assert not is_closed_pipe(invalid, file)
    assert not is_closed_pipe(invalid, file)  # closed
    assert not is_closed_pipe(invalid, None)
    assert not is_closed_pipe(OSError(errno.ENOSPC, ""), pipe)
    assert not is_closed_pipe(from_windows(123, errno.EINVAL), pipe)
