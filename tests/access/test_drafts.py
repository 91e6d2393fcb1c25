from collections.abc import Callable

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Role, Seat


def test_drafts_are_kept_per_operator_and_not_audited(seat: Seat, seat_as: Callable[[Role], Seat]) -> None:
    drafts.save_draft(seat, "filing", {"applicant": "张三"})
    drafts.save_draft(seat, "filing", {"applicant": "张三丰"})
    assert drafts.load_draft(seat, "filing") == {"applicant": "张三丰"}
    assert drafts.load_draft(seat_as(Role.CLERK), "filing") is None
    drafts.clear_draft(seat, "filing")
    assert drafts.load_draft(seat, "filing") is None
    with seat.store.engine.connect() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM audit_entry WHERE changes LIKE '%张三%'")
        assert count.scalar() == 0
