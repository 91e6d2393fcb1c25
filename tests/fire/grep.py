"""No personal data exists outside the encrypted office: searched byte by byte after a clerk's day.

    python -m tests.fire.grep [--names 200] [--seed N]

Invents that many names, telephones and ID numbers, has `tests.fire.clerk` work through window and services with them
(a mistyped password, sign-in, every page, reveals, a draft, rosters, an export, a preview, a backup, a bug, the report
for the helper) and lock the desk. Then searches for all of them, the password and the recovery code – in UTF-8,
UTF-16, UTF-32, GB 18030, hexadecimal, escapes and base64 – in the office's folder, the backups, everything the
program wrote elsewhere (settings, logs, caches, temporary files), command lines and environments, and the memory of
the locked desk: all of `/proc/PID/mem`, and a core dump by `gcore` where that is available. What the clerk saved on
purpose is in a folder of its own and is not counted. Linux only. Prints the figures; 0 hits is the promise.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.fire import memory
from tests.fire.words import Known, Search, Searched, invent, search_below, search_memory, search_process

ROOT = Path(__file__).parents[2]
_HEADER = "门牌号,室号,姓名,联系电话,身份证号码,建筑面积"
# the clerk's own: files from outside, and files saved on purpose
_OWN = ("outside", "saved")
_LONGEST_S = 150


@dataclass
class Findings:
    """What was searched, by kind of location; `control` counts hits where there must be some."""

    words: int = 0
    searched: dict[str, Searched] = field(default_factory=dict)
    control: int = 0
    steps: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    @property
    def hits(self) -> dict[str, int]:
        """All hits."""
        found: dict[str, int] = {}
        for searched in self.searched.values():
            found.update(searched.hits or {})
        return found

    def kind(self, name: str) -> Searched:
        """Return the count of a kind of location."""
        return self.searched.setdefault(name, Searched())


def missing() -> str:
    """Return what this system lacks for searching memory; empty when nothing."""
    return "" if memory.can_read_memory(os.getpid()) else "only Linux shows a process's memory as a file"


def _write_rosters(known: Known, folder: Path) -> None:
    folder.mkdir(parents=True)
    half = len(known.people) // 2
    for name, people in (("名册", known.people[:half]), ("名册二", known.people[half:])):
        lines = [_HEADER]
        for row, person in enumerate(people):
            cells = (
                f"{row // 8 + 1}号",
                f"{row % 8 + 101}室",
                person.name,
                person.phone,
                person.id_number,
                "50.5",
            )
            lines.append(",".join(cells))
        (folder / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")


def _environment(root: Path) -> Mapping[str, str]:
    home, temporary = root / "home", root / "tmp"
    home.mkdir()
    temporary.mkdir()
    homes = (
        "HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
        "XDG_RUNTIME_DIR",
    )
    return {
        **os.environ,
        **dict.fromkeys(homes, str(home)),
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)),
        "QT_QPA_PLATFORM": "offscreen",
    }


class _Clerk:
    """The process in which the day's work is done."""

    def __init__(self, root: Path, known: Known) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.fire.clerk", str(root)],
            cwd=ROOT, env=_environment(root), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._watchdog = threading.Timer(_LONGEST_S, self.process.kill)
        self._watchdog.start()
        self.steps: list[str] = []
        people = [(person.name, person.phone, person.id_number) for person in known.people]
        password, code = known.secrets
        self._send({"people": people, "password": password, "code": code})

    def _send(self, message: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    @property
    def _output(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def work(self) -> None:
        """Wait until the day's work is done."""
        for line in self._output:
            if line.strip() == "worked":
                return
            self.steps.append(line.removeprefix("done").strip())
        raise RuntimeError(f"the clerk's process ended after {self.steps}")

    def lock(self) -> int:
        """Lock the desk and return the process that replaces it."""
        self._send("lock")
        _word, pid = self._output.readline().split()
        if self.process.wait(60) != 0:
            raise RuntimeError("the process that knew everything did not end by itself")
        return int(pid)

    def close(self) -> None:
        """End it, however far it came."""
        self._watchdog.cancel()
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def _look_at_files(root: Path, search: Search, findings: Findings) -> None:
    for folder in sorted(root.iterdir()):
        if folder.name in _OWN:
            continue
        kind = "backups" if folder.name.endswith("-backup") else folder.name
        if folder.is_dir():
            search_below(folder, search, findings.kind(kind))
        else:
            search_one(folder, search, findings.kind(kind))
    own = Searched()
    for name in _OWN:
        search_below(root / name, search, own)
    findings.control += own.count


def search_one(path: Path, search: Search, searched: Searched) -> None:
    """Search a single file."""
    content = path.read_bytes()
    searched.add(path.name, len(content), search.hits(content))


def _dump(pid: int, root: Path, search: Search, findings: Findings) -> None:
    if shutil.which("gcore") is None:
        findings.notes.append("no gcore here: the memory was read from /proc only")
        return
    with tempfile.TemporaryDirectory(dir=root.parent) as folder:
        made = subprocess.run(
            ["gcore", "-o", f"{folder}/core", str(pid)], capture_output=True, text=True, check=False
        )
        files = list(Path(folder).iterdir())
        if not files:
            findings.notes.append(f"gcore made no dump: {made.stderr.strip()[-200:]}")
        for file in files:
            search_below(file.parent, search, findings.kind("core dump"))


def run(root: Path, count: int, seed: int, dump: bool = True) -> Findings:
    """Work, lock and search, all below the empty folder `root`."""
    rng = random.Random(seed)
    secrets = (f"slate-harbour-{rng.randrange(10**6):06}", "-".join(_group(rng) for _ in range(7)))
    known = invent(count, secrets, rng)
    search = Search(known)
    findings = Findings(len(known.words))
    _write_rosters(known, root / "outside")
    clerk = _Clerk(root, known)
    locked = 0
    try:
        clerk.work()
        findings.steps = tuple(clerk.steps)
        search_process(clerk.process.pid, search, findings.kind("processes"))
        before = Searched()
        search_memory(clerk.process.pid, search, before)
        findings.control += before.count
        locked = clerk.lock()
        time.sleep(1)
        search_process(locked, search, findings.kind("processes"))
        search_memory(locked, search, findings.kind("memory while locked"))
        if dump:
            _dump(locked, root, search, findings)
        _look_at_files(root, search, findings)
    finally:
        clerk.close()
        if locked:
            os.kill(locked, signal.SIGKILL)
    return findings


def _group(rng: random.Random) -> str:
    return "".join(rng.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=4))


def report(findings: Findings, seconds: float) -> str:
    """Format the figures as lines."""
    lines = [
        f"{findings.words} known words in every spelling, after {', '.join(findings.steps)}; {seconds:.0f} s",
        f"hits where there must be some (the clerk's own files, the memory before the lock): {findings.control:,}",
    ]
    for kind, searched in findings.searched.items():
        lines.append(f"{kind}: {searched.things:,} searched, {searched.size:,} bytes, {searched.count} hits")
    lines += findings.notes
    lines.append(f"hits in all: {sum(findings.hits.values())}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Search, print the figures, and return 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fire.grep", description=__doc__)
    parser.add_argument("--names", type=int, default=200, help="names, telephones and ID numbers together")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args(arguments)
    if lacking := missing():
        print(lacking, file=sys.stderr)
        return 2
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "place"
        root.mkdir()
        findings = run(root, options.names, options.seed)
    print(f"seed {options.seed}")
    print(report(findings, time.monotonic() - started))
    for hit, number in list(findings.hits.items())[:60]:
        print(f"FOUND {number} × {hit}", file=sys.stderr)
    return 0 if not findings.hits and findings.control else 1


if __name__ == "__main__":
    raise SystemExit(main())
