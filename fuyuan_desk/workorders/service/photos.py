"""Photos of an order: from before the work, kept with the step that made the order, and from afterwards."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, FIELD, WRITERS, Seat, permit
from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.core.errors import Conflict, NotAllowed, NotFound
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.facts import VisitPhoto
from fuyuan_desk.inspections.rules.findings import FailedItem
from fuyuan_desk.inspections.service.findings import failed_items_of, visit_uids
from fuyuan_desk.inspections.service.photos import list_photos
from fuyuan_desk.kit.attached import AttachedPages, caption_of, discard, discard_on_failure
from fuyuan_desk.store.db import functions
from fuyuan_desk.store.db.attachments import Attachment, Photo
from fuyuan_desk.store.guards import closed
from fuyuan_desk.workorders.records import OrderFinding, OrderStep, WorkOrder
from fuyuan_desk.workorders.rules.orders import OPEN

BEFORE, AFTER = AttachedPages(OrderStep), AttachedPages(WorkOrder)


@permit(*WRITERS)
def add_before(seat: Seat, order_id: int, photos: tuple[NewPhoto, ...]) -> list[int]:
    """Add photos from before the work, all or none, and return their keys; to a closed order with a second person.

    Raises `Conflict` for a photo that the order has already, before or after.
    """
    with discard_on_failure(seat) as kept, seat.transaction() as session:
        closed.ask_before_changing(session, WorkOrder.__tablename__, order_id)
        there = _pictures(session, order_id)
        added = BEFORE.add(seat, session, _first_step(session, order_id), photos, kept)[-len(photos) :]
        _refuse_known(there, photos, added)
        return [photo.id for photo in added]


@permit(*FIELD)
def add_after(seat: Seat, order_id: int, photos: tuple[NewPhoto, ...]) -> list[int]:
    """Add photos from after the work, all or none, and return their keys; see `add_before`."""
    with discard_on_failure(seat) as kept, seat.transaction() as session:
        closed.ask_before_changing(session, WorkOrder.__tablename__, order_id)
        there = _pictures(session, order_id)
        added = AFTER.add(seat, session, order_id, photos, kept)[-len(photos) :]
        _refuse_known(there, photos, added)
        return [photo.id for photo in added]


@permit(*FIELD)
def caption_order_photo(seat: Seat, photo_id: int, caption: str) -> None:
    """Change the caption of a photo, see `remove_order_photo`."""
    with seat.transaction() as session:
        _ask(seat, session, photo_id).caption = caption_of(caption)


@permit(*FIELD)
def remove_order_photo(seat: Seat, photo_id: int) -> None:
    """Remove a photo; of a closed order with a second person.

    Raises `NotAllowed` for one from before the work, unless by the committee: whoever is to mend the damage does not
    change what shows it.
    """
    with seat.transaction() as session:
        row = _ask(seat, session, photo_id)
        pages = AFTER if row.owner_table == WorkOrder.__tablename__ else BEFORE
        unused = pages.remove(session, photo_id)
    discard(seat, unused)


@permit(*EVERYONE)
def read_order_photo(seat: Seat, photo_id: int, small: bool = False) -> bytes:
    """Return a photo as JPEG, `small`: at most 256 pixels a side."""
    with seat.reading() as session:
        content = _photo(session, photo_id).content
    return seat.store.media.thumbnail(content) if small else seat.store.media.read(content)


@permit(*FIELD)
def keeps_location(seat: Seat) -> bool:
    """Return whether the office keeps the location that the camera wrote into a photo."""
    with seat.reading() as session:
        return office_settings(session).keep_photo_location


# --- inside a running transaction ----------------------------------------------------------------------


def photos_of_order(session: Session, order_id: int) -> tuple[tuple[Photo, ...], tuple[Photo, ...]]:
    """Return the photos of an order from before and from after the work."""
    return BEFORE.read(session, _first_step(session, order_id)), AFTER.read(session, order_id)


def _pictures(session: Session, order_id: int) -> dict[str, str]:
    """Return where an order has which picture, by its name and by the file that it was made of."""
    step = session.get_one(OrderStep, _first_step(session, order_id))
    order = session.get_one(WorkOrder, order_id)
    found: dict[str, str] = {}
    for owner, text in (
        (step, _("This photo stands under “Before the work” already. Choose another one.")),
        (order, _("This photo stands under “After the work” already. Choose another one.")),
    ):
        query = select(Attachment.content, Attachment.source).where(
            Attachment.owner_table == owner.__tablename__, Attachment.owner_uid == owner.uid
        )
        for content, source in session.execute(query):
            found |= dict.fromkeys({content, source} - {""}, text)
    return found


def _refuse_known(there: dict[str, str], new: Sequence[NewPhoto], added: Sequence[Photo]) -> None:
    """Refuse photos that an order had already, or that were chosen twice: what shows the damage cannot show it mended.

    The same file is known even if the office keeps the location of photos now and did not before.
    """
    known = dict(there)
    for photo, row in zip(new, added, strict=True):
        names = {row.content, photo.source} - {""}
        refused = next((known[name] for name in names if name in known), "")
        if refused:
            raise Conflict(refused)
        known |= dict.fromkeys(names, _("The same photo was chosen twice."))


def copy_from_visits(session: Session, order_id: int, found: Collection[FailedItem]) -> None:
    """Let the photos of what failed be those of an order from before the work; the pictures are stored once.

    Those of a visit that show an item which is not in the order stay with the visit.
    """
    step = session.get_one(OrderStep, _first_step(session, order_id))
    items = {one.item for one in found}
    photos = [
        photo
        for uid in visit_uids(session, {one.visit_id for one in found})
        for photo in list_photos(session, uid)
        if not photo.item or photo.item in items
    ]
    _add(session, step, photos)


def carry_to_orders(session: Session, visit_id: int, contents: Collection[str]) -> tuple[str, ...]:
    """Let photos that a visit has got just now reach the open orders of what failed there; return their numbers.

    As if they had been there when the order was made: those of its items, and of the whole visit.
    """
    failed = {key: item for item, key in failed_items_of(session, visit_id).items()}
    rows = session.execute(
        select(WorkOrder.id, WorkOrder.number, OrderFinding.visit_result_id)
        .join(OrderFinding, OrderFinding.order_id == WorkOrder.id)
        .where(OrderFinding.visit_result_id.in_(functions.keys(list(failed))), WorkOrder.status.in_(OPEN))
        .order_by(WorkOrder.id)
    ).all()
    items: dict[tuple[int, str], set[str]] = {}
    for order_id, number, key in rows:
        items.setdefault((order_id, number), set()).add(failed[key])
    new = [
        photo
        for uid in visit_uids(session, {visit_id})
        for photo in list_photos(session, uid)
        if photo.content in set(contents)
    ]
    return tuple(
        number
        for (order_id, number), of_order in items.items()
        if _add_unknown(
            session, order_id, [photo for photo in new if not photo.item or photo.item in of_order]
        )
    )


def copy_from_order(session: Session, order_id: int, into_id: int) -> None:
    """Let the photos of an order from before the work be those of another one, too, but for those it has."""
    _add_unknown(session, into_id, BEFORE.read(session, _first_step(session, order_id)))


def _add_unknown(session: Session, order_id: int, photos: Sequence[Photo | VisitPhoto]) -> int:
    """Add those of these photos from before the work that an order has on neither side; return how many."""
    there, after = photos_of_order(session, order_id)
    known = {photo.content for photo in (*there, *after)}
    mine = [photo for photo in photos if photo.content not in known]
    _add(session, session.get_one(OrderStep, _first_step(session, order_id)), mine, len(there))
    return len(mine)


def _add(session: Session, step: OrderStep, photos: Sequence[Photo | VisitPhoto], first: int = 0) -> None:
    for position, photo in enumerate(photos, first):
        row = session.get_one(Attachment, photo.id)
        session.add(
            Attachment(
                owner_table=OrderStep.__tablename__,
                owner_uid=step.uid,
                content=row.content,
                width=row.width,
                height=row.height,
                size=row.size,
                caption=row.caption,
                position=position,
                kind=row.kind,
                number=row.number,
                source=row.source,
            )
        )


def _first_step(session: Session, order_id: int) -> int:
    found = session.scalar(
        select(OrderStep.id).where(OrderStep.order_id == order_id).order_by(OrderStep.id).limit(1)
    )
    if found is None:
        raise NotFound(_("This record is no longer there. Reload the list."))
    return found


def _photo(session: Session, photo_id: int) -> Attachment:
    row = session.get(Attachment, photo_id)
    if row is None or row.owner_table not in (OrderStep.__tablename__, WorkOrder.__tablename__):
        raise NotFound(_("This photo no longer exists. Reload the page."))
    return row


def _ask(seat: Seat, session: Session, photo_id: int) -> Attachment:
    """Return a photo that is to be changed; ask for a second person if its order is closed."""
    row = _photo(session, photo_id)
    model = WorkOrder if row.owner_table == WorkOrder.__tablename__ else OrderStep
    if model is OrderStep and seat.operator.role not in WRITERS:
        raise NotAllowed(
            _("Photos from before the work are changed by the committee. Add yours under “After the work”.")
        )
    owner = session.scalar(select(model.id).where(model.uid == row.owner_uid))
    if owner is not None:
        closed.ask_before_changing(session, row.owner_table, owner)
    return row
