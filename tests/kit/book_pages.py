"""What a clerk does on the page of a book, for the suites over all books."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QApplication, QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.kit.book_page import BookPage
from fuyuan_desk.widgets.question import Question
from tests.kit.books import BookCase
from tests.screen import button, shown

Front = Callable[[QWidget], None]
Settled = Callable[[], None]


def value(case: BookCase, seat: Seat, record: int, name: str) -> Any:
    """Return what is stored of a part."""
    return getattr(case.uses.read(seat, record).fields, name)


def select(page: BookPage[Any], *rows: int) -> None:
    """Choose rows of the list."""
    table = page.view.table.table
    how = QItemSelectionModel.SelectionFlag
    table.clearSelection()
    for row in rows:
        table.selectionModel().select(table.model().index(row, 0), how.Select | how.Rows)


def answer(words: str) -> None:
    """Press a button of the open question."""
    button(shown(Question), words).click()


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget
