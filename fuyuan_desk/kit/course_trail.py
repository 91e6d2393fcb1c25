"""The course of a record as the audit trail has it: who changed its state when, what was undone and why, and prints."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.access.roles import REVIEWERS, STAFF, Role
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.course import Event
from fuyuan_desk.store.audit import entries, redaction
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db.base import Record

S = TypeVar("S", bound=StrEnum)
_STATUS, _UNDO, _PRINT = "status", "undo", "print"
_READ = ("insert", "update", _UNDO, _PRINT)
_MOST = 2_000
_LONGEST = 200_000


@dataclass(frozen=True)
class Change:
    """A change of state: `values` are the columns written with it, `before` None for a new record."""

    day: date
    by: str
    state: str
    before: str | None
    values: Mapping[str, Any]
    reason: str = ""


@dataclass(frozen=True)
class Trail:
    """The changes of state of a record, oldest first, and the details of its prints since the last one, by day."""

    changes: tuple[Change, ...] = ()
    prints: tuple[tuple[date, Mapping[str, Any]], ...] = ()

    def leads_to(self, status: str) -> bool:
        """Return whether the changes lead from a new record to this state without a gap."""
        before = [None, *(change.state for change in self.changes)]
        return before.pop() == status and before == [change.before for change in self.changes]


def note_undo(
    session: Session, table: str, record_id: int, before: StrEnum, after: StrEnum, reason: str, column: str
) -> None:
    """Log why an act was undone, after the flush of its new state.

    The reason may name a person, so it is logged under the name of a personal `column` of the table: the trail masks
    it like that column, and erases it with it.
    """
    detail = {_STATUS: [before.value, after.value], column: reason.strip()}
    audit.note(session, _UNDO, table, record_id, detail)


def read_trail(session: Session, table: str, record_id: int, column: str) -> Trail:
    """Return the course of a record; `column` holds the reasons of undone acts."""
    connection = session.connection()
    criteria = entries.Filter(actions=_READ, record=(table, record_id))
    ids, _more = entries.find(connection, criteria, _MOST)
    found = entries.read(connection, ids, _LONGEST)
    names = _names(connection)
    trail = Trail()
    for number in sorted(ids):
        trail = _after(trail, found[number], names, column)
    return trail


def read_events(
    trail: Trail,
    row: Record,
    states: type[S],
    days: Mapping[S, str],
    role: Role,
    detail: Callable[[Mapping[str, Any]], str],
) -> tuple[Event[S], ...]:
    """List what happened to a record: by whom for roles that may read the trail, why undone for the committee's staff.

    `days` names the column in which the day of a state is entered, `detail` describes what was written with it. Where
    the trail does not lead to the state of the record, the days of the record itself are listed.
    """
    if not trail.leads_to(getattr(row, _STATUS)):
        return _own_events(row, days)
    may_read, is_staff = role in REVIEWERS, role in STAFF
    return tuple(
        Event(
            _day(change, days[states(change.state)]),
            states(change.state),
            states(change.before) if change.before else None,
            change.by if may_read else "",
            change.reason if is_staff else "",
            detail(change.values),
        )
        for change in trail.changes
    )


def _day(change: Change, column: str) -> date:
    entered: str | None = change.values.get(column)
    return date.fromisoformat(entered) if entered else change.day


def _own_events(row: Record, days: Mapping[S, str]) -> tuple[Event[S], ...]:
    entered = {state: getattr(row, column) for state, column in days.items()}
    known = [(state, day) for state, day in entered.items() if day is not None]
    before = [None, *(state for state, _day in known)]
    return tuple(Event(day, state, previous) for (state, day), previous in zip(known, before, strict=False))


def _after(trail: Trail, entry: entries.Entry, names: Mapping[str, str], column: str) -> Trail:
    """Return the trail with one more entry; one that cannot be read was tampered with, which the check reports."""
    try:
        content = json.loads(entry.changes)
    except ValueError:
        return trail
    if not isinstance(content, dict):
        return trail
    day = entry.at.astimezone().date()
    if entry.action == _PRINT:
        return Trail(trail.changes, (*trail.prints, (day, content)))
    if _STATUS not in content or (entry.action == _UNDO and not trail.changes):
        return trail
    if entry.action == _UNDO:
        last = trail.changes[-1]
        reason = Change(last.day, last.by, last.state, last.before, last.values, _reason(content, column))
        return Trail((*trail.changes[:-1], reason), trail.prints)
    new = {name: value[-1] for name, value in content.items()} if entry.action == "update" else content
    before = content[_STATUS][0] if entry.action == "update" else None
    by = names.get(entry.operator, entry.operator)
    return Trail((*trail.changes, Change(day, by, new[_STATUS], before, new)))


def _reason(content: Mapping[str, Any], column: str) -> str:
    reason = str(content.get(column, ""))
    return _("(erased)") if reason == redaction.ERASED else reason


def _names(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(OperatorRow.login, OperatorRow.name))
    return {**{login: name for login, name in rows}, audit.UNNAMED: _("The program")}  # noqa: C416 - no pairs
