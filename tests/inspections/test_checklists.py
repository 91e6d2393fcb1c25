"""Versions of checklists on a real store: edited, published, entered from paper and withdrawn."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit, Subject, VersionDetail, VersionFields
from fuyuan_desk.inspections.rules.checklists import TypedItem, VersionStatus, type_item
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SheetScope, SubjectKind
from fuyuan_desk.inspections.service import checklists as service
from fuyuan_desk.inspections.service.for_other_jobs import last_finding, last_visit, last_visit_days
from fuyuan_desk.inspections.service.page_data import blank_papers, visit_previews
from fuyuan_desk.inspections.service.queries import visit_detail
from fuyuan_desk.inspections.service.rechecks import before_visit, open_failures
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.book import Known

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ORDER = ExportOrder("核对", "街道办事处")
SHIPPED = checklist_for(SubjectKind.ESTATE)
ITEMS = (
    TypedItem("pressure", "消防", "灭火器压力", "FIRE§28", "number", "MPa", "1.0", "1.4", severity="urgent"),
    TypedItem("lamp", "照明", "楼道灯", kind="choice", choices="亮；闪；不亮", passing="亮", photo="failed"),
    TypedItem("note", "门牌", "𬭼字门牌写法", kind="text"),
    TypedItem("door", "门牌", "单元门关闭", mandatory=True),
)


def known(detail: VersionDetail) -> Known:
    assert detail.line.id is not None
    return Known(detail.line.id, detail.record_version)


def draft(seat: Seat, items: tuple[TypedItem, ...] = ITEMS) -> VersionDetail:
    begun = service.begin_version(seat, SHIPPED.key, SHIPPED.version)
    return service.save_draft_version(seat, VersionFields("冬季巡查表", "Winter", items), known(begun))


def published(seat: Seat, items: tuple[TypedItem, ...] = ITEMS, days: int = 0) -> VersionDetail:
    made = draft(seat, items)
    return service.publish_version(seat, fields_of(made, seat.today() + timedelta(days)), known(made))


def fields_of(detail: VersionDetail, effective_on: date | None) -> VersionFields:
    return VersionFields(detail.name, detail.name_en, detail.items, effective_on)


def later(seat: Seat, days: int) -> Seat:
    return replace(seat, now=lambda: NOW + timedelta(days=days))


@pytest.fixture
def subject(seat: Seat, two_estates: tuple[int, int]) -> Subject:
    return estate_subjects(seat, [two_estates[0]])[0]


def answered(pressure: str = "1.2", lamp: str = "亮") -> tuple[Finding, ...]:
    return (
        Finding("pressure", Result.PASS, "2号楼底层", pressure),
        Finding("lamp", Result.PASS, "三楼", lamp),
        Finding("note", Result.PASS, "", "𬭼字"),
        Finding("door", Result.PASS),
    )


def visit(subject: Subject, findings: tuple[Finding, ...], **more: object) -> NewVisit:
    default = NewVisit(subject, NOW, Party.COMMITTEE, "某甲", findings)
    return replace(default, **more)  # type: ignore[arg-type]


def test_a_draft_is_edited_and_a_published_version_never(seat: Seat) -> None:
    begun = service.begin_version(seat, SHIPPED.key, SHIPPED.version)
    assert begun.items == tuple(map(type_item, SHIPPED.items)) == begun.before
    assert (begun.line.version, begun.line.status, begun.before_version) == (
        "v1", VersionStatus.DRAFT, SHIPPED.version,
    )  # fmt: skip
    with pytest.raises(Conflict, match="has a draft already"):
        service.begin_version(seat, SHIPPED.key, SHIPPED.version)
    broken = (replace(ITEMS[0], low="高"), *ITEMS[1:])
    saved = service.save_draft_version(seat, VersionFields("冬季巡查表", "", broken), known(begun))
    assert saved.items[0].low == "高", "what is typed is kept as it is"
    with pytest.raises(InvalidInput, match=r"Item 1: Enter a number"):
        service.publish_version(seat, fields_of(saved, seat.today()), known(saved))
    with pytest.raises(Conflict, match="Somebody else"):
        service.save_draft_version(seat, VersionFields("旧", "", ITEMS), known(begun))
    saved = service.save_draft_version(seat, VersionFields("冬季巡查表", "", ITEMS), known(saved))
    with pytest.raises(InvalidInput, match="is past"):
        service.publish_version(seat, fields_of(saved, seat.today() - timedelta(1)), known(saved))
    with pytest.raises(InvalidInput, match="from which day"):
        service.publish_version(seat, fields_of(saved, None), known(saved))
    made = service.publish_version(seat, fields_of(saved, seat.today()), known(saved))
    assert (made.line.status, made.line.counts, made.line.effective_on) == (
        VersionStatus.PUBLISHED, True, seat.today(),
    )  # fmt: skip
    for change in (
        lambda: service.save_draft_version(seat, VersionFields("改", "", ITEMS), known(made)),
        lambda: service.publish_version(seat, fields_of(made, seat.today()), known(made)),
        lambda: service.remove_draft_version(seat, known(made)),
    ):
        with pytest.raises(Conflict, match="never changes"):
            change()
    assert service.read_version(seat, SHIPPED.key, "v1") == service.read_draft(seat, known(made).id) == made
    assert [line.version for line in service.list_versions(seat) if line.key == SHIPPED.key] == [
        "v1", SHIPPED.version,
    ]  # fmt: skip


def test_names_and_sizes_are_refused_at_their_fields(seat: Seat) -> None:
    begun = service.begin_version(seat, SHIPPED.key, SHIPPED.version)
    many = tuple(replace(ITEMS[3], key=f"i{n}") for n in range(201))
    for name, items, field in (("  ", ITEMS, "name"), ("长" * 41, ITEMS, "name"), ("表", many, "items")):
        with pytest.raises(InvalidInput) as refused:
            service.save_draft_version(seat, VersionFields(name, "", items), known(begun))
        assert field in refused.value.fields
    empty = service.save_draft_version(seat, VersionFields("表", "", ()), known(begun))
    with pytest.raises(InvalidInput, match="no items"):
        service.publish_version(seat, fields_of(empty, seat.today()), known(empty))


def test_a_visit_keeps_value_unit_and_severity(seat: Seat, subject: Subject) -> None:
    published(seat)
    logged = log_visit(
        seat, visit(subject, answered("１．６"), handling=Conclusion.ON_THE_SPOT)
    )  # full-width, and out of range although it was sent as passed
    assert [(item.item, item.result, item.value) for item in logged.items] == [
        ("pressure", Result.FAIL, "1.6 MPa"),
        ("lamp", Result.PASS, "亮"),
        ("note", Result.PASS, "𬭼字"),
        ("door", Result.PASS, ""),
    ]
    assert (logged.checklist, logged.checklist_version) == (SHIPPED.key, "v1")
    assert visit_detail(seat, logged.id) == logged
    [copy] = visit_previews(seat, [logged.id]).sheets
    first = copy.items[0]
    assert (first.value, first.unit, first.range) == ("1.6", "MPa", "1.0–1.4 MPa")


@pytest.mark.parametrize(
    ("finding", "message"),
    [
        (Finding("pressure", Result.PASS, "", "高"), "Enter what was found"),
        (Finding("lamp", Result.PASS, "", "灭"), "Enter what was found"),
        (Finding("lamp", Result.FAIL, "三楼", "不亮"), "needs a photo"),
        (Finding("door", Result.NOT_APPLICABLE), "must be inspected"),
    ],
)
def test_an_answer_that_is_none_is_refused_at_its_item(
    seat: Seat, subject: Subject, finding: Finding, message: str
) -> None:
    published(seat)
    others = (one for one in answered() if one.item != finding.item)
    with pytest.raises(InvalidInput) as refused:
        log_visit(seat, visit(subject, (*others, finding), handling=Conclusion.ON_THE_SPOT))
    assert message in refused.value.fields[f"item.{finding.item}"]


def test_the_version_of_the_day_of_the_visit_counts(seat: Seat, subject: Subject) -> None:
    published(seat, days=3)
    all_passed = tuple(Finding(item.key, Result.PASS) for item in SHIPPED.items)
    assert log_visit(seat, visit(subject, all_passed)).checklist_version == SHIPPED.version
    after = later(seat, 5)
    assert log_visit(after, visit(subject, all_passed)).checklist_version == SHIPPED.version, "by its day"
    today = visit(subject, answered(), at=after.now())
    assert log_visit(after, today).checklist_version == "v1"


def test_a_sheet_is_entered_with_the_version_it_was_printed_with(seat: Seat, subject: Subject) -> None:
    first = published(seat)
    [sheet, copy] = blank_papers(seat, [subject, subject]).sheets
    assert [item.text for item in sheet.items] == [item.text for item in ITEMS]
    second = service.begin_version(seat, SHIPPED.key, "v1")
    fewer = service.save_draft_version(seat, VersionFields("新表", "", ITEMS[3:]), known(second))
    service.publish_version(seat, fields_of(fewer, seat.today()), known(fewer))
    withdrawn = service.withdraw_version(seat, known(first))
    assert withdrawn.line.status is VersionStatus.WITHDRAWN
    before = before_visit(seat, SubjectKind.ESTATE, subject.id, sheet.number)
    assert before.sheet is not None
    assert before.sheet.checklist is not None
    assert before.sheet.checklist.version == "v1"
    logged = log_visit(seat, visit(subject, answered(), sheet=sheet.number))
    assert (logged.checklist_version, len(logged.items)) == ("v1", 4)
    with pytest.raises(InvalidInput) as refused:  # the items of the new version do not answer the old sheet
        log_visit(seat, visit(subject, (Finding("door", Result.PASS),), sheet=copy.number))
    assert "item.pressure" in refused.value.fields
    assert log_visit(seat, visit(subject, (Finding("door", Result.PASS),))).checklist_version == "v2"


def test_a_withdrawn_version_gives_way_to_the_one_before(seat: Seat, subject: Subject) -> None:
    made = published(seat)
    later_seat = later(seat, 2)
    service.withdraw_version(later_seat, known(made))
    with pytest.raises(Conflict, match="can be withdrawn"):
        service.withdraw_version(later_seat, Known(known(made).id, known(made).version + 1))
    [blank] = blank_papers(later_seat, [subject]).sheets
    assert len(blank.items) > len(ITEMS), "the shipped one counts again"
    yesterday = visit(subject, answered(), at=NOW + timedelta(days=1))
    assert log_visit(later_seat, yesterday).checklist_version == "v1", "it counted on that day"


def test_a_checklist_of_the_office_is_offered_beside_the_shipped_one(seat: Seat, subject: Subject) -> None:
    begun = service.begin_checklist(seat, SubjectKind.ESTATE, "电梯巡查表")
    saved = service.save_draft_version(seat, VersionFields("电梯巡查表", "", ITEMS), known(begun))
    service.publish_version(seat, fields_of(saved, seat.today()), known(saved))
    key = begun.line.key
    [own] = blank_papers(seat, [subject], None, SheetScope.ESTATE, key).sheets
    assert [item.text for item in own.items] == [item.text for item in ITEMS]
    [usual] = blank_papers(seat, [subject]).sheets
    assert len(usual.items) > len(ITEMS)
    logged = log_visit(seat, visit(subject, answered(), checklist=key))
    assert (logged.checklist, logged.checklist_version) == (key, "v1")


def test_a_draft_is_removed_with_its_checklist(seat: Seat) -> None:
    begun = service.begin_checklist(seat, SubjectKind.ESTATE, "电梯巡查表")
    service.remove_draft_version(seat, known(begun))
    assert all(line.id is None for line in service.list_versions(seat))
    with pytest.raises(InvalidInput):
        service.begin_checklist(seat, SubjectKind.ESTATE, " ")


def test_clauses_are_found_by_citation_and_words(seat: Seat) -> None:
    found = service.find_clauses(seat, "消防 28")
    assert "FIRE§28" in [ref for ref, _words in found]
    assert service.find_clauses(seat, " ") == ()
    with in_chinese():
        assert "消防法" in dict(service.find_clauses(seat, "fire§28"))["FIRE§28"]
    assert not service.is_known_clause("FIRE§9999")


def test_a_version_leaves_the_office_on_order_only(seat: Seat) -> None:
    made = published(seat)
    export = service.checklist_for_export(seat, ORDER, SHIPPED.key, made.line.version)
    assert export.rows == made.items
    with pytest.raises(InvalidInput):
        service.checklist_for_export(seat, ExportOrder(), SHIPPED.key, SHIPPED.version)


def test_a_property_company_edits_nothing(seat: Seat) -> None:
    other = replace(seat, operator=replace(seat.operator, role=Role.PROPERTY))
    with pytest.raises(NotAllowed):
        service.begin_version(other, SHIPPED.key, SHIPPED.version)


def test_another_checklist_puts_nothing_right_and_is_no_round(seat: Seat, subject: Subject) -> None:
    begun = service.begin_checklist(seat, SubjectKind.ESTATE, "电梯表")
    made = VersionFields("电梯表", "", ITEMS[3:], seat.today())
    service.publish_version(seat, made, known(begun))
    first = SHIPPED.items[0].key
    findings = tuple(
        Finding(item.key, Result.FAIL, "坏了") if item.key == first else Finding(item.key, Result.PASS)
        for item in SHIPPED.items
    )
    hour = timedelta(hours=1)
    log_visit(
        seat,
        visit(subject, findings, at=NOW - 2 * hour, handling=Conclusion.DEADLINE, deadline=NOW.date()),
    )
    own = visit(subject, (Finding("door", Result.PASS),), at=NOW - hour, checklist=begun.line.key)
    log_visit(seat, own)
    failed = before_visit(seat, SubjectKind.ESTATE, subject.id).failed
    assert failed is not None
    assert list(failed.items) == [first], "the other checklist did not look at it"
    with seat.store.use() as session:
        assert [visit.number for visit, _n in open_failures(session, NOW - timedelta(days=9))] == [
            "XC2026-0001"
        ]
        found = last_finding(session, SubjectKind.ESTATE, subject.id)
        last = last_visit(session, SubjectKind.ESTATE, subject.id)
        days = last_visit_days(session, SubjectKind.ESTATE, [begun.line.key])
        assert last_visit_days(session, SubjectKind.ESTATE, ["other"]) == {}
    assert found is not None
    assert last is not None
    assert (found.number, last.number) == ("XC2026-0001", "XC2026-0002")
    assert list(days) == [subject.id]
