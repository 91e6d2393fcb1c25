"""Paths of the program's own files, in a checkout or an installed folder."""

import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

SETTINGS_VARIABLE = "FUYUAN_SETTINGS"
"""The folder of the settings and the log of a window that the self-test starts, whatever else has them."""
PORTABLE = "portable"  # a file that only the portable package has
_PACKAGE = Path(__file__).resolve().parents[1]


def root_of(package: Path) -> Path:
    """Return the folder that has `resources/`: a wheel's package itself, or the nearest of three folders above it.

    A checkout has them side by side; in an installation the package is in an archive beside it, `program/app.zip`.
    """
    places = (package, *package.parents[:3])
    return next((place for place in places if (place / "resources").is_dir()), package.parent)


_ROOT = root_of(_PACKAGE)


def root() -> Path:
    """Return the folder that has `resources/` and `i18n/`."""
    return _ROOT


def resource(*parts: str) -> Path:
    """Return the path of a file below `resources/`."""
    return _ROOT.joinpath("resources", *parts)


def translations() -> Path:
    """Return the folder that contains `<language>/LC_MESSAGES/`."""
    return _ROOT / "i18n"


def migrations() -> Path:
    """Return the folder of the store's migration steps, which are read as files.

    An installation has it beside `resources/`, as its package is in an archive.
    """
    own = _PACKAGE / "store" / "migrations"
    return own if own.is_dir() else _ROOT / "migrations"


@cache
def portable_folder() -> Path | None:
    """Return the folder of this program if it is a portable copy, `None` otherwise."""
    return portable_folder_of(_ROOT)


def portable_folder_of(root: Path) -> Path | None:
    """Return the folder of the portable copy with its data in `root`, which keeps its settings beside the program.

    `None` for any other program, and for a copy on a drive that cannot be written to: it keeps them on the PC. Settings
    that were saved beside it before the drive was locked still count, or its office would seem to be lost.
    """
    if not (root / PORTABLE).is_file():
        return None
    # No permission that can be read tells it on Windows. `tempfile` would try other names there for hours: it takes a
    # refusal for a name that is in use. A folder, because virus scanners hold new files.
    probe = root.parent / f".{os.getpid()}-{os.urandom(8).hex()}"
    try:
        probe.mkdir()
    except OSError:
        return root.parent if _settings_beside(root.parent).is_file() else None
    with suppress(OSError):
        probe.rmdir()
    return root.parent


def _settings_beside(portable: Path) -> Path:
    return portable / "settings" / "settings.json"


@cache
def read_each(name: str) -> tuple[Any, ...]:
    """Read the JSON files of one name from every folder of `resources/`, in the order of the folders' names."""
    return tuple(read_json(file.parent.name, name) for file in sorted(resource().glob(f"*/{name}")))


@cache
def read_json(*parts: str) -> Any:
    """Read a JSON file below `resources/` once; callers must not modify the result."""
    import json  # 2 ms that the process of the sandbox, which reads none, need not wait for

    return json.loads(resource(*parts).read_text(encoding="utf-8"))


def default_store() -> Path:
    """Return the default folder of an office's store."""
    import platformdirs  # here: not needed by the sign-in window

    return Path(platformdirs.user_data_dir("fuyuan_desk", appauthor=False)) / "office"


def settings_file() -> Path:
    """Return the path of this PC's settings: store folder, language, text size; nothing personal."""
    tested = os.environ.get(SETTINGS_VARIABLE)
    if tested:
        return Path(tested) / "settings.json"
    portable = portable_folder()
    if portable is not None:
        return _settings_beside(portable)
    # the location platformdirs would choose; importing it is too slow for the first file read at startup
    if sys.platform == "win32":
        folder = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Application Support"
    else:
        folder = os.environ.get("XDG_CONFIG_HOME", "").strip() or Path.home() / ".config"
    return Path(folder) / "fuyuan_desk" / "settings.json"
