"""What is to be done first with a case: the one filled button of its page, in every state."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from fuyuan_desk.access.roles import Role
from fuyuan_desk.renovation.rules.course import COURSE, FIRSTS, CaseStatus, CourseFacts, Obstacles

TODAY = date(2026, 11, 20)
PAST, AHEAD = TODAY - timedelta(days=1), TODAY + timedelta(days=20)
REGISTERED = CourseFacts(CaseStatus.REGISTERED, TODAY, AHEAD)
UNDER_WAY = replace(REGISTERED, status=CaseStatus.UNDER_WAY, started_on=TODAY - timedelta(days=30))
CLOSED = replace(UNDER_WAY, status=CaseStatus.CLOSED)


def hindered(**obstacles: tuple[str, ...] | bool) -> CourseFacts:
    return replace(REGISTERED, hindered=Obstacles(**obstacles))  # type: ignore[arg-type]


TABLE = [
    ("prohibited works: change the filing", hindered(prohibited=("墙",), missing=("证",)), "edit"),
    ("unclear works: answer what is asked", hindered(unclear=("砖",)), "edit"),
    ("no firm named: enter it", hindered(needs_firm=True, missing=("证",)), "edit"),
    ("documents missing: receive them", hindered(missing=("证",)), "receive"),
    ("all there: start", REGISTERED, "start"),
    ("all there, the planned start long past: start", replace(REGISTERED, starts_on=PAST), "start"),
    ("under way: log a visit", UNDER_WAY, "visit"),
    ("under way with failed items: visit again", replace(UNDER_WAY, failed=2), "visit"),
    ("dissuasion failed: report it", replace(UNDER_WAY, failed=1, must_report=True), "report"),
    ("past the end too: report it", replace(UNDER_WAY, ends_on=PAST, failed=1, must_report=True), "report"),
    (
        "reported, past the end: visit again",
        replace(UNDER_WAY, ends_on=PAST, failed=1, is_reported=True),
        "visit",
    ),
    ("before the start: report it", replace(hindered(missing=("证",)), failed=1, must_report=True), "report"),
    ("the last planned day: log a visit", replace(UNDER_WAY, ends_on=TODAY), "visit"),
    ("past the end, nothing open: close", replace(UNDER_WAY, ends_on=PAST), "close"),
    ("past the end, items failed: extend", replace(UNDER_WAY, ends_on=PAST, failed=1), "extend"),
    ("past the end, documents missing: extend", replace(UNDER_WAY, ends_on=PAST, missing=("检",)), "extend"),
    ("closed: nothing", CLOSED, ""),
    ("closed, long past its end: nothing", replace(CLOSED, ends_on=PAST, failed=1), ""),
]


@pytest.mark.parametrize(("facts", "act"), [line[1:] for line in TABLE], ids=[line[0] for line in TABLE])
def test_the_filled_button(facts: CourseFacts, act: str) -> None:
    offers = COURSE.offered(facts, Role.CLERK, TODAY)
    assert [offer.name for offer in offers if offer.is_primary] == ([act] if act else [])


def test_the_table_covers_every_state_and_every_line() -> None:
    assert {facts.status for _text, facts, _act in TABLE} == set(CaseStatus)
    assert {act for _text, _facts, act in TABLE} == {line.act for line in FIRSTS}
    for status in CaseStatus:
        *_conditions, last = [line for line in FIRSTS if line.state is status]
        assert last.when is None, status


@pytest.mark.parametrize("role", list(Role))
def test_the_filled_button_can_always_be_pressed(role: Role) -> None:
    """Whatever the facts: at most one button is filled, it is offered to the role, and nothing prevents it."""
    kinds = product(
        CaseStatus,
        [(), ("墙",)],
        [(), ("砖",)],
        [False, True],
        [(), ("证",)],
        [PAST, AHEAD],
        [0, 2],
        [False, True],
    )
    for status, prohibited, unclear, needs_firm, missing, ends_on, failed, must_report in kinds:
        has_started = status is not CaseStatus.REGISTERED
        missed = missing if has_started else ()
        facts = CourseFacts(
            status, TODAY, ends_on, TODAY if has_started else None,
            Obstacles(prohibited, unclear, missing, needs_firm), missed, failed=failed, must_report=must_report,
        )  # fmt: skip
        filled = [offer for offer in COURSE.offered(facts, role, TODAY) if offer.is_primary]
        assert len(filled) <= 1
        assert not any(offer.why_not for offer in filled), facts


def test_a_property_company_logs_its_visit_whatever_the_office_has_to_do() -> None:
    offers = COURSE.offered(replace(UNDER_WAY, ends_on=PAST, failed=1), Role.PROPERTY, TODAY)
    assert [offer.name for offer in offers if offer.is_primary] == ["visit"]


def test_documents_are_received_while_some_are_missing() -> None:
    def names(facts: CourseFacts) -> set[str]:
        return {offer.name for offer in COURSE.offered(facts, Role.CLERK, TODAY)}

    assert "receive" in names(hindered(missing=("证",)))
    assert "receive" not in names(REGISTERED)
    assert "receive" in names(replace(UNDER_WAY, missing=("检",)))
    assert "receive" not in names(UNDER_WAY)


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        (hindered(prohibited=("墙",), unclear=("砖",), needs_firm=True, missing=("证",)), ""),
        (hindered(unclear=("砖",), needs_firm=True, missing=("证",)), "Next: Clarify the works"),
        (hindered(needs_firm=True, missing=("证",)), "Next: Enter the contractor"),
        (hindered(missing=("证",)), "Next: Receive documents"),
        (REGISTERED, "Next: Start the work"),
        (replace(UNDER_WAY, hindered=Obstacles(unclear=("砖",))), "Next: Close the case"),
        (CLOSED, ""),
    ],
)
def test_the_course_shows_what_comes_before_the_start(facts: CourseFacts, line: str) -> None:
    moments = COURSE.timeline((), facts, TODAY)
    assert [moment.text for moment in moments] == ([line] if line else [])
    assert all(moment.day == COURSE.due(facts) for moment in moments)
