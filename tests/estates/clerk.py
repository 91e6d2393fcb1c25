"""Helpers to use a page as a clerk does, and to inspect it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.estates.facts.people import HouseholdView, PersonView
from fuyuan_desk.estates.service import people, units
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.question import Question

WIFE_ID = "310101198203150004"


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


def shown(seat: Seat, unit: int) -> HouseholdView:
    return units.unit_detail(seat, unit).households[0]


def member(seat: Seat, unit: int, person: int) -> PersonView:
    return next(view for view in shown(seat, unit).members if view.id == person)


def refused(run: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refusal:
        run()
    return dict(refusal.value.fields)


def give(seat: Seat, household: int, person: int, *tag_ids: int) -> None:
    edit = people.person_for_edit(seat, household, person)
    people.save_person(seat, household, replace(edit.fields, tags=tag_ids), person)
