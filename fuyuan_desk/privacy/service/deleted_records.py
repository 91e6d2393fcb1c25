"""What the trail still says of people in records that were removed, and when their term there is over (PIPL §19).

A removed record is told in the trail with all it held. Its term counts from the removal; which tables are under this
follows from their columns, how long from `resources/office/retention.json`. What was erased is marked by an act of
its own after the removal, so that nothing is erased twice.
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
    """What goes from the trail of a table's removed records, and when; `name` is what one of them is called."""

    name: Words
    term: Term
    columns: frozenset[str]


@cache
def rules() -> Mapping[str, Rule]:
    """Give every table whose records the trail tells and of whose people something goes; sign-in names stay (§54)."""
    found = {}
    for model in scope.models():
        table = table_of(model.__tablename__)
        logins = {name for name, told in columns_of(table).items() if told.kind is Kind.LOGIN}
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
    """Count the removed records of which the trail still tells though their term is over.

    Somebody who is held to some estates is told of none: where a removed record belonged cannot be known any more.
    """
    if session.info.get(scope.ESTATES) is not None:
        return 0
    return removals.count_before(session.connection(), _limits(today))


def over(session: Session, today: date, offset: int = 0, limit: int = -1) -> list[Removal]:
    """List a window of them, in the order of the index so that a window need not read all; no limit by -1."""
    if session.info.get(scope.ESTATES) is not None:
        return []
    return removals.list_before(session.connection(), _limits(today), offset, limit)


def told(gone: Sequence[Removal]) -> list[Due]:
    """Say of each what it was, where the trail tells of its removal, and since when it is due; no values."""
    found = []
    for one in gone:
        rule = rules()[one.table]
        since = one.at.astimezone().date()
        found.append(
            Due(
                key=Key(one.table, one.id, REMOVED),
                what=_("{what} (removed)").format(what=rule.name),
                place=_("Entry {n} of the trail").format(n=one.entry),
                who="",
                reason=str(rule.term.name).format(n=rule.term.years),
                since=since,
                due_on=rule.term.due_on(since),
                removed=False,
            )
        )
    return found
