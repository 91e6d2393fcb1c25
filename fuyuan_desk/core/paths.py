"""Where the program finds its own files, from source or from an installed folder."""

import json
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parents[1]
# beside the package in a checkout and in the Windows stage, inside it in a wheel
_ROOT = _PACKAGE if (_PACKAGE / "resources").is_dir() else _PACKAGE.parent


def resource(*parts: str) -> Path:
    """Give the path of a file below `resources/`."""
    return _ROOT.joinpath("resources", *parts)


def translations() -> Path:
    """Give the folder that holds `<language>/LC_MESSAGES/`."""
    return _ROOT / "i18n"


@cache
def read_each(name: str) -> tuple[Any, ...]:
    """Read the JSON files of one name from every folder of `resources/`, in the order of the folders' names."""
    return tuple(read_json(file.parent.name, name) for file in sorted(resource().glob(f"*/{name}")))


@cache
def read_json(*parts: str) -> Any:
    """Read a JSON file below `resources/` once; callers must not change what they get."""
    return json.loads(resource(*parts).read_text(encoding="utf-8"))


def default_store() -> Path:
    """Give the folder in which an office's store lies unless another was chosen."""
    import platformdirs  # here: the sign-in window must not wait for it

    return Path(platformdirs.user_data_dir("fuyuan_desk", appauthor=False)) / "office"


def settings_file() -> Path:
    """Give the file of this PC's settings: store folder, language, text size; nothing personal."""
    # where platformdirs would put it; asking that is too dear for the first thing the window's start reads
    if sys.platform == "win32":
        folder = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Application Support"
    else:
        folder = os.environ.get("XDG_CONFIG_HOME", "").strip() or Path.home() / ".config"
    return Path(folder) / "fuyuan_desk" / "settings.json"
