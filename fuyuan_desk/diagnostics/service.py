"""The support report: program and system, state of the store, recent errors, and no personal data.

It contains only the program's own texts, counts, sizes and times; `rules` redacts messages and log lines.
"""

import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy import Connection

from fuyuan_desk.access.seat import STAFF, Seat, permit, utc_now
from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.installation import program_version
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _, all_texts, language
from fuyuan_desk.diagnostics import rules
from fuyuan_desk.diagnostics.rules import Templates
from fuyuan_desk.process import event_log
from fuyuan_desk.process.own_command import is_launcher
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.backup.manifest import FILE as MANIFEST
from fuyuan_desk.store.check import Finding, check_store
from fuyuan_desk.store.db import disks, figures, migrate
from fuyuan_desk.store.db.base import Base
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.store.layout import DATABASE, MEDIA
from fuyuan_desk.store.store import Store

_LOG_LINES, _CRASH_LINES = 80, 60
_FEW_RUNS = 20
_LIBRARIES = ("SQLAlchemy", "sqlcipher3-wheels", "cryptography", "argon2-cffi", "reportlab", "pillow")
_OWN_FILES = (DATABASE, keyring.FILE, anchor.FILE, MANIFEST, MEDIA)
Facts = list[tuple[str, object]]


@dataclass(frozen=True)
class _Part:
    """A section of the report: its heading, then lines of name and value, or plain lines."""

    title: str
    facts: Sequence[tuple[str, object]] = ()
    lines: Sequence[str] = ()

    def text(self) -> Iterator[str]:
        yield ""
        yield f"== {self.title} =="
        for name, value in self.facts:
            text = (_("yes") if value else _("no")) if isinstance(value, bool) else value
            yield f"{name}: {text}"
        yield from self.lines or (() if self.facts else ("–",))


@permit(*STAFF)
def report(seat: Seat, progress: Progress | None = None) -> str:
    """Create the report of an open office, with the result of its check; a large office takes up to minutes."""
    progress = progress or Progress()
    with seat.reading() as session:
        connection = session.connection()
        settings = office_settings(session)
        parts = [
            _program(),
            _Part(
                _("Settings"),
                [
                    (_("minutes until the desk locks itself"), settings.idle_minutes),
                    (_("keeps the location of photos"), settings.keep_photo_location),
                    (_("sample office"), settings.is_sample),
                    (_("role of the author of this report"), seat.operator.role.value),
                ],
            ),
            _folder(seat.store.folder),
            _schema(connection),
            _counts(connection),
            _operators(connection),
            _backups(connection),
        ]
    templates = _templates()
    parts.append(_findings(check_store(seat.store, progress), templates))
    parts.append(_repair(seat.store, templates))
    return _whole(seat.now(), [*parts, *_logs()])


def report_outside(folder: Path, refusal: UserError | None = None) -> str:
    """Create the report of an office that does not open because of `refusal`."""
    parts = [_program(), _folder(folder)]
    if refusal is not None:
        text = _templates().redacted(refusal.message)
        parts.append(_Part(_("The office does not open"), [(type(refusal).__name__, text)]))
    return _whole(utc_now(), [*parts, *_logs()])


def _whole(now: datetime, parts: Sequence[_Part]) -> str:
    head = [
        _("Support report of Fuyuan Desk"),
        f"{now.astimezone():%Y-%m-%d %H:%M %z}",
        _("It contains no names, addresses, telephone numbers or folders."),
    ]
    return "\n".join([*head, *(line for part in parts for line in part.text()), ""])


def _templates() -> Templates:
    return Templates(all_texts(), (*Base.metadata.tables, *_OWN_FILES))


# --- the program


def _program() -> _Part:
    return _Part(
        _("Program"),
        [
            (_("Fuyuan Desk"), program_version() or _("unknown")),
            (_("language"), language()),
            ("Python", f"{platform.python_version()} {platform.machine()}"),
            ("Qt", _qt()),
            *figures.versions().items(),
            *((name, _version(name)) for name in _LIBRARIES),
            (_("operating system"), f"{platform.system()} {platform.release()} {platform.version()}"),
            (_("processors"), os.cpu_count()),
            (_("installed as a program"), is_launcher(sys.executable)),
        ],
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "–"


def _qt() -> str:
    return str(getattr(sys.modules.get("PySide6"), "__version__", "")) or _version("PySide6-Essentials")


# --- the store


def _folder(folder: Path) -> _Part:
    facts: Facts = [(_("on a network disk"), disks.is_network_disk(folder))]
    try:
        disk = shutil.disk_usage(folder)
        facts.append((_("free on its disk"), f"{size(disk.free)} / {size(disk.total)}"))
        facts.append((_("length of its path"), len(str(folder))))
        for name in (DATABASE, f"{DATABASE}-wal", keyring.FILE, anchor.FILE):
            present = os.path.exists(folder / name)
            facts.append((name, size(os.path.getsize(folder / name)) if present else _("not there")))
        facts += _media(folder / MEDIA)
    except OSError as problem:
        facts.append((_("cannot be read"), type(problem).__name__))
    return _Part(_("Folder of the office"), facts)


def _media(folder: Path) -> Facts:
    count = total = 0
    for _root, _folders, names in os.walk(folder):
        count += len(names)
        total += sum(os.path.getsize(os.path.join(_root, name)) for name in names)
    return [(_("photo files"), f"{count:,}, {size(total)}")]


def size(count: int) -> str:
    """Format a size in bytes, e.g. '12.4 MB'."""
    value, unit = float(count), "B"
    for unit in ("B", "KB", "MB", "GB"):
        if value < 1024 or unit == "GB":
            break
        value /= 1024
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"


def _schema(connection: Connection) -> _Part:
    rows = figures.ask(connection, "SELECT version_num FROM alembic_version")
    return _Part(
        _("Schema"),
        [
            (_("schema version of the store"), ", ".join(str(row[0]) for row in rows)),
            (_("newest schema version of the program"), migrate.NEWEST),
            *figures.of_file(connection).items(),
        ],
    )


def _counts(connection: Connection) -> _Part:
    # the table names are the program's own
    facts: Facts = [
        (name, figures.ask(connection, f'SELECT count(*) FROM "{name}"')[0][0])
        for name in sorted(Base.metadata.tables)
    ]
    return _Part(_("Rows"), facts)


def _operators(connection: Connection) -> _Part:
    rows = figures.ask(connection, "SELECT role, active, count(*) FROM operator GROUP BY role, active")
    roles = [row for row in rows if len(row) == 3]
    return _Part(
        _("Operators"), [(str(role), f"{count}" + ("" if on else " –")) for role, on, count in roles]
    )


_PLACES = (
    "SELECT p.id, p.kind, p.active, count(r.id), count(CASE WHEN r.fault = '' THEN 1 END),"
    " max(CASE WHEN r.fault = '' THEN r.at END)"
    " FROM backup_place p LEFT JOIN backup_run r ON r.place_id = p.id GROUP BY p.id ORDER BY p.id"
)
_RUNS = (
    "SELECT place_id, at, size, milliseconds, verified, fault FROM backup_run"
    f" ORDER BY id DESC LIMIT {_FEW_RUNS}"
)


def _backups(connection: Connection) -> _Part:
    facts: Facts = []
    for row in figures.ask(connection, _PLACES):
        if len(row) == 6:
            number, kind, active, runs, good, last = row
            state = _("in use") if active else _("no longer used")
            facts.append((f"{number} {kind}", f"{state}, {good or 0}/{runs}, {_moment(last)}"))
    templates = None
    lines = []
    for row in figures.ask(connection, _RUNS):
        if len(row) == 6:
            place, at, count, milliseconds, verified, fault = row
            if fault and templates is None:
                templates = _templates()
            text = templates.redacted(str(fault)) if fault and templates is not None else ""
            checked = _("verified") if verified else ""
            amount = size(count) if isinstance(count, int) else "?"
            lines.append(f"  {_moment(at)}  {place}  {amount}  {milliseconds} ms  {checked}{text}")
    return _Part(_("Backups"), facts, lines)


def _moment(at: object) -> str:
    """Format a time of the database in UTC, '–' if it is none."""
    try:
        return f"{datetime.fromisoformat(str(at)):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return "–"


# --- findings


def _findings(findings: Sequence[Finding], templates: Templates) -> _Part:
    lines = []
    for finding in findings:
        lines.append(f"{finding.what}: {len(finding.faults) or _('intact')}")
        lines += [f"  {templates.redacted(text)}" for text in (*finding.faults, *finding.remarks)]
    return _Part(_("Check"), lines=lines)


def _repair(store: Store, templates: Templates) -> _Part:
    done = store.repaired
    facts: Facts = [(_("closed properly last time"), done.was_closed)]
    return _Part(_("At the last opening"), facts, [f"  {templates.redacted(text)}" for text in done.done])


def _logs() -> list[_Part]:
    log = [rules.log_line(line) for line in event_log.last_lines(_LOG_LINES)]
    crashes = list(rules.crash_lines(event_log.last_crash_lines(_CRASH_LINES)))
    return [_Part(_("Log"), lines=log), _Part(_("Crashes of native code"), lines=crashes)]
