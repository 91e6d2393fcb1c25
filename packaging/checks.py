"""Run every check, or the benchmarks, to completion; then report which passed.

python run.py test [...]    the checks; further arguments are passed to pytest
python run.py bench [...]   the benchmarks; arguments select them by name
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULE = [sys.executable, "-m"]
MEMORY = Path("/dev/shm")  # on Linux a folder in memory
ROOM = 4 << 30  # bytes; twice what a run would need that keeps everything
IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"  # it has no runnable module

Step = tuple[str, list[str]]
Outcome = tuple[str, bool, float]


def main(arguments: Sequence[str]) -> int:
    """Run `test` or `bench`; return the exit code."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PYTHONUTF8"] = "1"
    os.chdir(ROOT)
    command, *options = arguments
    if command == "bench":
        return report(run_each(benches(options)))
    if is_fit(MEMORY):  # the tests copy an office each, and every commit of theirs would wait for the disk
        os.environ.setdefault("TMPDIR", str(MEMORY))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the tests start the program many times
    with aside(package()) as built:
        outcomes = [*run_together(checks()), *run_each([tests(options)])]
    return report([*outcomes, *built()])


def is_fit(folder: Path, room: int = ROOM) -> bool:
    """Return whether tests can keep their files in a folder: `room` bytes are free and libraries can be loaded."""
    if not (hasattr(os, "statvfs") and os.access(folder, os.R_OK | os.W_OK | os.X_OK)):
        return False
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize >= room and not disk.f_flag & os.ST_NOEXEC


def checks() -> list[Step]:
    """Return the checks of the source with name and command, the longest first."""
    return [
        ("types", [*MODULE, "mypy"]),
        ("texts", [sys.executable, "packaging/texts.py", "--check"]),
        ("imports", [sys.executable, "-c", IMPORTS]),
        ("lint", [*MODULE, "ruff", "check", "."]),
        ("format", [*MODULE, "ruff", "format", "--check", "."]),
    ]


def package() -> list[Step]:
    """Return the check of the package, with name and command; none on Windows, as it is built on Debian."""
    command = [sys.executable, "packaging/verify_static.py", "--if-changed"]
    return [] if os.name == "nt" else [("package", command)]


def tests(options: Sequence[str]) -> Step:
    """Return the tests with name and command; `options` are passed to pytest."""
    # one more than there are cores: tests also wait, for windows and for other processes
    count = min(4, (os.cpu_count() or 1) + 1)
    workers = ["-n", str(count), "--dist", "loadfile", "--no-loadscope-reorder"]
    return ("tests", [*MODULE, "pytest", *(options or workers)])


def benches(names: Sequence[str]) -> list[Step]:
    """Return the benchmarks whose name contains one of `names`, or all of them."""
    found = sorted(ROOT.glob("tests/bench/bench_*.py"))
    chosen = [path.stem for path in found if not names or any(name in path.stem for name in names)]
    return [(stem.removeprefix("bench_"), [*MODULE, f"tests.bench.{stem}"]) for stem in chosen]


def run_each(steps: Sequence[Step]) -> list[Outcome]:
    """Run the steps one after another to completion, showing their output as it comes."""
    outcomes = []
    for name, command in steps:
        print(f"\n--- {name}", flush=True)
        started = time.monotonic()
        passed = subprocess.run(command, check=False).returncode == 0
        outcomes.append((name, passed, time.monotonic() - started))
    return outcomes


def run_together(steps: Sequence[Step]) -> list[Outcome]:
    """Run the steps in parallel to completion, showing the output of each when it has ended."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [_shown(*pair) for pair in zip(steps, pool.map(_capture, steps), strict=True)]


@contextmanager
def aside(steps: Sequence[Step]) -> Iterator[Callable[[], list[Outcome]]]:
    """Run the steps while others run; what is yielded waits for them, shows their output and returns what came of them.

    The package waits for downloads and compilers: alone, it leaves a core idle for two minutes.
    """
    with ThreadPoolExecutor(1) as pool:
        running = [pool.submit(_capture, step) for step in steps]
        yield lambda: [_shown(step, future.result()) for step, future in zip(steps, running, strict=True)]


def _shown(step: Step, captured: tuple[int, str, float]) -> Outcome:
    """Print the output of a step that has ended; return what came of it."""
    code, output, seconds = captured
    print(f"\n--- {step[0]}\n{output}", end="", flush=True)
    return step[0], code == 0, seconds


def _capture(step: Step) -> tuple[int, str, float]:
    started = time.monotonic()
    done = subprocess.run(
        step[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout, time.monotonic() - started


def report(outcomes: Sequence[Outcome]) -> int:
    """Print the results; return 1 if a step failed."""
    print()
    for name, passed, seconds in outcomes:
        print(f"{'ok    ' if passed else 'FAILED'}  {name:<8} {seconds:6.1f} s")
    failed = [name for name, passed, _ in outcomes if not passed]
    print(
        f"{len(outcomes)} run, {len(failed)} failed" + (": " + ", ".join(failed) if failed else ""),
        flush=True,
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
