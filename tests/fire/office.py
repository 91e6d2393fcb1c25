"""The office itself under fire: its operators, its settings, drafts, and the books of a month."""

from typing import Any

from fuyuan_desk.access import drafts
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.kit.open_drafts import continue_draft
from fuyuan_desk.office.service.operators import (
    add_operator,
    change_password,
    reactivate_operator,
    renew_recovery_code,
    reset_password,
    set_operator,
)
from fuyuan_desk.office.service.settings import Street, change_calendar, change_settings, change_streets
from fuyuan_desk.office.service.sign_in import recover, sign_in
from fuyuan_desk.reports.facts import NotDoneOf, Period
from fuyuan_desk.reports.service.books import book_for_print, figures_for_export
from fuyuan_desk.reports.service.not_done import not_done_for_print
from tests.fire.hand import ADMIN, CHEAP, CLERK, PASSWORD, Hand, Prepare, Task, nothing, on

ORDER = ExportOrder("核对", "街道办事处")


def _saved_draft(hand: Hand) -> tuple[str, dict[str, Any]]:
    return f"household:{hand.fresh()}", {
        "head": hand.name(),
        "phones": [hand.phone()],
        "remarks": "字" * 2_000,
    }


def _typed_on(hand: Hand) -> tuple[str, dict[str, Any]]:
    form, content = _saved_draft(hand)
    drafts.save_draft(hand.seat, form, content)
    return form, {**content, "head": hand.name()}


def _new_operator(hand: Hand) -> Task:
    login = f"某{hand.fresh()}"
    return Task(lambda mover: add_operator(mover.seat, login, hand.name(), Role.VIEWER, PASSWORD, CHEAP))


def _operator(hand: Hand) -> str:
    login = f"某{hand.fresh()}"
    add_operator(hand.seat, login, "某甲", Role.CLERK, PASSWORD, CHEAP)
    return login


def _ended_operator(hand: Hand) -> Task:
    login = _operator(hand)
    row = hand.seat_of(login).operator.id
    return Task(
        lambda mover: set_operator(mover.seat, row, Role.VIEWER, False), passwords={login: (PASSWORD, "")}
    )


def _reactivated_operator(hand: Hand) -> Task:
    login, password = _operator(hand), f"new-word-{hand.fresh()}"
    row = hand.seat_of(login).operator.id
    set_operator(hand.seat, row, Role.VIEWER, False)
    return Task(
        lambda mover: reactivate_operator(mover.seat, row, Role.CLERK, password, CHEAP),
        passwords={login: ("", password)},
    )


def _reset(hand: Hand) -> Task:
    login = _operator(hand)
    row, password = hand.seat_of(login).operator.id, f"new-word-{hand.fresh()}"
    return Task(
        lambda mover: reset_password(mover.seat, row, password, CHEAP),
        passwords={login: (PASSWORD, password)},
    )


def _own_password(hand: Hand) -> Task:
    login, password = _operator(hand), f"new-word-{hand.fresh()}"

    def move(mover: Hand) -> object:
        return change_password(mover.seat_of(login), PASSWORD, password, CHEAP)

    return Task(move, passwords={login: (PASSWORD, password)})


def _recovered(hand: Hand) -> Task:
    login, password = _operator(hand), f"new-word-{hand.fresh()}"
    code = renew_recovery_code(hand.seat, CHEAP)

    def move(mover: Hand) -> object:
        return recover(mover.folder, code, login, password, CHEAP)

    return Task(move, closed=True, passwords={login: (PASSWORD, password)})


def _settings(hand: Hand) -> OfficeSettings:
    return OfficeSettings(f"福元{hand.fresh()}居民委员会", f"某{hand.fresh()}街道", phone=hand.phone())


def _streets(hand: Hand) -> tuple[Street, ...]:
    return tuple(Street(str(number), f"街道{hand.fresh()}") for number in range(8))


OFFICE: dict[str, Prepare] = {
    "draft": on(_saved_draft, lambda seat, made: drafts.save_draft(seat, *made)),
    "draft typed on": on(_typed_on, lambda seat, made: drafts.save_draft(seat, *made)),
    "cleared draft": on(lambda hand: _typed_on(hand)[0], drafts.clear_draft),
    "continued draft": on(lambda hand: _typed_on(hand)[0], continue_draft),
    "draft of a clerk": on(
        lambda hand: (hand.seat_of(CLERK).operator, _saved_draft(hand)),
        lambda seat, made: drafts.save_draft(Seat(seat.store, made[0]), *made[1]),
    ),
    "new operator": _new_operator,
    "ended operator": _ended_operator,
    "reactivated operator": _reactivated_operator,
    "reset password": _reset,
    "own password": _own_password,
    "recovery code": on(nothing, lambda seat, _none: renew_recovery_code(seat, CHEAP)),
    "settings": on(_settings, change_settings),
    "streets": on(_streets, change_streets),
    "calendar": on(nothing, lambda seat, _none: change_calendar(seat, "2030 通知\n01-01 元旦")),
    "printed month book": on(nothing, lambda seat, _none: book_for_print(seat, Period(seat.today().year))),
    "printed list of what is not done": on(
        nothing, lambda seat, _none: not_done_for_print(seat, NotDoneOf(seat.today()))
    ),
    "exported month book": on(
        nothing, lambda seat, _none: figures_for_export(seat, ORDER, Period(seat.today().year))
    ),
    "sign-in": lambda _hand: Task(lambda mover: sign_in(mover.folder, ADMIN, PASSWORD), closed=True),
    "recovered password": _recovered,
}
