"""The step that makes organisations of typed names: one for each spelling, nothing lost, and the trail agrees."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.service.records import check_records
from fuyuan_desk.audit.service.reindex import finish_cleaning
from fuyuan_desk.estates.service import estates, own_entries, roles
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.kit.merging.facts import PairState
from fuyuan_desk.office.service.settings import check_office
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.organisations.service import merging, organisations
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.roster.service.imports import list_imports, undo_import
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.store import layout
from fuyuan_desk.store.db.engine import open_engine
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.today import service as today
from tests.store import old_stores

ESTATES = {
    "甲弄": ("福元居委会", "上海新城物业有限公司"),
    "乙弄": ("福元 居委会", "新城物业管理有限公司黄浦分公司"),
    "丙弄": ("福元居委会", "新城物业（上海）有限公司"),
    "丁弄": ("福元居委会", "新城物业(上海)有限公司"),
    "戊弄": (" ", ""),
}
CONTRACTORS = ("上海华筑装饰工程有限公司", "张师傅", "上海华筑 装饰工程有限公司")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Seat]:
    """An office of the step before, with spellings as clerks typed them, migrated by signing in."""
    folder = tmp_path / "office"
    old_stores.unpack("0008", folder)
    key = keyring.open_with_password(keyring.read(folder), "admin", old_stores.PASSWORD)
    engine = open_engine(folder / layout.DATABASE, key)
    columns = (
        "uid, version, name, address, street, committee, property_company, house_kind, tenures, built_year, "
    )
    columns += "heritage_class, historic_area, preserved_block, retained_building, cultural_relic, quiet_hours, remarks"
    row = "?, 1, ?, '', '', ?, ?, '', '[]', NULL, NULL, '', 0, 0, 0, '', ''"
    with engine.begin() as connection:
        for number, (name, held) in enumerate(ESTATES.items()):
            connection.exec_driver_sql(
                f"INSERT INTO estate ({columns}) VALUES ({row})", (f"{number:032}", name, *held)
            )
        ids = connection.exec_driver_sql("SELECT id FROM renovation_case ORDER BY id").scalars().all()
        for case, contractor in zip(ids, CONTRACTORS, strict=False):
            connection.exec_driver_sql(
                "UPDATE renovation_case SET contractor = ? WHERE id = ?", (contractor, case)
            )
    engine.dispose()
    seat = sign_in(folder, "admin", old_stores.PASSWORD)
    yield seat
    seat.store.close()


def test_each_spelling_becomes_one_organisation_and_the_estates_show_the_same_names(office: Seat) -> None:
    names = [line.fields.name for line in organisations.find_organisations(office, limit=-1).rows]
    assert len(names) == len(set(names))
    assert {name for name in names if "新城" in name} == {
        "上海新城物业有限公司", "新城物业管理有限公司黄浦分公司", "新城物业（上海）有限公司",
    }  # fmt: skip
    assert [name for name in names if name == "福元居委会"] == ["福元居委会"]
    companies = {row.name: row.property_company for row in estates.list_estates(office).rows}
    typed = [company for _committee, company in ESTATES.values()]
    assert [companies[name] for name in ESTATES] == [*typed[:3], typed[2], ""]
    assert companies[old_stores.ESTATE] == "瑞金旧里物业有限公司（示例）"
    days = {(line.fields.since, line.fields.until) for line in roles.find_roles(office, limit=-1).rows}
    assert days == {(None, None)}


def test_names_that_merely_resemble_are_listed_for_confirmation(office: Seat) -> None:
    pairs = [pair for pair in merging.list_pairs(office) if pair.state is PairState.SUSPECTED]
    assert len([pair for pair in pairs if "新城" in pair.first]) == 3


def test_a_contractor_keeps_its_name_and_a_person_is_no_organisation(office: Seat) -> None:
    with office.store.use() as session:
        cases = session.query(RenovationCase).order_by(RenovationCase.id).all()
        found = [(case.contractor, case.contractor_id) for case in cases[: len(CONTRACTORS)]]
        session.rollback()
    assert [name for name, _key in found] == list(CONTRACTORS[: len(found)])
    keys = dict(found)
    assert keys["上海华筑装饰工程有限公司"] is not None
    assert keys.get("张师傅") is None
    assert (
        keys.get("上海华筑 装饰工程有限公司", keys["上海华筑装饰工程有限公司"])
        == keys["上海华筑装饰工程有限公司"]
    )
    contractors = organisations.find_organisations(office, BookQuery(facets={"kind": "contractor"})).rows
    assert "上海华筑装饰工程有限公司" in {line.fields.name for line in contractors}


def test_they_are_found_once_the_search_knows_them(office: Seat) -> None:
    assert finish_cleaning(office) > 5
    assert finish_cleaning(office) == 0
    found = today.search(office, all_records(), "xinchengwuye")
    assert len([hit for hit in found if hit.kind == "organisation"]) == 3


def test_the_trail_agrees_and_names_the_columns_that_are_gone(office: Seat) -> None:
    # the rows that this test wrote past the trail are the only ones it does not know
    faults = [fault for finding in check_office(office) for fault in finding.faults]
    assert len(faults) <= 2, faults
    assert all(
        "estate_role" not in fault and "organisation" not in fault for fault in check_records(office).faults
    )


def test_an_import_of_before_is_undone_with_its_estate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a store that is kept for years: her import of then counts as one of today, which takes no second person
    monkeypatch.setattr(own_entries, "LIMIT", timedelta(days=36_500))
    folder = tmp_path / "imported"
    old_stores.unpack("0008", folder)
    seat = sign_in(folder, "admin", old_stores.PASSWORD)
    [run] = list_imports(seat)
    undo_import(seat, run.id)
    seat.store.close()
