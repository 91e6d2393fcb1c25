"""Every page in the colours of a contrast theme: what is written on it can be read."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.process.high_contrast import SystemColours
from fuyuan_desk.widgets.contrast import LEAST, contrast
from fuyuan_desk.widgets.labels import Aside
from fuyuan_desk.widgets.theme import apply_theme
from tests.shell.fit_walk import FitWalk, walk_through

BLACK = SystemColours("#000000", "#ffffff", "#3ff23f")
DESERT = SystemColours("#fffaef", "#3d3d3d", "#676767")
LEAST_PIXELS = 3  # of a colour; fewer are the edge of something else


def best_contrast(picture: QImage, area: QRect) -> float:
    """Return the largest contrast of a colour in an area with the most frequent one."""
    area = area.intersected(picture.rect())
    if area.isEmpty():
        return 21
    # counted by Pillow, as to look at each pixel takes minutes for all pages
    part = picture.copy(area).convertToFormat(QImage.Format.Format_RGB888)  # owns the pixels
    size, line = (part.width(), part.height()), part.bytesPerLine()
    pixels = Image.frombytes("RGB", size, part.constBits(), "raw", "RGB", line, 1)
    counted = pixels.getcolors(part.width() * part.height())
    assert counted is not None  # there are no more colours than pixels
    drawn = {
        f"#{red:02x}{green:02x}{blue:02x}": count
        for count, (red, green, blue) in counted
        if count >= LEAST_PIXELS
    }
    ground = max(drawn, key=drawn.__getitem__)
    return max(contrast(colour, ground) for colour in drawn)


def written(shown: QWidget) -> list[tuple[str, QRect]]:
    """List what is written in a window: the text and where it stands, without what is disabled."""
    found = []
    for kind in (QLabel, QAbstractButton, QLineEdit, QComboBox):
        for made in shown.findChildren(kind):
            text = (
                made.currentText()
                if isinstance(made, QComboBox)
                else made.drawn()
                if isinstance(made, Aside)
                else made.text()
            )
            visible = made.visibleRegion().boundingRect()
            if (
                not _is_thin(text)
                and made.isVisible()
                and made.isEnabled()
                and visible.height() > 10
                and visible.width() > 10
            ):
                corner = made.mapTo(shown, QPoint())
                found.append((f"{type(made).__name__} {text}", visible.translated(corner)))
    for table in shown.findChildren(QTableView):
        if table.isVisible():
            found += _cells(shown, table)
    return found


def _cells(shown: QWidget, table: QTableView) -> list[tuple[str, QRect]]:
    model = table.model()
    corner = table.viewport().mapTo(shown, QPoint())
    return [
        (f"cell {index.data()}", area.translated(corner))
        for row in range(min(model.rowCount(), 3))
        for column in range(model.columnCount())
        if not _is_thin(str((index := model.index(row, column)).data() or ""))
        and table.viewport().rect().contains(area := table.visualRect(index))
        and area.width() > 30
    ]


def _is_thin(text: str) -> bool:
    """Whether a text has hardly a pixel that is fully drawn: nothing, a dash, a few digits."""
    return len(text) < 2 or (text.isascii() and text.isdigit() and len(text) < 5)


class ContrastWalk(FitWalk):
    """Measures the contrast of what is written on each page."""

    def __init__(self, qtbot: QtBot, walk: FitWalk) -> None:
        super().__init__(qtbot, walk.window, (100,))
        self.read = 0

    def measure(self, name: str, shown: QWidget | None = None) -> None:
        QApplication.processEvents()
        window = shown or self.window
        picture = window.grab().toImage()
        for text, area in written(window):
            self.read += 1
            found = best_contrast(picture, area)
            if found < LEAST:
                self.found.setdefault(name, []).append(f"{text}: {found:.1f}")


@pytest.mark.parametrize("system", [BLACK, DESERT])
def test_every_page_can_be_read(
    qtbot: QtBot, qapp: QApplication, prepared_sample: Path, tmp_path: Path, system: SystemColours
) -> None:
    try:
        with walk_through(qtbot, qapp, prepared_sample, tmp_path, "zh_CN", system=system) as walk:
            reading = ContrastWalk(qtbot, walk)
            reading.pages()
            assert reading.found == {}
            assert reading.read > 500
    finally:
        apply_theme(qapp)


def test_a_text_that_cannot_be_read_is_found(qtbot: QtBot) -> None:
    shown = QLabel("cannot be read")
    shown.setStyleSheet("background: #000000; color: #333333")
    qtbot.addWidget(shown)
    shown.show()
    picture = shown.grab().toImage()
    assert best_contrast(picture, picture.rect()) < LEAST
