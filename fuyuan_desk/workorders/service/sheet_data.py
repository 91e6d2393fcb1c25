"""The data of printed work orders, and of notices to put something right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.access.settings import office_calendar, office_settings
from fuyuan_desk.estates.rules.free_texts import Mask
from fuyuan_desk.estates.service import estates
from fuyuan_desk.organisations.service import for_other_jobs as organisations
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db.attachments import Photo
from fuyuan_desk.store.media import images
from fuyuan_desk.workorders.records import WorkOrder
from fuyuan_desk.workorders.rules.orders import ENDS, OrderSeverity, OrderStatus, Source, is_overdue
from fuyuan_desk.workorders.service.clock import steps_of, unsettled_year
from fuyuan_desk.workorders.service.detail import findings_of, get_order, numbers_before
from fuyuan_desk.workorders.service.photos import photos_of_order
from fuyuan_desk.workorders.service.places import earlier_at_place
from fuyuan_desk.workorders.service.residents import masks_of
from fuyuan_desk.workorders.sheets import OrderFinding, OrderPhoto, OrderSheet

_PRINTED_PX = 1_200
_IS_DONE = (OrderStatus.TO_VERIFY, OrderStatus.DONE)


@dataclass(frozen=True)
class OrderPapers:
    """The data of printed orders, with the name of the office and the date of the file."""

    sheets: tuple[OrderSheet, ...]
    office: str
    made: date


@permit(*EVERYONE)
def order_papers(seat: Seat, order_ids: Sequence[int]) -> OrderPapers:
    """Return the data of work orders for printing, and audit this; residents are not named on them."""
    sheets = []
    with seat.transaction() as session:
        office = office_settings(session, seat.now()).heading
        calendar = office_calendar(session)
        masks = masks_of(session, order_ids, printed=True)
        for order_id in order_ids:
            row = get_order(session, order_id)
            audit.note(session, "print", WorkOrder.__tablename__, order_id, {"sheet": row.number})
            names = organisations.names_of(session, [row.organisation_id] if row.organisation_id else [])
            found = findings_of(session, row.id)
            shown = masks[order_id]
            paused = _paused(session, row)
            before, after = photos_of_order(session, row.id)
            sheets.append(
                OrderSheet(
                    number=row.number,
                    uid=row.uid,
                    estate=estates.describe_estates(session, [row.estate_id]).get(row.estate_id, ""),
                    place=shown(row.place),
                    title=shown(row.title),
                    description=shown(row.description),
                    severity=row.severity,
                    begun=row.begun_at,
                    due=row.due_at,
                    term_source=row.term_source,
                    organisation=next(iter(names.values()), ""),
                    person=row.person,
                    findings=tuple(
                        OrderFinding(
                            one.item.text,
                            shown(one.item.remark),
                            "\n".join(one.item.clauses),
                            one.item.visit,
                            one.before,
                        )
                        for one in found
                        if not one.is_withdrawn
                    ),
                    earlier=tuple(one.number for one in earlier_at_place(session, row)),
                    follows=numbers_before(session, row),
                    unsettled_year=unsettled_year(row, calendar),
                    source=_told_by(row),
                    standing=_standing(row, seat.now()),
                    since=paused[0] if paused else None,
                    why=shown(paused[1]) if paused else "",
                    into=session.get_one(WorkOrder, row.merged_into_id).number if row.merged_into_id else "",
                    # work that was rejected is not done
                    done=row.done_at if row.status in _IS_DONE else None,
                    done_by=row.done_by,
                    done_note=shown(row.done_note) if row.status in _IS_DONE else "",
                    verified=row.verified_at,
                    verified_by=row.verified_by,
                    before=_printed(seat, before, shown),
                    after=_printed(seat, after, shown),
                )
            )
    return OrderPapers(tuple(sheets), office, seat.today())


def _standing(row: WorkOrder, now: datetime) -> str:
    """Return the key of what a paper says of an order besides that it is to be done."""
    status = OrderStatus(row.status)
    if status in (*ENDS, OrderStatus.PAUSED, OrderStatus.TO_VERIFY):
        return status.value
    return "overdue" if is_overdue(status, row.due_at, now) else ""


def _told_by(row: WorkOrder) -> str:
    """Return the key of how a matter became known: a complaint that the office typed was reported by somebody."""
    is_reported = row.severity == OrderSeverity.COMPLAINT or row.reporter
    return Source.CALL.value if row.source == Source.OFFICE and is_reported else row.source


def _paused(session: Session, row: WorkOrder) -> tuple[datetime, str] | None:
    """Return since when and why an order is on hold, None if it is not."""
    if row.status != OrderStatus.PAUSED:
        return None
    begun = [step for step in steps_of(session, row.id) if step.after == OrderStatus.PAUSED != step.before]
    return begun[-1].at, begun[-1].note


def _printed(seat: Seat, photos: Sequence[Photo], shown: Mask) -> tuple[OrderPhoto, ...]:
    """Return photos as they are printed: no larger than a sharp picture of half a page needs."""
    pictures = (images.shrunk(seat.store.media.read(photo.content), _PRINTED_PX) for photo in photos)
    return tuple(
        OrderPhoto(*picture, shown(photo.caption), photo.number, photo.kind)
        for photo, picture in zip(photos, pictures, strict=True)
    )
