"""The wheels of the program for a system, exactly those of the lock."""

import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.markers import Marker

PYTHON = "3.11"
_ENVIRONMENTS = {
    "win_amd64": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
}  # fmt: skip
_PLATFORMS = {
    "win_amd64": ("win_amd64",),
    "linux": ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_26_x86_64", "manylinux_2_17_x86_64",
              "manylinux2014_x86_64"),
}  # fmt: skip


def requirements_for(lock: str, system: str) -> str:
    """Return the lines of a lock that a system needs, without markers: pip evaluates those for its own machine."""
    environment = {
        **_ENVIRONMENTS[system],
        "python_version": PYTHON,
        "python_full_version": f"{PYTHON}.9",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }
    kept: list[str] = []
    is_needed = False
    for line in lock.splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith(" "):  # a pin; its hashes follow
            pin, _, marker = line.removesuffix("\\").rstrip().partition(" ; ")
            is_needed = not marker or Marker(marker).evaluate(environment)
            line = f"{pin} \\"
        if is_needed:
            kept.append(line)
    return "\n".join(kept) + "\n"


def download(lock: Path, system: str, folder: Path) -> list[Path]:
    """Download the wheels of a lock for a system into an empty folder, checked by hash; return them by name."""
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as own:
        wanted = Path(own, "wanted.txt")
        wanted.write_text(requirements_for(lock.read_text(encoding="utf-8"), system), encoding="utf-8")
        options = [f"--platform={platform}" for platform in _PLATFORMS[system]]
        options += ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "-r", str(wanted)]
        options += [f"--python-version={PYTHON}", "--dest", str(folder)]
        subprocess.run([sys.executable, "-m", "pip", "download", *options], check=True)
    return sorted(folder.glob("*.whl"))
