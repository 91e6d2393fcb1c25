"""The rules of printed sheets: their numbers as typed, how one stands, and when it was to be back."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fuyuan_desk.core.codes import Code, name_of
from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.inspections.rules.visits import sheet_number

_DASHES = re.compile(r"[\u2010-\u2015\u2212\uff0d_]")
_WHOLE = re.compile(r"(XCB)?-?([2-9]\d{3})-?(\d{6,9})")  # with its year, as it is printed
_TYPED = re.compile(r"(XCB)?-?(?:(\d{4})-)?(\d{1,9})")
_ANY_YEAR = 2000
SHEETS = Topic(N_("Sheets"), "print", 24)


class SheetState(Code):
    """What became of a printed sheet."""

    OUT = "out", N_("Out")
    ENTERED = "entered", N_("Entered")
    WITHDRAWN = "withdrawn", N_("Written off")


class Withdrawal(Code):
    """Why a sheet will not come back."""

    LOST = "lost", N_("Lost")
    SPOILED = "spoiled", N_("Spoiled")
    NOT_NEEDED = "not-needed", N_("Not needed any more")


def read_number(text: str, year: int, *, is_bare: bool = False) -> str:
    """Return the number of a sheet as it was typed or scanned, '' for none; “xcb 123” is of this year.

    `is_bare`: digits alone are one as well, as where nothing but a sheet is asked for.
    """
    plain = _plain(text)
    found = _WHOLE.fullmatch(plain) or _TYPED.fullmatch(plain)
    if found is None or not (found[1] or is_bare):
        return ""
    return sheet_number(int(found[2] or year), int(found[3]))


def whole_number(text: str) -> str:
    """Return the number of a sheet that was typed with its year and all digits, '' before that."""
    found = _WHOLE.fullmatch(_plain(text))
    return "" if found is None else sheet_number(int(found[2]), int(found[3]))


def _plain(text: str) -> str:
    return _DASHES.sub("-", "".join(half_width(text).split())).upper()


def names_sheet(text: str, *, is_bare: bool = False) -> bool:
    """Return whether a text is the number of a printed sheet, or that of a QR code of ours; see `read_number`."""
    is_code = half_width(text).strip().upper().startswith("FYT1:")
    return is_code or bool(read_number(text, _ANY_YEAR, is_bare=is_bare))


def is_before_print(at: datetime, printed_at: datetime) -> bool:
    """Return whether a visit is said to be earlier than its sheet; visits are typed to the minute."""
    return at < printed_at.replace(second=0, microsecond=0)


def day_of_entry(day: date | None, printed_on: date, today: date) -> date:
    """Return the day on which the visit of a sheet probably was: that of its round, never before it was printed.

    Of a sheet without a round, and of a round whose day is still to come, it is today.
    """
    return today if day is None else min(max(day, printed_on), today)


@dataclass(frozen=True)
class SheetStanding:
    """How a sheet stands; `days` is by how many an outstanding one is overdue, below 0 for those still to go.

    `days` is None where nobody said until when it was to be back, and of a sheet that is not out. `detail` is the visit
    it was entered as, or why it was withdrawn, `note` what was noted then.
    """

    state: SheetState
    days: int | None = None
    detail: str = ""
    note: str = ""

    @property
    def is_overdue(self) -> bool:
        """Whether it was to be back before today."""
        return self.days is not None and self.days > 0


def sheet_standing(
    state: str, back_by: date | None, detail: str, today: date, note: str = ""
) -> SheetStanding:
    """Return how a sheet stands on a day; `back_by` is the last day on which its round is on time."""
    if state != SheetState.OUT:
        return SheetStanding(SheetState(state), None, detail, note)
    return SheetStanding(SheetState.OUT, None if back_by is None else (today - back_by).days)


def standing_text(standing: SheetStanding) -> str:
    """Return in words how a sheet stands."""
    if standing.is_overdue and standing.days is not None:
        return numbered(standing.days, N_("out, {n} day overdue"), N_("out, {n} days overdue"))
    return " · ".join(filter(None, (standing.state.label, standing.detail)))


def standing_whole(standing: SheetStanding) -> str:
    """Return in words how a sheet stands, with what was noted when it was withdrawn."""
    return _(": ").join(filter(None, (standing_text(standing), standing.note)))


def withdrawal_text(why: str, note: str = "") -> str:
    """Return in words why a sheet was withdrawn."""
    return _(": ").join(filter(None, (name_of(Withdrawal, why), note)))


def loose_sheets_task(sheet_id: int, estate: str, count: int, due: date, today: date) -> Task:
    """Return the task to look for the sheets of an estate that were printed without a round and are not back.

    `sheet_id` is the one that was printed first, to be back on the day `due`.
    """
    detail = numbered(
        count, N_("{n} sheet without a round not back"), N_("{n} sheets without a round not back")
    )
    return Task(
        "sheet", sheet_id, estate, detail, due, due < today, Severity.NORMAL, SHEETS, "rounds", act="sheets.of",
    )  # fmt: skip


def sheets_task(sheet_id: int, lead: str, out: int, overdue: int, back_by: date, today: date) -> Task | None:
    """Return the task to ask a person for sheets that were to be back before today, None while none was.

    `sheet_id` is the one that was to be back first, on `back_by`; `out` counts all that the person has.
    """
    if not overdue:
        return None
    detail = numbered(overdue, N_("{n} sheet not back"), N_("{n} sheets not back"))
    if out > overdue:
        detail += _("; ") + numbered(out - overdue, N_("{n} more is out"), N_("{n} more are out"))
    due = back_by + timedelta(days=1)
    return Task(
        "sheet", sheet_id, lead, detail, due, due < today, Severity.NORMAL, SHEETS, "rounds", act="sheets.of",
    )  # fmt: skip
