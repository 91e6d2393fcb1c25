"""Nothing is cut at any scale of a screen of 1366 × 768, in English, whose words are longer."""

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.shell.fit_walk import walk_through


def test_everything_fits(qtbot: QtBot, qapp: QApplication, prepared_sample: Path, tmp_path: Path) -> None:
    with walk_through(qtbot, qapp, prepared_sample, tmp_path, "en") as walk:
        walk.pages()
        walk.dialogs()
        assert walk.found == {}


def test_everything_fits_with_large_text(
    qtbot: QtBot, qapp: QApplication, prepared_sample: Path, tmp_path: Path
) -> None:
    with walk_through(qtbot, qapp, prepared_sample, tmp_path, "en", large=True, scales=(100, 150)) as walk:
        walk.pages()
        assert walk.found == {}


def test_the_tools_of_the_homes_stand_in_one_line(
    qtbot: QtBot, qapp: QApplication, prepared_sample: Path, tmp_path: Path
) -> None:
    with walk_through(qtbot, qapp, prepared_sample, tmp_path, "en", scales=(100,)) as walk:
        page = walk.go("estates")
        page.open_estate(1)
        walk.settle()
        page.estate.view.tabs.setCurrentIndex(2)
        walk.settle()
        table = page.estate.units.view.table
        for typed in ("", "1"):  # what is found is told beside the tools
            table.filter.setText(typed)
            walk.settle()
            tops = {
                tool.mapTo(table, tool.rect().center()).y()
                for tool in (table.filter, page.estate.units.view.add_button)
            }
            assert max(tops) - min(tops) < table.filter.height() // 2
