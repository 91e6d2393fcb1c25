"""Filter a list by what a clerk types: all matching records of one kind, of one estate or of all."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection
from sqlalchemy.orm import InstrumentedAttribute, Session

from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.store.db import functions
from fuyuan_desk.store.guards import scope
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search import terms, tolerant
from fuyuan_desk.store.search.meanings import as_number
from fuyuan_desk.store.search.terms import Part


def fits(
    session: Session, key: InstrumentedAttribute[int], text: str, kind: Kind, most: int, estate: int = 0
) -> ColumnElement[bool]:
    """Return the condition that filters a list of records of one kind, whose key column is `key`."""
    return key.in_(functions.keys(matching_ids(session, text, kind, most, estate)))


def matching_ids(session: Session, text: str, kind: Kind, most: int, estate: int = 0) -> list[int]:
    """Return the ids of the matching records of one kind; at most `most`, the oldest.

    Unlike `search.find` this reads the whole list, because a list has an order of its own. What is only guessed
    therefore comes when nothing else does.
    """
    meanings = terms.parts_of_query(text)
    if not meanings:
        return []
    connection = session.connection()
    own = session.info.get(scope.ESTATES)

    def ids_of(expression: str) -> list[int]:
        return _ids(connection, expression, kind, most, estate, own) if expression else []

    def ids_meant(wanted: Sequence[Sequence[Part]]) -> list[int]:
        if not wanted:
            return []
        estates = search.estates_fitting(connection, {part for parts in wanted for part in parts})
        return ids_of(search.expression_of(wanted, estates))

    ids = ids_meant(meanings) or ids_of(search.expression_for_room(connection, text))
    if len(ids) < most and (numbers := as_number(text)):
        ids = sorted({*ids, *ids_of(search.expression_of(numbers, {}))})[:most]
    if not ids:
        ways = search.further_meanings(connection, text)
        ids = next(filter(None, map(ids_meant, ways)), [])
    if not ids:
        guesses = (ids_meant(likely) for likely in tolerant.meanings_guessed(connection, text))
        ids = next(filter(None, guesses), [])
    return ids


def _ids(
    connection: Connection, expression: str, kind: Kind, most: int, estate: int, own: Collection[int] | None
) -> list[int]:
    if estate:
        expression = f'("{search.mark_of(estate)}" AND ({expression}))'
    if own is not None:
        expression = search.expression_within(expression, own)
        if not expression:
            return []
    first = search.row_of(kind, 0)
    found = connection.exec_driver_sql(
        "SELECT rowid FROM search_index WHERE search_index MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ?",
        (expression, first, search.row_of(kind, search.LAST_ID), most),
    )
    return [row - first for row in found.scalars()]
