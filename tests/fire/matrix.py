"""Proof 5: every (role, service) pair behaves as one table says; run as `python -m tests.fire.matrix`.

The table is that of `tests/test_roles.py`. Each service is called as each role in an office created for it; the
answers are printed, and the run fails where they differ from the table.
"""

import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Operator, Role, Seat
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.store.keys.keyring import Cost
from tests.test_roles import ROLES, SERVICES, is_let_through

_PASSWORD, _CODE = "matrix-password-1", "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG"
_CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
_HEADS = {
    Role.ADMIN: "管理员",
    Role.CLERK: "经办人",
    Role.REVIEWER: "书记/审核",
    Role.VIEWER: "查看",
    Role.PROPERTY: "物业",
}
Answers = Mapping[str, Mapping[Role, bool]]


@dataclass(frozen=True)
class Figures:
    """The outcome in numbers; `wrong` lists the pairs that differ from the table."""

    services: int
    pairs: int
    let_through: int
    refused: int
    wrong: tuple[tuple[str, Role], ...]


def ask_all(seat: Seat) -> dict[str, dict[Role, bool]]:
    """Call every service as every role and return the answers: True for permitted."""
    seats = {role: replace(seat, operator=_operator(seat, role)) for role in Role}
    return {
        name: {role: is_let_through(SERVICES[name], seats[role]) for role in Role} for name in sorted(SERVICES)
        if hasattr(SERVICES[name], "permitted")
    }  # fmt: skip


def _operator(seat: Seat, role: Role) -> Operator:
    estates = frozenset[int]() if role is Role.PROPERTY else None
    return replace(seat.operator, role=role, estates=estates)


def figures(answers: Answers) -> Figures:
    """Count the answers and compare them with the table; a service missing in either counts as wrong."""
    calls = [(name, role, through) for name, row in answers.items() for role, through in row.items()]
    wrong = [(name, role) for name, role, through in calls if through != (role in ROLES.get(name, ()))]
    wrong += [(name, role) for name in ROLES.keys() - answers.keys() for role in Role]
    through = sum(answer for _name, _role, answer in calls)
    return Figures(len(answers), len(calls), through, len(calls) - through, tuple(wrong))


def table(answers: Answers) -> str:
    """Write the matrix for readers: a line per service, a column per role."""
    width = max(len(name) for name in answers)
    lines = [f"{'':{width}}  " + "  ".join(_HEADS.values())]
    job = ""
    for name, row in answers.items():
        if (of := name.partition(".")[0]) != job:
            job = of
            lines.append(f"--- {job}")
        marks = (_centred("●" if row[role] else "·", _HEADS[role]) for role in Role)
        lines.append(f"{name:{width}}  " + "  ".join(marks))
    return "\n".join(lines)


def _centred(mark: str, head: str) -> str:
    # a Chinese character is twice as wide
    return mark.center(sum(1 if char.isascii() else 2 for char in head))


def main() -> int:
    """Create an office, call everything, print matrix and figures; return 1 when an answer differs from the table."""
    started = time.perf_counter()
    use_language("en")  # refusals are recognized by their message
    with tempfile.TemporaryDirectory() as folder:
        settings = OfficeSettings("福元居民委员会")
        seat = set_up_office(Path(folder) / "office", settings, "admin", "管理员", _PASSWORD, _CODE, _CHEAP)
        try:
            answers = ask_all(seat)
        finally:
            seat.store.close()
    result = figures(answers)
    print(table(answers))
    print(
        f"\n{result.services} services x {len(Role)} roles = {result.pairs} pairs called:"
        f" {result.let_through} let through, {result.refused} refused,"
        f" {len(result.wrong)} not as the table says; {time.perf_counter() - started:.1f} s"
    )
    for name, role in result.wrong:
        print(f"WRONG {name} as {role.value}")
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
