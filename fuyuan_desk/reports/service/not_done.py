"""The list of what is not done (未完成清单): rounds, findings, orders and sheets as of a day."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service.for_other_jobs import estate_names
from fuyuan_desk.inspections.rules.figures import Span
from fuyuan_desk.inspections.rules.not_done import OpenFinding
from fuyuan_desk.inspections.service import not_done as inspections
from fuyuan_desk.inspections.service.figures import open_findings
from fuyuan_desk.kit.guards import gone, refuse_wrong
from fuyuan_desk.organisations.service import for_other_jobs as organisations
from fuyuan_desk.reports.facts import NotDone, NotDoneChoices, NotDoneOf
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.workorders.service import figures as workorders
from fuyuan_desk.workorders.service.residents import masks_of
from fuyuan_desk.workorders.service.waiting import orders_of

_TABLE = "visit"


@permit(*EVERYONE)
def not_done_choices(seat: Seat) -> NotDoneChoices:
    """Return the estates, the organisations with orders, and who is to go on rounds these days or has an open order."""
    with seat.reading() as session:
        span = Span(seat.today(), seat.today(), seat.now())
        persons = inspections.recent_leads(session, span) | workorders.responsible_persons(session)
        return NotDoneChoices(
            estate_names(session),
            organisations.names_of(session, workorders.responsible(session)),
            tuple(sorted(persons)),
        )


@permit(*EVERYONE)
def not_done_for_print(seat: Seat, of: NotDoneOf) -> NotDone:
    """Return what is not done as of a day, for printing, and audit this; refuses a day to come."""
    refuse_wrong(_faults(of, seat.today()))
    person = of.person.strip()
    span = Span(of.day, of.day, seat.now())
    is_of_estate = not person and of.organisation_id is None
    with seat.transaction() as session:
        names = estate_names(session)
        if of.estate_id is not None and of.estate_id not in names:
            raise gone()
        # of the orders that the operator sees: a key tells nobody the name of another one
        mine = (one for one in workorders.responsible(session) if one == of.organisation_id)
        whose = organisations.names_of(session, mine)
        if of.organisation_id is not None and not whose:
            raise gone()
        rounds = inspections.rounds_of(of.estate_id, person)
        found = tuple(open_findings(session, span, of.estate_id)) if is_of_estate else None
        orders = workorders.open_orders(session, span, of.estate_id, of.organisation_id, person)
        masks = masks_of(session, [one.id for one in orders], printed=True)  # a company signs this list
        made = NotDone(
            office_settings(session, seat.now()).heading,
            seat.now(),
            of.day,
            names[of.estate_id] if of.estate_id is not None else "",
            next(iter(whose.values()), ""),
            person,
            names,
            None if of.organisation_id else tuple(inspections.open_rounds(session, span, *rounds)),
            found,
            _orders_of(session, found or (), span),
            tuple(
                replace(one, title=masks[one.id](one.title), place=masks[one.id](one.place)) for one in orders
            ),
            None
            if of.organisation_id
            else tuple(inspections.sheets_out(session, span, of.estate_id, person)),
        )
        detail = {"not_done": of.day.isoformat(), "estate": made.estate, "organisation": made.organisation}
        audit.note(session, "print", _TABLE, None, detail)
        return made


def _faults(of: NotDoneOf, today: date) -> dict[str, str]:
    return {"day": _("Enter today, or an earlier day.")} if of.day > today else {}


def _orders_of(session: Session, found: tuple[OpenFinding, ...], span: Span) -> dict[int, str]:
    """Return the numbers of the orders made by then that put findings right, by the place of the finding."""
    known = orders_of(session, [key for one in found for key in one.result_ids], span.end)
    return {place: known[key][1] for place, one in enumerate(found) for key in one.result_ids if key in known}
