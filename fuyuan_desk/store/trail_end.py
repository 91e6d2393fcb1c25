"""How far the trail reached when it was last looked at, kept outside the database.

Each row of the trail is chained to the one before, which does not show that the newest rows are gone. So their
number and the last row's hash lie beside the database, under a digest keyed with the store's key.
"""

import contextlib
import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from fuyuan_desk.errors import Unusable
from fuyuan_desk.files import write_atomically
from fuyuan_desk.store.audit import AuditEntry
from fuyuan_desk.texts import _

FILE = "trail.json"


@dataclass(frozen=True)
class _End:
    number: int
    hash: str


def _seal(key: bytes, end: _End) -> str:
    own = hmac.new(key, b"fuyuan trail end", hashlib.sha256).digest()
    return hmac.new(own, f"{end.number}:{end.hash}".encode(), hashlib.sha256).hexdigest()


def _kept(folder: Path, key: bytes) -> _End | None:
    """Give what was kept; `ValueError` when it is not what this store wrote."""
    try:
        data = json.loads((folder / FILE).read_bytes())
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise ValueError(FILE) from problem
    try:
        end, seal = _End(int(data["number"]), str(data["hash"])), str(data["seal"])
    except (KeyError, TypeError, OverflowError, RecursionError) as problem:
        raise ValueError(FILE) from problem
    if not hmac.compare_digest(seal.encode(), _seal(key, end).encode()):
        raise ValueError(FILE)
    return end


def _holds(connection: Connection, end: _End) -> bool:
    return connection.scalar(select(AuditEntry.hash).where(AuditEntry.id == end.number)) == end.hash


def remember(connection: Connection, folder: Path, key: bytes) -> None:
    """Keep the end of the trail, unless what is kept already tells of rows that are gone."""
    with contextlib.suppress(
        ValueError, Unusable
    ):  # told by the check; no reason to keep anybody from working
        before = _kept(folder, key)
        if before is not None and not _holds(connection, before):
            return
        last = select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
        row = connection.execute(last).one_or_none()
        if row is None or (before is not None and row.id == before.number):
            return
        end = _End(row.id, row.hash)
        content = {"number": end.number, "hash": end.hash, "seal": _seal(key, end)}
        write_atomically(folder / FILE, json.dumps(content).encode())


def faults(connection: Connection, folder: Path, key: bytes) -> tuple[str, ...]:
    """Say in sentences what is missing from the trail's middle or end."""
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
    try:
        end = _kept(folder, key)
    except ValueError:
        found.append(
            _("The file {file} was damaged or changed. Put it back from the newest backup.").format(
                file=folder / FILE
            )
        )
        return tuple(found)
    if end is not None and not _holds(connection, end):
        found.append(
            _(
                "The audit trail once reached entry {number} and does not hold that entry any more. If an older"
                " database was put back without the rest of its backup, put {file} back too."
            ).format(number=end.number, file=FILE)
        )
    return tuple(found)
