from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.editors import ChoiceEditor, DateEditor, PhonesEditor
from fuyuan_desk.widgets.fields import Field, LineEditor, LinesEditor, Masked, Section
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.question import Question
from tests.screen import button, shown

FIELDS = [
    Section("Place"),
    Field("estate", "&Estate", "choice", choices=[(1, "南昌路168弄"), (2, "福元小区")]),
    Field("part", "&Part", "suggest", choices=[(0, "亭子间"), (0, "前楼")]),
    Section("Household"),
    Field("name", "&Name", required=True),
    Field("id", "&Identity number"),
    Field("phones", "&Telephone", "phones"),
    Field("area", "&Area", "area", unit="㎡"),
    Field("rent", "Rent", "money"),
    Field("since", "&Since", "date"),
    Field("people", "People", "int", low=1),
    Field("party", "Party member", "check"),
    Field("needs", "Needs", "checks", choices=[("old", "独居"), ("ill", "大病")]),
    Field("note", "Remarks", "lines"),
]
RECORD = {
    "estate": 1, "part": "亭子间", "name": "张三", "id": Masked("310101********1234"),
    "phones": ("13800001234", "021-62340000"), "area": 1250, "rent": 123456, "since": date(1985, 3, 1),
    "people": 3, "party": True, "needs": ("ill",), "note": "一\n二",
}  # fmt: skip

Front = Callable[[QWidget], None]


@pytest.fixture
def form(front: Front, qtbot: QtBot) -> Form:
    made = Form(FIELDS, columns=2)
    qtbot.addWidget(made)
    front(made)
    return made


def line(form: Form, name: str) -> QLineEdit:
    widget = form.editor(name).inner()[0]
    if isinstance(widget, QComboBox):
        inner = widget.lineEdit()
        assert inner is not None
        return inner
    assert isinstance(widget, QLineEdit)
    return widget


def commit(widget: QWidget, text: str) -> None:
    """Type like an input method: a preedit first, then the chosen characters."""
    QApplication.sendEvent(widget, QInputMethodEvent("pinyin", []))
    chosen = QInputMethodEvent()
    chosen.setCommitString(text)
    QApplication.sendEvent(widget, chosen)


def test_values_come_back_typed_and_a_masked_one_stays_out(form: Form) -> None:
    form.set_values(RECORD)
    assert form.values() == {name: value for name, value in RECORD.items() if name != "id"}
    assert not form.is_dirty


def test_an_empty_form_gives_empty_values(form: Form) -> None:
    form.set_values({})
    assert form.values() == {
        "estate": None, "part": "", "name": "", "id": "", "phones": (), "area": None, "rent": None,
        "since": None, "people": None, "party": False, "needs": (), "note": "",
    }  # fmt: skip


def test_a_clerk_types_and_tabs_through_in_reading_order(form: Form, qtbot: QtBot) -> None:
    form.focus_first()
    order: list[str] = []
    typed = {
        "part": "三层阁",
        "name": "喆㛃",
        "area": "12.5",
        "rent": "100",
        "since": "2026.3.2",
        "people": "2",
    }
    for _step in range(20):
        focused = QApplication.focusWidget()
        name = next(n for n in RECORD if focused in form.editor(n).findChildren(QWidget))
        if not order or order[-1] != name:
            order.append(name)
        if name == "note":
            break
        if name in typed and isinstance(focused, QLineEdit | QComboBox):
            commit(focused, typed[name])
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert order == [field.name for field in FIELDS if isinstance(field, Field)]
    assert form.values()["area"] == 1250
    assert form.values()["name"] == "喆㛃"
    assert form.values()["since"] == date(2026, 3, 2)
    assert form.is_dirty


def test_errors_stand_at_their_fields_and_the_first_wrong_one_is_focused(form: Form, qtbot: QtBot) -> None:
    form.set_values(RECORD)
    line(form, "name").clear()
    line(form, "area").setText("十二")
    line(form, "people").setText("0")
    with qtbot.assertNotEmitted(form.submitted):
        form.submit()
    assert form.errors() == {
        "name": "This must be filled in.",
        "area": "Enter a number in digits, for example 12.5.",
        "people": "This must be at least 1.",
    }
    assert QApplication.focusWidget() is line(form, "name")
    assert line(form, "area").property("wrong") is True
    assert line(form, "area").accessibleDescription() == "Enter a number in digits, for example 12.5."
    QTest.keyClicks(line(form, "area"), "x")
    assert "area" not in form.errors()
    assert line(form, "area").property("wrong") is False


def test_a_service_refusal_is_shown_beside_its_field(form: Form) -> None:
    refusal = InvalidInput("Look at the marked fields.", {"phones": "This is no telephone number."})
    assert form.show_errors(refusal.fields)
    assert form.errors() == refusal.fields
    assert not form.show_errors({"elsewhere": "?"})


@pytest.mark.parametrize("keys", ["enter", "ctrl+s"])
def test_enter_and_ctrl_s_save(form: Form, qtbot: QtBot, keys: str) -> None:
    form.set_values(RECORD)
    field = line(form, "name")
    field.setFocus()
    with qtbot.waitSignal(form.submitted) as caught:
        if keys == "enter":
            QTest.keyClick(field, Qt.Key.Key_Return)
        else:
            QTest.keyClick(field, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert caught.args[0]["name"] == "张三"


def test_enter_breaks_the_line_in_remarks_and_ctrl_enter_saves(form: Form, qtbot: QtBot) -> None:
    form.set_values(RECORD)
    editor = form.editor("note")
    assert isinstance(editor, LinesEditor)
    with qtbot.assertNotEmitted(form.submitted):
        QTest.keyClick(editor.text, Qt.Key.Key_Return)
    with qtbot.waitSignal(form.submitted):
        QTest.keyClick(editor.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_second_enter_while_saving_does_nothing(form: Form, qtbot: QtBot) -> None:
    form.set_values(RECORD)
    form.submitted.connect(lambda values: form.set_busy(True))
    seen: list[dict] = []
    form.submitted.connect(seen.append)
    form.submit()
    form.submit()
    assert len(seen) == 1
    form.mark_clean()
    form.submit()
    assert len(seen) == 2


def test_a_masked_field_can_only_be_changed_after_a_deliberate_reveal(form: Form, qtbot: QtBot) -> None:
    form.set_values(RECORD)
    field = line(form, "id")
    QTest.keyClicks(field, "9")
    assert field.text() == "310101********1234"
    row = field.parentWidget().parentWidget()
    with qtbot.waitSignal(form.reveal_requested) as signal:
        row.reveal_button.click()
    assert signal.args == ["id"]
    form.reveal("id", "310101194910010002")
    assert form.values()["id"] == "310101194910010002"
    assert not form.is_dirty
    QTest.keyClicks(field, "x")
    assert form.is_dirty


def test_masked_values_and_passwords_never_enter_a_draft(qtbot: QtBot) -> None:
    form = Form(
        [Field("id", "Identity number"), Field("word", "Password", "password"), Field("name", "Name")]
    )
    qtbot.addWidget(form)
    form.set_values({"id": Masked("310101********1234"), "name": "张三"})
    line(form, "word").setText("secret")
    assert form.raw() == {"name": "张三"}


def test_leaving_a_clean_form_asks_nothing(form: Form) -> None:
    left: list[bool] = []
    form.set_values(RECORD)
    form.leave(lambda: left.append(True))
    assert left == [True]


@pytest.mark.parametrize(
    ("button", "left_at_once", "discarded"), [(0, False, 0), (1, True, 1), (2, False, 0)]
)
def test_leaving_an_unsaved_form_asks_once(
    form: Form, qtbot: QtBot, button: int, left_at_once: bool, discarded: int
) -> None:
    left: list[bool] = []
    gone: list[bool] = []
    form.discarded.connect(lambda: gone.append(True))
    form.set_values(RECORD)
    form.set_value("name", "李四")
    form.leave(lambda: left.append(True))
    form.leave(lambda: pytest.fail("asked twice"))
    question = shown(Question)
    submitted: list[dict] = []
    form.submitted.connect(submitted.append)
    question.buttons[button].click()
    assert bool(left) is left_at_once
    assert len(gone) == discarded
    if button == 0:
        assert submitted[0]["name"] == "李四"
        form.mark_clean()
        assert left == [True]
    assert form.is_dirty is (button == 2)


def test_a_form_that_only_asks_is_left_without_a_question(qtbot: QtBot) -> None:
    asking = Form([Field("day", "Day", "date")], only_asks=True)
    qtbot.addWidget(asking)
    asking.show()
    QTest.keyClicks(line(asking, "day"), "2026-03-02")
    left: list[bool] = []
    asking.leave(lambda: left.append(True))
    assert left == [True]
    assert not asking.is_dirty


def test_saving_on_the_way_out_with_errors_stays(form: Form) -> None:
    left: list[bool] = []
    form.set_values(RECORD)
    form.set_value("name", "")
    form.leave(lambda: left.append(True))
    button(shown(Question), "Save").click()
    assert "name" in form.errors()
    form.set_value("name", "李四")
    form.mark_clean()
    assert left == []


def test_escape_asks_to_leave(form: Form, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.escaped):
        QTest.keyClick(line(form, "name"), Qt.Key.Key_Escape)


def test_mnemonics_lead_to_the_field_and_names_are_plain(form: Form) -> None:
    assert form.editor("name").accessibleName() == "Name"
    assert line(form, "name").accessibleName() == "Name"
    chinese = Form([Field("name", "户主姓名(&N)")])
    assert chinese.editor("name").accessibleName() == "户主姓名"
    chinese.deleteLater()


def test_dates_by_keyboard(form: Form, qtbot: QtBot) -> None:
    form.set_values(RECORD)
    editor = form.editor("since")
    assert isinstance(editor, DateEditor)
    QTest.keyClick(editor.line, Qt.Key.Key_Up)
    assert editor.value() == date(1985, 3, 2)
    editor.line.setText("20260302")
    editor.line.setFocus()
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert editor.line.text() == "2026-03-02"
    QTest.keyClick(editor.line, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    calendar = shown(QMenu)
    assert calendar.isVisible()
    calendar.close()
    editor.line.clear()
    assert editor.value() is None


def test_two_phones_pasted_into_one_line_are_parted(form: Form) -> None:
    editor = form.editor("phones")
    assert isinstance(editor, PhonesEditor)
    editor.set_value(("13800001234、021-62340000",))
    assert editor.value() == ("13800001234", "021-62340000")
    editor.add_button.click()
    assert len(editor.inner()) == 2
    assert QApplication.focusWidget() is editor.inner()[1]
    QTest.keyClicks(editor.inner()[1], "13900000000")
    assert editor.value()[-1] == "13900000000"


def _wrong_lines(form: Form, name: str) -> list[str]:
    lines = [part for part in form.editor(name).inner() if isinstance(part, QLineEdit)]
    return [part.text() for part in lines if part.property("wrong")]


def test_only_the_wrong_one_of_several_numbers_is_marked_and_focused(front: Front, qtbot: QtBot) -> None:
    def fault(number: str) -> str:
        return "" if number.startswith("13") else f"{number} is wrong"

    form = Form([Field("name", "Name"), Field("phones", "Phones", "phones", check=fault)])
    front(form)
    form.set_values({"phones": ["13800000001", "old"]})
    assert not form.editor("phones").faults(), "what is stored is not judged again"
    form.editor("phones").set_raw(["13800000001", "12345", "old"])
    form.show_errors({"phones": "12345 is wrong"})
    assert _wrong_lines(form, "phones") == ["12345"]
    assert form.editor("phones").inner()[1].hasFocus()
    qtbot.keyClicks(form.editor("phones").inner()[1], "6")
    assert _wrong_lines(form, "phones") == []
    assert form.errors() == {}


def test_what_is_wrong_is_said_when_the_field_is_left(front: Front, qtbot: QtBot) -> None:
    form = Form(
        [
            Field(
                "phones", "Phones", "phones", check=lambda number: "" if number == "1" else f"not {number}"
            ),
            Field("day", "Day", "date"),
            Field("name", "Name", required=True),
        ]
    )
    front(form)
    first = form.editor("phones").inner()[0]
    first.setFocus()
    qtbot.keyClicks(first, "2")
    assert form.errors() == {}, "not while it is typed"
    form.editor("day").inner()[0].setFocus()
    assert form.errors() == {"phones": "not 2"}
    assert form.editor("day").inner()[0].hasFocus(), "the clerk goes on where she is"
    qtbot.keyClicks(form.editor("day").inner()[0], "never")
    form.editor("name").inner()[0].setFocus()
    assert set(form.errors()) == {"phones", "day"}
    first.setFocus()
    assert set(form.errors()) == {"phones", "day"}, (
        "an empty required field is not an error before it is saved"
    )


def test_a_form_that_is_only_read_judges_nothing(front: Front, qtbot: QtBot) -> None:
    form = Form([Field("phone", "Phone", check=lambda number: "wrong"), Field("name", "Name")])
    front(form)
    form.set_values({"phone": "1"})
    form.set_read_only(True)
    form.editor("phone").inner()[0].setFocus()
    form.editor("name").inner()[0].setFocus()
    assert form.errors() == {}


def test_choices_can_change_and_keep_the_present_one(form: Form) -> None:
    editor = form.editor("estate")
    assert isinstance(editor, ChoiceEditor)
    editor.set_value(2)
    editor.set_choices([(2, "福元小区"), (3, "富南大厦")])
    assert editor.value() == 2
    editor.set_choices([(3, "富南大厦")])
    assert editor.value() is None


def test_nothing_fights_the_input_method(form: Form) -> None:
    for name in RECORD:
        for field in form.editor(name).findChildren(QLineEdit):
            assert field.validator() is None
            assert field.inputMask() == ""


def test_reading_only_shows_and_takes_nothing(form: Form) -> None:
    form.set_read_only(True)
    form.set_values(RECORD)
    QTest.keyClicks(line(form, "name"), "x")
    box = form.editor("party").inner()[0]
    assert isinstance(box, QCheckBox)
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    assert not form.is_dirty


def test_the_first_wrong_field_is_scrolled_into_sight(qtbot: QtBot) -> None:
    fields = [Field(f"f{n}", f"Field {n}") for n in range(40)]
    page = QWidget()
    form, area = Form(fields), QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(form)
    QVBoxLayout(page).addWidget(area)
    page.resize(400, 300)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    form.show_errors({"f39": "wrong"})
    editor = form.editor("f39")
    qtbot.waitUntil(lambda: not editor.visibleRegion().isEmpty())


def test_a_form_dialog_shows_what_is_refused_and_closes_when_saved(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    form = Form([Field("why", "Reason", required=True)])
    dialog = FormDialog(parent, "Give a tier", form)
    dialog.show()
    dialog.save_button.click()
    assert form.errors() == {"why": "This must be filled in."}
    form.set_value("why", "因为")
    dialog.refuse(Conflict("Somebody else changed this. Load it again."))
    assert dialog.banner.text() == "Somebody else changed this. Load it again."
    dialog.cancel_button.click()
    assert dialog.isVisible()
    button(shown(Question), "Keep editing").click()
    dialog.done_saving()
    assert not dialog.isVisible()


def test_line_editor_shows_money_grouped(qtbot: QtBot) -> None:
    editor = LineEditor(Field("rent", "Rent", "money"))
    qtbot.addWidget(editor)
    editor.set_value(123456700)
    assert editor.line.text() == "1,234,567.00"
    assert editor.value() == 123456700


# --- fields created when needed


def _fields_in(form: Form) -> list[QWidget]:
    return form.findChildren(QLineEdit) + form.findChildren(QComboBox)


def test_a_form_made_when_needed_has_its_fields_once_it_is_shown(qtbot: QtBot) -> None:
    form = Form(FIELDS, 2, when_needed=True)
    qtbot.addWidget(form)
    assert not form.is_made
    assert form.has("name")
    assert not form.has("nobody")
    assert not form.is_dirty
    assert _fields_in(form) == []
    form.show()
    assert form.is_made
    assert all(form.editor(field.name).isVisible() for field in FIELDS if isinstance(field, Field))
    assert not form.is_dirty


def test_a_form_made_when_needed_equals_one_made_at_once(qtbot: QtBot) -> None:
    at_once, later = Form(FIELDS, 2), Form(FIELDS, 2, when_needed=True)
    for form in (at_once, later):
        qtbot.addWidget(form)
        form.set_values(RECORD)
        form.resize(600, 900)
        form.show()
    assert later.raw() == at_once.raw()
    assert later.values() == at_once.values()
    assert later.sizeHint() == at_once.sizeHint()
    assert [later.editor(name).geometry() for name in ("name", "note")] == [
        at_once.editor(name).geometry() for name in ("name", "note")
    ]


def test_what_is_set_before_the_fields_are_there_holds_for_them(qtbot: QtBot) -> None:
    form = Form(FIELDS, when_needed=True)
    qtbot.addWidget(form)
    form.set_choices("estate", [(1, "one")])
    form.set_choices("estate", [(7, "seven"), (8, "eight")])
    form.set_read_only(True)
    assert not form.is_made
    form.show()
    box = form.editor("name").inner()[0]
    assert isinstance(box, QLineEdit)
    assert box.isReadOnly()
    form.set_read_only(False)
    assert not box.isReadOnly()
    form.set_value("estate", 8)
    assert form.values()["estate"] == 8
    assert form.is_dirty
    form.set_choices("estate", [(9, "nine")])
    form.set_value("estate", 9)
    assert form.values()["estate"] == 9
