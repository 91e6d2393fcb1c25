"""Gapless number series of cases and sheets."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import NumberSeries


def next_number(session: Session, series: str, year: int) -> int:
    """Return the next number of a series in a year, from 1, without gaps: a rollback frees it."""
    return next_numbers(session, series, year, 1)[0]


def next_numbers(session: Session, series: str, year: int, count: int) -> range:
    """Return the next `count` numbers of a series in a year, at once."""
    row = session.scalars(
        select(NumberSeries).where(NumberSeries.series == series, NumberSeries.year == year)
    ).one_or_none()
    if row is None:
        row = NumberSeries(series=series, year=year, last=0)
        session.add(row)
    row.last += count
    session.flush()
    return range(row.last - count + 1, row.last + 1)
