"""Comparing the audit trail with the number and hash of an entry that a paper outside the program names."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from fuyuan_desk.access.seat import REVIEWERS, Seat, permit
from fuyuan_desk.audit.rules import Agreement, Comparison, Noted, read_anchor
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.store.audit import entries
from fuyuan_desk.store.audit.log import Redaction
from fuyuan_desk.store.check import check_trail

# all there are, and the whole of such an entry
_MOST, _LENGTH = 1_000_000, 10_000


@permit(*REVIEWERS)
def compare_anchor(seat: Seat, number: str, printed: str, progress: Progress | None = None) -> Comparison:
    """Return whether this office still holds exactly the entry that a paper names, and the chain is intact.

    `number` and `printed`, its hash, are as typed; see `read_anchor`. As slow as the check of the chain, and may run
    on any thread. Raises `InvalidInput` for what was typed, `Cancelled`.
    """
    wanted, link = read_anchor(number, printed)
    with seat.reading() as session:
        connection = session.connection()
        end = entries.last_id(connection)
        held = str(entries.hashes(connection, [wanted]).get(wanted, ""))
        erased = _erased_since(connection, wanted)
        restored, (rechained, is_former) = _restored(connection, wanted), _rechained(connection, wanted, link)
    _end, finding = check_trail(seat.store, progress)
    if held.startswith(link):
        agreement = Agreement.FAULTY if finding.faults else Agreement.AGREES
    elif is_former:
        agreement = Agreement.RECHAINED
    else:
        agreement = Agreement.OTHER if held or wanted <= end else Agreement.MISSING
    return Comparison(agreement, wanted, end, finding.faults, erased, restored, rechained)


def _contents(
    connection: Connection, *actions: str, tables: tuple[str, ...] = ()
) -> Iterator[tuple[entries.Entry, dict[str, Any]]]:
    """Yield the entries of these actions, oldest first, with their changes; {} for what cannot be read."""
    numbers, _more = entries.find(connection, entries.Filter(actions=actions, tables=tables), _MOST)
    read = entries.read(connection, numbers, _LENGTH)
    for number in sorted(numbers):
        content: Any = None
        with contextlib.suppress(ValueError):  # tampered with: the check of the trail reports it
            content = json.loads(read[number].changes)
        yield read[number], content if isinstance(content, dict) else {}


def _erased_since(connection: Connection, number: int) -> int:
    """Count the entries up to `number` from which personal data was erased after it."""
    erasures = _contents(connection, "insert", tables=(Redaction.__tablename__,))
    changed = {content.get("entry_id") for entry, content in erasures if entry.id > number}
    return sum(isinstance(key, int) and key <= number for key in changed)


def _noted(entry: entries.Entry) -> Noted:
    return Noted(entry.id, entry.at.astimezone().date())


def _restored(connection: Connection, number: int) -> Noted | None:
    """Return the last restored backup that was recorded where the paper has another entry."""
    found = [_noted(entry) for entry, _content in _contents(connection, "restore")]
    return next((noted for noted in reversed(found) if noted.number <= number), None)


def _rechained(connection: Connection, number: int, link: str) -> tuple[Noted | None, bool]:
    """Return the entry that says hashes up to `number` were computed anew, and whether it names this hash."""
    last = None
    for entry, content in _contents(connection, "rechained"):
        if (content.get("entry"), str(content.get("last"))[: len(link)]) == (number, link):
            return _noted(entry), True
        if entry.id > number:
            last = _noted(entry)
    return last, False
