"""The choice of cases to print from the command line."""

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.kit.queries import Choice, similar_names
from fuyuan_desk.renovation.service import queries


def chosen_cases(seat: Seat, choice: Choice) -> list[int]:
    """Return the keys of the case with the chosen number, of an estate's cases, or of all.

    Raises `NotFound` for an unknown number, suggesting similar ones.
    """
    if choice.case is None:
        of_estate = {} if choice.estate_id is None else {"estate_id": choice.estate_id}
        return list(queries.case_keys(seat, BookQuery(facets=of_estate, sort="number")))
    try:
        return [queries.find_case(seat, choice.case).id]
    except NotFound as error:
        known = [line.fields.number for line in queries.list_cases(seat, limit=-1).rows]
        raise NotFound(error.message + similar_names(choice.case.strip().upper(), known)) from error
