"""The versions of checklists that count, shipped and of the office, for other services inside their transactions."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.inspections import catalogue
from fuyuan_desk.inspections.records import ChecklistVersion, OwnChecklist
from fuyuan_desk.inspections.rules import checklists as rules
from fuyuan_desk.inspections.rules.checklists import Dated, VersionStatus
from fuyuan_desk.inspections.rules.visits import Checklist, SubjectKind


def dated_versions(session: Session) -> tuple[Dated, ...]:
    """Return all versions that count or have counted, those that came with the program first."""
    shipped = (Dated(checklist, number=order) for order, checklist in enumerate(catalogue.checklists()))
    query = (
        select(ChecklistVersion, OwnChecklist)
        .join(OwnChecklist, OwnChecklist.id == ChecklistVersion.checklist_id)
        .where(ChecklistVersion.status != VersionStatus.DRAFT)
        .order_by(OwnChecklist.id, ChecklistVersion.number)
    )
    own = (
        # of the same day, a version of the office comes after every shipped one
        Dated(
            _checklist(owner, row),
            row.effective_on,
            row.withdrawn_on,
            len(catalogue.checklists()) + row.number,
        )
        for row, owner in session.execute(query)
    )
    return (*shipped, *own)


def checklists_on(session: Session, kind: SubjectKind, day: date) -> tuple[Checklist, ...]:
    """Return the checklists for a kind of subject on a day; the first is taken if nobody chooses."""
    return rules.offered(dated_versions(session), kind, day)


def checklist_names(session: Session) -> dict[str, str]:
    """Return the names of all checklists by key, each in its newest version, in the language of the screen."""
    return {one.checklist.key: catalogue.checklist_name(one.checklist) for one in dated_versions(session)}


def exact_version(session: Session, key: str, version: str) -> Checklist | None:
    """Return a checklist in the version with which a visit or sheet was made, withdrawn or not; None if unknown."""
    shipped = catalogue.checklist(key, version)
    if shipped is not None or not version.startswith("v"):
        return shipped
    query = (
        select(ChecklistVersion, OwnChecklist)
        .join(OwnChecklist, OwnChecklist.id == ChecklistVersion.checklist_id)
        .where(OwnChecklist.key == key, ChecklistVersion.status != VersionStatus.DRAFT)
    )
    found = (_checklist(owner, row) for row, owner in session.execute(query))
    return next((checklist for checklist in found if checklist.version == version), None)


def _checklist(owner: OwnChecklist, row: ChecklistVersion) -> Checklist:
    """Return a published version; what demands the visit stays as it is in the shipped checklist of the same key."""
    items = tuple(rules.read_item(item) for item in rules.unpack(row.items))
    shipped = next((known for known in reversed(catalogue.checklists()) if known.key == owner.key), None)
    made = Checklist(
        owner.key,
        rules.version_name(row.number),
        SubjectKind(owner.subject_kind),
        row.name,
        row.name_en,
        items,
    )
    if shipped is None:
        return made
    return replace(made, standard_item=shipped.standard_item, demanded_by=shipped.demanded_by)
