"""Files written whole or not at all, and the disk's refusals in words."""

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

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.texts import _

HELD_SECONDS = 2.0
"""How long a file that another program holds – a virus scanner, a backup – is waited for."""
_LOOK_AGAIN = 0.05


# names of devices under Windows, whatever ending follows
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
_FORBIDDEN = frozenset('\\/:*?"<>|')
_UNSEEN = frozenset(
    ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
)  # line ends, marks that turn writing round, halves
# marks of Windows and of POSIX: bytes as they are; no waiting for whoever may write into a pipe
_HOW = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_MOST_NAME_BYTES = 200  # of 255: a part in front or behind is added while it is written


def safe_name(name: str, ending: str, otherwise: str = "paper") -> str:
    """Turn any text into the name of a file that every system takes and shows as it is.

    `ending` such as `.xlsx` stands at its end once; `otherwise` is the name where nothing is left of it.
    """
    seen = "".join(" " if unicodedata.category(sign) in _UNSEEN else sign for sign in name)
    stem = "".join("_" if sign in _FORBIDDEN else sign for sign in " ".join(seen.split()))
    stem = re.sub("_{2,}", "_", stem).strip(" .")
    if stem.lower().endswith(ending.lower()):
        stem = stem[: len(stem) - len(ending)].rstrip(" .")
    most = _MOST_NAME_BYTES - len(ending.encode())
    while len(stem.encode()) > most:
        stem = stem[:-1]
    stem = stem.rstrip(" .") or otherwise
    if _DEVICES.fullmatch(stem.partition(".")[0].rstrip()):
        stem = f"_{stem}"
    return stem + ending


def with_ending(path: Path, ending: str) -> Path:
    """Give a chosen path the ending of its kind, once; dots in its name stay: `1.2号楼` becomes `1.2号楼.xlsx`."""
    return path if path.suffix.lower() == ending else path.with_name(path.name + ending)


def read_given(path: Path, most: int) -> bytes:
    """Read at most `most` + 1 bytes of a file that somebody chose; a pipe or a device is not waited for.

    Raises `Unusable` when it is none or when the disk refuses.
    """
    try:
        with os.fdopen(os.open(path, _HOW), "rb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return file.read(most + 1)
    except OSError as problem:
        raise in_words(problem, path) from problem
    raise Unusable(_("{path} is no file but a device. Choose a file.").format(path=path))


def in_words(problem: OSError, path: Path) -> Unusable:
    """Turn the system's refusal to use `path` into a sentence that says what to do."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        sentence = _("The disk that holds {path} is full. Free some space, then try again.")
    elif problem.errno in (errno.ENOENT, errno.ENOTDIR):
        sentence = _("The folder {folder} is not there. Check that the disk or stick is plugged in.")
    elif problem.errno == errno.EROFS:
        sentence = _("Nothing can be written into {folder}. Choose another folder.")
    elif problem.errno in (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY):
        sentence = _("{path} cannot be written to. Close the program that uses it, or choose another folder.")
    elif problem.errno == errno.EISDIR:
        sentence = _("{path} is a folder. Choose the name of a file.")
    elif problem.errno == errno.EEXIST:
        sentence = _("{path} is a file. Choose a folder.")
    elif problem.errno == errno.ENAMETOOLONG:
        sentence = _("The name {path} is too long. Choose a shorter one.")
    elif problem.errno == errno.EIO:
        sentence = _(
            "The disk that holds {path} did not answer. Check the disk or the stick, then try again."
        )
    else:
        sentence = _("{path} could not be used ({reason}). Check the disk, then try again.")
    folder = path if os.path.isdir(path) else path.parent
    return Unusable(sentence.format(path=path, folder=folder, reason=problem.strerror or problem))


def keep_names(folder: Path) -> None:
    """Make new, changed and removed names in `folder` outlast a power cut, where the system can do so."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):  # some network disks cannot; the contents are safe there all the same
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _patiently(act: Callable[[], None]) -> None:
    # Windows refuses to touch a file that another program has open; such programs let go within moments
    until = time.monotonic() + HELD_SECONDS
    while True:
        try:
            return act()
        except PermissionError:
            if time.monotonic() >= until:
                raise
            time.sleep(_LOOK_AGAIN)


def replace(source: Path, target: Path) -> None:
    """Give the file `source` the name `target`, in place of what bears it; waits for a program that holds either.

    Raises `OSError` when the system refuses.
    """
    _patiently(lambda: os.replace(source, target))


def rename(source: Path, target: Path) -> None:
    """Give a file or folder a name that nothing bears yet; waits for a program that holds it or something in it.

    Raises `OSError` when the system refuses.
    """
    _patiently(lambda: os.rename(source, target))


def remove(path: Path) -> None:
    """Remove a file, one that is gone already being no error; waits for a program that holds it.

    Raises `OSError` when the system refuses.
    """
    _patiently(lambda: path.unlink(missing_ok=True))


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path`; a power cut or a full disk leaves the former content untouched.

    Raises `Unusable` when the disk refuses.
    """
    beside: str | None = None
    try:
        handle, beside = tempfile.mkstemp(prefix=f".{path.stem[:40]}-", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        replace(Path(beside), path)
        keep_names(path.parent)
    except BaseException as problem:
        if beside is not None:
            with contextlib.suppress(OSError):
                os.unlink(beside)
        if isinstance(problem, OSError):
            raise in_words(problem, path) from problem
        raise
