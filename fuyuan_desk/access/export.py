"""Letting a list leave: the order is looked at, unmasked data takes a second person, and the trail tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from fuyuan_desk.access.export_order import ExportOrder, Holds, Stamp
from fuyuan_desk.access.seat import REVEALERS, Seat
from fuyuan_desk.access.second_person import Act
from fuyuan_desk.core.errors import InvalidInput, NotAllowed
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import log as audit

T = TypeVar("T")


@dataclass(frozen=True)
class Export(Generic[T]):
    """Rows that may leave, and what the file must say of itself."""

    rows: tuple[T, ...]
    stamp: Stamp


def export_rows(
    seat: Seat,
    session: Session,
    order: ExportOrder,
    table: str,
    rows: Sequence[T],
    holds: Holds = Holds.MASKED,
    filtered: bool = False,
    more: Mapping[str, object] | None = None,
) -> Export[T]:
    """Let rows leave the store, told in the trail by purpose, receiver and number, never by what they say.

    `holds` is what the list holds of people while it is masked, `more` what else the trail is to tell.
    Raises `InvalidInput` for an order that does not say what for or for whom, `SecondNeeded` for unmasked data;
    give those rows only to what this returned.
    """
    if faults := order.faults():
        raise InvalidInput(next(iter(faults.values())), faults)
    purpose, receiver = order.purpose.strip(), order.receiver.strip()
    if order.unmasked:
        if seat.operator.role not in REVEALERS:
            raise NotAllowed(_("Your role may not see personal data unmasked. Leave the list masked."))
        if holds is not Holds.MASKED:
            told = _("This list holds nothing that is masked.")
            raise InvalidInput(told, {"unmasked": told})
        what = _("{n} rows for {receiver}: {purpose}").format(n=len(rows), receiver=receiver, purpose=purpose)
        seat.demand_second(session, Act.UNMASKED_EXPORT, what)
        holds = Holds.UNMASKED
    detail = {
        "rows": len(rows),
        "filtered": filtered,
        "purpose": purpose,
        "receiver": receiver,
        "unmasked": order.unmasked,
        **(more or {}),
    }
    audit.note(session, "export", table, detail=detail)
    return Export(tuple(rows), Stamp(purpose, receiver, seat.operator.name, seat.now(), holds))
