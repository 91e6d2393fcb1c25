"""What orders and rounds add to the file of an estate."""

from datetime import timedelta

from fuyuan_desk.core.dossier import Privacy, Section
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import PlanFields
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service import visit_file
from fuyuan_desk.inspections.service.round_plans import save_plan
from fuyuan_desk.kit.queries import Reader
from fuyuan_desk.workorders.facts import Assignment, WorkDone
from fuyuan_desk.workorders.service import acts, making, order_file, waiting
from tests.workorders.conftest import NOW, Office, log_failures, new_order
from tests.workorders.test_again import seconded


def items(section: Section) -> dict[str, str]:
    return {item.label: "".join(item.value.texts) for item in section.items}


def reader(office: Office, days: int = 0) -> Reader:
    return Reader(office.seat.operator.role, office.after(days=days).today())


def test_the_orders_of_the_year_stand_in_the_file_of_their_estate(office: Office) -> None:
    made = making.make_order(office.seat, new_order(office, severity="urgent")).id
    making.make_order(office.seat, new_order(office, estate_id=office.tower))
    log_failures(office.seat, office.lane, {0: "堆物"})
    acts.dispatch(office.seat, made, None, Assignment(office.company, "何斌"))
    acts.accept(office.seat, made)
    acts.begin(office.seat, made)
    acts.finish(office.seat, made, None, WorkDone(NOW, "何斌", "换了灯泡"))
    acts.verify(office.seat, made, None, "陈静怡")
    acts.reopen(seconded(office.seat), made, None, "又不亮了")
    with office.seat.store.sessions() as session:
        (section,) = order_file.of_estate(session, office.lane, reader(office, 2))
        found = items(section)
        (later,) = order_file.of_estate(session, office.lane, reader(office, 400))
        (none,) = order_file.of_estate(session, 99, reader(office))
    assert found == {
        "Number of work orders": "1", "Verified and closed": "0", "Open work orders": "1", "of them overdue": "1",
        "Reopened, as it was not mended": "1", "Findings without an order": "1",
    }  # fmt: skip
    [row] = section.listings[0].rows
    assert [value.texts for value in row][:2] == [("PD2026-0001",), ("2026-03-11",)]
    assert {value.privacy for value in row} <= {Privacy.OFFICE, Privacy.TEXT}
    assert items(later)["Number of work orders"] == "1"  # it is still open
    assert not none.listings[0].rows
    assert waiting.findings_without_order(office.seat)


def test_the_rounds_of_the_year_stand_beside_the_visits(office: Office) -> None:
    key = checklist_for(SubjectKind.ESTATE).key
    today = office.seat.today()
    save_plan(office.seat, PlanFields("楼道巡查", key, unit="day", from_on=today, lead="何斌"))
    log_failures(office.seat, office.lane, {})
    with office.seat.store.sessions() as session:
        _visits, rounds = visit_file.of_estate(session, office.lane, reader(office, 2))
    assert items(rounds) == {"Rounds planned": "3"}
    [row] = rounds.listings[0].rows
    assert ["".join(value.texts) for value in row] == ["楼道巡查", "3", "1", "0", "0", "1", "0"]
    assert today + timedelta(days=2) == reader(office, 2).today
