"""What a person finds on the screen: buttons by their words, windows by their kind, menus and their entries."""

from typing import TypeVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QWidget

from fuyuan_desk.widgets.masked import MaskedValue

W = TypeVar("W", bound=QWidget)


def button(within: QWidget, words: str) -> QAbstractButton:
    """Return the one button in sight that shows these words, or says them to a screen reader."""
    [found] = [
        made
        for made in within.findChildren(QAbstractButton)
        if not made.isHidden() and words in (made.text().replace("&", ""), made.accessibleName())
    ]
    return found


def shown(kind: type[W]) -> W:
    """Return the one window of this kind in sight."""
    [found] = [box for box in QApplication.topLevelWidgets() if isinstance(box, kind) and box.isVisible()]
    return found


def entry(within: QWidget, words: str) -> QAction:
    """Return the entry of the menu in sight that shows these words."""
    menus = [menu for menu in within.findChildren(QMenu) if menu.isVisible()]
    [found] = [act for menu in menus for act in menu.actions() if act.text().replace("&", "") == words]
    return found


def choose_column(page: QWidget, header: str) -> None:
    """Show or hide a column of a list by its menu."""
    button(page, "Choose columns").click()
    found = entry(page, header)
    found.trigger()
    menu = found.parent()
    assert isinstance(menu, QMenu)
    menu.close()


def texts(within: QWidget) -> list[str]:
    """Return what the labels say that are not hidden."""
    return [made.text() for made in within.findChildren(QLabel) if made.isVisibleTo(within)]


def masked(within: QWidget) -> list[str]:
    """Return what can be read now of the masked values."""
    return [made.text() for made in within.findChildren(MaskedValue) if made.isVisibleTo(within)]
