"""What organisations are to an estate over time: committee, property company and others; pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.facts.houses import RoleFields

ONE_DAY = timedelta(days=1)


class RoleKind(Code):
    """What an organisation is to an estate."""

    RESIDENTS = "residents", N_("Residents' committee")
    OWNERS = "owners", N_("Owners' committee")
    PROPERTY = "property", N_("Property company")
    HOME = "home", N_("Home committee (自治家园执委会)")
    ENFORCEMENT = "enforcement", N_("Law enforcement")
    STREET = "street", N_("Street office")
    PAIRED = "paired", N_("Paired unit")
    OTHER = "other", N_("Other organisation")


ONE_AT_A_TIME = (RoleKind.RESIDENTS, RoleKind.OWNERS, RoleKind.PROPERTY, RoleKind.HOME)
"""An estate has at most one of these on any day."""


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included; None is open, or unknown, which is taken for open."""

    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Return whether a day lies within."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def overlaps(self, other: "Period") -> bool:
        """Return whether two periods have a day in common."""
        return (self.since is None or other.until is None or self.since <= other.until) and (
            other.since is None or self.until is None or other.since <= self.until
        )


@dataclass(frozen=True)
class Held:
    """A role as it is recorded: who holds it, and when."""

    organisation_id: int
    name: str
    period: Period
    note: str = ""


def period_text(period: Period) -> str:
    """Return a period in words, unknown days as such."""
    since = period.since.isoformat() if period.since is not None else _("unknown")
    until = period.until.isoformat() if period.until is not None else _("today")
    return f"{since} – {until}"


def role_faults(fields: RoleFields, others: Iterable[Held]) -> dict[str, str]:
    """Return the faults of a role's form by field; `others` are the same role's other records in the estate.

    Of a role that only one can have at a time, no two periods may have a day in common; of any other, none of the same
    organisation with the same note.
    """
    if fields.since is not None and fields.until is not None and fields.until < fields.since:
        return {"until": _("The last day is before the first.")}
    own = Period(fields.since, fields.until)
    for other in others:
        is_same = (other.organisation_id, other.note) == (fields.organisation_id, fields.note.strip())
        if (fields.role in ONE_AT_A_TIME or is_same) and own.overlaps(other.period):
            return _overlap(fields, other)
    return {}


def _overlap(fields: RoleFields, other: Held) -> dict[str, str]:
    """Return the fault beside the day that must change."""
    text = _("In part at the same time as {name} ({period}).").format(
        name=other.name, period=period_text(other.period)
    )
    begins_first = other.period.since is not None and (
        fields.since is None or fields.since < other.period.since
    )
    if begins_first:
        return {"until": " ".join((text, _("Enter a last day before it.")))}
    if other.period.until is None:
        return {"since": " ".join((text, _("Enter the last day of that one first.")))}
    return {"since": " ".join((text, _("Enter a first day after it.")))}


# --- a name typed in the form of an estate


@dataclass(frozen=True)
class Change:
    """What a typed name does to the roles of an estate from today on.

    `ends`: the day on which the present one ends, None if there is none or it stays; `replaces`: it is corrected in
    its own record, because it began today; `begins`, `until`: the period of the new one.
    """

    ends: date | None = None
    replaces: bool = False
    begins: date | None = None
    until: date | None = None


def change_from(present: Period | None, next_since: date | None, today: date, *, is_first: bool) -> Change:
    """Return what is to be done when another organisation takes a role over today.

    The first one that is recorded begins on an unknown day: it was there before anybody wrote it down. Whoever follows
    begins today and ends before the next one that is recorded already.
    """
    until = None if next_since is None else next_since - ONE_DAY
    if present is None:
        return Change(begins=None if is_first else today, until=until)
    if present.since == today:
        return Change(replaces=True)
    return Change(ends=today - ONE_DAY, begins=today, until=present.until)
