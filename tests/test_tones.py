"""The colours of all states: green is good, amber wants attention, red is bad, grey is a plain fact.

A chip has no other colour: neither the accent, which marks the next act, nor a fifth one.
"""

from datetime import date
from typing import get_args

import pytest

from fuyuan_desk.calls.book import entry_mark
from fuyuan_desk.calls.facts import CallFields
from fuyuan_desk.calls.rules import Entry
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.facilities.book import state_mark
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.rules import FacilityState
from fuyuan_desk.inspections.book import CONCLUSION_MARKS
from fuyuan_desk.inspections.rules.visits import Conclusion, Result
from fuyuan_desk.inspections.view.detail import RESULT_TONES
from fuyuan_desk.kit import book, course
from fuyuan_desk.kit.book import Line
from fuyuan_desk.kit.merging.facts import PairState
from fuyuan_desk.kit.merging.view import pair_chip
from fuyuan_desk.renovation.book import SETTLED_MARK, VERDICT_MARKS
from fuyuan_desk.renovation.rules.course import COURSE, CaseStatus
from fuyuan_desk.renovation.rules.present import Present
from fuyuan_desk.renovation.rules.works import Verdict
from fuyuan_desk.renovation.view.words import present_chip
from fuyuan_desk.standards.rules import Tier
from fuyuan_desk.standards.view.words import tier_chip
from fuyuan_desk.widgets import chips
from fuyuan_desk.workorders.book import SEVERITY_MARKS
from fuyuan_desk.workorders.rules.course import COURSE as ORDERS
from fuyuan_desk.workorders.rules.orders import OrderSeverity, OrderStatus

KINDS = (
    *(CaseStatus, Verdict, Conclusion, Result, Entry, FacilityState, PairState, Tier),
    *(OrderStatus, OrderSeverity),
)
GOOD, ATTENTION, BAD, FACT = "ok", "warn", "error", "neutral"
STATES = {
    CaseStatus.REGISTERED: FACT,
    CaseStatus.UNDER_WAY: GOOD,
    CaseStatus.CLOSED: FACT,
    OrderStatus.TO_DISPATCH: ATTENTION,
    OrderStatus.DISPATCHED: FACT,
    OrderStatus.ACCEPTED: FACT,
    OrderStatus.UNDER_WAY: FACT,
    OrderStatus.TO_VERIFY: ATTENTION,
    OrderStatus.PAUSED: FACT,
    OrderStatus.DONE: GOOD,
    OrderStatus.MERGED: FACT,
    OrderStatus.CANCELLED: FACT,
    OrderSeverity.URGENT: BAD,
    OrderSeverity.GENERAL: FACT,
    OrderSeverity.COMPLAINT: ATTENTION,
    Verdict.ALLOWED: GOOD,
    Verdict.DOCUMENTS: ATTENTION,
    Verdict.APPROVAL: ATTENTION,
    Verdict.CHECK: FACT,  # unknown looks unknown
    Verdict.PROHIBITED: BAD,
    Conclusion.CLEAN: GOOD,
    Conclusion.ON_THE_SPOT: GOOD,
    Conclusion.DEADLINE: ATTENTION,
    Conclusion.REPORT: BAD,
    Result.PASS: GOOD,
    Result.FAIL: BAD,
    Result.NOT_APPLICABLE: FACT,
    Entry.OPEN: ATTENTION,
    Entry.DONE: GOOD,
    FacilityState.IN_USE: GOOD,
    FacilityState.FAULTY: BAD,
    FacilityState.STOPPED: ATTENTION,
    FacilityState.SCRAPPED: FACT,
    PairState.SUSPECTED: ATTENTION,
    PairState.APART: FACT,
    PairState.MERGED: FACT,
    Tier.PROTECTIVE: FACT,
    Tier.CORRECTIVE: ATTENTION,
    Tier.SETTLED: GOOD,
    Tier.LIVABLE: GOOD,
}


def tone_of(state: object) -> str:
    if isinstance(state, CaseStatus):
        return COURSE.state(state).tone
    if isinstance(state, OrderStatus):
        return ORDERS.state(state).tone
    if isinstance(state, OrderSeverity):
        return SEVERITY_MARKS[state].tone
    if isinstance(state, Verdict):
        return VERDICT_MARKS[state.name].tone
    if isinstance(state, Conclusion):
        return CONCLUSION_MARKS[state].tone
    if isinstance(state, Result):
        return RESULT_TONES[state][0]
    if isinstance(state, Entry):
        day = date(2026, 3, 1) if state is Entry.DONE else None
        return entry_mark(Line(1, 1, CallFields(entered_on=day)), date(2026, 3, 2)).tone
    if isinstance(state, FacilityState):
        return state_mark(Line(1, 1, FacilityFields(state=state)), date(2026, 3, 2)).tone
    if isinstance(state, PairState):
        return pair_chip(state).tone
    assert isinstance(state, Tier)
    return tier_chip(state).tone


@pytest.mark.parametrize("state", STATES, ids=str)
def test_a_state_has_its_colour(state: object) -> None:
    use_language("en")
    assert tone_of(state) == STATES[state]


def test_the_table_names_every_state() -> None:
    for kind in KINDS:
        assert {state for state in STATES if isinstance(state, kind)} == set(kind)


def test_chips_have_four_colours() -> None:
    for module in (chips, book, course):
        assert set(get_args(module.Tone)) == {GOOD, ATTENTION, BAD, FACT}


@pytest.mark.parametrize("verdict", [Verdict.APPROVAL, Verdict.DOCUMENTS])
def test_what_was_required_and_has_come_is_green(verdict: Verdict) -> None:
    assert present_chip(Present(verdict, is_settled=True)).tone == SETTLED_MARK.tone == GOOD
    assert present_chip(Present(verdict)).tone == ATTENTION
