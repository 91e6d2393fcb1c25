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
