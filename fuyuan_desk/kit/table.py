"""The store behind a book: list, read, save, remove and export its records inside a service's transaction.

A job's services call these and stay visible, permitted functions; nothing here decides who may do what.
"""

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export, export_rows
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.reveals import log_reveal
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.core.changes import RecordEvent
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _, in_chinese
from fuyuan_desk.core.visible import visible
from fuyuan_desk.formats.address import natural_key
from fuyuan_desk.kit.book import Book, BookQuery, Known, Line, Part, faults
from fuyuan_desk.kit.conditions import Filter, chosen, with_none_last
from fuyuan_desk.kit.guards import gone, refuse_stale, refuse_while_used, refuse_wrong, stripped
from fuyuan_desk.kit.list_sheet import ListPaper, paper_of
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.kit.search_entries import entries_of, fields_of
from fuyuan_desk.kit.trail.history import history
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db import functions
from fuyuan_desk.store.db.base import Record
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search.filter import fits
from fuyuan_desk.store.search.reasons import Field

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound=Record)
F = TypeVar("F", bound="DataclassInstance")

EXPORT_MOST = 1_048_575  # the rows of an Excel sheet below its header
_FILTER_MOST = 100_000
_BLOCK = 100  # records changed between two reports of progress


@dataclass(frozen=True)
class Unique:
    """Parts that together occur only once; `message` is shown at the first of them.

    Records of which one part is empty are not compared, unless it is named in `even_empty`.
    """

    parts: tuple[str, ...]
    message: str
    even_empty: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table(Generic[R, F]):
    """A book's records in the store.

    model, fields: the record's class and the frozen dataclass of its parts; the book's part names are columns of both.
    references: by reference, the names of what it points to: a `NamesOf`, of keys for a part of the kind `search`.
    columns: by column that no part shows, the function that computes it from the fields: the records' natural order.
    extras: by computed part, the function that returns its values for some rows, by key.
    expressions: by computed part, the SQL expression of its value, by which the list can be sorted as well.
    orders: by part, the SQL expressions by which the list is sorted, where its column does not do.
    newest_first: of records that sort alike, the newest is first, whichever way the list is sorted.
    unique: returns the rules of uniqueness, with translated messages.
    only: the values, by column, that a row must have to be listed at all.
    filters: by facet, how it filters where that is not by the values of its column.
    """

    model: type[R]
    fields: type[F]
    book: Callable[[], Book]
    references: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, Callable[[F], Any]] = field(default_factory=dict)
    extras: Mapping[str, Callable[[Session, Sequence[R]], Mapping[int, Any]]] = field(default_factory=dict)
    expressions: Mapping[str, Any] = field(default_factory=dict)
    orders: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    newest_first: bool = False
    unique: Callable[[], tuple[Unique, ...]] = tuple
    only: Mapping[str, Any] = field(default_factory=dict)
    filters: Mapping[str, Filter] = field(default_factory=dict)
    holds: Holds = Holds.NOBODY

    # --- reading

    def find(self, session: Session, query: BookQuery, offset: int = 0, limit: int = 200) -> Page[Line[F]]:
        """Return a window of the matching records, all of them for a negative `limit`."""
        book = self.book()
        conditions = self._conditions(session, book, query)
        total = session.scalar(select(func.count(self.model.id)).where(*conditions)) or 0
        # keys first: the database carries all columns of every row through its sorter, where few of them are read
        ids = self._keys(session, book, query, conditions, offset, limit)
        # not whole objects: to make one for each of thousands of rows takes as long again
        columns = (self._column(name) for name in ("id", "version", *self.fields.__dataclass_fields__))
        found = session.execute(select(*columns).where(self._key.in_(functions.keys(ids))))
        rows: dict[int, Any] = {row.id: row for row in found}
        return Page(total, self._lines(session, [rows[one] for one in ids], book))

    def keys(self, session: Session, query: BookQuery) -> tuple[int, ...]:
        """Return the ids of all matching records in the order of the list, without reading the records."""
        book = self.book()
        return tuple(self._keys(session, book, query, self._conditions(session, book, query), 0, -1))

    def _keys(
        self,
        session: Session,
        book: Book,
        query: BookQuery,
        conditions: Sequence[Any],
        offset: int,
        limit: int,
    ) -> Sequence[int]:
        part = book.part(query.sort or book.order)
        if part.shown is not None and part.shown.naturally:
            ids = self._keys_naturally(session, part, conditions, self._is_down(book, query))[offset:]
            return ids[:limit] if limit >= 0 else ids
        keys = (
            select(self._key).where(*conditions).order_by(*self._order(session, book, query)).offset(offset)
        )
        return session.scalars(keys.limit(limit) if limit >= 0 else keys).all()

    def _keys_naturally(
        self, session: Session, part: Part, conditions: Sequence[Any], down: bool
    ) -> list[int]:
        """Sort by a text as people read it, empty ones last: without a column for it, no database can."""
        by_age = self._key.desc() if down or self.newest_first else self._key.asc()
        column = self._column(part.name)
        found = session.execute(select(self._key, column).where(*conditions).order_by(by_age)).all()
        ranks = {text: natural_key(text) for text in {row[1] for row in found}}  # a floor, say, repeats
        filled = sorted((row for row in found if row[1]), key=lambda row: ranks[row[1]], reverse=down)
        return [row[0] for row in (*filled, *(row for row in found if not row[1]))]

    @staticmethod
    def _is_down(book: Book, query: BookQuery) -> bool:
        return query.descending if query.sort else book.descending

    def read(self, session: Session, record_id: int) -> Line[F]:
        """Return one record."""
        return self.lines(session, [self.get(session, record_id)])[0]

    def get(self, session: Session, record_id: int) -> R:
        """Return the row of a record; raises `NotFound` when it was removed."""
        row = session.get(self.model, record_id)
        if row is None:
            raise gone()
        return row

    def lines(self, session: Session, rows: Sequence[R]) -> tuple[Line[F], ...]:
        """Describe rows, personal parts masked, with the names of their references.

        Rows hold id, version and the columns of `fields` at least; `extras` get no more from a list.
        """
        return self._lines(session, rows, self.book())

    def _lines(self, session: Session, rows: Sequence[R], book: Book) -> tuple[Line[F], ...]:
        fields_of = self._reader(book, masked=True)
        known = {name: self._names(session, name, rows) for name in self.references}
        extras = {name: values_of(session, rows) for name, values_of in self.extras.items()}
        extras |= self._expressed(session, rows)
        return tuple(
            Line(
                row.id,
                row.version,
                fields_of(row),
                {name: names.get(getattr(row, name), "") for name, names in known.items()},
                {name: values.get(row.id) for name, values in extras.items()},
            )
            for row in rows
        )

    def history(self, session: Session, record_id: int) -> tuple[RecordEvent, ...]:
        """Return what happened to a record, newest first, with the names of what its references pointed to."""
        self.get(session, record_id)
        return history(session, self.model.__tablename__, record_id, self.references)

    def outlines(self, session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
        """Return name and place of records by key, for search hits; removed ones are left out."""
        book = self.book()
        rows = session.scalars(select(self.model).where(self.model.id.in_(ids))).all()
        return {
            line.id: (book.name(line.fields), line.names.get(book.estate, ""))
            for line in self.lines(session, rows)
        }

    def reveal(self, seat: Seat, session: Session, record_id: int, part: str) -> Any:
        """Return a masked value in full, and audit this."""
        row = self.get(session, record_id)
        log_reveal(seat, session, self.model.__tablename__, row.id, {"field": part})
        return getattr(row, part)

    def _reader(self, book: Book, *, masked: bool) -> Callable[[R], F]:
        """Return the function that reads the fields of a row: made once, because a list has thousands of rows."""
        names = tuple(self.fields.__dataclass_fields__)
        values_of = attrgetter("id", *names)  # all columns in one call, and in order
        changed: list[tuple[int, Callable[[Any], Any]]] = []
        for part in book.fields:
            if part.kind == "checks" and part.in_form:
                changed.append((names.index(part.name), _tuple))
            if masked and part.mask is not None:
                changed.append((names.index(part.name), part.mask))

        def read(row: R) -> F:
            _id, *values = values_of(row)
            for place, change in changed:
                values[place] = change(values[place])
            return self.fields(*values)

        return read

    def _expressed(self, session: Session, rows: Sequence[R]) -> dict[str, Mapping[int, Any]]:
        if not self.expressions or not rows:
            return {name: {} for name in self.expressions}
        of_rows = self._key.in_(functions.keys([row.id for row in rows]))
        found = session.execute(select(self._key, *self.expressions.values()).where(of_rows)).all()
        return {
            name: {row[0]: row[number] for row in found} for number, name in enumerate(self.expressions, 1)
        }

    def _names(self, session: Session, reference: str, rows: Sequence[R]) -> Mapping[int, str]:
        ids = {getattr(row, reference) for row in rows} - {None}
        return self.references[reference](session, ids) if ids else {}

    # --- filter and order

    def _conditions(self, session: Session, book: Book, query: BookQuery) -> list[ColumnElement[bool]]:
        facets = (*self.only.items(), *query.facets.items())
        conditions = [self._chosen(session, name, value) for name, value in facets]
        if any(part.filter == "due" and part.name in query.facets for part in book.fields):
            for column, values in ((self._column(name), never) for name, never in book.never_due.items()):
                conditions.append(column.is_(None) | column.not_in(values))
        if query.text.strip() and not self._is_indexed(book):
            conditions += [self._contains(book, word) for word in visible(query.text).split()]
        elif query.text.strip():
            estate = query.facets.get(book.estate, 0) if book.estate else 0
            conditions.append(fits(session, self._key, query.text, book.kind, _FILTER_MOST, estate or 0))
        return conditions

    def _chosen(self, session: Session, name: str, value: Any) -> ColumnElement[bool]:
        own = self.filters.get(name)
        return chosen(self._column(name), value) if own is None else own.where(session, value)

    @staticmethod
    def _is_indexed(book: Book) -> bool:
        return any(part.find for part in book.fields)

    def _contains(self, book: Book, word: str) -> ColumnElement[bool]:
        """Return the condition that a shown text contains a word: for short lists that the search does not index."""
        columns = [
            self._column(part.name)
            for part in book.fields
            if part.kind in ("text", "code") and part.in_form and part.shown is not None
        ]
        return or_(*(column.contains(word, autoescape=True) for column in columns))

    def _order(self, session: Session, book: Book, query: BookQuery) -> tuple[ColumnElement[Any], ...]:
        part = book.part(query.sort or book.order)
        ranks = self.orders.get(part.name) or (self._rank(session, part),)
        # what is alike stands in the natural order of the records, if they have one
        alike = [self._column(name) for name in self.columns if part.kind in ("reference", "choice", "date")]
        if self._is_down(book, query):
            return (*(with_none_last(by, by.desc()) for by in ranks), *alike, self._key.desc())
        last = self._key.desc() if self.newest_first else self._key.asc()
        return (*(with_none_last(by, by.asc()) for by in ranks), *alike, last)

    def _rank(self, session: Session, part: Part) -> Any:
        if part.name in self.expressions:
            return self.expressions[part.name]
        if part.shown is not None and part.shown.by:
            return self._column(part.shown.by)
        column = self._column(part.name)
        if part.kind == "reference":
            ids = session.scalars(select(column).where(column.is_not(None)).distinct()).all()
            names = self.references[part.name](session, ids)
            ordered = sorted(names, key=lambda one: natural_key(names[one]))
            return case({one: rank for rank, one in enumerate(ordered)}, value=column) if ordered else column
        if part.kind == "choice":
            return case(
                {value: rank for rank, (value, _text) in enumerate(part.choices)}, value=column, else_=None
            )
        return column

    @property
    def _key(self) -> Any:
        return self.model.id

    def _column(self, name: str) -> Any:
        return getattr(self.model, name)

    # --- writing

    def save(
        self, session: Session, fields: F, known: Known | None = None, kept: Collection[str] = (), **more: Any
    ) -> Saved:
        """Add a record, or change the one read as `known`, but for the parts `kept`, which stayed masked in the form.

        `more` sets columns that no part shows.

        Raises `InvalidInput` for what the book forbids, `Conflict` when somebody else changed the record meanwhile.
        """
        row = self.model() if known is None else self.get(session, known.id)
        refuse_stale(row, None if known is None else known.version)
        book = self.book()
        fields = self._cleaned(book, {**asdict(fields), **{name: getattr(row, name) for name in kept}})
        refuse_wrong(faults(book, fields))
        self._refuse_twice(session, self.unique(), fields, known)
        self._write(row, fields, more)
        session.add(row)
        session.flush()
        self.index(session, [row])
        return Saved(row.id, row.version)

    def _cleaned(self, book: Book, values: Mapping[str, Any]) -> F:
        """Return the fields with these values, without blanks around texts and within codes."""
        values = stripped(dict(values))
        codes = {part.name: _code(values[part.name]) for part in book.fields if part.kind == "code"}
        return self.fields(**{**values, **codes})

    def _write(self, row: R, fields: F, more: Mapping[str, Any] = MappingProxyType({})) -> None:
        computed = {name: compute(fields) for name, compute in self.columns.items()}
        for name, value in {**asdict(fields), **computed, **more}.items():
            setattr(row, name, list(value) if isinstance(value, tuple) else value)

    def change_many(
        self,
        session: Session,
        records: Sequence[Known],
        changes: Mapping[str, Any],
        faults_of: Callable[[F], dict[str, str]] = lambda _fields: {},
        progress: Progress | None = None,
    ) -> int:
        """Set the same values in several records and return how many; all or none.

        `faults_of` returns what the job's rules forbid, by part; the refusal names the record. `progress` counts the
        records; once it is cancelled, the transaction must end without any of them.
        """
        book, progress = self.book(), progress or Progress()
        refused = set(changes) - {part.name for part in book.fields if part.for_many}
        if refused or not changes:
            raise InvalidInput(
                _("Choose what to change."), dict.fromkeys(refused, _("Change this in each record."))
            )
        rules = [rule for rule in self.unique() if set(rule.parts) & set(changes)]
        is_found_by = any(part.find for part in book.fields if part.name in changes)
        read = self._reader(book, masked=False)
        for start in range(0, len(records), _BLOCK):
            progress.step(start, len(records))
            block = records[start : start + _BLOCK]
            rows = self._rows(session, [known.id for known in block])
            for known in block:
                row = rows.get(known.id)
                if row is None:
                    raise gone()
                refuse_stale(row, known.version)
                fields = self._cleaned(book, {**asdict(read(row)), **changes})
                self._refuse_named(book, fields, faults(book, fields) | faults_of(fields), changes)
                self._refuse_twice(session, rules, fields, known)
                self._write(row, fields)
            session.flush()
            if is_found_by:
                self.index(session, list(rows.values()))
        progress.step(len(records), len(records))
        return len(records)

    def _rows(self, session: Session, ids: Sequence[int]) -> dict[int, R]:
        found = session.scalars(select(self.model).where(self._key.in_(functions.keys(ids))))
        return {row.id: row for row in found}

    @staticmethod
    def _refuse_named(book: Book, fields: F, wrong: Mapping[str, str], changes: Collection[str]) -> None:
        """Raise `InvalidInput` that names the record, beside the parts that are changed."""
        named = {part: f"{book.name(fields)}: {fault}" for part, fault in wrong.items()}
        if named:
            raise InvalidInput(
                next(iter(named.values())), {part: named[part] for part in changes if part in named}
            )

    def remove(self, session: Session, record_id: int) -> str:
        """Remove a record to which no other refers, and return its name."""
        row = self.get(session, record_id)
        book = self.book()
        name = book.name(self._reader(book, masked=False)(row))
        refuse_while_used(session, row, name)
        session.delete(row)
        if self._is_indexed(book):
            search.drop(session, book.kind, [record_id])
        return name

    def index(self, session: Session, rows: Sequence[R]) -> None:
        """Update the search entries of rows: what their parts are found by."""
        book = self.book()
        if not self._is_indexed(book):
            return
        search.put(session, entries_of(self.book, self._in_full(session, rows, book)))

    def found_by(self, session: Session, ids: Collection[int]) -> dict[int, list[Field]]:
        """Return the fields by which records are found, by key; removed ones are left out."""
        book = self.book()
        rows = session.scalars(select(self.model).where(self._key.in_(ids))).all()
        return fields_of(book, self._in_full(session, rows, book))

    def _in_full(self, session: Session, rows: Sequence[R], book: Book) -> list[Line[F]]:
        read = self._reader(book, masked=False)  # found by what is masked, too
        return [
            replace(line, fields=read(row))
            for row, line in zip(rows, self._lines(session, rows, book), strict=True)
        ]

    def _refuse_twice(
        self, session: Session, rules: Sequence[Unique], fields: F, known: Known | None
    ) -> None:
        for rule in rules:
            values = {name: getattr(fields, name) for name in rule.parts}
            if any(value in (None, "") for name, value in values.items() if name not in rule.even_empty):
                continue
            same = select(self._key).where(*(self._column(name) == value for name, value in values.items()))
            others = same if known is None else same.where(self._key != known.id)
            other = session.scalars(others).first()
            if other is not None:
                refuse_wrong({rule.parts[0]: rule.message})

    # --- handing on

    def paper(
        self,
        seat: Seat,
        session: Session,
        query: BookQuery,
        within: Sequence[tuple[str, str]] = (),
    ) -> ListPaper:
        """Return the whole filtered list for printing, in Chinese and masked, and audit it.

        `within` says in words, as title and value, to what the facets restrict the list that are no parts of the book.
        """
        with in_chinese():
            lines = self.find(session, query, 0, EXPORT_MOST).rows
            audit.note(session, "print", self.model.__tablename__, detail={"rows": len(lines)})
            book = self.book()
            parts = [(part, query.facets[part.name]) for part in book.fields if part.name in query.facets]
            if len(parts) < len(query.facets) and not within:
                raise ValueError("a part of the list would be taken for the whole")
            filters = [
                *within,
                *((part.name_shown, self._shown(session, part, value)) for part, value in parts),
            ]
            if query.text.strip():
                filters.append((_("Words"), query.text.strip()))
            without = book.estate if book.estate in query.facets else ""
            return paper_of(
                book, lines, office_settings(session, seat.now()).heading, seat.now(), filters, without
            )

    def _shown(self, session: Session, part: Part, value: Any) -> str:
        """Return the value of a facet in words."""
        own = self.filters.get(part.name)
        if own is not None and own.text is not None and (told := own.text(session, value)):
            return told
        if isinstance(value, tuple):
            return " – ".join("" if day is None else day.isoformat() for day in value)
        if part.kind == "reference":
            return str(self.references[part.name](session, [value]).get(value, ""))
        return next((text for known, text in part.choices if known == value), str(value))

    def export(self, seat: Seat, session: Session, order: ExportOrder, query: BookQuery) -> "Export[Line[F]]":
        """Return the whole filtered list for an export, and audit it; masked unless ordered and agreed."""
        lines = self.find(session, query, 0, EXPORT_MOST).rows
        is_filtered = bool(query.text or query.facets)
        released = export_rows(seat, session, order, self.model.__tablename__, lines, self.holds, is_filtered)
        return replace(released, rows=self._unmasked(session, released.rows)) if order.unmasked else released

    def _unmasked(self, session: Session, lines: Sequence[Line[F]]) -> tuple[Line[F], ...]:
        rows: dict[int, R] = {}
        for start in range(0, len(lines), 500):
            rows |= self._rows(session, [line.id for line in lines[start : start + 500]])
        read = self._reader(self.book(), masked=False)
        return tuple(replace(line, fields=read(rows[line.id])) for line in lines)


def _tuple(stored: Sequence[Any] | None) -> tuple[Any, ...]:
    return tuple(stored or ())


def _code(text: str) -> str:
    """Return a number or mark as it is compared: in half-width characters, without blanks and invisible ones."""
    return "".join(visible(unicodedata.normalize("NFKC", text)).split())
