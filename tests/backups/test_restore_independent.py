"""Two persons open a backup only if neither made the other's access alone in the last seven days."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.backups.service import backups
from fuyuan_desk.backups.service.restore import Credential, open_by_two
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.office.service.office_key import Reason, change_office_key
from fuyuan_desk.office.service.operators import add_operator, change_password, reset_password
from fuyuan_desk.office.service.sign_in import recover, sign_in
from tests.access.made import by, enter, id_of
from tests.conftest import CHEAP, PASSWORD, RECOVERY

NEW = "another-horse-10"
ADMIN, LI, REVIEWER = (Credential(login, PASSWORD) for login in ("admin", "li", "reviewer"))
CODE = Credential(code=RECOVERY)


def add_clerk(seat: Seat) -> None:
    add_operator(seat, "li", "李四", Role.CLERK, PASSWORD, CHEAP)


def with_a_clock_set_back(seat: Seat) -> None:
    """A password that one set alone, it seems a month ago."""
    add_operator(by(seat, "reviewer"), "li", "李四", Role.REVIEWER, PASSWORD, CHEAP)
    li = id_of(seat, "li")
    with seat.store.use() as session:
        enter(session, datetime.now(UTC) - timedelta(days=30), "admin", "reset_password", li)
        session.commit()


@dataclass(frozen=True)
class Case:
    """What was done before the backup, and who may open it together how many days later."""

    before: Callable[[Seat], object]
    opens: tuple[tuple[Credential, Credential], ...] = ()
    refused: tuple[tuple[Credential, Credential], ...] = ()
    days: float = 0


CASES = {
    "made alone": Case(add_clerk, ((LI, REVIEWER), (ADMIN, CODE), (LI, CODE)), ((ADMIN, LI), (LI, ADMIN))),
    "reset alone": Case(
        lambda seat: reset_password(seat, id_of(seat, "clerk"), PASSWORD, CHEAP),
        ((Credential("clerk", PASSWORD), REVIEWER),),
        ((ADMIN, Credential("clerk", PASSWORD)),),
    ),
    "a reviewer made by two": Case(
        lambda seat: add_operator(by(seat, "reviewer"), "li", "李四", Role.REVIEWER, PASSWORD, CHEAP),
        ((ADMIN, LI), (LI, ADMIN)),
    ),
    "almost a week later": Case(add_clerk, (), ((ADMIN, LI),), 6.9),
    "a week later": Case(add_clerk, ((ADMIN, LI),), (), 7.1),
    "a clock set back": Case(with_a_clock_set_back, (), ((ADMIN, LI),)),
    "a clock set back, a week later": Case(with_a_clock_set_back, ((ADMIN, LI),), (), 7.1),
}


@pytest.fixture(params=CASES)
def backed_up(request: pytest.FixtureRequest, folder: Path) -> tuple[Case, Path]:
    case = CASES[request.param]
    seat = sign_in(folder, "admin", PASSWORD)
    case.before(seat)
    (outcome,) = backups.back_up(seat, roots=[]).outcomes
    seat.store.close()
    assert outcome.path is not None
    return case, outcome.path


def test_the_two_are_independent(backed_up: tuple[Case, Path]) -> None:
    case, path = backed_up
    now = datetime.now(UTC) + timedelta(days=case.days)
    for first, second in case.opens:
        with closing(open_by_two(path, first, second, now=now)) as agreed:
            assert agreed.backup.office == "福元居民委员会"
    for first, second in case.refused:
        with pytest.raises(NotAllowed, match="no third person agreed"):
            open_by_two(path, first, second, now=now)


def test_a_printed_password_does_not_count_until_it_is_replaced(folder: Path) -> None:
    admin = sign_in(folder, "admin", PASSWORD)
    secrets = change_office_key(by(admin, "reviewer"), Reason.LOST, PASSWORD, NEW, None, CHEAP)
    printed = Credential("clerk", {one.login: one.password for one in secrets.passwords}["clerk"])
    (outcome,) = backups.back_up(admin, roots=[]).outcomes
    admin.store.close()
    assert outcome.path is not None
    own = Credential("admin", NEW)
    for first, second in ((own, printed), (printed, own), (printed, REVIEWER)):
        with pytest.raises(NotAllowed, match="printed"):
            open_by_two(outcome.path, first, second)
    with closing(open_by_two(outcome.path, own, REVIEWER)):
        pass
    clerk = sign_in(folder, "clerk", printed.password)
    change_password(clerk, printed.password, NEW, CHEAP)
    (again,) = backups.back_up(clerk, roots=[]).outcomes
    clerk.store.close()
    assert again.path is not None
    with closing(open_by_two(again.path, own, Credential("clerk", NEW))):
        pass


def test_who_used_the_printed_code_does_not_count_for_a_week(folder: Path) -> None:
    recovered = recover(folder, RECOVERY, "reviewer", NEW, CHEAP)
    (outcome,) = backups.back_up(recovered, roots=[]).outcomes
    recovered.store.close()
    assert outcome.path is not None
    with pytest.raises(NotAllowed, match="no third person agreed"):
        open_by_two(outcome.path, ADMIN, Credential("reviewer", NEW))
    later = datetime.now(UTC) + timedelta(days=7.1)
    with closing(open_by_two(outcome.path, ADMIN, Credential("reviewer", NEW), now=later)):
        pass
