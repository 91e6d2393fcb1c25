"""An installation's list of files finds what is missing or changed, and states the version."""

import hashlib
import json
from pathlib import Path

import pytest

from fuyuan_desk.core import paths
from fuyuan_desk.core.installation import FILE, manifest_faults, program_version, read_manifest
from fuyuan_desk.core.texts import in_language

FILES = {"福元台.exe": b"MZ", "program/app.zip": b"code", "program/resources/部位.json": b"{}"}


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The program's folder of an installation of three files with its list, where a clerk's PC has it."""
    folder = tmp_path / "张三 的电脑" / "福元台"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
    text = json.dumps({"version": "1.2.3", "files": digests}, ensure_ascii=False)
    (folder / "program" / FILE).write_text(text, encoding="utf-8")
    return folder / "program"


def faults(folder: Path) -> tuple[str, ...]:
    manifest = read_manifest(folder)
    assert manifest is not None
    with in_language("en"):
        return manifest_faults(folder, manifest)


def test_an_intact_installation_has_no_fault(installed: Path) -> None:
    manifest = read_manifest(installed)
    assert manifest is not None
    assert manifest.version == "1.2.3"
    assert set(manifest.files) == set(FILES)
    assert faults(installed) == ()


def test_what_is_missing_changed_or_no_file_is_named(installed: Path) -> None:
    (installed / "app.zip").write_bytes(b"codf")
    (installed / "resources" / "部位.json").unlink()
    (installed.parent / "福元台.exe").unlink()
    (installed.parent / "福元台.exe").mkdir()
    assert faults(installed) == (
        "program/app.zip was changed",
        "program/resources/部位.json is missing",
        "福元台.exe cannot be read",
    )
    (installed / "app.zip").unlink()
    assert faults(installed)[0] == "program/app.zip is missing"


def test_each_file_is_a_step_that_may_stop_it(installed: Path) -> None:
    manifest = read_manifest(installed)
    assert manifest is not None
    steps: list[int] = []
    manifest_faults(installed, manifest, lambda: steps.append(1))
    assert len(steps) == len(FILES)


def test_files_beside_an_installation_are_no_fault(installed: Path) -> None:
    (installed.parent / "uninstall.exe").write_bytes(b"MZ")
    (installed.parent / "office").mkdir()
    assert faults(installed) == ()


NO_LISTS = ("", "[]", "{}", '{"version": "1", "files": {}}', '{"version": 1, "files": {"a": "b"}}')


@pytest.mark.parametrize("content", NO_LISTS)
def test_a_damaged_list_is_not_taken_for_a_checkout(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    with pytest.raises(ValueError, match=r"package\.json|Expecting"):
        read_manifest(tmp_path)


def test_the_version_is_that_of_the_list_or_of_the_distribution(installed: Path, tmp_path: Path) -> None:
    assert program_version(installed) == "1.2.3"
    (installed / FILE).write_text("cut off")
    assert program_version(installed) == program_version() != ""
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize(
    ("package", "resources"),
    [
        ("checkout/fuyuan_desk", "checkout"),
        ("site/fuyuan_desk", "site/fuyuan_desk"),
        ("福元台/program/app.zip/fuyuan_desk", "福元台/program"),
        ("福元台/lib/app.zip/fuyuan_desk", "福元台"),
    ],
)
def test_resources_are_found_in_every_layout(tmp_path: Path, package: str, resources: str) -> None:
    (tmp_path / resources / "resources").mkdir(parents=True)
    code = tmp_path / package
    if ".zip" in package:
        code.parent.parent.mkdir(parents=True, exist_ok=True)
        code.parent.write_bytes(b"PK")
    assert paths.root_of(code) == tmp_path / resources


def test_folders_that_have_nothing_to_do_with_the_program_are_not_searched(tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()
    package = tmp_path / "a" / "b" / "c" / "fuyuan_desk"
    assert paths.root_of(package) == tmp_path / "a" / "b" / "c"


def test_a_checkout_has_its_migration_steps_in_the_package() -> None:
    assert (paths.migrations() / "env.py").is_file()
    assert (paths.root() / "resources").is_dir()
