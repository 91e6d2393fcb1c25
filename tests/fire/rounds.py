"""The actions under fire on rounds and their plans; part of the table in `work.py`."""

from dataclasses import replace
from datetime import timedelta

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.parties import Party
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import Correction, NewVisit, PlanFields
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result
from fuyuan_desk.inspections.service import round_plans, rounds, sheets_out
from fuyuan_desk.inspections.service.batches import round_previews
from fuyuan_desk.inspections.service.corrections import correct_visit, visit_to_correct
from fuyuan_desk.inspections.service.page_data import Sheets, number_papers
from fuyuan_desk.inspections.service.printed import find_sheet
from fuyuan_desk.inspections.service.round_days import plan_rounds
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.book import BookQuery, Known
from tests.fire.hand import Hand, Prepare, Task, nothing, on

ORDER = ExportOrder("核对", "街道办事处")


def _fields(hand: Hand) -> PlanFields:
    return PlanFields(
        hand.fresh(), "estate", times=1, unit="day", from_on=hand.seat.today(), lead="何斌",
        estates=(hand.estate(),),
    )  # fmt: skip


def _later(seat: Seat) -> Seat:
    moment = seat.now() + timedelta(days=10)
    return replace(seat, now=lambda: moment)


def _change_rule(hand: Hand) -> Task:
    fields = _fields(hand)
    saved = round_plans.save_plan(hand.seat, fields)
    changed = replace(fields, times=2)
    return Task(
        lambda mover: round_plans.save_plan(_later(mover.seat), changed, Known(saved.id, saved.version))
    )


def _round(hand: Hand) -> int:
    saved = round_plans.save_plan(hand.seat, _fields(hand))
    return rounds.list_rounds(hand.seat, BookQuery(facets={"plan_id": saved.id})).rows[0].id


def _left_out(hand: Hand) -> int:
    key = _round(hand)
    rounds.skip_round(hand.seat, key, "台风")
    return key


def _previews(hand: Hand) -> Sheets:
    return round_previews(hand.seat, [_round(hand)])


def _sheet(hand: Hand) -> int:
    return find_sheet(hand.seat, number_papers(hand.seat, _previews(hand)).sheets[0].number)


def _correction(hand: Hand) -> Correction:
    subject = estate_subjects(hand.seat, [hand.estate()])[0]
    findings = tuple(Finding(item.key, Result.PASS) for item in checklist_for(subject.kind).items)
    visit = log_visit(hand.seat, NewVisit(subject, hand.seat.now(), Party.COMMITTEE, "何斌", findings))
    wrong = tuple(replace(one, result=Result.FAIL, remark="说明" * 100) for one in findings)
    version = visit_to_correct(hand.seat, visit.id).version
    return Correction(visit.id, version, wrong, Conclusion.ON_THE_SPOT, None, "", "看错了")


def _written_off(hand: Hand) -> int:
    key = _sheet(hand)
    sheets_out.withdraw_sheets(hand.seat, [key], "spoiled")
    return key


def _plan(hand: Hand) -> int:
    return round_plans.save_plan(hand.seat, _fields(hand)).id


ROUNDS: dict[str, Prepare] = {
    "new plan of rounds": on(_fields, round_plans.save_plan),
    "changed plan of rounds": _change_rule,
    "removed plan of rounds": on(_plan, round_plans.remove_plan),
    "rounds planned ahead": on(_plan, lambda seat, _plan: plan_rounds(_later(seat))),
    "round left out": on(_round, lambda seat, key: rounds.skip_round(seat, key, "理由" * 200)),
    "round taken back": on(_left_out, rounds.unskip_round),
    "exported rounds": on(nothing, lambda seat, _none: rounds.rounds_for_export(seat, ORDER, BookQuery())),
    "numbered sheets of rounds": on(_previews, number_papers),
    "corrected visit": on(_correction, correct_visit),
    "written off sheet": on(
        _sheet, lambda seat, key: sheets_out.withdraw_sheets(seat, [key], "lost", "说明" * 200)
    ),
    "sheet taken back": on(_written_off, sheets_out.take_back),
    "exported sheets": on(
        nothing, lambda seat, _none: sheets_out.sheets_for_export(seat, ORDER, BookQuery())
    ),
    "printed list of sheets": on(nothing, lambda seat, _none: sheets_out.sheets_for_print(seat, BookQuery())),
    "printed rounds": on(nothing, lambda seat, _none: rounds.rounds_for_print(seat, BookQuery())),
    "exported plans": on(nothing, lambda seat, _none: round_plans.plans_for_export(seat, ORDER, BookQuery())),
    "printed plans": on(nothing, lambda seat, _none: round_plans.plans_for_print(seat, BookQuery())),
}
