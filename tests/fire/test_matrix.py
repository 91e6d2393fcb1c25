from fuyuan_desk.access.seat import Role, Seat
from tests.fire import matrix


def test_the_matrix_is_complete_and_as_the_table_says(seat: Seat) -> None:
    answers = matrix.ask_all(seat)
    result = matrix.figures(answers)
    assert result.wrong == ()
    assert result.pairs == len(Role) * result.services == result.let_through + result.refused
    assert result.refused > result.services  # more than one role is refused by half of them
    lines = matrix.table(answers).splitlines()
    assert sum(line.startswith("office.service.operators.add_operator") for line in lines) == 1


def test_an_answer_that_differs_is_named(seat: Seat) -> None:
    answers = matrix.ask_all(seat)
    answers["office.service.operators.add_operator"][Role.VIEWER] = True
    del answers["today.service.search"]
    wrong = matrix.figures(answers).wrong
    assert ("office.service.operators.add_operator", Role.VIEWER) in wrong
    assert ("today.service.search", Role.ADMIN) in wrong
