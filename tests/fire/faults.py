"""The disk fails at every file operation in turn, SQLite's included; an action completes or is refused with a message.

    python -m tests.fire.faults [--count 500] [--seed N] [--workers 2] [--only PART-OF-A-NAME]

Needs Linux and a C compiler (`cc`): `faulty_disk.c` is loaded into the process by LD_PRELOAD. Each action of
`work.ACTIONS` is done once to list its file operations; then operations, faults (full, broken, read-only, locked by
another program, a partial write) and once or lasting are drawn evenly over the actions. After each: the action was
completed, or refused by a `UserError` with a message and without partial results; once the disk works again the same
action succeeds; the office opens again with all that was acknowledged, and its check is clean.
"""

import argparse
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.shell import schema  # noqa: F401 - all tables, as the program has them
from fuyuan_desk.store.check import check_store
from tests.fire import disk
from tests.fire.disk import Disk, Fault, Kind
from tests.fire.hand import Hand, copy_of, furnish, open_hand
from tests.fire.picture import Picture, Shape, change, left_over, take
from tests.fire.pythondisk import PythonDisk
from tests.fire.work import ACTIONS, Task

_LONGEST_S = 60


@dataclass(frozen=True)
class Injection:
    """One case: the action, which of its file operations fails and how."""

    action: str
    nth: int
    kind: Kind
    fault: Fault
    lasting: bool

    def __str__(self) -> str:
        how = "from then on" if self.lasting else "once"
        return f"{self.action}: {self.fault.name} {how} at operation {self.nth} ({self.kind.name})"


@dataclass
class Outcome:
    """The result of a case: "done", "refused", "refused yet done" or "missed"; `faults` are broken promises."""

    injection: str
    became: str = ""
    message: str = ""
    faults: list[str] = field(default_factory=list)


class Case:
    """One case in an office of its own."""

    def __init__(self, root: Path, injection: Injection, shape: Shape, bad: Disk | PythonDisk) -> None:
        self._injection, self._shape, self._disk = injection, shape, bad
        self._root = root
        self.outcome = Outcome(str(injection))

    def inject(self) -> None:
        """Prepare the action, do it on the faulty disk, and check the result."""
        hand = open_hand(self._root, random.Random())
        task = ACTIONS[self._injection.action](hand)
        before = take(hand.seat)
        if task.closed:
            hand.seat.store.close()
        self._disk.fail(self._injection.nth, self._injection.fault, self._injection.lasting)
        done = self._move(hand, task)
        if not self._disk.mend():
            self.outcome.became = "missed"
        if self.outcome.became == "bug":
            return
        self._after(hand, task, before, done)

    def _move(self, hand: Hand, task: Task) -> object:
        try:
            done = task.move(hand)
            self.outcome.became = "done"
            return done
        except UserError as refusal:
            self.outcome.became = "refused"
            self.outcome.message = refusal.message
            if not refusal.message.strip():
                self._fault("refused without words")
        except Exception:
            self.outcome.became = "bug"
            self._fault(f"a bug escaped:\n{traceback.format_exc()}")
        return None

    def _fault(self, message: str) -> None:
        self.outcome.faults.append(message)

    def _after(self, hand: Hand, task: Task, before: Picture, done: object) -> None:
        refused = self.outcome.became == "refused"
        if not task.closed:
            # an image whose record was refused is removed at the next start, if the disk prevented it before
            seen = replace(change(before, take(hand.seat, before.trail)), photos=self._shape.photos)
            if refused and not replace(seen, photos=0).nothing:
                self._took_place("refused", seen)
            elif not refused and seen != self._shape:
                self._fault(f"reported as done, but expected {self._shape}, found {seen}")
        if self.outcome.became == "refused":
            done = self._again(hand, task)
        if task.closed and done is not None:
            done.store.close()  # type: ignore[attr-defined]  # a seat
        elif not task.closed:
            hand.seat.store.close()
        self._reopen(task, before)

    def _took_place(self, when: str, seen: Shape) -> None:
        if seen == self._shape:
            self.outcome.became = "refused yet done"
        else:
            self._fault(f"{when}, yet half of it is there: expected nothing or {self._shape}, found {seen}")

    def _again(self, hand: Hand, task: Task) -> object:
        try:
            return task.move(hand)
        except Exception:
            self._fault(f"with the disk well again it does not work:\n{traceback.format_exc()}")
            return None

    def _reopen(self, task: Task, before: Picture) -> None:
        hand = open_hand(self._root, random.Random(0))
        seen = change(before, take(hand.seat, before.trail))
        if seen != self._shape:
            self._fault(f"opened again: expected {self._shape}, found {seen}")
        for finding in check_store(hand.seat.store):
            for message in (*finding.faults, *finding.remarks):
                self._fault(f"{finding.what}: {message}")
        if rest := left_over(hand.folder):
            self._fault(f"left over: {', '.join(rest)}")
        if task.check is not None:
            try:
                # what is beside the office is not there after a refusal, even if it is in the trail
                task.check(self.outcome.became != "refused yet done")
            except Exception:
                self._fault(f"beside the office it is not as it should be:\n{traceback.format_exc()}")
        hand.seat.store.close()


def _apart(root: Path, injection: Injection, shape: Shape, bad: Disk | PythonDisk) -> Outcome:
    """Run a case in a process of its own, so that it does not affect the next one."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        case = Case(root, injection, shape, bad)
        try:
            signal.alarm(_LONGEST_S)
            case.inject()
        except BaseException:
            bad.mend()
            case.outcome.faults.append(f"it does not go on:\n{traceback.format_exc()}")
        finally:
            with os.fdopen(writing, "w") as pipe:
                pipe.write(json.dumps(asdict(case.outcome)))
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        content = pipe.read()
    os.waitpid(child, 0)
    if not content:
        return Outcome(str(injection), "bug", faults=[f"no end within {_LONGEST_S} s, or the process died"])
    return Outcome(**json.loads(content))


# --- in the process on the faulty disk --------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """An undisturbed action: how it changes the office, and the effect of each of its file operations."""

    shape: Shape
    calls: tuple[Kind, ...]


def survey(template: Path, root: Path, action: str, bad: Disk | PythonDisk) -> Known:
    """Do an action once, undisturbed, in an office of its own."""
    hand = open_hand(copy_of(template, root), random.Random())
    task = ACTIONS[action](hand)
    before = take(hand.seat)
    if task.closed:
        hand.seat.store.close()
    bad.count()
    done: Any = task.move(hand)
    calls = bad.counted()
    if task.closed:
        hand.seat = done
    known = Known(change(before, take(hand.seat, before.trail)), tuple(calls))
    hand.seat.store.close()
    shutil.rmtree(root)
    return known


def draw(action: str, known: Known, rng: random.Random) -> Injection:
    """Draw a kind of operation of the action evenly, then one of that kind, then a fault it can have."""
    places: dict[Kind, list[int]] = defaultdict(list)
    for nth, kind in enumerate(known.calls):
        places[kind].append(nth)
    kind = rng.choice(sorted(places))
    fault = rng.choice([fault for fault in Fault if kind in fault.value[1]])
    return Injection(action, rng.choice(places[kind]), kind, fault, rng.random() < 0.5)


def work(folder: Path, count: int, seed: int, actions: list[str]) -> Iterator[Outcome]:
    """Run `count` cases in offices below `folder`; this process is on the faulty disk."""
    bad = Disk()
    template = folder / "template"
    furnish(template)
    rng = random.Random(seed)
    known: dict[str, Known] = {}
    struck = 0
    for action in itertools.cycle(rng.sample(actions, len(actions))):
        if action not in known:
            known[action] = survey(template, folder / "survey", action, bad)
        if struck >= count:
            return
        if not known[action].calls:
            continue  # it touches no file
        injection = draw(action, known[action], rng)
        root = copy_of(template, folder / "place")
        outcome = _apart(root, injection, known[action].shape, bad)
        shutil.rmtree(root)
        if outcome.became != "missed" or outcome.faults:
            struck += 1
            yield outcome


# --- in the supervising process ---------------------------------------------------------------------------


@dataclass
class Tally:
    """The results of all cases."""

    became: Counter[str] = field(default_factory=Counter)
    by_action: Counter[str] = field(default_factory=Counter)
    messages: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count one result."""
        self.became[outcome.became] += 1
        self.by_action[outcome.injection.partition(":")[0]] += 1
        if outcome.message:
            self.messages[" ".join(outcome.message.split())] += 1
        self.failures += [f"{outcome.injection}: {message}" for message in outcome.faults]


def run(folder: Path, count: int, seed: int, workers: int, only: str = "") -> Tally:
    """Run `count` cases in processes of their own, each on its own faulty disk below `folder`."""
    library = disk.build(folder)
    started = []
    for number in range(workers):
        root = folder / f"disk-{number}"
        root.mkdir()
        share = count // workers + (number < count % workers)
        command = [sys.executable, "-m", "tests.fire.faults", "--at", str(root), "--count", str(share)]
        command += ["--seed", str(seed + number), "--only", only]
        started.append(
            subprocess.Popen(
                command, env=disk.environment(library, root), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True, cwd=os.getcwd(),
            )
        )  # fmt: skip
    tally = Tally()
    for process in started:
        output, complaint = process.communicate()
        for line in output.splitlines():
            tally.add(Outcome(**json.loads(line)))
        if process.returncode:
            tally.failures.append(f"a worker ended early:\n{complaint}")
    return tally


def report(tally: Tally, seconds: float) -> str:
    """Format the figures as lines."""
    became = ", ".join(f"{word} {number:,}" for word, number in sorted(tally.became.items()))
    lines = [
        f"{tally.became.total():,} faults in {seconds:.0f} s: {became}",
        f"broken promises: {len(tally.failures):,}",
        "by action: " + ", ".join(f"{action} {number}" for action, number in sorted(tally.by_action.items())),
        "what the clerk read:",
        *(f"  {number:>4} × {message}" for message, number in tally.messages.most_common(12)),
    ]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run the cases, print the figures, and return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.fire.faults", description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="actions whose name contains this")
    parser.add_argument("--at", type=Path, help=argparse.SUPPRESS)  # how the supervisor starts its workers
    options = parser.parse_args(arguments)
    if options.at is not None:
        actions = [action for action in ACTIONS if options.only in action]
        for outcome in work(options.at, options.count, options.seed, actions):
            print(json.dumps(asdict(outcome), ensure_ascii=True), flush=True)
        return 0
    if lacking := disk.missing():
        print(lacking, file=sys.stderr)
        return 2
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tally = run(Path(folder), options.count, options.seed, options.workers, options.only)
    print(f"seed {options.seed}")
    print(report(tally, time.monotonic() - started))
    for failure in tally.failures[:60]:
        print(f"FAILED {failure}", file=sys.stderr)
    return 1 if tally.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
