"""Texts about backups: what is known of them, sizes, contents, places."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from fuyuan_desk.backups import rules
from fuyuan_desk.backups.rules import HEADLINES, BackupStatus, Concern, PlaceKind, PlaceView, Remark
from fuyuan_desk.backups.service.restore import BackupFound
from fuyuan_desk.core.clock import is_ahead
from fuyuan_desk.core.texts import N_, _, numbered

_COUNTED = {
    "estates": (N_("{n} estate"), N_("{n} estates")),
    "households": (N_("{n} household"), N_("{n} households")),
    "cases": (N_("{n} renovation"), N_("{n} renovations")),
    "visits": (N_("{n} visit"), N_("{n} visits")),
    "photos": (N_("{n} photo"), N_("{n} photos")),
}


def moment(at: datetime, now: datetime) -> str:
    """Format an instant: 'today 09:12', 'yesterday 17:01', else the date; one in the future is said to be so."""
    if is_ahead(at, now):
        return _("{date} (dated in the future)").format(date=_date(at))
    then, today = at.astimezone(), now.astimezone().date()
    clock = f"{then:%H:%M}"
    if then.date() == today:
        return _("today {time}").format(time=clock)
    if then.date() == today - timedelta(days=1):
        return _("yesterday {time}").format(time=clock)
    return _date(at)


def _date(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def found(one: BackupFound) -> str:
    """Return what a backup in a list holds or why it cannot be read, whether its date can be right, and its key."""
    about = one.fault or holds(one.counts)
    if one.is_of_earlier_key:
        about = _("{about} · under another key: opens with the passwords of that time").format(about=about)
    if not one.is_ahead:
        return about
    return _("{about} · dated in the future: the clock was wrong when it was made").format(about=about)


def holds(counts: Mapping[str, int]) -> str:
    """Format a backup's contents, e.g. '5 estates · 1,204 households'; what it has none of is left out."""
    texts = [numbered(counts[kind], *_COUNTED[kind]) for kind in _COUNTED if counts.get(kind)]
    return " · ".join(texts) or _("no records yet")


def place_title(view: PlaceView) -> str:
    """Return the display name of a place."""
    if view.kind is PlaceKind.FIRST:
        return _("Beside the office")
    if view.kind is PlaceKind.SECOND:
        return _("Second folder")
    return _("USB drive “{name}”").format(name=view.name)


def status_text(status: BackupStatus, now: datetime) -> tuple[str, str]:
    """Return the status line's text on the backups, and its tone: 'ok' or 'warn'."""
    said = rules.remarks(status, now)
    if said and said[0].concern in HEADLINES:
        return _HEADLINES[said[0].concern](said[0], now), "warn"
    assert status.last_good is not None
    return _("✓ Everything is backed up, {when}").format(when=moment(status.last_good, now)), "ok"


def state_text(status: BackupStatus, now: datetime) -> tuple[str, str]:
    """Return the tab's sentence on the backups, and its tone."""
    text, tone = status_text(status, now)
    return (text if tone == "ok" else _("{sentence}.").format(sentence=text)), tone


def state_details(status: BackupStatus, now: datetime) -> list[str]:
    """Return the sentences that the headline leaves out, and what is counted."""
    said = rules.remarks(status, now)
    sentences = [
        _beside(remark, now, is_headline=remark is said[0] and remark.concern in HEADLINES) for remark in said
    ]
    return [*dict.fromkeys(text for text in sentences if text), counted()]


def status_tip(status: BackupStatus, now: datetime) -> str:
    """Return the tooltip of the status line, a sentence on each line."""
    return "\n".join([status_text(status, now)[0], *state_details(status, now)])


def what_to_do() -> str:
    """Return what to do about an office that contradicts a backup of it."""
    return _(
        "Change nothing more. Find out who replaced or changed the office's folder, and keep that backup: restore it"
        " if it holds what is right."
    )


def counted() -> str:
    """Return the sentence on what counts as a change."""
    return _(
        "Counted: every change of records, photos, settings and passwords, and what was shown, printed or exported. "
        "Not counted: sign-ins, and forms that are not saved yet (drafts)."
    )


def _beside(remark: Remark, now: datetime, *, is_headline: bool) -> str:
    """Return what is said of a remark beside the headline, '' for nothing."""
    fault = remark.place.fault if remark.place is not None and remark.concern is Concern.FAILED else ""
    if is_headline:
        return what_to_do() if remark.concern in (Concern.OLDER, Concern.ALTERED) else fault
    make = _BESIDE.get(remark.concern)
    text = (
        make(remark, now)
        if make is not None
        else _("{sentence}.").format(sentence=_HEADLINES[remark.concern](remark, now))
    )
    return f"{text} {fault}".strip()


def _when(remark: Remark, now: datetime) -> str:
    return "" if remark.when is None else moment(remark.when, now)


def _place(remark: Remark) -> str:
    return "" if remark.place is None else place_title(remark.place)


def _changed(remark: Remark, now: datetime) -> str:
    if remark.when is None:
        return numbered(
            remark.count,
            N_("{n} change since is not backed up"),
            N_("{n} changes since are not backed up"),
        )
    when = moment(remark.when, now)
    if remark.when.astimezone().date() == now.astimezone().date():
        when = f"{remark.when.astimezone():%H:%M}"
    return numbered(
        remark.count,
        N_("{n} change since {when} is not backed up"),
        N_("{n} changes since {when} are not backed up"),
        when=when,
    )


def _failed(remark: Remark, now: datetime) -> str:
    if remark.when is None:
        return _("The last backup failed ({place}); there is no good one").format(place=_place(remark))
    sentence = _("The last backup failed ({place}); the newest good one is of {when}")
    return sentence.format(place=_place(remark), when=_when(remark, now))


def _one_disk(remark: Remark, now: datetime) -> str:
    return numbered(
        remark.count,
        N_("Backed up {when}, but the only backup is on the same disk as the data"),
        N_("Backed up {when}, but all backups are on the same disk as the data"),
        when=_when(remark, now),
    )


Say = Callable[[Remark, datetime], str]
_HEADLINES: dict[Concern, Say] = {
    Concern.OLDER: lambda remark, now: _(
        "This office is older than its newest backup ({when}): an older copy was put in its place"
    ).format(when=_when(remark, now)),
    Concern.ALTERED: lambda remark, now: _(
        "This office contradicts its backup of {when}: it was changed outside the program, or another copy is in use"
    ).format(when=_when(remark, now)),
    Concern.CLOCK: lambda remark, now: _(
        "The clock of this PC was changed: the newest backup is dated {when}"
    ).format(when="" if remark.when is None else _date(remark.when)),
    Concern.FAILED: _failed,
    Concern.NONE: lambda _remark, _now: _("Nothing is backed up yet"),
    Concern.GONE: lambda remark, now: _("The backup of {when} is no longer there").format(
        when=_when(remark, now)
    ),
    Concern.CHANGED: _changed,
    Concern.UNCOUNTED: lambda remark, now: _("Backed up {when}; what changed since is not known").format(
        when=_when(remark, now)
    ),
    Concern.ONE_DISK: _one_disk,
    Concern.STICK_LATE: lambda remark, _now: numbered(
        remark.count,
        N_("{place} has not been connected for {n} day"),
        N_("{place} has not been connected for {n} days"),
        place=_place(remark),
    ),
    Concern.STICK_EMPTY: lambda remark, _now: _("{place} has no backup yet").format(place=_place(remark)),
}
_BESIDE: dict[Concern, Say] = {
    Concern.ONE_DISK: lambda remark, _now: numbered(
        remark.count,
        N_("The only backup is on the same disk as the data."),
        N_("All backups are on the same disk as the data."),
    ),
    Concern.ELSEWHERE_OLD: lambda remark, now: _(
        "The newest backup away from the disk with the data is of {when}."
    ).format(when=_when(remark, now)),
    Concern.DISK_UNKNOWN: lambda _remark, _now: _(
        "It is not known whether a backup is on another disk than the data."
    ),
    Concern.PLACE_AWAY: lambda remark, now: _(
        "{place} cannot be reached now; its newest backup is of {when}."
    ).format(place=_place(remark), when=_when(remark, now)),
    Concern.PLACE_GONE: lambda remark, now: _("{place}: the backup of {when} is no longer there.").format(
        place=_place(remark), when=_when(remark, now)
    ),
}
