"""Run every check, or the benchmarks, to completion; then report which passed.

python run.py test [...]    the checks; further arguments are passed to pytest
python run.py bench [...]   the benchmarks; arguments select them by name
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULE = [sys.executable, "-m"]
IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"  # it has no runnable module

Step = tuple[str, list[str]]


def main(arguments: Sequence[str]) -> int:
    """Run `test` or `bench`; return the exit code."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PYTHONUTF8"] = "1"
    os.chdir(ROOT)
    command, *options = arguments
    return run_each(benches(options) if command == "bench" else checks(options))


def checks(options: Sequence[str]) -> list[Step]:
    """Return every check with its name and command; `options` are passed to pytest."""
    workers = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "worksteal"]
    return [
        ("lint", [*MODULE, "ruff", "check", "."]),
        ("format", [*MODULE, "ruff", "format", "--check", "."]),
        ("types", [*MODULE, "mypy"]),
        ("imports", [sys.executable, "-c", IMPORTS]),
        ("texts", [sys.executable, "packaging/texts.py", "--check"]),
        ("tests", [*MODULE, "pytest", *(options or workers)]),
    ]


def benches(names: Sequence[str]) -> list[Step]:
    """Return the benchmarks whose name contains one of `names`, or all of them."""
    found = sorted(ROOT.glob("tests/bench/bench_*.py"))
    chosen = [path.stem for path in found if not names or any(name in path.stem for name in names)]
    return [(stem.removeprefix("bench_"), [*MODULE, f"tests.bench.{stem}"]) for stem in chosen]


def run_each(steps: Sequence[Step]) -> int:
    """Run every step to completion and report the results; return 1 if one failed."""
    outcome = []
    for name, command in steps:
        print(f"\n--- {name}", flush=True)
        start = time.monotonic()
        passed = run(command) == 0
        outcome.append((name, passed, time.monotonic() - start))
    print()
    for name, passed, seconds in outcome:
        print(f"{'ok    ' if passed else 'FAILED'}  {name:<8} {seconds:6.1f} s")
    failed = [name for name, passed, _ in outcome if not passed]
    print(
        f"{len(outcome)} run, {len(failed)} failed" + (": " + ", ".join(failed) if failed else ""), flush=True
    )
    return 1 if failed else 0


def run(command: Sequence[str]) -> int:
    """Run a command to completion and return its exit code."""
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
