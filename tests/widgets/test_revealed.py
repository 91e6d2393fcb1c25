from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.widgets.fields import Field, Masked
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.masked import MaskedValue
from fuyuan_desk.widgets.revealed import CaptureBar, Revealed


class Screen:
    """What the system was asked to keep out of pictures."""

    def __init__(self) -> None:
        self.obeys = True
        self.barred: dict[int, bool] = {}

    def __call__(self, window: int, is_barred: bool) -> bool:
        self.barred[window] = is_barred
        return self.obeys

    def holds(self, window: QWidget) -> bool:
        return self.barred.get(int(window.winId()), False)


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def bar(qapp: QApplication, screen: Screen) -> Iterator[CaptureBar]:
    made = CaptureBar(qapp, screen, True)
    yield made
    made.setParent(None)


@pytest.fixture
def window(qtbot: QtBot, bar: CaptureBar) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    QVBoxLayout(made)
    made.show()
    return made


def put(window: QWidget, widget: QWidget) -> None:
    layout = window.layout()
    assert layout is not None
    layout.addWidget(widget)
    widget.show()


@pytest.fixture
def value(window: QWidget) -> MaskedValue:
    made = MaskedValue("telephone", "138****5678")
    put(window, made)
    return made


def test_a_window_is_barred_while_a_value_is_revealed(
    window: QWidget, value: MaskedValue, screen: Screen
) -> None:
    assert screen.barred == {}
    value.reveal("13812345678")
    assert screen.holds(window)
    value.hide_again()
    assert not screen.holds(window)


def test_it_stays_barred_until_the_last_value_is_masked(
    window: QWidget, value: MaskedValue, screen: Screen
) -> None:
    other = MaskedValue("identity number", "310101********1234")
    put(window, other)
    value.reveal("13812345678")
    other.reveal("310101194910010002")
    other.reveal("310101194910010002")  # again
    value.hide_again()
    assert screen.holds(window)
    other.hide_again()
    assert not screen.holds(window)


def test_what_is_out_of_sight_bars_nothing(window: QWidget, screen: Screen) -> None:
    pages = QStackedWidget()
    made = MaskedValue("telephone", "138****5678")
    pages.addWidget(made)
    pages.addWidget(QWidget())
    put(window, pages)
    made.reveal("13812345678")
    pages.setCurrentIndex(1)
    assert not screen.holds(window)
    pages.setCurrentIndex(0)
    assert screen.holds(window)
    made.deleteLater()


def test_only_the_window_that_shows_it_is_barred(
    qtbot: QtBot, window: QWidget, value: MaskedValue, screen: Screen
) -> None:
    dialog = QDialog(window)
    QVBoxLayout(dialog)
    dialog.show()
    inner = MaskedValue("telephone", "138****5678")
    put(dialog, inner)
    inner.reveal("13812345678")
    assert (screen.holds(dialog), screen.holds(window)) == (True, False)
    dialog.hide()
    assert not screen.holds(dialog)


def test_a_masked_field_that_is_revealed_and_saved_numbers_in_a_form(window: QWidget, screen: Screen) -> None:
    form = Form([Field("name", "Name"), Field("phones", "Phones", "phones"),
                 Field("id_number", "ID number", sensitive=True)])  # fmt: skip
    put(window, form)
    form.set_values(
        {"name": "张三", "phones": Masked("138****5678"), "id_number": Masked("310101********1234")}
    )
    assert not screen.holds(window)
    form.reveal("phones", ["13812345678"])
    assert screen.holds(window)
    form.set_values({"name": "张三", "phones": Masked("138****5678")})
    assert not screen.holds(window)
    form.set_values({"name": "张三", "phones": ["13812345678"]})  # opened for editing, which is logged
    assert screen.holds(window)
    form.set_values({})
    assert not screen.holds(window)
    form.set_values({"name": "张三", "id_number": "310101194910010002"})
    assert screen.holds(window)
    form.hide()
    assert not screen.holds(window)


def test_it_can_be_turned_off_and_on_while_something_is_revealed(
    window: QWidget, value: MaskedValue, bar: CaptureBar, screen: Screen
) -> None:
    value.reveal("13812345678")
    bar.set_on(False)
    assert not screen.holds(window)
    value.hide_again()
    value.reveal("13812345678")
    assert not screen.holds(window)
    bar.set_on(True)
    assert screen.holds(window)


def test_a_system_that_refuses_is_asked_again_the_next_time(
    window: QWidget, value: MaskedValue, screen: Screen
) -> None:
    screen.obeys = False
    value.reveal("13812345678")
    screen.barred.clear()
    value.hide_again()
    screen.obeys = True
    value.reveal("13812345678")
    assert screen.holds(window)


def test_where_the_system_cannot_do_it_nothing_is_asked(
    qtbot: QtBot, qapp: QApplication, screen: Screen
) -> None:
    made = CaptureBar(qapp, screen, False)
    shown = QWidget()
    qtbot.addWidget(shown)
    shown.show()
    Revealed(shown).set_on(True)
    assert screen.barred == {}
    made.setParent(None)


def test_a_window_that_is_gone_is_forgotten(
    qtbot: QtBot, window: QWidget, bar: CaptureBar, screen: Screen
) -> None:
    dialog = QDialog(window)
    dialog.show()
    Revealed(dialog).set_on(True)
    assert screen.holds(dialog)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.deleteLater()
    bar.set_on(False)
    bar.set_on(True)
