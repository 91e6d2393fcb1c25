"""The end of the audit trail, stored outside the database.

Each row of the trail is chained to the previous one, which does not reveal that the newest rows were removed. So the
number of rows and the last row's hash are stored beside the database, sealed with a digest keyed with the store's
key. Each write of that file has a number, its turn, which the database stores too: it reveals an older file put back.
"""

import contextlib
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.files import write_atomically
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import AuditEntry

FILE = "trail.json"
NEXT = "trail-next.json"
# the number that SQLite reserves for programs in the file header
_TURN = "PRAGMA user_version"


@dataclass(frozen=True)
class _End:
    number: int
    hash: str
    turn: int = 0


def _seal(key: bytes, end: _End) -> str:
    derived = hmac.new(key, b"fuyuan trail end", hashlib.sha256).digest()
    # files of turn 0 were written before turns were counted
    message = f"{end.number}:{end.hash}:{end.turn}" if end.turn else f"{end.number}:{end.hash}"
    return hmac.new(derived, message.encode(), hashlib.sha256).hexdigest()


def _read(folder: Path, key: bytes) -> _End | None:
    """Read the stored end; raise `ValueError` when it is not what this store wrote."""
    try:
        content = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise ValueError(FILE) from problem
    return _parse(content, key)


def _parse(content: bytes, key: bytes) -> _End:
    try:
        data = json.loads(content)
        end, seal = _End(int(data["number"]), str(data["hash"]), int(data.get("turn", 0))), str(data["seal"])
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as problem:
        raise ValueError(FILE) from problem
    if not hmac.compare_digest(seal.encode(), _seal(key, end).encode()):
        raise ValueError(FILE)
    return end


def holds(connection: Connection, number: int, link: str) -> bool:
    """Return whether the trail holds an entry with this number and hash, or held it when it was rechained."""
    if connection.scalar(select(AuditEntry.hash).where(AuditEntry.id == number)) == link:
        return True
    # a trail that was rechained records where it ended before
    rows = connection.exec_driver_sql("SELECT changes FROM audit_entry WHERE action = 'rechained'")
    previous = [json.loads(changes) for changes in rows.scalars()]
    return any((changes["entry"], changes["last"]) == (number, link) for changes in previous)


def _contains(connection: Connection, end: _End) -> bool:
    return holds(connection, end.number, end.hash)


def _turn(connection: Connection) -> int:
    return int(connection.exec_driver_sql(_TURN).scalar() or 0)


def _last(connection: Connection) -> tuple[int, str] | None:
    last = select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    return None if row is None else (row.id, row.hash)


def _content(key: bytes, end: _End) -> bytes:
    data: Mapping[str, object] = {
        "number": end.number, "hash": end.hash, "turn": end.turn, "seal": _seal(key, end)
    }  # fmt: skip
    return json.dumps(data).encode()


def save_end(connection: Connection, folder: Path, key: bytes) -> None:
    """Store the end of the trail, unless the stored one already shows that rows are missing; commit afterwards."""
    with contextlib.suppress(ValueError, Unusable):  # reported by the check; no reason to stop work
        before, turn = _read(folder, key), _turn(connection)
        if before is not None and (before.turn < turn or not _contains(connection, before)):
            return
        if before is None and turn:
            audit.append_to(
                connection, audit.UNNAMED, [audit.Event("end_lost", AuditEntry.__tablename__, None, None, {})]
            )
        last = _last(connection)
        if last is None or (before is not None and last == (before.number, before.hash)):
            return
        # the file first: after a power cut in between the file is ahead, which an older one never is
        turn = max(turn, 0 if before is None else before.turn) + 1
        write_atomically(folder / FILE, _content(key, _End(*last, turn)))
        connection.exec_driver_sql(f"{_TURN} = {turn}")


def stage_end(connection: Connection, folder: Path, key: bytes) -> None:
    """Store the end of a trail that is to be sealed with another key, under another name; commit afterwards.

    `settle_next` puts it in place once the database has that key.
    """
    last = _last(connection)
    if last is not None:
        turn = _turn(connection) + 1
        write_atomically(folder / NEXT, _content(key, _End(*last, turn)))
        connection.exec_driver_sql(f"{_TURN} = {turn}")


def settle_next(folder: Path, key: bytes) -> None:
    """Put a staged end in place if it is sealed with `key`, else remove it; raise `OSError` when the disk refuses."""
    with contextlib.suppress(FileNotFoundError):
        content = (folder / NEXT).read_bytes()
        try:
            _parse(content, key)
        except ValueError:
            files.remove(folder / NEXT)
        else:
            files.replace(folder / NEXT, folder / FILE)


@dataclass(frozen=True)
class StoredEnd:
    """The content of the file at one moment; `damaged` when it is not what this store wrote."""

    end: _End | None
    damaged: bool = False


def read_end(folder: Path, key: bytes) -> StoredEnd:
    """Read the file, at the same moment as the trail that it is compared with."""
    try:
        return StoredEnd(_read(folder, key))
    except ValueError:
        return StoredEnd(None, damaged=True)


def faults(connection: Connection, folder: Path, stored: StoredEnd) -> tuple[str, ...]:
    """Report as sentences what is missing from the trail's middle or end, compared with the stored end."""
    found = []
    count, last = connection.execute(select(func.count(), func.max(AuditEntry.id))).one()
    assigned = connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'audit_entry'")) or 0
    # numbers are assigned consecutively and never twice
    if count != max(last or 0, assigned):
        sentence = (
            _("Entries written to the audit log: {given}; entries it holds: {count}. Some were removed.")
            if count
            else _("Entries written to the audit log: {given}. It holds none of them: all were removed.")
        )
        found.append(sentence.format(given=max(last or 0, assigned), count=count))
    if assigned < (last or 0):
        found.append(_("The number of entries written to the audit log was changed in the database."))
    if stored.damaged:
        found.append(
            _("The file {file} was damaged or changed. Put it back from the newest backup.").format(
                file=folder / FILE
            )
        )
        return tuple(found)
    end, turn = stored.end, _turn(connection)
    if turn and (end is None or end.turn < turn):
        found.append(
            _(
                "The file {file} is missing or older than the database. If it was put back without the rest of its"
                " backup, put the newest one back."
            ).format(file=folder / FILE)
        )
    if end is not None and not _contains(connection, end):
        found.append(
            _(
                "The audit log once reached entry {number} and no longer holds that entry. If an older"
                " database was put back without the rest of its backup, put {file} back too."
            ).format(number=end.number, file=FILE)
        )
    return tuple(found)
