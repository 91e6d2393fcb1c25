"""Personal data of removed records that is still in the audit trail, and the end of its term (PIPL §19).

The trail's entry of a removal holds the whole record. The term starts with the removal; the tables concerned follow
from their columns, the terms from `resources/office/retention.json`. An erasure adds an entry of its own after the
removal, so that nothing is erased twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import _
from fuyuan_desk.privacy.catalogue import Holding, Term, Words, holdings, removed_term
from fuyuan_desk.privacy.facts import REMOVED, Due, Key
from fuyuan_desk.privacy.service.anonymise import blanked, table_of
from fuyuan_desk.store.audit import removals
from fuyuan_desk.store.audit.removals import Removal
from fuyuan_desk.store.db.personal import Kind, columns_of
from fuyuan_desk.store.guards import scope


@dataclass(frozen=True)
class Rule:
    """The columns to redact in the trail for a table's removed records, and the term; `name` is a record's label."""

    name: Words
    term: Term
    columns: frozenset[str]


@cache
def rules() -> Mapping[str, Rule]:
    """Return the rule of each audited table with personal data to redact; sign-in names are kept (§54)."""
    found = {}
    for model in scope.models():
        table = table_of(model.__tablename__)
        logins = {name for name, personal in columns_of(table).items() if personal.kind is Kind.LOGIN}
        holding = _holding_of(table.name)
        going = blanked(holding) if holding.table == table.name else columns_of(table)
        if model.trailed and going.keys() - logins:
            name = _name(holding, table.name, going)
            found[table.name] = Rule(name, removed_term(table.name), frozenset(going.keys() - logins))
    return found


def _holding_of(table: str) -> Holding:
    known = holdings()
    above = (holding for holding in known.values() if table in holding.parts)
    return known.get(table) or next(above, None) or Holding(table, Words("", ""), Words("", ""), (), {})


def _name(holding: Holding, table: str, columns: Mapping[str, Any]) -> Words:
    if holding.table == table:
        return holding.name
    return holding.columns[f"{table}.{next(iter(columns))}"]


def _limits(today: date) -> dict[str, datetime]:
    """Return by table the first instant of a removal that is too young."""
    return {name: _midnight(rule.term.began_by(today) + timedelta(days=1)) for name, rule in rules().items()}


def _midnight(day: date) -> datetime:
    # an office counts its days by the clock on its wall
    return datetime.combine(day, time()).astimezone()


def count(session: Session, today: date) -> int:
    """Count the removed records still in the trail whose term is over.

    A user limited to some estates sees none, since the estate of a removed record is no longer known.
    """
    if session.info.get(scope.ESTATES) is not None:
        return 0
    return removals.count_before(session.connection(), _limits(today))


def over(session: Session, today: date, offset: int = 0, limit: int = -1) -> list[Removal]:
    """List a window of them in index order, which avoids reading all; a `limit` of -1 means no limit."""
    if session.info.get(scope.ESTATES) is not None:
        return []
    return removals.list_before(session.connection(), _limits(today), offset, limit)


def as_dues(gone: Sequence[Removal]) -> list[Due]:
    """Return each as a due record with its audit entry's number, without values."""
    found = []
    for one in gone:
        rule = rules()[one.table]
        since = one.at.astimezone().date()
        found.append(
            Due(
                key=Key(one.table, one.id, REMOVED),
                what=_("{what} (removed)").format(what=rule.name),
                place=_("Entry {n} of the audit log").format(n=one.entry),
                who="",
                reason=str(rule.term.name).format(n=rule.term.years),
                since=since,
                due_on=rule.term.due_on(since),
                removed=False,
            )
        )
    return found
