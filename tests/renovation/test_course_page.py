"""The course of a case on its page: buttons, timeline, undoing a start."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.facts import CaseDetail
from fuyuan_desk.renovation.rules.course import COURSE, CaseStatus
from fuyuan_desk.renovation.service import cases
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.work import Worker
from tests.renovation.clerk import PAINT, Front, Settled, add_home, file, opened, service_case
from tests.renovation.test_course import visit
from tests.screen import texts


@pytest.fixture
def case(page: RenovationController, seat: Seat, settled: Settled) -> CaseDetail:
    """A case under way, on the page."""
    filed = file(seat, 1, PAINT, starts_on=seat.today(), ends_on=seat.today())
    for paper in filed.documents:
        cases.receive_document(seat, filed.id, paper.document, seat.today())
    started = cases.start_work(seat, filed.id)
    page.open_case(filed.id)
    settled()
    return started


def offered(page: RenovationController) -> set[str]:
    buttons = {
        act.name: (page.case.undos if act.undoes else page.case.acts).button(act.name) for act in COURSE.acts
    }
    return {name for name, button in buttons.items() if button.isVisible()}


def test_the_page_does_every_act_of_the_course(page: RenovationController) -> None:
    assert set(page.acts) == {act.name for act in COURSE.acts}


def test_a_start_is_undone_on_the_page(
    page: RenovationController, case: CaseDetail, seat: Seat, settled: Settled
) -> None:
    assert offered(page) == {"edit", "visit", "extend", "undo_start", "close"}
    page.case.undos.button("undo_start").click()
    [dialog] = opened(FormDialog)
    dialog.save_button.click()
    settled()
    assert set(dialog.form.errors()) == {"reason"}
    dialog.form.set_value("reason", "点错了")
    dialog.save_button.click()
    settled()
    assert opened(FormDialog) == []
    assert service_case(seat).status is CaseStatus.REGISTERED
    assert offered(page) == {"edit", "visit", "start", "close"}
    [undone] = [text for text in texts(page.case.timeline) if text.startswith("Start undone")]
    assert undone == "Start undone · 点错了 · by 管理员"


def test_a_case_changed_meanwhile_is_refused_in_the_dialog(
    page: RenovationController, case: CaseDetail, seat: Seat, settled: Settled
) -> None:
    page.case.undos.button("undo_start").click()
    [dialog] = opened(FormDialog)
    cases.undo_start(seat, case.id, "also wrong")
    dialog.form.set_value("reason", "点错了")
    dialog.save_button.click()
    settled()
    assert "open and not started yet" in dialog.banner.text()
    assert dialog.form.values()["reason"] == "点错了"
    dialog.form.mark_clean()
    dialog.reject()


def test_why_a_start_cannot_be_undone_can_be_read(
    page: RenovationController, seat: Seat, case: CaseDetail, settled: Settled
) -> None:
    visit(seat, case.id)
    page.open_case(case.id)
    settled()
    undo = page.case.undos.button("undo_start")
    assert not undo.isEnabled()
    reason = f"The site was visited on {seat.today()}. Close the case instead."
    assert undo.toolTip() == reason
    assert f"The start cannot be undone: {reason}" in texts(page.case.timeline)


@pytest.mark.parametrize(
    ("role", "acts"), [(Role.VIEWER, set()), (Role.REVIEWER, set()), (Role.PROPERTY, {"visit"})]
)
def test_others_see_the_course_and_only_their_acts(
    seat: Seat,
    seat_as: Callable[[Role], Seat],
    worker: Worker,
    front: Front,
    settled: Settled,
    role: Role,
    acts: set[str],
) -> None:
    add_home(seat)
    filed = file(seat, 1)
    theirs = seat_as(role)
    estates = frozenset({filed.house.estate_id})
    desk = Desk(replace(theirs, operator=replace(theirs.operator, estates=estates)), worker)
    page = RenovationController(desk)
    front(page.page)
    page.open_case(filed.id)
    settled()
    assert offered(page) == acts
    assert page.case.missing.chip.text == f"{len(filed.documents)} missing to start"
    by = " · by 管理员" if role is Role.REVIEWER else ""
    assert f"Registered{by}" in texts(page.case.timeline)
    desk.close()
