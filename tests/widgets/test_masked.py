from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from fuyuan_desk.widgets.labels import Fact, Facts
from fuyuan_desk.widgets.masked import MaskedValue


def press(widget: MaskedValue) -> None:
    button = widget.findChild(QToolButton)
    assert button is not None
    button.click()


def test_a_value_is_masked_until_asked_and_again_after_a_while(qtbot: QtBot) -> None:
    widget = MaskedValue("identity number", "310101********1234", seconds_shown=0.1)
    qtbot.addWidget(widget)
    assert widget.text() == "310101********1234"
    with qtbot.waitSignal(widget.reveal_requested):
        press(widget)
    assert widget.text() == "310101********1234"  # only the answer shows it
    widget.reveal("310101194910010002")
    assert widget.text() == "310101194910010002"
    with qtbot.waitSignal(widget.hidden_again):
        pass
    assert widget.text() == "310101********1234"


def test_thirty_seconds_by_default_and_a_second_press_hides_at_once(qtbot: QtBot) -> None:
    widget = MaskedValue("telephone", "138****5678")
    qtbot.addWidget(widget)
    widget.reveal("13812345678")
    [timer] = widget.findChildren(QTimer)
    assert (timer.isActive(), timer.interval()) == (True, 30_000)
    with qtbot.assertNotEmitted(widget.reveal_requested):
        press(widget)
    assert not widget.is_shown


def test_the_button_says_that_looking_is_logged_and_an_empty_value_has_none(qtbot: QtBot) -> None:
    widget = MaskedValue("telephone", "138****5678")
    qtbot.addWidget(widget)
    button = widget.findChild(QToolButton)
    assert button is not None
    assert button.accessibleName() == "Show telephone (this is logged)"
    widget.set_masked("")
    assert button.isHidden()
    assert widget.text() == "—"


def test_facts_ask_by_name_and_show_the_answer(qtbot: QtBot) -> None:
    facts = Facts()
    qtbot.addWidget(facts)
    facts.set_rows([Fact("Head", "张*", "head"), Fact("Area", "12.5 ㎡"), Fact("Remarks", "")])
    value = facts.findChild(MaskedValue)
    assert value is not None
    with qtbot.waitSignal(facts.reveal_requested) as signal:
        press(value)
    assert signal.args == ["head"]
    facts.reveal("head", "张三")
    assert value.text() == "张三"
    facts.set_rows([Fact("Head", "李*", "head")])
    facts.reveal("other", "nobody")
    assert [made.text() for made in facts.findChildren(MaskedValue) if made is not value] == ["李*"]
