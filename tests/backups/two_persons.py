"""Restoring a backup by two persons in one step, as the desk does it in several."""

from contextlib import closing
from pathlib import Path

from fuyuan_desk.backups.service.restore import Credential, open_by_two
from fuyuan_desk.store.backup.restore import Restored


def restore_by_two(path: Path, target: Path, first: Credential, second: Credential | None = None) -> Restored:
    """Open a backup by two and restore it at `target`, where nothing may be yet."""
    with closing(open_by_two(path, first, second)) as agreed:
        return agreed.restore(target)
