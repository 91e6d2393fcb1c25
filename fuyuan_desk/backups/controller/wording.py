"""What the pages of data safety say of backups: ages, sizes, contents, places."""

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
    """Give bytes as a clerk reads them, e.g. '12.4 MB'."""
    value = float(count)
    for unit in ("B", "KB", "MB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"


def moment(at: datetime, now: datetime) -> str:
    """Give a moment as the clerk says it: 'today 09:12', 'yesterday 17:01', else the date."""
    then, today = at.astimezone(), now.astimezone().date()
    clock = f"{then:%H:%M}"
    if then.date() == today:
        return _("today {time}").format(time=clock)
    if then.date() == today - timedelta(days=1):
        return _("yesterday {time}").format(time=clock)
    return f"{then:%Y-%m-%d} {clock}"


def holds(counts: Mapping[str, int]) -> str:
    """Say what a backup holds, e.g. '5 estates · 1,204 households'."""
    return " · ".join(
        _(_COUNTED[kind]).format(n=f"{counts[kind]:,}") for kind in _COUNTED if counts.get(kind)
    )


def place_title(view: PlaceView) -> str:
    """Name a place."""
    if view.kind is PlaceKind.FIRST:
        return _("Beside the office")
    if view.kind is PlaceKind.SECOND:
        return _("Second folder")
    return _("Stick “{name}”").format(name=view.name)


def status_text(status: BackupStatus, now: datetime) -> tuple[str, str]:
    """Give what the status line says of the newest backup's age, and its tone."""
    tone = "warn" if status.tone is Tone.WARNING else "muted"
    if status.last_good is None:
        return _("Backup: none yet"), tone
    days = (now.astimezone().date() - status.last_good.astimezone().date()).days
    if days > 1:
        return _("Backup: {n} days ago").format(n=days), tone
    return _("Backup: {when}").format(when=moment(status.last_good, now)), tone


def state_text(status: BackupStatus, now: datetime, is_automatic: bool) -> tuple[str, str]:
    """Give the one sentence of the tab on how it stands, and its tone; none is made by itself of a sample."""
    if status.last_good is None:
        if status.tone is Tone.WARNING:
            return _("There is no backup yet. Make one now."), "warn"
        if is_automatic:
            return _("There is no backup yet. The first one is made today."), "info"
        return _("There is no backup yet."), "info"
    when = moment(status.last_good, now)
    if status.tone is Tone.WARNING:
        sentence = _("The newest backup is old: {when}. Make one now, or plug the stick in.")
        return sentence.format(when=when), "warn"
    failed = [view for view in status.places if view.fault and view.is_present]
    if failed:
        sentence = _("Backed up {when}, but not everywhere: {place} refused.")
        return sentence.format(when=when, place=place_title(failed[0])), "warn"
    return _("Everything is backed up: {when}, read back and verified.").format(when=when), "ok"
