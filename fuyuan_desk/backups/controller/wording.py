"""Texts about backups for the data safety pages: ages, sizes, contents, places."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from fuyuan_desk.backups.rules import PlaceKind, Tone
from fuyuan_desk.backups.service.backups import BackupStatus
from fuyuan_desk.backups.service.places import PlaceView
from fuyuan_desk.core.texts import N_, _

_COUNTED = {
    "estates": N_("{n} estates"),
    "households": N_("{n} households"),
    "cases": N_("{n} renovations"),
    "visits": N_("{n} visits"),
    "photos": N_("{n} photos"),
}


def size(count: int) -> str:
    """Format a size in bytes, e.g. '12.4 MB'."""
    value = float(count)
    for unit in ("B", "KB", "MB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"


def moment(at: datetime, now: datetime) -> str:
    """Format an instant: 'today 09:12', 'yesterday 17:01', else the date."""
    then, today = at.astimezone(), now.astimezone().date()
    clock = f"{then:%H:%M}"
    if then.date() == today:
        return _("today {time}").format(time=clock)
    if then.date() == today - timedelta(days=1):
        return _("yesterday {time}").format(time=clock)
    return f"{then:%Y-%m-%d} {clock}"


def holds(counts: Mapping[str, int]) -> str:
    """Format a backup's contents, e.g. '5 estates · 1,204 households'."""
    return " · ".join(
        _(_COUNTED[kind]).format(n=f"{counts[kind]:,}") for kind in _COUNTED if counts.get(kind)
    )


def place_title(view: PlaceView) -> str:
    """Return the display name of a place."""
    if view.kind is PlaceKind.FIRST:
        return _("Beside the office")
    if view.kind is PlaceKind.SECOND:
        return _("Second folder")
    return _("USB drive “{name}”").format(name=view.name)


def status_text(status: BackupStatus, now: datetime) -> tuple[str, str]:
    """Return the status line's text on the newest backup's age, and its tone."""
    tone = "warn" if status.tone is Tone.WARNING else "muted"
    if status.last_good is None:
        return _("Backup: none yet"), tone
    days = (now.astimezone().date() - status.last_good.astimezone().date()).days
    if days > 1:
        return _("Backup: {n} days ago").format(n=days), tone
    return _("Backup: {when}").format(when=moment(status.last_good, now)), tone


def state_text(status: BackupStatus, now: datetime, is_automatic: bool) -> tuple[str, str]:
    """Return the tab's sentence on the backup status, and its tone; a sample office has no automatic backups."""
    if status.last_good is None:
        if status.tone is Tone.WARNING:
            return _("There is no backup yet. Back up now."), "warn"
        if is_automatic:
            return _("There is no backup yet. The first one will be made today."), "info"
        return _("There is no backup yet."), "info"
    when = moment(status.last_good, now)
    if status.tone is Tone.WARNING:
        sentence = _("The newest backup is old: {when}. Back up now, or connect the USB drive.")
        return sentence.format(when=when), "warn"
    failed = [view for view in status.places if view.fault and view.is_present]
    if failed:
        sentence = _("Backed up {when}, but not everywhere: {place} failed.")
        return sentence.format(when=when, place=place_title(failed[0])), "warn"
    return _("Everything is backed up: {when}, read back and verified.").format(when=when), "ok"
