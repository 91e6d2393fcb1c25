"""Which paths a system takes: names of devices, paths that are too long, folders without a name of their own.

Pure where the system is a parameter, so that the rules of Windows can be tried elsewhere.
"""

import ntpath
import os
import re
from pathlib import PurePath, PureWindowsPath
from typing import Any

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.texts import _

ON_WINDOWS = os.name == "nt"
MOST_UNITS = 259
"""How long a path may be on Windows without long paths, in UTF-16 units: 260 with the NUL at its end."""
MOST_NAME = 255
"""How long a single name may be: in UTF-16 units on Windows, in bytes elsewhere."""

_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
_BAD = frozenset('<>:"|?*')
_DEVICE_PATHS = ("\\\\.\\", "//./")


def is_device_name(name: str) -> bool:
    """Return whether Windows takes a name for a device: `CON`, `nul.txt`, `COM1:`."""
    return _DEVICES.fullmatch(re.split("[.:]", name, maxsplit=1)[0].rstrip()) is not None


def names_device(path: str) -> bool:
    r"""Return whether a path leads to a device on Windows, by any of its names or as `\\.\COM1`."""
    if path.startswith(_DEVICE_PATHS):
        return True
    rest = ntpath.splitdrive(path)[1]
    return any(is_device_name(name) for name in re.split(r"[\\/]", rest))


def refuse_device_name(path: PurePath, on_windows: bool = ON_WINDOWS) -> None:
    """Raise `Unusable` where the system takes a path for a device, which swallows what is written or blocks."""
    if on_windows and names_device(str(path)):
        raise Unusable(_("{path} is the name of a device in Windows. Choose another name.").format(path=path))


def bad_characters(path: PurePath) -> str:
    r"""Return the characters that no name on Windows may hold, of those that a path has behind its drive.

    `C:\list:1.txt` would be written, out of sight, into a file `list`.
    """
    rest = ntpath.splitdrive(str(path).removeprefix("\\\\?\\"))[1]
    return "".join(sorted({char for char in rest if char in _BAD or char < " "}))


def refuse_bad_name(path: PurePath, on_windows: bool = ON_WINDOWS) -> None:
    """Raise `Unusable` for a path that names a device, or has a character that no name may hold, on Windows."""
    refuse_device_name(path, on_windows)
    found = bad_characters(path) if on_windows else ""
    if found:
        raise Unusable(
            _("{path} contains {characters}, which a name must not contain. Choose another name.").format(
                path=path, characters=" ".join(found)
            )
        )


def refuse_unnamed_folder(folder: PurePath) -> None:
    r"""Raise `Unusable` for a folder without a name of its own: `D:\`, a share, or `D:name`, which Windows completes.

    Backups and restored offices lie beside an office under its folder's name, so there must be one.
    """
    is_incomplete = isinstance(folder, PureWindowsPath) and bool(folder.drive) and not folder.root
    if is_incomplete or (folder.root and not folder.name):
        raise Unusable(
            _(
                "{folder} is not a folder of its own. Choose or enter a folder on the disk, such as {example}."
            ).format(folder=folder, example=example_folder(folder))
        )


def example_folder(folder: PurePath) -> str:
    r"""Return a short path for a sentence: `D:\福元台`, on the disk of `folder` if that has a letter."""
    if not isinstance(folder, PureWindowsPath):
        return "/福元台" if folder.is_absolute() else "福元台"
    drive = folder.drive if re.fullmatch("[A-Za-z]:", folder.drive) else "D:"
    return f"{drive}\\福元台"


def length(path: PurePath | str) -> int:
    """Return the length of a path as Windows counts it, in UTF-16 units: a rare character counts twice."""
    return len(str(path).encode("utf-16-le", "surrogatepass")) // 2


def long_paths_are_on() -> bool:
    """Return whether Windows lets this process use paths over 260 characters.

    That takes the setting `LongPathsEnabled` of the PC and the manifest of the program; the system knows both.
    """
    import ctypes  # here: not needed by the sign-in window

    windows: Any = getattr(ctypes, "windll", None)
    try:
        return bool(windows.ntdll.RtlAreLongPathsEnabled() & 0xFF)
    except (AttributeError, OSError):  # another system, or Windows 10 before 1607
        return False


def excess(path: PurePath, on_windows: bool = ON_WINDOWS, long_paths: bool | None = None) -> int:
    """Return by how much an absolute path is too long for the system, 0 when it fits.

    On Windows in UTF-16 units, of the whole path or, with `long_paths`, of its longest name; elsewhere in bytes of its
    longest name. `long_paths` None: as this process may.
    """
    if on_windows and not (long_paths_are_on() if long_paths is None else long_paths):
        return max(length(path) - MOST_UNITS, 0)
    longest = max((length(name) if on_windows else len(os.fsencode(name)) for name in path.parts), default=0)
    return max(longest - MOST_NAME, 0)
