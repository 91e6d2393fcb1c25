"""The pages of a filing and of a case in the room of three screens, in both languages and text sizes."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.rules.course import COURSE
from fuyuan_desk.renovation.service import cases
from fuyuan_desk.widgets.theme import apply_theme
from tests.renovation.clerk import PAINT, WATERPROOF, Front, Settled, add_home, file
from tests.renovation.sight import SIZES, alone, filled, in_sight, needed

OPENING, PARTITION = "structure.opening", "walls.partition_remove"
_FIELD_EDGE, _FIELD_ICON = 10, 28  # pixels


def cut(part: QWidget) -> list[str]:
    """List the labels and buttons that show less than their text, and what scrolls sideways."""
    found = []
    for one in part.findChildren(QWidget):
        if not one.isVisible():
            continue
        if isinstance(one, QScrollBar):
            if one.orientation() is Qt.Orientation.Horizontal and one.maximum() > 0:
                found.append(f"scrolls sideways: {type(one.parentWidget()).__name__}")
        elif isinstance(one, QLineEdit) and not one.text():
            room = one.width() - 2 * _FIELD_EDGE - (_FIELD_ICON if one.actions() else 0)
            if one.fontMetrics().horizontalAdvance(one.placeholderText()) > room:
                found.append(f"placeholder: {one.placeholderText()!r} in {room}")
        elif isinstance(one, QLabel) and one.text():
            least = one.heightForWidth(one.width()) if one.wordWrap() else one.sizeHint().height()
            if one.height() < least - 1 or (not one.wordWrap() and one.width() < one.sizeHint().width()):
                found.append(f"label: {one.text()[:40]!r} {one.width()}×{one.height()} of {least}")
        elif isinstance(one, QAbstractButton) and one.text() and one.width() < one.minimumSizeHint().width():
            found.append(f"button: {one.text()!r}")
    return found


@pytest.fixture(params=[("zh_CN", False), ("en", False), ("zh_CN", True), ("en", True)], ids=str)
def screens(
    request: pytest.FixtureRequest, qapp: QApplication, seat: Seat, desk: Desk, front: Front, settled: Settled
) -> Iterator[RenovationController]:
    """The page in a language and a text size, with a protected lane's home."""
    language, is_large = request.param
    use_language(language)
    apply_theme(qapp, is_large)
    add_home(seat, "南昌路168弄", "前楼", "姚艳志", house_kind="old-lane", heritage_class=3)
    made = RenovationController(desk)
    front(made.page)
    settled()
    yield made
    use_language("en")
    apply_theme(qapp)


def test_a_filing_fits(screens: RenovationController, qtbot: QtBot, settled: Settled) -> None:
    screens.file_for(1)
    settled()
    view = screens.filing.view
    alone(view, qtbot, SIZES[0])
    for work in (PAINT, WATERPROOF, OPENING, PARTITION):
        view.form.toggle_work(work, True)
    view.works.filter.setText("墙")
    for size in SIZES:
        view.resize(*size)
        settled()
        assert (view.width(), view.height()) == size
        assert cut(view) == [], size
        assert view.columns.width() <= view.area.viewport().width(), size
        assert in_sight(view.print_button, view), size
        assert in_sight(view.foot.summary, view), size
        assert len([area for area in view.findChildren(QScrollArea) if area.isVisible()]) == 1, size


@pytest.mark.parametrize("state", ["missing", "under way"])
def test_a_case_fits(
    screens: RenovationController, seat: Seat, qtbot: QtBot, settled: Settled, state: str
) -> None:
    made = file(seat, 1, PAINT, "wet.tiles", starts_on=seat.today(), contractor="上海里弄房屋修缮公司")
    if state == "under way":
        made = file(seat, add_home(seat), PAINT, starts_on=seat.today())
        cases.receive_documents(seat, made.id, needed(made), seat.today())
        cases.start_work(seat, made.id)
    screens.open_case(made.id)
    settled()
    view = screens.case
    alone(view, qtbot, SIZES[0])
    [name] = filled(screens)
    words = {offer.name for offer in COURSE.offered(made.course, "admin", seat.today()) if not offer.is_undo}
    for size in SIZES:
        view.resize(*size)
        settled()
        assert (view.width(), view.height()) == size
        assert cut(view) == [], size
        assert view.columns.width() <= view.area.viewport().width(), size
        assert in_sight(view.acts.button(name), view), size
        if not view.print_button.isVisible():
            assert len(view.head.menu().actions()) >= len(words) - 1  # the others, and printing
