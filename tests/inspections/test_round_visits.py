"""Visits and the rounds that they fill: with the checklist of the plan, at the place, in time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.facts.houses import BuildingFields
from fuyuan_desk.estates.service import buildings
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit, Subject, VersionDetail, VersionFields, VisitDetail
from fuyuan_desk.inspections.rules.checklists import TypedItem
from fuyuan_desk.inspections.rules.visits import Finding, Result, SheetScope, SubjectKind
from fuyuan_desk.inspections.service import checklists, rounds
from fuyuan_desk.inspections.service import round_plans as plans
from fuyuan_desk.inspections.service.page_data import blank_papers
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.book import Known
from tests.inspections.test_rounds import PLAN, TODAY, stored, visit

OWN = (TypedItem("door", "门禁", "单元门关闭"),)


def published(seat: Seat) -> str:
    """Publish a checklist of the office's own, and return its key."""
    begun = checklists.begin_checklist(seat, SubjectKind.ESTATE, "冬季巡查表")
    made = checklists.save_draft_version(seat, VersionFields("冬季巡查表", "Winter", OWN), _known(begun))
    fields = VersionFields(made.name, made.name_en, made.items, seat.today())
    return checklists.publish_version(seat, fields, _known(made)).line.key


def _known(detail: VersionDetail) -> Known:
    assert detail.line.id is not None
    return Known(detail.line.id, detail.record_version)


def logged_with(seat: Seat, subject: Subject, round_id: int, **fields: Any) -> VisitDetail:
    found = tuple(Finding(item.key, Result.PASS) for item in checklist_for(subject.kind).items)
    new = NewVisit(subject, seat.now(), Party.COMMITTEE, "何斌", found, round_id=round_id)
    return log_visit(seat, replace(new, **fields))


def test_a_round_is_filled_with_its_own_checklist_in_its_time(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    estate = two_estates[0]
    for label in ("1号", "2号"):
        buildings.save_building(seat, BuildingFields(label, estate_id=estate))
    own = published(seat)
    assert own in {option.id for option in plans.checklist_options(seat)}
    saved = plans.save_plan(seat, replace(PLAN, checklist=own, objects="building", estates=(estate,)))
    line = next(row for row in rounds.list_rounds(seat).rows if row.fields.place == "1号")
    assert rounds.round_to_log(seat, line.id).checklist == own
    lane = estate_subjects(seat, [estate])[0]
    year_ago = datetime(2025, 1, 1, tzinfo=UTC)
    answers = {"checklist": own, "findings": (Finding("door", Result.PASS),)}
    sheets = [
        blank_papers(seat, (lane,), scope=scope, checklist=own).sheets[-1].number
        for scope in (SheetScope.BUILDING, SheetScope.ESTATE)
    ]
    for fields, field in (
        ({}, "checklist"),
        ({**answers, "at": year_ago}, "at"),
        *(({**answers, "sheet": sheet}, "sheet") for sheet in sheets),  # of 2号, of the whole
    ):
        with pytest.raises(InvalidInput) as refused:
            logged_with(seat, lane, line.id, **fields)
        assert field in refused.value.fields
    done = logged_with(seat, lane, line.id, **answers)
    assert "楼道巡查 of 2026-03-02" in done.round
    assert [row[4] for row in stored(seat, saved.id) if row[2] == TODAY] == ["done", "open"]


def test_a_sheet_is_not_entered_for_a_day_before_it_was_printed(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    lane = estate_subjects(seat, [two_estates[0]])[0]
    number = blank_papers(seat, (lane,)).sheets[0].number
    before = seat.now() - timedelta(days=1)
    found = tuple(Finding(item.key, Result.PASS) for item in checklist_for(SubjectKind.ESTATE).items)
    with pytest.raises(InvalidInput) as refused:
        log_visit(seat, NewVisit(lane, before, Party.COMMITTEE, "何斌", found, sheet=number))
    assert list(refused.value.fields) == ["at"]


def test_a_visit_before_the_versions_of_the_law_is_read_with_the_oldest(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    lane = estate_subjects(seat, [two_estates[0]])[0]
    old = visit(replace(seat, now=lambda: datetime(2016, 11, 29, 2, tzinfo=UTC)), lane)
    assert any("56" in ref or "五十六" in ref for item in old.items for ref in item.clauses)
