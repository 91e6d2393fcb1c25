"""Results of the backup services that papers are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fuyuan_desk.backups.rules import PlaceKind


@dataclass(frozen=True)
class BackupSlip:
    """What a backup's slip says; `entry` and `hash` are those of the last entry of its audit trail.

    `kind` is None for a folder that is no backup location; `name` is that of the folder, `path` where it lies. `size`
    is in bytes, `rows` counts the records of all tables, `counts` those of the kinds that the screen counts.
    `verified`: whether the backup was good when it was last checked, None without a record of it; `fault` says why not.
    """

    office: str
    made: datetime
    operator: str
    kind: PlaceKind | None
    place: str
    path: str
    name: str
    taken_at: datetime
    program: str
    size: int
    rows: int
    entry: int
    hash: str
    counts: Mapping[str, int] = field(default_factory=dict)
    verified: bool | None = None
    fault: str = ""
