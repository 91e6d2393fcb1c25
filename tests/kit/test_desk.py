from pytestqt.qtbot import QtBot

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Operator, Role, Seat
from fuyuan_desk.core.errors import Conflict, NotAllowed, Unusable, UserError
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.service.settings import change_settings, read_settings


def test_a_use_runs_and_its_result_comes_back(desk: Desk, qtbot: QtBot) -> None:
    got: list[OfficeSettings] = []
    desk.run(read_settings, done=got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert got[0].name == "福元居民委员会"


def test_a_write_notifies_open_pages(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.changes) as signal:
        desk.run(change_settings, OfficeSettings("新居委会"))
    assert signal.args == [frozenset({"office"})]


def test_a_refusal_reaches_the_caller_or_the_window(desk: Desk, qtbot: QtBot) -> None:
    refusals: list[UserError] = []

    def refuse(_seat: Seat) -> None:
        raise Conflict("no")

    desk.run(refuse, failed=refusals.append)
    qtbot.waitUntil(lambda: bool(refusals))
    with qtbot.waitSignal(desk.refused) as signal:
        desk.run(refuse, done=lambda _nothing: None)
    assert isinstance(signal.args[0], Conflict)


def test_a_locked_desk_refuses_until_somebody_sits_down(desk: Desk, seat: Seat, qtbot: QtBot) -> None:
    removed = desk.detach_seat()
    assert removed is not None
    assert not desk.can_write
    refusals: list[UserError] = []
    desk.run(read_settings, failed=refusals.append)
    qtbot.waitUntil(lambda: bool(refusals))
    assert isinstance(refusals[0], NotAllowed)
    desk.attach_seat(removed)
    assert desk.can_write
    assert desk.is_admin


def test_what_the_role_may_do_is_known_to_pages(desk: Desk, seat: Seat) -> None:
    desk.attach_seat(Seat(seat.store, Operator(1, "v", "看", Role.VIEWER)))
    assert not desk.can_write
    assert not desk.is_admin


def test_papers_are_drawn_beside_the_database(desk: Desk, qtbot: QtBot) -> None:
    got: list[int] = []
    desk.run_paper(lambda number: number * 2, 21, done=got.append)
    qtbot.waitUntil(lambda: got == [42])


def test_a_paper_that_a_full_disk_refused_can_be_tried_again(qtbot: QtBot, desk: Desk) -> None:
    attempts: list[int] = []
    made: list[str] = []

    def write() -> str:
        attempts.append(1)
        if len(attempts) == 1:
            raise Unusable("The disk is full.")
        return "written"

    desk.retry_offered.connect(lambda refusal, again: again())
    desk.run_paper(write, done=made.append)
    qtbot.waitUntil(lambda: made == ["written"])
    assert len(attempts) == 2
