"""Photos of visits: stored encrypted, named by content, removed when no record refers to them.

Photos of a visit that is not saved yet belong to its draft. One shows an item of the visit or the whole of it. The
pages of the signed sheet are kept likewise, as scans (`scans.py`).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.drafts import delete_draft
from fuyuan_desk.access.seat import EVERYONE, FIELD, Role, Seat, permit
from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.photos import DISTANCES, NewPhoto, PhotoKind
from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible
from fuyuan_desk.inspections.facts import KeptPhoto, VisitPhoto
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service.subjects import SUBJECT_TABLES
from fuyuan_desk.kit.attached import caption_of, discard, discard_on_failure, drop, keep, refuse_more
from fuyuan_desk.store.db.attachments import Attachment, photos_of
from fuyuan_desk.store.guards import closed, scope

MOST = 60
_NUMBER = 20
_TABLE = Visit.__tablename__
_DRAFT = "draft"
_UID_CHARS = 32
Carry = Callable[[Session, int, Collection[str]], tuple[str, ...]]
"""Takes photos of a visit on, within the transaction that added them: `(session, visit, names of their pictures)`.

Returns the numbers of what they reached, such as orders that put right what they show.
"""


def carry_nowhere(_session: Session, _visit_id: int, _contents: Collection[str]) -> tuple[str, ...]:
    """Take photos nowhere: nothing was made of their visit."""
    return ()


@dataclass(frozen=True)
class AddedPhotos:
    """All photos of a visit to which some were added, and the numbers of what the new ones were carried to."""

    photos: tuple[VisitPhoto, ...]
    carried_to: tuple[str, ...] = ()


@permit(*FIELD)
def keeps_location(seat: Seat) -> bool:
    """Return whether the office keeps the location that the camera wrote into a photo."""
    with seat.reading() as session:
        return office_settings(session).keep_photo_location


@permit(*FIELD)
def add_photos(
    seat: Seat, visit_id: int, photos: tuple[NewPhoto, ...], carry: Carry = carry_nowhere
) -> AddedPhotos:
    """Add photos to a visit and return all of its photos; add none if one of them is refused.

    To the visit of a closed case with a second person. Raises `Conflict` for a photo that a visit has already. `carry`
    takes them on to what was made of the visit before they came.
    """
    with discard_on_failure(seat) as kept, seat.transaction() as session:
        visit = visit_to_change(seat, session, visit_id)
        for photo in photos:
            _refuse_foreign_item(session, visit.uid, photo.item)
        keep_photos(seat, session, visit.uid, photos, kept)
        carried_to = carry(session, visit_id, tuple(kept))
        return AddedPhotos(list_photos(session, visit.uid), carried_to)


@permit(*FIELD)
def place_photo(
    seat: Seat, photo_id: int, item: str, kind: str, number: str, carry: Carry = carry_nowhere
) -> tuple[str, ...]:
    """Say which item a photo shows, '' for the whole visit, from how near, and its number; as with its caption.

    Returns to what it was carried, as `add_photos` does.
    """
    with seat.transaction() as session:
        row = _attachment(seat, session, photo_id, to_change=True)
        if row.kind == PhotoKind.SCAN:
            raise _gone()
        if kind not in ("", *DISTANCES):
            raise InvalidInput(_("Choose one of the list."), {"kind": _("Choose one of the list.")})
        if row.owner_table == _TABLE:
            ask_for_closed(session, row.owner_uid)
            _refuse_foreign_item(session, row.owner_uid, item)
        is_other = row.item != item
        row.item, row.kind, row.number = item, kind, visible(number).strip()[:_NUMBER]
        session.flush()
        visit_id = session.scalar(select(Visit.id).where(Visit.uid == row.owner_uid)) if is_other else None
        return () if visit_id is None else carry(session, visit_id, (row.content,))


@permit(*FIELD)
def caption_photo(seat: Seat, photo_id: int, caption: str) -> None:
    """Change the caption of a photo; of a visit to a closed case with a second person."""
    with seat.transaction() as session:
        row = _attachment(seat, session, photo_id, to_change=True)
        if row.owner_table == _TABLE:
            ask_for_closed(session, row.owner_uid)
        row.caption = caption_of(caption)


@permit(*FIELD)
def remove_photo(seat: Seat, photo_id: int) -> None:
    """Remove a photo from its visit or draft; from a visit to a closed case with a second person.

    Visits themselves are never removed, so this is all that can be taken from one.
    """
    with seat.transaction() as session:
        row = _attachment(seat, session, photo_id, to_change=True)
        if row.owner_table == _TABLE:
            ask_for_closed(session, row.owner_uid)
        unused = drop(session, [row])
    discard(seat, unused)


@permit(*FIELD)
def keep_draft_photo(seat: Seat, draft: str, photo: NewPhoto) -> VisitPhoto:
    """Store a photo with the draft of a visit; refuse more than `MOST`."""
    owner = _draft_owner(seat, draft)
    with discard_on_failure(seat) as kept, seat.transaction() as session:
        _keep(seat, session, (_DRAFT, owner), (photo,), kept)
        session.flush()
        return list_photos(session, owner, _DRAFT)[-1]


@permit(*FIELD)
def draft_photos(seat: Seat, draft: str) -> tuple[VisitPhoto, ...]:
    """Return the photos that were stored with the draft of a visit."""
    with seat.reading() as session:
        return list_photos(session, _draft_owner(seat, draft), _DRAFT)


@permit(*FIELD)
def drop_draft(seat: Seat, draft: str) -> None:
    """Delete a draft and its photos."""
    with seat.transaction() as session:
        delete_draft(session, seat.operator.id, draft)
        photos = photos_of(session, _DRAFT, _draft_owner(seat, draft))
        unused = drop(session, [_attachment(seat, session, photo.id) for photo in photos])
    discard(seat, unused)


@permit(*EVERYONE)
def read_photo(seat: Seat, photo_id: int, small: bool = False) -> bytes:
    """Return a photo as JPEG, `small`: at most 256 pixels a side."""
    with seat.reading() as session:
        content = _attachment(seat, session, photo_id).content
    return seat.store.media.thumbnail(content) if small else seat.store.media.read(content)


# --- inside a running transaction ----------------------------------------------------------------------


def ask_for_closed(session: Session, visit_uid: str) -> None:
    """Ask for a second person if the subject of a visit is a closed case."""
    about = select(Visit.subject_kind, Visit.subject_id).where(Visit.uid == visit_uid)
    for kind, subject_id in session.execute(about):
        closed.ask_before_changing(session, SUBJECT_TABLES[SubjectKind(kind)], subject_id)


def visit_to_change(seat: Seat, session: Session, visit_id: int) -> Visit:
    """Return a visit to which pictures are to be added, if the operator may; of a closed case with a second person."""
    row = session.get(Visit, visit_id)
    if row is None:
        raise NotFound(_("This record is no longer there. Reload the list."))
    ask_for_closed(session, row.uid)
    require_own_party(seat.operator.role, Party(row.party))
    return row


def list_photos(session: Session, uid: str, table: str = _TABLE) -> tuple[VisitPhoto, ...]:
    """List the photos of a visit (or draft) in the order they were added."""
    return tuple(
        VisitPhoto(
            photo.id, photo.content, photo.width, photo.height, photo.size, photo.caption,
            photo.item, photo.kind, photo.number,
        )
        for photo in photos_of(session, table, uid)
        if photo.kind != PhotoKind.SCAN
    )  # fmt: skip


def in_order(photos: Sequence[VisitPhoto], items: Sequence[str]) -> tuple[VisitPhoto, ...]:
    """Return photos in the order of the items that they show, those of the whole visit first, from far to near."""
    places = {item: place for place, item in enumerate(items)}
    kinds = {kind.value: place for place, kind in enumerate(DISTANCES)}
    return tuple(
        sorted(
            photos,
            key=lambda photo: (places.get(photo.item, -1), kinds.get(photo.kind, len(kinds))),
        )
    )


def keep_photos(
    seat: Seat, session: Session, visit_uid: str, photos: Iterable[NewPhoto], kept: list[str]
) -> None:
    """Store photos, add their names to `kept`, attach them to a visit; refuse more than `MOST`, and known ones."""
    _keep(seat, session, (_TABLE, visit_uid), photos, kept)


def move_draft_photos(
    seat: Seat, session: Session, visit_uid: str, photos: Iterable[KeptPhoto], items: Collection[str]
) -> None:
    """Move photos from the draft of a visit to the visit; one of an item that is not asked now is of the whole."""
    for photo in photos:
        row = _attachment(seat, session, photo.id)
        if row.owner_table != _DRAFT:
            raise _gone()
        row.owner_table, row.owner_uid, row.caption = _TABLE, visit_uid, caption_of(photo.caption)
        row.item = row.item if row.item in items else ""


def _keep(
    seat: Seat, session: Session, owner: tuple[str, str], photos: Iterable[NewPhoto], kept: list[str]
) -> None:
    too_many = _("A visit can have at most {n} photos. Remove some.").format(n=MOST)
    new = list(photos)
    refuse_more(session, owner, len(new), MOST, too_many)
    known = session.scalar(select(func.max(Attachment.id)), execution_options={scope.EVERYWHERE: True}) or 0
    before = len(kept)
    keep(seat, session, owner, new, kept)
    session.flush()
    _refuse_known(session, owner[1], known, list(zip(new, kept[before:], strict=True)))


def _refuse_known(session: Session, uid: str, known: int, new: Sequence[tuple[NewPhoto, str]]) -> None:
    """Refuse new pictures, given with their names, that are with a visit or in the same draft already.

    Up to the key `known` they were there before. A photo is known by its picture, a scan by its file: pages may be
    alike, as blank ones are.
    """
    photos = [name for photo, name in new if photo.kind != PhotoKind.SCAN]
    files = {photo.source for photo, _name in new if photo.kind == PhotoKind.SCAN} - {""}
    if len(set(photos)) < len(photos):
        raise Conflict(_("The same photo was chosen twice."))
    is_scan = Attachment.kind == PhotoKind.SCAN
    same = or_(and_(Attachment.content.in_(photos), ~is_scan), and_(Attachment.source.in_(files), is_scan))
    where = or_(Attachment.owner_table == _TABLE, Attachment.owner_uid == uid)
    query = select(Attachment.owner_uid).where(same, where, Attachment.id <= known).limit(1)
    found = session.scalar(query, execution_options={scope.EVERYWHERE: True})
    if found is not None:
        raise Conflict(_known_text(session, found, uid))


def _known_text(session: Session, uid: str, own: str) -> str:
    if uid == own:
        return _("This photo is attached to the visit already.")
    number = session.scalar(select(Visit.number).where(Visit.uid == uid))
    if number is None:
        return _("This photo is attached to a visit of another estate already.")
    return _("This photo is attached to visit {number} already.").format(number=number)


def _refuse_foreign_item(session: Session, visit_uid: str, item: str) -> None:
    asked = select(VisitResult.id).join(Visit).where(Visit.uid == visit_uid, VisitResult.item == item)
    if item and session.scalar(asked) is None:
        text = _("This item was not inspected on that visit. Choose another one.")
        raise InvalidInput(text, {"item": text})


def parties_of(role: Role) -> tuple[Party, ...]:
    """Return the parties for which a role may log visits: a property company for itself, the committee for all."""
    return (Party.PROPERTY,) if role is Role.PROPERTY else tuple(Party)


def own_party(role: Role) -> Party:
    """Return the party to which an operator with a role belongs."""
    return Party.PROPERTY if role is Role.PROPERTY else Party.COMMITTEE


def require_own_party(role: Role, party: Party | None) -> None:
    """Refuse a change to a visit of a party for which the role may not log visits."""
    if party not in parties_of(role):
        message = _(
            "You can log visits of the property company only. Ask the residents' committee to log others."
        )
        raise NotAllowed(message, {"party": message})


def draft_owner(operator_id: int, draft: str) -> str:
    """Return the owner uid of a draft's photos: operator and key; the digest of a key that is longer than a uid."""
    own = f"{operator_id}:"
    room = _UID_CHARS - len(own)
    return own + (draft if len(draft) <= room else sha256(draft.encode()).hexdigest()[:room])


def _draft_owner(seat: Seat, draft: str) -> str:
    return draft_owner(seat.operator.id, draft)


def _attachment(seat: Seat, session: Session, photo_id: int, to_change: bool = False) -> Attachment:
    row = session.get(Attachment, photo_id)
    if row is None or row.owner_table not in (_TABLE, _DRAFT):
        raise _gone()
    # a draft belongs to its operator alone
    if row.owner_table == _DRAFT and not row.owner_uid.startswith(f"{seat.operator.id}:"):
        raise _gone()
    if to_change and row.owner_table == _TABLE:
        party = session.scalar(select(Visit.party).where(Visit.uid == row.owner_uid))
        require_own_party(seat.operator.role, Party(party) if party else None)
    return row


def _gone() -> NotFound:
    return NotFound(_("This photo no longer exists. Reload the page."))
