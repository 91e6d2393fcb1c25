"""Photos of visits: stored encrypted, named by content, removed when no record refers to them.

Photos of a visit that is not saved yet belong to its draft.
"""

from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.drafts import delete_draft
from fuyuan_desk.access.seat import EVERYONE, FIELD, Role, Seat, permit
from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.core.errors import NotAllowed, NotFound
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.facts import KeptPhoto, VisitPhoto
from fuyuan_desk.inspections.records import Visit
from fuyuan_desk.inspections.rules.visits import Party, SubjectKind
from fuyuan_desk.inspections.service.subjects import SUBJECT_TABLES
from fuyuan_desk.kit.attached import caption_of, discard, discard_on_failure, drop, keep, refuse_more
from fuyuan_desk.store.db.attachments import Attachment, photos_of
from fuyuan_desk.store.guards import closed

MOST = 30
_TABLE = Visit.__tablename__
_DRAFT = "draft"
_UID_CHARS = 32


@permit(*FIELD)
def keeps_location(seat: Seat) -> bool:
    """Return whether the office keeps the location that the camera wrote into a photo."""
    with seat.reading() as session:
        return office_settings(session).keep_photo_location


@permit(*FIELD)
def add_photos(seat: Seat, visit_id: int, photos: tuple[NewPhoto, ...]) -> tuple[VisitPhoto, ...]:
    """Add photos to a visit and return all of its photos; add none if one of them is refused.

    To the visit of a closed case with a second person.
    """
    with discard_on_failure(seat) as kept, seat.transaction() as session:
        visit = _visit(session, visit_id)
        _ask_for_closed(session, visit.uid)
        require_own_party(seat.operator.role, Party(visit.party))
        keep_photos(seat, session, visit.uid, photos, kept)
        session.flush()
        return list_photos(session, visit.uid)


@permit(*FIELD)
def caption_photo(seat: Seat, photo_id: int, caption: str) -> None:
    """Change the caption of a photo; of a visit to a closed case with a second person."""
    with seat.transaction() as session:
        row = _attachment(seat, session, photo_id, to_change=True)
        if row.owner_table == _TABLE:
            _ask_for_closed(session, row.owner_uid)
        row.caption = caption_of(caption)


@permit(*FIELD)
def remove_photo(seat: Seat, photo_id: int) -> None:
    """Remove a photo from its visit or draft; from a visit to a closed case with a second person.

    Visits themselves are never removed, so this is all that can be taken from one.
    """
    with seat.transaction() as session:
        row = _attachment(seat, session, photo_id, to_change=True)
        if row.owner_table == _TABLE:
            _ask_for_closed(session, row.owner_uid)
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


def _ask_for_closed(session: Session, visit_uid: str) -> None:
    """Ask for a second person if the subject of a visit is a closed case."""
    about = select(Visit.subject_kind, Visit.subject_id).where(Visit.uid == visit_uid)
    for kind, subject_id in session.execute(about):
        closed.ask_before_changing(session, SUBJECT_TABLES[SubjectKind(kind)], subject_id)


# --- inside a running transaction ----------------------------------------------------------------------


def list_photos(session: Session, uid: str, table: str = _TABLE) -> tuple[VisitPhoto, ...]:
    """List the photos of a visit (or draft) in the order they were added."""
    return tuple(
        VisitPhoto(photo.id, photo.content, photo.width, photo.height, photo.size, photo.caption)
        for photo in photos_of(session, table, uid)
    )


def keep_photos(
    seat: Seat, session: Session, visit_uid: str, photos: Iterable[NewPhoto], kept: list[str]
) -> None:
    """Store photos, add their names to `kept`, attach them to a visit; refuse more than `MOST`."""
    _keep(seat, session, (_TABLE, visit_uid), photos, kept)


def move_draft_photos(seat: Seat, session: Session, visit_uid: str, photos: Iterable[KeptPhoto]) -> None:
    """Move photos from the draft of a visit to the visit."""
    for photo in photos:
        row = _attachment(seat, session, photo.id)
        if row.owner_table != _DRAFT:
            raise _gone()
        row.owner_table, row.owner_uid, row.caption = _TABLE, visit_uid, caption_of(photo.caption)


def _keep(
    seat: Seat, session: Session, owner: tuple[str, str], photos: Iterable[NewPhoto], kept: list[str]
) -> None:
    too_many = _("A visit can have at most {n} photos. Remove some.").format(n=MOST)
    new = list(photos)
    refuse_more(session, owner, len(new), MOST, too_many)
    keep(seat, session, owner, new, kept)


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


def _visit(session: Session, visit_id: int) -> Visit:
    row = session.get(Visit, visit_id)
    if row is None:
        raise NotFound(_("This record is no longer there. Reload the list."))
    return row


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
