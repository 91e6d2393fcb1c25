"""Contracts for other jobs, inside their own transaction."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.contracts.records import Contract


def left_on(session: Session, estate_id: int, organisation_id: int, today: date) -> date | None:
    """Return the last day on which an organisation served an estate; None while it does, or never had a contract."""
    ends = session.scalars(
        select(Contract.ends_on).where(
            Contract.estate_id == estate_id, Contract.organisation_id == organisation_id
        )
    ).all()
    last = [day for day in ends if day is not None and day < today]
    return max(last) if last and len(last) == len(ends) else None
