"""The latest calls on households, for their cards."""

from collections.abc import Sequence

from sqlalchemy import select

from fuyuan_desk.access.seat import STAFF, Seat, permit
from fuyuan_desk.calls.records import ResidentCall
from fuyuan_desk.calls.rules import CallKind, FollowUp, How
from fuyuan_desk.calls.service.residents import names_of
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.cards import CardLine

MOST = 3


@permit(*STAFF)
def latest_calls(seat: Seat, household_ids: Sequence[int]) -> dict[int, tuple[CardLine, ...]]:
    """Return the last calls on each household, at most `MOST`, the latest first; names masked."""
    with seat.reading() as session:
        rows = {
            household: session.scalars(
                select(ResidentCall)
                .where(ResidentCall.household_id == household)
                .order_by(
                    ResidentCall.called_on.desc(), ResidentCall.called_at.desc(), ResidentCall.id.desc()
                )
                .limit(MOST)
            ).all()
            for household in household_ids
        }
        # the holder is named by the card itself
        names = names_of(session, {row.resident for found in rows.values() for row in found if row.person_id})
        return {
            household: tuple(_line(seat, row, names.get(row.resident, "")) for row in found)
            for household, found in rows.items()
        }


def _line(seat: Seat, row: ResidentCall, who: str) -> CardLine:
    parts = (name_of(CallKind, row.kind), name_of(How, row.how), row.label, who)
    is_open = row.follow_state == FollowUp.OPEN
    by = row.follow_up_by
    due = ""
    if is_open:
        due = _("Follow-up open") if by is None else _("Follow-up by {day}").format(day=by.isoformat())
    return CardLine(
        row.id,
        row.called_on.isoformat(),
        _(", ").join(filter(None, parts)),
        due,
        is_open and by is not None and by < seat.today(),
    )
