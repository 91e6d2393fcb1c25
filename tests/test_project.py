"""The project's infrastructure: run.py, the locks, and the standard documents."""

import ast
import importlib.util
import json
import re
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
def run_py(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py, working on a checkout in a temporary folder, with locks of one line."""
    module = load("run_py", ROOT / "run.py")
    (tmp_path / "packaging").mkdir()
    locks = {name: tmp_path / "packaging" / f"{name}.lock" for name in module.LOCKS}
    for name, path in locks.items():
        path.write_text(f"{name}==1 --hash=sha256:00\n", encoding="utf-8")
    venv = tmp_path / ".venv"
    values = {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "READY": venv / "ready.json",
        "UNFINISHED": venv / "unfinished",
        "LOCKS": locks,
    }
    for name, value in values.items():
        monkeypatch.setattr(module, name, value)
    return module


class Machine:
    """Replaces all that set-up does to a machine, and records it."""

    def __init__(self, module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        self.missing: set[str] = set()
        self.interrupt_at = ""
        self.module = module
        monkeypatch.setattr(module, "create_environment", self.create_environment)
        monkeypatch.setattr(module, "is_usable", lambda python: python.exists())
        monkeypatch.setattr(module, "install", lambda locks: self.note(*(lock.stem for lock in locks)))
        monkeypatch.setattr(module, "install_project", lambda: self.note("project"))
        monkeypatch.setattr(module, "missing_libraries", lambda: set(self.missing))
        monkeypatch.setattr(module, "may_install_packages", lambda: False)

    def create_environment(self) -> None:
        """Create a fake environment, without the venv module."""
        self.note("environment")
        self.module.VENV.mkdir(exist_ok=True)
        self.module.READY.unlink(missing_ok=True)
        self.module.PYTHON.parent.mkdir(exist_ok=True)
        self.module.PYTHON.touch()

    def note(self, *steps: str) -> None:
        """Record steps, or interrupt there."""
        for step in steps:
            if step == self.interrupt_at:
                raise KeyboardInterrupt
            self.done.append(step)

    def start(self, locks: tuple[str, ...] = ("program", "build")) -> list[str]:
        """Set up once more; return the steps taken."""
        self.done = []
        self.module.set_up_once(locks)
        return self.done


@pytest.fixture
def machine(run_py: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine on which nothing is set up yet."""
    return Machine(run_py, monkeypatch)


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
    monkeypatch.setattr(machine.module, "is_usable", lambda python: False)
    assert machine.start() == ["environment", "program", "build", "project"]


def test_moved_checkout_is_entered_anew(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.start()
    monkeypatch.setattr(machine.module, "ROOT", tmp_path / "packaging")
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
    if "dnf" not in message:
        assert "apt-get install -y --no-install-recommends libcups2 libegl1 libxcb-cursor0" in message
    machine.missing = {"libcups.so.2"}  # only printing through CUPS would be missing
    assert machine.start() == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bring Qt's libraries along")
def test_root_on_debian_installs_libraries(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.missing = {"libEGL.so.1", "libGL.so.1"}

    def install_packages(packages: list[str]) -> None:
        machine.note(*packages)
        machine.missing = set()

    monkeypatch.setattr(machine.module, "may_install_packages", lambda: True)
    monkeypatch.setattr(machine.module, "install_packages", install_packages)
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


def test_without_a_screen_the_tour_is_offered(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine.module, "has_screen", lambda *_: False)
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


# ---------------------------------------------------------------- checks


@pytest.fixture
def checks_py() -> ModuleType:
    """packaging/checks.py."""
    return load("packaging_checks", ROOT / "packaging" / "checks.py")


def test_every_check_is_run_to_its_end_and_one_failure_counts(
    checks_py: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = []

    def run(command: list[str]) -> int:
        ran.append(command)
        return 1 if "mypy" in command else 0

    monkeypatch.setattr(checks_py, "run", run)
    assert checks_py.run_each(checks_py.checks([])) == 1
    assert len(ran) == 6
    output = capsys.readouterr().out
    assert "FAILED  types" in output
    assert "6 run, 1 failed: types" in output
    monkeypatch.setattr(checks_py, "run", lambda _: 0)
    assert checks_py.run_each(checks_py.checks([])) == 0


def test_words_after_test_go_to_pytest(checks_py: ModuleType) -> None:
    assert checks_py.checks(["tests/office", "-x"])[-1][1][-3:] == ["pytest", "tests/office", "-x"]


def test_measurements_are_picked_by_name(
    checks_py: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tests" / "bench").mkdir(parents=True)
    for name in ("bench_search.py", "bench_start.py", "people.py"):
        (tmp_path / "tests" / "bench" / name).touch()
    monkeypatch.setattr(checks_py, "ROOT", tmp_path)
    assert [name for name, _ in checks_py.benches([])] == ["search", "start"]
    assert checks_py.benches(["sea"])[0][1][-1] == "tests.bench.bench_search"


def test_ci_runs_the_one_command() -> None:
    commands = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "exec python run.py test\n" in commands


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
    for requirements in lock._requirements().values():
        for requirement in requirements:
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
