"""More than twenty personal values in ten minutes take a second person, by what the trail says."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuyuan_desk.access.reveals import MOST, log_disclosures, log_reveal
from fuyuan_desk.access.seat import REVEALERS, Role, Seat, permit
from fuyuan_desk.access.second_person import ProtectedAction, SecondNeeded
from fuyuan_desk.renovation.service import queries, sheet_data
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import Event
from tests.access.made import at, by, enter, noted
from tests.renovation.clerk import add_home, file

T0 = datetime(2040, 1, 1, 9, tzinfo=UTC)


@permit(*REVEALERS)
def show(seat: Seat, count: int = 1) -> str:
    """Show as many values at once."""
    with seat.transaction() as session:
        if count == 1:
            log_reveal(seat, session, "household", 1, {"field": "head"})
        else:
            log_disclosures(seat, session, [Event("reveal", "household", 1, None, {"field": "head"})] * count)
        return "shown"


def counted(seat: Seat) -> int:
    return len(noted(seat, "reveal"))


def test_twenty_are_free_and_the_next_shows_nothing_without_a_second(seat: Seat) -> None:
    for _time in range(MOST):
        assert show(seat) == "shown"
    with pytest.raises(SecondNeeded, match="20 personal values") as needed:
        show(seat)
    assert (needed.value.action, needed.value.what) == (ProtectedAction.BULK_REVEAL, "21 personal values")
    assert counted(seat) == MOST
    # the count starts anew once somebody agreed
    show(by(seat, "reviewer"))
    for _time in range(MOST):
        show(seat)
    with pytest.raises(SecondNeeded):
        show(seat)
    assert [detail["act"] for _who, detail in noted(seat, "confirm")] == ["bulk_reveal"]


def test_each_operator_has_her_own_count(seat: Seat, seat_as: Callable[[Role], Seat]) -> None:
    show(seat, MOST)
    assert show(seat_as(Role.CLERK)) == "shown"
    with pytest.raises(SecondNeeded):
        show(seat)


def test_many_at_once_take_two_at_once(seat: Seat) -> None:
    with pytest.raises(SecondNeeded, match="20 personal values"):
        show(seat, MOST + 1)
    assert counted(seat) == 0
    assert show(by(seat, "reviewer"), MOST + 1) == "shown"
    assert show(seat, MOST) == "shown"  # the agreement was for those before it


def test_ten_minutes_later_it_starts_anew(seat: Seat) -> None:
    now = datetime.now(UTC)
    show(at(seat, now), MOST)
    with pytest.raises(SecondNeeded):
        show(at(seat, now + timedelta(minutes=9)))
    # a clock set back does not help
    with pytest.raises(SecondNeeded):
        show(at(seat, now - timedelta(days=30)))
    assert show(at(seat, now + timedelta(minutes=11))) == "shown"


KINDS = {
    # action, detail, counted
    "reveal": ("reveal", {"field": "head"}, True),
    "report": ("person_report", {"number": "GR2040-0001"}, True),
    "unmasked print": ("print", {"revealed": True}, True),
    "masked print": ("print", {"revealed": False}, False),
    "list": ("print", {"rows": 90}, False),
    "purge agreed": ("confirm", {"act": "purge", "by": "reviewer"}, False),
}
ENTRIES = st.lists(
    st.tuples(
        st.sampled_from([*sorted(KINDS), "agreed", "alone"]),
        st.sampled_from(("admin", "clerk")),
        st.integers(1, 14),
    ),
    max_size=8,
)


def oracle(entries: Sequence[tuple[str, str, int]], minutes: float) -> int:
    """Count by hand: hers, younger than ten minutes, after her last agreement; entry n was made in minute n."""
    count = 0
    for minute, (kind, who, times) in enumerate(entries):
        if who != "admin":
            continue
        if kind in ("agreed", "alone"):
            count = 0
        elif KINDS[kind][2] and minutes - minute < 10:
            count += times
    return count


def test_any_history_is_counted_as_by_hand(seat: Seat) -> None:
    @settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(ENTRIES, st.integers(8, 20))
    def judged(entries: list[tuple[str, str, int]], minutes: int) -> None:
        moment = T0 + timedelta(minutes=minutes)
        with seat.store.use() as session:
            for minute, (kind, who, times) in enumerate(entries):
                then = T0 + timedelta(minutes=minute)
                if kind in ("agreed", "alone"):
                    enter(
                        session, then, who, "confirm" if kind == "agreed" else kind, 3, {"act": "bulk_reveal"}
                    )
                    continue
                action, detail, _counted = KINDS[kind]
                for _time in range(times):
                    enter(session, then, who, action, 3, detail)
            session.info[audit.ACTOR] = "admin"
            try:
                # as of the trail's own clock, long before: counted are those above
                log_reveal(at(seat, moment), session, "household", 1, {"field": "head"})
                asked = False
            except SecondNeeded:
                asked = True
            assert asked is (oracle(entries, minutes) > MOST)
            session.rollback()

    judged()


# --- by the services -----------------------------------------------------------------------------------


def test_values_forms_and_unmasked_papers_count_together(seat: Seat) -> None:
    home = add_home(seat)
    case = file(seat, home).id
    show(seat, MOST - 3)
    queries.reveal(seat, case, "applicant")
    queries.case_for_edit(seat, case)
    sheet_data.registration_sheets(seat, [case])  # masked: counts for nothing
    sheet_data.registration_sheets(seat, [case], reveal=True)
    for use in (
        lambda one: queries.reveal(one, case, "applicant_phone"),
        lambda one: queries.case_for_edit(one, case),
        lambda one: sheet_data.registration_sheets(one, [case], True),
    ):
        with pytest.raises(SecondNeeded):
            use(seat)
    prints = len(noted(seat, "print"))
    assert sheet_data.registration_sheets(by(seat, "reviewer"), [case], True)
    assert len(noted(seat, "print")) == prints + 1
    assert queries.reveal(seat, case, "applicant")
    assert sheet_data.registration_sheets(seat, [case] * (MOST + 5))  # as many masked ones as are needed
