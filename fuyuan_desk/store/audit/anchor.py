"""How far the trail reached when it was last looked at, kept outside the database.

Each row of the trail is chained to the one before, which does not show that the newest rows are gone. So their
number and the last row's hash lie beside the database, under a digest keyed with the store's key. Every writing of
that file has a number too, its turn, which the database remembers: an older file put back is found by it.
"""

import contextlib
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.files import write_atomically
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import AuditEntry

FILE = "trail.json"
# SQLite keeps one number of a program's own in the head of the file
_TURN = "PRAGMA user_version"


@dataclass(frozen=True)
class _End:
    number: int
    hash: str
    turn: int = 0


def _seal(key: bytes, end: _End) -> str:
    own = hmac.new(key, b"fuyuan trail end", hashlib.sha256).digest()
    # those of turn 0 were written before turns were counted
    told = f"{end.number}:{end.hash}:{end.turn}" if end.turn else f"{end.number}:{end.hash}"
    return hmac.new(own, told.encode(), hashlib.sha256).hexdigest()


def _kept(folder: Path, key: bytes) -> _End | None:
    """Give what was kept; `ValueError` when it is not what this store wrote."""
    try:
        data = json.loads((folder / FILE).read_bytes())
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise ValueError(FILE) from problem
    try:
        end, seal = _End(int(data["number"]), str(data["hash"]), int(data.get("turn", 0))), str(data["seal"])
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as problem:
        raise ValueError(FILE) from problem
    if not hmac.compare_digest(seal.encode(), _seal(key, end).encode()):
        raise ValueError(FILE)
    return end


def _holds(connection: Connection, end: _End) -> bool:
    if connection.scalar(select(AuditEntry.hash).where(AuditEntry.id == end.number)) == end.hash:
        return True
    # a trail that was chained anew tells where it ended before
    anew = connection.exec_driver_sql("SELECT changes FROM audit_entry WHERE action = 'rechained'")
    formerly = [json.loads(changes) for changes in anew.scalars()]
    return any((told["entry"], told["last"]) == (end.number, end.hash) for told in formerly)


def _turn(connection: Connection) -> int:
    return int(connection.exec_driver_sql(_TURN).scalar() or 0)


def _last(connection: Connection) -> tuple[int, str] | None:
    last = select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    return None if row is None else (row.id, row.hash)


def _content(key: bytes, end: _End) -> bytes:
    told: Mapping[str, object] = {
        "number": end.number, "hash": end.hash, "turn": end.turn, "seal": _seal(key, end)
    }  # fmt: skip
    return json.dumps(told).encode()


def remember(connection: Connection, folder: Path, key: bytes) -> None:
    """Keep the end of the trail, unless what is kept already tells of rows that are gone; commit afterwards."""
    with contextlib.suppress(
        ValueError, Unusable
    ):  # told by the check; no reason to keep anybody from working
        before, turn = _kept(folder, key), _turn(connection)
        if before is not None and (before.turn < turn or not _holds(connection, before)):
            return
        if before is None and turn:
            audit.append_to(
                connection, audit.UNNAMED, [audit.Event("end_lost", AuditEntry.__tablename__, None, None, {})]
            )
        last = _last(connection)
        if last is None or (before is not None and last == (before.number, before.hash)):
            return
        # the file first: when the power goes in between, the file is ahead, which an older one never is
        turn = max(turn, 0 if before is None else before.turn) + 1
        write_atomically(folder / FILE, _content(key, _End(*last, turn)))
        connection.exec_driver_sql(f"{_TURN} = {turn}")


@dataclass(frozen=True)
class Kept:
    """What the file said at a moment; `damaged` when it is not what this store wrote."""

    end: _End | None
    damaged: bool = False


def kept(folder: Path, key: bytes) -> Kept:
    """Read the file: at the moment, and with the turn, at which the trail is looked at, since it goes with it."""
    try:
        return Kept(_kept(folder, key))
    except ValueError:
        return Kept(None, damaged=True)


def faults(connection: Connection, folder: Path, told: Kept) -> tuple[str, ...]:
    """Say in sentences what is missing from the trail's middle or end, by what the file told at that moment."""
    found = []
    count, last = connection.execute(select(func.count(), func.max(AuditEntry.id))).one()
    given = connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'audit_entry'")) or 0
    # numbers are given one by one and never twice
    if count != max(last or 0, given):
        found.append(
            _("The audit trail was given {given} entries and holds {count}: some were removed.").format(
                given=max(last or 0, given), count=count
            )
        )
    if given < (last or 0):
        found.append(_("How many entries the audit trail was given was changed in the database."))
    if told.damaged:
        found.append(
            _("The file {file} was damaged or changed. Put it back from the newest backup.").format(
                file=folder / FILE
            )
        )
        return tuple(found)
    end, turn = told.end, _turn(connection)
    if turn and (end is None or end.turn < turn):
        found.append(
            _(
                "The file {file} is missing or older than the database. If it was put back without the rest of its"
                " backup, put the newest one back."
            ).format(file=folder / FILE)
        )
    if end is not None and not _holds(connection, end):
        found.append(
            _(
                "The audit trail once reached entry {number} and does not hold that entry any more. If an older"
                " database was put back without the rest of its backup, put {file} back too."
            ).format(number=end.number, file=FILE)
        )
    return tuple(found)
