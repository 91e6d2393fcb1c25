"""How every check is run, and which there are."""

import os
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.test_project import load

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def checks_py() -> ModuleType:
    """packaging/checks.py."""
    return load("packaging_checks", ROOT / "packaging" / "checks.py")


def python(source: str) -> list[str]:
    return [sys.executable, "-c", source]


@pytest.mark.parametrize("way", ["run_each", "run_together"])
def test_every_step_is_run_to_its_end_and_one_failure_counts(
    checks_py: ModuleType, capfd: pytest.CaptureFixture[str], way: str
) -> None:
    steps = [("first", python("print('a fault is shown'); exit(3)")), ("second", python("print('reached')"))]
    assert checks_py.report(getattr(checks_py, way)(steps)) == 1
    output = capfd.readouterr().out
    assert output.index("--- first") < output.index("a fault is shown") < output.index("--- second")
    assert "reached" in output
    assert "FAILED  first" in output
    assert "ok      second" in output
    assert "2 run, 1 failed: first" in output
    assert checks_py.report(getattr(checks_py, way)(steps[1:])) == 0


def test_every_tool_of_the_project_checks_it(checks_py: ModuleType) -> None:
    assert {name for name, _command in checks_py.checks()} == {
        "lint",
        "format",
        "types",
        "imports",
        "texts",
    }
    assert [name for name, _command in checks_py.package()] == ["package"]


def test_a_failure_beside_the_others_counts(checks_py: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    with checks_py.aside([("slow", python("print('a fault is shown'); exit(3)"))]) as waited:
        others = checks_py.run_each([("quick", python("print('reached')"))])
    assert checks_py.report([*others, *waited()]) == 1
    output = capfd.readouterr().out
    assert output.index("reached") < output.index("--- slow") < output.index("a fault is shown")
    assert "2 run, 1 failed: slow" in output


def test_words_after_test_go_to_pytest(checks_py: ModuleType) -> None:
    assert checks_py.tests(["tests/office", "-x"])[1][-3:] == ["pytest", "tests/office", "-x"]


def test_measurements_are_picked_by_name(tmp_path: Path) -> None:
    (tmp_path / "packaging").mkdir()
    shutil.copy(ROOT / "packaging" / "checks.py", tmp_path / "packaging")
    checks_py = load("packaging_checks", tmp_path / "packaging" / "checks.py")
    (tmp_path / "tests" / "bench").mkdir(parents=True)
    for name in ("bench_search.py", "bench_start.py", "people.py"):
        (tmp_path / "tests" / "bench" / name).touch()
    assert [name for name, _ in checks_py.benches([])] == ["search", "start"]
    assert checks_py.benches(["sea"])[0][1][-1] == "tests.bench.bench_search"


def test_temporary_files_are_in_memory_only_where_there_is_room(
    checks_py: ModuleType, tmp_path: Path
) -> None:
    assert checks_py.is_fit(tmp_path, 0) == (not os.statvfs(tmp_path).f_flag & os.ST_NOEXEC)
    assert not checks_py.is_fit(tmp_path, 1 << 62)
    assert not checks_py.is_fit(tmp_path / "missing", 0)


def test_ci_runs_the_one_command() -> None:
    commands = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "exec python run.py test\n" in commands
