"""What an error of the operating system means, by its number on Windows or on POSIX.

Windows has finer numbers than the C library, and Python keeps both: `winerror` 123, 1117 and 206 – a bad name, a
failing disk, a path too long – are all `EINVAL` or `ENOENT` in `errno`. So the number of Windows counts where it is
known, else that of the C library, which is all that a write to an open file reports.
"""

import enum
import errno
import os
import stat
from collections.abc import Iterable
from typing import IO, Any


class Cause(enum.StrEnum):
    """Why the system refused a file or folder."""

    FULL = "full"
    MISSING = "missing"
    READ_ONLY = "read_only"
    DENIED = "denied"
    HELD = "held"
    IS_FOLDER = "is_folder"
    IS_FILE = "is_file"
    BAD_NAME = "bad_name"
    TOO_LONG = "too_long"
    FAILING = "failing"
    NOT_READY = "not_ready"
    DISK_GONE = "disk_gone"
    NETWORK_GONE = "network_gone"
    NO_SIGN_IN = "no_sign_in"
    CLOUD = "cloud"
    TOO_LARGE = "too_large"
    BLOCKED = "blocked"
    OTHER = "other"


def _numbers(table: dict[Cause, Iterable[int]]) -> dict[int, Cause]:
    return {number: cause for cause, numbers in table.items() for number in numbers}


_WINDOWS = _numbers({
    Cause.FULL: (39, 112, 1295),
    Cause.MISSING: (2, 3, 15, 161, 267),
    Cause.READ_ONLY: (19, 6009),
    Cause.DENIED: (5, 1307, 1314),
    Cause.HELD: (32, 33, 170, 303, 1224),
    Cause.IS_FOLDER: (336,),
    Cause.IS_FILE: (80, 183),
    Cause.BAD_NAME: (87, 123),
    Cause.TOO_LONG: (111, 206),
    # bad sector, seek, sector not found, write and read fault, general failure, damaged file system, device error
    Cause.FAILING: (23, 25, 27, 29, 30, 31, 483, 1117, 1392, 1393),
    Cause.NOT_READY: (21, 34, 1005, 1110, 1112),
    Cause.DISK_GONE: (20, 55, 433, 1006, 1167, 1617),
    # names of servers and shares, lost connections, time-outs
    Cause.NETWORK_GONE: (
        *(51, 52, 53, 54, 58, 59, 64, 66, 67, 71, 88, 121, 1203, 1222, 1225, 1231, 1232, 1236, 2250),
    ),
    Cause.NO_SIGN_IN: (65, 86, 1219, 1326),  # to a server
    Cause.CLOUD: (358, *range(362, 367), *range(370, 373), *range(374, 384), *range(386, 399), 404, 426, 434, 475),
    Cause.TOO_LARGE: (223,),
    Cause.BLOCKED: (225, 226, 1260, 4551),
})  # fmt: skip

_POSIX = _numbers({
    Cause.FULL: (errno.ENOSPC, errno.EDQUOT),
    Cause.MISSING: (errno.ENOENT, errno.ENOTDIR),
    Cause.READ_ONLY: (errno.EROFS,),
    Cause.DENIED: (errno.EACCES, errno.EPERM),
    Cause.HELD: (errno.EBUSY, errno.ETXTBSY),
    Cause.IS_FOLDER: (errno.EISDIR,),
    Cause.IS_FILE: (errno.EEXIST,),
    Cause.TOO_LONG: (errno.ENAMETOOLONG,),
    Cause.FAILING: (errno.EIO,),
    Cause.DISK_GONE: (errno.ENODEV, errno.ENXIO),
    Cause.NETWORK_GONE: (
        *(errno.ESTALE, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENETUNREACH),
        *(errno.ENETDOWN, errno.ENOTCONN, errno.ECONNRESET, errno.ECONNABORTED),
    ),
    Cause.TOO_LARGE: (errno.EFBIG,),
})  # fmt: skip

_CLOSED_PIPE = (109, 232, 233)  # ERROR_BROKEN_PIPE, ERROR_NO_DATA, ERROR_PIPE_NOT_CONNECTED
_FAULTS = frozenset((Cause.FULL, Cause.FAILING, Cause.NOT_READY, Cause.DISK_GONE, Cause.NETWORK_GONE))


def cause_of(error: OSError) -> Cause:
    """Return what an error means; `OTHER` when its number says nothing that a clerk could act on."""
    known = _WINDOWS.get(_windows_number(error) or 0)
    return known or _POSIX.get(error.errno or 0, Cause.OTHER)


def is_disk_fault(error: OSError) -> bool:
    """Return whether an error comes from the disk – full, failing, not ready, gone – and not from the program."""
    return cause_of(error) in _FAULTS


def is_held(error: OSError) -> bool:
    """Return whether an error may pass in a moment, as another program has the file open.

    Windows reports a virus scanner that holds a file as a sharing violation or as access denied.
    """
    if _windows_number(error) is None:
        return isinstance(error, PermissionError)
    return cause_of(error) in (Cause.HELD, Cause.DENIED)


def is_closed_pipe(error: OSError, stream: IO[Any] | None) -> bool:
    """Return whether a write to `stream` failed because the program that read from it has ended.

    Windows reports that as `EINVAL`, which counts only where the stream is a pipe.
    """
    if isinstance(error, BrokenPipeError) or _windows_number(error) in _CLOSED_PIPE:
        return True
    return error.errno == errno.EINVAL and _windows_number(error) is None and _is_pipe(stream)


def _is_pipe(stream: IO[Any] | None) -> bool:
    if stream is None:
        return False
    try:
        return stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):  # no file of the system, or closed
        return False


def _windows_number(error: OSError) -> int | None:
    number: int | None = getattr(
        error, "winerror", None
    )  # Windows only; None there for errors of the C library
    return number
