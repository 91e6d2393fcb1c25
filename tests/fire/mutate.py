"""Pass thousands of mutated files and command lines to the program; none may crash it, hang it or exhaust memory.

    python -m tests.fire.mutate [--count 20000] [--seed N] [--minutes M] [--only KIND] [--out FOLDER] [--replay FILE]

Rosters, images, backups, office folders and command lines are mutated both by structure and blindly. Every fifth
input is traced line by line through the program's own readers of rosters, images and backups (a roster or image that
the sandbox process has read is read again here for it); one that reaches a new line is mutated further. Decoders
written in C cannot be traced, and get more inputs instead. Each worker is a process of its own that is ended when an
input takes more than 10 s.

A crash is any exception but a refusal (`UserError`), a warning, or an unexpected end of the process; such inputs are
saved in `--out` and run again by `--replay`. Prints crashes, hangs, the largest growth of memory by an input (child
processes counted in full), and the slowest.
"""

import argparse
import base64
import json
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from tests.fire.inputs import SHARES, Input, action, cheapen, clear, mutated, reread_in_process, sound_inputs

LONGEST_S, MOST_MB = 10.0, 500
_WORKERS = 2
_TRACED = 5
_KEPT = 400
_TRACED_FILES = (
    "/workbook/",
    "/roster/reading/",
    "/store/",
    "/formats/",
    "/cli/",
)
Lines = set[tuple[CodeType, int]]


def pack(sample: Input) -> str:
    """Encode an input as a text that `unpack` reads."""
    files = {name: base64.b64encode(content).decode() for name, content in sample.files.items()}
    return json.dumps({"kind": sample.kind, "name": sample.name, "words": sample.words, "files": files})


def unpack(text: str) -> Input:
    """Decode an input that `pack` wrote."""
    data = json.loads(text)
    files = {name: base64.b64decode(content) for name, content in data["files"].items()}
    return Input(data["kind"], data["name"], files, tuple(data["words"]))


@dataclass
class Outcome:
    """The result of one input: `fault` is "" when it was taken or refused."""

    kind: str
    answer: str
    seconds: float
    megabytes: int
    fault: str = ""
    packed: str = ""


class Forge:
    """Creates inputs one after the other, deterministic by seed, and remembers which of them reached new code."""

    def __init__(self, seed: int, folder: Path, only: str = "") -> None:
        self.rng = random.Random(seed)
        self.sound = sound_inputs(folder)
        self._shares = {kind: share for kind, share in SHARES.items() if only in ("", kind)}
        self._corpus = {kind: list(sample) for kind, sample in self.sound.items()}
        self._seen: Lines = set()
        self.kept = 0

    def next(self) -> Input:
        """Create the next input."""
        [kind] = self.rng.choices(list(self._shares), list(self._shares.values()))
        corpus = self._corpus[kind]
        return mutated(self.rng, self.rng.choice(corpus), corpus)

    def traced(self, sample: Input, work: Callable[[], str]) -> str:
        """Do `work` on an input while recording the lines reached; keep the input when one of them is new."""
        reached: Lines = set()

        def enter(frame: FrameType, _event: str, _told: object) -> Any:
            file = frame.f_code.co_filename
            if "fuyuan_desk" not in file or not any(part in file for part in _TRACED_FILES):
                return None
            return note

        def note(frame: FrameType, event: str, _told: object) -> Any:
            if event == "line":
                reached.add((frame.f_code, frame.f_lineno))
            return note

        before = sys.gettrace()
        sys.settrace(enter)
        try:
            answer = work()
            if answer == "taken":
                reread_in_process(sample)  # the sandbox process is not traced
            return answer
        finally:
            sys.settrace(before)
            corpus = self._corpus[sample.kind]
            small = sum(map(len, sample.files.values())) < 1_000_000
            if small and len(corpus) < _KEPT and reached - self._seen:
                self._seen |= reached
                corpus.append(sample)
                self.kept += 1


def attempt(forge: Forge, sample: Input, folder: Path, traced: bool) -> tuple[str, str]:
    """Use an input as the program does; return the answer and the fault, one of them empty."""

    def work() -> str:
        return action(sample, folder, forge.sound)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return forge.traced(sample, work) if traced else work(), ""
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        return "", traceback.format_exc()
    finally:
        clear(folder)


# ---- workers ----


def _memory(word: str) -> int:
    with open("/proc/self/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(word)) // 1024


def _work(pipe: Connection, seed: int, only: str, current: Path, replayed: str) -> None:
    with suppress(OSError):
        os.setsid()  # without a terminal, a prompt for a password cannot block
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(prefix="fuyuan-fire-") as name:
        root = Path(name)
        for part in ("sound", "work", "home"):
            (root / part).mkdir()
        for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ[variable] = str(root / "home")
        tempfile.tempdir = str(root / "home")
        cheapen()
        forge = Forge(seed, root / "sound", only)
        number = 0
        pipe.send(("ready", None))
        while pipe.recv():
            number += 1
            sample = unpack(replayed) if replayed else forge.next()
            packed = pack(sample)
            current.write_text(packed, encoding="ascii")
            pipe.send(("begin", sample.kind))
            pipe.send(("end", _measured(forge, sample, packed, root / "work", number % _TRACED == 0)))
        pipe.send(("kept", forge.kept))


def _measured(forge: Forge, sample: Input, packed: str, folder: Path, traced: bool) -> Outcome:
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is measured afresh
    before = _memory("VmRSS")
    below = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    started = time.monotonic()
    answer, fault = attempt(forge, sample, folder, traced)
    seconds = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    megabytes = _memory("VmHWM") - before + (after if after > below else 0)
    return Outcome(sample.kind, answer, seconds, megabytes, fault, packed if fault else "")


@dataclass
class Score:
    """The results so far."""

    answers: Counter[str] = field(default_factory=Counter)
    crashes: int = 0
    hangs: int = 0
    heavy: int = 0
    slowest: float = 0.0
    slowest_kind: str = ""
    largest: int = 0
    kept: int = 0

    @property
    def count(self) -> int:
        """The number of inputs done."""
        return sum(self.answers.values())

    def report(self) -> str:
        """Format the results as lines."""
        kinds = "\n".join(f"  {name}: {number}" for name, number in sorted(self.answers.items()))
        return (
            f"{self.count} inputs\n{kinds}\n"
            f"{self.crashes} crashes, {self.hangs} hangs over {LONGEST_S:g} s, "
            f"slowest {self.slowest:.1f} s ({self.slowest_kind})\n"
            f"memory at most {self.largest} MB, {self.heavy} inputs above {MOST_MB} MB; "
            f"{self.kept} inputs that reached new lines were mutated further"
        )


class Worker:
    """A process that creates and runs inputs, and is ended when one takes too long."""

    def __init__(self, number: int, options: argparse.Namespace, score: Score) -> None:
        self._options, self._score, self._number = options, score, number
        self._generation = 0
        self._folder = Path(tempfile.mkdtemp(prefix="fuyuan-fire-"))
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        seed = self._options.seed * 1_000 + self._number * 100_003 + self._generation
        self._generation += 1
        arguments = (theirs, seed, self._options.only, self._folder / "current", self._options.replayed)
        self._process: SpawnProcess = context.Process(target=_work, args=arguments)
        self._process.start()
        theirs.close()
        self._since: float | None = None
        self._kind = ""

    def read_messages(self) -> None:
        """Read the process's messages."""
        try:
            word, value = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            self._note("crash", f"the process ended with {self._process.exitcode}")
            self._start()
            return
        if word == "begin":
            self._kind, self._since = value, time.monotonic()
            return
        self._since = None
        if word == "end":
            self._take(value)
        if word == "kept":
            self._score.kept += value
            self._process.join()
            return
        self.pipe.send(self._score.count < self._options.count and time.monotonic() < self._options.end)

    def _take(self, outcome: Outcome) -> None:
        score = self._score
        if outcome.seconds > score.slowest:
            score.slowest, score.slowest_kind = outcome.seconds, outcome.kind
            (self._options.out / "slowest.json").write_bytes((self._folder / "current").read_bytes())
        score.largest = max(score.largest, outcome.megabytes)
        if outcome.megabytes > MOST_MB:
            score.heavy += 1
            self._keep(
                "heavy", f"{outcome.megabytes} MB", (self._folder / "current").read_text(encoding="ascii")
            )
        if outcome.fault:
            score.crashes += 1
            self._keep("crash", outcome.fault, outcome.packed)
        score.answers[f"{outcome.kind} {outcome.answer or 'crashed'}"] += 1

    def watch(self) -> None:
        """End the process when its input takes too long."""
        if self._since is not None and time.monotonic() - self._since > LONGEST_S + 1:
            self._process.kill()
            self._process.join()
            self._note("hang", f"{self._kind} took more than {LONGEST_S:g} s")
            self._start()

    def _note(self, what: str, message: str) -> None:
        self._score.answers[f"{self._kind} {what}"] += 1
        if what == "hang":
            self._score.hangs += 1
        else:
            self._score.crashes += 1
        with suppress(FileNotFoundError):
            self._keep(what, message, (self._folder / "current").read_text(encoding="ascii"))

    def _keep(self, what: str, message: str, packed: str) -> None:
        out: Path = self._options.out
        stem = f"{what}-{self._score.count:06}-{self._number}"
        (out / f"{stem}.json").write_text(packed, encoding="ascii")
        (out / f"{stem}.txt").write_text(message, encoding="utf-8")
        print(f"{stem}: {message.strip().splitlines()[-1]}", flush=True)

    @property
    def alive(self) -> bool:
        """Return whether it has work to do."""
        return self._process.is_alive()

    def end(self) -> None:
        """Clean up."""
        self._process.kill()
        self._process.join()
        clear(self._folder)
        self._folder.rmdir()


def run(options: argparse.Namespace) -> Score:
    """Let the workers run all inputs."""
    score = Score()
    workers = [Worker(number, options, score) for number in range(options.workers)]
    reported_at = time.monotonic()
    try:
        while any(worker.alive for worker in workers):
            ready = wait([worker.pipe for worker in workers if worker.alive], timeout=0.5)
            for worker in workers:
                if worker.pipe in ready:
                    worker.read_messages()
                else:
                    worker.watch()
            if time.monotonic() > reported_at + 60:
                reported_at = time.monotonic()
                print(
                    f"{score.count} … {score.crashes} crashes, {score.hangs} hangs, {score.largest} MB",
                    flush=True,
                )
    finally:
        for worker in workers:
            worker.end()
    return score


def main() -> int:
    """Run and print; return 1 when anything crashed, hung or took too much."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--only", choices=sorted(SHARES), default="")
    parser.add_argument("--workers", type=int, default=_WORKERS)
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "fuyuan-fire")
    parser.add_argument("--replay", type=Path)
    options = parser.parse_args()
    options.replayed = ""
    if options.replay:
        options.replayed = options.replay.read_text(encoding="ascii")
        options.count = options.workers = 1
    started = time.monotonic()
    options.end = started + options.minutes * 60 if options.minutes else float("inf")
    options.out.mkdir(parents=True, exist_ok=True)
    score = run(options)
    print(score.report())
    print(f"seed {options.seed}, {time.monotonic() - started:.0f} s; what failed is in {options.out}")
    return 1 if score.crashes or score.hangs or score.heavy else 0


if __name__ == "__main__":
    raise SystemExit(main())
