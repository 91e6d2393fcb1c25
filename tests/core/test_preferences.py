import os
import sys
from pathlib import Path

import pytest

from fuyuan_desk.core import paths, preferences
from fuyuan_desk.core.preferences import Preferences


def test_they_round_trip(tmp_path: Path) -> None:
    file = tmp_path / "new" / "settings.json"
    navigation = {"folded": {"daily": True}, "hidden": ["renovation"]}
    kept = Preferences("/办公室", "en", True, True, "wang", {"estates": [1, 2]}, navigation)
    preferences.save(kept, file)
    assert preferences.load(file) == kept


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"text"', "\ufffd"])
def test_a_broken_file_gives_the_defaults(tmp_path: Path, content: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(content, encoding="utf-8")
    assert preferences.load(file) == Preferences()


def test_what_a_newer_program_wrote_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"store": "/x", "unknown": 1}', encoding="utf-8")
    assert preferences.load(file) == Preferences(store="/x")


def test_a_pc_that_cannot_keep_them_still_works(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    preferences.save(Preferences(store="/x"), tmp_path / "file" / "settings.json")
    assert preferences.load(tmp_path / "file" / "settings.json") == Preferences()


def test_the_chosen_store_is_opened_and_else_the_usual_one() -> None:
    assert preferences.store_folder(Preferences(store="/x")) == Path("/x")
    assert preferences.store_folder(Preferences()) == paths.default_store()


def test_a_value_of_the_wrong_kind_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"store": 7, "columns": [1], "navigation": "x", "large_text": true}', encoding="utf-8")
    assert preferences.load(file) == Preferences(large_text=True)


def test_a_portable_copy_remembers_an_office_beside_it_without_the_letter_of_its_drive(
    tmp_path: Path,
) -> None:
    kept = preferences.relative_store(str(tmp_path / "福元台" / "office"), tmp_path / "福元台")
    assert kept == "office"
    assert preferences.absolute_store(kept, tmp_path / "E" / "福元台") == str(
        tmp_path / "E" / "福元台" / "office"
    )


@pytest.mark.parametrize("store", ["", "/on/this/pc/office"])
def test_any_other_office_is_remembered_as_it_is(store: str, tmp_path: Path) -> None:
    for portable in (None, tmp_path):
        assert preferences.relative_store(store, portable) == store
        assert preferences.absolute_store(store, portable) == store


def test_only_the_portable_package_keeps_its_settings_beside_the_program(tmp_path: Path) -> None:
    assert paths.portable_folder() is None
    root = tmp_path / "福元台" / "program"
    root.mkdir(parents=True)
    assert paths.portable_folder_of(root) is None
    (root / paths.PORTABLE).touch()
    assert paths.portable_folder_of(root) == tmp_path / "福元台"
    assert [entry.name for entry in root.parent.iterdir()] == ["program"]  # nothing is left of the probe


def test_a_drive_that_refuses_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Python's tempfile takes a refusal on Windows for a name in use, and tries two thousand million of them
    asked = []

    def refuse(path: Path, **_options: bool) -> None:
        asked.append(path)
        raise PermissionError(13, "Permission denied", str(path))

    root = tmp_path / "program"
    root.mkdir()
    monkeypatch.setattr(Path, "mkdir", refuse)
    os.close(os.open(root / paths.PORTABLE, os.O_CREAT))
    assert paths.portable_folder_of(root) is None
    assert len(asked) == 1
    # its office would seem to be lost without the settings that name it
    os.mkdir(tmp_path / "settings")
    (tmp_path / "settings" / "settings.json").write_text("{}", encoding="utf-8")
    assert paths.portable_folder_of(root) == tmp_path


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that nobody may write to, not even root")
def test_a_portable_copy_that_cannot_be_written_to_keeps_its_settings_on_the_pc(tmp_path: Path) -> None:
    (tmp_path / paths.PORTABLE).touch()
    opened = os.open(tmp_path, os.O_RDONLY)
    try:
        assert paths.portable_folder_of(Path(f"/proc/self/fd/{opened}")) is None
    finally:
        os.close(opened)
