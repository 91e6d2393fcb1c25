"""Services on printed sheets: list those that are out, withdraw one that will not come back, take it back after all."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, WRITERS, Seat, permit
from fuyuan_desk.core.dues import Task
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible_lines
from fuyuan_desk.estates.service.estates import describe_estates
from fuyuan_desk.inspections.book import sheet_book
from fuyuan_desk.inspections.catalogue import due_limits
from fuyuan_desk.inspections.facts import SheetFields
from fuyuan_desk.inspections.records import PrintedSheet
from fuyuan_desk.inspections.rules import printed as rules
from fuyuan_desk.inspections.rules.figures import midnight
from fuyuan_desk.inspections.rules.printed import SheetStanding, SheetState, Withdrawal
from fuyuan_desk.inspections.service.printed import standings
from fuyuan_desk.kit.book import BookQuery, Line
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.kit.table import Table

_LONGEST_NOTE = 500
_IS_OUT = and_(PrintedSheet.state == SheetState.OUT, PrintedSheet.is_copy.is_(False))


def table_on(today: date) -> Table[PrintedSheet, SheetFields]:
    """Return the table of sheets as it is listed on a day: what is out comes first, longest overdue on top."""

    def standings_of(session: Session, rows: Sequence[Any]) -> dict[int, SheetStanding]:
        return standings(session, rows, today)

    is_out = PrintedSheet.state == SheetState.OUT
    rank = case((is_out & PrintedSheet.back_by.is_not(None), 0), (is_out, 1), else_=2)
    back_by = case((is_out, PrintedSheet.back_by), else_=None)
    return Table(
        PrintedSheet,
        SheetFields,
        sheet_book,
        references={"estate_id": describe_estates},
        extras={"standing": standings_of},
        orders={"back_by": (rank, back_by)},
        newest_first=True,
        only={"is_copy": False},
        holds=Holds.OFFICERS,
    )


@permit(*EVERYONE)
def list_sheets(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[SheetFields]]:
    """List a window of the matching sheets, by default those that are out first."""
    with seat.reading() as session:
        return table_on(seat.today()).find(session, query or BookQuery(), offset, limit)


@permit(*REVEALERS)
def sheets_for_export(seat: Seat, order: ExportOrder, query: BookQuery) -> Export[Line[SheetFields]]:
    """Return the filtered sheets for an export, and audit this."""
    with seat.transaction() as session:
        return table_on(seat.today()).export(seat, session, order, query)


@permit(*EVERYONE)
def sheets_for_print(seat: Seat, query: BookQuery) -> ListPaper:
    """Return the filtered sheets for printing, and audit this."""
    with seat.transaction() as session:
        return table_on(seat.today()).paper(seat, session, query)


@permit(*EVERYONE)
def holders(seat: Seat) -> tuple[tuple[str, int], ...]:
    """Return who took sheets, and how many each has that are out, by name."""
    with seat.reading() as session:
        out = func.sum(case((PrintedSheet.state == SheetState.OUT, 1), else_=0))
        query = (
            select(PrintedSheet.lead, out)
            .where(PrintedSheet.lead != "", PrintedSheet.is_copy.is_(False))
            .group_by(PrintedSheet.lead)
            .order_by(PrintedSheet.lead)
        )
        return tuple((lead, int(count)) for lead, count in session.execute(query))


@permit(*EVERYONE)
def alike(seat: Seat, sheet_id: int) -> dict[str, Any]:
    """Return the filter that lists the sheets with who took this one; those of its estate, if nobody is named."""
    with seat.reading() as session:
        row = table_on(seat.today()).get(session, sheet_id)
        return {"lead": row.lead} if row.lead else {"estate_id": row.estate_id}


@permit(*WRITERS)
def withdraw_sheets(seat: Seat, ids: Sequence[int], why: str, note: str = "") -> int:
    """Withdraw sheets that will not come back, with the reason, and return how many; their numbers stay taken.

    A lost sheet says how: it holds what somebody may read.
    """
    note = visible_lines(note).strip()
    errors = {}
    if why not in set(Withdrawal):
        errors["why"] = _("Choose why the sheet will not come back.")
    if why == Withdrawal.LOST and not note:
        errors["note"] = _("Enter when and where the sheet was lost, as far as it is known.")
    if len(note) > _LONGEST_NOTE:
        errors["note"] = _("This is longer than {n} characters. Shorten it.").format(n=_LONGEST_NOTE)
    if errors:
        raise InvalidInput(next(iter(errors.values())), errors)
    with seat.transaction() as session:
        table = table_on(seat.today())
        for row in [table.get(session, key) for key in ids]:
            if row.state != SheetState.OUT:
                message = _("Sheet {number} is entered or written off already. Reload the list.")
                raise Conflict(message.format(number=row.number))
            row.state, row.withdrawn_on = SheetState.WITHDRAWN, seat.today()
            row.withdrawn_why, row.withdrawn_note = why, note
        session.flush()
        return len(ids)


@permit(*WRITERS)
def take_back(seat: Seat, sheet_id: int) -> None:
    """Take back a sheet that was withdrawn and turned up: it is out again, and can be entered.

    Raises `Conflict` if another sheet was printed for its round meanwhile: one of them is enough.
    """
    with seat.transaction() as session:
        row = table_on(seat.today()).get(session, sheet_id)
        if row.state != SheetState.WITHDRAWN:
            raise Conflict(_("Sheet {number} is not written off. Reload the list.").format(number=row.number))
        others = select(PrintedSheet.number).where(
            PrintedSheet.round_id == row.round_id, PrintedSheet.state == SheetState.OUT
        )
        other = None if row.round_id is None else session.scalars(others).first()
        if other is not None:
            message = _("Sheet {number} was printed in its place. Write that one off first, or enter it.")
            raise Conflict(message.format(number=other))
        row.state, row.withdrawn_on, row.withdrawn_why, row.withdrawn_note = SheetState.OUT, None, "", ""
        session.flush()


# --- the first page


def sheet_tasks(session: Session, today: date) -> list[Task]:
    """List for each person the sheets of rounds that were to be back before today, and for each estate the others."""
    is_late = PrintedSheet.back_by < today
    query = (
        select(PrintedSheet.id, PrintedSheet.lead, PrintedSheet.back_by, is_late)
        .where(_IS_OUT, PrintedSheet.back_by.is_not(None))
        .order_by(PrintedSheet.back_by, PrintedSheet.id)
    )
    by_lead: dict[str, list[tuple[int, Any, bool]]] = {}
    for key, lead, back_by, late in session.execute(query):
        by_lead.setdefault(lead, []).append((key, back_by, late))
    found = []
    for lead, sheets in by_lead.items():
        key, first, _late = sheets[0]
        overdue = sum(1 for _key, _day, late in sheets if late)
        found.append(rules.sheets_task(key, lead, len(sheets), overdue, first, today))
    return [*(task for task in found if task is not None), *_loose(session, today)]


def _loose(session: Session, today: date) -> list[Task]:
    """List for each estate the sheets without a round that were printed long enough ago to be back."""
    term = timedelta(days=due_limits().days_for_a_sheet)
    first = func.min(PrintedSheet.id)
    query = (
        select(PrintedSheet.estate_id, func.count(PrintedSheet.id), first, func.min(PrintedSheet.printed_at))
        .where(_IS_OUT, PrintedSheet.back_by.is_(None), PrintedSheet.printed_at < midnight(today - term))
        .group_by(PrintedSheet.estate_id)
        .order_by(first)
    )
    rows = session.execute(query).all()
    names = describe_estates(session, {estate for estate, *_rest in rows})
    return [
        rules.loose_sheets_task(key, names.get(estate, ""), count, at.astimezone().date() + term, today)
        for estate, count, key, at in rows
    ]
