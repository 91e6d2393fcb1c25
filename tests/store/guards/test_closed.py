"""A change of a closed record, or of any part of it, needs confirmation."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.renovation.records import RenovationCase, RenovationDocument
from fuyuan_desk.store.db.base import Record
from fuyuan_desk.store.guards import closed, scope


class Refused(Exception):
    """Raised instead of a confirmation."""


@pytest.fixture
def session(sample_seat: Seat) -> Iterator[Session]:
    """A session in which every change of a closed record is refused."""
    with sample_seat.store.use() as opened:

        def ask(what: str) -> None:
            raise Refused(what)

        opened.info[closed.ASK] = ask
        yield opened
        opened.rollback()


def a_case(session: Session, is_closed: bool) -> RenovationCase:
    condition = RenovationCase.status == "closed" if is_closed else RenovationCase.status != "closed"
    return session.scalars(select(RenovationCase).where(condition)).first()  # type: ignore[return-value]  # the sample has both


def _change(case: RenovationCase) -> None:
    case.remarks = "改动"


def _reopen(case: RenovationCase) -> None:
    case.status = "registered"


def _change_a_part(case: RenovationCase) -> None:
    case.documents[0].received_on = None


def _remove_a_part(case: RenovationCase) -> None:
    del case.works[0]


def _add_a_part(case: RenovationCase) -> None:
    case.documents.append(RenovationDocument(position=99, document="x", name="x", due="start"))


CHANGES = [_change, _reopen, _change_a_part, _remove_a_part, _add_a_part]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_is_closed_is_asked_for_by_name(session: Session, change: object) -> None:
    case = a_case(session, is_closed=True)
    change(case)  # type: ignore[operator]  # one of the functions above
    with pytest.raises(Refused, match=case.number):
        session.flush()


@pytest.mark.parametrize("change", [c for c in CHANGES if c is not _reopen])
def test_what_is_open_changes_without_a_question(session: Session, change: object) -> None:
    change(a_case(session, is_closed=False))  # type: ignore[operator]  # one of the functions above
    session.flush()


def test_closing_itself_asks_nobody_and_what_follows_does(session: Session) -> None:
    case = a_case(session, is_closed=False)
    case.status = "closed"
    session.flush()
    case.remarks = "事后补写"
    with pytest.raises(Refused):
        session.flush()


def test_looking_and_setting_what_stands_there_already_asks_nobody(session: Session) -> None:
    case = a_case(session, is_closed=True)
    case.remarks = case.remarks
    session.flush()


def test_removing_what_is_closed_is_asked_for(session: Session) -> None:
    session.delete(a_case(session, is_closed=True))
    with pytest.raises(Refused):
        session.flush()


def test_one_confirmation_covers_the_transaction(sample_seat: Seat) -> None:
    confirmed: list[str] = []
    with sample_seat.store.use() as session:
        session.info[closed.ASK] = confirmed.append
        case = a_case(session, is_closed=True)
        name = f"renovation_case {case.number}"
        for change in (_change, _change_a_part, _reopen):
            change(case)
            session.flush()
        session.rollback()
    assert confirmed == [name]


def test_what_closes_a_record_is_a_column_of_it() -> None:
    closing = [model for model in scope.models() if model.closed_when is not None]
    assert RenovationCase in closing
    for model in closing:
        assert issubclass(model, Record)
        column, values = model.closed_when or ("", frozenset())
        assert column in model.__table__.columns
        assert values
