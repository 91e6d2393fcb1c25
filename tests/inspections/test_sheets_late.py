"""Sheets that come back when much has changed: the plan, the name of the building, the year."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import InvalidInput, NotFound
from fuyuan_desk.estates.service import buildings
from fuyuan_desk.inspections.records import PlannedRound, PrintedSheet, VisitResult
from fuyuan_desk.inspections.rules.visits import Finding, Result
from fuyuan_desk.inspections.service import round_plans as plans
from fuyuan_desk.inspections.service import rounds, sheets_out
from fuyuan_desk.inspections.service.corrections import correct_visit, visit_to_correct
from fuyuan_desk.inspections.service.printed import find_sheet
from fuyuan_desk.inspections.service.round_days import plan_rounds
from tests.inspections.test_batches import TODAY, enter, lane, print_of, wanted
from tests.inspections.test_corrections import FIRST, corrected, entered
from tests.inspections.test_rounds import at

__all__ = ["entered", "lane"]  # fixtures


def filled_on(seat: Seat, visit_id: int) -> list[tuple[str, object]]:
    """Return place and day of the rounds that a visit fills."""
    with seat.store.use() as session:
        rows = session.scalars(select(PlannedRound).where(PlannedRound.visit_id == visit_id))
        return [(row.place, row.day) for row in rows]


@pytest.mark.parametrize("days", [0, 9])
def test_a_sheet_of_a_round_that_was_planned_anew_fills_it(seat: Seat, lane: int, days: int) -> None:
    number = print_of(seat, wanted(seat)).sheets[1].number
    plan = plans.plan_options(seat)[0].id
    line = plans.read_plan(seat, plan)
    plans.save_plan(seat, replace(line.fields, lead="陈静"), line.known)
    plan_rounds(seat)
    later = at(seat, TODAY + timedelta(days=days))
    assert filled_on(seat, enter(later, number).id) == [("1号", TODAY)]


def test_a_sheet_of_a_building_that_was_renamed_fills_its_round(seat: Seat, lane: int) -> None:
    number = print_of(seat, wanted(seat)).sheets[1].number
    line = next(one for one in buildings.list_buildings(seat, lane) if one.fields.label == "1号")
    buildings.save_building(seat, replace(line.fields, label="1号楼"), line.known)
    plan_rounds(seat)
    assert filled_on(seat, enter(seat, number).id) == [("1号楼", TODAY)]


def test_a_serial_without_its_year_is_that_of_the_sheet_that_is_out(seat: Seat, lane: int) -> None:
    old, new = print_of(seat, wanted(seat)[:2]).sheets
    with seat.store.use() as session:  # as if the first was the last year's
        rows = {row.number: row for row in session.scalars(select(PrintedSheet))}
        rows[old.number].number = "XCB-2025-000001"
        session.commit()
    assert find_sheet(seat, "xcb1") == find_sheet(seat, "1") == find_sheet(seat, "2025000001") == 1
    with seat.store.use() as session:
        rows[new.number] = session.merge(rows[new.number])
        rows[new.number].number = "XCB-2026-000001"
        session.commit()
    for short in ("xcb1", "１"):
        with pytest.raises(NotFound, match="with its year"):
            find_sheet(seat, short)
    assert find_sheet(seat, "XCB 2026 000001") == 2
    assert enter(seat, "XCB–2026000001").sheet == "XCB-2026-000001"
    assert find_sheet(seat, "xcb1") == 1, "the other one is not out any more"


def test_a_blank_reason_is_none(seat: Seat, lane: int) -> None:
    row = rounds.list_rounds(seat).rows[0]
    with pytest.raises(InvalidInput, match="why this round"):
        rounds.skip_round(seat, row.id, "\u200b")
    number = print_of(seat, wanted(seat)[:1]).sheets[0].number
    with pytest.raises(InvalidInput):
        sheets_out.withdraw_sheets(seat, [find_sheet(seat, number)], "lost", "\u200b")


def test_a_correction_keeps_and_changes_the_numbers_of_photos(seat: Seat, entered: object) -> None:
    with seat.store.use() as session:
        for result in session.scalars(select(VisitResult)):
            result.photo_numbers = "0421" if result.item == FIRST else "0415"
        session.commit()
    found = visit_to_correct(seat, 1)
    assert {one.photos for one in found.findings} == {"0421", "0415"}
    findings = tuple(
        Finding(FIRST, Result.FAIL, "楼道堆物", photos="0412") if one.item == FIRST else one
        for one in found.findings
    )
    correct_visit(seat, corrected(seat, found.visit, findings=findings))
    assert {one.photos for one in visit_to_correct(seat, 1).findings} == {"0412", "0415"}
    with pytest.raises(InvalidInput, match="Nothing differs"):
        correct_visit(seat, corrected(seat, visit_to_correct(seat, 1).visit, findings=findings))
