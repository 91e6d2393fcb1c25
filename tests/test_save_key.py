"""Ctrl+S saves wherever the focus is on the page of a form, on its buttons too."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from fuyuan_desk.inspections.view.entry import EntryView
from fuyuan_desk.kit.form_pane import FormPane
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form

FIELDS = [Field("name", "Name"), Field("place", "Place")]


def pane() -> tuple[QWidget, Form]:
    made = FormPane(FIELDS)
    made.open("Record", {"name": "a"})
    return made, made.form


def dialog() -> tuple[QWidget, Form]:
    form = Form(FIELDS)
    return FormDialog(None, "Record", form), form


def entry() -> tuple[QWidget, Form]:
    made = EntryView()
    return made, made.form


@pytest.mark.parametrize("make", [pane, dialog, entry])
def test_ctrl_s_saves_from_every_button_and_field(
    make: Callable[[], tuple[QWidget, Form]], front: Callable[[QWidget], None]
) -> None:
    page, form = make()
    front(page)
    stops = [
        part
        for part in page.findChildren(QWidget)
        if part.isVisible() and part.isEnabled() and part.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert len([part for part in stops if isinstance(part, QAbstractButton)]) >= 2
    heard: list[object] = []
    form.submitted.connect(heard.append)
    for part in stops:
        form.show_errors({})
        before = len(heard) + len(refused(form))
        part.setFocus()
        QTest.keyClick(part, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        assert len(heard) + len(refused(form)) > before, f"{part} {part.accessibleName()}"


def refused(form: Form) -> dict[str, str]:
    """Return what is shown as wrong: saving was tried, too."""
    return form.errors()
