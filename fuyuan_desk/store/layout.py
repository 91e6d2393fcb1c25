"""The layout of an office's folder."""

from pathlib import Path

from fuyuan_desk.store.keys import keyring

DATABASE = "store.db"
MEDIA = "media"


def is_store(folder: Path) -> bool:
    """Return whether `folder` holds an office whose set-up was completed."""
    return keyring.exists(folder)
