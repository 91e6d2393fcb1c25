"""Start 福元台 from a checkout, or check it.

    python run.py              the window; the first time it makes everything ready, about a minute
    python run.py tour OUT     any command of the program: init, demo, tour, import, print, check, --self-test
    python run.py test [...]   every check there is; further words go to pytest
    python run.py bench [...]  measure speed, alone on the machine; a word picks the measurements named so
    python run.py texts        take new texts of the program into the translations

Only the standard library is used here, and only syntax that old Pythons can read, so that they
get as far as the sentence that tells they are too old.
"""

import os
import sys

if not (3, 11) <= sys.version_info[:2] < (3, 14):
    sys.exit(
        f"福元台需要 Python 3.11、3.12 或 3.13，现在的是 {sys.version.split()[0]}。"
        "请安装其中之一，再用它运行 run.py。\n"
        f"Fuyuan Desk needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]}. "
        "Install one of them and run run.py with it."
    )

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
READY = VENV / "fuyuan-ready.json"  # what was made ready, by fingerprint
UNFINISHED = VENV / "fuyuan-unfinished"  # stands there only while something is being made ready
LOCKS = {name: ROOT / "packaging" / (name + ".lock") for name in ("program", "build", "check")}
TO_START = ("program", "build")
TO_CHECK = ("program", "build", "check")
WITHOUT_SCREEN = (
    "init", "demo", "tour", "import", "print", "check", "diagnose", "backup", "backups", "restore"
)  # fmt: skip
ANSWERED_AT_ONCE = ("--self-test", "--help", "-h", "--version")

# What Qt loads from the system, and the Debian package that holds it. Without the first group there is no
# program or no window on X11; the second is for Wayland and for printers.
NEEDED_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libstdc++.so.6": "libstdc++6",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
WELCOME_LIBRARIES = {
    "libcups.so.2": "libcups2",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
QT_FILES = (
    "Qt*.abi3.so",
    "Qt/lib/libQt6XcbQpa.so.6",
    "Qt/plugins/platforms/libqoffscreen.so",
    "Qt/plugins/platforms/libqxcb.so",
    "Qt/plugins/platforms/libqwayland-generic.so",
    "Qt/plugins/printsupport/libcupsprintersupport.so",
)
QT_MODULES = ("Core", "Gui", "Widgets", "PrintSupport", "Svg", "Network", "Test")


class Stop(Exception):
    """Something outside the program is in the way; its sentence, in Chinese and English, says what to do."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(chinese + "\n" + english)


def main(arguments: Sequence[str]) -> int:
    """Make ready what is not ready yet, then do what was asked; give the exit code."""
    try:
        if arguments[:1] in (["test"], ["bench"]):
            make_ready(TO_CHECK)
            return run([PYTHON, ROOT / "packaging" / "checks.py", *arguments])
        if arguments[:1] == ["texts"]:
            make_ready(TO_START)
            return run([PYTHON, ROOT / "packaging" / "texts.py", *arguments[1:]])
        if wants_screen(arguments) and not has_screen(os.environ, sys.platform):
            raise Stop(
                "这里没有可以显示窗口的屏幕。请在有桌面的电脑上运行，或用 ssh -X 登录后再试；"
                "想先看看，可运行：python run.py tour 文件夹（不开窗口，把每个页面和打印件放进该文件夹）。",
                "There is no display for a window here. Run this on a computer with a desktop, or sign in with "
                "ssh -X; to look around without one: python run.py tour FOLDER (leaves every page and paper there).",
            )
        make_ready(TO_START)
        return start(arguments)
    except Stop as stop:
        return complain(str(stop))
    except KeyboardInterrupt:
        return complain("已中断；下次运行会接着准备好。\nInterrupted; the next start sets it right.", 130)


def complain(text: str, code: int = 1) -> int:
    """Say on stderr what is in the way, and give the exit code."""
    print(text, file=sys.stderr)
    return code


def start(arguments: Sequence[str]) -> int:
    """Become the program (POSIX), or run it and hand on its exit code (Windows)."""
    if not wants_screen(arguments) and not has_screen(os.environ, sys.platform):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    command = [str(PYTHON), "-P", "-m", "fuyuan_desk", *arguments]
    if os.name == "nt":
        return run(command)
    sys.stdout.flush()
    os.execv(command[0], command)


def wants_screen(arguments: Sequence[str]) -> bool:
    """Tell whether these arguments open a window: those that name no command do."""
    return not any(word in WITHOUT_SCREEN or word in ANSWERED_AT_ONCE for word in arguments)


def has_screen(environment: Mapping[str, str], platform: str) -> bool:
    """Tell whether Qt finds something to show windows on."""
    if platform != "linux":
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


# ---------------------------------------------------------------- making ready


def make_ready(locks: Sequence[str]) -> None:
    """Make what these locks and the translations ask for, unless it was made before."""
    if not is_ready(locks):
        with alone():
            if not is_ready(locks):  # another start may have done it while this one waited
                set_up(locks)
    stale = [po for po in catalogues() if not is_compiled(po)]
    if stale:
        compile_catalogues(stale)


def is_ready(locks: Sequence[str]) -> bool:
    """Tell whether all that these locks ask for was made ready, for this Python and in this folder."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    made = read_ready()
    return all(made.get(lock) == fingerprint(lock) for lock in locks) and "libraries" in made


def read_ready() -> dict[str, str]:
    """Give the fingerprints of what was made ready; nothing when the note is away or torn."""
    import json

    try:
        made = json.loads(READY.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return made if isinstance(made, dict) else {}


def write_ready(made: dict[str, str]) -> None:
    """Note what was made ready."""
    import json

    READY.write_text(json.dumps(made), encoding="utf-8")


def fingerprint(lock: str) -> str:
    """Give what must be the same for a lock's files to be in place: the lock, the Python, the folder."""
    import hashlib

    said = [python_name(), str(ROOT), LOCKS[lock].read_text(encoding="utf-8")]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def python_name() -> str:
    """Name the Python that runs this, as far as installed packages depend on it."""
    return "{}-{}.{}".format(sys.platform, *sys.version_info[:2])


def set_up(locks: Sequence[str]) -> None:
    """Make the environment and fill it; what an interrupted earlier try left is thrown away."""
    say("正在准备福元台（第一次约需一分钟）……", "Making Fuyuan Desk ready (about a minute the first time) …")
    if UNFINISHED.exists() or not works(PYTHON):
        make_environment()
    made = read_ready()
    todo = [lock for lock in locks if made.get(lock) != fingerprint(lock)]
    if todo:
        UNFINISHED.touch()
        install([LOCKS[lock] for lock in todo])
        if "build" in todo:
            enter_project()
        made.update({lock: fingerprint(lock) for lock in todo})
        write_ready(made)
        UNFINISHED.unlink()
    provide_libraries()
    write_ready({**made, "libraries": python_name()})


def works(python: Path) -> bool:
    """Tell whether the environment's Python runs, is of the version that runs this, and has pip."""
    import subprocess

    ask = "import pip, sys; print('{}-{}.{}'.format(sys.platform, *sys.version_info[:2]))"
    try:
        answer = subprocess.run(
            [str(python), "-c", ask], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return answer.stdout.strip() == python_name()


def make_environment() -> None:
    """Make an empty `.venv`."""
    import shutil

    if Path(sys.prefix) == VENV and os.name == "nt":
        raise Stop(
            "请用系统自带的 Python 运行 run.py，而不是 .venv 里的：它正要被重建。",
            "Run run.py with the system's own Python, not the one in .venv: that one is to be rebuilt.",
        )
    if VENV.exists():
        try:
            shutil.rmtree(VENV)
        except OSError as problem:
            raise Stop(
                f"无法删除旧的 .venv 文件夹（{problem}）。请关闭正在运行的福元台后再试。",
                f"The old folder .venv cannot be removed ({problem}). Close Fuyuan Desk and try again.",
            ) from problem
    provide_venv_module()
    VENV.mkdir()
    UNFINISHED.touch()
    python = getattr(sys, "_base_executable", None) or sys.executable
    if run([python, "-m", "venv", VENV]) != 0:
        raise Stop(
            "无法在 .venv 文件夹里建立 Python 环境。请检查磁盘空间和文件夹的写入权限，然后再试。",
            "No Python environment could be made in .venv. Check the disk space and that this folder can be "
            "written to, then try again.",
        )


def provide_venv_module() -> None:
    """See to it that Python can make environments; Debian keeps that in a package of its own."""
    import importlib.util

    if importlib.util.find_spec("ensurepip") is not None:
        return
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    if may_install_packages():
        install_packages([package])
        importlib.invalidate_caches()
        if importlib.util.find_spec("ensurepip") is not None:
            return
    command = packages_command([package])
    raise Stop(
        f"这个 Python 不能建立环境。请先运行：{command}",
        f"This Python cannot make environments. Run: {command}",
    )


def install(locks: Sequence[Path]) -> None:
    """Install just the files that the locks name by hash."""
    options = [
        "--require-hashes",
        "--no-deps",
        "--only-binary=:all:",
        "--no-input",
        "--disable-pip-version-check",
    ]
    named = [word for lock in locks for word in ("-r", lock)]
    code, told = run_and_listen(
        [PYTHON, "-m", "pip", "install", "--quiet", "--retries", "2", *options, *named]
    )
    if code != 0:
        raise install_trouble(told)


def install_trouble(told: str) -> Stop:
    """Put into words why pip failed, from what it said."""
    if "DO NOT MATCH THE HASHES" in told:
        return Stop(
            "下载到的文件与锁定的校验值不符，已停止安装。请换一个网络后再试。",
            "A downloaded file does not match its locked hash; nothing more was installed. "
            "Try again on another network.",
        )
    if "No space left" in told or "Errno 28" in told:
        return Stop("磁盘已满。请腾出约 1 GB 后再试。", "The disk is full. Free about 1 GB and try again.")
    if "is not a supported wheel" in told or "Ignored the following versions" in told:
        return Stop(
            "这台电脑没有可用的安装包：需要 64 位 Windows 或 x86-64 的 Linux（glibc 2.28 以上）。",
            "There are no packages for this computer: 64-bit Windows or x86-64 Linux (glibc 2.28 or newer) is needed.",
        )
    return Stop(
        "没能下载所需的软件包（原因见上）。请检查网络后再运行一次；已下载的不会重下。",
        "The packages could not be downloaded (the reason stands above). Check the network and run this again; "
        "what has arrived is kept.",
    )


def enter_project() -> None:
    """Make `fuyuan_desk` importable and its command callable in the environment."""
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    if run([PYTHON, "-m", "pip", "install", *options, "--editable", ROOT]) != 0:
        raise Stop(
            "没能把福元台装入它的环境（原因见上）。请删除 .venv 文件夹后再试。",
            "Fuyuan Desk could not be entered into its environment (the reason stands above). "
            "Remove the folder .venv and try again.",
        )
    # so that the first window need not compile what it imports; where it cannot, only the start is slower
    run([PYTHON, "-m", "compileall", "-q", ROOT / "fuyuan_desk"])


@contextmanager
def alone() -> Iterator[None]:
    """Let one start at a time make things ready; the system frees the lock even when this is killed."""
    with open(ROOT / ".venv.lock", "wb") as handle:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# ---------------------------------------------------------------- Qt's libraries


def provide_libraries() -> None:
    """See to it that Qt finds the system's libraries: install them as root on Debian, else say how."""
    if sys.platform != "linux":
        return
    missing = missing_libraries()
    wanted = packages_for(missing)
    if wanted and may_install_packages():
        say("正在安装 Qt 需要的系统库……", "Installing the system libraries that Qt needs …")
        install_packages(wanted)
        missing = missing_libraries()
        wanted = packages_for(missing)
    if not missing - set(WELCOME_LIBRARIES):
        return
    command = libraries_command(missing)
    raise Stop(
        f"缺少 Qt 需要的系统库：{'、'.join(sorted(missing))}。\n请先运行这一条命令，再启动：{command}",
        f"Qt needs these system libraries: {', '.join(sorted(missing))}.\nRun this one command, then start again: "
        + command,
    )


def missing_libraries() -> set[str]:
    """Give the sonames that the Qt parts in use ask for and the system has not."""
    import subprocess

    package = VENV / "lib" / "python{}.{}".format(*sys.version_info[:2]) / "site-packages" / "PySide6"
    files = [path for pattern in QT_FILES for path in package.glob(pattern)]
    files = [path for path in files if not path.name.endswith(".abi3.so") or path.name[2:-8] in QT_MODULES]
    try:
        told = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True, check=False).stdout
    except OSError:  # no ldd, no glibc: then pip would have found no Qt either
        return set()
    return parse_missing(told)


def parse_missing(told: str) -> set[str]:
    """Give the sonames that `ldd` reports as not found."""
    return {line.split()[0] for line in told.splitlines() if line.rstrip().endswith("=> not found")}


def packages_for(libraries: set[str]) -> list[str]:
    """Give the Debian packages that hold these libraries."""
    known = {**NEEDED_LIBRARIES, **WELCOME_LIBRARIES}
    return sorted({known[library] for library in libraries if library in known})


def libraries_command(libraries: set[str]) -> str:
    """Give the one command that brings these libraries, for Debian's family or for Fedora's."""
    import shutil

    if shutil.which("apt-get") is None and shutil.which("dnf") is not None:
        return "sudo dnf install " + " ".join(f"'{library}()(64bit)'" for library in sorted(libraries))
    return packages_command(packages_for(libraries))


def packages_command(packages: Sequence[str]) -> str:
    """Give the command that a person types to install Debian packages."""
    return "sudo apt-get install -y --no-install-recommends " + " ".join(packages)


def may_install_packages() -> bool:
    """Tell whether this is root on a system of Debian's family."""
    import shutil

    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_packages(packages: Sequence[str]) -> None:
    """Install Debian packages; the list of packages is fetched when the present one is too old or empty."""
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if run_and_listen(command, echo=False)[0] != 0:
        run_and_listen(["apt-get", "update", "-q"], echo=False)
        run_and_listen(command)


# ---------------------------------------------------------------- translations


def catalogues() -> list[Path]:
    """Give the translations in their source form."""
    return sorted(ROOT.glob("i18n/*/LC_MESSAGES/*.po"))


def is_compiled(po: Path) -> bool:
    """Tell whether the compiled form is there and not older than the source."""
    mo = po.with_suffix(".mo")
    return mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime


def compile_catalogues(stale: Sequence[Path]) -> None:
    """Compile translations with Babel, which stands in the environment."""
    for po in stale:
        made = run([PYTHON, ROOT / "packaging" / "texts.py", "--compile", po])
        if made != 0:
            raise Stop(f"翻译文件有误：{po}", f"This translation cannot be read: {po}")


# ---------------------------------------------------------------- running and telling


def run(command: Sequence[str | Path]) -> int:
    """Run a command to its end and give its exit code."""
    import subprocess

    return subprocess.run([str(word) for word in command], check=False).returncode


def run_and_listen(command: Sequence[str | Path], echo: bool = True) -> tuple[int, str]:
    """Run a command to its end; give its exit code and what it said, which is repeated when it failed."""
    import subprocess

    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0 and echo:
        print("\n".join(done.stdout.strip().splitlines()[-12:]), file=sys.stderr)
    return done.returncode, done.stdout


def say(chinese: str, english: str) -> None:
    """Tell on stderr what goes on, so that stdout stays the program's own."""
    print(f"{chinese}\n{english}", file=sys.stderr, flush=True)


def _never_fail_to_print(reconfigure: Callable[..., None] | None) -> None:
    # A console of another language shows question marks instead of ending in a traceback.
    if reconfigure is not None:
        reconfigure(errors="replace")


if __name__ == "__main__":
    _never_fail_to_print(getattr(sys.stdout, "reconfigure", None))
    sys.exit(main(sys.argv[1:]))
