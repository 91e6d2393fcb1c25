"""Helpers of the tests by keyboard: what has the focus, what is in sight, which button is filled."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.facts import CaseDetail
from fuyuan_desk.renovation.rules.course import COURSE
from fuyuan_desk.renovation.rules.works import Due

SIZES = [(1158, 690), (702, 432), (475, 304)]
"""What a page has of a window of 1366×768, 910×512 (150 %) and 683×384 (200 %)."""


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key) -> None:
    QTest.keyClick(focused(), key)


def in_sight(part: QWidget, page: QWidget) -> bool:
    """Whether all of a part is within its page, and within whatever scrolls it."""
    box = QRect(part.mapTo(page, QPoint()), part.size())
    above = part.parentWidget()
    while above is not None and above is not page:
        if isinstance(above, QScrollArea):
            view = above.viewport()
            if not QRect(view.mapTo(page, QPoint()), view.size()).contains(box):
                return False
        above = above.parentWidget()
    return page.rect().contains(box) and part.isVisible()


def filled(page: RenovationController) -> list[str]:
    acts = [act.name for act in COURSE.acts if not act.undoes]
    return [name for name in acts if page.case.acts.button(name).property("role") == "primary"]


def place(part: QWidget, page: QWidget) -> QPoint:
    return part.mapTo(page, QPoint())


def needed(case: CaseDetail) -> list[str]:
    return [paper.document for paper in case.documents if paper.due is Due.START]


def alone(part: QWidget, qtbot: QtBot, size: tuple[int, int]) -> None:
    """Show one screen of a page in a window of its own, in the room that it has in the main window."""
    part.setParent(None)  # type: ignore[call-overload]  # PySide allows None
    qtbot.addWidget(part)
    part.resize(*size)
    part.show()
    part.activateWindow()
    qtbot.waitUntil(part.isActiveWindow)
    assert (part.width(), part.height()) == size
