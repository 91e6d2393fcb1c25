"""A verdict as it stands today: what it required, and what has come."""

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.rules.course import CaseStatus
from fuyuan_desk.renovation.rules.present import Present, present_case, present_work
from fuyuan_desk.renovation.rules.works import Answer, Due, Verdict
from fuyuan_desk.renovation.service import cases, queries
from fuyuan_desk.renovation.view.words import case_state, finding_state
from fuyuan_desk.widgets.chips import ChipLabel
from tests.renovation.clerk import PAINT, WATERPROOF, Settled, add_home, file

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


def test_a_case_of_the_sample_follows_the_documents_that_it_has(sample_seat: Seat) -> None:
    """No rule waits for documents in a case that has all documents due before its start."""
    complete = []
    for line in queries.list_cases(sample_seat).rows:
        case = queries.case_detail(sample_seat, line.id)
        if any(paper.due is Due.START and paper.received_on is None for paper in case.documents):
            continue
        complete.append(case)
        findings = [finding for work in case.works for finding in work.findings]
        waiting = {finding_state(finding, case.documents) for finding in findings}
        assert not {state.verdict for state in waiting if not state.is_settled} & {APPROVAL, DOCUMENTS}, (
            case.number
        )
        assert case_state(case).is_settled or case_state(case).verdict not in (APPROVAL, DOCUMENTS)
    assert {CaseStatus.UNDER_WAY, CaseStatus.CLOSED} <= {case.status for case in complete}


def test_each_rule_of_a_card_follows_the_documents_received(
    page: RenovationController, seat: Seat, settled: Settled
) -> None:
    home = add_home(seat, "南昌路168弄", house_kind="old-lane", heritage_class=3, historic_area="core")
    answers = {"notable_interior": Answer.YES}
    case = file(seat, home, WATERPROOF, answers=answers, contractor="上海某某装饰工程有限公司")
    page.open_case(case.id)
    settled()
    card = page.case.works.cards[WATERPROOF]

    def rules() -> set[str]:
        return {chip.chip.text for chip in card.findChildren(ChipLabel) if chip.isVisible()}

    assert "Needs documents" in rules() or "Approval needed first" in rules()
    assert len(case.works[0].findings) > 1
    needed = [paper.document for paper in case.documents if paper.due is Due.START]
    cases.receive_documents(seat, case.id, needed, seat.today())
    page.open_case(case.id)
    settled()
    assert not rules() & {"Needs documents", "Approval needed first"}
    assert "Documents complete" in rules()
    assert card.chip.chip.text in card.accessibleName()


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
