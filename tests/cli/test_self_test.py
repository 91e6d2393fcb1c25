import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import fuyuan_desk
from fuyuan_desk.cli import self_test
from fuyuan_desk.core import paths
from fuyuan_desk.paper import fonts, qr
from fuyuan_desk.roster import self_test as roster

ROOT = Path(__file__).resolve().parents[2]


def run_self_test() -> tuple[bool, list[str]]:
    lines: list[str] = []
    return self_test.run(lines.append), lines


def test_an_intact_installation_passes_with_a_line_for_each_check(qapp: object) -> None:
    passed, lines = run_self_test()
    assert passed, lines
    assert len(lines) == 9
    assert all(line.startswith("✓") for line in lines[:-1])


def opened_offices() -> list[str]:
    """List the files of offices that this process has open, also those that were removed."""
    handles = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
    files = [os.readlink(handle) for handle in handles if os.path.lexists(handle)]
    return [path for path in files if "/fuyuan-" in path or "store.db" in path or ".lock" in path]


def test_no_office_of_the_self_test_stays_open(qapp: object) -> None:
    before = opened_offices()  # the test run's own
    assert run_self_test()[0]
    assert opened_offices() == before


def test_an_installed_copy_checks_itself_without_its_tests(tmp_path: Path) -> None:
    package = Path(fuyuan_desk.__path__[0])
    shutil.copytree(package, tmp_path / "fuyuan_desk", ignore=shutil.ignore_patterns("__pycache__"))
    # as a wheel lays it: data inside the package
    shutil.copytree(paths.resource(), tmp_path / "fuyuan_desk" / "resources")
    shutil.copytree(paths.translations(), tmp_path / "fuyuan_desk" / "i18n")
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-m", "fuyuan_desk", "--self-test"], cwd=tmp_path, capture_output=True, check=False,
        env=environment | {"XDG_CONFIG_HOME": str(tmp_path), "PYTHONPATH": str(tmp_path)}, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout.decode("utf-8") + done.stderr.decode("utf-8")
    assert done.stdout.decode("utf-8").count("✓") == 8


@pytest.mark.parametrize(
    ("check", "break_it"),
    [
        (
            "Characters",
            lambda patch: patch.setattr(fonts, "face", lambda name: SimpleNamespace(glyphs={"一": 1})),
        ),
        ("Paper", lambda patch: patch.setattr(qr, "read", lambda picture: [])),
        ("Roster", lambda patch: patch.setattr(roster, "ROSTER", "会议纪要\n今天开会\n")),
        ("Resources", lambda patch: patch.setattr(self_test.paths, "read_json", lambda *parts: {}["gone"])),
    ],
)
def test_broken_parts_are_found_and_reported(
    qapp: object, monkeypatch: pytest.MonkeyPatch, check: str, break_it: object
) -> None:
    assert callable(break_it)
    break_it(monkeypatch)
    passed, lines = run_self_test()
    assert not passed
    assert any(line.startswith(f"✗ {check}") for line in lines), lines
    assert "again" in lines[-1]


def test_marked_texts_are_found_in_a_source() -> None:
    source = 'x = _("one") + f"{_(\'two \' \'parts\')}"\nN_("three")\n_(name)\nother("four")\n'
    assert sorted(self_test.marked_texts(source)) == ["one", "three", "two parts"]
