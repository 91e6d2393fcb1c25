"""Opening a backup with one secret, as only tests may: at the desk it takes two persons."""

from pathlib import Path

from fuyuan_desk.store.backup.opened import Opened, open_with
from fuyuan_desk.store.keys import keyring


def open_backup(path: Path, login: str, password: str) -> Opened:
    """Open the backup in the folder `path` by an operator's password and check it."""
    return open_with(path, lambda keys: keyring.open_with_password(keys, login, password))


def open_backup_with_code(path: Path, code: str) -> Opened:
    """Open the backup in the folder `path` by the recovery code and check it."""
    return open_with(path, lambda keys: keyring.open_with_recovery(keys, code))
