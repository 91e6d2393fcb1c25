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


def made_before(days: float, *older: float) -> Callable[[Seat], None]:
    """Return what adds a clerk whose access was made that many days ago, after entries of the days `older`."""

    def add(seat: Seat) -> None:
        founder = type(seat.operator)(seat.operator.id, "founder", "", Role.ADMIN)
        add_clerk(type(seat)(seat.store, founder))
        clerk = id_of(seat, "li")
        with seat.store.use() as session:
            for ago in older:
                enter(session, datetime.now(UTC) - timedelta(days=ago), "clerk", "sign_in", 2)
            enter(session, datetime.now(UTC) - timedelta(days=days), "admin", "reset_password", clerk)
            session.commit()

    return add


@dataclass(frozen=True)
class Case:
    """What was done before the backup, and who may open it together."""

    before: Callable[[Seat], object]
    opens: tuple[tuple[Credential, Credential], ...] = ()
    refused: tuple[tuple[Credential, Credential], ...] = ()


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
    "a week ago": Case(made_before(7.1), ((ADMIN, LI),)),
    "almost a week ago": Case(made_before(6.9), (), ((ADMIN, LI),)),
    "with a clock set back": Case(made_before(30, 1), (), ((ADMIN, LI),)),
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
    for first, second in case.opens:
        with closing(open_by_two(path, first, second)) as agreed:
            assert agreed.backup.office == "福元居民委员会"
    for first, second in case.refused:
        with pytest.raises(NotAllowed, match="no third person agreed"):
            open_by_two(path, first, second)
