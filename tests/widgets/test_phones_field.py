"""The field of several telephone numbers, by keyboard."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.widgets.editors import PhonesEditor
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form


def test_tab_goes_through_every_number_and_its_buttons_before_the_next_field(
    front: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    form = Form([Field("phones", "&Telephone", "phones"), Field("area", "&Area")], columns=2)
    front(form)
    editor = form.editor("phones")
    assert isinstance(editor, PhonesEditor)
    editor.set_value(("13800001234", "021-62340000", "13900000000"))
    qtbot.waitUntil(lambda: all(part.isVisible() for part in editor.inner()))
    editor.inner()[0].setFocus()
    reached = []
    while form.editor("phones").isAncestorOf(QApplication.focusWidget()):
        now = QApplication.focusWidget()
        assert isinstance(now, QLineEdit | QAbstractButton)
        reached.append(now.text() or now.accessibleName())
        qtbot.keyClick(now, Qt.Key.Key_Tab)
    remove = "Remove this number"
    numbers = ["13800001234", "021-62340000", remove, "13900000000", remove]
    assert reached == [*numbers, "Add a number"]
    assert form.editor("area").isAncestorOf(QApplication.focusWidget())
