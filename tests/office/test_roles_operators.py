"""Operators: the five roles' duties, and the estates of a property company's operators."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fuyuan_desk.access.records import OperatorEstate
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.estates.service.page_data import estate_choices
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office import rules
from fuyuan_desk.office.controller.operators import ROLE_DUTIES
from fuyuan_desk.office.controller.settings import SettingsController
from fuyuan_desk.office.service.operators import (
    OperatorView,
    add_operator,
    list_operators,
    reactivate_operator,
    set_operator,
)
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.widgets.dialogs import FormDialog
from tests.conftest import CHEAP, PASSWORD


@pytest.fixture
def lanes(seat: Seat) -> tuple[int, int]:
    """Two estates."""
    first, second = (estates.save_estate(seat, EstateFields(name)).id for name in ("甲小区", "乙小区"))
    return first, second


def view_of(seat: Seat, role: Role) -> OperatorView:
    return next(view for view in list_operators(seat) if view.role is role)


# --- the service ---------------------------------------------------------------------------------------


def test_estates_apply_from_the_next_sign_in(seat: Seat, lanes: tuple[int, int]) -> None:
    first, second = lanes
    add_operator(seat, "he", "何斌", Role.PROPERTY, PASSWORD, CHEAP, frozenset({first}))
    folder = seat.store.folder
    seat.store.close()
    signed = sign_in(folder, "he", PASSWORD)
    assert signed.operator.estates == {first}
    assert [row.id for row in estates.list_estates(signed).rows] == [first]
    signed.store.close()
    again = sign_in(folder, "admin", PASSWORD)
    he = next(view for view in list_operators(again) if view.login == "he")
    assert he.estates == {first}
    set_operator(again, he.id, Role.PROPERTY, True, frozenset({second}))
    again.store.close()
    signed = sign_in(folder, "he", PASSWORD)
    assert signed.operator.estates == {second}
    signed.store.close()


def test_only_a_property_company_has_estates(seat: Seat, lanes: tuple[int, int]) -> None:
    view = view_of(seat, Role.PROPERTY)
    set_operator(seat, view.id, Role.PROPERTY, True, frozenset(lanes))
    assert view_of(seat, Role.PROPERTY).estates == set(lanes)
    set_operator(seat, view.id, Role.CLERK, True, frozenset(lanes))
    with seat.store.use() as session:
        assert session.scalars(select(OperatorEstate)).all() == []


def test_an_operator_of_a_property_company_needs_an_estate(seat: Seat, lanes: tuple[int, int]) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_operator(seat, "he", "何斌", Role.PROPERTY, PASSWORD, CHEAP)
    assert "estates" in refused.value.fields
    view = view_of(seat, Role.CLERK)
    with pytest.raises(InvalidInput):
        set_operator(seat, view.id, Role.PROPERTY, True)
    set_operator(seat, view.id, Role.PROPERTY, False)  # who may not sign in needs none
    with pytest.raises(InvalidInput):
        reactivate_operator(seat, view.id, Role.PROPERTY, "a-new-word-9", CHEAP)
    reactivate_operator(seat, view.id, Role.PROPERTY, "a-new-word-9", CHEAP, frozenset(lanes))
    assert view_of(seat, Role.PROPERTY).estates == set(lanes)


# --- the page ------------------------------------------------------------------------------------------


@pytest.fixture
def made(qtbot: QtBot, desk: Desk, lanes: tuple[int, int]) -> SettingsController:
    controller = SettingsController(desk, Preferences())
    controller.use_estates(estate_choices)
    qtbot.addWidget(controller.page)
    controller.page.show()
    qtbot.waitUntil(lambda: controller.page.operators.rowCount() == len(Role))
    return controller


def open_dialog(qtbot: QtBot) -> FormDialog:
    def open_ones() -> list[FormDialog]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, FormDialog) and w.isVisible()]

    qtbot.waitUntil(lambda: bool(open_ones()))
    return open_ones()[0]


def label_texts(dialog: FormDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize("role", Role)
def test_each_roles_duties_are_shown_when_chosen(qtbot: QtBot, made: SettingsController, role: Role) -> None:
    made.page.add_operator_requested.emit()
    dialog = open_dialog(qtbot)
    combo = dialog.form.editor("role").inner()[0]
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Home)
    for _step in range(list(Role).index(role) + 1):
        qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert dialog.form.editor("role").value() == role.value
    assert ROLE_DUTIES[role] in label_texts(dialog)
    boxes = dialog.form.editor("estates").inner()
    assert all(box.isVisible() == (role is Role.PROPERTY) for box in boxes)
    assert len(boxes) == 2
    dialog.form.mark_clean()
    dialog.reject()


def test_estates_are_chosen_with_the_space_bar(
    qtbot: QtBot, made: SettingsController, seat: Seat, lanes: tuple[int, int]
) -> None:
    view = view_of(seat, Role.PROPERTY)
    made.page.change_operator_requested.emit(view.id)
    dialog = open_dialog(qtbot)
    assert "next sign-in" in label_texts(dialog)
    box = next(b for b in dialog.form.editor("estates").inner() if b.property("text") == "乙小区")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    dialog.form.submit()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert view_of(seat, Role.PROPERTY).estates == {lanes[1]}


def test_a_new_password_is_rated_while_typing(qtbot: QtBot, made: SettingsController) -> None:
    made.page.add_operator_requested.emit()
    dialog = open_dialog(qtbot)
    line = dialog.form.editor("password").inner()[0]
    qtbot.keyClicks(line, "abc")
    assert rules.password_quality_text("abc") in label_texts(dialog)
    qtbot.keyClicks(line, "-Rhubarb-1234")
    assert "Very good" in label_texts(dialog)
    dialog.form.mark_clean()
    dialog.reject()
