"""A location holds only complete backups after a kill at any moment, and the next run goes on.

    python -m tests.store.test_backup_killed [ROUNDS]

runs more rounds than the test and prints what it found.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fuyuan_desk.store.backup import backup
from fuyuan_desk.store.entry import open_store
from tests.conftest import CHEAP, NOW, PASSWORD, RECOVERY
from tests.store.backup.opening import open_backup
from tests.store.backup.test_backup import add_photo

ROUNDS = 4
ROOT = Path(__file__).resolve().parents[3]
_START = 20.0


def killed(folder: Path, location: Path, chance: random.Random) -> list[Path]:
    """Kill a process at a random moment after its first backup, and return the backups that it reported."""
    command = [
        sys.executable,
        "-m",
        "tests.store.backup.backup_in_process",
        str(folder),
        str(location),
        PASSWORD,
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(chance.uniform(0, 0.3))
    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read()
    process.stdout.close()
    process.wait(_START)
    # an incomplete line does not count
    return [Path(line) for line in (first + rest).split("\n")[:-1]]


def open_all(folder: Path, location: Path, promised: list[Path]) -> int:
    """Open every backup and return their number."""
    (root,) = location.iterdir()
    whole = backup.generations(root)
    for path in whole:
        found = open_backup(path, "admin", PASSWORD)
        assert not found.missing_photos
        found.close()
    assert promised[-1] in whole
    store = open_store(folder, "admin", PASSWORD)
    backup.write_backup(store, location, NOW)
    store.close()
    left = [path for path in root.rglob("*") if path.suffix in (".part", ".gone", ".copy", ".tmp")]
    assert left == []
    return len(whole)


def rounds(folder: Path, location: Path, count: int, seed: int) -> int:
    """Kill `count` times; return how many backups were opened afterwards."""
    chance, found = random.Random(seed), 0
    store = open_store(folder, "admin", PASSWORD)
    for shade in range(5):
        add_photo(store, shade)
    store.close()
    for _round in range(count):
        found += open_all(folder, location, killed(folder, location, chance))
        shutil.rmtree(location / next(location.iterdir()).name / "media")  # so that photos are copied again
    return found


def test_killed_at_any_moment_there_are_only_complete_backups(folder: Path, tmp_path: Path) -> None:
    location = tmp_path / "location"
    location.mkdir()
    assert rounds(folder, location, ROUNDS, random.randrange(1 << 30)) >= ROUNDS


def main(count: int) -> None:
    """Set up an office and run more kills."""
    from fuyuan_desk.access.facts import OfficeSettings
    from fuyuan_desk.office.service.set_up import set_up_office

    with tempfile.TemporaryDirectory() as made:
        folder, location = Path(made) / "office", Path(made) / "location"
        location.mkdir()
        settings = OfficeSettings("福元居民委员会")
        set_up_office(folder, settings, "admin", "管理员", PASSWORD, RECOVERY, CHEAP).store.close()
        found = rounds(folder, location, count, 1)
        sys.stdout.write(f"{count} kills, {found} backups opened afterwards, all whole\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 50)
