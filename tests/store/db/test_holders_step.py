"""The step by which an order that was returned is the office's: the trail agrees with what was taken from whom."""

from pathlib import Path

from sqlalchemy import select

from fuyuan_desk.audit.service.records import check_records
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.store import layout
from fuyuan_desk.store.db.engine import open_engine
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.workorders.records import OrderStep, WorkOrder
from tests.store import old_stores

COMPANY = 11
# the order, before, after, who had it by the step; each is made of the last state of the kept store
MORE = (
    (1, "to-verify", "in-progress", COMPANY, "沈工"),
    (1, "in-progress", "to-dispatch", COMPANY, "沈工"),
    (1, "to-dispatch", "paused", COMPANY, "沈工"),
    (2, "verified", "to-dispatch", COMPANY, "沈工"),
    (2, "to-dispatch", "dispatched", COMPANY, "何工"),
    (2, "dispatched", "accepted", COMPANY, "何工"),
)


def test_an_order_that_was_returned_is_the_office_s(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    old_stores.unpack("0027", folder)
    key = keyring.open_with_password(keyring.read(folder), "admin", old_stores.PASSWORD)
    engine = open_engine(folder / layout.DATABASE, key)
    with engine.begin() as connection:
        for number, step in enumerate(MORE):
            connection.exec_driver_sql(
                "INSERT INTO order_step (uid, version, order_id, at, before, after, organisation_id, person,"
                " operator, assignee, note, severity) VALUES (?, 1, ?, '2026-11-28 12:00:00.000000', ?, ?, ?, ?,"
                " 'admin', '', '', 'general')",
                (f"{number:032}", *step),
            )
    engine.dispose()
    all_records()
    seat = sign_in(folder, "admin", old_stores.PASSWORD)
    with seat.store.sessions() as session:
        columns = OrderStep.order_id, OrderStep.organisation_id, OrderStep.person
        added = session.execute(select(*columns).where(OrderStep.operator == "admin").order_by(OrderStep.id))
        assert [tuple(row) for row in added][-len(MORE) :] == [
            (1, COMPANY, "沈工"), (1, None, ""), (1, None, ""),
            (2, None, ""), (2, COMPANY, "何工"), (2, COMPANY, "何工"),
        ]  # fmt: skip
        first, second = session.get_one(WorkOrder, 1), session.get_one(WorkOrder, 2)
        assert (first.organisation_id, first.person, first.phone) == (None, "", "")
        assert (second.organisation_id, second.person) == (COMPANY, "沈工")
    assert len(check_records(seat).faults) == len(MORE)  # which this test wrote past the trail
    seat.store.close()
