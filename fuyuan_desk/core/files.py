"""Atomic file writes, safe file names, and operating system errors as user messages."""

import contextlib
import errno
import os
import re
import stat
import tempfile
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from fuyuan_desk.core.errors import DiskFull, Unusable
from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible

RETRY_FOR_SECONDS = 2.0
"""How long to retry while another program – a virus scanner, a backup – has the file open."""
_RETRY_SECONDS = 0.05

# device names on Windows, with any extension
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
_FORBIDDEN = frozenset('\\/:*?"<>|')
_UNUSABLE = frozenset(("Cs", "Co", "Cn"))  # surrogates and characters that a file system may not know
# Windows: no newline translation; POSIX: do not block on a pipe
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_FULL = (errno.ENOSPC, errno.EDQUOT)
_MAX_NAME_BYTES = 200  # of 255: the temporary name adds a prefix and a suffix


def safe_name(name: str, ending: str) -> str:
    """Turn any text into a file name that is valid on every system.

    The name ends in `ending`, such as `.xlsx`, exactly once; its stem is `paper` when no character is left.
    """
    usable = "".join(" " if unicodedata.category(char) in _UNUSABLE else char for char in visible(name))
    stem = "".join("_" if char in _FORBIDDEN else char for char in " ".join(usable.split()))
    stem = re.sub("_{2,}", "_", stem).strip(" .")
    if stem.lower().endswith(ending.lower()):
        stem = stem[: len(stem) - len(ending)].rstrip(" .")
    most = _MAX_NAME_BYTES - len(ending.encode())
    while len(stem.encode()) > most:
        stem = stem[:-1]
    stem = stem.rstrip(" .") or "paper"
    if _DEVICES.fullmatch(stem.partition(".")[0].rstrip()):
        stem = f"_{stem}"
    return stem + ending


def joined_name(*parts: str) -> str:
    """Join what a paper is, its number and its place to the name of its file; empty parts are left out."""
    return "-".join(part.strip() for part in parts if part.strip())


def with_ending(path: Path, ending: str) -> Path:
    """Append `ending` to a path unless it has it; dots in the name stay: `1.2号楼` becomes `1.2号楼.xlsx`."""
    return path if path.suffix.lower() == ending else path.with_name(path.name + ending)


def read_at_most(path: Path, most: int) -> bytes:
    """Read at most `most` + 1 bytes of a user-chosen file, without blocking on a pipe or a device.

    Raises `Unusable` when it is not a regular file or cannot be read.
    """
    try:
        with os.fdopen(os.open(path, _OPEN_FLAGS), "rb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return file.read(most + 1)
    except OSError as error:
        raise as_unusable(error, path) from error
    raise Unusable(_("{path} is a device, not a file. Choose a file.").format(path=path))


def as_unusable(error: OSError, path: Path) -> Unusable:
    """Convert an `OSError` about `path` into an `Unusable` whose message says what to do."""
    if error.errno in _FULL:
        message = _("The disk that holds {path} is full. Free some space, then try again.")
    elif error.errno in (errno.ENOENT, errno.ENOTDIR):
        message = _("The folder {folder} was not found. Check that the disk or USB drive is plugged in.")
    elif error.errno == errno.EROFS:
        message = _("{folder} is read-only. Choose another folder.")
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY):
        message = _("Cannot write to {path}. Close the program that uses it, or choose another folder.")
    elif error.errno == errno.EISDIR:
        message = _("{path} is a folder. Enter a file name.")
    elif error.errno == errno.EEXIST:
        message = _("{path} is a file. Choose a folder.")
    elif error.errno == errno.ENAMETOOLONG:
        message = _("The name {path} is too long. Choose a shorter one.")
    elif error.errno == errno.EIO:
        message = _("The disk with {path} does not respond. Check the disk or USB drive, then try again.")
    else:
        message = _("Cannot use {path} ({reason}). Check the disk, then try again.")
    folder = path if os.path.isdir(path) else path.parent
    kind = DiskFull if error.errno in _FULL else Unusable
    return kind(message.format(path=path, folder=folder, reason=error.strerror or error))


def sync_directory(folder: Path) -> None:
    """Flush the directory entries of `folder` to disk where the system supports it."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):  # some network drives cannot; the file contents are flushed anyway
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _retry(operation: Callable[[], None]) -> None:
    # Windows refuses to touch a file that another program has open, usually only for a moment
    deadline = time.monotonic() + RETRY_FOR_SECONDS
    while True:
        try:
            return operation()
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_RETRY_SECONDS)


def replace(source: Path, target: Path) -> None:
    """Rename the file `source` to `target`, replacing it; retries while another program has either open.

    Raises `OSError` on failure.
    """
    _retry(lambda: os.replace(source, target))


def rename(source: Path, target: Path) -> None:
    """Rename a file or folder to an unused name; retries while another program has it open.

    Raises `OSError` on failure.
    """
    _retry(lambda: os.rename(source, target))


def remove(path: Path) -> None:
    """Remove a file if it exists; retries while another program has it open.

    Raises `OSError` on failure.
    """
    _retry(lambda: path.unlink(missing_ok=True))


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path`; a power cut or a full disk leaves the previous content untouched.

    Raises `Unusable` on failure.
    """
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.stem[:40]}-", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        replace(Path(temporary), path)
        sync_directory(path.parent)
    except BaseException as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        if isinstance(error, OSError):
            raise as_unusable(error, path) from error
        raise
