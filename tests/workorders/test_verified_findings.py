"""What the committee verified is put right; what fails again afterwards is another finding."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuyuan_desk.access.second_person import Second
from fuyuan_desk.inspections.facts import VisitDetail
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.rules.figures import Span
from fuyuan_desk.inspections.rules.finding_figures import FindingFigures, finding_figures
from fuyuan_desk.inspections.rules.not_done import OpenFinding
from fuyuan_desk.inspections.service import dues
from fuyuan_desk.inspections.service.figures import finding_spells, open_findings
from fuyuan_desk.workorders.facts import Assignment, OrderDetail, WorkDone
from fuyuan_desk.workorders.records import OrderFinding, OrderStep, WorkOrder
from fuyuan_desk.workorders.service import acts, detail, making, waiting
from tests.conftest import PASSWORD
from tests.workorders.conftest import NOW, Office, log_failures, new_order

FIRST = NOW.astimezone().date()


def logged(office: Office, days: float, *failing: int) -> VisitDetail:
    return log_failures(office.after(days=days), office.lane, dict.fromkeys(failing, "坏了"))


def ordered(office: Office, days: float) -> OrderDetail:
    """Make an order of the finding that was found last."""
    now = office.after(days=days)
    row = waiting.findings_without_order(now)[0]
    return making.make_order(now, new_order(office, source="finding", findings=(row.id,), begun_at=now.now()))


def verified(office: Office, order: OrderDetail, days: float) -> OrderDetail:
    """Send an order, have it done and verify it, all at one moment."""
    now = office.after(days=days)
    acts.dispatch(now, order.id, None, Assignment(office.company, "何斌"))
    return again(office, order, days)


def again(office: Office, order: OrderDetail, days: float) -> OrderDetail:
    now = office.after(days=days)
    acts.accept(now, order.id)
    acts.begin(now, order.id)
    acts.finish(now, order.id, None, WorkDone(now.now(), "何斌"))
    return acts.verify(now, order.id, None, "陈静怡")


def reopened(office: Office, order: OrderDetail, days: float) -> None:
    now = replace(office.after(days=days), second=Second("reviewer", PASSWORD))
    acts.reopen(now, order.id, None, "又坏了")


def book(office: Office, days: float, of: int = 30) -> tuple[FindingFigures, list[OpenFinding]]:
    """Return what a book of so many days, and the list of its last day, tell of findings so many days later."""
    now = office.after(days=days)
    span = Span(FIRST, FIRST + timedelta(days=of), now.now())
    with now.store.use() as session:
        spells = finding_spells(session, span)
        return finding_figures(spells, span.first, span.until, {}), open_findings(session, span)


def due(office: Office, days: float) -> int:
    with office.seat.store.use() as session:
        now = office.after(days=days)
        return sum(task.kind == "visit" for task in dues.tasks(session, now.today()))


def test_what_was_verified_is_put_right_everywhere(office: Office) -> None:
    logged(office, 0, 0)
    order = ordered(office, 1)
    figures, still = book(office, 20)
    assert (figures.whole.open, [one.begun for one in still], due(office, 20)) == (1, [FIRST], 1)
    verified(office, order, 3)
    figures, still = book(office, 20)
    assert (figures.put_right.text, figures.days_to_right, still) == ("100.0 % (1/1)", (3,), [])
    assert (waiting.findings_without_order(office.after(days=20)), due(office, 20)) == ((), 0)
    [finding] = detail.order_detail(office.after(days=20), order.id).findings
    assert not finding.is_right, "it passed on no visit"


def test_what_fails_again_after_it_was_verified_is_new_and_has_no_order(office: Office) -> None:
    logged(office, 0, 0)
    order = ordered(office, 1)
    verified(office, order, 3)
    logged(office, 6, 0)
    figures, [still] = book(office, 20)
    assert (figures.whole.new, figures.whole.ended, figures.whole.open) == (2, 1, 1)
    assert still.begun == FIRST + timedelta(days=6)
    now = office.after(days=20)
    with now.store.use() as session:
        assert waiting.orders_of(session, still.result_ids) == {}
    [row] = waiting.findings_without_order(now)
    assert (row.finding.before, row.same) == (1, None)


def test_all_failures_of_a_finding_are_put_right_together(office: Office) -> None:
    logged(office, 0, 0)
    logged(office, 1, 0)
    order = ordered(office, 2)  # of the second failure
    logged(office, 2, 0)
    assert len(waiting.findings_without_order(office.after(days=2))) == 2
    verified(office, order, 3)
    figures, still = book(office, 20)
    assert (figures.whole.new, figures.days_to_right, still) == (1, (3,), [])
    assert (waiting.findings_without_order(office.after(days=20)), due(office, 20)) == ((), 0)


def test_what_was_reopened_is_not_put_right_but_a_month_that_is_over_stays(office: Office) -> None:
    logged(office, 0, 0)
    order = verified(office, ordered(office, 1), 3)
    told = book(office, 5, of=4)
    assert told[1] == []
    reopened(office, order, 6)
    assert book(office, 20, of=4) == told
    figures, [still] = book(office, 20)
    assert (figures.whole.open, still.begun, due(office, 20)) == (1, FIRST, 1)
    again(office, order, 9)
    assert book(office, 20, of=4) == told
    figures, still_open = book(office, 20)
    assert (figures.days_to_right, still_open) == ((9,), [])


# ---- recounted day by day

_MONTH = Span(date(2026, 2, 1), date(2026, 2, 28), datetime(2026, 3, 9, 9).astimezone())
_OFFSETS = st.integers(-10, 33)
_VISITS = st.lists(st.tuples(_OFFSETS, st.sampled_from(["fail", "pass", "na"])), min_size=1, max_size=8)
_ORDERS = st.lists(
    st.tuples(st.integers(0, 7), st.lists(_OFFSETS, unique=True, min_size=1, max_size=4).map(sorted)),
    max_size=3,
    unique_by=lambda order: order[0],
)
"""The visit of each order, and the days on which it was verified, reopened, verified again and so on."""


def _at(offset: int, hour: int) -> datetime:
    return datetime.combine(_MONTH.first + timedelta(days=offset), time(hour)).astimezone()


def _recount(
    visits: list[tuple[int, str]], orders: list[tuple[int, list[int]]]
) -> tuple[list[int], list[int]]:
    """Go through what happened in order: how long each finding took, and the ages of what is open."""
    events = [(offset, 9, result) for offset, result in visits if offset < 28]
    for _visit, turns in orders:
        known = [turn for turn in turns if turn < 28]
        if len(known) % 2:  # it is not reopened
            events.append((known[-1], 12, "verified"))
    begun: int | None = None
    took = []
    for offset, _hour, what in sorted(events, key=lambda event: event[:2]):
        if what == "fail":
            begun = offset if begun is None else begun
        elif what != "na" and begun is not None:
            if offset >= 0:
                took.append(offset - begun)
            begun = None
    return sorted(took), [] if begun is None else [27 - begun]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(visits=_VISITS, orders=_ORDERS)
def test_findings_are_those_of_a_recount(
    office: Office, visits: list[tuple[int, str]], orders: list[tuple[int, list[int]]]
) -> None:
    failed = [number for number, (_offset, result) in enumerate(visits) if result == "fail"]
    # nothing is verified before it failed
    orders = [(visit, turns) for visit, turns in orders if visit in failed and visits[visit][0] <= turns[0]]
    with office.seat.store.sessions() as session:
        results = [_log(session, office.lane, number, *visit) for number, visit in enumerate(visits)]
        for visit, turns in orders:
            _order(session, office.lane, results[visit], turns)
        session.flush()
        figures = finding_figures(finding_spells(session, _MONTH), _MONTH.first, _MONTH.until, {})
        still = open_findings(session, _MONTH)
        session.rollback()
    took, ages = _recount(visits, orders)
    assert list(figures.days_to_right) == took
    assert [(_MONTH.last - one.begun).days for one in still] == ages
    assert figures.whole.open == len(ages)


def _log(session: Any, estate: int, number: int, offset: int, result: str) -> int:
    visit = Visit(
        number=f"V{number}", estate_id=estate, subject_kind="estate", subject_id=estate, subject="南昌路168弄",
        at=_at(offset, 9), party="committee", inspectors="某甲", checklist="estate", checklist_version="1",
        conclusion="deadline" if result == "fail" else "clean",
    )  # fmt: skip
    session.add(visit)
    session.flush()
    row = VisitResult(visit_id=visit.id, position=0, item="door", text="门", result=result)
    session.add(row)
    session.flush()
    return row.id


def _order(session: Any, estate: int, result: int, turns: list[int]) -> None:
    is_verified = len(turns) % 2 == 1
    order = WorkOrder(
        year=2026, serial=result, number=f"PD{result}", estate_id=estate, title="门坏", severity="general",
        source="finding", begun_at=_at(turns[0], 10), term_count=3, term_unit="days", term_by="18:00",
        term_source="reference", status="verified" if is_verified else "dispatched",
        closed_at=_at(turns[-1], 12) if is_verified else None,
        reopened_at=next((_at(turn, 12) for turn in turns[1::2][::-1]), None),
    )  # fmt: skip
    session.add(order)
    session.flush()
    session.add(OrderFinding(order_id=order.id, visit_result_id=result))
    for number, turn in enumerate(turns):
        states = ("to-verify", "verified") if number % 2 == 0 else ("verified", "dispatched")
        session.add(
            OrderStep(
                order_id=order.id, at=_at(turn, 12), before=states[0], after=states[1], operator="admin"
            )
        )
        session.flush()
