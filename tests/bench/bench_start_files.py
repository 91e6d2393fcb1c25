"""Files opened and bytes read until the sign-in window: in the layout of the Windows package, and as pip lays them.

    python -m tests.bench.bench_start_files [FOLDER]

An old disk seeks for every file, and a virus scanner looks at each. Both layouts hold the same Linux wheels of the
lock and the same program; the packed one is laid out by packaging/windows/stage.py, like the one that is installed on
Windows. Only what lies in the layout is counted: the system's own files differ between the systems. `strace` counts;
with FOLDER the layouts are kept there. Exits with 1 if the packed one opens more than `ASKED` of the other's files.
"""

import compileall
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.bench import bench_start

ASKED = 0.6
ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "packaging" / "program.lock"
_CALLS = {
    "open": re.compile(r'\bopen(?:at)?\([^"]*"(?P<path>[^"]+)".*\) = (?P<size>-1|\d+)'),
    "look": re.compile(r'\b(?:newfstatat|stat|lstat|access|readlink)\([^"]*"(?P<path>[^"]+)"'),
    "list": re.compile(r"\bgetdents64\(\d+<(?P<path>[^>]+)>"),
    "read": re.compile(r"\bp?read(?:64)?\(\d+<(?P<path>[^>]+)>.*\) = (?P<size>\d+)"),
    "map": re.compile(r"\bmmap\(\S+, (?P<size>\d+), .*, \d+<(?P<path>[^>]+)>, "),
}
_TRACED = "trace=openat,open,read,pread64,mmap,newfstatat,stat,lstat,access,readlink,getdents64"
_SKIPPED = ("site-packages", "test", "lib2to3", "idlelib", "ensurepip", "tkinter", "lib-dynload")


class Figures(NamedTuple):
    """What one start did with the files of its layout; bytes are those read, and those mapped, as far as touched."""

    files: int
    opened: int
    looked_for: int
    listed: int
    read: int
    mapped: int


def main() -> int:
    """Lay out both, start each under strace, print the figures and return the exit code."""
    sys.path.insert(0, str(ROOT / "packaging"))
    if shutil.which("strace") is None:
        raise SystemExit("strace is needed.")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1]) if sys.argv[1:] else Path(temporary)
        plain, packed = lay_out(folder)
        environment = bench_start.prepared(Path(temporary))
        before, after = (start(path, environment) for path in (plain, packed))
    for name, figures in (("unpacked", before), ("packed", after)):
        print(f"{name:9}", ", ".join(f"{key} {value:,}" for key, value in figures._asdict().items()))
    ratio = after.files / before.files
    print(f"files {ratio:.0%} (asked {ASKED:.0%}), opened {after.opened / before.opened:.0%}, "
          f"looked for {after.looked_for / before.looked_for:.0%}, read {after.read / before.read:.0%}")  # fmt: skip
    return 0 if ratio <= ASKED else 1


def lay_out(folder: Path) -> tuple[Path, Path]:
    """Lay out the wheels and the program below `folder` in both ways; return the two folders."""
    from windows import stage, wheels

    found = [stage.read_wheel(path) for path in wheels.download(LOCK, "linux", folder / "wheels")]
    plain, packed = folder / "plain", folder / "packed"
    inner = {**stage.libraries(found), **stage.program(), "python311.zip": _standard_library()}
    stage.write(inner, packed)
    for wheel in found:
        stage.write(wheel.files, plain / "lib")
    for name in ("fuyuan_desk", "resources", "i18n"):
        shutil.copytree(ROOT / name, plain / "lib" / name)
    compileall.compile_dir(plain, quiet=2)
    (plain / "python311.zip").write_bytes(inner["python311.zip"])
    return plain, packed


def _standard_library() -> bytes:
    from windows import stage

    root = Path(sysconfig.get_path("stdlib"))
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*.py")
        if path.relative_to(root).parts[0] not in _SKIPPED
    }
    return stage.zipped(stage.compiled(files))


def start(layout: Path, environment: dict[str, str]) -> Figures:
    """Start the program of a layout under strace until its sign-in window; return what it did with the layout."""
    modules = [path for path in ("python311.zip", "lib", "app.zip", "lib.zip") if (layout / path).exists()]
    path = [str(layout / name) for name in modules]
    path.insert(1, str(Path(sysconfig.get_path("stdlib"), "lib-dynload")))
    script = f"import sys; sys.path[:] = {path!r}\n"
    script += bench_start.STAND_IN.format(check=bench_start.CAN_TYPE) + bench_start.OURS
    log = layout.with_suffix(".strace")
    command = ["strace", "-f", "-y", "-s", "4096", "-e", _TRACED, "-o", str(log)]
    command += [sys.executable, "-I", "-S", "-c", script]
    done = subprocess.run(command, env=environment, cwd=layout, capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout:
        raise RuntimeError(done.stderr)
    return counted(log.read_text(encoding="utf-8", errors="replace"), str(layout))


def counted(log: str, layout: str) -> Figures:
    """Count what a log of strace says of the files below a folder."""
    opened: Counter[str] = Counter()
    looked_for = listed = read = mapped = 0
    for line in log.splitlines():
        kind, found = next(
            ((kind, hit) for kind, call in _CALLS.items() if (hit := call.search(line))), ("", None)
        )
        if found is None or not found["path"].startswith(layout):
            continue
        match kind:
            case "open" if found["size"] != "-1":
                opened[found["path"]] += 1
            case "open" | "look":
                looked_for += 1
            case "list":
                listed += 1
            case "read":
                read += int(found["size"])
            case _:
                mapped += int(found["size"])
    return Figures(len(opened), sum(opened.values()), looked_for, listed, read, mapped)


if __name__ == "__main__":
    sys.exit(main())
