"""Preferences of this PC; they contain no office data and nothing personal but the last login."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from fuyuan_desk.core import paths


class Preferences(NamedTuple):
    """Settings of one PC; `store` is the folder of the last opened office, `columns` the layout of each list.

    `navigation` holds what is folded and hidden in the navigation: `folded`, groups by name, and `hidden`, page names.
    `folders` are those last used in file dialogs, by purpose.
    `put_off` is the folder of the office whose backup on closing was not finished when the session of the PC ended.
    `bar_capture`: windows that show revealed data are kept out of pictures of the screen, where the system can do it.

    Not a dataclass, because importing `dataclasses` would delay the sign-in window.
    """

    store: str = ""
    language: str = "zh_CN"
    large_text: bool = False
    tall_rows: bool = False
    last_login: str = ""
    columns: Mapping[str, Any] = MappingProxyType({})
    navigation: Mapping[str, Any] = MappingProxyType({})
    folders: Mapping[str, Any] = MappingProxyType({})
    put_off: str = ""
    bar_capture: bool = True


def load(file: Path | None = None) -> Preferences:
    """Read the preferences; return the defaults when the file is missing or invalid."""
    try:
        data = json.loads((file or paths.settings_file()).read_text(encoding="utf-8"))
        defaults = Preferences()._asdict()
        known: dict[str, Any] = {
            key: value
            for key, value in data.items()
            if key in defaults and isinstance(value, _kind_of(defaults[key]))
        }
        found = Preferences(**known)
        return found._replace(store=absolute_store(found.store, paths.portable_folder()))
    except (OSError, ValueError, TypeError, AttributeError):
        return Preferences()


def absolute_store(store: str, portable: Path | None) -> str:
    """Return the folder of an office that a portable copy remembers; its drive has another letter on every PC."""
    return str(portable / store) if portable and store and not Path(store).is_absolute() else store


def relative_store(store: str, portable: Path | None) -> str:
    """Return what to remember of the folder of an office: relative to the portable copy that it lies beside."""
    if portable is None or not store or not Path(store).is_relative_to(portable):
        return store
    return Path(store).relative_to(portable).as_posix()


def _kind_of(default: Any) -> type:
    return Mapping if isinstance(default, Mapping) else type(default)


def save(preferences: Preferences, file: Path | None = None) -> None:
    """Write the preferences; a failure is ignored, because the program works without them."""
    from fuyuan_desk.core.errors import UserError
    from fuyuan_desk.core.files import write_atomically  # here: not needed before the first window

    target = file or paths.settings_file()
    preferences = preferences._replace(store=relative_store(preferences.store, paths.portable_folder()))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(
            target,
            json.dumps(
                {
                    key: dict(value) if isinstance(value, Mapping) else value
                    for key, value in preferences._asdict().items()
                },
                ensure_ascii=False,
                indent=1,
            ).encode(),
        )
    except (OSError, UserError):
        return


def store_folder(preferences: Preferences) -> Path:
    """Return the folder of the office to open."""
    return Path(preferences.store) if preferences.store else paths.default_store()
