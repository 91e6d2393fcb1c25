"""What a clerk types, compared with a table that says what must be found, what may be guessed and what must not be."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.kinds import ESTATE, UNIT
from fuyuan_desk.facilities.kinds import FACILITY
from fuyuan_desk.inspections.kinds import VISIT
from fuyuan_desk.renovation.kinds import CASE
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search.index import Entry
from fuyuan_desk.store.search.tolerant import guess

FOLDER = Path(__file__).parents[2] / "data" / "search"
KINDS = {kind.name: kind for kind in (ESTATE, UNIT, CASE, VISIT, FACILITY)}


class Typed(NamedTuple):
    """A line of the table: what is typed, and the records found, guessed and never shown."""

    text: str
    found: list[str]
    perhaps: list[str]
    never: list[str]


def lines(name: str) -> Iterator[list[str]]:
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield [field.strip() for field in line.split("|")]


def several(field: str) -> tuple[str, ...]:
    return tuple(text.strip() for text in field.split(";") if text.strip())


RECORDS = [[*fields, "", ""][:6] for fields in lines("records.txt")]
IDS = {fields[0]: number for number, fields in enumerate(RECORDS, 1)}
KEYS = {number: key for key, number in IDS.items()}
ENTRIES = [
    Entry(
        KINDS[kind], IDS[key], several(texts), several(phones), several(papers), IDS[estate] if estate else 0
    )
    for key, kind, estate, texts, phones, papers in RECORDS
]
QUERIES = [Typed(text, *(field.split() for field in fields)) for text, *fields in lines("queries.txt")]


@pytest.fixture
def session(seat: Seat) -> Iterator[Session]:
    """The invented records."""
    with seat.store.sessions() as session:
        search.put(session, ENTRIES)
        yield session


def shown(session: Session, text: str) -> tuple[list[str], list[str]]:
    """Return the keys of what is found, and of what is guessed."""
    hits = search.find(session, text, KINDS.values())
    guesses = guess(session, text, KINDS.values(), hits)
    return [KEYS[hit.record_id] for hit in hits], [KEYS[each.record_id] for each in guesses]


@pytest.mark.parametrize("typed", QUERIES, ids=lambda typed: typed.text)
def test_what_is_typed_finds_what_is_meant(session: Session, typed: Typed) -> None:
    found, guessed = shown(session, typed.text)
    assert set(typed.found) <= set(found)
    assert set(typed.perhaps) <= set(guessed)
    assert not set(typed.never) & {*found, *guessed}
