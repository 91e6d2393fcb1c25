"""The step that keeps what an order was at each of its steps: filled as far as it is known, and the trail agrees."""

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

ORDER = 1
# before, after, who was named; the first five are those of the kept store
MORE = (
    ("to-verify", "in-progress", ""),
    ("in-progress", "dispatched", "没有登记的单位"),
    ("dispatched", "paused", ""),
    ("paused", "dispatched", ""),
    ("dispatched", "dispatched", "瑞金旧里物业有限公司（示例）"),
    ("dispatched", "accepted", ""),
)


def test_steps_know_what_their_order_was_as_far_as_that_is_known(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    old_stores.unpack("0026", folder)
    key = keyring.open_with_password(keyring.read(folder), "admin", old_stores.PASSWORD)
    engine = open_engine(folder / layout.DATABASE, key)
    with engine.begin() as connection:
        for number, (before, after, assignee) in enumerate(MORE):
            connection.exec_driver_sql(
                "INSERT INTO order_step (uid, version, order_id, at, before, after, operator, assignee, note)"
                " VALUES (?, 1, ?, '2026-11-28 12:00:00.000000', ?, ?, 'admin', ?, '')",
                (f"{number:032}", ORDER, before, after, assignee),
            )
    engine.dispose()
    all_records()
    seat = sign_in(folder, "admin", old_stores.PASSWORD)
    with seat.store.sessions() as session:
        order = session.get_one(WorkOrder, ORDER)
        steps = session.scalars(
            select(OrderStep).where(OrderStep.order_id == ORDER).order_by(OrderStep.id)
        ).all()
        company, due = order.organisation_id, order.due_at
        assert [(step.organisation_id, step.person) for step in steps] == [
            (None, ""), *[(company, "")] * 5, *[(None, "")] * 3, *[(company, order.person)] * 2,
        ]  # fmt: skip
        # until the clock last stood the deadline is not known any more
        assert [step.due_at for step in steps] == [*[None] * 8, *[due] * 3]
        assert {step.severity for step in steps} == {order.severity}
    # the trail agrees with what was filled in, but for what this test wrote past it
    assert len(check_records(seat).faults) == len(MORE)
    seat.store.close()
