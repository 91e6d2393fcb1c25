"""Calls on residents (走访) and residents received (接待): what a form may say, who is to be called on and when."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple, Self

from fuyuan_desk.calls.facts import CallFields, MonthOrder
from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.dues import Topic
from fuyuan_desk.core.texts import N_, _, numbered

CALL_DUE = Topic(N_("Call on residents"), "household", 62)
FOLLOW_UP = Topic(N_("Follow-up of a call"), "household", 63)


class CallKind(Code):
    """Who came to whom."""

    VISIT = "visit", N_("Called on")
    RECEPTION = "reception", N_("Received")


class How(Code):
    """How a call was made."""

    AT_HOME = "at_home", N_("At home")
    PHONE = "phone", N_("By telephone")
    WECHAT = "wechat", N_("By WeChat")
    OFFICE = "office", N_("At the committee")
    NOBODY = "nobody", N_("Nobody met")
    OTHER = "other", N_("In another way")


NOT_MET = (How.NOBODY,)
"""Nobody opened, let anybody in or answered: recorded, and still to be called on."""


class Entry(Code):
    """Whether a call was entered in 社区云."""

    OPEN = "open", N_("Not yet entered")
    DONE = "done", N_("Entered")


class FollowUp(Code):
    """Whether something follows from a call."""

    OPEN = "open", N_("Open")
    DONE = "done", N_("Done")
    NONE = "none", N_("Nothing follows")


class Called(NamedTuple):
    """Who was called on: a home, a household in it, and a person; 0 for none, the person 0 for the holder."""

    unit_id: int
    household_id: int = 0
    person_id: int = 0

    @property
    def key(self) -> str:
        """The key as forms hold it."""
        return ":".join(map(str, self))

    @classmethod
    def of(cls, key: str) -> Self | None:
        """Return whom a key names, None for nobody; an unreadable key is a bug of the form."""
        return cls(*map(int, key.split(":"))) if key else None


# --- forms

_CLOCK = re.compile("([01]?[0-9]|2[0-3]):?([0-5][0-9])")


def clock_of(text: str) -> str | None:
    """Return a typed time such as 9:05 or 1430 as 09:05 or 14:30, '' for none, None if it is no time."""
    typed = "".join(unicodedata.normalize("NFKC", text).split())
    if not typed:
        return ""
    match = _CLOCK.fullmatch(typed)
    return f"{int(match[1]):02}:{match[2]}" if match else None


def call_faults(fields: CallFields, now_on: date, now_at: str) -> dict[str, str]:
    """Return the faults of a form by field, besides those that the book itself finds; `now_at` such as 14:30."""
    faults = {}
    called, clock = fields.called_on, clock_of(fields.called_at)
    if clock is None:
        faults["called_at"] = _("Enter the time as hours and minutes, such as 14:30.")
    if called is not None and called > now_on:
        faults["called_on"] = _("The day is in the future. Record the call once it was made.")
    elif called == now_on and clock and clock > now_at:
        faults["called_at"] = _("The time is in the future. Record the call once it was made.")
    if fields.kind == CallKind.RECEPTION and fields.how in NOT_MET:
        faults["how"] = _("Nobody was received then. Choose how somebody was, or “Called on”.")
    if not fields.resident and fields.estate_id is None:
        faults["estate_id"] = _("Choose the resident, or at least the estate.")
    return {**faults, **_follow_up_faults(fields, now_on), **_entry_faults(fields, now_on)}


def _follow_up_faults(fields: CallFields, today: date) -> dict[str, str]:
    called, by, done = fields.called_on, fields.follow_up_by, fields.follow_up_done_on
    faults = {}
    if (by is not None or done is not None) and not fields.follow_up.strip():
        faults["follow_up"] = _("Say what follows, or clear its days.")
    if called is not None and by is not None and by < called:
        faults["follow_up_by"] = _("This is before the call. Correct one of the two days.")
    if done is not None and done > today:
        faults["follow_up_done_on"] = _("The day is in the future. Enter it once it is done.")
    elif called is not None and done is not None and done < called:
        faults["follow_up_done_on"] = _("This is before the call. Correct one of the two days.")
    return faults


def _entry_faults(fields: CallFields, today: date) -> dict[str, str]:
    entered = fields.entered_on
    if entered is None:
        return {}
    if entered > today:
        return {"entered_on": _("The day is in the future. Enter it once the call was entered.")}
    if fields.called_on is not None and entered < fields.called_on:
        return {"entered_on": _("This is before the call. Correct one of the two days.")}
    return {}


IN_SHEET = ("resident", "called_on", "called_at", "how", "staff", "said", "label")
"""The parts of a call that were typed into 社区云."""


def entry_doubt(before: CallFields, after: CallFields) -> str:
    """Return the warning that a call no longer is what was entered in 社区云, '' if it is, or is not entered."""
    if before.entered_on is None or after.entered_on != before.entered_on:
        return ""
    if all(getattr(before, name) == getattr(after, name) for name in IN_SHEET):
        return ""
    text = _(
        "Entered in 社区云 on {day}, and changed now: change it there, too. Or empty this day, and the next month "
        "sheet has it again."
    )
    return text.format(day=before.entered_on)


def follow_up_of(fields: CallFields) -> FollowUp:
    """Return whether something follows from a call and is still to be done."""
    if not fields.follow_up:
        return FollowUp.NONE
    return FollowUp.OPEN if fields.follow_up_done_on is None else FollowUp.DONE


def same_day_text(count: int) -> str:
    """Return the warning that a resident has other calls on the same day."""
    return numbered(
        count,
        N_("This resident has {n} other call on the same day. Is it the same one?"),
        N_("This resident has {n} other calls on the same day. Is it the same one?"),
    )


# --- the month sheet

FIRST_YEAR = 2000


def period_of(year: int, month: int | None) -> tuple[date, date]:
    """Return the first and the last day of a year, or of one of its months."""
    first = date(year, month or 1, 1)
    following = date(year + 1, 1, 1) if month in (None, 12) else date(year, month + 1, 1)
    return first, following - timedelta(days=1)


def month_faults(months: MonthOrder, today: date) -> dict[str, str]:
    """Return the faults of the choice of months by field."""
    if not FIRST_YEAR <= months.year <= today.year:
        return {"year": _("Enter a number from {low} to {high}.").format(low=FIRST_YEAR, high=today.year)}
    if months.month is not None and period_of(months.year, months.month)[0] > today:
        return {"month": _("This month has not begun yet. Choose an earlier one.")}
    return {}


# --- who is to be called on


class Rhythm(NamedTuple):
    """How often, in days, a tag wants its people called on."""

    every: int
    tag_id: int


def deciding(rhythms: Iterable[Rhythm]) -> Rhythm:
    """Return the rhythm that decides for somebody with several tags: the shortest, of equal ones the older tag's."""
    return min(rhythms)


def due_on(last: date | None, every: int, today: date) -> date:
    """Return by when somebody is to be called on again: today if she never was, as nobody knows since when."""
    return today if last is None else last + timedelta(days=every)


def due_text(last: date | None, due: date, today: date) -> str:
    """Return in words how late a call is."""
    if last is None:
        return _("never called on")
    late = (today - due).days
    if late <= 0:
        return due.isoformat()
    return numbered(late, N_("{n} day late"), N_("{n} days late"))


def task_title(tag: str, count: int) -> str:
    """Return what the first page says of the people with a tag who are to be called on."""
    return numbered(count, N_("{tag}: call on {n} person"), N_("{tag}: call on {n} persons"), tag=tag)


def task_detail(never: int, late: int) -> str:
    """Return how many of them were never called on, and how many days the latest of the others is late."""
    texts = [
        _("never called on: {n}").format(n=never) if never else "",
        numbered(late, N_("at most {n} day late"), N_("at most {n} days late")) if late else "",
    ]
    return _(", ").join(filter(None, texts))
