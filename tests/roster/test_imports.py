"""Importing rosters into an encrypted store, and undoing imports."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.estates.kinds import ESTATE, UNIT
from fuyuan_desk.estates.records import Building, Estate, Household, HouseholdPhone, Unit
from fuyuan_desk.roster.reading.reader import RosterDraft, understand
from fuyuan_desk.roster.records import ImportRun
from fuyuan_desk.roster.service import imports
from fuyuan_desk.roster.service.finish import finish_imports
from fuyuan_desk.roster.service.unimported import unimported_for_export
from fuyuan_desk.roster.workbook import write_unimported
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.search import index as search
from fuyuan_desk.workbook.parser import Cell
from fuyuan_desk.workbook.reader import read_workbook
from tests.roster.rosters import draft

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
LANE = ROSTERS / "南昌路168弄住户名册.xlsx"
TENANTS = ROSTERS / "思南路26弄承租人.csv"
FUND = ROSTERS / "太阳都市花园后期维修资金.xlsx"
TOWER = ROSTERS / "富南大厦业主清册.xlsx"
MODELS = (Estate, Building, Unit, Household, HouseholdPhone)


def counts(seat: Seat) -> list[int]:
    """Count the rows of the job's tables and the search index."""
    with seat.store.sessions() as session:
        found = [session.scalar(select(func.count()).select_from(model)) or 0 for model in MODELS]
        return [*found, len(search.find(session, "1", [UNIT], 1000))]


def csv(folder: Path, text: str, name: str = "福元小区.csv") -> Path:
    """Write a small roster."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("file", "figures"),
    [
        (LANE, (1, 12, 85, 85, 1)),
        (TOWER, (2, 1, 171, 171, 0)),
        (FUND, (1, 5, 360, 360, 0)),
        (TENANTS, (1, 30, 120, 120, 0)),
    ],
)
def test_the_four_rosters_are_imported_without_help(seat: Seat, file: Path, figures: tuple[int, ...]) -> None:
    report = imports.import_roster(seat, file)
    data = imports.report_json(report)
    assert tuple(data[key] for key in ("sheets", "buildings", "units", "households", "duplicates")) == figures
    assert data["rejected"] == 0
    assert counts(seat)[:4] == [1, figures[1], figures[2], figures[3]]
    with seat.store.sessions() as session:
        assert audit.verify_chain(session.connection()).broken == ()


def test_the_roster_is_in_the_store(seat: Seat) -> None:
    imports.import_roster(seat, FUND)
    imports.import_roster(seat, LANE)
    with seat.store.sessions() as session:
        estate = session.scalars(select(Estate).where(Estate.name == "太阳都市花园（后期）")).one()
        assert estate.street == "瑞金二路街道"
        unit = session.scalars(
            select(Unit).where(Unit.estate_id == estate.id).order_by(Unit.order_key)
        ).first()
        assert unit is not None
        assert (unit.label, unit.area, unit.fund_first, unit.fund_balance) == ("101室", 14575, 566239, 26290)
        assert (unit.fund_topped_up, unit.fund_topped_up_on) == (True, date(2023, 2, 13))
        lane = session.scalars(select(Estate).where(Estate.name == "南昌路168弄")).one()
        assert set(lane.tenures) == {"private", "direct-public", "sold-public", "unit-public"}
        labels = session.scalars(
            select(Building.label).where(Building.estate_id == lane.id).order_by(Building.order_key)
        )
        assert list(labels)[:7] == ["1号", "2号", "3号", "4号甲", "4号乙", "5号", "6号后门"]
        holder = session.scalars(select(Household).where(Household.head == "曹刚芳")).one()
        assert holder.id_number == "31010119410605000X"
        numbers = select(HouseholdPhone.number).where(HouseholdPhone.household_id == holder.id)
        assert set(session.scalars(numbers)) == {"13677900348", "16520326631"}


def test_everything_imported_is_found(seat: Seat) -> None:
    imports.import_roster(seat, LANE)
    assert finish_imports(seat) == 0
    with seat.store.sessions() as session:
        for typed in ("caogangfang", "曹刚芳", "0348", "ncl168 4号甲"):
            assert search.find(session, typed, [ESTATE, UNIT]), typed


def test_a_second_import_adds_nothing(seat: Seat) -> None:
    imports.import_roster(seat, TENANTS)
    before = counts(seat)
    again = imports.import_roster(seat, TENANTS)
    assert (again.buildings, again.units, again.households, again.duplicates) == (0, 0, 0, 120)
    assert counts(seat) == before


def test_an_estate_spelled_differently_is_the_same(seat: Seat, tmp_path: Path) -> None:
    imports.import_roster(seat, FUND)
    path = csv(
        tmp_path, "小区,楼栋,室号,业主\n太阳都市花园后期,1号楼,101,丁华\n太阳都市花园后期,1号楼,101,李新\n"
    )
    report = imports.import_roster(seat, path)
    assert (report.units, report.households, report.duplicates) == (0, 1, 1)
    with seat.store.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Estate)) == 1
        assert search.find(session, "李新", [UNIT])


def test_a_tower_is_its_own_building_the_second_time_too(seat: Seat, tmp_path: Path) -> None:
    imports.import_roster(seat, TOWER)
    path = csv(tmp_path, "室号,租客\n401,新住户\n", "富南大厦业主.csv")
    report = imports.import_roster(seat, path)
    assert (report.buildings, report.units, report.households) == (0, 0, 1)


def test_a_dry_run_changes_nothing_and_reports_all(seat: Seat) -> None:
    before = counts(seat)
    trial = imports.import_roster(seat, LANE, dry_run=True)
    assert (trial.units, trial.duplicates, trial.import_id, trial.dry_run) == (85, 1, None, True)
    assert counts(seat) == before
    real = imports.import_roster(seat, LANE)
    assert imports.report_json(real)["problems"] == imports.report_json(trial)["problems"]


def test_a_checked_draft_is_imported_as_it_is(seat: Seat) -> None:
    draft = understand(read_workbook(TENANTS), "思南坊")
    preview = imports.preview_roster(seat, draft)
    assert (preview.units, preview.estates) == (120, ("思南坊",))
    assert imports.import_roster(seat, draft).units == 120


def test_cancelling_leaves_nothing(seat: Seat) -> None:
    before = counts(seat)

    def stop(done: int, total: int, what: str) -> None:
        if done:
            progress.cancel()

    progress = Progress(stop)
    with pytest.raises(Cancelled):
        imports.import_roster(seat, TENANTS, progress=progress)
    assert counts(seat) == before
    assert imports.list_imports(seat) == ()


def test_progress_is_reported_with_counts(seat: Seat) -> None:
    steps: list[tuple[int, int]] = []
    imports.import_roster(
        seat, TENANTS, progress=Progress(lambda done, total, what: steps.append((done, total)))
    )
    done, total = steps[-1]
    assert 0 < done <= total


def test_an_import_is_undone_exactly(seat: Seat) -> None:
    imports.import_roster(seat, TENANTS)
    before = counts(seat)
    report = imports.import_roster(seat, LANE)
    assert counts(seat) != before
    assert report.import_id is not None
    imports.undo_import(seat, report.import_id)
    assert counts(seat) == before
    with seat.store.sessions() as session:
        assert not search.find(session, "曹刚芳", [ESTATE, UNIT])
        assert audit.verify_chain(session.connection()).broken == ()
    with pytest.raises(Conflict, match="already undone"):
        imports.undo_import(seat, report.import_id)
    view = imports.list_imports(seat)[0]
    assert (view.file_name, view.counts["units"], view.undone_at is not None) == (LANE.name, 85, True)


def test_an_import_that_an_earlier_version_left_without_search_entries_is_finished(seat: Seat) -> None:
    imports.import_roster(seat, LANE)
    taken_back = imports.import_roster(seat, TENANTS).import_id
    assert taken_back is not None
    imports.undo_import(seat, taken_back)
    with seat.store.sessions() as session:
        for run in session.scalars(select(ImportRun)):
            units = run.created["unit"]
            search.drop(session, UNIT, range(units[0], units[1] + 1))
            run.findable = False
        session.commit()
        assert not search.find(session, "曹刚芳", [ESTATE, UNIT])
    assert finish_imports(seat) == 85
    with seat.store.sessions() as session:
        assert search.find(session, "曹刚芳", [ESTATE, UNIT])
        assert not search.find(session, "姜华芳", [ESTATE, UNIT])


def test_undoing_a_further_household_keeps_its_unit(seat: Seat, tmp_path: Path) -> None:
    imports.import_roster(seat, TENANTS)
    before = counts(seat)
    path = csv(tmp_path, "门牌,部位,租客\n思南路26弄1号,灶间,李新\n", "新增.csv")
    report = imports.import_roster(seat, path)
    assert (report.units, report.households) == (0, 1)
    assert report.import_id is not None
    imports.undo_import(seat, report.import_id)
    assert counts(seat) == before
    with seat.store.sessions() as session:
        assert not search.find(session, "李新", [ESTATE, UNIT])
        assert search.find(session, "姜华芳", [ESTATE, UNIT])


def test_a_large_roster_is_undone_around_what_was_changed(seat: Seat) -> None:
    report = imports.import_roster(seat, FUND)
    assert report.import_id is not None
    with seat.store.sessions() as session:
        changed = session.scalars(select(Household).where(Household.id % 50 == 0)).all()
        for household in changed:
            household.remarks = "搬走"
        units = {household.unit_id for household in changed}
        session.commit()
    undoing = imports.undo_import(seat, report.import_id)
    assert {place.id for place in undoing.places} == units
    with seat.store.sessions() as session:
        assert set(session.scalars(select(Unit.id))) == units
        assert {hit.record_id for hit in search.find(session, "太阳都市", [UNIT], 1000)} == units
        assert audit.verify_chain(session.connection()).broken == ()


def test_an_import_after_another_was_undone(seat: Seat) -> None:
    first = imports.import_roster(seat, LANE)
    assert first.import_id is not None
    imports.undo_import(seat, first.import_id)
    second = imports.import_roster(seat, LANE)
    assert (second.units, second.import_id) == (85, first.import_id + 1)


def test_a_roster_that_names_no_estate_asks_for_it(seat: Seat, tmp_path: Path) -> None:
    path = csv(tmp_path, "楼号,室号,姓名\n1,101,张三\n", "roster.csv")
    with pytest.raises(InvalidInput, match="Name the estate") as refusal:
        imports.import_roster(seat, path)
    assert "estate" in refusal.value.fields
    assert imports.import_roster(seat, path, "福元小区").units == 1


def test_a_roster_without_a_header_is_refused_and_nothing_imported(seat: Seat, tmp_path: Path) -> None:
    path = csv(tmp_path, "1号,前楼,张三,13812345678\n1号,后楼,李四,13812345679\n", "南昌路168弄.csv")
    before = counts(seat)
    with pytest.raises(InvalidInput, match="no row that names its columns"):
        imports.import_roster(seat, path)
    assert counts(seat) == before
    workbook = read_workbook(path)
    assert imports.preview_roster(seat, understand(workbook)).units == 2
    mapping = {"南昌路168弄": {0: "building", 1: "unit", 2: "name", 3: "phone"}}
    assert imports.import_roster(seat, understand(workbook, "", mapping)).units == 2


def test_rejected_rows_can_be_corrected_and_imported(seat: Seat, tmp_path: Path) -> None:
    path = csv(
        tmp_path,
        "序号,门牌,室号,户主,电话\n1,1号,101,张三,13812345678\n2,,102,,13812345679\n3,,103,=王五,无\n4,,103,=王五,无\n",
    )
    report = imports.import_roster(seat, path)
    assert (report.units, report.duplicates, report.rejected) == (2, 1, 1)
    assert report.import_id is not None
    export = unimported_for_export(
        seat, report.import_id, ExportOrder("correct it and import it again", "甲")
    )
    rest = write_unimported(export, tmp_path / imports.rejects_name(path.name))
    assert rest.name == "福元小区-未导入.xlsx"
    book = openpyxl.load_workbook(rest)
    sheet = book.active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "import it again" in str(rows[0][0])
    assert "NOT masked" in str(rows[3][0])
    assert rows[5] == ["小区", "序号", "门牌", "室号", "户主", "电话", "原表位置", "未导入原因"]
    assert rows[6][:6] == ["福元小区", "2", "1号", "102", None, "13812345679"]
    assert "name is missing" in str(rows[6][7])
    assert rows[7][4] == "=王五"
    assert sheet["E8"].data_type == "s"
    sheet["E7"] = "李四"
    book.save(rest)
    again = imports.import_roster(seat, rest)
    assert (again.estates, again.units, again.duplicates, again.rejected) == (("福元小区",), 1, 1, 0)
    assert not [problem for problem in again.problems if "is unknown" in problem.message]


def test_only_writers_import_rosters(seat_as: Callable[[Role], Seat]) -> None:
    viewer = seat_as(Role.VIEWER)
    with pytest.raises(NotAllowed):
        imports.import_roster(viewer, LANE)
    with pytest.raises(NotAllowed):
        imports.undo_import(viewer, 1)
    assert imports.list_imports(viewer) == ()
    assert imports.import_roster(seat_as(Role.CLERK), LANE).units == 85


def test_changes_are_announced_after_the_commit(seat: Seat) -> None:
    heard: list[frozenset[str]] = []
    listening = Seat(seat.store, seat.operator, now=seat.now, on_change=heard.append)
    imports.import_roster(listening, TENANTS)
    assert len(heard) == 1
    assert {"estate", "building", "unit", "household", "household_phone", "import_run"} <= heard[0]


@pytest.mark.parametrize(
    ("phone", "paper", "people", "differs"),
    [
        ("13812345678", "310101198001010007", 3, []),
        ("", "", "", []),  # the file says nothing
        ("13900001111", "310101198001010007", 3, ["phone"]),
        ("13812345678/13900001111", "", "", ["phone"]),
        ("13812345678", "310101197502020003", "", ["id"]),
        ("13900001111", "310101197502020003", 4, ["people", "id", "phone"]),
    ],
)
def test_a_renewed_roster_says_in_what_a_household_of_the_store_differs(
    seat: Seat, phone: str, paper: str, people: Cell, differs: list[str]
) -> None:
    header: list[Cell] = ["门牌号", "室号", "姓名", "电话", "身份证号码", "人数"]

    def roster(phone: str, paper: str, people: Cell) -> RosterDraft:
        row: list[Cell] = ["1号", "前楼", "姚艳志", phone, paper, people]
        return draft([header, row], file="南昌路168弄.xlsx")

    imports.import_roster(seat, roster("13812345678", "310101198001010007", 3))
    again = imports.preview_roster(seat, roster(phone, paper, people))
    assert again.duplicates == 1
    told = imports.report_json(again)["differences"]
    assert [one["field"] for one in told] == differs
    assert "13900001111" not in str(told)
