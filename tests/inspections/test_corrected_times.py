"""When and by whom a visit was made is corrected, and its planned round follows, which is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.facts import TrailQuery
from fuyuan_desk.audit.service.entries import find_entries
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.parties import Party
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.facts import Correction, NewVisit, Report, VisitDetail
from fuyuan_desk.inspections.records import PlannedRound
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SubjectKind
from fuyuan_desk.inspections.service import reports, round_plans
from fuyuan_desk.inspections.service.corrections import correct_visit, visit_to_correct
from fuyuan_desk.inspections.service.page_data import blank_papers
from fuyuan_desk.inspections.service.queries import visit_detail
from fuyuan_desk.inspections.service.round_days import plan_rounds
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.inspections.view.correction import CorrectionDialog
from tests import screen
from tests.inspections.test_rounds import PLAN, TODAY, at

DAY = timedelta(days=1)
NOW = TODAY + 9 * DAY


def moment(day: date, hour: int = 9) -> datetime:
    """Return an hour of a day."""
    return datetime.combine(day, time(hour)).astimezone()


def go(seat: Seat, estate: int, day: date, **more: object) -> VisitDetail:
    """Log a clean round of an estate on a day."""
    findings = tuple(Finding(item.key, Result.PASS) for item in checklist_for(SubjectKind.ESTATE).items)
    subject = estate_subjects(seat, [estate])[0]
    visit = NewVisit(subject, moment(day), Party.COMMITTEE, "何斌", findings)
    return log_visit(seat, replace(visit, **more))  # type: ignore[arg-type]


def correct(seat: Seat, visit: VisitDetail, reason: str = "日期看错", **more: object) -> VisitDetail:
    """Correct a visit, whose results stay unless they are given."""
    found = visit_to_correct(seat, visit.id)
    same = Correction(visit.id, found.version, found.findings, None, visit.deadline, visit.remarks, reason)
    return correct_visit(seat, replace(same, **more))  # type: ignore[arg-type]


def filled(seat: Seat, visit: VisitDetail) -> list[tuple[date, date | None]]:
    """Return day and visited day of the rounds that a visit fills."""
    with seat.store.use() as session:
        rows = session.query(PlannedRound).filter(PlannedRound.visit_id == visit.id)
        return [(row.day, row.visited_on) for row in rows]


@pytest.fixture
def later(seat: Seat) -> Seat:
    """The seat nine days after rounds were planned."""
    return at(seat, NOW)


def test_time_and_inspectors_are_corrected_and_stand_in_the_trail(
    later: Seat, two_estates: tuple[int, int]
) -> None:
    visit = go(later, two_estates[0], NOW)
    before = find_entries(later, TrailQuery()).total
    changed = correct(later, visit, at=moment(NOW, 8), inspectors=" 史国强、何斌 ", accompanying="王")
    assert (changed.at, changed.inspectors, changed.accompanying) == (moment(NOW, 8), "史国强、何斌", "王")
    assert changed.number == visit.number
    assert changed.correction.endswith(f"日期看错 · {NOW} 09:00 → {NOW} 08:00")
    trail = find_entries(later, TrailQuery())
    told = [entry.summary for entry in trail.rows[: trail.total - before] if entry.table == "visit"]
    assert any("史" in text or "Inspectors" in text for text in told)
    with pytest.raises(InvalidInput, match="Nothing differs"):
        correct(later, changed, at=moment(NOW, 8), inspectors="史国强、何斌", accompanying="王")


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"at": moment(NOW + DAY)}, "at", "future"),
        ({"at": moment(NOW - 3 * DAY), "earliest": NOW - 2 * DAY}, "at", "registered"),
        ({"inspectors": "  "}, "inspectors", "Enter the inspectors"),
        ({"inspectors": "长" * 201}, "inspectors", "longer"),
        ({"at": moment(NOW - DAY), "reason": " "}, "reason", "why"),
    ],
)
def test_what_a_visit_may_not_say_a_correction_may_not_either(
    later: Seat, two_estates: tuple[int, int], more: dict[str, object], field: str, words: str
) -> None:
    visit = go(later, two_estates[0], NOW)
    with pytest.raises(InvalidInput) as refused:
        correct(later, visit, **more)  # type: ignore[arg-type]
    assert words in refused.value.fields[field]
    assert visit_detail(later, visit.id) == visit


def test_a_visit_is_not_before_its_sheet_nor_after_its_report(
    later: Seat, two_estates: tuple[int, int]
) -> None:
    subject = estate_subjects(later, [two_estates[0]])[0]
    sheet = blank_papers(at(later, NOW - DAY), [subject]).sheets[0].number
    first = checklist_for(SubjectKind.ESTATE).items[0].key
    failed = tuple(
        Finding(item.key, Result.FAIL, "堆物") if item.key == first else Finding(item.key, Result.PASS)
        for item in checklist_for(SubjectKind.ESTATE).items
    )
    visit = go(at(later, NOW), two_estates[0], NOW, sheet=sheet, findings=failed, handling=Conclusion.REPORT)
    reports.record_report(at(later, NOW + 2 * DAY), visit.id, Report(moment(NOW + DAY), "城管"))
    much_later = at(later, NOW + 9 * DAY)
    handled = {"handling": Conclusion.REPORT}
    for day, words in ((NOW - 2 * DAY, "printed on"), (NOW + 2 * DAY, "reported on")):
        with pytest.raises(InvalidInput) as refused:
            correct(much_later, visit, at=moment(day), **handled)
        assert words in refused.value.fields["at"]
    assert correct(much_later, visit, at=moment(NOW + DAY, 8), **handled).at == moment(NOW + DAY, 8)


def test_a_round_never_becomes_on_time_in_silence(
    seat: Seat, later: Seat, two_estates: tuple[int, int]
) -> None:
    round_plans.save_plan(seat, replace(PLAN, unit="month", times=1, late=2))
    plan_rounds(later)
    with seat.store.use() as session:
        row = session.query(PlannedRound).filter(PlannedRound.estate_id == two_estates[0]).first()
        assert row is not None
        key, due, last = row.id, row.day, row.latest_on
    then = at(seat, last + 10 * DAY)
    visit = go(then, two_estates[0], last + 3 * DAY, round_id=key)
    changed = correct(then, visit, at=moment(last))
    assert filled(then, changed) == [(due, last)]
    assert changed.correction.endswith(f"of {due}: done 3 days late → Done on time")
    assert changed.round.endswith("Done on time")
    late = correct(then, changed, at=moment(last + DAY))
    assert late.correction.endswith(f"of {due}: Done on time → done 1 day late")
    assert filled(then, late) == [(due, last + DAY)]
    with pytest.raises(InvalidInput) as refused:
        correct(at(seat, last + 90 * DAY), late, at=moment(last + 80 * DAY))
    assert "more than 60 days away" in refused.value.fields["at"]


def test_a_visit_of_another_day_fills_the_round_of_that_day(
    seat: Seat, later: Seat, two_estates: tuple[int, int]
) -> None:
    round_plans.save_plan(seat, replace(PLAN, unit="day", times=1, late=0, holidays="keep"))
    visit = go(later, two_estates[0], NOW - DAY)
    assert filled(later, visit) == [(NOW - DAY, NOW - DAY)]
    changed = correct(later, visit, at=moment(NOW - 2 * DAY))
    assert filled(later, changed) == [(NOW - 2 * DAY, NOW - 2 * DAY)]
    assert f"of {NOW - DAY}: Done on time → missed by 1 day" in changed.correction
    assert f"of {NOW - 2 * DAY}: missed by 2 days → Done on time" in changed.correction
    # of two visits on a day the second has no round to fill, and stays with its own
    other = go(later, two_estates[0], NOW)
    moved = correct(later, other, at=moment(NOW - 2 * DAY, 15))
    assert filled(later, moved) == [(NOW, NOW - 2 * DAY)]
    assert moved.correction.endswith(f"of {NOW}: Done on time → done 2 days early")


def test_a_visit_that_was_late_for_its_round_stays_with_it(
    seat: Seat, later: Seat, two_estates: tuple[int, int]
) -> None:
    round_plans.save_plan(seat, replace(PLAN, unit="day", times=1, late=0, holidays="keep"))
    with seat.store.use() as session:
        rows = session.query(PlannedRound).filter(PlannedRound.estate_id == two_estates[0])
        missed = rows.filter(PlannedRound.day == NOW - 4 * DAY).one().id
    visit = go(later, two_estates[0], NOW - DAY, round_id=missed)
    hour = correct(later, visit, at=moment(NOW - DAY, 8))
    assert (filled(later, hour), hour.correction.count("→")) == ([(NOW - 4 * DAY, NOW - DAY)], 1)
    day = correct(later, hour, at=moment(NOW - 2 * DAY))
    assert filled(later, day) == [(NOW - 4 * DAY, NOW - 2 * DAY)]
    assert day.correction.endswith("done 3 days late → done 2 days late")


def test_the_dialog_corrects_them_beside_the_results(
    page: InspectionsController, seat: Seat, two_estates: tuple[int, int], settled: Callable[[], None]
) -> None:
    day = seat.today() - DAY
    visit = go(seat, two_estates[0], day)
    page.open_visit(visit.id)
    settled()
    screen.button(page.detail, "Correct …").click()
    settled()
    dialog = screen.shown(CorrectionDialog)
    form = dialog.form
    assert form.values()["time"] == "09:00"
    form.set_value("reason", "misread")
    form.set_value("time", "25:00")
    form.submit()
    settled()
    assert "such as 09:30" in form.errors()["time"]
    form.set_value("time", "0815")
    form.set_value("day", date(2999, 1, 1))
    form.submit()
    settled()
    assert "future" in form.errors()["day"]
    form.set_value("day", day)
    form.set_value("inspectors", "史国强")
    form.submit()
    settled()
    found = visit_detail(seat, visit.id)
    assert (found.at, found.inspectors) == (moment(day, 8) + timedelta(minutes=15), "史国强")
