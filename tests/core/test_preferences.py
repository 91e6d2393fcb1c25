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
