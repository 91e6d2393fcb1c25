"""Editing checklists: drafts are changed, published versions never; a visit keeps the version it was made with."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export, export_rows
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import REVEALERS, WRITERS, Seat, permit
from fuyuan_desk.core import law
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.core.texts import N_, _, language, numbered
from fuyuan_desk.inspections import catalogue
from fuyuan_desk.inspections.facts import VersionDetail, VersionFields, VersionLine
from fuyuan_desk.inspections.records import ChecklistVersion, OwnChecklist
from fuyuan_desk.inspections.rules import checklists as rules
from fuyuan_desk.inspections.rules.checklists import TypedItem, VersionStatus
from fuyuan_desk.inspections.rules.visits import Checklist, SubjectKind
from fuyuan_desk.inspections.service.versions import dated_versions
from fuyuan_desk.kit.book import Known
from fuyuan_desk.kit.guards import gone, refuse_stale, refuse_wrong
from fuyuan_desk.store.db.base import new_uid

_LONGEST_NAME_EN = 120


@permit(*WRITERS)
def list_versions(seat: Seat) -> tuple[VersionLine, ...]:
    """Return all versions of all checklists, those of one checklist together and the newest first."""
    today = seat.today()
    with seat.reading() as session:
        counting = _counting(session, today)
        lines = [_shipped_line(checklist, counting) for checklist in catalogue.checklists()]
        query = select(ChecklistVersion).order_by(ChecklistVersion.id)
        lines += [_line(session, row, counting) for row in session.scalars(query)]
    order = {key: place for place, key in enumerate(dict.fromkeys(line.key for line in lines))}
    lines.reverse()
    return tuple(sorted(lines, key=lambda line: order[line.key]))


@permit(*WRITERS)
def read_version(seat: Seat, key: str, version: str) -> VersionDetail:
    """Return a version in full, with the one it was begun from."""
    with seat.reading() as session:
        shipped = catalogue.checklist(key, version)
        if shipped is not None:
            return _shipped(session, shipped, seat.today())
        return _detail(session, _row(session, _id_of(session, key, version)), seat.today())


@permit(*WRITERS)
def read_draft(seat: Seat, version_id: int) -> VersionDetail:
    """Return a version of the office by the key of its record."""
    with seat.reading() as session:
        return _detail(session, _row(session, version_id), seat.today())


@permit(*WRITERS)
def begin_version(seat: Seat, key: str, version: str) -> VersionDetail:
    """Begin a draft from a version; a checklist has one draft at a time, so that two people do not edit apart."""
    with seat.transaction() as session:
        source = catalogue.checklist(key, version)
        if source is not None:
            owner = _owner(session, key, source.subject)
            name, name_en = source.name, source.name_en
            items = rules.pack(map(rules.type_item, source.items))
        else:
            row = _row(session, _id_of(session, key, version))
            owner, name, name_en, items = row.checklist, row.name, row.name_en, list(row.items)
        _refuse_second_draft(session, owner)
        draft = _new_draft(session, owner, name, name_en)
        draft.items, draft.based_on = items, version
        session.flush()
        return _detail(session, draft, seat.today())


@permit(*WRITERS)
def begin_checklist(seat: Seat, kind: SubjectKind, name: str) -> VersionDetail:
    """Begin a checklist of the office with an empty draft."""
    with seat.transaction() as session:
        refuse_wrong(_name_faults(name, ""))
        owner = _owner(session, f"own-{new_uid()[:12]}", kind)
        draft = _new_draft(session, owner, rules.tidy(name), "")
        session.flush()
        return _detail(session, draft, seat.today())


@permit(*WRITERS)
def save_draft_version(seat: Seat, fields: VersionFields, known: Known) -> VersionDetail:
    """Save a draft as it is; what is wrong with its items is told, and prevents only that it is published."""
    with seat.transaction() as session:
        row = _save(session, fields, known)
        session.flush()
        return _detail(session, row, seat.today())


@permit(*WRITERS)
def publish_version(seat: Seat, fields: VersionFields, known: Known) -> VersionDetail:
    """Save a draft and publish it: it counts from a day on, and is never changed again.

    Raises `InvalidInput` for `effective_on` before today, which would change what a visit already made was asked, and
    for items with faults.
    """
    with seat.transaction() as session:
        row = _save(session, fields, known)
        faults = rules.item_faults(rules.unpack(row.items), is_known_clause)
        if faults:
            raise InvalidInput(_faults_text(faults), {"items": _faults_text(faults)})
        if row.effective_on is None or row.effective_on < seat.today():
            past = _("This day is past. A version counts from today on, or from a later day.")
            message = past if row.effective_on is not None else _("Enter from which day on it counts.")
            raise InvalidInput(message, {"effective_on": message})
        row.status = VersionStatus.PUBLISHED.value
        row.published_at, row.published_by = seat.now(), seat.operator.login
        session.flush()
        return _detail(session, row, seat.today())


def _save(session: Session, fields: VersionFields, known: Known) -> ChecklistVersion:
    row = _draft(session, known)
    refuse_wrong(_name_faults(fields.name, fields.name_en) | _size_fault(fields.items))
    row.name, row.name_en = rules.tidy(fields.name), rules.tidy(fields.name_en)
    row.items, row.effective_on = rules.pack(fields.items), fields.effective_on
    return row


@permit(*WRITERS)
def withdraw_version(seat: Seat, known: Known) -> VersionDetail:
    """Withdraw a published version from today on; the one before counts again, sheets that are out keep it."""
    with seat.transaction() as session:
        row = _row(session, known.id)
        refuse_stale(row, known.version)
        if row.status != VersionStatus.PUBLISHED:
            raise Conflict(_("Only a published version can be withdrawn. Reload the list."))
        row.status, row.withdrawn_on = VersionStatus.WITHDRAWN.value, seat.today()
        session.flush()
        return _detail(session, row, seat.today())


@permit(*WRITERS)
def remove_draft_version(seat: Seat, known: Known) -> None:
    """Delete a draft, and its checklist if it has no other version."""
    with seat.transaction() as session:
        row = _draft(session, known)
        owner = row.checklist
        session.delete(row)
        session.flush()
        if not _versions_of(session, owner):
            session.delete(owner)


@permit(*REVEALERS)
def checklist_for_export(seat: Seat, order: ExportOrder, key: str, version: str) -> Export[TypedItem]:
    """Return the items of a version for an export, and audit this; a checklist names nobody."""
    with seat.transaction() as session:
        shipped = catalogue.checklist(key, version)
        if shipped is not None:
            items, row_id = tuple(map(rules.type_item, shipped.items)), None
        else:
            row = _row(session, _id_of(session, key, version))
            items, row_id = rules.unpack(row.items), row.id
        return export_rows(
            seat, session, order, ChecklistVersion.__tablename__, items, Holds.NOBODY,
            more={"checklist": f"{key} {version}"}, of=row_id,
        )  # fmt: skip


@permit(*WRITERS)
def find_clauses(seat: Seat, text: str, limit: int = 20) -> tuple[tuple[str, str], ...]:
    """Return clauses that are in force today whose citation or text holds what was typed, as citation and words."""
    chinese = language().startswith("zh")
    words = text.casefold().split()
    found = []
    for basis in law.bases():
        for clause in basis.clauses if basis.in_force(seat.today()) else ():
            ref = f"{basis.key}§{clause.number}"
            label, said = (clause.label, clause.text) if chinese else (clause.label_en, clause.text_en)
            held = f"{ref} {clause.short} {clause.label} {clause.text} {label} {said}".casefold()
            if words and all(word in held for word in words):
                found.append((ref, f"{label} {said}"))
    return tuple(found[:limit])


def is_known_clause(ref: str) -> bool:
    """Return whether the program knows a citation."""
    try:
        law.clause(ref)
    except KeyError:
        return False
    return True


# --- inside a running transaction


def _counting(session: Session, today: date) -> set[tuple[str, str]]:
    versions = dated_versions(session)
    found = (one for kind in SubjectKind for one in rules.offered(versions, kind, today))
    return {(checklist.key, checklist.version) for checklist in found}


def _shipped_line(checklist: Checklist, counting: set[tuple[str, str]]) -> VersionLine:
    return VersionLine(
        None,
        checklist.key,
        checklist.version,
        checklist.subject,
        checklist.title(language().startswith("zh")),
        VersionStatus.PUBLISHED,
        len(checklist.items),
        counts=(checklist.key, checklist.version) in counting,
    )


def _line(session: Session, row: ChecklistVersion, counting: set[tuple[str, str]]) -> VersionLine:
    owner = session.get_one(OwnChecklist, row.checklist_id)
    version = rules.version_name(row.number)
    chinese = language().startswith("zh")
    return VersionLine(
        row.id,
        owner.key,
        version,
        SubjectKind(owner.subject_kind),
        row.name if chinese or not row.name_en else row.name_en,
        rules.STATUSES[row.status],
        len(row.items),
        row.effective_on,
        row.withdrawn_on,
        row.published_by,
        (owner.key, version) in counting,
    )


def _shipped(session: Session, checklist: Checklist, today: date) -> VersionDetail:
    items = tuple(map(rules.type_item, checklist.items))
    line = _shipped_line(checklist, _counting(session, today))
    return VersionDetail(line, checklist.name, checklist.name_en, items)


def _detail(session: Session, row: ChecklistVersion, today: date) -> VersionDetail:
    line = _line(session, row, _counting(session, today))
    before = _items_of(session, row.checklist, row.based_on) if row.based_on else ()
    return VersionDetail(
        line, row.name, row.name_en, rules.unpack(row.items), before, row.based_on, row.version
    )


def _items_of(session: Session, owner: OwnChecklist, version: str) -> tuple[TypedItem, ...]:
    shipped = catalogue.checklist(owner.key, version)
    if shipped is not None:
        return tuple(map(rules.type_item, shipped.items))
    rows = {rules.version_name(row.number): row for row in _versions_of(session, owner)}
    return rules.unpack(rows[version].items) if version in rows else ()


def _versions_of(session: Session, owner: OwnChecklist) -> Sequence[ChecklistVersion]:
    return session.scalars(select(ChecklistVersion).where(ChecklistVersion.checklist_id == owner.id)).all()


def _row(session: Session, version_id: int | None) -> ChecklistVersion:
    row = session.get(ChecklistVersion, version_id) if version_id is not None else None
    if row is None:
        raise gone()
    return row


def _id_of(session: Session, key: str, version: str) -> int | None:
    owner = session.scalars(select(OwnChecklist).where(OwnChecklist.key == key)).one_or_none()
    rows = _versions_of(session, owner) if owner is not None else ()
    return next((row.id for row in rows if rules.version_name(row.number) == version), None)


def _owner(session: Session, key: str, kind: SubjectKind) -> OwnChecklist:
    found = session.scalars(select(OwnChecklist).where(OwnChecklist.key == key)).one_or_none()
    if found is None:
        found = OwnChecklist(key=key, subject_kind=kind)
        session.add(found)
        session.flush()
    return found


def _new_draft(session: Session, owner: OwnChecklist, name: str, name_en: str) -> ChecklistVersion:
    numbers = select(func.max(ChecklistVersion.number)).where(ChecklistVersion.checklist_id == owner.id)
    draft = ChecklistVersion(
        checklist_id=owner.id,
        number=(session.scalar(numbers) or 0) + 1,
        status=VersionStatus.DRAFT.value,
        name=name,
        name_en=name_en,
        items=[],
    )
    session.add(draft)
    return draft


def _draft(session: Session, known: Known) -> ChecklistVersion:
    row = _row(session, known.id)
    if row.status != VersionStatus.DRAFT:
        raise Conflict(_("This version is published and never changes. Begin a new version from it."))
    refuse_stale(row, known.version)
    return row


def _refuse_second_draft(session: Session, owner: OwnChecklist) -> None:
    if any(row.status == VersionStatus.DRAFT for row in _versions_of(session, owner)):
        raise Conflict(_("This checklist has a draft already. Open it, or delete it first."))


def _name_faults(name: str, name_en: str) -> dict[str, str]:
    wrong = {"name": fault} if (fault := rules.name_fault(name)) else {}
    if len(rules.tidy(name_en)) > _LONGEST_NAME_EN:
        wrong["name_en"] = _("This is longer than {n} characters. Shorten it.").format(n=_LONGEST_NAME_EN)
    return wrong


def _size_fault(items: Sequence[TypedItem]) -> dict[str, str]:
    if len(items) <= rules.MOST_ITEMS:
        return {}
    text = _("A checklist has at most {n} items. Divide it into two checklists.")
    return {"items": text.format(n=rules.MOST_ITEMS)}


def _faults_text(faults: Sequence[rules.ItemFault]) -> str:
    first = faults[0]
    where = _("Item {n}").format(n=first.place + 1) + ": " if first.place >= 0 else ""
    more = len(faults) - 1
    rest = numbered(more, N_(" {n} more fault is shown."), N_(" {n} more faults are shown.")) if more else ""
    return f"{where}{first.message}{rest}"


def version_outlines(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return title and detail of versions of the office by key, omitting deleted ones."""
    rows = session.scalars(select(ChecklistVersion).where(ChecklistVersion.id.in_(ids)))
    return {
        row.id: (row.name, f"{rules.version_name(row.number)} · {rules.STATUSES[row.status].label}")
        for row in rows
    }
