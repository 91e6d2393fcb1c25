"""Find any record by what a clerk types: characters, Pinyin, initials, house numbers, ends of phone numbers.

Two FTS5 tables store terms only, no texts: `search_index` for every record and, for estates, `search_scope`. A record
within an estate carries one marker character for it instead of the estate's name, so an import stays cheap, a renamed
estate needs one new entry, and `ncl168 zhang` still finds the Zhangs of 南昌路168弄: each part of the query is first
looked up among the estates, and every matching estate may satisfy it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from json import JSONEncoder
from operator import attrgetter, itemgetter
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.store.guards import scope
from fuyuan_desk.store.search import terms
from fuyuan_desk.store.search.meanings import abbreviated, as_number
from fuyuan_desk.store.search.terms import Part
from fuyuan_desk.store.search.vocabulary import Vocabulary
from fuyuan_desk.store.search.writings import apart, otherwise

# The first migration creates the tables with detail=none: only terms and records are needed. The tokenizer "ascii"
# splits only at spaces here and keeps characters that are newer than the tables of "unicode61". Prefixes of one and
# two characters have indexes of their own, because they match up to half of all records; longer ones are merged from
# few terms. Terms are buffered up to 8 MB before they are written. Each transaction adds a segment; `merging` merges
# them afterwards.

_encode = JSONEncoder(ensure_ascii=False).encode

_KIND_BITS = 40
LAST_ID = (1 << _KIND_BITS) - 1
# At most this many rows are read; the hits shown are distributed over the kinds.
_SCANNED = 500
# A part that matches more estates than this does not select an estate.
_MOST_SCOPES = 100
# More estates than an office can have.
_SCANNED_ESTATES = 100_000
# Marker characters for estates: from the private use planes, which occur in no text.
_FIRST_MARK, _MARKS = 0xF0000, 65_000

_PUT = "INSERT OR REPLACE INTO {table}(rowid, body) VALUES (?, ?)"
# one statement for all rows: before each one that writes several, FTS5 writes out the terms of those before
_ADD_ALL = "INSERT INTO search_index(rowid, body) SELECT ? + key, value || ? FROM json_each(?)"
_ROWS_PER_STATEMENT = 20_000
_DROP = "DELETE FROM {table} WHERE rowid = ?"


class Entry(NamedTuple):
    """What a record is found by.

    texts: names and addresses; phones: numbers as written; papers: numbers of ID papers, found from their end;
    estate: the id of its estate, 0 for none (and for the estate itself).
    """

    kind: Kind
    record_id: int
    texts: tuple[str, ...]
    phones: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    estate: int = 0


class Hit(NamedTuple):
    """A record that matches a query."""

    kind: Kind
    record_id: int


def put(session: Session, entries: Iterable[Entry]) -> None:
    """Index records; an entry replaces the record's previous one.

    Pass the entries of an import in few large calls: each call writes them in the order of the index.
    """
    found = sorted(
        [(row_of(entry.kind, entry.record_id), _body(entry), entry) for entry in entries], key=itemgetter(0)
    )
    if not found:
        return
    connection = session.connection()
    connection.exec_driver_sql(
        _PUT.format(table="search_index"), [(row, body) for row, body, _entry in found]
    )
    scopes = [(entry.record_id, body) for _row, body, entry in found if entry.kind.is_scope]
    if scopes:
        connection.exec_driver_sql(_PUT.format(table="search_scope"), scopes)


class Packed(NamedTuple):
    """The words of new records as JSON, and what is added to those of each."""

    words: str
    mark: str = ""


def pack(words: Sequence[str], estates: Sequence[int]) -> Sequence[Packed]:
    """Return the words of new records, from `words_of`, and their estates as `add_packed` takes them; pure."""
    marks = {estate: f" {mark_of(estate)}" for estate in set(estates)}
    common = marks[estates[0]] if len(marks) == 1 else ""
    if not common:  # a mark makes each character of a text take four bytes
        words = [f"{text}{marks[estate]}" for text, estate in zip(words, estates, strict=True)]
    return [
        Packed(_encode(words[start : start + _ROWS_PER_STATEMENT]), common)
        for start in range(0, len(words), _ROWS_PER_STATEMENT)
    ]


def add_packed(session: Session, kind: Kind, ids: range, packed: Sequence[Packed]) -> None:
    """Index new records of one kind with consecutive ids that the index has never held; `packed` is from `pack`."""
    for start, (words, mark) in zip(ids[::_ROWS_PER_STATEMENT], packed, strict=True):
        session.connection().exec_driver_sql(_ADD_ALL, (row_of(kind, start), mark, words))


def drop(session: Session, kind: Kind, ids: Iterable[int]) -> None:
    """Remove records of one kind from the index; missing ones are no error."""
    ids = sorted(ids)
    if not ids:
        return
    connection = session.connection()
    rows = [(row_of(kind, record_id),) for record_id in ids]
    connection.exec_driver_sql(_DROP.format(table="search_index"), rows)
    if kind.is_scope:
        scopes = [(record_id,) for record_id in ids]
        connection.exec_driver_sql(_DROP.format(table="search_scope"), scopes)


def tidy(session: Session) -> None:
    """Optimize the index; afterwards the terms of dropped records are gone from the file."""
    for table in ("search_index", "search_scope"):
        session.connection().exec_driver_sql(f"INSERT INTO {table}({table}) VALUES('optimize')")


def find(session: Session, text: str, kinds: Collection[Kind], limit: int = 50) -> list[Hit]:
    """Find the records of these kinds that match everything typed: words in any order, each one as a prefix.

    Hits are ordered by the codes of their kinds, oldest records first; when there are more than `limit`, every kind
    with hits keeps a share. For a single word, records that contain it come before those whose estate matches it.
    """
    meanings = terms.parts_of_query(text)
    hits = find_meanings(session, meanings, kinds, limit)
    if not hits and meanings and (room := expression_for_room(session.connection(), text)):
        hits = _hits(_matching_kinds(session, room, kinds, max(limit, _SCANNED)), kinds, limit)
    if len(hits) < limit and (numbers := as_number(text)):
        known = set(hits)
        rows = _matching_kinds(session, expression_of(numbers, {}), kinds, limit + len(known))
        more = _hits(rows, kinds, len(rows))
        hits += [hit for hit in more if hit not in known][: limit - len(hits)]
    if hits:
        return hits
    ways = further_meanings(session.connection(), text)
    return next(filter(None, (find_meanings(session, way, kinds, limit) for way in ways)), [])


def further_meanings(connection: Connection, text: str) -> Iterator[list[list[Part]]]:
    """Return what a text means exactly when nothing contains it as it stands, the likelier meanings first."""
    yield abbreviated(text, Vocabulary(connection))
    yield otherwise(text)
    yield apart(text)


def find_meanings(
    session: Session,
    meanings: Sequence[Sequence[Part]],
    kinds: Collection[Kind],
    limit: int,
    scanned: int = _SCANNED,
) -> list[Hit]:
    """Find the records that match one of some meanings, in the order of `find`.

    `scanned`: among so many, at least, the hits are distributed over the kinds.
    """
    if not meanings or not kinds or limit < 1:
        return []
    connection = session.connection()
    most = max(limit, scanned)
    parts = {part for meaning in meanings for part in meaning}
    if len(parts) > 1:
        estates = estates_fitting(connection, parts)
        rows = _matching_kinds(session, expression_of(meanings, estates), kinds, most)
    else:
        rows = _matching_kinds(session, expression_of(meanings, {}), kinds, most)
        if len(rows) < limit and (estates := estates_fitting(connection, parts)):
            seen = set(rows)
            within = _matching_kinds(session, expression_of(meanings, estates), kinds, most)
            rows += _distribute([row for row in within if row not in seen], limit - len(rows))
    return _hits(rows, kinds, limit)


def _matching_kinds(session: Session, expression: str, kinds: Collection[Kind], most: int) -> list[int]:
    if not kinds or most < 1:
        return []
    ordered = sorted(kinds, key=attrgetter("code"))
    own = session.info.get(scope.ESTATES)
    return _matching(session.connection(), expression, ordered, most, own)


def _hits(rows: Sequence[int], kinds: Collection[Kind], limit: int) -> list[Hit]:
    by_code = {kind.code: kind for kind in kinds}
    return [Hit(by_code[row >> _KIND_BITS], _record_id(row)) for row in _distribute(rows, limit)]


# ---- rows ----


def row_of(kind: Kind, record_id: int) -> int:
    """Return the row id of a record in `search_index`."""
    # so that the index returns hits in the order in which they are shown
    return kind.code << _KIND_BITS | record_id


def _record_id(row: int) -> int:
    return row & LAST_ID


def words_of(texts: Iterable[str], phones: Iterable[str] = (), papers: Iterable[str] = ()) -> str:
    """Return the words by which a record is found, without the marker of its estate, for `pack`; pure."""
    words = list(map(terms.terms_of_text, texts))
    if phones:  # most lists of an import are empty, and each takes as long as a short one
        words += map(terms.terms_of_phone, phones)
    if papers:
        words += map(terms.terms_of_id_number, papers)
    return " ".join(words)


def _body(entry: Entry) -> str:
    words = words_of(entry.texts, entry.phones, entry.papers)
    return f"{words} {mark_of(entry.estate)}" if entry.estate else words


def mark_of(estate: int) -> str:
    """Return the marker term in every entry within an estate."""
    higher, offset = divmod(estate, _MARKS)
    return (mark_of(higher) if higher else "") + chr(_FIRST_MARK + offset)


# ---- queries ----


def expression_of(meanings: Sequence[Sequence[Part]], estates: dict[Part, list[int]]) -> str:
    """Return the FTS5 expression for a query; a part may also be satisfied by one of its `estates`."""
    return " OR ".join(
        "(" + " AND ".join(_one_of(part, estates.get(part, [])) for part in parts) + ")" for parts in meanings
    )


def _one_of(part: Part, estates: Sequence[int]) -> str:
    # terms hold letters, digits and characters only, so nothing typed can be read as an operator
    words = [f'"{beginning}" *' for beginning in part.beginnings]
    if part.words:
        words = [_all_of(part, words)]
    words += [f'"{mark_of(estate)}"' for estate in estates]
    return "(" + " OR ".join(words) + ")"


def _all_of(part: Part, beginnings: Sequence[str]) -> str:
    needed = [beginnings] if beginnings else []
    needed += [[f'"{word}"' for word in words] for words in part.words]
    return "(" + " AND ".join("(" + " OR ".join(each) + ")" for each in needed) + ")"


def expression_for_room(connection: Connection, text: str) -> str:
    """Return the expression for a room typed directly after its estate's name, "" when there is none."""
    names, rest = terms.split_estate_and_room(text)
    estates = estates_fitting(connection, names)
    if not names or len(estates) < len(set(names)):
        return ""
    marks = [" OR ".join(f'"{mark_of(estate)}"' for estate in estates[name]) for name in names]
    return " AND ".join([*(f"({any_of})" for any_of in marks), *(_one_of(part, ()) for part in rest)])


def expression_within(expression: str, estates: Iterable[int]) -> str:
    """Restrict an expression to records within some estates; "" when there is no estate."""
    marks = " OR ".join(f'"{mark_of(estate)}"' for estate in sorted(estates))
    return f"({marks}) AND ({expression})" if marks else ""


def _matching(
    connection: Connection,
    expression: str,
    kinds: Sequence[Kind],
    most: int,
    own: Collection[int] | None = None,
) -> list[int]:
    """Return the matching rows of `kinds` (sorted by code) in order, at most `most`.

    `own` restricts the search to some estates: rows of others neither appear nor displace any.
    """
    if own is not None:
        return _matching_within(connection, expression, kinds, most, own)
    rows = _in_range(connection, expression, kinds[0], kinds[-1], most)
    codes = {kind.code for kind in kinds}
    if all(row >> _KIND_BITS in codes for row in rows):
        return rows
    # rows of other kinds in between must not displace those of `kinds`
    return [row for kind in kinds for row in _in_range(connection, expression, kind, kind, most)]


def _in_range(connection: Connection, expression: str, first: Kind, last: Kind, most: int) -> list[int]:
    found = connection.exec_driver_sql(
        "SELECT rowid FROM search_index"
        " WHERE search_index MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ?",
        (expression, row_of(first, 0), row_of(last, LAST_ID), most),
    )
    return list(found.scalars())


def _matching_within(
    connection: Connection, expression: str, kinds: Sequence[Kind], most: int, own: Collection[int]
) -> list[int]:
    rows: list[int] = []
    for scope_kind in (kind for kind in kinds if kind.is_scope):  # an estate carries no marker of itself
        found = _matching(connection, expression, [scope_kind], _SCANNED_ESTATES)
        rows += [row for row in found if _record_id(row) in own]
    within = expression_within(expression, own)
    others = [kind for kind in kinds if not kind.is_scope]
    return rows + (_matching(connection, within, others, most) if within and others else [])


def estates_fitting(connection: Connection, parts: Iterable[Part]) -> dict[Part, list[int]]:
    """Find the estates that match each part of a query, for parts that match few enough to be selective."""
    found = {}
    for part in parts:
        ids = connection.exec_driver_sql(
            "SELECT rowid FROM search_scope WHERE search_scope MATCH ? LIMIT ?",
            (_one_of(part, ()), _MOST_SCOPES + 1),
        )
        estates = list(ids.scalars())
        if 0 < len(estates) <= _MOST_SCOPES:
            found[part] = estates
    return found


def _distribute(rows: Sequence[int], limit: int) -> list[int]:
    """Return `limit` rows so that no kind is displaced by those before it, in the same order."""
    if len(rows) <= limit:
        return list(rows)
    by_kind: dict[int, list[int]] = {}
    for row in rows:
        by_kind.setdefault(row >> _KIND_BITS, []).append(row)
    share = limit // len(by_kind)
    quotas = {kind: min(share, len(of_kind)) for kind, of_kind in by_kind.items()}
    free = limit - sum(quotas.values())
    for kind, of_kind in by_kind.items():
        more = min(free, len(of_kind) - quotas[kind])
        quotas[kind] += more
        free -= more
    return [row for kind, of_kind in by_kind.items() for row in islice(of_kind, quotas[kind])]
