"""An installation's list of files finds what is missing or changed, and states the version."""

import shutil
from pathlib import Path

import pytest

from fuyuan_desk.core import paths
from fuyuan_desk.core.installation import (
    FILE,
    Manifest,
    list_files,
    manifest_faults,
    program_version,
    read_manifest,
    to_bytes,
)
from fuyuan_desk.core.texts import in_language
from fuyuan_desk.process import event_log


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """An installation of three files with its list, in a folder as on a clerk's PC."""
    folder = tmp_path / "张三 的电脑" / "福元台"
    for name, content in (("lib/app.zip", b"code"), ("resources/部位.json", b"{}"), ("福元台.exe", b"MZ")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / FILE).write_bytes(to_bytes(list_files(folder, "1.2.3")))
    return folder


def faults(folder: Path) -> tuple[str, ...]:
    manifest = read_manifest(folder)
    assert manifest is not None
    with in_language("en"):
        return manifest_faults(folder, manifest)


def test_an_intact_installation_has_no_fault(installed: Path) -> None:
    manifest = read_manifest(installed)
    assert manifest is not None
    assert manifest.version == "1.2.3"
    assert set(manifest.files) == {"lib/app.zip", "resources/部位.json", "福元台.exe"}
    assert faults(installed) == ()


def test_what_is_missing_changed_or_no_file_is_named(installed: Path) -> None:
    (installed / "lib" / "app.zip").write_bytes(b"codf")
    (installed / "resources" / "部位.json").unlink()
    (installed / "福元台.exe").unlink()
    (installed / "福元台.exe").mkdir()
    assert faults(installed) == (
        "lib/app.zip was changed",
        "resources/部位.json is missing",
        "福元台.exe cannot be read",
    )
    shutil.rmtree(installed / "lib")
    assert faults(installed)[0] == "lib/app.zip is missing"


def test_files_beside_an_installation_are_no_fault(installed: Path) -> None:
    (installed / "uninstall.exe").write_bytes(b"MZ")
    (installed / "office").mkdir()
    assert faults(installed) == ()


def test_the_same_files_have_the_same_list(installed: Path) -> None:
    manifest = list_files(installed, "1.2.3")
    turned = Manifest("1.2.3", dict(reversed(manifest.files.items())))
    assert to_bytes(turned) == to_bytes(manifest) == (installed / FILE).read_bytes()


NO_LISTS = (
    *("", "[]", "{}", '{"format": 2, "version": "1", "files": {"a": "b"}}'),
    *('{"format": 1, "version": "1", "files": {}}', '{"format": 1, "version": 1, "files": {"a": "b"}}'),
)


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
        ("福元台/lib/app.zip/fuyuan_desk", "福元台"),
        ("福元台/app.zip/fuyuan_desk", "福元台"),
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


def test_a_tested_window_has_its_own_settings_and_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.SETTINGS_VARIABLE, str(tmp_path))
    assert paths.settings_file() == tmp_path / "settings.json"
    assert event_log.log_file().parent == tmp_path
    monkeypatch.delenv(paths.SETTINGS_VARIABLE)
    assert paths.settings_file().parent != tmp_path
    assert event_log.log_file().parent != tmp_path
