"""The list of what is not done: of an estate, an organisation or a person, as of a day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import InvalidInput, NotFound
from fuyuan_desk.estates.records import Estate
from fuyuan_desk.inspections.records import PrintedSheet
from fuyuan_desk.reports.facts import NotDoneOf
from fuyuan_desk.reports.service.not_done import not_done_choices, not_done_for_print
from fuyuan_desk.reports.sheets import not_done_sheet
from fuyuan_desk.workorders.facts import NewOrder
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.service import making, waiting
from tests.paper import pdf
from tests.reports.conftest import Shown
from tests.sample_office import SAMPLE_NOW

TODAY = SAMPLE_NOW.date()


def _estate(seat: Seat, name: str) -> int:
    with seat.store.use() as session:
        return session.query(Estate).filter(Estate.name == name).one().id


def test_the_list_of_an_estate_has_all_four_parts(sample_seat: Seat) -> None:
    found = not_done_for_print(sample_seat, NotDoneOf(TODAY, _estate(sample_seat, "南昌路168弄")))
    assert found.rounds is not None
    assert found.findings is not None
    assert found.sheets is not None
    assert [one.latest_on < TODAY for one in found.rounds] == [True]
    assert [one.begun for one in found.findings] == [TODAY - timedelta(days=4)] * 2
    assert [one.status for one in found.orders] == [OrderStatus.TO_VERIFY]
    assert found.sheets
    printed = not_done_sheet(found)
    text = "".join(pdf.flat(printed, page) for page in range(1, printed.pages + 1)).replace(" ", "")
    for part in ("未完成清单", "南昌路168弄", "漏巡8天", "待核实", "未交回的巡查表", "责任人签收"):
        assert part in text


def test_the_list_of_a_person_or_an_organisation_has_what_is_theirs(sample_seat: Seat) -> None:
    choices = not_done_choices(sample_seat)
    assert "李思远" in choices.persons
    of_person = not_done_for_print(sample_seat, NotDoneOf(TODAY, person="李思远"))
    assert of_person.findings is None
    assert {one.lead for one in of_person.rounds or ()} == {"李思远"}
    everything = not_done_for_print(sample_seat, NotDoneOf(TODAY)).sheets or ()
    assert of_person.sheets == tuple(one for one in everything if one.lead == "李思远")
    assert of_person.sheets
    key = next(key for key, name in choices.organisations.items() if "福元物业" in name)
    of_company = not_done_for_print(sample_seat, NotDoneOf(TODAY, organisation_id=key))
    assert of_company.rounds is None
    assert of_company.sheets is None
    assert {one.organisation for one in of_company.orders} == {choices.organisations[key]}
    assert next(one.is_overdue for one in of_company.orders)
    assert "责任单位" in pdf.flat(not_done_sheet(of_company), 1)


def test_a_sheet_that_is_written_off_is_out_no_more(sample_seat: Seat) -> None:
    of = NotDoneOf(TODAY, _estate(sample_seat, "南昌路168弄"))
    first, *others = not_done_for_print(sample_seat, of).sheets or ()
    with sample_seat.store.use() as session:
        session.query(PrintedSheet).filter(PrintedSheet.number == first.number).one().withdrawn_on = TODAY
        session.commit()
    assert list(not_done_for_print(sample_seat, of).sheets or ()) == others


def test_an_earlier_day_is_told_as_it_was(sample_seat: Seat) -> None:
    then = not_done_for_print(sample_seat, NotDoneOf(TODAY - timedelta(days=12)))
    # what was found, printed, written off and ordered since is not in it
    assert then.findings == ()
    assert then.sheets
    assert {one.printed_on for one in then.sheets} == {TODAY - timedelta(days=16)}
    assert {one.is_overdue for one in then.orders} <= {False}
    first = not_done_for_print(sample_seat, NotDoneOf(date(2026, 1, 1)))
    assert (first.rounds, first.orders) == ((), ())
    assert "无" in pdf.flat(not_done_sheet(first), 1)


def test_an_order_that_is_made_later_is_not_on_the_list_of_a_day_before(sample_seat: Seat) -> None:
    lane = _estate(sample_seat, "南昌路168弄")
    of = NotDoneOf(TODAY - timedelta(days=1), lane)
    before = not_done_for_print(sample_seat, of)
    row = waiting.findings_without_order(sample_seat, lane)[0]
    new = NewOrder(lane, "楼道堆物", "general", sample_seat.now(), findings=(row.id,), source="finding")
    making.make_order(sample_seat, new)
    assert replace(not_done_for_print(sample_seat, of), made=before.made) == before
    today = not_done_for_print(sample_seat, NotDoneOf(TODAY, lane))
    assert len(today.orders_of) == len(before.orders_of) + 1


def test_a_day_to_come_and_another_estate_are_refused(sample_seat: Seat) -> None:
    with pytest.raises(InvalidInput) as refused:
        not_done_for_print(sample_seat, NotDoneOf(TODAY + timedelta(days=1)))
    assert list(refused.value.fields) == ["day"]
    own = frozenset({_estate(sample_seat, "福元小区")})
    company = replace(sample_seat, operator=replace(sample_seat.operator, estates=own))
    with pytest.raises(NotFound):
        not_done_for_print(company, NotDoneOf(TODAY, _estate(sample_seat, "富南大厦")))
    assert set(not_done_choices(company).estates) == own


def test_the_page_asks_whose_list_it_is(shown: Shown) -> None:
    controller, settle = shown
    controller.page.not_done_button.click()
    settle()
    dialog = controller.not_done
    assert dialog is not None
    dialog.save_button.click()
    settle()
    assert controller.preview is not None
    controller.preview.close()
