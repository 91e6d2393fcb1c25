"""What failed at a place, was put right there and ordered for it stays there, whatever the place is called later."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.rules.places import RecordedPlace, told_apart
from fuyuan_desk.estates.service import buildings, estates, units
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.service.facilities import read_facility, save_facility
from fuyuan_desk.facilities.service.places import is_at
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit, PlanFields, VisitDetail
from fuyuan_desk.inspections.records import PlannedRound, Visit
from fuyuan_desk.inspections.rules.figures import Span
from fuyuan_desk.inspections.rules.visits import (
    Conclusion,
    Finding,
    Result,
    SheetScope,
    SubjectKind,
)
from fuyuan_desk.inspections.service import dues
from fuyuan_desk.inspections.service.figures import finding_spells, open_findings
from fuyuan_desk.inspections.service.page_data import blank_papers
from fuyuan_desk.inspections.service.queries import visit_detail
from fuyuan_desk.inspections.service.rechecks import before_visit
from fuyuan_desk.inspections.service.round_plans import save_plan
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.workorders.facts import OrderDetail
from fuyuan_desk.workorders.records import WorkOrder
from fuyuan_desk.workorders.service import making, waiting
from fuyuan_desk.workorders.service.places import orders_here
from tests.workorders.conftest import NOW, Office, new_order

ITEMS = checklist_for(SubjectKind.ESTATE).items
FIRST, SECOND = ITEMS[0].key, ITEMS[2].key
_SHEETS = {"building": SheetScope.BUILDING, "gate": SheetScope.GATE}


@dataclass
class Lane:
    """An estate with a building of one gate and a lift; `what` of these is visited and renamed."""

    office: Office
    what: str
    estate: int
    building: int
    lift: int
    visits: list[int] = field(default_factory=list)

    def visit(self, days: int, *failing: str) -> VisitDetail:
        """Log a visit to the place, by its printed sheet or by a round of it."""
        seat = self.office.after(days=days)
        subject = estate_subjects(seat, [self.estate])[0]
        found = tuple(
            Finding(item.key, Result.FAIL, "坏了") if item.key in failing else Finding(item.key, Result.PASS)
            for item in ITEMS
        )
        logged = log_visit(
            seat,
            NewVisit(
                subject, seat.now(), Party.COMMITTEE, "李思远", found,
                handling=Conclusion.DEADLINE if failing else None,
                deadline=seat.today() if failing else None,
                sheet=self.sheet(seat), round_id=self.round(seat),
            ),
        )  # fmt: skip
        self.visits.append(logged.id)
        return logged

    def sheet(self, seat: Seat) -> str:
        """Print a sheet of the place."""
        if self.what not in _SHEETS:
            return ""
        subject = estate_subjects(seat, [self.estate])[0]
        [sheet] = blank_papers(seat, [subject], None, _SHEETS[self.what]).sheets
        return sheet.number

    def round(self, seat: Seat) -> int | None:
        """Plan rounds of the lift anew, and return the one of today."""
        if self.what != "facility":
            return None
        plan = PlanFields(
            f"电梯{self.estate}", checklist_for(SubjectKind.ESTATE).key, "facility", "lift", 1, "day",
            from_on=seat.today(), until_on=seat.today(), lead="李思远", estates=(self.estate,),
        )  # fmt: skip
        saved = save_plan(seat, plan).id
        with seat.store.use() as session:
            return session.query(PlannedRound).filter(PlannedRound.plan_id == saved).one().id

    def failed_before(self, days: int) -> dict[str, str]:
        """Return what is shown before the next visit."""
        seat = self.office.after(days=days)
        known = before_visit(seat, SubjectKind.ESTATE, self.estate, self.sheet(seat), self.round(seat)).failed
        return {} if known is None else {key: one.remark for key, one in known.items.items()}

    def rename(self, name: str = "12幢") -> None:
        """Call the place otherwise."""
        seat = self.office.seat
        if self.what == "estate":
            known = estates.estate_detail(seat, self.estate)
            estates.save_estate(
                seat, replace(known.fields, name=f"新{known.fields.name}"), self.estate, known.version
            )
        elif self.what == "facility":
            row = read_facility(seat, self.lift)
            save_facility(seat, replace(row.fields, number="9"), row.known)
        else:
            line = buildings.read_building(seat, self.building)
            buildings.save_building(seat, replace(line.fields, label=name), line.known)


def lane(office: Office, name: str, what: str) -> Lane:
    """Add an estate."""
    seat = office.seat
    estate = estates.save_estate(seat, EstateFields(name)).id
    made = buildings.save_building(seat, BuildingFields("3号", 6, True, estate_id=estate)).id
    if what == "gate":
        units.save_unit(seat, UnitFields(made, entrance="甲门", label="101室"))
    lift = save_facility(seat, FacilityFields("lift", "1", estate, made)).id
    return Lane(office, what, estate, made, lift)


def told(one: Lane, days: int) -> dict[str, Any]:
    """Return all that is told of the findings of an estate, without what it is called."""
    seat = one.office.after(days=days)
    span = Span(NOW.astimezone().date(), seat.today(), seat.now())
    rows = waiting.findings_without_order(seat, one.estate)
    with seat.store.use() as session:
        return {
            "waiting": [(row.finding.item.item, row.finding.before, row.same) for row in rows],
            "open": [(one.begun, len(one.result_ids)) for one in open_findings(session, span, one.estate)],
            "spells": sorted(
                (spell.begun, spell.ended or spell.begun)
                for spell in finding_spells(session, span, one.estate)
            ),
            "due": [
                (one.visits.index(task.record_id), task.detail)
                for task in dues.tasks(session, seat.today())
                if task.kind == "visit" and task.record_id in one.visits
            ],
        }


@pytest.mark.parametrize("what", ["building", "gate", "facility", "estate"])
def test_a_renaming_changes_nothing_in_what_is_told(office: Office, what: str) -> None:
    same, renamed = lane(office, "甲小区", what), lane(office, "乙小区", what)
    first = [one.visit(1, FIRST, SECOND) for one in (same, renamed)]
    renamed.rename()
    assert renamed.failed_before(2) == same.failed_before(2) == {FIRST: "坏了", SECOND: "坏了"}
    order = [making.make_order(office.after(days=2), _order(one)) for one in (same, renamed)]
    for one in (same, renamed):
        one.visit(3, SECOND)
    assert renamed.failed_before(4) == same.failed_before(4) == {SECOND: "坏了"}
    for days in (3, 4):
        expected, found = told(same, days), told(renamed, days)
        assert [(item, before) for item, before, _same in expected["waiting"]] == [(SECOND, 1)]
        assert [number for _item, _before, number in found["waiting"]] == [(order[1].id, order[1].number)]
        assert expected["open"] == [(NOW.astimezone().date() + timedelta(days=1), 2)]
        assert expected["due"]
        for part in ("open", "spells", "due"):
            assert found[part] == expected[part], part
    for one in (same, renamed):
        one.visit(5)
    assert [visit_detail(office.seat, one.id).corrected is not None for one in first] == [True, True]
    assert told(renamed, 6)["open"] == told(renamed, 6)["waiting"] == []


def _order(one: Lane) -> Any:
    """Return the input of an order of the second thing that failed."""
    [row] = [
        row
        for row in waiting.findings_without_order(one.office.after(days=2), one.estate)
        if row.finding.item.item == SECOND
    ]
    return new_order(one.office, estate_id=one.estate, place=row.place, source="finding", findings=(row.id,))


def test_what_is_called_as_it_was_is_another_place(office: Office) -> None:
    one = lane(office, "甲小区", "building")
    one.visit(1, FIRST)
    one.rename()
    buildings.save_building(office.seat, BuildingFields("3号", 6, False, estate_id=one.estate))
    now = office.after(days=2)
    printed = blank_papers(now, estate_subjects(now, [one.estate]), None, SheetScope.BUILDING).sheets
    failed = {
        sheet.subject.split()[-1]: before_visit(now, SubjectKind.ESTATE, one.estate, sheet.number).failed
        for sheet in printed
    }
    assert {name: known is not None for name, known in failed.items()} == {"3号": False, "12幢": True}


def test_an_order_of_a_finding_is_of_the_place_as_it_is_called_now(office: Office) -> None:
    one = lane(office, "甲小区", "building")
    one.visit(1, SECOND)
    one.rename()
    made = making.make_order(office.after(days=2), _order(one))
    assert made.place == "12幢"
    place = RecordedPlace(_key(office, made), "3号")
    assert orders_here(office.after(days=3), one.estate, place.text, key=place.key).count == 1


def test_an_order_that_is_edited_stays_at_its_place(office: Office) -> None:
    one = lane(office, "甲小区", "building")
    made = making.make_order(office.seat, new_order(office, estate_id=one.estate, place="3号"))
    key = _key(office, made)
    one.rename()
    buildings.save_building(office.seat, BuildingFields("3号", 6, False, estate_id=one.estate))
    changed = replace(making.order_for_edit(office.seat, made.id), title="灯又坏了")
    assert _key(office, made) == key
    edited = making.edit_order(office.seat, made.id, None, changed)
    assert (_key(office, edited), edited.title) == (key, "灯又坏了")


def _key(office: Office, made: OrderDetail) -> str:
    with office.seat.store.use() as session:
        return session.get_one(WorkOrder, made.id).place_key


def test_a_place_recorded_without_a_key_is_told_by_its_text(office: Office) -> None:
    one = lane(office, "甲小区", "building")
    one.visit(1, FIRST, SECOND)
    with office.seat.store.use() as session:
        session.get_one(Visit, one.visits[0]).place_key = ""
        session.commit()
    assert one.failed_before(2) == {FIRST: "坏了", SECOND: "坏了"}
    one.visit(3, SECOND)
    found = told(one, 4)
    assert [(item, before) for item, before, _same in found["waiting"]] == [(SECOND, 1), (SECOND, 0)]
    assert len(found["open"]) == len(found["due"]) == 1
    one.rename()
    assert one.failed_before(5) == {SECOND: "坏了"}, "by the key of the second visit"


PLACES = [
    RecordedPlace(), RecordedPlace("a", "3号"), RecordedPlace("a", "12幢"), RecordedPlace("b", "3号"),
    RecordedPlace("", "3号"), RecordedPlace("", "弄口"),
]  # fmt: skip


@pytest.mark.parametrize("one", PLACES)
@pytest.mark.parametrize("other", PLACES)
def test_a_condition_says_what_the_rule_says(
    office: Office, one: RecordedPlace, other: RecordedPlace
) -> None:
    made = making.make_order(office.seat, new_order(office))
    with office.seat.store.use() as session:
        row = session.get_one(WorkOrder, made.id)
        row.place_key, row.place = one
        session.flush()
        found = session.query(WorkOrder.id).filter(is_at(WorkOrder, *other)).all()
        session.rollback()
    assert bool(found) is one.is_same(other) is other.is_same(one)


def test_what_has_no_key_is_the_only_place_that_was_called_so() -> None:
    assert told_apart([RecordedPlace("a", "3号"), RecordedPlace("", "3号")])[RecordedPlace("", "3号")] == "a"
    assert told_apart(PLACES)[RecordedPlace("", "3号")] == "3号", "two were called so"
    assert told_apart(PLACES)[RecordedPlace("a", "12幢")] == "a"
