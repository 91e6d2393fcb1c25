"""The program's theme: Fusion, one stylesheet, one palette, a font that covers the characters."""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette, QPixmapCache
from PySide6.QtWidgets import QApplication, QWidget

from fuyuan_desk.core import paths

if TYPE_CHECKING:
    from fuyuan_desk.process.high_contrast import SystemColours

_NORMAL = {
    "ink": "#262422",
    "muted": "#645e57",
    "paper": "#f6f5f2",
    "panel": "#ffffff",
    "line": "#dedad3",
    "edge": "#8b847b",
    "hover": "#efece6",
    "accent": "#9e3b2c",
    "accent_dark": "#7d2c20",
    "accent_soft": "#f6e7e3",
    "on_accent": "#ffffff",
    "error": "#b3201a",
    "error_soft": "#fcecea",
    "warn": "#805300",
    "warn_soft": "#fff3d9",
    "ok": "#2b6638",
    "ok_soft": "#e6f2e8",
    "info": "#2b5a86",
    "info_soft": "#e6eff7",
    "neutral": "#55504a",
    "neutral_soft": "#edeae4",
    "disabled": "#8b847b",
    "handle": "#b9b3aa",
}
COLOURS = dict(_NORMAL)
"""All colours in use, those of the system while one of its contrast themes is on; the stylesheet says `@name`."""

TEXT_PX = 15
LARGE_TEXT_PX = 19
_ROW_PX, _TALL_ROW_PX = 28, 35  # a row of a list at normal text size

_SYSTEM_FAMILIES = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
)
_RARE_FAMILIES = ("Fuyuan Sans", "Noto Sans CJK SC", "SimSun-ExtB", "MingLiU-ExtB")
_QT_TEXTS = "texts of Qt"
_IN_FUSION = "inFusion"
_TALL_ROWS = "tallRows"
_OWN_FONT = ("fonts", "FuyuanSans-Regular.ttf")


def colour(name: str) -> QColor:
    """Return one of `COLOURS` for painting."""
    return QColor(COLOURS[name])


def text_px() -> int:
    """Return the current pixel size of normal text."""
    size = QApplication.font().pixelSize()
    return size if size > 0 else TEXT_PX


def row_px() -> int:
    """Return the height of a row of a list in pixels: as chosen, larger with large text."""
    app = QApplication.instance()
    is_tall = app is not None and app.property(_TALL_ROWS)
    return (_TALL_ROW_PX if is_tall else _ROW_PX) * text_px() // TEXT_PX


def smaller(font: QFont) -> QFont:
    """Return the smaller font for hints, group headings and chips."""
    small = QFont(font)
    if font.pixelSize() > 0:
        small.setPixelSize(font.pixelSize() - 2)
    else:
        small.setPointSizeF(font.pointSizeF() * 0.88)
    return small


def make_application(options: Sequence[str] = ()) -> QApplication:
    """Create the Qt application in the Fusion style, with `options` of Qt.

    The style is set by argument, because using `QStyle` in Python adds 6 ms of enum creation to startup.
    """
    app = QApplication([*sys.argv[:1], "-style", "Fusion", *options])
    app.setProperty(_IN_FUSION, True)
    return app


def apply_theme(
    app: QApplication,
    large_text: bool = False,
    tall_rows: bool = False,
    window: QWidget | None = None,
    system: "SystemColours | None" = None,
) -> None:
    """Apply the theme to the program; may be called again with another size of the text or of the rows.

    With the colours of a contrast theme of the `system`, the program's own give way to them.

    The stylesheet is that of `window` and all in it, or without one of the program: Qt then applies it to each widget
    anew whenever it is put into another one, by which a page takes a third longer to be made.
    """
    if not app.property(_IN_FUSION):
        app.setStyle("Fusion")
        app.setProperty(_IN_FUSION, True)
    _use_colours(system)
    app.setPalette(_palette())
    size = LARGE_TEXT_PX if large_text else TEXT_PX
    app.setProperty(_TALL_ROWS, tall_rows)  # first: lists take it when font or stylesheet change
    app.setFont(_font(size))
    (window or app).setStyleSheet(stylesheet(size))


def _use_colours(system: "SystemColours | None") -> None:
    if system is None:
        wanted = _NORMAL
    else:
        from fuyuan_desk.widgets.contrast import high_contrast_colours  # here: few screens need it

        wanted = high_contrast_colours(system, _NORMAL)
    if wanted != COLOURS:
        COLOURS.update(wanted)
        QPixmapCache.clear()  # chips are kept by their tone


def _pictures() -> dict[str, str]:
    """Return the pictures of the stylesheet that are seen on the grounds in use."""
    if COLOURS["panel"] == _NORMAL["panel"]:
        return {"tick": "tick-white", "chevron": "chevron"}
    from fuyuan_desk.widgets.contrast import drawn_on

    if drawn_on(COLOURS) == "dark":
        return {"tick": "tick-black", "chevron": "white-chevron"}
    return {"tick": "tick-white", "chevron": "chevron"}


def stylesheet(size: int = TEXT_PX) -> str:
    """Read `resources/style/desk.qss` and insert colours, text sizes (pixels) and the icon folder."""
    values = {
        **COLOURS,
        **_pictures(),
        "text": f"{size}px",
        "row": f"{size * 3 // 2}px",
        "small": f"{size - 2}px",
        "tiny": f"{size - 4}px",
        "large": f"{size + 3}px",
        "title": f"{size + 7}px",
        "icons": paths.resource("icons").as_posix(),
    }
    raw = paths.resource("style", "desk.qss").read_text(encoding="utf-8")
    return re.sub(r"@(\w+)", lambda match: values[match[1]], raw)


def load_rare_characters() -> None:
    """Load the bundled font as a fallback for characters no system font has.

    Call this after the first window is shown: it reads 10 MB.
    """
    font = QApplication.font()
    own = paths.resource(*_OWN_FONT)
    if "Fuyuan Sans" in QFontDatabase.families() or not own.is_file():
        return
    if QFontDatabase.addApplicationFont(str(own)) >= 0:
        QApplication.setFont(font)


def translate_qt(language: str) -> None:
    """Translate Qt's own texts – file dialogs, context menus, message buttons – into `language`."""
    from PySide6.QtCore import QLibraryInfo, QTranslator

    app = QApplication.instance()
    if app is None:
        return
    for previous in app.findChildren(QTranslator, _QT_TEXTS):
        app.removeTranslator(previous)
        previous.deleteLater()
    made = QTranslator(app)
    made.setObjectName(_QT_TEXTS)
    if made.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(made)


def show_if(widget: QWidget, on: bool) -> None:
    """Show or hide a widget; one without a parent is only marked as visible, or it would open as a window."""
    if on and widget.parentWidget() is None:
        from PySide6.QtCore import (
            Qt,
        )  # here: using it adds a fifth to startup, and the first window does not need it

        widget.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)
    else:
        widget.setVisible(on)


def set_role(widget: QWidget, role: str) -> None:
    """Set a widget's `role` in the stylesheet (`title`, `hint`, `error`, `primary`, …)."""
    if widget.property("role") != role:
        _set_style_property(widget, "role", role)


def set_wrong(widget: QWidget, on: bool) -> None:
    """Mark an input as wrong, or no longer."""
    if bool(widget.property("wrong")) != on:
        _set_style_property(widget, "wrong", on)


def _set_style_property(widget: QWidget, name: str, value: str | bool) -> None:
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _font(size: int) -> QFont:
    font = QFont()
    font.setFamilies(list(dict.fromkeys((_chinese_family(), *_RARE_FAMILIES))))
    font.setPixelSize(size)
    return font


def _chinese_family() -> str:
    if sys.platform == "win32":
        # listing all fonts is slow on Windows; every Chinese PC has this one
        fonts = Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
        if (fonts / "msyh.ttc").is_file():
            return "Microsoft YaHei UI"
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    for family in _SYSTEM_FAMILIES:
        if family in chinese:
            return family
    own = paths.resource(*_OWN_FONT)
    if own.is_file():
        number = QFontDatabase.addApplicationFont(str(own))
        families = QFontDatabase.applicationFontFamilies(number)
        if families:
            return families[0]
    if chinese:
        return chinese[0]
    return "Segoe UI" if sys.platform == "win32" else "Sans Serif"


def _palette() -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, name in (
        (role.Window, "paper"),
        (role.WindowText, "ink"),
        (role.Base, "panel"),
        (role.AlternateBase, "paper"),
        (role.Text, "ink"),
        (role.PlaceholderText, "muted"),
        (role.Button, "panel"),
        (role.ButtonText, "ink"),
        (role.ToolTipBase, "ink"),
        (role.ToolTipText, "panel"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on_accent"),
        (role.Link, "accent"),
        (role.Accent, "accent"),
    ):
        palette.setColor(which, colour(name))
    for which in (role.Text, role.ButtonText, role.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, colour("disabled"))
    return palette
