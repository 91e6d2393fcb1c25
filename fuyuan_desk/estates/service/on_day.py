"""Who owned a home and who lived in it on a given day."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from fuyuan_desk.access.seat import STAFF, Seat, permit
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.people import HOLDER, OnDay, PersonView
from fuyuan_desk.estates.records import Household
from fuyuan_desk.estates.rules import people as rules
from fuyuan_desk.estates.service import people, shares
from fuyuan_desk.estates.service.rows import get_unit
from fuyuan_desk.kit.guards import refuse_wrong


@permit(*STAFF)
def who_was_there(seat: Seat, unit_id: int, day: date | None) -> OnDay:
    """Return who owned a home and who lived in it on a day, as far as it is recorded."""
    if day is None:
        raise InvalidInput(empty := _("Enter the day that you ask about."), {"day": empty})
    if day > seat.today():
        refuse_wrong({"day": _("The day is in the future; nobody can know yet.")})
    with seat.reading() as session:
        get_unit(session, unit_id)
        households = session.scalars(
            select(Household).where(Household.unit_id == unit_id).order_by(Household.id)
        ).all()
        seen = people.members_of(session, households, seat.operator.role, day)
        views = {(view.household_id, view.id): view for found in seen.values() for view in found}
        owning = shares.owners_on(session, [unit_id], day).get(unit_id, [])
        owners = [
            replace(
                views[one.household.id, one.person.id if one.person else HOLDER],
                from_on=one.period.start,
                share=rules.show_share(one.share),
                is_voter=one.is_voter,
            )
            for one in owning
        ]
        living = [
            view
            for household in households
            for view in seen[household.id]
            if view.is_current and view.lives_here is not False and not view.is_company
            if not (household.vacant and view.lives_here is None)
        ]
        unsure = {_key(view) for view in (*owners, *living) if view.from_on is None}
        unsure |= {_key(view) for view in living if view.lives_here is None}
        return OnDay(day, tuple(owners), tuple(living), len(unsure))


def _key(view: PersonView) -> tuple[int, int]:
    return view.household_id, view.id
