"""The project's infrastructure: run.py, the locks, and the standard documents."""

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "packaging").glob("*.lock"))
PIN = r"(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>.+?))?(?P<hashes>(?:\s+--hash=\S+)+)"
PYTHONS = ("cp311", "cp312", "cp313")


def load(name: str, path: Path) -> ModuleType:
    """Load a script outside any package, afresh each time."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with run.py and locks of one line."""
    folder = tmp_path / "checkout"
    (folder / "packaging").mkdir(parents=True)
    shutil.copy(ROOT / "run.py", folder)
    for name in ("program", "build", "check"):
        (folder / "packaging" / f"{name}.lock").write_text(f"{name}==1 --hash=sha256:00\n", encoding="utf-8")
    return folder


@pytest.fixture
def run_py(checkout: Path) -> ModuleType:
    """run.py in a checkout of this test's own."""
    return load("run_py", checkout / "run.py")


class Machine:
    """Replaces the programs of a machine that run.py calls, and records what they were to do."""

    def __init__(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        self.missing: set[str] = set()
        self.interrupt_at = ""
        self.programs = checkout.parent / "bin"
        self.programs.mkdir()
        self.monkeypatch = monkeypatch
        monkeypatch.setenv("PATH", str(self.programs))
        self.load(checkout)

    def load(self, checkout: Path) -> None:
        """Load run.py of this checkout."""
        self.module = load("run_py", checkout / "run.py")
        self.monkeypatch.setattr(self.module, "run", lambda command: self.answer(*command)[0])
        self.monkeypatch.setattr(
            self.module, "run_captured", lambda command, echo=True, timeout=None: self.answer(*command)
        )

    def answer(self, program: str | Path, *options: str | Path) -> tuple[int, str]:
        """Do as this program would; return its exit code and output."""
        if "venv" in options:
            self.note("environment")
            self.module.PYTHON.parent.mkdir()
            self.module.PYTHON.touch()
        elif program == "ldd":
            return 0, "".join(f"\t{library} => not found\n" for library in self.missing)
        elif program == "apt-get":
            self.note(*(str(option) for option in options if str(option).startswith("lib")))
            self.missing = set()
        elif program == self.module.PYTHON and "pip" in options:
            self.note("project" if "--editable" in options else "")
            self.note(
                *(option.stem for option in options if isinstance(option, Path) and option.suffix == ".lock")
            )
        elif program == self.module.PYTHON and "-c" in options:
            if not self.module.PYTHON.exists():
                raise FileNotFoundError(program)
            return 0, "{}-{}.{}\n".format(sys.platform, *sys.version_info[:2])
        return 0, ""

    def note(self, *steps: str) -> None:
        """Record steps, or interrupt there."""
        for step in filter(None, steps):
            if step == self.interrupt_at:
                raise KeyboardInterrupt
            self.done.append(step)

    def start(self, locks: tuple[str, ...] = ("program", "build")) -> list[str]:
        """Set up once more; return the steps taken."""
        self.done = []
        self.module.set_up_once(locks)
        return self.done


@pytest.fixture
def machine(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine on which nothing is set up yet."""
    return Machine(checkout, monkeypatch)


# ---------------------------------------------------------------- run.py: readiness


def test_second_start_does_nothing(machine: Machine) -> None:
    assert machine.start() == ["environment", "program", "build", "project"]
    assert machine.start() == []


def test_tests_add_only_their_own_lock(machine: Machine) -> None:
    machine.start()
    assert machine.start(("program", "build", "check")) == ["check"]
    assert machine.start() == []


def test_changed_lock_is_installed_again(machine: Machine) -> None:
    machine.start()
    machine.module.LOCKS["program"].write_text("program==2 --hash=sha256:00\n", encoding="utf-8")
    assert machine.start() == ["program"]


@pytest.mark.parametrize("broken", ["program", "project"])
def test_interrupted_set_up_begins_anew(machine: Machine, broken: str) -> None:
    machine.interrupt_at = broken
    with pytest.raises(KeyboardInterrupt):
        machine.start()
    machine.interrupt_at = ""
    assert machine.start() == ["environment", "program", "build", "project"]
    assert machine.start() == []


def test_other_python_makes_another_environment(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.start()
    monkeypatch.setattr(machine.module, "python_name", lambda: "linux-3.99")
    assert machine.start() == ["environment", "program", "build", "project"]


def test_moved_checkout_is_entered_anew(machine: Machine, checkout: Path) -> None:
    machine.start()
    machine.load(checkout.rename(checkout.with_name("elsewhere")))
    assert "project" in machine.start()


@pytest.mark.parametrize("note", ["", "{", "[]", '{"program": 1}'])
def test_torn_note_is_no_note(machine: Machine, note: str) -> None:
    machine.start()
    machine.module.READY.write_text(note, encoding="utf-8")
    assert "program" in machine.start()
    assert machine.start() == []


def test_missing_libraries_stop_the_start_with_the_command_and_lose_nothing(machine: Machine) -> None:
    machine.missing = {"libEGL.so.1", "libxcb-cursor.so.0", "libcups.so.2"}
    with pytest.raises(machine.module.Stop) as stop:
        machine.start()
    message = str(stop.value)
    assert "libEGL.so.1" in message
    assert "apt-get install -y --no-install-recommends libcups2 libegl1 libxcb-cursor0" in message
    machine.missing = {"libcups.so.2"}  # only printing through CUPS would be missing
    assert machine.start() == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bring Qt's libraries along")
def test_root_on_debian_installs_libraries(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.missing = {"libEGL.so.1", "libGL.so.1"}
    (machine.programs / "apt-get").touch(mode=0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert machine.start()[-2:] == ["libegl1", "libgl1"]


# ---------------------------------------------------------------- run.py: messages


@pytest.mark.parametrize(
    ("output", "text"),
    [
        ("ERROR: Could not find a version that satisfies the requirement x (from versions: none)", "网络"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "校验"),
        ("OSError: [Errno 28] No space left on device", "磁盘"),
        ("ERROR: x-win_amd64.whl is not a supported wheel on this platform.", "64 位"),
    ],
)
def test_failures_of_pip_are_explained(run_py: ModuleType, output: str, text: str) -> None:
    chinese, english = str(run_py.install_error(output)).split("\n")
    assert text in chinese
    assert english.isascii()


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ([], True),
        (["--store", "x"], True),
        (["tour", "out"], False),
        (["print", "registration", "--store", "x"], False),
        (["--self-test"], False),
        (["--help"], False),
    ],
)
def test_commands_need_no_screen(run_py: ModuleType, arguments: list[str], window: bool) -> None:
    assert run_py.needs_screen(arguments) is window


@pytest.mark.parametrize(
    ("environment", "platform", "screen"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_screens_are_found(
    run_py: ModuleType, environment: dict[str, str], platform: str, screen: bool
) -> None:
    assert run_py.has_screen(environment, platform) is screen


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_without_a_screen_the_tour_is_offered(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert machine.module.main([]) == 1
    output = capsys.readouterr().err
    assert "run.py tour" in output
    assert machine.done == []


def test_command_and_its_exit_code_are_passed_through(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.module, "start", lambda arguments: 7 if arguments == ["demo", "x"] else 0)
    assert machine.module.main(["demo", "x"]) == 7


def test_ldd_is_read(run_py: ModuleType) -> None:
    output = (
        "libGL.so.1 => not found\n\tlibEGL.so.1 => /usr/lib/libEGL.so.1 (0x0)\n\tlibxcb.so.1 => not found\n"
    )
    missing = run_py.parse_missing(output)
    assert missing == {"libGL.so.1", "libxcb.so.1"}
    assert run_py.packages_for(missing) == ["libgl1", "libxcb1"]


def test_old_pythons_can_read_run_py_as_far_as_the_sentence() -> None:
    source = (ROOT / "run.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    guard = next(index for index, node in enumerate(tree.body) if isinstance(node, ast.If))
    before = [name.name for node in tree.body[:guard] if isinstance(node, ast.Import) for name in node.names]
    assert before == ["os", "sys"]
    assert "3.11" in ast.unparse(tree.body[guard])


def test_run_py_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_run_py_knows_every_command_of_the_program(run_py: ModuleType) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fuyuan_desk", "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    commands = set(re.findall(r"^    ([a-z]+) ", done.stdout, re.MULTILINE))
    assert commands == set(run_py.HEADLESS_COMMANDS)


# ---------------------------------------------------------------- locks


def locked(path: Path) -> dict[str, dict[str, Any]]:
    """Return the contents of a lock: by distribution its version, marker, hashes and files."""
    found: dict[str, dict[str, Any]] = {}
    files: list[str] = []
    text = path.read_text(encoding="utf-8").replace("\\\n", "")
    for line in text.splitlines()[1:]:
        if line.startswith("# "):
            files.append(line[2:])
            continue
        pin = re.fullmatch(
            r"(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>.+?))?(?P<hashes>(?:\s+--hash=\S+)+)",
            line,
        )
        assert pin is not None, line
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})(?=\s|$)", pin["hashes"])
        assert len(hashes) == len(pin["hashes"].split()), line
        found[pin["name"]] = {**pin.groupdict(), "hashes": hashes, "files": files}
        files = []
    return found


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_locks_hold_a_file_for_linux_and_windows_and_every_python(path: Path) -> None:
    assert len(locked(path)) > 3
    for name, entry in locked(path).items():
        assert len(entry["files"]) == len(entry["hashes"]), name
        tags = [file.removesuffix(".whl").split("-")[-3:] for file in entry["files"]]
        for system in ("manylinux", "win_amd64"):
            if entry["marker"] and system == "manylinux":
                continue
            for python in PYTHONS:
                assert any(serves(tag, system, python) for tag in tags), f"{name}: {system} {python}"


def serves(tag: list[str], system: str, python: str) -> bool:
    """Return whether a wheel with this tag runs there."""
    interpreter, abi, platform = tag
    on_system = platform == "any" or system in platform
    if interpreter.startswith("py"):
        return on_system
    oldest = int(interpreter.removeprefix("cp"))
    return on_system and (interpreter == python or (abi == "abi3" and oldest_first(oldest, python)))


def oldest_first(oldest: int, python: str) -> bool:
    """Return whether 39 is at most cp311, compared as 3.9 and 3.11."""
    return int(str(oldest)[1:]) <= int(python.removeprefix("cp3"))


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_locks_name_no_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert "@" not in text
    assert not re.search(r"^-", text, re.MULTILINE)


def test_locks_hold_all_that_the_project_asks_for() -> None:
    lock = load("packaging_lock", ROOT / "packaging" / "lock.py")
    held = {name: entry for path in LOCKS for name, entry in locked(path).items()}
    for required in lock.requirements().values():
        for requirement in required:
            version = held[lock.canonicalize_name(requirement.name)]["version"]
            assert requirement.specifier.contains(version), f"{requirement} is locked at {version}"


def test_what_runs_is_what_is_locked() -> None:
    from importlib.metadata import version

    for name, entry in locked(ROOT / "packaging" / "program.lock").items():
        if not entry["marker"]:
            assert version(name) == entry["version"], name


@pytest.mark.parametrize(
    ("targets", "marker"),
    [
        ({(s, p) for s in ("linux", "win32") for p in ("3.11", "3.12", "3.13")}, ""),
        ({("win32", p) for p in ("3.11", "3.12", "3.13")}, ' ; sys_platform == "win32"'),
        ({(s, "3.11") for s in ("linux", "win32")}, ' ; python_version == "3.11"'),
        (
            {("linux", "3.11"), ("linux", "3.12")},
            ' ; sys_platform == "linux" and (python_version == "3.11" or python_version == "3.12")',
        ),
    ],
)
def test_markers_say_who_needs_it(targets: set[tuple[str, str]], marker: str) -> None:
    lock = load("packaging_lock", ROOT / "packaging" / "lock.py")
    assert lock.marker(targets) == marker


def test_tree_is_walked_once_for_each_system() -> None:
    lock = load("packaging_lock", ROOT / "packaging" / "lock.py")
    need = lock.Requirement
    click = lock.Wheel("click", "8", [need('colorama; sys_platform == "win32"'), need('x; extra == "more"')])
    wheels = {"click": click}
    assert lock.mark_targets(wheels, [need("click")]) == {"colorama"}
    wheels["colorama"] = lock.Wheel("colorama", "1", [])
    assert lock.mark_targets(wheels, [need("click")]) == set()
    assert {system for system, _ in wheels["colorama"].targets} == {"win32"}
    assert {system for system, _ in click.targets} == {"linux", "win32"}
    assert lock.mark_targets(wheels, [need("click[more]")]) == {"x"}


# ---------------------------------------------------------------- documents of the project


def test_readme_tells_everything_in_both_languages() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    chinese, english = text.split("\n---\n")
    for half in (chinese, english):
        for needed in (
            "python run.py\n",
            "python run.py test\n",
            "%LOCALAPPDATA%",
            "FUYUAN_PASSWORD",
            "Ctrl+K",
        ):
            assert needed in half, needed
    for command in ("init", "demo", "tour", "import", "print", "check", "--self-test"):
        assert f"| `{command}" in chinese
        assert f"| `{command}" in english
    for picture in re.findall(r"!\[.*?\]\((.+?)\)", text):
        assert (ROOT / picture).exists(), picture


def test_licence_and_version_stand_where_readers_look() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    assert "Version 2.0, January 2004" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert f"## [{project['version']}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_note_of_what_is_ready_is_plain(machine: Machine) -> None:
    machine.start()
    assert set(json.loads(machine.module.READY.read_text(encoding="utf-8"))) == {
        "program",
        "build",
        "libraries",
    }
