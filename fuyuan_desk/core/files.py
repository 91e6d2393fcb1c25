"""Atomic file writes, safe file names, and operating system errors as user messages."""

import contextlib
import errno
import os
import re
import shutil
import stat
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from fuyuan_desk.core import path_rules
from fuyuan_desk.core.errors import DiskFull, Unusable
from fuyuan_desk.core.system_errors import Cause, cause_of, is_disk_fault, is_held
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.core.visible import visible

RETRY_FOR_SECONDS = 2.0
"""How long to retry while another program – a virus scanner, a backup – has the file open."""
_RETRY_SECONDS = 0.05

_FORBIDDEN = frozenset('\\/:*?"<>|')
_UNUSABLE = frozenset(("Cs", "Co", "Cn"))  # surrogates and characters that a file system may not know
# Windows: no newline translation; POSIX: do not block on a pipe
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
# not by `tempfile`, which on Windows tries names for ever in a folder that refuses new files
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
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
    if path_rules.is_device_name(stem):
        stem = f"_{stem}"
    return stem + ending


def joined_name(*parts: str) -> str:
    """Join what a paper is, its number and its place to the name of its file; empty parts are left out."""
    return "-".join(part.strip() for part in parts if part.strip())


def with_ending(path: Path, ending: str) -> Path:
    """Append `ending` to a path unless it has it; dots in the name stay: `1.2号楼` becomes `1.2号楼.xlsx`.

    Dots and spaces at the end of the name go, as Windows drops them.
    """
    path = path.with_name(path.name.rstrip(" .") or path.name)
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


_SENTENCES = {
    Cause.FULL: N_("The disk that holds {path} is full. Free some space, then try again."),
    Cause.MISSING: N_("The folder {folder} was not found. Check that the disk or USB drive is plugged in."),
    Cause.READ_ONLY: N_(
        "{folder} is read-only. Release the write protection of the USB drive, or choose another folder."
    ),
    Cause.DENIED: N_(
        "Cannot write to {path}. Close the program that uses it, take off its write protection, or choose another"
        " folder."
    ),
    Cause.HELD: N_("Another program has {path} open. Close it there, then try again."),
    Cause.IS_FOLDER: N_("{path} is a folder. Enter a file name."),
    Cause.IS_FILE: N_("{path} is a file. Choose a folder."),
    Cause.BAD_NAME: N_(
        "{path} contains a character that a name must not contain, such as : ? * < > | or a quotation mark."
        " Choose another name."
    ),
    Cause.TOO_LONG: N_("The name {path} is too long. Choose a shorter one, or a folder with a shorter path."),
    Cause.FAILING: N_("The disk with {path} does not respond. Check the disk or USB drive, then try again."),
    Cause.NOT_READY: N_(
        "The drive with {path} is not ready. Insert the disk or USB drive, wait a moment, then try again."
    ),
    Cause.DISK_GONE: N_(
        "The disk with {path} is no longer connected. Plug the USB drive in again, then try again."
    ),
    Cause.NETWORK_GONE: N_(
        "The network folder {folder} is not reachable. Check the network cable and whether the other computer is on,"
        " or choose a folder on this PC."
    ),
    Cause.NO_SIGN_IN: N_(
        "The other computer does not let you into {folder}. Open the folder in the Explorer and sign in there, then try"
        " again; or choose a folder on this PC."
    ),
    Cause.CLOUD: N_(
        "{path} is in a folder that an online storage service fills, and the service does not respond. Choose a folder"
        " that is only on this PC."
    ),
    Cause.TOO_LARGE: N_(
        "The disk cannot hold a file as large as {path}. Choose another disk, or have the USB drive formatted as NTFS"
        " or exFAT."
    ),
    Cause.BLOCKED: N_(
        "A protection program of this PC blocks {path}. Ask whoever looks after the PC, or choose another folder."
    ),
    Cause.OTHER: N_("Cannot use {path} ({reason}). Check the disk, then try again."),
}


def as_unusable(error: OSError, path: Path, *, is_folder: bool = False) -> Unusable:
    """Convert an `OSError` about `path` into an `Unusable` whose message says what to do.

    `is_folder`: the path is that of a folder, also if it is no longer there.
    """
    cause = _cause(error, path)
    folder = path if is_folder or os.path.isdir(path) else path.parent
    kind = DiskFull if cause is Cause.FULL else Unusable
    return kind(_(_SENTENCES[cause]).format(path=path, folder=folder, reason=error.strerror or error))


def as_disk_fault(error: OSError) -> Unusable | None:
    """Convert an `OSError` that nobody expected if its disk is at fault – full, gone, failing; else return None."""
    if not is_disk_fault(error):
        return None
    if isinstance(error.filename, str):
        return as_unusable(error, Path(error.filename))
    if cause_of(error) is Cause.FULL:  # of a file that was open already, whose name is not known here
        return DiskFull(_("The disk is full. Free some space, then try again."))
    return Unusable(
        _("The disk does not respond. Check that the disk or USB drive is plugged in, then try again.")
    )


def _cause(error: OSError, path: Path) -> Cause:
    cause = cause_of(error)
    # Windows says of a path that is too long only that it was not found
    if cause in (Cause.MISSING, Cause.OTHER) and path_rules.excess(Path(os.path.abspath(path))):
        return Cause.TOO_LONG
    # an unfit parameter: of the name, if that has such a character
    has_bad_name = bool(path_rules.bad_characters(path))
    if cause is Cause.BAD_NAME and not has_bad_name:
        return Cause.OTHER
    if (
        cause is Cause.OTHER and has_bad_name and path_rules.ON_WINDOWS
    ):  # as the C library says it, without a number
        return Cause.BAD_NAME
    # a USB drive that was pulled out while it was written to is reported in many ways
    if cause in (Cause.FAILING, Cause.OTHER) and not os.path.isdir(path.parent):
        return Cause.MISSING
    return cause


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


def _retry(operation: Callable[[], object], seconds: float = RETRY_FOR_SECONDS) -> None:
    # Windows refuses to touch a file that another program has open, usually only for a moment
    deadline = time.monotonic() + seconds
    while True:
        try:
            operation()
            return
        except OSError as problem:
            if not is_held(problem) or time.monotonic() >= deadline:
                raise
            time.sleep(_RETRY_SECONDS)


def replace(source: Path, target: Path, seconds: float = RETRY_FOR_SECONDS) -> None:
    """Rename the file `source` to `target`, replacing it; retries for `seconds` while another program has either open.

    Raises `OSError` on failure.
    """
    _retry(lambda: os.replace(source, target), seconds)


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


def remove_tree(folder: Path) -> None:
    """Remove a folder with everything in it if it exists; retries while another program has a file of it open.

    Raises `OSError` on failure.
    """

    def remove_rest() -> None:
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)

    try:
        _retry(remove_rest)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)  # what else can be removed
        raise


def refuse_unfit_target(path: Path) -> None:
    """Raise `Unusable` for a path that no file can be written to: a device, a folder, a name such as `NUL`."""
    path_rules.refuse_bad_name(path)
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):  # a new file; what is wrong with it shows when it is written
        return
    if stat.S_ISDIR(mode):
        raise as_unusable(IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)), path)
    if not stat.S_ISREG(mode):
        raise Unusable(_("{path} is a device, not a file. Choose a file.").format(path=path))


def _new_temporary(path: Path) -> tuple[int, Path]:
    # eight random hexadecimal digits: a name that is taken is not to be expected, and refused
    temporary = path.with_name(f".{path.stem[:40]}-{os.urandom(4).hex()}.tmp")
    return os.open(temporary, _NEW, 0o600), temporary


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path`; a power cut or a full disk leaves the previous content untouched.

    Raises `Unusable` on failure.
    """
    refuse_unfit_target(path)
    temporary: Path | None = None
    try:
        handle, temporary = _new_temporary(path)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        replace(temporary, path)
        sync_directory(path.parent)
    except BaseException as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        if isinstance(error, OSError):
            raise as_unusable(error, path) from error
        raise
