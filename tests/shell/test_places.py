"""The history of places as a list: what is kept, what is forgotten, and how a place is saved."""

from fuyuan_desk.shell.places import MOST_PLACES, History, Place, from_json, to_json

LIST, FIRST, SECOND = Place("estates"), Place("estates", ("estate", 1)), Place("estates", ("estate", 2))
OTHER = Place("renovation")


def walked(*places: Place) -> History:
    made = History()
    for place in places:
        made.note(place)
    return made


def around(history: History) -> tuple[Place | None, Place | None, Place | None]:
    return history.peek(-1), history.current, history.peek(1)


def test_a_place_is_saved_as_json_and_read_again() -> None:
    for place in (LIST, SECOND, Place("estates", ("unit", 3), "unit:3"), Place("safety", tab="trail")):
        assert from_json(to_json(place)) == place
    assert to_json(SECOND) == {"page": "estates", "record": ["estate", 2], "form": "", "tab": ""}
    assert from_json({"page": "help"}) == Place("help"), "as earlier versions saved it"


def test_back_and_forward_move_between_the_places() -> None:
    history = walked(LIST, FIRST, SECOND)
    assert around(history) == (FIRST, SECOND, None)
    history.move(-1)
    history.move(-1)
    assert around(history) == (None, LIST, FIRST)
    history.move(-1)
    assert history.current == LIST, "there is nothing before the first"
    history.move(1)
    assert around(history) == (LIST, FIRST, SECOND)


def test_a_new_place_forgets_those_that_came_after() -> None:
    history = walked(LIST, FIRST, SECOND)
    history.move(-1)
    history.note(FIRST)
    assert history.peek(1) == SECOND, "the same place is no new one"
    history.note(OTHER)
    assert around(history) == (FIRST, OTHER, None)


def test_a_form_is_a_place_only_while_it_is_open() -> None:
    form = LIST._replace(form="estate:new")
    history = walked(LIST, form)
    assert around(history) == (LIST, form, None)
    history.note(FIRST)  # saved as a record
    assert around(history) == (LIST, FIRST, None)
    history.note(FIRST._replace(form="estate:1"))
    history.note(FIRST)  # closed again
    assert around(history) == (LIST, FIRST, None)


def test_a_form_left_for_another_page_leaves_its_page() -> None:
    history = walked(FIRST, Place("inspections", None, "visit:new"), OTHER)
    assert around(history) == (Place("inspections"), OTHER, None)
    history = walked(LIST, LIST._replace(form="estate:new"), OTHER)
    assert around(history) == (LIST, OTHER, None)
    history.move(-1)
    assert history.peek(-1) is None


def test_a_removed_record_is_forgotten_in_both_directions() -> None:
    history = walked(LIST, FIRST, SECOND)
    history.drop(-1)
    assert around(history) == (LIST, SECOND, None)
    history.move(-1)
    history.drop(1)
    assert around(history) == (None, LIST, None)
    history.drop(1)
    assert history.current == LIST


def test_what_is_shown_instead_replaces_the_place() -> None:
    history = walked(LIST, FIRST, SECOND)
    history.move(-1)
    history.correct(LIST)
    assert around(history) == (LIST, LIST, SECOND)
    empty = History()
    empty.correct(LIST)
    assert empty.current is None


def test_the_number_of_places_is_limited() -> None:
    history = walked(*(Place("estates", ("estate", number)) for number in range(MOST_PLACES + 20)))
    steps = 0
    while history.peek(-1) is not None:
        history.move(-1)
        steps += 1
    assert steps == MOST_PLACES - 1
    assert history.current == Place("estates", ("estate", 20))
