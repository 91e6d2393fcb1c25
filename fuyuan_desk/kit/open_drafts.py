"""The drafts of an operator: what each is a draft of, and whether it can still be continued."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.drafts import DRAFT_ROLES
from fuyuan_desk.access.records import Draft, OperatorRow
from fuyuan_desk.access.seat import Role, Seat, permit
from fuyuan_desk.core import draft_keys
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.queries import Record
from fuyuan_desk.store.db.base import Base


@dataclass(frozen=True)
class DraftForm:
    """A form that has drafts; its keys are `form:id`, `form:new` or `form:new:parent`.

    `title` names the form of an existing record and `new` that of a new one (both marked with `N_`); `kind` is the
    kind of the record, `parent` that of the record to which a new one belongs. `opens`: whether a record is shown
    before the form; it is the one of the kind `parent` that the column `via` of the record's table names, if that is
    given. `row_of`: likewise the column that names the record of the kind `parent` in whose row the draft is marked, if
    it has no row of its own. `in_detail`: the detail of a record's outline is its place, which its title does not say.
    `place`: the field of the input that says where a new record without a parent is to be.
    """

    title: str
    new: str
    kind: str
    parent: str = ""
    opens: bool = True
    via: str = ""
    row_of: str = ""
    in_detail: bool = False
    place: str = ""


class DraftState(StrEnum):
    """Whether a draft can be continued."""

    READY = "ready"
    CHANGED = "changed"  # the record was changed since
    GONE = "gone"  # the record no longer exists, or not for this operator
    UNKNOWN = "unknown"  # of a form that this program does not have


@dataclass(frozen=True)
class OpenDraft:
    """A draft: its key, what it is called, when it was saved, and whether it can be continued.

    `record` is the record to show before the form is opened, `marked` the one in whose row it is marked, both as kind
    and id.
    """

    key: str
    name: str
    saved_at: datetime
    state: DraftState = DraftState.READY
    record: tuple[str, int] | None = None
    marked: tuple[str, int] | None = None


@dataclass(frozen=True)
class DraftsFound:
    """The operator's own drafts, newest first, and how many other operators have, by name."""

    own: tuple[OpenDraft, ...] = ()
    others: tuple[tuple[str, int], ...] = ()


@permit(*DRAFT_ROLES)
def open_drafts(seat: Seat, forms: Mapping[str, DraftForm], records: Sequence[Record]) -> DraftsFound:
    """List the operator's drafts; a property company sees nothing of those of others, nor of other estates."""
    with seat.reading() as session:
        own = select(Draft).where(Draft.operator_id == seat.operator.id).order_by(Draft.saved_at.desc())
        rows = [row for row in session.scalars(own) if not row.form.startswith(_NO_FORM)]
        keys = [_Key.of(row.form) for row in rows]
        outlines = _outlines(session, keys, forms, records)
        found = tuple(
            _describe(session, row, key, forms, outlines, records)
            for row, key in zip(rows, keys, strict=True)
        )
        return DraftsFound(found, () if seat.operator.role is Role.PROPERTY else _of_others(session, seat))


@permit(*DRAFT_ROLES)
def continue_draft(seat: Seat, form: str) -> None:
    """Have the input of a draft restored without asking when its form is opened next."""
    with seat.transaction() as session:
        row = session.scalars(
            select(Draft).where(Draft.operator_id == seat.operator.id, Draft.form == form)
        ).one_or_none()
        if row is not None:
            row.content = {**row.content, draft_keys.RESTORE: True}


_NO_FORM = "desk:"  # where the operator was when the desk was locked


@dataclass(frozen=True)
class _Key:
    """The parts of a key: the form, the record, and the record that a new one belongs to; 0 for none."""

    form: str
    record: int
    parent: int

    @staticmethod
    def of(key: str) -> "_Key":
        form, _colon, rest = key.partition(":")
        which, _colon, parent = rest.partition(":")
        return _Key(form, _number(which), _number(parent))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


Outlines = Mapping[str, Mapping[int, tuple[str, str]]]


def _outlines(
    session: Session, keys: Iterable[_Key], forms: Mapping[str, DraftForm], records: Sequence[Record]
) -> Outlines:
    wanted: dict[str, set[int]] = {}
    for key in keys:
        form = forms.get(key.form)
        if form is not None:
            wanted.setdefault(form.kind, set()).add(key.record)
            wanted.setdefault(form.parent, set()).add(key.parent)
    return {
        record.kind.name: record.describe(session, ids)
        for record in records
        if (ids := _positive(wanted.get(record.kind.name, ())))
    }


def _positive(ids: Collection[int]) -> list[int]:
    return sorted(number for number in ids if number)


def _describe(
    session: Session,
    row: Draft,
    key: _Key,
    forms: Mapping[str, DraftForm],
    outlines: Outlines,
    records: Sequence[Record],
) -> OpenDraft:
    form = forms.get(key.form)
    if form is None:
        return OpenDraft(
            row.form, _("A form that this program does not have"), row.saved_at, DraftState.UNKNOWN
        )
    if not key.record:
        return _describe_new(row, key, form, outlines)
    outline = outlines.get(form.kind, {}).get(key.record)
    if outline is None:
        return OpenDraft(row.form, _(form.title), row.saved_at, DraftState.GONE)
    name = _("{form} {record}").format(form=_(form.title), record=outline[0])
    if form.in_detail:
        name = _at(name, outline[1])
    table = next(record.kind.table for record in records if record.kind.name == form.kind)
    version = row.content.get(draft_keys.VERSION)
    # a text is of something else than the record, which its form compares when it is opened
    is_stale = isinstance(version, int) and version != _column(session, table, key.record, "version")
    own = (form.kind, key.record)

    def above(column: str) -> tuple[str, int]:
        return (form.parent, _column(session, table, key.record, column) or 0)

    shown = above(form.via) if form.via else own
    marked = above(form.row_of) if form.row_of else own
    state = DraftState.CHANGED if is_stale else DraftState.READY
    return OpenDraft(row.form, name, row.saved_at, state, shown if form.opens else None, marked)


def _describe_new(row: Draft, key: _Key, form: DraftForm, outlines: Outlines) -> OpenDraft:
    if not key.parent:
        return OpenDraft(row.form, _at(_(form.new), _typed_place(row, form)), row.saved_at)
    outline = outlines.get(form.parent, {}).get(key.parent)
    if outline is None:
        return OpenDraft(row.form, _(form.new), row.saved_at, DraftState.GONE)
    parent = (form.parent, key.parent)
    return OpenDraft(
        row.form,
        _at(_(form.new), outline[0]),
        row.saved_at,
        record=parent if form.opens else None,
        marked=parent if form.row_of else None,
    )


def _at(name: str, place: str) -> str:
    return _("{form} – {record}").format(form=name, record=place) if place else name


def _typed_place(row: Draft, form: DraftForm) -> str:
    typed = row.content.get(form.place, "")
    return str(typed.get("address", "") if isinstance(typed, Mapping) else typed).strip()


def _column(session: Session, table: str, record_id: int, column: str) -> Any:
    # the record was described for this operator before
    found = Base.metadata.tables[table]
    return session.execute(select(found.c[column]).where(found.c.id == record_id)).scalar()


def _of_others(session: Session, seat: Seat) -> tuple[tuple[str, int], ...]:
    rows = session.execute(
        select(OperatorRow.name, Draft.form)
        .join(OperatorRow, OperatorRow.id == Draft.operator_id)
        .where(Draft.operator_id != seat.operator.id)
        .order_by(OperatorRow.id)
    )
    counts: dict[str, int] = {}
    for name, form in rows:
        if not form.startswith(_NO_FORM):
            counts[name] = counts.get(name, 0) + 1
    return tuple(counts.items())
