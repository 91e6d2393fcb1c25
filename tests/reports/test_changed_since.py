"""A month that was printed: what its figures say otherwise since is told, on the page, on paper and in Excel."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service.estates import save_estate
from fuyuan_desk.inspections.facts import Correction
from fuyuan_desk.inspections.rules.visits import Conclusion
from fuyuan_desk.inspections.service.corrections import correct_visit, visit_to_correct
from fuyuan_desk.kit.book import Known
from fuyuan_desk.organisations.facts import OrganisationFields
from fuyuan_desk.organisations.service.merging import merge
from fuyuan_desk.organisations.service.organisations import save_organisation
from fuyuan_desk.reports.facts import BookFigures, Period
from fuyuan_desk.reports.rules.periods import as_of
from fuyuan_desk.reports.rules.tables import CHANGED, tables
from fuyuan_desk.reports.service.books import book_for_print, read_figures
from fuyuan_desk.reports.sheets import month_book
from fuyuan_desk.reports.workbook import figure_sheets
from fuyuan_desk.workorders.facts import Assignment, NewOrder
from fuyuan_desk.workorders.service.acts import dispatch
from fuyuan_desk.workorders.service.making import edit_order, make_order
from tests.paper import pdf
from tests.workorders.conftest import log_failures

FEBRUARY, MARCH = Period(2026, 2), Period(2026, 3)
THEN = datetime(2026, 2, 10, 2, tzinfo=UTC)
LATER = datetime(2026, 3, 20, 2, tzinfo=UTC)
TODAY = datetime.now().astimezone().date()  # the trail goes by the clock on the wall


@pytest.fixture
def then(seat: Seat) -> Seat:
    """A seat in February, in an office with an estate."""
    made = replace(seat, now=lambda: THEN)
    save_estate(made, EstateFields("南昌路168弄"))
    return made


@pytest.fixture
def later(then: Seat) -> Seat:
    """The same seat in March, when February is printed."""
    return replace(then, now=lambda: LATER)


def _told(figures: BookFigures) -> dict[str, tuple[str, str]]:
    return {one.name: (one.before, one.now) for one in figures.changed}


def _order(seat: Seat) -> NewOrder:
    return NewOrder(1, "楼道灯不亮", "general", seat.now(), "3号楼", source="office")


def test_nothing_is_told_of_a_month_that_stayed_as_it_was(then: Seat, later: Seat) -> None:
    make_order(then, _order(then))
    assert book_for_print(later, FEBRUARY).figures.changed == ()
    make_order(later, _order(later))
    found = read_figures(later, FEBRUARY)
    assert (found.changed, [table.key for table in tables(found) if table.key == CHANGED]) == ((), [])
    assert read_figures(later, replace(FEBRUARY, estate_id=1)).changed == ()


def test_a_beginning_that_is_corrected_after_the_print_is_told(then: Seat, later: Seat) -> None:
    order = make_order(later, replace(_order(then), begun_at=THEN))
    book_for_print(later, FEBRUARY)
    moved = replace(_order(later), begun_at=LATER - timedelta(days=1), reason="记错日期")
    edit_order(later, order.id, order.version, moved)
    found = read_figures(later, FEBRUARY)
    assert _told(found)["Work orders · Orders made / reopened / closed"] == ("1 / 0 / 0", "0 / 0 / 0")
    assert as_of(found).endswith(f"{len(found.changed)} figures differ from the book printed on {TODAY}.")
    # the next paper tells it, and what it says holds from then on
    book = book_for_print(later, FEBRUARY)
    printed = month_book(book)
    text = "".join(pdf.flat(printed, page) for page in range(1, printed.pages + 1)).replace(" ", "")
    assert f"与{TODAY}打印的月报不同" in text
    assert "1/0/0" in text
    assert any(str(TODAY) in sheet.name for sheet in figure_sheets(book.figures))
    assert read_figures(later, FEBRUARY).changed == ()


def test_organisations_that_are_merged_are_told(then: Seat, later: Seat) -> None:
    kept, gone = (
        save_organisation(then, OrganisationFields(name, "property")) for name in ("福元物业", "沪上维修")
    )
    for whose in (kept, gone):
        order = make_order(then, _order(then))
        dispatch(then, order.id, order.version, Assignment(whose.id))
    book_for_print(later, FEBRUARY)
    merge(later, (Known(kept.id, kept.version), Known(gone.id, gone.version)))
    told = _told(read_figures(later, FEBRUARY))
    assert told["福元物业 · Orders it had"] == ("1", "2")
    assert told["沪上维修 · Orders it had"] == ("1", "–")
    assert not any(name.startswith("Work orders ·") for name in told)


def test_a_table_of_which_only_the_parts_moved_is_named(then: Seat, later: Seat) -> None:
    visit = log_failures(then, 1, {0: "堆物", 1: "灯坏"})
    book_for_print(later, FEBRUARY)
    known = visit_to_correct(later, visit.id)
    swapped = {known.findings[0].item: known.findings[2], known.findings[2].item: known.findings[0]}
    findings = tuple(replace(swapped.get(one.item, one), item=one.item) for one in known.findings)
    fields = {
        "handling": Conclusion.DEADLINE,
        "deadline": known.visit.deadline,
        "remarks": "",
        "reason": "看错行",
    }
    correct_visit(later, Correction(visit.id, known.version, findings, **fields))
    told = _told(read_figures(later, FEBRUARY))
    assert told == {"Pass rate of items": ("", "other figures")}


def test_a_month_that_is_not_over_and_another_range_are_not_compared(then: Seat, later: Seat) -> None:
    make_order(later, _order(later))
    book_for_print(later, MARCH)
    make_order(later, _order(later))
    assert read_figures(later, MARCH).changed == ()
    book_for_print(later, FEBRUARY)
    make_order(later, _order(then))
    company = replace(later, operator=replace(later.operator, role=Role.PROPERTY, estates=frozenset({1})))
    assert read_figures(later, FEBRUARY).changed
    assert read_figures(company, FEBRUARY).changed == ()


def test_it_is_told_in_the_language_of_the_screen(then: Seat, later: Seat) -> None:
    book_for_print(later, FEBRUARY)
    make_order(later, _order(then))
    with in_chinese():
        assert any(name.startswith("派工单 · ") for name in _told(read_figures(later, FEBRUARY)))
