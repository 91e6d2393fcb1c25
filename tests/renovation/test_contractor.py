"""The contractor of a case: the name stays as filed, and refers to an organisation."""

from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import SecondNeeded
from fuyuan_desk.kit.book import Known
from fuyuan_desk.kit.merging.facts import PairState
from fuyuan_desk.organisations.facts import OrganisationFields
from fuyuan_desk.organisations.service import merging, organisations
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.renovation.rules.course import CaseStatus
from fuyuan_desk.renovation.service import cases, page_data, queries
from fuyuan_desk.renovation.view.filing import FilingView
from tests.renovation.clerk import Settled, add_home, file

CODE = "91310101MA1FP0001L"


def stored(seat: Seat, case: int) -> tuple[str, int | None]:
    with seat.store.sessions() as session:
        row = session.get_one(RenovationCase, case)
        return row.contractor, row.contractor_id


def known(seat: Seat) -> dict[str, Any]:
    return {line.fields.name: line for line in organisations.find_organisations(seat).rows}


def test_a_firm_that_is_filed_becomes_a_contractor_once(seat: Seat) -> None:
    first = file(seat, add_home(seat), contractor="上海华筑装饰工程有限公司", contractor_code=CODE)
    second = file(seat, add_home(seat, label="502室"), contractor="上海华筑 装饰工程有限公司")
    firm = known(seat)["上海华筑装饰工程有限公司"]
    assert (firm.fields.kind, firm.fields.credit_code) == ("contractor", CODE)
    assert stored(seat, first.id) == ("上海华筑装饰工程有限公司", firm.id)
    assert stored(seat, second.id) == ("上海华筑 装饰工程有限公司", firm.id)


def test_contractors_that_exist_are_suggested_and_one_that_is_new_is_told(seat: Seat) -> None:
    for name, kind in (("安居装饰有限公司", "contractor"), ("福元物业有限公司", "property")):
        organisations.save_organisation(seat, OrganisationFields(name, kind))
    ended = OrganisationFields("老牌装饰有限公司", "contractor", ended_on=seat.today())
    organisations.save_organisation(seat, ended)
    assert page_data.known_contractors(seat) == ("安居装饰有限公司",)
    new = file(seat, add_home(seat), contractor="上海安居装饰公司")
    assert new.changes == ("上海安居装饰公司 is new among the organisations.",)
    known_one = file(seat, add_home(seat, label="502室"), contractor="安居装饰有限公司")
    assert known_one.changes == ()
    [pair] = [pair for pair in merging.list_pairs(seat) if pair.state is PairState.SUSPECTED]
    assert {pair.first, pair.second} == {"安居装饰有限公司", "上海安居装饰公司"}


def test_a_part_of_the_name_finds_the_firm_while_typing(
    filing: FilingView, seat: Seat, page: RenovationController, settled: Settled, qtbot: QtBot
) -> None:
    organisations.save_organisation(seat, OrganisationFields("上海安居装饰有限公司", "contractor"))
    page.file_for(1)
    settled()
    editor: Any = filing.form.editor("contractor")
    line = editor.inner()[0].lineEdit()
    line.setFocus()
    line.insert("安居")
    offered = editor.combo.completer()
    offered.setCompletionPrefix(line.text())
    assert offered.currentCompletion() == "上海安居装饰有限公司"
    line.insert("乐业装潢队")
    assert filing.form.values()["contractor"] == "安居乐业装潢队"


@pytest.mark.parametrize("name", ["", "张师傅"])
def test_a_person_or_nobody_is_no_organisation(seat: Seat, name: str) -> None:
    filed = file(seat, add_home(seat), contractor=name)
    assert stored(seat, filed.id) == (name, None)
    assert "张师傅" not in known(seat)


def test_another_contractor_is_another_reference_and_the_paper_says_what_was_filed(seat: Seat) -> None:
    filed = file(seat, add_home(seat), contractor="上海华筑装饰工程有限公司")
    other = organisations.save_organisation(seat, OrganisationFields("安居装饰有限公司", "contractor"))
    filing = replace(queries.case_for_edit(seat, filed.id).filing, contractor="安居装饰有限公司")
    cases.update_case(seat, filed.id, filed.version, filing)
    assert stored(seat, filed.id) == ("安居装饰有限公司", other.id)
    line = organisations.read_organisation(seat, other.id)
    organisations.save_organisation(seat, replace(line.fields, name="安居装饰集团有限公司"), line.known)
    assert queries.case_detail(seat, filed.id).contractor == "安居装饰有限公司"


def test_moving_the_reference_of_a_closed_case_takes_a_second_person(seat: Seat) -> None:
    filed = file(seat, add_home(seat), contractor="上海华筑装饰工程有限公司")
    with seat.store.sessions() as session:
        session.get_one(RenovationCase, filed.id).status = CaseStatus.CLOSED
        session.commit()
    firm = known(seat)["上海华筑装饰工程有限公司"]
    kept = organisations.save_organisation(seat, OrganisationFields("华筑装饰", "contractor"))
    with pytest.raises(SecondNeeded):
        merging.merge(seat, (Known(kept.id, kept.version), firm.known))
    assert stored(seat, filed.id)[1] == firm.id
