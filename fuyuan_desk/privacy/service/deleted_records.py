"""Personal data of removed records that is still in the audit trail, and the end of its term (PIPL §19).

The trail's entry of a removal holds the whole record. The term starts with the removal; the tables concerned follow
from their columns, the terms from `resources/office/retention.json`. An erasure adds an entry of its own after the
removal, so that nothing is erased twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import _
from fuyuan_desk.privacy.catalogue import Holding, Term, Words, holdings, removed_term
from fuyuan_desk.privacy.facts import REMOVED, Due, Key
from fuyuan_desk.privacy.service.anonymise import blanked, table_of
from fuyuan_desk.store.db.personal import Kind, columns_of
from fuyuan_desk.store.guards import scope


@dataclass(frozen=True)
class Rule:
    """The columns to redact in the trail for a table's removed records, and the term; `name` is a record's label."""

    name: Words
    term: Term
    columns: frozenset[str]


@dataclass(frozen=True)
class Gone:
    """A removed record whose term is over: the entry that tells of its removal, the day of it, and which it was."""

    entry: int
    day: date
    table: str
    id: int
    uid: str


@cache
def rules() -> Mapping[str, Rule]:
    """Return the rule of each audited table with personal data to redact; sign-in names are kept (§54)."""
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


# by the index of acts, of which removals are few; whether it was erased since, by the index of records
_OVER = (
    " FROM audit_entry AS gone INDEXED BY ix_audit_entry_action CROSS JOIN over ON over.name = gone.table_name"
    " WHERE gone.action = 'delete' AND gone.at < over.before AND gone.record_id IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM audit_entry AS later INDEXED BY ix_audit_entry_record"
    " WHERE later.table_name = gone.table_name AND later.record_id = gone.record_id AND later.id > gone.id"
    " AND later.action IN ('anonymise', 'erase'))"
)


def _asked(today: date) -> tuple[str, tuple[str, ...]]:
    limits = [part for name, rule in rules().items() for part in (name, _before(rule.term, today))]
    marks = ", ".join(["(?, ?)"] * len(rules()))
    return f"WITH over(name, before) AS (VALUES {marks}) ", tuple(limits)


def _before(term: Term, today: date) -> str:
    """Give the first instant that is too young, as the trail writes instants."""
    following = datetime.combine(term.began_by(today) + timedelta(days=1), time())
    return following.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def count(session: Session, today: date) -> int:
    """Count the removed records still in the trail whose term is over.

    A user limited to some estates sees none, since the estate of a removed record is no longer known.
    """
    if session.info.get(scope.ESTATES) is not None:
        return 0
    limits, values = _asked(today)
    found = session.connection().exec_driver_sql(f"{limits}SELECT count(*){_OVER}", values)
    return int(found.scalar() or 0)


def over(session: Session, today: date, offset: int = 0, limit: int = -1) -> list[Gone]:
    """List a window of them in index order, which avoids reading all; a `limit` of -1 means no limit."""
    if session.info.get(scope.ESTATES) is not None:
        return []
    limits, values = _asked(today)
    columns = "gone.id, gone.at, gone.table_name, gone.record_id, gone.record_uid"
    asked = f"{limits}SELECT {columns}{_OVER} ORDER BY gone.operator, gone.id LIMIT ? OFFSET ?"
    rows = session.connection().exec_driver_sql(asked, (*values, limit, offset))
    return [Gone(entry, _day(at), table, key, uid or "") for entry, at, table, key, uid in rows]


def _day(at: str) -> date:
    return datetime.fromisoformat(at).replace(tzinfo=UTC).astimezone().date()


def told(gone: Sequence[Gone]) -> list[Due]:
    """Return each as a due record with its audit entry's number, without values."""
    found = []
    for one in gone:
        rule = rules()[one.table]
        found.append(
            Due(
                key=Key(one.table, one.id, REMOVED),
                what=_("{what} (removed)").format(what=rule.name),
                place=_("Entry {n} of the audit log").format(n=one.entry),
                who="",
                reason=str(rule.term.name).format(n=rule.term.years),
                since=one.day,
                due_on=rule.term.due_on(one.day),
                removed=False,
            )
        )
    return found
