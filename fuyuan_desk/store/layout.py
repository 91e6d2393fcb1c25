"""The layout of an office's folder, and the names of the folders that the program makes beside it."""

from pathlib import Path

from fuyuan_desk.store.keys import keyring

DATABASE = "store.db"
MEDIA = "media"
PART = ".part"
"""Appended to the name of a folder while a backup is restored into it."""
REPLACED = "-before-restore-"
"""Appended, before the time, to the name of an office that a restored one replaces."""


def is_store(folder: Path) -> bool:
    """Return whether `folder` holds an office whose set-up was completed."""
    return keyring.exists(folder)


def backups_beside(folder: Path) -> Path:
    """Return the default folder of an office's backups, beside its own; `folder` is absolute."""
    return _beside(folder, "-backup")


def restored_beside(folder: Path, day: str, number: int = 1) -> Path:
    """Return a folder for a restored office beside the present one; `number` counts those of a `day` (YYYYMMDD)."""
    return _numbered(folder, f"-restored-{day}", number)


def replaced_beside(folder: Path, second: str, number: int = 1) -> Path:
    """Return a folder for an office that a restored one replaces; `second` is YYYYMMDD-HHMMSS."""
    return _numbered(folder, f"{REPLACED}{second}", number)


def _numbered(folder: Path, suffix: str, number: int) -> Path:
    return _beside(folder, suffix if number == 1 else f"{suffix}-{number}")


def _beside(folder: Path, suffix: str) -> Path:
    # a disk itself, in which no office can be set up, can be chosen to look for one
    return folder.parent / f"{folder.name or 'office'}{suffix}"
