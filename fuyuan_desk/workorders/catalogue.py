"""Reads the reference terms and the ladder of reminders (参考值) from `resources/workorders/terms.json`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache

from fuyuan_desk.core.calendar import Term, Unit
from fuyuan_desk.core.paths import read_json
from fuyuan_desk.workorders.rules.escalation import Level, Rung
from fuyuan_desk.workorders.rules.orders import OrderSeverity
from fuyuan_desk.workorders.rules.verification import Address


@dataclass(frozen=True)
class Terms:
    """The reference terms by severity, the names of the limits of a tier, and who is told after what time.

    `standard_item` is the duty of the service standard that has the limits. A finding is listed for `finding_days`, a
    closed order can be reopened for `reopen_days`. `address` is how people are called besides their names.
    """

    standard_item: str
    limits: Mapping[OrderSeverity, str]
    reference: Mapping[OrderSeverity, Term]
    escalation: tuple[Rung, ...]
    finding_days: int
    address: Address
    reopen_days: int


@cache
def terms() -> Terms:
    """Return the terms as shipped."""
    data = read_json("workorders", "terms.json")
    by = time.fromisoformat(data["by"])
    rows = [(OrderSeverity(row["severity"]), row) for row in data["terms"]]
    return Terms(
        data["standard_item"],
        {severity: row["limit"] for severity, row in rows},
        {severity: Term(row["count"], Unit(row["unit"]), by) for severity, row in rows},
        tuple(Rung(Level(row["level"]), timedelta(hours=row["hours"])) for row in data["escalation"]),
        data["finding_days"],
        Address(**{name: frozenset(words) for name, words in data["address"].items()}),
        data["reopen_days"],
    )
