"""Run every check, or the measurements of speed, each to its end; then tell which held.

python run.py test [...]    the checks; further words go to pytest
python run.py bench [...]   the measurements; a word picks those named so
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULE = [sys.executable, "-m"]
IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"  # it has no module to run

Step = tuple[str, list[str]]


def main(arguments: Sequence[str]) -> int:
    """Do what `test` or `bench` asks; give the exit code."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PYTHONUTF8"] = "1"
    os.chdir(ROOT)
    what, *words = arguments
    return run_each(benches(words) if what == "bench" else checks(words))


def checks(words: Sequence[str]) -> list[Step]:
    """Give every check by name, with its command; `words` go to pytest."""
    workers = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "worksteal"]
    return [
        ("lint", [*MODULE, "ruff", "check", "."]),
        ("format", [*MODULE, "ruff", "format", "--check", "."]),
        ("types", [*MODULE, "mypy"]),
        ("imports", [sys.executable, "-c", IMPORTS]),
        ("texts", [sys.executable, "packaging/texts.py", "--check"]),
        ("tests", [*MODULE, "pytest", *(words or workers)]),
    ]


def benches(words: Sequence[str]) -> list[Step]:
    """Give the measurements whose name holds one of `words`, or all of them."""
    found = sorted(ROOT.glob("tests/bench/bench_*.py"))
    chosen = [path.stem for path in found if not words or any(word in path.stem for word in words)]
    return [(stem.removeprefix("bench_"), [*MODULE, f"tests.bench.{stem}"]) for stem in chosen]


def run_each(steps: Sequence[Step]) -> int:
    """Run every step to its end, then tell which held; give 1 when one did not."""
    outcome = []
    for name, command in steps:
        print(f"\n--- {name}", flush=True)
        began = time.monotonic()
        held = run(command) == 0
        outcome.append((name, held, time.monotonic() - began))
    print()
    for name, held, seconds in outcome:
        print(f"{'ok    ' if held else 'FAILED'}  {name:<8} {seconds:6.1f} s")
    failed = [name for name, held, _ in outcome if not held]
    print(
        f"{len(outcome)} run, {len(failed)} failed" + (": " + ", ".join(failed) if failed else ""), flush=True
    )
    return 1 if failed else 0


def run(command: Sequence[str]) -> int:
    """Run a command to its end and give its exit code."""
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
