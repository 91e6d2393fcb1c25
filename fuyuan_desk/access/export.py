"""Export of lists: the order is checked, unmasked data requires a second person, the audit log records it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from fuyuan_desk.access.export_order import ExportOrder, Holds, Stamp
from fuyuan_desk.access.seat import REVEALERS, Seat
from fuyuan_desk.access.second_person import ProtectedAction
from fuyuan_desk.core.errors import InvalidInput, NotAllowed
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.store.audit import log as audit

T = TypeVar("T")


@dataclass(frozen=True)
class Export(Generic[T]):
    """Rows released for export, and the stamp the file must carry."""

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
    of: int | None = None,
    subject: str = "",
) -> Export[T]:
    """Release rows for export; the audit log records purpose, receiver and row count, never their contents.

    `holds` classifies the personal data of the masked list, `more` adds details to the audit entry,
    which is about the record `of` if the rows are all about one, named `subject` to the second person.
    Raises `InvalidInput` for an order without purpose or receiver, `SecondNeeded` for unmasked data;
    pass on only the rows that this returns.
    """
    if faults := order.faults():
        raise InvalidInput(next(iter(faults.values())), faults)
    purpose, receiver = order.purpose.strip(), order.receiver.strip()
    if order.unmasked:
        if seat.operator.role not in REVEALERS:
            raise NotAllowed(_("Your role may not see unmasked personal data. Export the list masked."))
        if holds is not Holds.MASKED:
            message = _("This list contains no masked data.")
            raise InvalidInput(message, {"unmasked": message})
        what = _("{subject} for {receiver}: {purpose}").format(
            subject=subject or numbered(len(rows), N_("{n} row"), N_("{n} rows")),
            receiver=receiver,
            purpose=purpose,
        )
        seat.require_second(session, ProtectedAction.UNMASKED_EXPORT, what)
        holds = Holds.UNMASKED
    detail = {
        "rows": len(rows),
        "filtered": filtered,
        "purpose": purpose,
        "receiver": receiver,
        "unmasked": order.unmasked,
        **(more or {}),
    }
    audit.note(session, "export", table, of, detail)
    return Export(tuple(rows), Stamp(purpose, receiver, seat.operator.name, seat.now(), holds))
