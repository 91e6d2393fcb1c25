"""Where the parts of an office lie in its folder."""

from pathlib import Path

from fuyuan_desk.store.keys import keyring

DATABASE = "store.db"
MEDIA = "media"


def is_store(folder: Path) -> bool:
    """Whether `folder` holds an office that was set up to the end."""
    return keyring.exists(folder)
