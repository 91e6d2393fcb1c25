"""A verdict as it stands today: what it required, and what has come."""

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.rules.present import Present, present_case, present_work
from fuyuan_desk.renovation.rules.works import Due, Verdict
from fuyuan_desk.renovation.service import cases, queries
from tests.renovation.clerk import PAINT, WATERPROOF, Settled, file

APPROVAL, DOCUMENTS, ALLOWED = Verdict.APPROVAL, Verdict.DOCUMENTS, Verdict.ALLOWED
NEEDED = {"批文", "方案"}


@pytest.mark.parametrize(
    ("findings", "received", "state"),
    [
        ([(APPROVAL, ["批文"])], [], Present(APPROVAL)),
        ([(APPROVAL, ["批文"])], ["批文"], Present(APPROVAL, True)),
        ([(APPROVAL, ["批文"]), (DOCUMENTS, ["方案"])], ["批文"], Present(DOCUMENTS)),
        ([(APPROVAL, ["批文"]), (DOCUMENTS, ["方案"])], ["批文", "方案"], Present(APPROVAL, True)),
        ([(APPROVAL, [])], ["批文"], Present(APPROVAL)),  # no document settles it
        ([(APPROVAL, ["验收"])], ["验收"], Present(APPROVAL)),  # that one is due by completion
        ([(Verdict.PROHIBITED, ["批文"])], ["批文"], Present(Verdict.PROHIBITED)),
        ([(Verdict.CHECK, ["批文"])], ["批文"], Present(Verdict.CHECK)),
        ([(ALLOWED, [])], [], Present(ALLOWED)),
        ([], [], Present(ALLOWED)),
    ],
)
def test_a_work(findings: list[tuple[Verdict, list[str]]], received: list[str], state: Present) -> None:
    assert present_work(findings, NEEDED, received) == state


def test_a_scope_is_as_its_worst_work_that_is_not_settled() -> None:
    settled, waiting = [(APPROVAL, ["批文"])], [(DOCUMENTS, ["方案"])]
    assert present_case([settled, waiting], NEEDED, ["批文"]) == Present(DOCUMENTS)
    assert present_case([settled, [(ALLOWED, ())]], NEEDED, ["批文"]) == Present(APPROVAL, True)


def test_the_chip_turns_green_on_the_page_and_in_the_list_when_the_papers_have_come(
    page: RenovationController, seat: Seat, settled: Settled
) -> None:
    case = file(seat, 1, PAINT, WATERPROOF)
    page.open_case(case.id)
    settled()
    assert page.case.verdict.chip.text == "Needs documents"
    assert page.case.works.cards[WATERPROOF].chip.chip.tone == "warn"
    needed = [paper.document for paper in case.documents if paper.due is Due.START]
    cases.receive_documents(seat, case.id, needed, seat.today())
    page.open_case(case.id)
    settled()
    assert page.case.verdict.chip.text == "Documents complete"
    assert page.case.verdict.chip.tone == "ok"
    assert page.case.works.cards[WATERPROOF].chip.chip.text == "Documents complete"
    [line] = queries.list_cases(seat).rows
    assert line.extra["present"] == Present(DOCUMENTS, True)
