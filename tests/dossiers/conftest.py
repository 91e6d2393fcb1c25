"""What the tests of files share: the parts of all jobs, and what the sample office knows of people."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.texts import all_texts
from fuyuan_desk.estates.records import Estate, Household, Unit
from fuyuan_desk.kit.queries import FilePart
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.shell.jobs import JOBS
from fuyuan_desk.store.db import personal
from fuyuan_desk.store.db.base import Base

PARTS: tuple[FilePart, ...] = tuple(part for job in JOBS for part in job.files)
# a fraction names nobody, and the screen shows it
SHOWN_MASKED = {("owner_share", "share")}
LEAST = 2


@pytest.fixture(scope="session")
def parts() -> tuple[FilePart, ...]:
    return PARTS


def held(seat: Seat, query: Any) -> list[Any]:
    with seat.store.use() as session:
        return list(session.scalars(query))


def a_home(seat: Seat, with_case: bool = False) -> int:
    cases = select(RenovationCase.unit_id)
    if with_case:
        return int(held(seat, cases.order_by(RenovationCase.id))[0])
    return int(held(seat, select(Household.unit_id).where(Household.unit_id.not_in(cases)))[0])


def an_estate(seat: Seat, name: str) -> int:
    return int(held(seat, select(Estate.id).where(Estate.name == name))[0])


def largest(seat: Seat) -> int:
    query = select(Unit.estate_id).group_by(Unit.estate_id).order_by(func.count().desc())
    return int(held(seat, query)[0])


def harmless_words(seat: Seat) -> set[str]:
    """Return the texts of the program and of columns that hold no personal data."""
    found = set(all_texts())
    with seat.store.use() as session:
        for table in Base.metadata.sorted_tables:
            plain = [column for column in table.columns if column.info == personal.NOT_PERSONAL]
            for row in session.execute(select(*plain)) if plain else ():
                found.update(text for text in row if isinstance(text, str))
    return found


def personal_words(seat: Seat) -> Iterator[str]:
    """Yield every text in a column of people's data, companies' names excepted, which are public."""
    with seat.store.use() as session:
        for table in Base.metadata.sorted_tables:
            for name, declared in personal.columns_of(table).items():
                if (table.name, name) in SHOWN_MASKED or table.name in ("operator", "person_tag", "office"):
                    continue
                query = select(table.c[name])
                if "is_company" in table.c and declared.kind is personal.Kind.NAME:
                    query = query.where(table.c.is_company.is_(False))
                for (found,) in session.execute(query):
                    if isinstance(found, str) and len(found.strip()) >= LEAST:
                        yield found.strip()
