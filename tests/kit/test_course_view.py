"""The widgets of a course: which buttons are there, what is read, the dialog of an undo."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.kit.course import Moment, Place
from fuyuan_desk.kit.course_dialog import undo_dialog
from fuyuan_desk.kit.course_view import ActBar, Obstacles, Timeline
from tests.kit.test_course import SUMS, TODAY, Step, Sum
from tests.screen import texts

Front = Callable[[QWidget], None]


@pytest.fixture
def window() -> QWidget:
    return QWidget()


@pytest.fixture
def bar(window: QWidget, front: Front) -> ActBar:
    made = ActBar(SUMS)
    QVBoxLayout(window).addWidget(made)
    front(window)
    return made


def shown(bar: ActBar) -> list[str]:
    """Return the names of the buttons in sight, from left to right."""
    buttons = {act.name: bar.button(act.name) for act in SUMS.acts if not act.undoes}
    return sorted(
        (name for name, made in buttons.items() if made.isVisible()), key=lambda name: buttons[name].x()
    )


def test_the_bar_shows_the_offered_acts_with_the_primary_one_at_the_right(bar: ActBar, qtbot: QtBot) -> None:
    assert shown(bar) == []
    bar.show_offers(SUMS.offered(Sum(), "clerk", TODAY))
    qtbot.waitUntil(lambda: shown(bar) == ["remind", "settle", "drop", "pay"])
    assert [bar.button(name).property("role") for name in ("settle", "pay")] == ["", "primary"]
    bar.show_offers(SUMS.offered(Sum(Step.PAID), "clerk", TODAY))
    qtbot.waitUntil(lambda: shown(bar) == ["remind", "settle"])
    assert bar.button("pay").property("role") == ""
    with qtbot.waitSignal(bar.requested) as signal:
        qtbot.keyClick(bar.button("settle"), Qt.Key.Key_Space)
    assert signal.args == ["settle"]
    bar.show_offers(())
    assert not bar.isVisible()


def test_acts_that_undo_have_a_bar_of_links(front: Front, qtbot: QtBot) -> None:
    window, undos = QWidget(), ActBar(SUMS, undo=True)
    QVBoxLayout(window).addWidget(undos)
    front(window)
    undos.show_offers(SUMS.offered(Sum(), "clerk", TODAY))
    assert not undos.isVisible()
    undos.show_offers(SUMS.offered(Sum(Step.PAID), "clerk", TODAY))
    qtbot.waitUntil(undos.button("unpay").isVisible)
    assert undos.button("unpay").property("role") == "link"
    assert not undos.button("unsettle").isVisible()
    with qtbot.waitSignal(undos.requested) as signal:
        undos.button("unpay").click()
    assert signal.args == ["unpay"]


def test_the_tab_key_goes_from_left_to_right(bar: ActBar, qtbot: QtBot) -> None:
    bar.show_offers(SUMS.offered(Sum(), "clerk", TODAY))
    qtbot.waitUntil(lambda: shown(bar) == ["remind", "settle", "drop", "pay"])
    visited = ["remind"]
    bar.button("remind").setFocus()
    for _press in range(3):
        qtbot.keyClick(bar.button(visited[-1]), Qt.Key.Key_Tab)
        visited.append(next(name for name in shown(bar) if bar.button(name).hasFocus()))
    assert visited == shown(bar)


def test_a_button_with_an_obstacle_cannot_be_pressed_and_says_why(bar: ActBar) -> None:
    bar.show_offers(SUMS.offered(Sum(has_slip=False), "clerk", TODAY))
    pay = bar.button("pay")
    assert not pay.isEnabled()
    assert pay.toolTip() == pay.accessibleDescription() == "Missing: slip, stamp."
    assert not bar.focus_primary()
    bar.show_offers(SUMS.offered(Sum(), "clerk", TODAY))
    assert (pay.isEnabled(), pay.toolTip(), pay.accessibleDescription()) == (True, "", "")
    assert bar.focus_primary()
    assert pay.hasFocus()


def test_what_is_against_the_next_act_can_be_read(front: Front) -> None:
    window = QWidget()
    card = Obstacles()
    QVBoxLayout(window).addWidget(card)
    front(window)
    card.show_offer(SUMS.next_offer(Sum(has_slip=False), TODAY))
    assert card.isVisible()
    assert texts(card) == ["It cannot be paid", "• Missing: slip, stamp."]
    for case in (Sum(), Sum(Step.DROPPED)):
        card.show_offer(SUMS.next_offer(case, TODAY))
        assert not card.isVisible()


def test_the_timeline_is_read_as_a_whole_and_by_keyboard(front: Front, qtbot: QtBot) -> None:
    line = Timeline()
    front(line)
    moments = (
        Moment("Paid (undone)", TODAY, Place.UNDONE, "某甲", "bounced"),
        Moment("Overdue: Pay", TODAY, Place.LATE),
        Moment("Next: Settle", None, Place.NEXT),
    )
    line.show_moments(moments)
    assert line.accessibleDescription().splitlines() == [
        "2026-03-02 Paid (undone) · bounced · by 某甲",
        "by 2026-03-02 Overdue: Pay",
        "— Next: Settle",
    ]
    line.setFocus(Qt.FocusReason.TabFocusReason)
    assert line.hasFocus()
    line.show_moments(moments[:1])
    words = ["2026-03-02", "Paid (undone) · bounced · by 某甲"]
    qtbot.waitUntil(lambda: [text for text in texts(line) if text] == words)


def test_the_dialog_of_an_undo_says_what_to_know_and_needs_a_reason(qtbot: QtBot, front: Front) -> None:
    page = QWidget()
    front(page)
    [offer] = SUMS.offered(Sum(Step.SETTLED), "clerk", TODAY)
    dialog = undo_dialog(page, "Open it?", offer, "Lane 168")
    dialog.open()
    assert "Lane 168\nA second person must agree." in [label.text() for label in dialog.findChildren(QLabel)]
    assert dialog.save_button.text() == "Open"
    dialog.save_button.click()
    assert set(dialog.form.errors()) == {"reason"}
    dialog.form.set_value("reason", "counted twice")
    with qtbot.waitSignal(dialog.form.submitted) as signal:
        dialog.save_button.click()
    assert signal.args == [{"reason": "counted twice"}]
    dialog.done_saving()
