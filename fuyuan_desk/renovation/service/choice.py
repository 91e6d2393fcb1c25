"""The choice of cases to print from the command line."""

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.kit.queries import Choice, similar_names
from fuyuan_desk.renovation.facts import CaseQuery
from fuyuan_desk.renovation.service import queries

_MOST = 100_000


def chosen_cases(seat: Seat, choice: Choice) -> list[int]:
    """Return the keys of the case with the chosen number, of an estate's cases, or of all.

    Raises `NotFound` for an unknown number, suggesting similar ones.
    """
    if choice.case is None:
        query = CaseQuery(estate_id=choice.estate_id, descending=False)
        return [row.id for row in queries.list_cases(seat, query, 0, _MOST).rows]
    try:
        return [queries.find_case(seat, choice.case).id]
    except NotFound as error:
        known = [row.number for row in queries.list_cases(seat, CaseQuery(), 0, _MOST).rows]
        raise NotFound(error.message + similar_names(choice.case.strip().upper(), known)) from error
