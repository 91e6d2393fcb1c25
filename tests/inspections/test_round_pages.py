"""The pages of rounds and of their plans, as a clerk uses them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.controller.round_plans import PlansController
from fuyuan_desk.inspections.controller.rounds import RoundsController
from fuyuan_desk.inspections.rules.rounds import RoundState
from fuyuan_desk.inspections.service import round_plans, rounds
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.dialogs import FormDialog
from tests.inspections.test_round_visits import published
from tests.inspections.test_rounds import PLAN, TODAY

Settled = Callable[[], None]
Front = Callable[[QWidget], None]


@pytest.fixture
def planned(seat: Seat, two_estates: tuple[int, int]) -> int:
    """A plan with rounds in two estates."""
    return round_plans.save_plan(seat, PLAN).id


@pytest.fixture
def rounds_page(desk: Desk, planned: int, front: Front, settled: Settled) -> RoundsController:
    made = RoundsController(desk)
    front(made.page)
    settled()
    return made


@pytest.fixture
def plans_page(desk: Desk, two_estates: tuple[int, int], front: Front, settled: Settled) -> PlansController:
    made = PlansController(desk)
    front(made.page)
    settled()
    return made


def states(seat: Seat) -> list[RoundState]:
    return [line.extra["standing"].state for line in rounds.list_rounds(seat).rows]


def test_a_round_is_logged_from_the_list_with_all_that_is_known(
    rounds_page: RoundsController, page: InspectionsController, seat: Seat, settled: Settled
) -> None:
    rounds_page.log_requested.connect(page.log_round)
    rounds_page.view.table.table.selectRow(0)
    rounds_page.view.new_button.click()
    settled()
    form = page.entry.view.form
    assert form.subject() is not None
    assert form.editor("inspectors").value() == "何斌"
    page.entry.view.checklist.answer_rest()
    form.submit()
    settled()
    assert states(seat).count(RoundState.ON_TIME) == 1
    assert page.shown_record is not None
    done = rounds.list_rounds(seat, BookQuery(facets={"outcome": "done"})).rows[0]
    page.show_log()
    page.log_round(done.id)  # once it is done, its visit is shown
    settled()
    assert page.shown_record == ("visit", done.fields.visit_id)


def test_what_is_new_is_planned_when_the_page_is_shown(
    desk: Desk, planned: int, front: Front, settled: Settled, seat: Seat
) -> None:
    estates.save_estate(seat, EstateFields("思南路26弄"))
    made = RoundsController(desk)
    front(made.page)
    settled()
    assert made.view.table.model.total == 54


def test_a_round_is_asked_for_before_it_is_logged(rounds_page: RoundsController) -> None:
    asked: list[int] = []
    rounds_page.log_requested.connect(asked.append)
    rounds_page.view.table.table.clearSelection()
    rounds_page.view.new_button.click()
    assert asked == []
    assert rounds_page.view.banner.text() == "Choose the round in the list first."


def _dialog() -> FormDialog:
    return next(
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, FormDialog) and widget.isVisible()
    )


def test_a_round_is_left_out_with_its_reason(
    rounds_page: RoundsController, seat: Seat, settled: Settled
) -> None:
    button = rounds_page.skip_button
    assert not button.isEnabled()
    rounds_page.view.table.table.selectRow(0)
    button.click()
    settled()
    _dialog().form.set_value("reason", "台风")
    _dialog().form.submit()
    settled()
    assert states(seat).count(RoundState.SKIPPED) == 1


def test_an_empty_list_leads_to_the_plans(
    desk: Desk, two_estates: tuple[int, int], front: Front, settled: Settled, qtbot: QtBot
) -> None:
    made = RoundsController(desk)
    front(made.page)
    settled()
    with qtbot.waitSignal(made.plans_requested):
        made.view.table.first_step.emit()


def test_what_a_plan_means_is_said_while_it_is_typed(
    plans_page: PlansController, qtbot: QtBot, settled: Settled, seat: Seat
) -> None:
    plans_page.new_record()
    settled()
    form = plans_page.book_page.view.pane.form
    values = {"name": "楼道", "checklist": "estate", "lead": "何斌", "times": 2}
    for name, value in values.items():
        form.set_value(name, value)
    qtbot.waitUntil(lambda: "Monday, Thursday" in plans_page.preview.sentence.text())
    assert "2 objects: 南昌路168弄, 富南大厦" in plans_page.preview.detail.text()
    form.set_value("until_on", TODAY - timedelta(days=1))
    qtbot.waitUntil(lambda: plans_page.preview.sentence.text() == "")
    assert "before the first" in plans_page.preview.detail.text()
    form.set_value("until_on", None)
    form.submit()
    settled()
    assert len(states(seat)) == 36


def test_a_checklist_of_the_office_is_planned_and_asked(
    page: InspectionsController,
    seat: Seat,
    two_estates: tuple[int, int],
    desk: Desk,
    front: Front,
    settled: Settled,
) -> None:
    own = published(seat)
    plans_page = PlansController(desk)
    front(plans_page.page)
    plans_page.new_record()
    settled()
    form = plans_page.book_page.view.pane.form
    for name, value in {"name": "冬季", "checklist": own, "lead": "何斌"}.items():
        form.set_value(name, value)
    form.submit()
    settled()
    page.log_round(rounds.list_rounds(seat).rows[0].id)
    settled()
    assert page.entry.view.form.checklist_key() == own
    page.entry.view.checklist.answer_rest()
    page.entry.view.form.submit()
    settled()
    assert states(seat).count(RoundState.ON_TIME) == 1


def test_fields_that_say_nothing_are_not_shown(plans_page: PlansController, settled: Settled) -> None:
    plans_page.new_record()
    settled()
    form = plans_page.book_page.view.pane.form
    assert not form.editor("facility_kind").isVisibleTo(form)
    assert form.editor("weekdays").isVisibleTo(form)
    form.set_value("objects", "facility")
    form.set_value("unit", "month")
    assert form.editor("facility_kind").isVisibleTo(form)
    assert not form.editor("weekdays").isVisibleTo(form)
    assert form.editor("days").isVisibleTo(form)


def test_a_property_company_sees_rounds_but_neither_plans_nor_acts(
    desk_as: Callable[[Role], Desk], planned: int, front: Front, settled: Settled
) -> None:
    made = RoundsController(desk_as(Role.PROPERTY))
    front(made.page)
    settled()
    assert made.plans_button.isHidden()
    assert made.skip_button.isHidden()
