"""USB sticks recognised by a small marker file, whatever drive they are connected as."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.files import as_unusable, write_atomically
from fuyuan_desk.core.texts import _

_FORMAT = 1
_LARGEST = 4096
_MOUNTS = (("/media", 2), ("/run/media", 2), ("/mnt", 1), ("/Volumes", 1))
_REMOVABLE, _FIXED = 2, 3


def marker_name(store_uid: str) -> str:
    """Return the name of the marker file by which an office recognises its sticks."""
    return f"fuyuan-stick-{store_uid[:8]}.json"


def present_drives() -> tuple[Path, ...]:
    """List the connected drives that could be USB sticks; network drives are never queried."""
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
            # Windows reports large sticks as fixed disks
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
    """Return the name of a drive in this office's marker file, or None."""
    try:
        with open(drive / marker_name(store_uid), "rb") as file:
            data = json.loads(file.read(_LARGEST))
        if data["format"] != _FORMAT or data["store_uid"] != store_uid:
            return None
        return str(data["name"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def find_stick(name: str, store_uid: str, roots: Sequence[Path] | None = None) -> Path | None:
    """Return the drive of this office's stick `name`, or None when it is not connected."""
    drives = present_drives() if roots is None else roots
    return next((drive for drive in drives if name_on(drive, store_uid) == name), None)


def mark(drive: Path, name: str, store_uid: str) -> None:
    """Write the marker file to the drive; raise `Unusable` if it is missing or not writable."""
    if not os.path.isdir(drive):
        raise Unusable(
            _("The folder {folder} was not found. Check that the disk or USB drive is plugged in.").format(
                folder=drive
            )
        )
    content = {"format": _FORMAT, "name": name, "store_uid": store_uid}
    write_atomically(drive / marker_name(store_uid), json.dumps(content, ensure_ascii=False).encode())


def unmark(drive: Path, store_uid: str) -> None:
    """Delete the marker file from the drive; its backups are kept."""
    path = drive / marker_name(store_uid)
    try:
        files.remove(path)
    except OSError as problem:
        raise as_unusable(problem, path) from problem
