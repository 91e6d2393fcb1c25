"""Killed at any moment, a place holds only whole backups, and the next run goes on.

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


def killed(folder: Path, place: Path, chance: random.Random) -> list[Path]:
    """Let a process back up, kill it at a random moment after its first backup, and give those it told of."""
    command = [
        sys.executable,
        "-m",
        "tests.store.backup.backup_in_process",
        str(folder),
        str(place),
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
    # a line that was cut is no promise
    return [Path(line) for line in (first + rest).split("\n")[:-1]]


def look_over(folder: Path, place: Path, promised: list[Path]) -> int:
    """Open every backup there is; give how many."""
    (root,) = place.iterdir()
    whole = backup.generations(root)
    for path in whole:
        found = open_backup(path, "admin", PASSWORD)
        assert not found.missing_photos
        found.close()
    assert promised[-1] in whole
    store = open_store(folder, "admin", PASSWORD)
    backup.write_backup(store, place, NOW)
    store.close()
    left = [path for path in root.rglob("*") if path.suffix in (".part", ".gone", ".copy", ".tmp")]
    assert left == []
    return len(whole)


def rounds(folder: Path, place: Path, count: int, seed: int) -> int:
    """Kill `count` times; give how many backups were opened afterwards."""
    chance, found = random.Random(seed), 0
    store = open_store(folder, "admin", PASSWORD)
    for shade in range(5):
        add_photo(store, shade)
    store.close()
    for _round in range(count):
        found += look_over(folder, place, killed(folder, place, chance))
        shutil.rmtree(place / next(place.iterdir()).name / "media")  # so that photos are under way again
    return found


def test_killed_at_any_moment_only_whole_backups_are_there(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    assert rounds(folder, place, ROUNDS, random.randrange(1 << 30)) >= ROUNDS


def main(count: int) -> None:
    """Set up an office and kill more often."""
    from fuyuan_desk.access.facts import OfficeSettings
    from fuyuan_desk.office.service.set_up import set_up_office

    with tempfile.TemporaryDirectory() as made:
        folder, place = Path(made) / "office", Path(made) / "place"
        place.mkdir()
        settings = OfficeSettings("福元居民委员会")
        set_up_office(folder, settings, "admin", "管理员", PASSWORD, RECOVERY, CHEAP).store.close()
        found = rounds(folder, place, count, 1)
        sys.stdout.write(f"{count} kills, {found} backups opened afterwards, all whole\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 50)
