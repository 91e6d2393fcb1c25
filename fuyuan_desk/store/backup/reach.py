"""Comparison of an office with its backups within reach: the end of the audit trail that each of them sealed.

Each row of the trail continues the one before it. So an office that holds the last row of a backup, with the same hash,
holds everything up to it as it was; one that does not was put back by other means than a restore, or altered.
"""

import contextlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select

from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.backup import backup, manifest
from fuyuan_desk.store.backup.restore import ACT

_BEFORE_RECHAINING = "0001"
LATEST = 3
"""How many of the newest backups of a place an opening reads, and as many of those dated in the future."""


class End(NamedTuple):
    """The end of the trail that a backup sealed: its folder, when it was made, the last entry and that one's hash.

    `revision` is that of the tables of the backup.
    """

    backup: Path
    taken_at: datetime
    entry: int
    link: str
    revision: str


def sealed_ends(
    store_uid: str,
    key: bytes,
    roots: Iterable[Path],
    now: datetime,
    most: int | None = None,
    others: Iterable[Path] = (),
) -> tuple[End, ...]:
    """Read the ends that the backups in the folders `roots` hold; of each the `most` newest, all for None.

    Of the backups in `roots` only those sealed with the office's key count. Backups of the same office in the folders
    `others`, made under other keys, count as they are: their seals cannot be checked. May take long, as drives may be
    slow; needs no session.
    """
    found = []
    for root, is_own in [*((root, True) for root in roots), *((root, False) for root in others)]:
        try:
            newest = backup.latest(root, now, most)
        except OSError:  # nothing was backed up there, or the disk does not answer
            continue
        for path in newest:
            try:
                listed = manifest.parse((path / manifest.FILE).read_bytes())
            except (OSError, manifest.NotOurs):  # reported when the backups are listed
                continue
            if listed.store_uid == store_uid and (not is_own or manifest.is_sealed(listed, key)):
                facts = listed.facts
                found.append(End(path, listed.taken_at, facts.entry, facts.hash, facts.revision))
    return tuple(found)


def folders_of_other_keys(roots: Iterable[Path]) -> list[Path]:
    """List the folders of backups beside `roots`: of the same office under other keys, or of other offices."""
    found = []
    for root in roots:
        with contextlib.suppress(OSError):  # nothing was backed up there, or the disk does not answer
            beside = sorted(path for path in root.parent.iterdir() if backup.is_root(path) and path != root)
            found += [path for path in beside if path.is_dir()]
    return found


def contradicted(connection: Connection, ends: Iterable[End]) -> tuple[End, ...]:
    """Return the ends that the office does not hold, the furthest first.

    What a restore left behind is no contradiction: backups made before it that go on where the restored one ended.
    """
    restores = connection.execute(select(AuditEntry.id, AuditEntry.at).where(AuditEntry.action == ACT)).all()
    found = [
        end
        for end in ends
        if end.entry
        and not _holds(connection, end)
        and not any(end.entry >= restore.id and end.taken_at <= restore.at for restore in restores)
    ]
    return tuple(sorted(found, key=lambda end: end.entry, reverse=True))


def _holds(connection: Connection, end: End) -> bool:
    if end.revision == _BEFORE_RECHAINING:
        return anchor.holds(connection, end.entry, end.link)
    # whoever forges the trail could forge an event that excuses it, too
    return connection.scalar(select(AuditEntry.hash).where(AuditEntry.id == end.entry)) == end.link
