"""Helpers to use a page as a clerk does, and to inspect it."""

from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.question import Question


def line(form: Form, name: str) -> QLineEdit:
    widget = form.editor(name).inner()[0]
    found = widget.lineEdit() if isinstance(widget, QComboBox) else widget
    assert isinstance(found, QLineEdit)
    return found


def write(widget: QWidget, text: str) -> None:
    """Enter text as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def question() -> Question:
    [asked] = [box for box in QApplication.topLevelWidgets() if isinstance(box, Question) and box.isVisible()]
    return asked


def trail(seat: Seat, action: str) -> list[AuditEntry]:
    with seat.store.sessions() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))
