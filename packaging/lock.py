"""Write packaging/*.lock: every file the program needs on Linux and Windows, with its hash.

    .venv/bin/python packaging/lock.py             add new requirements of pyproject.toml
    .venv/bin/python packaging/lock.py --upgrade   upgrade everything to the newest compatible version

The files come from the index pip is configured for; no lock contains a URL.
pip evaluates environment markers only for the machine it runs on, so the dependency tree is walked here
once for each target, and requirements of only one system get a marker.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "packaging"
PYTHONS = ("3.11", "3.12", "3.13")  # PySide6 6.9.3 refuses 3.14
SYSTEMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "win32": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
# pip chooses the newest of these that the machine's C library supports, so each level is requested; Qt needs 2.28
GLIBC = (17, 24, 26, 27, 28, 31, 34, 35, 36, 38, 39)
GLIBC_LEVELS = (28, 31, 34, 39)
# the locks build on each other: a later one does not repeat the contents of an earlier one
LOCKS = {"program": "what the program runs on", "build": "what makes it ready", "check": "what checks it"}

Target = tuple[str, str]  # system, Python


@dataclass
class Wheel:
    """A resolved distribution, the targets that need it and its files for them."""

    name: str
    version: str
    needs: list[Requirement]
    targets: set[Target] = field(default_factory=set)
    files: dict[str, str] = field(default_factory=dict)  # file name → SHA-256


def main() -> None:
    """Resolve, download for every target, and write the locks."""
    parser = argparse.ArgumentParser(description="Write packaging/*.lock.")
    parser.add_argument("--upgrade", action="store_true", help="do not keep the currently locked versions")
    upgrade = parser.parse_args().upgrade
    requested = requirements()
    kept = [] if upgrade else [line for lock in LOCKS for line in _pins(HERE / f"{lock}.lock")]
    wheels = _resolve([requirement for lines in requested.values() for requirement in lines], kept)
    _add_files(wheels)
    written: set[str] = set()
    for lock, required in requested.items():
        mark_targets(wheels, required)
        names = [name for name in sorted(wheels) if wheels[name].targets and name not in written]
        written.update(names)
        text = "".join(lock_lines(wheels[name] for name in names))
        head = (
            f"# {LOCKS[lock].capitalize()}, with hashes. Written by packaging/lock.py from pyproject.toml.\n"
        )
        (HERE / f"{lock}.lock").write_text(head + text, encoding="utf-8", newline="\n")
        print(f"{lock}.lock: {len(names)} distributions")


def requirements() -> dict[str, list[Requirement]]:
    """Return what pyproject.toml requires, by lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = {"program": project["project"]["dependencies"], **project["dependency-groups"]}
    return {lock: [Requirement(line) for line in groups[lock]] for lock in LOCKS}


def _pins(lock: Path) -> Iterator[str]:
    if lock.exists():
        for line in lock.read_text(encoding="utf-8").splitlines():
            if "==" in line and not line.startswith(("#", " ")):
                yield line.split(";")[0].split("\\")[0].strip()


def _resolve(requested: list[Requirement], kept: list[str]) -> dict[str, Wheel]:
    """Resolve versions with pip, repeatedly until requirements of only other systems are resolved too."""
    extra: list[str] = []
    while True:
        report = _pip_report([str(requirement) for requirement in requested] + extra, kept)
        wheels: dict[str, Wheel] = {}
        for item in report["install"]:
            data = item["metadata"]
            needs = [Requirement(line) for line in data.get("requires_dist", [])]
            name = canonicalize_name(data["name"])
            wheels[name] = Wheel(name, data["version"], needs)
        missing = mark_targets(wheels, requested)
        if not missing:
            return wheels
        extra += sorted(missing)


def _pip_report(requirements: list[str], kept: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder, "constraints.txt")
        constraints.write_text("\n".join(kept), encoding="utf-8")
        report = Path(folder, "report.json")
        options = [
            "--dry-run",
            "--ignore-installed",
            "--only-binary=:all:",
            "--quiet",
            "-c",
            str(constraints),
        ]
        _pip("install", *options, "--report", str(report), *requirements)
        found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return found


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", *arguments], check=True)


def mark_targets(wheels: dict[str, Wheel], requested: list[Requirement]) -> set[str]:
    """Set on each wheel which targets need it; return the requirements that no wheel satisfies yet."""
    missing = set()
    for wheel in wheels.values():
        wheel.targets = set()
    for system, values in SYSTEMS.items():
        for python in PYTHONS:
            environment = {**values, "python_version": python, "python_full_version": f"{python}.9"}
            pending = [(requirement, "") for requirement in requested]
            seen = set()
            while pending:
                requirement, extra = pending.pop()
                if requirement.marker and not requirement.marker.evaluate({**environment, "extra": extra}):
                    continue
                name = canonicalize_name(requirement.name)
                if name not in wheels:
                    missing.add(f"{requirement.name}{requirement.specifier}")
                    continue
                wheel = wheels[name]
                wheel.targets.add((system, python))
                for wheel_extra in ("", *requirement.extras):
                    if (wheel.name, wheel_extra) not in seen:
                        seen.add((wheel.name, wheel_extra))
                        pending += [(need, wheel_extra) for need in wheel.needs]
    return missing


def _add_files(wheels: dict[str, Wheel]) -> None:
    for system in SYSTEMS:
        for python in PYTHONS:
            pins = [f"{w.name}=={w.version}" for w in wheels.values() if (system, python) in w.targets]
            for platforms in _platforms(system):
                _download(wheels, pins, python, platforms)


def _platforms(system: str) -> Iterator[list[str]]:
    if system == "win32":
        yield ["win_amd64"]
        return
    for level in GLIBC_LEVELS:
        newest_first = [f"manylinux_2_{minor}_x86_64" for minor in reversed(GLIBC) if minor <= level]
        yield [*newest_first, "manylinux2014_x86_64", "linux_x86_64"]


def _download(wheels: dict[str, Wheel], pins: list[str], python: str, platforms: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        options = [f"--platform={platform}" for platform in platforms]
        options += [
            f"--python-version={python}",
            "--only-binary=:all:",
            "--no-deps",
            "--quiet",
            "--dest",
            folder,
        ]
        _pip("download", *options, *pins)
        for path in Path(folder).iterdir():
            wheel = wheels[canonicalize_name(path.name.split("-")[0])]
            with path.open("rb") as opened:
                wheel.files[path.name] = hashlib.file_digest(opened, "sha256").hexdigest()


def lock_lines(wheels: Iterable[Wheel]) -> Iterator[str]:
    """Yield the lines of a lock: for each wheel its files as comments, then the pin with their hashes."""
    for wheel in wheels:
        for name in sorted(wheel.files):
            yield f"# {name}\n"
        yield " \\\n    ".join(
            [
                f"{wheel.name}=={wheel.version}{marker(wheel.targets)}",
                *(f"--hash=sha256:{digest}" for _, digest in sorted(wheel.files.items())),
            ]
        )
        yield "\n"


def marker(targets: set[Target]) -> str:
    """Return the environment marker that selects exactly these targets, with its semicolon, or ''."""
    systems = {system for system, _ in targets}
    pythons = {python for _, python in targets}
    if len(targets) != len(systems) * len(pythons):
        raise SystemExit(f"No simple marker for {sorted(targets)}; extend packaging/lock.py.")
    parts = []
    if systems != set(SYSTEMS):
        parts.append(" or ".join(f'sys_platform == "{system}"' for system in sorted(systems)))
    if pythons != set(PYTHONS):
        parts.append(" or ".join(f'python_version == "{python}"' for python in sorted(pythons)))
    return f" ; {' and '.join(f'({part})' if ' or ' in part else part for part in parts)}" if parts else ""


if __name__ == "__main__":
    main()
