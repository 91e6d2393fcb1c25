"""Sessions restricted to some estates read and write nothing of any other, in any table."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.estates.records import Building, Estate, Household, HouseholdPhone, Unit
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.shell import schema
from fuyuan_desk.store.db.attachments import Attachment
from fuyuan_desk.store.db.base import OFFICE, Record
from fuyuan_desk.store.guards import scope

LIMITED = [model for model in scope.models() if model.estate_scope != OFFICE]


@pytest.fixture
def session(sample_seat: Seat) -> Iterator[Session]:
    """A session of the sample office, not restricted yet."""
    with sample_seat.store.use() as opened:
        yield opened
        opened.rollback()


def held_to(session: Session, *estates: int) -> Session:
    session.info[scope.ESTATES] = frozenset(estates)
    return session


def test_every_table_belongs_to_an_estate_or_says_that_it_need_not() -> None:
    for model in LIMITED:
        if model is not Attachment:
            assert scope.within(schema.metadata.tables[model.__tablename__], [1]) is not None, model


@pytest.mark.parametrize("model", LIMITED, ids=lambda model: model.__tablename__)
def test_no_row_of_another_estate_is_seen(session: Session, model: type[Record]) -> None:
    count = select(func.count(model.id))
    everything = session.scalar(count) or 0
    estates = list(session.scalars(select(Estate.id)))
    shares = [held_to(session, estate).scalar(count) or 0 for estate in estates]
    assert sum(shares) == everything
    assert everything > max(shares) or everything <= 1
    assert len(session.scalars(select(model)).all()) == shares[-1]
    assert held_to(session).scalars(select(model)).all() == []


def test_a_record_of_another_estate_is_not_got_by_its_key(session: Session) -> None:
    first, second = session.scalars(select(Estate.id).order_by(Estate.id).limit(2))
    case = session.scalars(select(RenovationCase.id)).first()
    session.expunge_all()
    held_to(session, first)
    assert session.get(Estate, second) is None
    assert session.get(Estate, first) is not None
    held_to(session)
    session.expunge_all()
    assert session.get(RenovationCase, case) is None


@pytest.mark.parametrize("model", LIMITED, ids=lambda model: model.__tablename__)
def test_no_other_name_for_a_table_leads_around_it(session: Session, model: type[Record]) -> None:
    first = session.scalars(select(Estate.id).order_by(Estate.id)).first() or 0
    held_to(session, first)
    other = aliased(model)
    within = select(func.count(model.id))
    assert session.scalar(select(func.count(other.id))) == session.scalar(within)
    part = select(model.id).subquery()
    assert session.scalar(select(func.count()).select_from(part)) == session.scalar(within)
    assert session.scalar(
        select(func.count(other.id)).where(other.id.in_(select(model.id)))
    ) == session.scalar(within)


def _rename(session: Session, estate: int) -> None:
    session.scalars(select(Unit).where(Unit.estate_id == estate)).first().label = "别家"  # type: ignore[union-attr]


def _remove_phone(session: Session, estate: int) -> None:
    homes = select(Household.id).where(Household.estate_id == estate)
    session.delete(
        session.scalars(select(HouseholdPhone).where(HouseholdPhone.household_id.in_(homes))).first()
    )


def _add_building(session: Session, estate: int) -> None:
    session.add(Building(estate_id=estate, label="99号", order_key="99"))


def _add_result(session: Session, estate: int) -> None:
    visit = session.scalars(select(Visit).where(Visit.estate_id == estate)).first()
    session.add(VisitResult(visit=visit, position=99, item="x", text="x", result="ok"))


def _move_unit(session: Session, estate: int) -> None:
    session.scalars(select(Unit).where(Unit.estate_id != estate)).first().estate_id = estate  # type: ignore[union-attr]


@pytest.mark.parametrize("change", [_rename, _remove_phone, _add_building, _add_result, _move_unit])
def test_nothing_is_written_into_another_estate(
    session: Session, change: Callable[[Session, int], None]
) -> None:
    visited = session.scalars(select(Visit.estate_id)).first() or 0
    others = frozenset(session.scalars(select(Estate.id).where(Estate.id != visited)))
    change(session, visited)  # loaded before the session was restricted
    held_to(session, *others)
    with pytest.raises(NotAllowed, match="not yours"):
        session.flush()


def test_a_service_of_a_property_company_sees_its_own_estates_only(seat_as: Callable[[Role], Seat]) -> None:
    seat = seat_as(Role.PROPERTY)
    assert seat.operator.estates == frozenset()
