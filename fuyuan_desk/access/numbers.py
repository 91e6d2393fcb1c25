"""Gapless number series of cases and sheets."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import NumberSeries


def next_number(session: Session, series: str, year: int) -> int:
    """Return the next number of a series in a year, from 1, without gaps: a rollback frees it."""
    row = session.scalars(
        select(NumberSeries).where(NumberSeries.series == series, NumberSeries.year == year)
    ).one_or_none()
    if row is None:
        row = NumberSeries(series=series, year=year, last=0)
        session.add(row)
    row.last += 1
    session.flush()
    return row.last
