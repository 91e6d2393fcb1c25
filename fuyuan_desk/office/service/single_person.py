"""The declaration of a single-person office (单人办公), which an administrator makes and takes back."""

from fuyuan_desk.access import single_person
from fuyuan_desk.access.seat import Role, Seat, permit
from fuyuan_desk.access.single_person import SinglePerson


@permit(Role.ADMIN)
def read_single_person(seat: Seat) -> SinglePerson:
    """Return whether the office is a single-person one for this administrator, and who may agree later."""
    with seat.reading() as session:
        return single_person.state_of(session, seat.requester)


@permit(Role.ADMIN)
def declare_single_person(seat: Seat) -> None:
    """Declare a single-person office: protected acts then need nobody's agreement, and trail and papers say so.

    Raises `Conflict` while somebody may second this administrator, or within seven days of ending one who could.
    """
    with seat.transaction() as session:
        single_person.end_where_over(session, seat.now())
        single_person.refuse_declaring(session, seat.requester)
        if not single_person.holds(session, seat.requester):
            single_person.note(session, seat.operator.id, declared=True)


@permit(Role.ADMIN)
def end_single_person(seat: Seat) -> None:
    """Take the declaration back."""
    with seat.transaction() as session:
        if single_person.holds(session, seat.requester):
            single_person.note(session, seat.operator.id, declared=False)
