"""Sticks that are known by a name: a small file on each says so, whatever drive it is plugged in as."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.files import in_words, write_atomically
from fuyuan_desk.core.texts import _

_FORMAT = 1
_LARGEST = 4096
_MOUNTS = (("/media", 2), ("/run/media", 2), ("/mnt", 1), ("/Volumes", 1))
_REMOVABLE, _FIXED = 2, 3


def marker_name(store_uid: str) -> str:
    """Give the name of the file by which an office knows its sticks."""
    return f"fuyuan-stick-{store_uid[:8]}.json"


def present_drives() -> tuple[Path, ...]:
    """List the drives that are plugged in and could be sticks; never asks one on the network."""
    return tuple(_windows_drives() if sys.platform == "win32" else _mounted())


def _windows_drives() -> list[Path]:
    found: list[Path] = []
    if sys.platform == "win32":
        import ctypes
        import string

        kernel = ctypes.windll.kernel32
        present = kernel.GetLogicalDrives()
        for number, letter in enumerate(string.ascii_uppercase):
            drive = f"{letter}:\\"
            # a large stick counts as a fixed disk
            if present >> number & 1 and kernel.GetDriveTypeW(drive) in (_REMOVABLE, _FIXED):
                found.append(Path(drive))
    return found


def _mounted() -> Iterator[Path]:
    for base, deepest in _MOUNTS:
        level = [Path(base)]
        for _depth in range(deepest):
            level = [path for above in level for path in _folders(above)]
            yield from (path for path in level if os.path.ismount(path))


def _folders(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return sorted(path for path in folder.iterdir() if path.is_dir())
    return []


def name_on(drive: Path, store_uid: str) -> str | None:
    """Give the name that a drive bears for this office, None when it bears none."""
    try:
        with open(drive / marker_name(store_uid), "rb") as file:
            data = json.loads(file.read(_LARGEST))
        if data["format"] != _FORMAT or data["store_uid"] != store_uid:
            return None
        return str(data["name"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def find_stick(name: str, store_uid: str, roots: Sequence[Path] | None = None) -> Path | None:
    """Give the drive on which the stick `name` of this office is plugged in, None when it is away."""
    drives = present_drives() if roots is None else roots
    return next((drive for drive in drives if name_on(drive, store_uid) == name), None)


def mark(drive: Path, name: str, store_uid: str) -> None:
    """Write the name onto the drive; raises `Unusable` when it is away or refuses."""
    if not drive.is_dir():
        raise Unusable(
            _("The folder {folder} is not there. Check that the disk or stick is plugged in.").format(
                folder=drive
            )
        )
    content = {"format": _FORMAT, "name": name, "store_uid": store_uid}
    write_atomically(drive / marker_name(store_uid), json.dumps(content, ensure_ascii=False).encode())


def unmark(drive: Path, store_uid: str) -> None:
    """Take the name from the drive; what was backed up stays."""
    path = drive / marker_name(store_uid)
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise in_words(problem, path) from problem
