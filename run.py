"""Start 福元台 from a checkout, or check it.

    python run.py              open the window; the first start sets everything up, about a minute
    python run.py tour OUT     any command of the program: init, demo, tour, import, print, check, --self-test
    python run.py test [...]   run every check; further arguments are passed to pytest
    python run.py bench [...]  run the benchmarks, on an idle machine; arguments select them by name
    python run.py texts        add new texts of the program to the translations
    python run.py package      build the Windows package, on Debian; further arguments are passed on

Only the standard library is used here, and only syntax that old Pythons can parse, so that they
reach the message that reports them as too old.
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
READY = VENV / "fuyuan-ready.json"  # what was set up, by fingerprint
UNFINISHED = VENV / "fuyuan-unfinished"  # exists only during set-up
LOCKS = {name: ROOT / "packaging" / (name + ".lock") for name in ("program", "build", "check")}
START_LOCKS = ("program", "build")
CHECK_LOCKS = ("program", "build", "check")
HEADLESS_COMMANDS = (
    "init", "demo", "tour", "import", "print", "check", "diagnose", "backup", "backups", "restore"
)  # fmt: skip
SCRIPTS = {"texts": "texts.py", "package": "build.py"}
HEADLESS_OPTIONS = ("--self-test", "--help", "-h", "--version")

# system libraries that Qt loads, and the Debian package of each; the first group is required to start the program
# or open a window on X11, the second is for Wayland and printers
REQUIRED_LIBRARIES = {
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
OPTIONAL_LIBRARIES = {
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
    """An external problem prevents the start; the message, in Chinese and English, says what to do."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(chinese + "\n" + english)


def main(arguments: Sequence[str]) -> int:
    """Set up what is missing, then run the command; return the exit code."""
    try:
        if arguments[:1] in (["test"], ["bench"]):
            set_up_once(CHECK_LOCKS)
            return run([PYTHON, ROOT / "packaging" / "checks.py", *arguments])
        if arguments[:1] in (["texts"], ["package"]):
            set_up_once(START_LOCKS)
            return run([PYTHON, ROOT / "packaging" / SCRIPTS[arguments[0]], *arguments[1:]])
        if needs_screen(arguments) and not has_screen(os.environ, sys.platform):
            raise Stop(
                "这里没有可以显示窗口的屏幕。请在有桌面的电脑上运行，或用 ssh -X 登录后再试；"
                "想先看看，可运行：python run.py tour 文件夹（不开窗口，把每个页面和打印件放进该文件夹）。",
                "There is no display for a window. Run this on a computer with a desktop, or log in with "
                "ssh -X; without one, python run.py tour FOLDER saves every page and paper in that folder.",
            )
        set_up_once(START_LOCKS)
        return start(arguments)
    except Stop as stop:
        return print_error(str(stop))
    except KeyboardInterrupt:
        return print_error(
            "已中断；下次运行会接着准备好。\nInterrupted; the next start resumes the set-up.", 130
        )


def print_error(text: str, code: int = 1) -> int:
    """Print an error to stderr and return the exit code."""
    print(text, file=sys.stderr)
    return code


def start(arguments: Sequence[str]) -> int:
    """Replace this process by the program (POSIX), or run it and return its exit code (Windows)."""
    if not needs_screen(arguments) and not has_screen(os.environ, sys.platform):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    command = [str(PYTHON), "-P", "-m", "fuyuan_desk", *arguments]
    if os.name == "nt":
        return run(command)
    sys.stdout.flush()
    os.execv(command[0], command)


def needs_screen(arguments: Sequence[str]) -> bool:
    """Return whether these arguments open a window: those without a command do."""
    return not any(argument in HEADLESS_COMMANDS + HEADLESS_OPTIONS for argument in arguments)


def has_screen(environment: Mapping[str, str], platform: str) -> bool:
    """Return whether Qt has a display for windows."""
    if platform != "linux":
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


# ---------------------------------------------------------------- set-up


def set_up_once(locks: Sequence[str]) -> None:
    """Set up what these locks and the translations require, unless already done."""
    if not is_ready(locks):
        with setup_lock():
            if not is_ready(locks):  # another process may have done it while this one waited
                set_up(locks)
    stale = [po for po in catalogues() if not is_compiled(po)]
    if stale:
        compile_catalogues(stale)


def is_ready(locks: Sequence[str]) -> bool:
    """Return whether everything these locks require is set up, for this Python and in this folder."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    made = read_ready()
    return all(made.get(lock) == fingerprint(lock) for lock in locks) and "libraries" in made


def read_ready() -> dict[str, str]:
    """Return the fingerprints of what was set up; empty if the file is missing or invalid."""
    import json

    try:
        made = json.loads(READY.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return made if isinstance(made, dict) else {}


def write_ready(made: dict[str, str]) -> None:
    """Record what was set up."""
    import json

    READY.write_text(json.dumps(made), encoding="utf-8")


def fingerprint(lock: str) -> str:
    """Return a hash of everything an installation depends on: the lock, the Python, the folder."""
    import hashlib

    parts = [python_name(), str(ROOT), LOCKS[lock].read_text(encoding="utf-8")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def python_name() -> str:
    """Return the platform and version of this Python, on which installed packages depend."""
    return "{}-{}.{}".format(sys.platform, *sys.version_info[:2])


def set_up(locks: Sequence[str]) -> None:
    """Create the environment and install into it; the remains of an interrupted set-up are discarded."""
    print_status(
        "正在准备福元台（第一次约需一分钟）……", "Setting up Fuyuan Desk (about a minute the first time) …"
    )
    if UNFINISHED.exists() or not is_usable(PYTHON):
        create_environment()
    made = read_ready()
    todo = [lock for lock in locks if made.get(lock) != fingerprint(lock)]
    if todo:
        UNFINISHED.touch()
        install([LOCKS[lock] for lock in todo])
        if "build" in todo:
            install_project()
        made.update({lock: fingerprint(lock) for lock in todo})
        write_ready(made)
        UNFINISHED.unlink()
    ensure_libraries()
    write_ready({**made, "libraries": python_name()})


def is_usable(python: Path) -> bool:
    """Return whether the environment's Python runs, has the same version as this one, and has pip."""
    import subprocess

    script = "import pip, sys; print('{}-{}.{}'.format(sys.platform, *sys.version_info[:2]))"
    try:
        _code, output = run_captured([python, "-c", script], echo=False, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return False
    return output.splitlines()[-1:] == [python_name()]


def create_environment() -> None:
    """Create an empty `.venv`."""
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
    ensure_venv_module()
    VENV.mkdir()
    UNFINISHED.touch()
    python = getattr(sys, "_base_executable", None) or sys.executable
    if run([python, "-m", "venv", VENV]) != 0:
        raise Stop(
            "无法在 .venv 文件夹里建立 Python 环境。请检查磁盘空间和文件夹的写入权限，然后再试。",
            "No Python environment could be created in .venv. Check the disk space and that this folder can be "
            "written to, then try again.",
        )


def ensure_venv_module() -> None:
    """Ensure that Python can create environments; on Debian that requires a separate package."""
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
        f"This Python cannot create environments. Run: {command}",
    )


def install(locks: Sequence[Path]) -> None:
    """Install exactly the files that the locks list by hash."""
    options = [
        "--require-hashes",
        "--no-deps",
        "--only-binary=:all:",
        "--no-input",
        "--disable-pip-version-check",
    ]
    requirements = [argument for lock in locks for argument in ("-r", lock)]
    code, output = run_captured(
        [PYTHON, "-m", "pip", "install", "--quiet", "--retries", "2", *options, *requirements]
    )
    if code != 0:
        raise install_error(output)


def install_error(output: str) -> Stop:
    """Return the error for a failure of pip, from its output."""
    if "DO NOT MATCH THE HASHES" in output:
        return Stop(
            "下载到的文件与锁定的校验值不符，已停止安装。请换一个网络后再试。",
            "A downloaded file does not match its locked hash; nothing more was installed. "
            "Try again on another network.",
        )
    if "No space left" in output or "Errno 28" in output:
        return Stop("磁盘已满。请腾出约 1 GB 后再试。", "The disk is full. Free about 1 GB and try again.")
    if "is not a supported wheel" in output or "Ignored the following versions" in output:
        return Stop(
            "这台电脑没有可用的安装包：需要 64 位 Windows 或 x86-64 的 Linux（glibc 2.28 以上）。",
            "There are no packages for this computer: 64-bit Windows or x86-64 Linux (glibc 2.28 or newer) is needed.",
        )
    return Stop(
        "没能下载所需的软件包（原因见上）。请检查网络后再运行一次；已下载的不会重下。",
        "The packages could not be downloaded (see the reason above). Check the network and run this again; "
        "completed downloads are kept.",
    )


def install_project() -> None:
    """Install the project itself into the environment, in editable mode."""
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    if run([PYTHON, "-m", "pip", "install", *options, "--editable", ROOT]) != 0:
        raise Stop(
            "没能把福元台装入它的环境（原因见上）。请删除 .venv 文件夹后再试。",
            "Fuyuan Desk could not be installed into its environment (see the reason above). "
            "Remove the folder .venv and try again.",
        )
    # precompile for a faster first start; a failure is harmless
    run([PYTHON, "-m", "compileall", "-q", ROOT / "fuyuan_desk"])


@contextmanager
def setup_lock() -> Iterator[None]:
    """Hold a file lock, so that one process at a time sets up; the system releases it even if this is killed."""
    with open(ROOT / ".venv.lock", "wb") as handle:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# ---------------------------------------------------------------- Qt's libraries


def ensure_libraries() -> None:
    """Ensure that Qt finds its system libraries; install them as root on Debian, else raise `Stop`."""
    if sys.platform != "linux":
        return
    missing = missing_libraries()
    packages = packages_for(missing)
    if packages and may_install_packages():
        print_status("正在安装 Qt 需要的系统库……", "Installing the system libraries that Qt needs …")
        install_packages(packages)
        missing = missing_libraries()
        packages = packages_for(missing)
    if not missing - set(OPTIONAL_LIBRARIES):
        return
    command = libraries_command(missing)
    raise Stop(
        f"缺少 Qt 需要的系统库：{'、'.join(sorted(missing))}。\n请先运行这一条命令，再启动：{command}",
        f"Qt needs these system libraries: {', '.join(sorted(missing))}.\nRun this one command, then start again: "
        + command,
    )


def missing_libraries() -> set[str]:
    """Return the sonames that the Qt modules in use require and the system lacks."""
    package = VENV / "lib" / "python{}.{}".format(*sys.version_info[:2]) / "site-packages" / "PySide6"
    files = [path for pattern in QT_FILES for path in package.glob(pattern)]
    files = [path for path in files if not path.name.endswith(".abi3.so") or path.name[2:-8] in QT_MODULES]
    try:
        _code, output = run_captured(["ldd", *files], echo=False)
    except OSError:  # no ldd means no glibc, for which pip would not have found Qt either
        return set()
    return parse_missing(output)


def parse_missing(output: str) -> set[str]:
    """Return the sonames that `ldd` reports as not found."""
    return {line.split()[0] for line in output.splitlines() if line.rstrip().endswith("=> not found")}


def packages_for(libraries: set[str]) -> list[str]:
    """Return the Debian packages with these libraries."""
    known = {**REQUIRED_LIBRARIES, **OPTIONAL_LIBRARIES}
    return sorted({known[library] for library in libraries if library in known})


def libraries_command(libraries: set[str]) -> str:
    """Return the command that installs these libraries, for Debian or Fedora derivatives."""
    import shutil

    if shutil.which("apt-get") is None and shutil.which("dnf") is not None:
        return "sudo dnf install " + " ".join(f"'{library}()(64bit)'" for library in sorted(libraries))
    return packages_command(packages_for(libraries))


def packages_command(packages: Sequence[str]) -> str:
    """Return the command that installs Debian packages."""
    return "sudo apt-get install -y --no-install-recommends " + " ".join(packages)


def may_install_packages() -> bool:
    """Return whether this is root on a Debian derivative."""
    import shutil

    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_packages(packages: Sequence[str]) -> None:
    """Install Debian packages, updating the package list if the first attempt fails."""
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if run_captured(command, echo=False)[0] != 0:
        run_captured(["apt-get", "update", "-q"], echo=False)
        run_captured(command)


# ---------------------------------------------------------------- translations


def catalogues() -> list[Path]:
    """Return the source files of the translations."""
    return sorted(ROOT.glob("i18n/*/LC_MESSAGES/*.po"))


def is_compiled(po: Path) -> bool:
    """Return whether the compiled file exists and is not older than the source."""
    mo = po.with_suffix(".mo")
    return mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime


def compile_catalogues(stale: Sequence[Path]) -> None:
    """Compile translations with Babel, which is installed in the environment."""
    for po in stale:
        if run([PYTHON, ROOT / "packaging" / "texts.py", "--compile", po]) != 0:
            raise Stop(f"翻译文件有误：{po}", f"This translation cannot be read: {po}")


# ---------------------------------------------------------------- processes and messages


def run(command: Sequence[str | Path]) -> int:
    """Run a command to completion and return its exit code."""
    import subprocess

    return subprocess.run([str(word) for word in command], check=False).returncode


def run_captured(
    command: Sequence[str | Path], echo: bool = True, timeout: float | None = None
) -> tuple[int, str]:
    """Run a command to completion; return its exit code and output, printing the output on failure if `echo`."""
    import subprocess

    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=timeout,
        check=False,
    )
    if done.returncode != 0 and echo:
        print("\n".join(done.stdout.strip().splitlines()[-12:]), file=sys.stderr)
    return done.returncode, done.stdout


def print_status(chinese: str, english: str) -> None:
    """Print progress to stderr; stdout belongs to the program."""
    print(f"{chinese}\n{english}", file=sys.stderr, flush=True)


def _never_fail_to_print(reconfigure: Callable[..., None] | None) -> None:
    # on a console with another encoding print question marks instead of failing
    if reconfigure is not None:
        reconfigure(errors="replace")


if __name__ == "__main__":
    _never_fail_to_print(getattr(sys.stdout, "reconfigure", None))
    sys.exit(main(sys.argv[1:]))
