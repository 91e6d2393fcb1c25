"""The form beside a list, whose fields are created when a record is first opened."""

import pytest
from PySide6.QtWidgets import QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.kit.form_pane import FormPane
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.widgets.fields import Field

FIELDS = [Field(f"field{number}", f"Field {number}") for number in range(24)]


@pytest.mark.parametrize("is_open_first", [False, True])
def test_a_long_form_scrolls_and_is_not_squeezed(qtbot: QtBot, is_open_first: bool) -> None:
    pane, stack = FormPane(FIELDS), QStackedWidget()
    stack.addWidget(QWidget())
    stack.addWidget(pane)
    stack.resize(480, 320)
    qtbot.addWidget(stack)
    stack.show()
    if is_open_first:
        pane.open("Record", {"field23": "last"})
    stack.setCurrentWidget(pane)
    if not is_open_first:
        pane.open("Record", {"field23": "last"})
    qtbot.waitUntil(lambda: pane.form.height() >= pane.form.minimumSizeHint().height() > 320)
    assert pane.area.verticalScrollBar().maximum() > 0
    assert pane.form.editor("field23").value() == "last"
    assert pane.form.isVisible()


def test_a_pane_that_was_not_opened_has_no_fields_and_is_left_at_once(qtbot: QtBot) -> None:
    pane, left = FormPane(FIELDS), []
    qtbot.addWidget(pane)
    pane.leave(lambda: left.append(True))
    assert left == [True]
    assert not pane.form.is_made
    assert not pane.form.isVisible()


def test_something_created_on_use_is_created_once() -> None:
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    part = OnUse(make)
    assert part.made is None
    assert part() is part() is part.made
    assert len(made) == 1
