"""The course of a case: the table, what it offers and refuses, its timeline."""

import ast
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.kit.course import Act, Course, Event, Moment, Obstacle, Place, State, plain
from tests.kit.courses import faults
from tests.sources import trees

TODAY = date(2026, 3, 2)
ONE, BOTH = ("clerk",), ("clerk", "chair")


class Step(StrEnum):
    ASKED = "asked"
    PAID = "paid"
    SETTLED = "settled"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Sum:
    """A sum to be paid, invented for these tests."""

    status: Step = Step.ASKED
    has_slip: bool = True
    was_paid: bool = False


def slip_there(case: Sum, _today: date) -> Obstacle | None:
    return None if case.has_slip else Obstacle("Missing: {papers}.", {"papers": ("slip", "stamp")})


def end_of_year(_case: Sum, today: date) -> Obstacle | None:
    return (
        Obstacle("The books are closed on {day}.", {"day": date(2026, 12, 31)}) if today.month == 12 else None
    )


def _settled_from(case: Sum) -> Step:
    return Step.PAID if case.was_paid else Step.ASKED


OPEN = (Step.ASKED, Step.PAID)
SUMS: Course[Step, Sum] = Course(
    states=(
        State(Step.ASKED, "Asked for", "This is asked for.", due=lambda _case: TODAY + timedelta(days=30)),
        State(Step.PAID, "Paid", "This is paid."),
        State(Step.SETTLED, "Settled", "This is settled.", is_end=True),
        State(Step.DROPPED, "Dropped", "This is dropped.", is_end=True),
    ),
    acts=(
        Act("remind", "Re&mind …", OPEN, BOTH),
        Act(
            "pay", "&Pay", (Step.ASKED,), ONE, (Step.PAID,),
            done="Money came", guards=(slip_there,), blocked="It cannot be paid", primary=True,
        ),
        Act("settle", "&Settle", OPEN, ONE, (Step.SETTLED,), done="Settled", warnings=(end_of_year,)),
        Act("drop", "&Drop", (Step.ASKED,), ONE, (Step.DROPPED,), done="Dropped"),
        Act("unpay", "&Undo", (Step.PAID,), ONE, (Step.ASKED,), done="Money went back", undoes="pay"),
        Act(
            "unsettle", "&Open", (Step.SETTLED,), ONE, OPEN,
            done="Opened", undoes="settle", choose=_settled_from,
        ),
    ),
)  # fmt: skip


class _Service:
    def __init__(self, *roles: str) -> None:
        self.permitted = frozenset(roles)

    def __call__(self) -> None: ...


SERVICES = {act.name: _Service(*act.roles) for act in SUMS.acts}
# written by hand, so that a mistake in the table is not in here too
TABLE = {
    ("asked", "remind"): "asked",
    ("paid", "remind"): "paid",
    ("asked", "pay"): "paid",
    ("asked", "settle"): "settled",
    ("paid", "settle"): "settled",
    ("asked", "drop"): "dropped",
    ("paid", "unpay"): "asked",
    ("settled", "unsettle"): None,  # to where it was settled
}


def changed(which: str, **changes: Any) -> Course[Step, Sum]:
    acts = [replace(act, **changes) if act.name == which else act for act in SUMS.acts]
    return replace(SUMS, acts=tuple(acts))


def test_a_course_is_complete() -> None:
    assert faults(SUMS, SERVICES) == []


@pytest.mark.parametrize(
    ("course", "fault"),
    [
        (replace(SUMS, acts=(*SUMS.acts, SUMS.acts[0])), "act remind stands twice"),
        (replace(SUMS, states=SUMS.states[:3]), "drop: unknown state dropped"),
        (replace(SUMS, states=SUMS.states[:3]), "state dropped is not in the table"),
        (changed("remind", frm=()), "remind: from no state"),
        (changed("drop", to=(Step.SETTLED,)), "state dropped is never reached"),
        (changed("pay", frm=(Step.ASKED, Step.SETTLED)), "state settled ends a case, but pay leads on"),
        (changed("settle", frm=(Step.ASKED,)), "state paid does not end a case, but nothing leads on"),
        (changed("unpay", undoes="repay"), "unpay: undoes an unknown act"),
        (changed("unpay", undoes="drop"), "unpay: does not lead back to where drop began"),
        (changed("unsettle", choose=None), "unsettle: several states, and nothing chooses"),
        (changed("pay", done=""), "pay: the timeline has no words for it"),
        (changed("drop", to=(Step.SETTLED,)), "settle and drop lead from one state to the same one"),
        (changed("drop", text="Dro&p"), "asked: Alt+P twice"),
        (changed("pay", roles=BOTH), "pay: its roles are not those of its service"),
        (changed("pay", name="collect"), "collect: no service does it"),
        (changed("pay", name="collect"), "pay: no such act"),
    ],
)
def test_an_incomplete_course_is_found(course: Course[Step, Sum], fault: str) -> None:
    assert fault in faults(course, SERVICES)


@given(st.lists(st.sampled_from([act.name for act in SUMS.acts]), max_size=12))
def test_acts_in_any_order_follow_the_table(names: list[str]) -> None:
    case, settled_from = Sum(), ""
    for name in names:
        expected = TABLE.get((case.status.value, name), "")
        if expected == "":
            with pytest.raises(Conflict) as refused:
                SUMS.check(name, case, TODAY, "reason")
            assert refused.value.message == SUMS.state(case.status).sentence
            continue
        after = SUMS.check(name, case, TODAY, "reason")
        assert after.value == (settled_from if expected is None else expected)
        if name == "settle":
            settled_from = case.status.value
        case = replace(
            case, status=after, was_paid=after is Step.PAID or (case.was_paid and name == "settle")
        )
        offered = {offer.name for offer in SUMS.offered(case, "clerk", TODAY)}
        assert offered == {act for state, act in TABLE if state == after.value}


# --- what is offered -------------------------------------------------------------------------------------


def test_only_the_acts_of_the_state_and_the_role_are_offered() -> None:
    assert [offer.name for offer in SUMS.offered(Sum(), "chair", TODAY)] == ["remind"]
    assert SUMS.offered(Sum(), "stranger", TODAY) == ()
    assert SUMS.offered(Sum(Step.DROPPED), "clerk", TODAY) == ()


def test_an_act_with_an_obstacle_is_offered_with_the_reason_and_refused() -> None:
    case = Sum(has_slip=False)
    [pay] = [offer for offer in SUMS.offered(case, "clerk", TODAY) if offer.name == "pay"]
    assert pay == SUMS.next_offer(case, TODAY)
    assert (pay.is_primary, pay.is_undo, pay.second_person) == (True, False, False)
    assert (pay.blocked, pay.why_not) == ("It cannot be paid", ("Missing: slip, stamp.",))
    with pytest.raises(Conflict) as refused:
        SUMS.check("pay", case, TODAY)
    assert refused.value.message == "It cannot be paid. Missing: slip, stamp."


def test_a_warning_is_said_and_prevents_nothing() -> None:
    december = date(2026, 12, 1)
    [settle] = [offer for offer in SUMS.offered(Sum(), "clerk", december) if offer.name == "settle"]
    assert settle.warnings == ("The books are closed on 2026-12-31.",)
    assert settle.why_not == ()
    assert SUMS.check("settle", Sum(), december) is Step.SETTLED


def test_the_next_act_leads_on_and_is_filled_when_primary_or_overdue() -> None:
    def filled(case: Sum, today: date, course: Course[Step, Sum] = SUMS) -> list[str]:
        return [offer.name for offer in course.offered(case, "clerk", today) if offer.is_primary]

    plain_pay = changed("pay", primary=False)
    assert filled(Sum(), TODAY) == ["pay"]
    assert filled(Sum(), TODAY, plain_pay) == []
    assert filled(Sum(), TODAY + timedelta(days=30), plain_pay) == []
    assert filled(Sum(), TODAY + timedelta(days=31), plain_pay) == ["pay"]
    assert filled(Sum(Step.PAID), date(2027, 1, 1)) == []


def test_an_undo_of_a_case_that_ended_needs_a_second_person() -> None:
    [offer] = SUMS.offered(Sum(Step.SETTLED), "clerk", TODAY)
    assert (offer.name, offer.is_undo, offer.is_primary, offer.second_person) == (
        "unsettle",
        True,
        False,
        True,
    )
    assert SUMS.next_offer(Sum(Step.SETTLED), TODAY) is None


@pytest.mark.parametrize("reason", ["", " \n", "长" * 1_001])
def test_an_undo_needs_a_reason_of_sensible_length(reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        SUMS.check("unpay", Sum(Step.PAID), TODAY, reason)
    assert set(refused.value.fields) == {"reason"}
    assert SUMS.check("unpay", Sum(Step.PAID), TODAY, "x" * 1_000) is Step.ASKED


# --- the timeline ----------------------------------------------------------------------------------------

EVENTS = (
    Event(TODAY, Step.ASKED, by="某甲"),
    Event(TODAY, Step.PAID, Step.ASKED),
    Event(TODAY, Step.SETTLED, Step.PAID, detail="in cash"),
    Event(TODAY, Step.PAID, Step.SETTLED, reason="counted twice"),
    Event(TODAY, Step.ASKED, Step.PAID, reason="bounced"),
)


def test_the_timeline_tells_what_happened_what_was_undone_and_what_is_next() -> None:
    assert SUMS.timeline(EVENTS, Sum(), TODAY) == (
        Moment("Asked for", TODAY, Place.DONE, "某甲"),
        Moment("Money came (undone)", TODAY, Place.UNDONE),
        Moment("Settled (undone)", TODAY, Place.UNDONE, note="in cash"),
        Moment("Opened", TODAY, Place.DONE, note="counted twice"),
        Moment("Money went back", TODAY, Place.DONE, note="bounced"),
        Moment("Next: Pay", TODAY + timedelta(days=30), Place.NEXT),
    )


def test_what_was_done_again_after_an_undo_stands() -> None:
    again = (*EVENTS, Event(TODAY, Step.PAID, Step.ASKED))
    moments = SUMS.timeline(again, Sum(Step.PAID), TODAY)
    assert [moment.place for moment in moments] == [
        Place.DONE, Place.UNDONE, Place.UNDONE, Place.DONE, Place.DONE, Place.DONE, Place.NEXT,
    ]  # fmt: skip
    assert moments[-1] == Moment("Next: Settle", None, Place.NEXT)


def test_a_day_that_has_passed_is_late_and_an_ended_case_has_nothing_next() -> None:
    late = SUMS.timeline(EVENTS[:1], Sum(), TODAY + timedelta(days=31))[-1]
    assert late == Moment("Overdue: Pay", TODAY + timedelta(days=30), Place.LATE)
    assert [moment.place for moment in SUMS.timeline(EVENTS[:3], Sum(Step.SETTLED), TODAY)] == [
        Place.DONE
    ] * 3


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("&Close the case …", "Close the case"),
        ("结案(&C)…", "结案"),
        ("开工(&K)", "开工"),
        ("R&eopen", "Reopen"),
    ],
)
def test_a_button_is_named_without_its_mnemonic(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_course_needs_neither_screen_nor_database() -> None:
    source = next(path for path in trees() if path.match("kit/course.py"))
    nodes = [node for node in ast.walk(trees()[source]) if isinstance(node, ast.ImportFrom)]
    own = {node.module for node in nodes if str(node.module).startswith("fuyuan_desk.")}
    assert own == {"fuyuan_desk.core.errors", "fuyuan_desk.core.texts"}
