"""Whose access somebody made alone may not second that person for seven days, by the trail of a real store."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.independence import Requester, makes_approver, waits_until
from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.access.seat import WRITERS, Role, Seat, permit
from fuyuan_desk.access.second_person import ProtectedAction, SecondNeeded, SecondRefused
from fuyuan_desk.office.service.operators import (
    add_operator,
    list_operators,
    reactivate_operator,
    reset_password,
    set_operator,
)
from fuyuan_desk.store.keys import attempts, keyring
from tests.access.made import at, by, enter, id_of, noted
from tests.conftest import CHEAP, PASSWORD

T0 = datetime(2040, 1, 1, 9, tzinfo=UTC)  # after everything that the prepared office's trail holds
WEEK = timedelta(days=7)
X, S, THIRD = "admin", 900, 901


@permit(*WRITERS)
def erase(seat: Seat) -> str:
    """An operation that requires a second person."""
    with seat.transaction() as session:
        return seat.require_second(session, ProtectedAction.PURGE, "")


@dataclass(frozen=True)
class Act:
    """A transaction that made S's access: days after T0, what it was, by whom, and who confirmed it (0: nobody)."""

    day: float
    what: str = "insert"
    by: str = X
    confirmer: int = 0


CHANGES = {
    "insert": [("insert", {"login": "s", "role": "reviewer"})],
    "reset": [("reset_password", {})],
    "reactivate": [("update", {"active": [False, True], "role": ["clerk", "reviewer"]}), ("reactivate", {})],
    "promote": [("update", {"role": ["clerk", "admin"]})],
    "step down": [("update", {"role": ["admin", "reviewer"]})],
    "demote": [("update", {"role": ["reviewer", "clerk"]})],
    "end": [("update", {"active": [True, False]})],
    "recover": [("recover", {})],
    "rename": [("update", {"name": ["甲", "乙"]})],
    "estates": [("update", {"last_sign_in_at": ["", "x"]})],
}
MAKING = ("insert", "reset", "reactivate", "promote")


def write(session: Session, act: Act) -> None:
    moment = T0 + timedelta(days=act.day)
    for action, changes in CHANGES[act.what]:
        enter(session, moment, act.by, action, S, changes)
    if act.confirmer:
        detail = {"act": "operator", "what": "某", "by": "y", "operator_id": S}
        enter(session, moment, act.by, "confirm", act.confirmer, detail)


def waits(session: Session, day: float) -> datetime | None:
    return waits_until(session, Requester(1, X, T0 + timedelta(days=day)), S)


TABLE: dict[str, tuple[Sequence[Act], float, float | None]] = {
    # acts; the day on which X asks; the day from which S may agree, None: she may
    "nobody made it": ([], 0, None),
    "made just now": ([Act(0)], 0, 7),
    "an hour before the week is over": ([Act(0)], 7 - 1 / 24, 7),
    "after the week": ([Act(0)], 7, None),
    "made by another": ([Act(0, by="other")], 1, None),
    "confirmed by a third": ([Act(0, confirmer=THIRD)], 1, None),
    "confirmed by herself": ([Act(0, confirmer=S)], 1, 7),
    "a password after a confirmed making": ([Act(0, confirmer=THIRD), Act(3, "reset")], 4, 10),
    "a confirmed password after making alone": ([Act(0), Act(3, "reset", confirmer=THIRD)], 4, 7),
    "the last of two counts": ([Act(0), Act(3, "reset")], 8, 10),
    "reactivated": ([Act(0, "reactivate")], 1, 7),
    "reactivated and confirmed": ([Act(0, "reactivate", confirmer=THIRD)], 1, None),
    "promoted": ([Act(0, "promote")], 1, 7),
    "set with the printed code, whoever did": ([Act(0, "recover", by="s")], 1, 7),
    "set with the printed code a week ago": ([Act(0, "recover", by="s")], 7, None),
    "only lost rights": ([Act(0, "step down"), Act(0, "demote"), Act(0, "end")], 1, None),
    "only renamed": ([Act(0, "rename"), Act(0, "estates")], 1, None),
    "a clock set back": ([Act(30, "rename"), Act(20)], 30, 37),
    "a clock set back and put right": ([Act(30, "rename"), Act(20)], 36, 37),
    "asked with a clock set back": ([Act(30)], 10, 37),
}


@pytest.mark.parametrize("case", TABLE)
def test_who_made_whose_access_decides(seat: Seat, case: str) -> None:
    acts, asked, since = TABLE[case]
    with seat.store.use() as session:
        for act in acts:
            write(session, act)
        assert waits(session, asked) == (None if since is None else T0 + timedelta(days=since))
        session.rollback()


ACTS = st.builds(
    Act,
    day=st.integers(0, 30),
    what=st.sampled_from(sorted(CHANGES)),
    by=st.sampled_from((X, "other")),
    confirmer=st.sampled_from((0, 0, S, THIRD)),
)


def oracle(acts: Sequence[Act], asked: float) -> float | None:
    """Return the day from which S may agree: seven after X last made or may have made it, as late as the clock was."""
    latest, since = 0.0, None
    for act in acts:
        latest = max(latest, act.day)
        is_alone = act.by == X and act.what in MAKING and act.confirmer != THIRD
        is_alone = is_alone or act.what == "recover"  # X may have used the printed code, whoever is named
        since = latest + 7 if is_alone else since
    return since if since is not None and asked < since else None


def test_any_history_is_judged_as_by_hand(seat: Seat) -> None:
    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(ACTS, max_size=7), st.integers(0, 45))
    def judged(acts: list[Act], asked: int) -> None:
        confirmable = [
            # what makes nobody an approver is never confirmed
            act if act.what in MAKING else Act(act.day, act.what, act.by)
            for act in acts
        ]
        with seat.store.use() as session:
            for act in confirmable:
                write(session, act)
            since = oracle(confirmable, asked)
            assert waits(session, asked) == (None if since is None else T0 + timedelta(days=since))
            session.rollback()

    judged()


@pytest.mark.parametrize("after", Role)
@pytest.mark.parametrize("before", [None, *Role])
def test_a_role_that_agrees_is_made_and_not_taken(before: Role | None, after: Role) -> None:
    rank = {Role.ADMIN: 2, Role.REVIEWER: 1}
    gains = rank.get(after, 0) > (0 if before is None else rank.get(before, 0))
    assert makes_approver(before, after) is gains


# --- by the services -----------------------------------------------------------------------------------


MAKES: dict[str, Callable[[Seat], object]] = {
    "add": lambda seat: add_operator(seat, "li", "李四", Role.REVIEWER, PASSWORD, CHEAP),
    "add an administrator": lambda seat: add_operator(seat, "li", "李四", Role.ADMIN, PASSWORD, CHEAP),
    "promote": lambda seat: set_operator(seat, id_of(seat, "clerk"), Role.REVIEWER, True),
    "promote to administrator": lambda seat: set_operator(seat, id_of(seat, "viewer"), Role.ADMIN, True),
    "reset a reviewer": lambda seat: reset_password(seat, id_of(seat, "second"), PASSWORD, CHEAP),
    "reactivate": lambda seat: reactivate_operator(
        seat, id_of(seat, "former"), Role.REVIEWER, PASSWORD, CHEAP
    ),
}


@pytest.fixture
def office(seat: Seat) -> Seat:
    """An office with two reviewers, and a former one."""
    for login in ("second", "former"):
        add_operator(by(seat, "reviewer"), login, f"某{login}", Role.REVIEWER, PASSWORD, CHEAP)
    set_operator(seat, id_of(seat, "former"), Role.REVIEWER, False)
    return seat


@pytest.mark.parametrize("make", MAKES)
def test_making_an_administrator_or_reviewer_takes_two(office: Seat, make: str) -> None:
    before = (
        list_operators(office),
        noted(office, "confirm"),
        (office.store.folder / keyring.FILE).read_bytes(),
    )
    with pytest.raises(SecondNeeded) as needed:
        MAKES[make](office)
    assert needed.value.action is ProtectedAction.OPERATOR
    assert needed.value.nobody == ""
    with pytest.raises(SecondRefused):
        MAKES[make](by(office, "admin"))
    assert (
        list_operators(office),
        noted(office, "confirm"),
        (office.store.folder / keyring.FILE).read_bytes(),
    ) == before
    MAKES[make](by(office, "reviewer"))
    who, detail = noted(office, "confirm")[-1]
    assert (who, detail["act"], detail["by"]) == ("admin", "operator", "reviewer")
    # a third agreed, so whoever was made may agree at once
    for view in list_operators(office):
        if view.active and view.role in (Role.REVIEWER, Role.ADMIN) and view.login != "admin":
            assert erase(by(office, view.login)) == view.login


def test_what_makes_no_approver_takes_one(seat: Seat) -> None:
    add_operator(seat, "li", "李四", Role.CLERK, PASSWORD, CHEAP)
    set_operator(seat, id_of(seat, "li"), Role.VIEWER, True)
    reset_password(seat, id_of(seat, "li"), "another-horse-10", CHEAP)
    set_operator(seat, id_of(seat, "li"), Role.VIEWER, False)
    reactivate_operator(seat, id_of(seat, "li"), Role.CLERK, PASSWORD, CHEAP)
    set_operator(seat, id_of(seat, "reviewer"), Role.REVIEWER, True)  # as before
    set_operator(seat, id_of(seat, "reviewer"), Role.CLERK, True)
    assert noted(seat, "confirm") == []


def test_a_clerk_whose_password_one_knows_does_not_agree_after_a_promotion(seat: Seat) -> None:
    add_operator(seat, "li", "李四", Role.CLERK, PASSWORD, CHEAP)
    made = datetime.now(UTC)
    set_operator(by(seat, "reviewer"), id_of(seat, "li"), Role.REVIEWER, True)
    with pytest.raises(SecondRefused, match="李四 may agree for you from") as refused:
        erase(by(seat, "li"))
    day = (made + WEEK).astimezone().strftime("%Y-%m-%d %H:%M")
    assert set(refused.value.fields) == {"second_login"}
    assert (
        day in refused.value.message
        or (made + WEEK + timedelta(minutes=1)).astimezone().strftime("%Y-%m-%d %H:%M")
        in refused.value.message
    )
    # for somebody else she may
    other = by(at(seat, made), "li")
    clerk = type(seat.operator)(id_of(seat, "clerk"), "clerk", "某", Role.CLERK)
    assert erase(type(seat)(seat.store, clerk, second=other.second)) == "li"
    assert erase(by(at(seat, made + WEEK + timedelta(hours=1)), "li")) == "li"


def test_nobody_agrees_to_a_password_of_their_own(office: Seat) -> None:
    with pytest.raises(SecondRefused, match="their own access"):
        reset_password(by(office, "second"), id_of(office, "second"), "another-horse-10", CHEAP)
    attempts.clear(office.store.folder)
    set_operator(office, id_of(office, "second"), Role.REVIEWER, False)
    with pytest.raises(SecondNeeded) as needed:
        reset_password(office, id_of(office, "reviewer"), "another-horse-10", CHEAP)
    assert "Nobody may agree at present" in needed.value.nobody
    assert "recovery code" in needed.value.message
    assert "某reviewer" not in needed.value.nobody


def test_of_two_administrators_neither_seconds_the_other_in_the_first_week(seat: Seat) -> None:
    """Else one person makes a second alone, and by both of them a third."""
    with seat.store.use() as session:
        made, clerk = id_of_login(session, "reviewer"), id_of_login(session, "clerk")
        session.get_one(OperatorRow, made).role = Role.ADMIN
        session.flush()
        enter(session, T0, X, "reset_password", made)
        enter(session, T0, X, "reset_password", clerk)
        asked = T0 + timedelta(days=1)
        maker = id_of_login(session, X)
        assert waits_until(session, Requester(made, "reviewer", asked), maker) == T0 + WEEK
        assert waits_until(session, Requester(made, "reviewer", T0 + WEEK), maker) is None
        # she makes nobody's access, and is seconded by whoever made hers
        assert waits_until(session, Requester(clerk, "clerk", asked), maker) is None
        session.rollback()


def id_of_login(session: Session, login: str) -> int:
    return session.scalars(select(OperatorRow.id).where(OperatorRow.login == login)).one()
