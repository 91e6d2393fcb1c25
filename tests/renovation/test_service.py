from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.service import buildings, estates, units
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit
from fuyuan_desk.inspections.rules.visits import Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.inspections.service.sheet_data import visit_sheets
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.renovation.facts import CaseDetail, Filing
from fuyuan_desk.renovation.kinds import CASE
from fuyuan_desk.renovation.rules.course import COURSE, CaseStatus
from fuyuan_desk.renovation.rules.works import Answer, ScopeItem, Verdict
from fuyuan_desk.renovation.service import cases, queries, sheet_data, wording
from fuyuan_desk.renovation.sheets import registration_form
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.search import index as search
from tests.renovation.conftest import Homes

TODAY = date(2026, 3, 2)
YES, NO = Answer.YES, Answer.NO
PAINT = ScopeItem("finish.paint", {"notable_interior": NO})
WATERPROOF = ScopeItem("wet.waterproof", {"notable_interior": NO})


def filing(unit: int, *works: ScopeItem, **more: object) -> Filing:
    default = Filing(
        unit_id=unit,
        applicant="张福元",
        applicant_phone="138 1234 5678",
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=59),
        works=works or (PAINT, WATERPROOF),
        contractor="上海某某装饰工程有限公司",
        contractor_code="91310000MA1FL0000N",
        contractor_lead="王某",
        contractor_phone="021-62093705",
    )
    return replace(default, **more)  # type: ignore[arg-type]


def obstacles(case: CaseDetail) -> tuple[str, ...]:
    return COURSE.obstacles("start", case.course, TODAY)


def receive_all(seat: Seat, case: CaseDetail) -> CaseDetail:
    for paper in case.documents:
        case = cases.receive_document(seat, case.id, paper.document, TODAY)
    return case


# --- judging ---------------------------------------------------------------------------------------------


def test_a_scope_is_judged_at_once_by_its_house(seat: Seat, homes: Homes) -> None:
    works = [ScopeItem("facade.paint", {"main_facade": YES}), PAINT]
    flat = cases.judge_scope(seat, homes.flat, works)
    assert [work.verdict for work in flat.works] == [Verdict.APPROVAL, Verdict.ALLOWED]
    assert flat.verdict is Verdict.APPROVAL
    assert flat.works[0].findings[0].body == "approval of the district planning authority"
    assert flat.works[0].questions == ()
    assert flat.house.hours == "08:00–12:00、14:00–18:00"
    assert "deposit" in flat.deposit

    lane = cases.judge_scope(seat, homes.lane_room, works, HoldingRole.TENANT)
    assert lane.verdict is Verdict.PROHIBITED
    assert any(clause.ref == "LS@2019§28(3)" for clause in lane.works[0].findings[0].clauses)
    assert [question.key for question in lane.works[1].questions] == ["notable_interior"]
    assert {paper.document for paper in lane.documents} >= {"public_owner_consent", "heritage_scheme"}


def test_the_buildings_class_and_requirements_override_the_estates(seat: Seat, homes: Homes) -> None:
    (row,) = buildings.list_buildings(seat, homes.lane)
    fields = replace(row.fields, heritage_class=1, protection="保护门厅和楼梯。")
    buildings.save_building(seat, fields, row.known)
    judged = cases.judge_scope(seat, homes.lane_room, [PAINT], HoldingRole.TENANT)
    assert judged.house.heritage_class == 1
    assert judged.verdict is Verdict.PROHIBITED
    permitted = ScopeItem("finish.paint", {"notable_interior": NO, "own_requirements": YES})
    judged = cases.judge_scope(seat, homes.lane_room, [permitted], HoldingRole.TENANT)
    assert judged.verdict is Verdict.ALLOWED


def test_the_protection_of_an_estate_from_a_roster_is_asked(seat: Seat) -> None:
    estate = estates.save_estate(seat, EstateFields(name="新名册小区", house_kind="commodity")).id
    block = buildings.save_building(seat, BuildingFields(label="1号", estate_id=estate)).id
    unit = units.save_unit(seat, UnitFields(building_id=block, label="101室", tenure="commodity")).id
    use_language("zh_CN")
    judged = cases.judge_scope(seat, unit, [PAINT])
    assert judged.house.heritage_class is None
    assert not judged.house.is_area_known
    assert judged.verdict is Verdict.CHECK
    asked = [text for finding in judged.works[0].findings for text in finding.open_questions]
    assert any("优秀历史建筑" in text for text in asked)
    row = estates.estate_detail(seat, estate)
    known = replace(row.fields, heritage_class=0, historic_area="none")
    estates.save_estate(seat, known, estate, row.version)
    assert cases.judge_scope(seat, unit, [PAINT]).verdict is Verdict.ALLOWED


def test_texts_come_in_the_language_of_the_screen(seat: Seat, homes: Homes) -> None:
    use_language("zh_CN")
    work = cases.judge_scope(seat, homes.flat, [ScopeItem("wet.drain")]).works[0]
    assert work.name == "改动户内排水管"
    assert work.group == "厨卫与防水"
    assert work.findings[0].open_questions == ("会动到公共立管、公共管线吗？",)
    assert work.findings[0].clauses[0].label == "《上海市住宅物业管理规定》第五十六条第（五）项"
    use_language("en")
    assert cases.judge_scope(seat, homes.flat, [ScopeItem("wet.drain")]).works[0].group.startswith("Kitchen")


def test_works_are_offered_by_group_with_the_typical_ones_marked() -> None:
    groups = wording.work_groups("old-lane")
    assert sum(len(group.works) for group in groups) >= 35
    roof = {work.key: work for group in groups if group.key == "roof" for work in group.works}
    assert roof["roof.dormer"].is_typical
    commodity = {w.key: w for g in wording.work_groups("commodity") for w in g.works}
    assert not commodity["roof.dormer"].is_typical
    assert commodity["finish.paint"].is_typical


# --- filing ----------------------------------------------------------------------------------------------


def test_a_case_is_filed_and_read_back(seat: Seat, homes: Homes) -> None:
    filed = cases.file_case(seat, filing(homes.flat, received=("identity", "title")))
    assert queries.case_detail(seat, filed.id) == filed
    assert queries.find_case(seat, " zx2026-0001 ") == filed
    assert filed.number == "ZX2026-0001"
    assert filed.status is CaseStatus.REGISTERED
    assert filed.registered_on == TODAY
    assert filed.house.address == "福元小区1号楼501室"
    assert filed.verdict is Verdict.DOCUMENTS
    assert [work.verdict for work in filed.works] == [Verdict.ALLOWED, Verdict.DOCUMENTS]
    received = {paper.document for paper in filed.documents if paper.received_on == TODAY}
    assert received == {"identity", "title"}
    water_test = next(paper for paper in filed.documents if paper.document == "water_test")
    assert water_test.works == ("Renew waterproofing and floor tiles",)
    assert filed.firm_works == ("Renew waterproofing and floor tiles",)
    assert filed.law_version


def test_personal_data_are_masked_and_reveals_are_audited(seat: Seat, homes: Homes) -> None:
    filed = cases.file_case(seat, filing(homes.flat, applicant_id_number="31010119800101000X"))
    assert (filed.applicant, filed.applicant_phone) == ("张*", "138****5678")
    assert filed.applicant_id_number.startswith("310101****")
    assert queries.list_cases(seat).rows[0].fields.applicant == "张*"
    assert queries.reveal(seat, filed.id, "applicant_phone") == "13812345678"
    edit = queries.case_for_edit(seat, filed.id)
    assert edit.filing.applicant == "张福元"
    with seat.store.sessions() as session:
        entries = session.scalars(select(AuditEntry.changes).where(AuditEntry.action == "reveal")).all()
    assert len(entries) == 2
    with pytest.raises(ValueError, match="no such"):
        queries.reveal(seat, filed.id, "uid")


def test_a_doubtful_id_number_is_kept_with_a_warning(seat: Seat, homes: Homes) -> None:
    filed = cases.file_case(seat, filing(homes.flat, applicant_id_number="310101198001010001"))
    assert len(filed.doubts) == 1


def test_numbers_have_no_gaps_and_restart_each_year(seat: Seat, homes: Homes) -> None:
    first = cases.file_case(seat, filing(homes.flat))
    with pytest.raises(InvalidInput):
        cases.file_case(seat, filing(homes.other_flat, applicant=""))
    with pytest.raises(NotFound):
        cases.file_case(seat, filing(99))
    second = cases.file_case(seat, filing(homes.other_flat))
    later = replace(seat, now=lambda: datetime(2027, 1, 4, 2, tzinfo=UTC))
    starts = date(2027, 1, 5)
    next_year = cases.file_case(later, filing(homes.flat, starts_on=starts, ends_on=starts))
    assert [case.number for case in (first, second, next_year)] == [
        "ZX2026-0001",
        "ZX2026-0002",
        "ZX2027-0001",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"applicant": " "}, "applicant"),
        ({"applicant_phone": ""}, "applicant_phone"),
        ({"applicant_phone": "12345"}, "applicant_phone"),
        ({"contractor_code": "91310000MA1FL0000"}, "contractor_code"),
        ({"contractor_code": "91310000MA1FL000IO"}, "contractor_code"),
        ({"contractor": ""}, "contractor"),
        ({"contractor_phone": "1"}, "contractor_phone"),
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends_on"),
        ({"ends_on": TODAY + timedelta(days=180)}, "ends_on"),
        ({"works": ()}, "works"),
        ({"works": (ScopeItem("no.such"),)}, "works.no.such"),
        ({"works": (PAINT, PAINT)}, "works.finish.paint"),
        ({"role": HoldingRole.TENANT}, "role"),
        ({"remarks": "长" * 4_001}, "remarks"),
    ],
)
def test_errors_name_their_fields(seat: Seat, homes: Homes, changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        cases.file_case(seat, filing(homes.flat, **changes))
    assert set(refused.value.fields) == {field}
    assert queries.list_cases(seat).total == 0


def test_public_housing_has_no_owner(seat: Seat, homes: Homes) -> None:
    with pytest.raises(InvalidInput) as refused:
        cases.file_case(seat, filing(homes.lane_room, PAINT))
    assert set(refused.value.fields) == {"role"}
    filed = cases.file_case(seat, filing(homes.lane_room, PAINT, role=HoldingRole.TENANT))
    assert "public_owner_consent" in {paper.document for paper in filed.documents}


def test_one_unit_is_not_filed_twice_for_the_same_time(seat: Seat, homes: Homes) -> None:
    first = cases.file_case(seat, filing(homes.flat))
    with pytest.raises(InvalidInput) as refused:
        cases.file_case(seat, filing(homes.flat))
    assert first.number in refused.value.fields["unit_id"]
    after = first.ends_on + timedelta(days=1)
    cases.file_case(seat, filing(homes.flat, starts_on=after, ends_on=after))


# --- changing --------------------------------------------------------------------------------------------


def test_a_change_is_judged_again_and_keeps_received_documents(seat: Seat, homes: Homes) -> None:
    filed = cases.file_case(seat, filing(homes.flat, received=("identity",)))
    gas = ScopeItem("services.gas")
    changed = cases.update_case(seat, filed.id, filed.version, filing(homes.flat, WATERPROOF, gas))
    assert [work.work for work in changed.works] == ["wet.waterproof", "services.gas"]
    assert changed.verdict is Verdict.APPROVAL
    by_key = {paper.document: paper for paper in changed.documents}
    assert by_key["identity"].received_on == TODAY
    assert "gas_approval" in by_key
    fewer = cases.update_case(seat, filed.id, changed.version, filing(homes.flat, PAINT))
    assert "gas_approval" not in {paper.document for paper in fewer.documents}
    assert queries.case_detail(seat, filed.id) == fewer


def test_an_old_verdict_stands_until_the_scope_changes(
    seat: Seat, homes: Homes, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = cases.file_case(seat, filing(homes.flat))
    newer = replace(cases.catalogue(), version="2030-01")
    monkeypatch.setattr(cases, "catalogue", lambda: newer)
    changed = cases.update_case(
        seat, filed.id, filed.version, filing(homes.flat, remarks="电话联系", contractor_lead="赵某")
    )
    assert changed.law_version == filed.law_version
    assert changed.works == filed.works
    rejudged = cases.update_case(seat, filed.id, changed.version, filing(homes.flat, WATERPROOF))
    assert rejudged.law_version == "2030-01"


def test_a_stale_form_is_refused(seat: Seat, homes: Homes) -> None:
    filed = cases.file_case(seat, filing(homes.flat))
    changed = cases.update_case(seat, filed.id, filed.version, filing(homes.flat, remarks="一"))
    assert changed.version > filed.version
    with pytest.raises(Conflict):
        cases.update_case(seat, filed.id, filed.version, filing(homes.flat, remarks="二"))
    assert queries.case_detail(seat, filed.id).remarks == "一"


def test_changing_works_alone_makes_older_forms_stale(seat: Seat, homes: Homes) -> None:
    filed = cases.file_case(seat, filing(homes.flat))
    cases.update_case(seat, filed.id, filed.version, filing(homes.flat, WATERPROOF))
    with pytest.raises(Conflict):
        cases.update_case(seat, filed.id, filed.version, filing(homes.flat, PAINT))


# --- papers and start ------------------------------------------------------------------------------------


def test_documents_are_received_and_undone(seat: Seat, homes: Homes) -> None:
    filed = cases.file_case(seat, filing(homes.flat))
    noted = cases.receive_document(seat, filed.id, "scheme", TODAY)
    (paper,) = (paper for paper in noted.documents if paper.document == "scheme")
    assert paper.received_on == TODAY
    undone = cases.receive_document(seat, filed.id, "scheme", None)
    assert all(paper.received_on is None for paper in undone.documents)
    with pytest.raises(NotFound):
        cases.receive_document(seat, filed.id, "gas_approval", TODAY)
    with pytest.raises(InvalidInput):
        cases.receive_document(seat, filed.id, "scheme", TODAY + timedelta(days=1))


def test_work_starts_when_every_document_is_received(seat: Seat, homes: Homes) -> None:
    filed = cases.file_case(seat, filing(homes.flat))
    with pytest.raises(Conflict) as refused:
        cases.start_work(seat, filed.id)
    assert "Renovation scheme" in refused.value.message
    assert "Closed-water test" not in refused.value.message
    for paper in filed.documents:
        if paper.document != "water_test":
            cases.receive_document(seat, filed.id, paper.document, TODAY)
    assert obstacles(queries.case_detail(seat, filed.id)) == ()
    with pytest.raises(InvalidInput):
        cases.start_work(seat, filed.id, TODAY + timedelta(days=1))
    started = cases.start_work(seat, filed.id)
    assert (started.status, started.started_on) == (CaseStatus.UNDER_WAY, TODAY)
    with pytest.raises(Conflict):
        cases.start_work(seat, filed.id)


@pytest.mark.parametrize(
    ("works", "more", "word"),
    [
        ([ScopeItem("structure.opening")], {}, "Prohibited"),
        ([ScopeItem("walls.partition_remove")], {}, "checked"),
        ([WATERPROOF], {"contractor": "", "contractor_code": "", "contractor_lead": ""}, "firm"),
    ],
)
def test_work_does_not_start_against_the_law(
    seat: Seat, homes: Homes, works: list[ScopeItem], more: dict[str, object], word: str
) -> None:
    filed = receive_all(seat, cases.file_case(seat, filing(homes.flat, *works, **more)))
    assert len(obstacles(filed)) == 1
    with pytest.raises(Conflict, match=word):
        cases.start_work(seat, filed.id)
    assert queries.case_detail(seat, filed.id).status is CaseStatus.REGISTERED


def test_work_under_way_refuses_a_prohibited_change(seat: Seat, homes: Homes) -> None:
    filed = receive_all(seat, cases.file_case(seat, filing(homes.flat)))
    started = cases.start_work(seat, filed.id)
    barred = filing(homes.flat, PAINT, ScopeItem("structure.opening"))
    with pytest.raises(Conflict):
        cases.update_case(seat, filed.id, started.version, barred)
    longer = filing(homes.flat, ends_on=TODAY + timedelta(days=90))
    changed = cases.update_case(seat, filed.id, started.version, longer)
    assert changed.ends_on == TODAY + timedelta(days=90)
    assert [work.work for work in changed.works] == [work.work for work in filed.works]


# --- queries ---------------------------------------------------------------------------------------------


def test_cases_are_filtered_ordered_and_windowed(seat: Seat, homes: Homes) -> None:
    lane = cases.file_case(seat, filing(homes.lane_room, PAINT, role=HoldingRole.TENANT, applicant="李思南"))
    high = cases.file_case(seat, filing(homes.other_flat))
    low = cases.file_case(seat, filing(homes.flat))

    def numbers(query: BookQuery, **window: int) -> list[str]:
        return [row.fields.number for row in queries.list_cases(seat, query, **window).rows]

    assert numbers(BookQuery()) == [low.number, high.number, lane.number]
    assert numbers(BookQuery(sort="number"), offset=1, limit=1) == [high.number]
    assert queries.list_cases(seat, BookQuery(), 1, 1).total == 3
    # 501室 comes before 1101室
    assert numbers(BookQuery(facets={"estate_id": homes.estate}, sort="address")) == [
        low.number,
        high.number,
    ]
    assert numbers(BookQuery(facets={"unit_id": homes.lane_room})) == [lane.number]
    assert numbers(BookQuery(facets={"status": "under-way"})) == []
    for text in ("李思南", "lsn", "ncl168", "ZX2026-0001", "亭子间"):
        assert lane.number in numbers(BookQuery(text=text)), text
    assert numbers(BookQuery(text="李思南")) == [lane.number]
    (row,) = queries.list_cases(seat, BookQuery(facets={"unit_id": homes.flat})).rows
    assert row.extra["address"] == "福元小区1号楼501室"
    assert row.extra["missing"] == len([paper for paper in low.documents if paper.due == "start"])


def test_a_case_is_found_by_the_one_search_box(seat: Seat, homes: Homes) -> None:
    filed = cases.file_case(seat, filing(homes.flat))
    with seat.store.sessions() as session:
        for text in (filed.number, "5678", "fyxq 501", "zfy"):
            assert search.Hit(CASE, filed.id) in search.find(session, text, [CASE]), text


# --- papers and inspections ------------------------------------------------------------------------------


def test_the_registration_form_holds_what_was_filed(seat: Seat, homes: Homes) -> None:
    works = (
        PAINT,
        WATERPROOF,
        ScopeItem("structure.opening"),
        ScopeItem("services.gas"),
        ScopeItem("wet.drain"),
    )
    filed = cases.file_case(seat, filing(homes.flat, *works, received=("title",)))
    (sheet,) = sheet_data.registration_sheets(seat, [filed.id])
    assert (sheet.number, sheet.applicant, sheet.owner, sheet.role) == (
        filed.number,
        "张福元",
        "张福元",
        "业主",
    )
    assert sheet.house == "商品房、产权房"
    assert sheet.area == 8_856
    assert sheet.involves_5_to_8 is True
    assert sheet.hours.startswith("08:00–12:00、14:00–18:00")
    assert sheet.documents[0].received == TODAY
    needs = {work.name: work.needs for work in sheet.works}
    assert needs["墙面、顶面涂料与墙纸"] == ""
    assert "防水施工方案" in needs["重做厨卫防水层、地砖"]
    assert needs["承重墙上新开或扩大门窗洞口"] == "损坏承重结构。"
    assert "燃气经营企业" in needs["拆改、移位燃气管道或燃气表"]
    assert needs["改动户内排水管"].startswith("待核实：")
    printed = registration_form(sheet, "福元居民委员会", TODAY)
    assert printed.pdf.startswith(b"%PDF")


def test_a_lane_room_is_described_with_its_protection(seat: Seat, homes: Homes) -> None:
    filed = cases.file_case(seat, filing(homes.lane_room, PAINT, role=HoldingRole.TENANT))
    use_language("zh_CN")
    (sheet,) = sheet_data.registration_sheets(seat, [filed.id])
    assert sheet.house == "旧式里弄（含石库门）、直管公房、优秀历史建筑三类、风貌区核心保护范围"
    assert sheet.role == "公房承租人"
    assert sheet.owner.startswith("公房（房管单位：")
    assert sheet.involves_5_to_8 is False


def test_sites_are_inspected(seat: Seat, homes: Homes) -> None:
    filed = cases.file_case(seat, filing(homes.flat))
    assert sheet_data.inspection_subjects(seat) == ()
    receive_all(seat, filed)
    cases.start_work(seat, filed.id)
    (subject,) = sheet_data.inspection_subjects(seat)
    assert sheet_data.inspection_subjects(seat, [filed.id]) == (subject,)
    assert subject.title == "装修：墙面、顶面涂料与墙纸等2项"
    findings = tuple(Finding(item.key, Result.PASS) for item in checklist_for(SubjectKind.RENOVATION).items)
    visit = NewVisit(subject, seat.now(), Party.PROPERTY, "某甲", findings)
    logged = log_visit(seat, visit)
    assert logged.subject == "ZX2026-0001 福元小区1号楼501室"
    of_case = BookQuery(facets={"subject_kind": "renovation", "subject_id": filed.id})
    assert list_visits(seat, of_case).total == 1
    with pytest.raises(NotFound):
        log_visit(seat, replace(visit, subject=replace(subject, estate_id=homes.lane)))
    (sheet,) = visit_sheets(seat, [logged.id], [subject])
    assert (sheet.subject, sheet.address) == (subject.title, "福元小区1号楼501室")
    assert ("施工单位", "上海某某装饰工程有限公司") in sheet.facts


# --- roles -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "may_write"), [(Role.ADMIN, True), (Role.CLERK, True), (Role.VIEWER, False)]
)
def test_permissions_by_role(
    seat: Seat, seat_as: Callable[[Role], Seat], homes: Homes, role: Role, may_write: bool
) -> None:
    filed = receive_all(seat, cases.file_case(seat, filing(homes.flat)))
    as_role = seat_as(role)
    assert cases.judge_scope(as_role, homes.flat, [PAINT])
    assert queries.list_cases(as_role).total == 1
    assert queries.case_detail(as_role, filed.id)
    assert queries.find_case(as_role, filed.number)
    assert sheet_data.inspection_subjects(as_role, [filed.id])
    writes: list[Callable[[], object]] = [
        lambda: cases.file_case(as_role, filing(homes.other_flat)),
        lambda: cases.update_case(
            as_role, filed.id, queries.case_detail(seat, filed.id).version, filing(homes.flat)
        ),
        lambda: cases.receive_document(as_role, filed.id, "title", TODAY),
        lambda: cases.start_work(as_role, filed.id),
        lambda: queries.reveal(as_role, filed.id, "applicant"),
        lambda: queries.case_for_edit(as_role, filed.id),
        lambda: sheet_data.registration_sheets(as_role, [filed.id]),
    ]
    for write in writes:
        if may_write:
            write()
        else:
            with pytest.raises(NotAllowed):
                write()


def test_a_work_that_left_the_catalogue_stays_in_its_case_until_the_scope_changes(
    seat: Seat, homes: Homes, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = cases.file_case(seat, filing(homes.flat))
    now = cases.catalogue()
    without = replace(now, works={key: work for key, work in now.works.items() if key != "finish.paint"})
    for module in (cases, wording):
        monkeypatch.setattr(module, "catalogue", lambda: without)
    changed = cases.update_case(seat, filed.id, filed.version, filing(homes.flat, remarks="备注"))
    assert next(work.name for work in changed.works) == "墙面、顶面涂料与墙纸"
    assert changed.works[0].verdict is Verdict.ALLOWED
    with pytest.raises(InvalidInput) as refused:
        cases.update_case(
            seat, filed.id, changed.version, filing(homes.flat, PAINT, ScopeItem("services.gas"))
        )
    assert set(refused.value.fields) == {"works.finish.paint"}
