from typing import Any

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.fields import Field, LineEditor
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.question import Question
from tests.screen import button, shown


class Cupboard:
    """Drafts in memory, instead of in the store."""

    def __init__(self) -> None:
        self.drafts: dict[str, Any] = {}
        self.writes = 0

    def load(self, key: str, deliver: Any) -> None:
        deliver(self.drafts.get(key))

    def save(self, key: str, value: Any) -> None:
        self.writes += 1
        self.drafts[key] = value

    def clear(self, key: str) -> None:
        self.drafts.pop(key, None)


@pytest.fixture
def cupboard() -> Cupboard:
    return Cupboard()


def make(qtbot: QtBot, cupboard: Cupboard, key: str = "household:new") -> tuple[Form, DraftSaver]:
    form = Form([Field("name", "Name"), Field("note", "Remarks", "lines")])
    qtbot.addWidget(form)
    form.set_values({})
    return form, DraftSaver(form, key, cupboard.load, cupboard.save, cupboard.clear, debounce_ms=40)


def type_name(form: Form, text: str) -> None:
    editor = form.editor("name")
    assert isinstance(editor, LineEditor)
    QTest.keyClicks(editor.line, text)


def press(form: Form, text: str) -> None:
    button(form.notice, text.replace("&", "")).click()


def test_what_is_typed_survives_a_crash(qtbot: QtBot, cupboard: Cupboard) -> None:
    form, _keeper = make(qtbot, cupboard)
    type_name(form, "Zhang")
    qtbot.waitUntil(lambda: cupboard.drafts.get("household:new", {}).get("name") == "Zhang")
    assert cupboard.writes == 1  # one pause, one write

    again, keeper = make(qtbot, cupboard)
    keeper.offer()
    assert "unsaved draft" in again.notice.text()
    assert again.values()["name"] == ""
    press(again, "Restore")
    assert again.values()["name"] == "Zhang"
    assert again.is_dirty


def test_discarding_the_offer_forgets_it(qtbot: QtBot, cupboard: Cupboard) -> None:
    cupboard.drafts["household:new"] = {"name": "old"}
    form, keeper = make(qtbot, cupboard)
    keeper.offer()
    press(form, "Discard")
    assert cupboard.drafts == {}
    assert form.notice.text() == ""


OLD = {"name": "old"}


def test_nothing_can_be_typed_beside_an_offered_draft(qtbot: QtBot, cupboard: Cupboard) -> None:
    cupboard.drafts["household:new"] = OLD
    form, keeper = make(qtbot, cupboard)
    keeper.offer()
    type_name(form, "new")
    form.submit()
    assert (form.values()["name"], form.errors()) == ("", {})
    press(form, "Restore")
    type_name(form, "er")
    keeper.flush()
    assert form.values()["name"] == cupboard.drafts["household:new"]["name"] == "older"


@pytest.mark.parametrize("end", ["typed", "locked", "saved", "left", "other record", "filled again"])
def test_an_offered_draft_stays_whatever_becomes_of_the_form(
    qtbot: QtBot, cupboard: Cupboard, end: str
) -> None:
    cupboard.drafts["household:new"] = OLD
    form, keeper = make(qtbot, cupboard)
    keeper.offer()
    form.set_value("name", "beside the fields")  # such as works or photos, which are no fields of the form
    if end == "typed":
        keeper.flush()
    elif end == "locked":
        keeper.save_for_return()
    elif end == "saved":
        form.mark_clean()
    elif end == "left":
        form.leave(lambda: None)
        button(shown(Question), "Do not save").click()
    elif end == "other record":
        keeper.set_key("household:2")
        assert form.editor("name").isEnabled()
    else:
        form.set_values({"name": "filled again"})
        assert "unsaved draft" in form.notice.text()
    assert cupboard.drafts == {"household:new": OLD}


def typed_before_the_answer(qtbot: QtBot, cupboard: Cupboard) -> tuple[Form, list[Any]]:
    """Return a form in which "new" was typed, and what delivers the draft that is still being read."""
    answers: list[Any] = []
    form = Form([Field("name", "Name")])
    qtbot.addWidget(form)
    keeper = DraftSaver(
        form, "household:new", lambda key, deliver: answers.append(deliver), cupboard.save, cupboard.clear,
        debounce_ms=10,
    )  # fmt: skip
    keeper.offer()
    type_name(form, "new")
    keeper.flush()
    return form, answers


def test_what_is_typed_before_a_slow_answer_does_not_replace_the_draft(
    qtbot: QtBot, cupboard: Cupboard
) -> None:
    cupboard.drafts["household:new"] = OLD
    form, answers = typed_before_the_answer(qtbot, cupboard)
    assert cupboard.drafts == {"household:new": OLD}
    answers[0](OLD)
    press(form, "Restore")
    assert form.values()["name"] == "old"


def test_what_is_typed_before_a_slow_answer_is_saved_when_there_is_no_draft(
    qtbot: QtBot, cupboard: Cupboard
) -> None:
    _form, answers = typed_before_the_answer(qtbot, cupboard)
    answers[0](None)
    qtbot.waitUntil(lambda: cupboard.drafts.get("household:new", {}).get("name") == "new")


def test_the_question_takes_the_focus_and_returns_it(qtbot: QtBot, cupboard: Cupboard) -> None:
    cupboard.drafts["household:new"] = OLD
    form, keeper = make(qtbot, cupboard)
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    form.focus_first()
    keeper.offer()
    assert button(form.notice, "Restore").hasFocus()
    press(form, "Discard")
    assert form.focused_field == "name"
    assert form.focusWidget() is form.editor("name").inner()[0]


@pytest.mark.parametrize("end", ["saved", "discarded", "typed back"])
def test_a_draft_goes_when_its_form_is_done(qtbot: QtBot, cupboard: Cupboard, end: str) -> None:
    form, keeper = make(qtbot, cupboard)
    type_name(form, "Zhang")
    keeper.flush()
    assert cupboard.drafts
    if end == "saved":
        form.mark_clean()
    elif end == "discarded":
        form.leave(lambda: None)
        button(shown(Question), "Do not save").click()
    else:
        form.set_value("name", "")
        keeper.flush()
    assert cupboard.drafts == {}


def test_each_record_has_its_own_draft(qtbot: QtBot, cupboard: Cupboard) -> None:
    form, keeper = make(qtbot, cupboard, "household:1")
    type_name(form, "one")
    keeper.set_key("household:2")
    form.set_values({"name": "two"})
    keeper.flush()
    assert {key: value["name"] for key, value in cupboard.drafts.items()} == {"household:1": "one"}


def test_a_late_answer_for_another_record_is_not_offered(qtbot: QtBot, cupboard: Cupboard) -> None:
    answers: list[Any] = []
    form = Form([Field("name", "Name")])
    qtbot.addWidget(form)
    keeper = DraftSaver(
        form, "household:1", lambda key, deliver: answers.append(deliver), cupboard.save, cupboard.clear
    )
    keeper.offer()
    keeper.set_key("household:2")
    answers[0]({"name": "one"})
    assert form.notice.text() == ""


def test_what_stood_there_at_a_lock_is_put_back_without_a_question_once(
    qtbot: QtBot, cupboard: Cupboard
) -> None:
    form, keeper = make(qtbot, cupboard)
    type_name(form, "Zhang")
    keeper.save_for_return()
    again, second = make(qtbot, cupboard)
    second.offer()
    assert again.values()["name"] == "Zhang"
    assert again.is_dirty
    assert again.notice.text() == ""
    third_form, third = make(qtbot, cupboard)
    third.offer()
    assert "unsaved draft" in third_form.notice.text()
    assert third_form.values()["name"] == ""


def test_a_form_without_input_leaves_nothing_at_a_lock(qtbot: QtBot, cupboard: Cupboard) -> None:
    _form, keeper = make(qtbot, cupboard)
    keeper.save_for_return()
    assert cupboard.drafts == {}
    assert not keeper.is_open
