from fuyuan_desk.access import numbers
from fuyuan_desk.access.seat import Seat


def test_numbers_have_no_gaps_even_after_a_rollback(seat: Seat) -> None:
    with seat.store.sessions() as session:
        assert [numbers.next_number(session, "ZX", 2026) for _ in range(3)] == [1, 2, 3]
        session.commit()
        numbers.next_number(session, "ZX", 2026)
        session.rollback()
        assert numbers.next_number(session, "ZX", 2026) == 4
        assert numbers.next_number(session, "ZX", 2027) == 1
        assert numbers.next_number(session, "XC", 2026) == 1
