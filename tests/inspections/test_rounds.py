"""Plans of rounds and their rounds, on a real store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdfium2 import PdfDocument
from sqlalchemy import select

from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.calendar import shipped
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, UserError
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields
from fuyuan_desk.estates.service import buildings, estates
from fuyuan_desk.facilities.facts import CheckFields, FacilityFields
from fuyuan_desk.facilities.service import checks
from fuyuan_desk.facilities.service.facilities import save_facility
from fuyuan_desk.inspections.book import round_book
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import (
    NewVisit,
    PlanFields,
    Subject,
    VisitDetail,
)
from fuyuan_desk.inspections.records import PlannedRound
from fuyuan_desk.inspections.rules.round_plans import schedule_of
from fuyuan_desk.inspections.rules.rounds import RoundState, round_days
from fuyuan_desk.inspections.rules.visits import Finding, Result, SubjectKind
from fuyuan_desk.inspections.service import round_plans as plans
from fuyuan_desk.inspections.service import rounds
from fuyuan_desk.inspections.service.dues import tasks
from fuyuan_desk.inspections.service.round_days import plan_rounds
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.book import BookQuery, Known
from fuyuan_desk.kit.list_sheet import list_sheet

TODAY = date(2026, 3, 2)  # a Monday
PLAN = PlanFields(
    "楼道巡查",
    checklist_for(SubjectKind.ESTATE).key,
    times=2,
    late=1,
    from_on=TODAY,
    lead="何斌",
    persons="史国强",
)
SUMMER = {"season_from": "6-1", "season_to": "8-31", "season_times": 1, "season_unit": "week"}
Stored = tuple[int, int, date, str, str, str]


def at(seat: Seat, day: date, hour: int = 10) -> Seat:
    """The seat on another day."""
    return replace(seat, now=lambda: datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def stored(seat: Seat, plan_id: int = 0) -> list[Stored]:
    """Read all rounds, of one plan if given, in their order."""
    with seat.store.use() as session:
        rows = session.scalars(select(PlannedRound).order_by(PlannedRound.day, PlannedRound.id)).all()
        return [
            (row.id, row.estate_id, row.day, row.place, row.outcome, row.lead)
            for row in rows
            if plan_id in (0, row.plan_id)
        ]


def visit(seat: Seat, subject: Subject, round_id: int | None = None) -> VisitDetail:
    """Log a clean visit now."""
    findings = tuple(Finding(item.key, Result.PASS) for item in checklist_for(subject.kind).items)
    return log_visit(
        seat, NewVisit(subject, seat.now(), Party.COMMITTEE, "何斌", findings, round_id=round_id)
    )


def test_a_plan_has_the_rounds_of_its_rule_for_each_estate(seat: Seat, two_estates: tuple[int, int]) -> None:
    plans.save_plan(seat, PLAN)
    days = [one.day for one in round_days(schedule_of(PLAN), TODAY, TODAY + timedelta(days=62), shipped())]
    assert len(days) == 18
    for estate in two_estates:
        assert [row[2] for row in stored(seat) if row[1] == estate] == days


def test_planning_twice_changes_nothing(seat: Seat, two_estates: tuple[int, int]) -> None:
    plans.save_plan(seat, PLAN)
    before = stored(seat)
    assert plan_rounds(seat) == 0
    assert stored(seat) == before


def test_rounds_are_planned_on_as_days_pass_and_those_nobody_saw_were_missed(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    plans.save_plan(seat, PLAN)
    late = TODAY + timedelta(days=100)  # the office was closed beyond the horizon
    assert plan_rounds(at(seat, late)) > 0
    days = [one.day for one in round_days(schedule_of(PLAN), TODAY, late + timedelta(days=62), shipped())]
    assert [row[2] for row in stored(seat) if row[1] == two_estates[0]] == days


def test_a_clock_that_was_set_back_changes_nothing(seat: Seat, two_estates: tuple[int, int]) -> None:
    saved = plans.save_plan(seat, PLAN)
    plan_rounds(at(seat, TODAY + timedelta(days=20)))
    before = stored(seat)
    back = at(seat, TODAY - timedelta(days=200))
    assert plan_rounds(back) == 0
    assert stored(seat) == before
    plans.save_plan(back, replace(PLAN, times=5), Known(saved.id, saved.version))
    assert [row for row in stored(seat) if row[2] < TODAY + timedelta(days=20)] == [
        row for row in before if row[2] < TODAY + timedelta(days=20)
    ]


@pytest.mark.parametrize(
    "changed", [{"times": 5}, {"unit": "day", "times": 1}, {"late": 3}, {"holidays": "keep"}]
)
def test_a_change_in_mid_year_leaves_the_past(
    seat: Seat, two_estates: tuple[int, int], changed: dict[str, object]
) -> None:
    saved = plans.save_plan(seat, PLAN)
    visit(at(seat, TODAY + timedelta(days=3)), estate_subjects(seat, [two_estates[0]])[0])
    change = TODAY + timedelta(days=30)
    later = at(seat, change - timedelta(days=5))
    past = [row for row in stored(seat) if row[2] < change]
    new = replace(PLAN, **changed, from_on=change)  # type: ignore[arg-type]
    other = plans.save_plan(later, new, Known(saved.id, saved.version))
    assert other.id != saved.id
    assert str(change) in other.doubts[0]
    assert [row for row in stored(seat) if row[2] < change] == past
    assert all(row[2] < change for row in stored(seat, saved.id))
    end = change + timedelta(days=57)
    days = [
        one for one in round_days(schedule_of(new), change, end, shipped()) for _again in range(one.times)
    ]
    assert [row[2] for row in stored(seat, other.id) if row[1] == two_estates[0]] == [one.day for one in days]
    ended = plans.read_plan(seat, saved.id)
    assert ended.fields.until_on == change - timedelta(days=1)
    with pytest.raises(Conflict):  # both would ask for the same rounds
        plans.save_plan(later, PLAN, ended.known)


def test_who_leads_changes_open_rounds_alone(seat: Seat, two_estates: tuple[int, int]) -> None:
    saved = plans.save_plan(seat, PLAN)
    later = at(seat, TODAY + timedelta(days=7))
    away = replace(PLAN, deputy="代班", away_from=date(2026, 3, 12), away_to=date(2026, 3, 16))
    assert plans.save_plan(later, away, Known(saved.id, saved.version)).id == saved.id
    leads = {row[2]: row[5] for row in stored(seat) if row[2] < date(2026, 3, 20)}
    assert [day.day for day, lead in leads.items() if lead == "代班"] == [12, 16]
    assert leads[TODAY] == "何斌"


def test_a_round_is_filled_by_the_visit_that_fits(seat: Seat, two_estates: tuple[int, int]) -> None:
    plans.save_plan(seat, PLAN)
    lane = estate_subjects(seat, [two_estates[0]])[0]
    logged = visit(at(seat, TODAY + timedelta(days=4)), lane)  # Friday: the round of Thursday, until Friday
    assert logged.round == "楼道巡查 of 2026-03-05: Done on time"
    assert visit(at(seat, TODAY + timedelta(days=4)), lane).round == ""
    assert visit(at(seat, TODAY + timedelta(days=6)), lane).round == ""


def test_a_missed_round_is_done_late_by_the_visit_that_asks_for_it(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    plans.save_plan(seat, PLAN)
    later = at(seat, TODAY + timedelta(days=3))
    (line, *_others) = rounds.list_rounds(
        later, BookQuery(facets={"latest_on": (None, TODAY + timedelta(days=1))})
    ).rows
    assert line.extra["standing"].state is RoundState.MISSED
    assert line.extra["standing"].days == 2
    to_log = rounds.round_to_log(later, line.id)
    subject = estate_subjects(later, [to_log.estate_id])[0]
    assert visit(later, subject, line.id).round == "楼道巡查 of 2026-03-02: done 2 days late"
    # filled meanwhile: the visit is logged all the same, for the round that fits
    assert visit(later, subject, line.id).round == "楼道巡查 of 2026-03-05: Done on time"


def test_a_building_has_rounds_of_its_own(seat: Seat, two_estates: tuple[int, int]) -> None:
    for label in ("10号", "9号"):
        buildings.save_building(seat, BuildingFields(label, estate_id=two_estates[0]))
    plans.save_plan(seat, replace(PLAN, objects="building", estates=(two_estates[0],)))
    assert [row[3] for row in stored(seat) if row[2] == TODAY] == ["9号", "10号"]
    lane = estate_subjects(seat, [two_estates[0]])[0]
    assert visit(seat, lane).round == ""  # the whole estate is no visit of a building
    line = next(row for row in rounds.list_rounds(seat).rows if row.fields.place == "10号")
    logged = visit(seat, lane, line.id)
    assert (logged.place, logged.subject) == ("10号", "南昌路168弄 10号")
    assert "2026-03-02" in logged.round


def test_facilities_are_visited_before_their_check(seat: Seat, two_estates: tuple[int, int]) -> None:
    lift = FacilityFields(estate_id=two_estates[1], kind="lift", number="1", next_check_on=date(2026, 4, 10))
    save_facility(seat, lift)
    plans.save_plan(seat, replace(PLAN, objects="facility", facility_kind="lift", unit="due", times=7))
    assert [(row[2], row[3]) for row in stored(seat)] == [(date(2026, 4, 3), "电梯 1")]


def test_renovations_are_those_that_the_job_above_hands_in(seat: Seat, two_estates: tuple[int, int]) -> None:
    key = checklist_for(SubjectKind.RENOVATION).key
    site = Subject(
        SubjectKind.RENOVATION, 7, "u", two_estates[0], "101室", "防水", "101室", number="ZX2026-0001"
    )
    plan = replace(PLAN, objects="case", checklist=key)
    plans.save_plan(seat, plan, cases=[site])
    assert len(stored(seat)) == 18
    before = stored(seat)
    assert plan_rounds(seat) == 0  # which cases there are is not known here
    assert stored(seat) == before
    plan_rounds(seat, [])  # the site is done
    assert stored(seat) == []


def test_a_round_is_left_out_with_a_reason(seat: Seat, two_estates: tuple[int, int]) -> None:
    plans.save_plan(seat, PLAN)
    key = stored(seat)[0][0]
    with pytest.raises(InvalidInput):
        rounds.skip_round(seat, key, "  ")
    assert rounds.skip_round(seat, key, "台风").state is RoundState.SKIPPED
    with pytest.raises(Conflict):
        rounds.skip_round(seat, key, "台风")
    assert plan_rounds(seat) == 0


def test_the_first_page_counts_rounds_by_plan(seat: Seat, two_estates: tuple[int, int]) -> None:
    def on(day: date) -> list[tuple[str, str]]:
        with seat.store.use() as session:
            return [(task.kind, task.detail) for task in tasks(session, day)]

    assert [kind for kind, _detail in on(TODAY)] == ["estate", "estate"]
    plans.save_plan(seat, PLAN)
    assert on(TODAY) == [("round_plan", "2 rounds are due")]
    assert on(TODAY + timedelta(days=3)) == [("round_plan", "2 rounds are due, 2 rounds were missed")]


def test_the_list_begins_with_what_is_due(seat: Seat, two_estates: tuple[int, int]) -> None:
    plans.save_plan(seat, PLAN)
    found = rounds.list_rounds(at(seat, TODAY + timedelta(days=3))).rows
    states = [line.extra["standing"].state for line in found]
    assert states[:5] == [*[RoundState.DUE] * 2, *[RoundState.MISSED] * 2, RoundState.PLANNED]


def test_the_list_is_searched_sorted_handed_on_and_limited_to_own_estates(
    seat: Seat, two_estates: tuple[int, int], seat_as: Callable[[Role], Seat]
) -> None:
    plans.save_plan(seat, replace(PLAN, until_on=TODAY))
    lane, tower = rounds.list_rounds(seat).rows
    assert [row.id for row in rounds.list_rounds(seat, BookQuery(text="富南")).rows] == [tower.id]
    assert len(rounds.list_rounds(seat, BookQuery(text="何斌")).rows) == 2
    assert rounds.list_rounds(seat, BookQuery(text="没有")).rows == ()
    for part in round_book().fields:
        if part.shown is not None and part.shown.sort:
            assert len(rounds.list_rounds(seat, BookQuery(sort=part.name, descending=True)).rows) == 2
    exported = rounds.rounds_for_export(seat, ExportOrder("核对", "街道办"), BookQuery())
    assert len(exported.rows) == 2
    assert exported.stamp.holds is Holds.OFFICERS
    known = seat_as(Role.PROPERTY).operator
    company = replace(seat, operator=replace(known, estates=frozenset({two_estates[1]})))
    assert [row.id for row in rounds.list_rounds(company).rows] == [tower.id]
    plans.save_plan(seat, replace(PLAN, name="别处", estates=(two_estates[0],)))
    assert [option.text for option in plans.plan_options(company)] == ["楼道巡查"]
    with pytest.raises(NotAllowed):
        plans.find_plans(company)
    with pytest.raises(NotFound):
        rounds.round_to_log(company, lane.id)


def test_lists_are_printed_in_chinese(seat: Seat, two_estates: tuple[int, int]) -> None:
    plans.save_plan(seat, PLAN)
    for paper in (rounds.rounds_for_print(seat, BookQuery()), plans.plans_for_print(seat, BookQuery())):
        printed = PdfDocument(list_sheet(paper, Progress()).pdf)
        text = "".join(page.get_textpage().get_text_range() for page in printed)
        assert "楼道巡查" in text
        assert "何斌" in text


def test_a_preview_says_what_follows(seat: Seat, two_estates: tuple[int, int]) -> None:
    season = {"season_from": "6-1", "season_to": "8月31日", "season_times": 1, "season_unit": "day"}
    shown = plans.preview_plan(seat, replace(PLAN, **season, early=1, late=2))  # type: ignore[arg-type]
    assert shown.sentence == (
        "2 rounds a week (Monday, Thursday), 6/1 to 8/31: 1 round every day; moved after holidays; "
        "on time up to 1 day before or 2 days after"
    )
    assert shown.objects == 2
    assert shown.names == ("南昌路168弄", "富南大厦")
    assert shown.days[:2] == (TODAY, date(2026, 3, 5))
    assert len(shown.days) == 10
    assert shown.a_year is not None
    assert shown.a_year > 2 * (92 + 70)


def test_a_plan_without_objects_is_saved_and_says_so(seat: Seat) -> None:
    saved = plans.save_plan(seat, PLAN)
    assert saved.doubts
    estates.save_estate(seat, EstateFields("南昌路168弄"))
    assert plan_rounds(seat) == 18


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"until_on": TODAY - timedelta(days=1)}, "until_on"),
        ({"from_on": TODAY - timedelta(days=1)}, "from_on"),
        ({"lead": ""}, "lead"),
        ({"checklist": "gone"}, "checklist"),
        ({"objects": "case"}, "checklist"),
        ({"objects": "facility"}, "facility_kind"),
        ({"unit": "due"}, "unit"),
        ({"times": 8}, "times"),
        ({"unit": "month", "weekdays": (1,)}, "weekdays"),
        ({"days": "1"}, "days"),
        ({"unit": "month", "days": "32"}, "days"),
        ({"unit": "year", "days": "2-30"}, "days"),
        ({"season_from": "6-1"}, "season_to"),
        ({"season_from": "6-31", "season_to": "7-1", "season_times": 1, "season_unit": "day"}, "season_from"),
        (
            {
                **SUMMER,
                "season2_from": "8-31",
                "season2_to": "9-5",
                "season2_times": 1,
                "season2_unit": "day",
            },
            "season2_from",
        ),
        ({**SUMMER, "season_unit": "month", "season_weekdays": (1,)}, "season_weekdays"),
        ({**SUMMER, "season3_times": 1}, "season3_from"),
        ({"away3_from": TODAY}, "deputy"),
        ({"away_from": TODAY}, "deputy"),
        ({"away_to": TODAY}, "away_from"),
        ({"deputy": "何斌 "}, "deputy"),
        ({"away_from": TODAY, "away_to": TODAY - timedelta(days=1), "deputy": "某"}, "away_to"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(seat: Seat, changed: dict[str, object], field: str) -> None:
    with pytest.raises(UserError) as refused:
        plans.save_plan(seat, replace(PLAN, **changed))  # type: ignore[arg-type]
    assert field in refused.value.fields


@pytest.mark.parametrize("count", [-1, 0, 61])
@pytest.mark.parametrize(("unit", "most"), [("day", 9), ("week", 7), ("month", 28), ("year", 12)])
@pytest.mark.parametrize("part", ["", "season_"])
def test_how_many_rounds_there_may_be_is_said_of_their_unit(
    seat: Seat, part: str, unit: str, most: int, count: int
) -> None:
    season = SUMMER if part else {}
    wrong = replace(PLAN, **season | {f"{part}times": count, f"{part}unit": unit})  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refused:
        plans.save_plan(seat, wrong)
    assert refused.value.fields[f"{part}times"] == f"Enter a number from 1 to {most}."


def test_a_plan_is_removed_only_while_none_of_its_rounds_has_come(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    first = plans.save_plan(seat, PLAN)
    plans.remove_plan(seat, first.id)
    assert stored(seat) == []
    second = plans.save_plan(seat, replace(PLAN, name="另一计划"))
    visit(seat, estate_subjects(seat, [two_estates[0]])[0])
    with pytest.raises(UserError):
        plans.remove_plan(seat, second.id)
    assert len(stored(seat)) == 36


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.integers(1, 5), st.sampled_from(["day", "week", "month"])),
        max_size=4,
    )
)
def test_however_often_the_rule_changes_each_day_has_the_rounds_of_the_rule_in_force(
    seat: Seat, changes: list[tuple[int, int, str]]
) -> None:
    estate = estates.save_estate(seat, EstateFields(f"小区{datetime.now(UTC).timestamp()}")).id
    rule = replace(PLAN, name="变更", estates=(estate,))
    saved = plans.save_plan(seat, rule)
    day, expected = TODAY, []
    for wait, times, unit in changes:
        since = day + timedelta(days=wait)
        new = replace(rule, from_on=since, times=times, unit=unit)
        expected += [
            one.day
            for one in round_days(schedule_of(rule), day, since - timedelta(days=1), shipped())
            for _again in range(one.times)
        ]
        saved = plans.save_plan(at(seat, since), new, Known(saved.id, saved.version))
        rule, day = plans.read_plan(seat, saved.id).fields, since
    end = day + timedelta(days=62)
    plan_rounds(at(seat, day))
    expected += [
        one.day for one in round_days(schedule_of(rule), day, end, shipped()) for _a in range(one.times)
    ]
    assert [row[2] for row in stored(seat) if row[1] == estate] == expected


def test_a_plan_has_several_seasons_with_weekdays_of_their_own(seat: Seat) -> None:
    winter = {"season3_from": "12-15", "season3_to": "2-10", "season3_times": 1, "season3_unit": "day"}
    fields = replace(PLAN, **SUMMER, season_weekdays=(1, 3), **winter)  # type: ignore[arg-type]
    first, last = date(2026, 5, 25), date(2026, 12, 20)
    days = {one.day for one in round_days(schedule_of(fields), first, last, shipped())}
    assert {day.weekday() for day in days if date(2026, 6, 1) <= day <= date(2026, 8, 31)} == {1, 3}
    assert {date(2026, 12, day) for day in range(15, 21)} <= days
    assert {day.weekday() for day in days if day.month == 11} == {0, 3}
    shown = plans.preview_plan(seat, fields).sentence
    assert "6/1 to 8/31: 2 rounds a week (Tuesday, Thursday), 12/15 to 2/10: 1 round every day" in shown


def test_the_deputy_leads_in_every_absence(seat: Seat, two_estates: tuple[int, int]) -> None:
    day = date(2026, 3, 9)
    away = {
        "away_from": TODAY,
        "away_to": TODAY,
        "away2_from": day,
        "away2_to": day,
        "away3_from": date(2026, 4, 1),
    }
    plans.save_plan(seat, replace(PLAN, deputy="史国强", **away))  # type: ignore[arg-type]
    led = {row[2] for row in stored(seat) if row[5] == "史国强"}
    later = {row[2] for row in stored(seat) if row[2] >= date(2026, 4, 1)}
    assert led == {TODAY, day} | later


def test_a_facility_recorded_after_the_day_of_its_round_is_visited_today(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    plans.save_plan(seat, replace(PLAN, objects="facility", facility_kind="lift", unit="due", times=7))
    now = at(seat, date(2026, 3, 16))
    lift = FacilityFields(
        "lift", "1", two_estates[0], next_check_on=date(2026, 3, 20)
    )  # its round was on the 13th
    save_facility(now, lift)
    save_facility(now, replace(lift, number="2", next_check_on=date(2026, 3, 15)))  # overdue
    plan_rounds(now)
    plan_rounds(now)
    assert [row[2] for row in stored(seat)] == [date(2026, 3, 16)] * 2
    plan_rounds(at(seat, date(2026, 3, 17)))
    assert [row[2] for row in stored(seat)] == [date(2026, 3, 16)] * 2


def test_a_check_that_is_recorded_later_counts_for_the_round_by_its_date(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    lift = save_facility(seat, FacilityFields("lift", "1", two_estates[0], next_check_on=date(2026, 3, 20)))
    plans.save_plan(seat, replace(PLAN, objects="facility", facility_kind="lift", unit="due", times=7))
    [(key, *_rest)] = [(row.id,) for row in rounds.list_rounds(seat).rows]
    late = at(seat, date(2026, 3, 30))
    plan_rounds(late)
    assert rounds.list_rounds(late).rows[0].extra["standing"].state is RoundState.MISSED
    item = next(one.key for one in checks.facility_checks(seat, lift.id).items)
    checks.save_check(late, CheckFields(lift.id, item, date(2026, 3, 16), "检验所", party=PLAN.party))
    plan_rounds(late)
    line = next(line for line in rounds.list_rounds(late).rows if line.id == key)
    assert (line.extra["standing"].state, line.fields.visited_on) == (RoundState.LATE, date(2026, 3, 16))
    with pytest.raises(Conflict, match="counts for this round"):
        rounds.round_to_log(late, key)


def test_a_day_in_a_year_without_arrangement_may_move(seat: Seat, two_estates: tuple[int, int]) -> None:
    year = next(table.year for table in shipped().years.values() if not table.is_arranged)
    begin = date(year, 3, 1)
    then = at(seat, begin)
    plans.save_plan(then, replace(PLAN, from_on=begin))
    assert {line.extra.get("unsettled") for line in rounds.list_rounds(then).rows} == {year}
    assert plans.preview_plan(then, replace(PLAN, from_on=begin)).unsettled_year == year
    kept = replace(PLAN, from_on=begin, holidays="keep", name="照常")
    saved = plans.save_plan(then, kept)
    found = rounds.list_rounds(then, BookQuery(facets={"plan_id": saved.id})).rows
    assert {line.extra.get("unsettled") for line in found} == {None}
    assert plans.preview_plan(then, kept).unsettled_year is None
