"""Retention (PIPL §19): the records that are due, and anonymising them with a second person."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import REVEALERS, WRITERS, Seat, permit
from fuyuan_desk.access.second_person import ProtectedAction
from fuyuan_desk.core.errors import Conflict, Unusable
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.formats.names import ANONYMOUS
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.privacy.catalogue import Fate, Holding, Term, holdings
from fuyuan_desk.privacy.facts import REMOVED, Due, Key, Purged
from fuyuan_desk.privacy.service import deleted_records, matching
from fuyuan_desk.privacy.service.anonymise import Purge, table_of
from fuyuan_desk.store.audit.removals import Removal
from fuyuan_desk.store.db.base import UtcDateTime
from fuyuan_desk.store.db.personal import Kind, columns_of
from fuyuan_desk.store.media.files import Media


def _terms() -> list[tuple[Holding, Term]]:
    return [(holding, holding.term) for holding in holdings().values() if holding.term is not None]


def day_of(value: date | datetime) -> date:
    """Return the local day of a date or an instant."""
    return value.astimezone().date() if isinstance(value, datetime) else value


def _is_over(holding: Holding, term: Term, today: date) -> list[ColumnElement[bool]]:
    table = table_of(holding.table)
    since = table.c[term.since]
    last = term.began_by(today)
    found: list[ColumnElement[bool]] = [since.is_not(None)]
    if isinstance(since.type, UtcDateTime):
        found.append(since < datetime.combine(last + timedelta(days=1), time()).astimezone())
    else:
        found.append(since <= last)
    found += [table.c[name] == value for name, value in term.only.items()]
    if term.done:
        found.append(table.c[term.done].is_(None))
    elif term.fate is Fate.ANONYMISE:
        names = [name for name, personal in columns_of(table).items() if personal.kind is Kind.NAME]
        found += [table.c[name].not_in(("", ANONYMOUS)) for name in names]
    return found


@permit(*REVEALERS)
def due_for_anonymising(seat: Seat, offset: int = 0, limit: int = 200) -> Page[Due]:
    """List a window of the records whose term is over, masked, each with the reason and the due day.

    Removed records that only the audit trail still contains come last; their keys have `REMOVED`.
    """
    with seat.reading() as session:
        total = 0
        rows: list[Due] = []
        for holding, term in _terms():
            conditions = _is_over(holding, term, seat.today())
            table = table_of(holding.table)
            count = session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
            first = max(offset - total, 0)
            remaining = limit - len(rows)
            if first < count and remaining > 0:
                query = select(table.c.id, table.c[term.since]).where(*conditions)
                found = session.execute(
                    query.order_by(table.c[term.since], table.c.id).offset(first).limit(remaining)
                )
                rows += _due_rows(session, holding, term, {row[0]: day_of(row[1]) for row in found})
            total += count
        first, remaining = max(offset - total, 0), limit - len(rows)
        if remaining > 0:
            rows += deleted_records.as_dues(deleted_records.over(session, seat.today(), first, remaining))
        return Page(total + deleted_records.count(session, seat.today()), tuple(rows))


def _due_rows(session: Session, holding: Holding, term: Term, since: Mapping[int, date]) -> list[Due]:
    places = matching.places(session, holding.table, list(since))
    names = matching.names_of(session, holding.table, list(since))
    return [
        Due(
            key=Key(holding.table, key),
            what=str(holding.name),
            place=places.get(key, ""),
            who=names.get(key, ""),
            reason=str(term.name),
            since=day,
            due_on=term.due_on(day),
            removed=term.fate is Fate.REMOVE,
        )
        for key, day in since.items()
    ]


@permit(*WRITERS)
def anonymise(seat: Seat, keys: Sequence[Key] | None = None) -> Purged:
    """Anonymise the given records whose term is over, or all of them, with a second person.

    Statistics stay: head counts, areas, roles, results. The audit trail is redacted too, for removed records it
    alone; copies in backups disappear when they are pruned. Raises `Conflict` for a record that is not due.
    """
    with seat.transaction() as session:
        due = _due_ids(session, seat.today(), keys)
        gone = _due_removed(session, seat.today(), keys)
        count = sum(len(ids) for _holding, _term, ids in due) + len(gone)
        if not count:
            raise Conflict(_("No records are due any more. Reload the list."))
        what = numbered(count, N_("{n} record"), N_("{n} records"))
        seat.require_second(session, ProtectedAction.PURGE, what)
        purge = Purge(session, seat.today())
        for holding, term, ids in due:
            purge.take(holding, ids, "anonymise", term.key)
        for name, rule in deleted_records.rules().items():
            of_table = {one.id: one.uid for one in gone if one.table == name}
            purge.forget(name, of_table, rule.columns, "anonymise", rule.term.key)
        unused = purge.finish()
    discard(seat.store.media, unused)
    return purge.done


def _due_ids(
    session: Session, today: date, keys: Sequence[Key] | None
) -> list[tuple[Holding, Term, list[int]]]:
    found = []
    if keys is not None:
        keys = [key for key in keys if key.of != REMOVED]
    for holding, term in _terms():
        table = table_of(holding.table)
        conditions: list[Any] = _is_over(holding, term, today)
        chosen = None if keys is None else sorted({key.id for key in keys if key.table == holding.table})
        if chosen is not None:
            if not chosen:
                continue
            conditions.append(table.c.id.in_(chosen))
        ids = list(session.scalars(select(table.c.id).where(*conditions).order_by(table.c.id)))
        if chosen is not None and len(ids) < len(chosen):
            raise Conflict(_("One of these records is not due any more. Reload the list."))
        if ids:
            found.append((holding, term, ids))
    return found


def _due_removed(session: Session, today: date, keys: Sequence[Key] | None) -> list[Removal]:
    chosen = None if keys is None else {(key.table, key.id) for key in keys if key.of == REMOVED}
    if chosen is not None and not chosen:
        return []
    over = deleted_records.over(session, today)
    if chosen is None:
        return over
    found = [one for one in over if (one.table, one.id) in chosen]
    if len(found) < len(chosen):
        raise Conflict(_("One of these records is not due any more. Reload the list."))
    return found


def discard(media: Media, contents: Iterable[str]) -> None:
    """Remove photo files that no record refers to any more, after the commit.

    A file that is in use is skipped and removed when the office is closed.
    """
    for content in contents:
        with contextlib.suppress(Unusable):
            media.discard(content)
