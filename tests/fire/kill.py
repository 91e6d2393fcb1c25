"""A writing process is killed at random moments; acknowledged writes are there, others are complete or absent.

    python -m tests.fire.kill [--count 1000] [--seed N] [--workers 2] [--only PART-OF-A-NAME]

Each round opens an office, prepares an action of `work.ACTIONS`, and passes it to a child process that does another
action, begins this one and acknowledges its end through a pipe. The child is killed (SIGKILL) at a moment chosen
evenly over the action's duration. Then the office is opened normally, which repairs it, and checked. Prints how many
rounds were killed inside the action, how many acknowledged writes were lost, stores did not open, checks failed.
"""

import argparse
import itertools
import multiprocessing
import os
import pickle
import random
import select
import shutil
import signal
import struct
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.shell import schema  # noqa: F401 - all tables, as the program has them
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.keys import keyring
from tests.fire.hand import PASSWORD, Hand, copy_of, furnish, open_hand
from tests.fire.picture import Picture, Shape, change, left_over, take
from tests.fire.work import ACTIONS, Task

# one more action before the one that is killed, so that its acknowledgement is fresh
WARM = ("draft", "new estate", "visit", "new household", "photo of a draft")
_LONGEST_S = 120.0
_ROUNDS_IN_ONE_OFFICE = 25
_ROWS_IN_ONE_OFFICE = 4_000


@dataclass(frozen=True)
class Known:
    """An undisturbed action: how it changes the office, how long it takes in seconds, and `Task.is_alone`."""

    shape: Shape
    seconds: float
    is_alone: bool = False


@dataclass
class Tally:
    """The results of the rounds; `failures` are sentences."""

    rounds: int = 0
    inside: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    whole: int = 0
    absent: int = 0
    writes: int = 0
    lost: int = 0
    closed: int = 0
    unsound: int = 0
    half: int = 0
    left_over: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add the rounds of another worker."""
        for name, value in vars(other).items():
            if isinstance(value, int):
                setattr(self, name, getattr(self, name) + value)
            elif isinstance(value, Counter):
                getattr(self, name).update(value)
        self.failures += other.failures


# --- the child -----------------------------------------------------------------------------------------


def _send(pipe: int, message: object) -> None:
    content = pickle.dumps(message)
    rest = memoryview(struct.pack("<I", len(content)) + content)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def _messages(content: bytes) -> Iterator[Any]:
    while len(content) >= 4:
        (size,) = struct.unpack_from("<I", content)
        if len(content) < 4 + size:
            return  # cut off by the kill
        yield pickle.loads(content[4 : 4 + size])
        content = content[4 + size :]


def _temporary(root: Path) -> Path:
    """The temporary folder of the children of an office, which nothing may ever be written to."""
    return root / "temporary"


def _work(root: Path, task: Task, warm: str, rng: random.Random, pipe: int) -> None:
    temporary = _temporary(root)
    temporary.mkdir(exist_ok=True)
    tempfile.tempdir = str(temporary)
    hand = open_hand(root, rng)
    ACTIONS[warm](hand).move(hand)
    before = take(hand.seat)
    if task.closed:
        hand.seat.store.close()
    _send(pipe, ("before", before))
    started = time.perf_counter()
    done: Any = task.move(hand)
    _send(pipe, ("acknowledged", time.perf_counter() - started))
    seat = done if task.closed else hand.seat
    _send(pipe, ("after", take(seat, before.trail)))
    _send(pipe, ("idle", None))
    time.sleep(_LONGEST_S)


def _start(root: Path, task: Task, warm: str, rng: random.Random) -> tuple[int, int]:
    """Fork a child that does the action; return its pipe and its process id."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            _work(root, task, warm, rng, writing)
        except BaseException:
            _send(writing, ("failed", traceback.format_exc()))
        finally:
            os._exit(1)
    os.close(writing)
    return reading, child


class _Listener:
    """Reads a child's messages, and kills it."""

    def __init__(self, pipe: int, child: int) -> None:
        self._pipe, self._child = pipe, child
        self._buffer = b""
        self.received: dict[str, Any] = {}

    def wait_for(self, until: float, *names: str) -> bool:
        """Wait until one of `wanted` is received or the moment `until`; return whether it was received."""
        while not any(word in self.received for word in (*names, "failed")):
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._pipe], [], [], left)[0]:
                return False
            if not self._read():
                return False
        return True

    def kill(self) -> None:
        """Kill the child and read its remaining messages."""
        os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)
        while self._read():
            pass
        os.close(self._pipe)

    def _read(self) -> bool:
        content = os.read(self._pipe, 1 << 20)
        self._buffer += content
        self.received = dict(_messages(self._buffer))
        return bool(content)


# --- the rounds ----------------------------------------------------------------------------------------


class Killer:
    """Kills actions in one office after another; use it in one process only."""

    def __init__(self, template: Path, known: Mapping[str, Known], root: Path, seed: int) -> None:
        self._template, self._known, self._root = template, known, root
        # a busy machine becomes faster or slower, and the kills must fall inside the actions
        self._seconds = {action: undisturbed.seconds for action, undisturbed in known.items()}
        self._rng = random.Random(seed)
        self._numbers = itertools.count(1)
        self._hand: Hand | None = None
        self._rounds = 0
        self.tally = Tally()

    def _sit(self) -> Hand:
        if self._hand is None:
            root = copy_of(self._template, self._root / f"place-{next(self._numbers)}")
            self._hand, self._rounds = open_hand(root, self._rng), 0
        return self._hand

    def _leave(self, keep: bool) -> None:
        hand, self._hand = self._hand, None
        if hand is None:
            return
        hand.seat.store.close()
        if not keep:
            shutil.rmtree(hand.root, ignore_errors=True)

    def round(self, action: str) -> None:
        """Kill one action and check what is left."""
        if self._known[action].is_alone:
            self._leave(keep=False)  # its duration grows with the office, and is known for a new one
        hand = self._sit()
        task = ACTIONS[action](hand)
        hand.seat.store.close()
        self._hand = None
        warm = self._rng.choice(WARM)
        listener = _Listener(*_start(hand.root, task, warm, random.Random(self._rng.random())))
        started = listener.wait_for(time.monotonic() + _LONGEST_S, "before")
        seconds = self._seconds[action]
        if started and "failed" not in listener.received:
            listener.wait_for(time.monotonic() + self._rng.uniform(0, seconds * 1.1 + 0.002), "idle")
            if "acknowledged" in listener.received and self._rng.random() < 0.5:
                listener.wait_for(time.monotonic() + _LONGEST_S, "idle")
        listener.kill()
        if took := listener.received.get("acknowledged"):
            self._seconds[action] = min(seconds, (seconds + took) / 2)
        self.tally.rounds += 1
        failed = listener.received.get("failed")
        if failed or "before" not in listener.received:
            self._fail(action, hand.root, f"the action failed by itself:\n{failed}")
            return
        self._check(action, hand.root, task, listener.received)

    def _fail(self, action: str, root: Path, message: str) -> None:
        self.tally.failures.append(f"{action} ({root.name}): {message}")

    def _check(self, action: str, root: Path, task: Task, messages: Mapping[str, Any]) -> None:
        acknowledged = "acknowledged" in messages
        (self.tally.acknowledged if acknowledged else self.tally.inside)[action] += 1
        self.tally.writes += 1 + acknowledged
        before = len(self.tally.failures)
        try:
            hand = open_hand(root, self._rng)
        except Exception:
            self.tally.closed += 1
            self._fail(action, root, f"the office does not open:\n{traceback.format_exc()}")
            return
        self._hand = hand
        now = take(hand.seat, messages["before"].trail)
        self._compare(action, root, task, messages, now)
        self._check_store(action, hand, task, acknowledged)
        self._rounds += 1
        rows = sum(map(len, now.rows.values()))
        worn = self._rounds >= _ROUNDS_IN_ONE_OFFICE or rows > _ROWS_IN_ONE_OFFICE or task.is_alone
        if worn or len(self.tally.failures) > before:
            self._leave(keep=len(self.tally.failures) > before)

    def _compare(
        self, action: str, root: Path, task: Task, messages: Mapping[str, Any], now: Picture
    ) -> None:
        seen = change(messages["before"], now)
        whole = self._known[action].shape
        if "acknowledged" in messages:
            after: Picture | None = messages.get("after")
            lost = seen != whole
            if after is not None:
                lost = lost or (after.rows, after.keys, after.media) != (now.rows, now.keys, now.media)
            if lost:
                self.tally.lost += 1
                self._fail(action, root, f"an acknowledged write is lost: expected {whole}, found {seen}")
        elif seen.nothing:
            self.tally.absent += 1
            if not messages["before"].same_as(now):
                self.tally.lost += 1
                self._fail(action, root, "a write that was acknowledged before was changed")
        elif seen == whole:
            self.tally.whole += 1
        else:
            self.tally.half += 1
            self._fail(action, root, f"a partial action: expected nothing or {whole}, found {seen}")

    def _check_store(self, action: str, hand: Hand, task: Task, acknowledged: bool) -> None:
        for finding in check_store(hand.seat.store):
            if finding.faults:
                self.tally.unsound += 1
                self._fail(action, hand.root, f"{finding.what}: {'; '.join(finding.faults)}")
            if finding.remarks:
                self.tally.left_over += 1
                self._fail(action, hand.root, f"left over: {'; '.join(finding.remarks)}")
        if rest := [*left_over(hand.folder), *map(str, _temporary(hand.root).rglob("*"))]:
            self.tally.left_over += 1
            self._fail(action, hand.root, f"left over: {', '.join(rest)}")
        keys = keyring.read(hand.folder)
        for login, (old, new) in task.passwords.items():
            opening = [word for word in (old, new) if word and _opens(keys, login, word)]
            before, after = ([word] if word else [] for word in (old, new))
            if opening != after and (acknowledged or opening != before):
                self.tally.lost += 1
                self._fail(action, hand.root, f"{login} is opened by {opening}")
        if task.check is not None:
            try:
                task.check(acknowledged)
            except Exception:
                self.tally.unsound += 1
                self._fail(action, hand.root, traceback.format_exc())

    def close(self) -> None:
        """Close the last office."""
        self._leave(keep=False)


def _opens(keys: keyring.Keyring, login: str, password: str) -> bool:
    try:
        keyring.open_with_password(keys, login, password)
    except NotAllowed:
        return False
    return True


# --- all of it -----------------------------------------------------------------------------------------


def calibrate(template: Path, root: Path, actions: list[str]) -> dict[str, Known]:
    """Do each of these actions once undisturbed; return what it changes and how long it takes."""
    known = {}
    hand = open_hand(copy_of(template, root), random.Random(0))
    for action in actions:
        task = ACTIONS[action](hand)
        before = take(hand.seat)
        if task.closed:
            hand.seat.store.close()
        started = time.perf_counter()
        done: Any = task.move(hand)
        seconds = time.perf_counter() - started
        seat = done if task.closed else hand.seat
        shape = change(before, take(seat, before.trail))
        if task.closed:  # somebody else may have signed in
            seat.store.close()
            hand = open_hand(hand.root, hand.rng)
        if task.is_alone:
            hand.seat.store.close()
            shutil.rmtree(root)
            hand = open_hand(copy_of(template, root), hand.rng)
        known[action] = Known(shape, seconds, task.is_alone)
    hand.seat.store.close()
    shutil.rmtree(root)
    return known


def _turns(actions: list[str], count: int, seed: int) -> list[str]:
    """Choose `count` actions: every one in each lot, in another order each time."""
    rng = random.Random(seed)
    turns: list[str] = []
    while len(turns) < count:
        turns += rng.sample(actions, len(actions))
    return turns[:count]


def _one_worker(template: Path, known: dict[str, Known], root: Path, turns: list[str], seed: int) -> Tally:
    made = Killer(template, known, root, seed)
    for action in turns:
        made.round(action)
    made.close()
    return made.tally


def run(folder: Path, count: int, seed: int, workers: int, actions: list[str]) -> Tally:
    """Kill `count` actions in offices below `folder`; workers share them."""
    template = folder / "template"
    furnish(template)
    shares = [count // workers + (number < count % workers) for number in range(workers)]
    turns = [_turns(actions, share, seed + number) for number, share in enumerate(shares)]
    due = {action for chosen in turns for action in chosen}
    known = calibrate(template, folder / "calibration", [action for action in actions if action in due])
    tally = Tally()
    tasks = []
    for number, chosen in enumerate(turns):
        root = folder / f"worker-{number}"
        root.mkdir()
        tasks.append((template, known, root, chosen, seed + number))
    if workers == 1:
        return _one_worker(*tasks[0])
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        for part in pool.starmap(_one_worker, tasks):
            tally.add(part)
    return tally


def report(tally: Tally, seconds: float) -> str:
    """Format the figures as lines."""
    inside, after = sum(tally.inside.values()), sum(tally.acknowledged.values())
    lines = [
        f"{tally.rounds:,} kills in {seconds:.0f} s: {inside:,} inside an action, {after:,} after it was acknowledged",
        f"unfinished actions: {tally.absent:,} absent, {tally.whole:,} whole, {tally.half:,} half",
        f"acknowledged writes: {tally.writes:,}, lost {tally.lost:,}",
        f"stores that do not open {tally.closed:,}, not clean {tally.unsound:,}, with leftovers {tally.left_over:,}",
        "inside / after, by action: "
        + ", ".join(
            f"{action} {tally.inside[action]}/{tally.acknowledged[action]}"
            for action in sorted(tally.inside.keys() | tally.acknowledged.keys())
        ),
    ]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run the kills, print the figures, and return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.fire.kill", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="actions whose name contains this")
    parser.add_argument("--keep", type=Path, help="an empty folder in which offices that failed stay")
    options = parser.parse_args(arguments)
    actions = [action for action in ACTIONS if options.only in action]
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        root = options.keep or Path(folder)
        tally = run(root, options.count, options.seed, options.workers, actions)
    print(f"seed {options.seed}, password of every office {PASSWORD}")
    print(report(tally, time.monotonic() - started))
    for failure in tally.failures[:50]:
        print(f"FAILED {failure}", file=sys.stderr)
    return 1 if tally.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
