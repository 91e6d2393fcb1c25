"""The data of printed work orders, and of notices to put something right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.access.settings import office_calendar, office_settings
from fuyuan_desk.estates.rules.free_texts import Mask
from fuyuan_desk.estates.service import estates
from fuyuan_desk.organisations.service import for_other_jobs as organisations
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db.attachments import Photo
from fuyuan_desk.store.media import images
from fuyuan_desk.workorders.records import WorkOrder
from fuyuan_desk.workorders.rules.orders import WITHOUT_WORK, OrderStatus
from fuyuan_desk.workorders.service.clock import unsettled_year
from fuyuan_desk.workorders.service.detail import findings_of, get_order, numbers_before
from fuyuan_desk.workorders.service.photos import photos_of_order
from fuyuan_desk.workorders.service.places import earlier_at_place
from fuyuan_desk.workorders.service.residents import mask_of
from fuyuan_desk.workorders.sheets import OrderFinding, OrderPhoto, OrderSheet

_PRINTED_PX = 1_200


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
        office = office_settings(session, seat.now()).printed_name
        calendar = office_calendar(session)
        for order_id in order_ids:
            row = get_order(session, order_id)
            audit.note(session, "print", WorkOrder.__tablename__, order_id, {"sheet": row.number})
            names = organisations.names_of(session, [row.organisation_id] if row.organisation_id else [])
            found = findings_of(session, row.id)
            shown = mask_of(session, row, printed=True)
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
                    is_paused=row.status == OrderStatus.PAUSED,
                    ended=row.status if row.status in WITHOUT_WORK else "",
                    into=session.get_one(WorkOrder, row.merged_into_id).number if row.merged_into_id else "",
                    done=row.done_at,
                    done_by=row.done_by,
                    verified=row.verified_at,
                    verified_by=row.verified_by,
                    before=_printed(seat, before, shown),
                    after=_printed(seat, after, shown),
                )
            )
    return OrderPapers(tuple(sheets), office, seat.today())


def _printed(seat: Seat, photos: Sequence[Photo], shown: Mask) -> tuple[OrderPhoto, ...]:
    """Return photos as they are printed: no larger than a sharp picture of half a page needs."""
    pictures = (images.shrunk(seat.store.media.read(photo.content), _PRINTED_PX) for photo in photos)
    return tuple(
        OrderPhoto(*picture, shown(photo.caption), photo.number, photo.kind)
        for photo, picture in zip(photos, pictures, strict=True)
    )
