"""A process that backs up repeatedly until it is killed, while another of its threads writes.

python -m tests.store.backup_in_process STORE PLACE PASSWORD
"""

import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fuyuan_desk.backups.rules import kept_generations
from fuyuan_desk.office.records import StreetRow
from fuyuan_desk.shell import schema  # noqa: F401 - all tables, as the program has them
from fuyuan_desk.store.backup import backup, copy
from fuyuan_desk.store.entry import open_store
from fuyuan_desk.store.store import Store


def _write(store: Store) -> None:
    while True:
        with store.use() as session:
            session.add(StreetRow(code="", name=f"某路{time.time_ns()}"))
            session.commit()
        time.sleep(0.005)


def main(folder: Path, place: Path, password: str) -> None:
    """Print a line for each completed backup."""
    copy._CHUNK = 16 * 1024  # more points at which the process may be killed
    store = open_store(folder, "admin", password)
    threading.Thread(target=_write, args=(store,), daemon=True).start()
    at = datetime.now(UTC)
    while True:
        made = backup.write_backup(store, place, at, kept_generations)
        sys.stdout.write(f"{made.path}\n")
        sys.stdout.flush()
        at += timedelta(days=1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
