import os
import re
import subprocess
import sys

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from fuyuan_desk.core import paths
from fuyuan_desk.widgets import theme
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.icons import icon, icon_pixmap
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.theme import COLOURS, TEXT_PX, apply_theme, load_rare_characters, stylesheet


@pytest.fixture
def dressed(qapp: QApplication):
    font, palette, style = qapp.font(), qapp.palette(), qapp.style().objectName()
    sheet = qapp.styleSheet()
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setFont(font)
    qapp.setPalette(palette)
    qapp.setStyle(style)


def luminance(colour: str) -> float:
    parts = [int(COLOURS[colour][at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *(("ink", ground) for ground in ("paper", "panel", "hover", "accent_soft", "line", "error_soft")),
        *(("muted", ground) for ground in ("paper", "panel", "line")),
        *((tone, f"{tone}_soft") for tone in ("accent", "error", "warn", "ok", "info", "neutral")),
        *((tone, "panel") for tone in ("accent", "error")),
        ("on_accent", "accent"),
        ("on_accent", "accent_dark"),
        ("accent", "paper"),
        ("error", "paper"),
        ("warn", "panel"),
    ],
)
def test_text_has_the_contrast_of_wcag_aa(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_borders_of_editors_can_be_seen(ground: str) -> None:
    assert contrast("edge", ground) >= 3


@pytest.mark.parametrize("beside", ["paper", "panel", "line"])
def test_the_line_around_a_focused_list_can_be_seen(beside: str) -> None:
    assert contrast("accent", beside) >= 3


def test_a_focused_list_has_a_thin_line_of_the_accent(dressed: QApplication, qtbot: QtBot) -> None:
    apply_theme(dressed)
    lists = [QListWidget(), QListWidget()]
    for made in lists:
        qtbot.addWidget(made)
        made.resize(80, 60)
        made.show()
    lists[0].activateWindow()
    lists[0].setFocus()
    qtbot.waitUntil(lists[0].hasFocus)

    def across(made: QListWidget) -> list[str]:
        picture = made.grab().toImage()
        return [picture.pixelColor(x, 30).name() for x in range(3)]

    assert across(lists[0])[0] == theme.COLOURS["accent"]
    assert across(lists[0])[1:] == [theme.COLOURS["panel"]] * 2
    assert across(lists[1])[0] == theme.COLOURS["line"]


def test_the_stylesheet_is_whole_and_grows_with_large_text() -> None:
    for size in (TEXT_PX, theme.LARGE_TEXT_PX):
        made = stylesheet(size)
        assert "@" not in made
        assert f"font-size: {size - 2}px" in made
        for picture in re.findall(r"url\((.+?)\)", made):
            assert paths.resource("icons", picture.rsplit("/", 1)[1]).is_file()
        assert made.count("{") == made.count("}")


def test_focus_moves_nothing(dressed: QApplication, qtbot: QtBot) -> None:
    apply_theme(dressed)
    button = QPushButton("Save")
    qtbot.addWidget(button)
    button.show()
    before = button.sizeHint()
    button.setFocus()
    button.style().polish(button)
    assert button.sizeHint() == before


def test_large_text_is_larger_everywhere_and_can_be_switched(dressed: QApplication, qtbot: QtBot) -> None:
    apply_theme(dressed)
    page = QWidget()
    column = QVBoxLayout(page)
    parts: list[QWidget] = [label("plain"), label("title", "title"), button("Save"), QLineEdit(), QComboBox()]
    for part in parts:
        column.addWidget(part)
    qtbot.addWidget(page)
    page.show()
    small = [part.fontMetrics().height() for part in parts]
    apply_theme(dressed, large_text=True)
    large = [part.fontMetrics().height() for part in parts]
    assert all(grown > before for grown, before in zip(large, small, strict=True))
    apply_theme(dressed)
    assert [part.fontMetrics().height() for part in parts] == small
    assert dressed.font().pixelSize() == TEXT_PX


def test_rare_characters_have_a_font_to_fall_back_on(dressed: QApplication) -> None:
    apply_theme(dressed)
    load_rare_characters()
    assert "Fuyuan Sans" in dressed.font().families()
    assert "Fuyuan Sans" in QFontDatabase.families()
    own = QFontMetrics(QFont("Fuyuan Sans"))
    assert [c for c in "南昌路喆㛃𬭼䶮·" if not own.inFontUcs4(ord(c))] == []


@pytest.mark.parametrize("file", sorted(paths.resource("icons").glob("*.svg")), ids=lambda file: file.stem)
def test_every_icon_draws_something_in_its_colour(file, qapp: QApplication) -> None:
    if "white" in file.stem or "black" in file.stem:
        return  # pictures of the stylesheet, which are not recoloured
    picture = icon_pixmap(file.stem, 24, "accent", 2.0).toImage()
    assert picture.width() == 48
    solid = [
        picture.pixelColor(x, y).name()
        for x in range(48)
        for y in range(48)
        if picture.pixelColor(x, y).alpha() == 255
    ]
    assert solid.count(COLOURS["accent"]) > 8
    source = file.read_text(encoding="utf-8")
    assert 'viewBox="0 0 24 24"' in source
    assert 'stroke-width="1.75"' in source


def test_an_icon_is_read_when_it_is_drawn_not_before(qapp: QApplication) -> None:
    lazy = icon("no-such-icon")
    with pytest.raises(FileNotFoundError):
        icon_pixmap("no-such-icon", 16)
    assert not lazy.isNull()


def test_nothing_on_the_way_to_the_first_window_makes_all_of_qts_enums() -> None:
    """`Qt`, `QEvent` and `QStyle` come with hundreds of enums, which take 30 of the 40 ms that are allowed."""
    script = """
import fuyuan_desk.shell.startup
from PySide6 import QtCore, QtWidgets
from fuyuan_desk.office.view.sign_in import SignInView
from fuyuan_desk.widgets.theme import apply_theme, make_application
application = make_application()
apply_theme(application)
SignInView("folder", "admin").show()
print([name for name in ("Qt", "QEvent") if name in vars(QtCore)], "QStyle" in vars(QtWidgets))
"""
    told = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=paths.resource().parent,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert told.stdout.strip() == "[] False"


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_a_disabled_tick_can_be_seen(
    dressed: QApplication, qtbot: QtBot, kind: type[QAbstractButton]
) -> None:
    apply_theme(dressed)
    box = kind()
    box.setAutoExclusive(False)
    box.setEnabled(False)
    qtbot.addWidget(box)
    box.show()

    def darkest() -> float:
        picture = box.grab().toImage()
        area = range(6, 22)
        return min(picture.pixelColor(x, box.height() // 2 + y - 14).lightnessF() for x in area for y in area)

    box.setChecked(False)
    empty = darkest()
    box.setChecked(True)
    assert darkest() < empty - 0.3


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
def test_an_icon_has_as_many_pixels_as_the_screen(qapp: QApplication, scale: float) -> None:
    pixmap = icon("calendar").pixmap(QSize(20, 20), scale)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (20 * scale, scale)
