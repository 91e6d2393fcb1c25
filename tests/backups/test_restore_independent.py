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
from fuyuan_desk.office.service.operators import add_operator, reset_password
from fuyuan_desk.office.service.sign_in import sign_in
from tests.access.made import by, enter, id_of
from tests.conftest import CHEAP, PASSWORD, RECOVERY

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
