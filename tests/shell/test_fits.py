"""Nothing is cut at any scale of a screen of 1366 × 768, in Chinese; and a list shows what it is there for."""

from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fuyuan_desk.core import paths
from fuyuan_desk.widgets.side_nav import WIDTH
from tests.shell.fit_walk import ROSTER, walk_through

LEAST_ROWS, MOST_ABOVE, ROW, PREVIEWED = 18, 150, 28, 10


def test_everything_fits(qtbot: QtBot, qapp: QApplication, prepared_sample: Path, tmp_path: Path) -> None:
    with walk_through(qtbot, qapp, prepared_sample, tmp_path, "zh_CN") as walk:
        walk.pages()
        walk.dialogs()
        assert walk.found == {}


def test_everything_fits_with_large_text(
    qtbot: QtBot, qapp: QApplication, prepared_sample: Path, tmp_path: Path
) -> None:
    with walk_through(qtbot, qapp, prepared_sample, tmp_path, "zh_CN", large=True, scales=(100, 150)) as walk:
        nav = walk.window.open_desk.frame.nav
        assert nav.width() >= WIDTH, "on a screen of 1366 pixels the pages have their names"
        walk.pages()
        assert walk.found == {}


def test_a_list_begins_high_and_shows_eighteen_rows_a_preview_ten(
    qtbot: QtBot, qapp: QApplication, prepared_sample: Path, tmp_path: Path
) -> None:
    with walk_through(qtbot, qapp, prepared_sample, tmp_path, "zh_CN", scales=(100,)) as walk:
        page = walk.go("estates")
        page.list.tabs.setCurrentIndex(1)
        walk.settle()
        table = page.homes.view.table.table
        first = table.viewport().mapTo(page.page, QPoint()).y()
        assert first <= MOST_ABOVE
        assert table.verticalHeader().defaultSectionSize() == ROW
        assert table.viewport().height() >= LEAST_ROWS * ROW
        importing = walk.go("import")
        importing.open_file(paths.resource("sample", ROSTER))
        walk.settle()
        [preview] = importing.check.tables()
        last = preview.visualItemRect(preview.item(PREVIEWED, 0))
        assert preview.viewport().rect().contains(last)
