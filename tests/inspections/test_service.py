import errno
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select

from fuyuan_desk.access import drafts
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.records import NumberSeries
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import InvalidInput, NotAllowed, NotFound, Unusable
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import KeptPhoto, NewVisit, Subject
from fuyuan_desk.inspections.kinds import VISIT
from fuyuan_desk.inspections.records import VisitResult
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SubjectKind
from fuyuan_desk.inspections.service import page_data
from fuyuan_desk.inspections.service import photos as visit_photos
from fuyuan_desk.inspections.service.queries import list_visits, visit_detail, visits_for_export
from fuyuan_desk.inspections.service.sheet_data import visit_sheets
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.inspections.sheets import inspection_sheets
from fuyuan_desk.kit.attached import prepare_photo
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.db.attachments import Attachment
from fuyuan_desk.store.search import index as search
from tests.disk import FaultyDisk
from tests.inspections.conftest import draft_photos

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ORDER = ExportOrder("核对", "某物业公司")
ROUND = checklist_for(SubjectKind.ESTATE)


@pytest.fixture
def subject(seat: Seat) -> Subject:
    fields = EstateFields(
        name="福元小区", address="福元路1号", house_kind="commodity", property_company="某物业公司"
    )
    estates.save_estate(seat, fields)
    return estate_subjects(seat)[0]


def visit(subject: Subject, *failing: str, **more: object) -> NewVisit:
    findings = tuple(
        Finding(item.key, Result.FAIL, "三楼堆物") if item.key in failing else Finding(item.key, Result.PASS)
        for item in ROUND.items
    )
    default = NewVisit(subject, NOW, Party.COMMITTEE, "某甲、某乙", findings)
    return replace(default, **more)  # type: ignore[arg-type]


def picture(colour: str = "red") -> NewPhoto:
    raw = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(raw, "JPEG")
    return NewPhoto(raw.getvalue(), 320, 240, "三楼走道")


def pictures() -> tuple[NewPhoto, ...]:
    """Return as many photos as a visit may have, each another one."""
    return tuple(picture(f"#{number:02x}0000") for number in range(0, visit_photos.MOST * 4, 4))


def test_a_round_is_logged_and_read_back(seat: Seat, subject: Subject) -> None:
    logged = log_visit(
        seat,
        visit(
            subject,
            "corridor_free",
            handling=Conclusion.DEADLINE,
            deadline=date(2026, 3, 9),
            accompanying="某丙",
            remarks="已告知住户",
            photos=(picture(),),
        ),
    )
    stored = visit_detail(seat, logged.id)
    assert stored == logged
    assert stored.number == "XC2026-0001"
    assert (stored.estate, stored.subject, stored.kind) == ("福元小区", "福元小区", SubjectKind.ESTATE)
    assert (stored.conclusion, stored.deadline, stored.report_by) == (
        Conclusion.DEADLINE,
        date(2026, 3, 9),
        None,
    )
    assert (stored.inspectors, stored.accompanying, stored.remarks) == ("某甲、某乙", "某丙", "已告知住户")
    assert [item.item for item in stored.items] == [item.key for item in ROUND.items]
    failed = [item for item in stored.items if item.result is Result.FAIL]
    assert [(item.item, item.remark) for item in failed] == [("corridor_free", "三楼堆物")]
    assert "《中华人民共和国消防法》第二十八条" in failed[0].clauses
    assert [photo.caption for photo in stored.photos] == ["三楼走道"]


def test_a_visit_is_read_in_the_language_of_the_screen(seat: Seat, subject: Subject) -> None:
    logged = log_visit(seat, visit(subject))
    first = ROUND.items[0]
    assert (logged.items[0].text, logged.items[0].group) == (first.text_en, first.group_en)
    assert not any(re.search("[一-鿿]", item.text) for item in logged.items)
    with in_chinese():
        shown = visit_detail(seat, logged.id).items
    assert (shown[0].text, shown[0].group) == (first.text, first.group)
    with seat.store.use() as session:  # worded as no checklist words it
        for row in session.scalars(select(VisitResult)):
            row.text = "旧写法"
        session.commit()
    assert {(item.text, item.group) for item in visit_detail(seat, logged.id).items} == {
        ("旧写法", item.group) for item in ROUND.items
    }


def test_numbers_have_no_gaps_even_when_a_visit_is_refused(seat: Seat, subject: Subject) -> None:
    first = log_visit(seat, visit(subject))
    with pytest.raises(InvalidInput):
        log_visit(seat, visit(subject, photos=(picture(),) * (visit_photos.MOST + 1)))
    with pytest.raises(NotFound):
        log_visit(seat, visit(replace(subject, id=99)))
    second = log_visit(seat, visit(subject))
    assert [first.number, second.number] == ["XC2026-0001", "XC2026-0002"]


def test_a_visit_that_the_disk_refuses_leaves_no_picture(
    seat: Seat, subject: Subject, disk: FaultyDisk
) -> None:
    media = seat.store.folder / "media"
    with disk.failing("replace", errno.ENOSPC, media, after=1), pytest.raises(Unusable):
        log_visit(seat, visit(subject, photos=(picture(), picture("blue"))))
    assert seat.store.media.orphans([]) == []
    logged = log_visit(seat, visit(subject, photos=(picture(),)))
    with disk.failing("replace", errno.ENOSPC, media, after=1), pytest.raises(Unusable):
        visit_photos.add_photos(seat, logged.id, (picture(), picture("blue"), picture("green")))
    # the first picture belongs to the visit and is kept, the blue one is discarded
    assert seat.store.media.orphans([logged.photos[0].content]) == []


def test_a_file_that_is_no_picture_is_refused_before_it_is_stored() -> None:
    with pytest.raises(InvalidInput, match="not a picture"):
        prepare_photo(b"no picture", False)


def test_photos_are_added_shown_and_removed(seat: Seat, subject: Subject) -> None:
    logged = log_visit(seat, visit(subject))
    other = visit_photos.keep_draft_photo(seat, "visit:new", picture("green"))
    shown = visit_photos.add_photos(seat, logged.id, (picture(), picture("green"))).photos
    assert [(photo.width, photo.height) for photo in shown] == [(320, 240), (320, 240)]
    raw = visit_photos.read_photo(seat, shown[0].id)
    assert Image.open(io.BytesIO(raw)).size == (320, 240)
    assert max(Image.open(io.BytesIO(visit_photos.read_photo(seat, shown[0].id, small=True))).size) == 256
    for photo in shown:
        visit_photos.remove_photo(seat, photo.id)
    assert visit_detail(seat, logged.id).photos == ()
    # the green one is still used by another visit
    assert visit_photos.read_photo(seat, other.id)
    assert seat.store.media.verify([other.content]) == []
    with pytest.raises(NotFound):
        visit_photos.read_photo(seat, shown[0].id)


def test_too_many_photos_are_refused(seat: Seat, subject: Subject) -> None:
    logged = log_visit(seat, visit(subject, photos=pictures()))
    with pytest.raises(InvalidInput) as refused:
        visit_photos.add_photos(seat, logged.id, (picture("blue"),))
    assert "photos" in refused.value.fields
    with seat.store.sessions() as session:
        assert session.scalar(select(func.count(Attachment.id))) == visit_photos.MOST


def test_errors_name_their_fields(seat: Seat, subject: Subject) -> None:
    invalid = visit(subject, "gate", inspectors=" ", at=NOW + timedelta(hours=1), remarks="长" * 4_001)
    with pytest.raises(InvalidInput) as refused:
        log_visit(seat, invalid)
    assert set(refused.value.fields) == {"inspectors", "at", "handling", "remarks"}
    with pytest.raises(InvalidInput) as refused:
        log_visit(seat, visit(subject, findings=()))
    assert {f"item.{item.key}" for item in ROUND.items} == set(refused.value.fields)


def test_a_reported_visit_has_a_reporting_deadline(seat: Seat, subject: Subject) -> None:
    logged = log_visit(
        seat, visit(subject, "building", handling=Conclusion.REPORT, deadline=date(2026, 3, 9))
    )
    assert logged.report_by == NOW + timedelta(hours=24)
    assert logged.deadline is None


def test_the_log_is_filtered_ordered_and_windowed(seat: Seat, subject: Subject) -> None:
    estates.save_estate(seat, EstateFields(name="富南大厦", house_kind="mixed-use"))
    tower = next(s for s in estate_subjects(seat) if s.name == "富南大厦")
    for day in range(5):
        log_visit(seat, visit(subject, at=NOW - timedelta(days=day)))
    failing = visit(
        tower,
        "gate",
        "patrol",
        party=Party.PROPERTY,
        inspectors="某丁",
        handling=Conclusion.ON_THE_SPOT,
        photos=(picture(),),
    )
    of_tower = log_visit(seat, failing)

    everything = list_visits(seat)
    assert everything.total == 6
    assert [row.fields.at for row in everything.rows] == sorted(
        (row.fields.at for row in everything.rows), reverse=True
    )
    window = list_visits(seat, offset=4, limit=10)
    assert (window.total, len(window.rows)) == (6, 2)
    (row,) = list_visits(seat, BookQuery(facets={"estate_id": tower.id})).rows
    assert (row.id, row.names["estate_id"], row.extra["failures"], row.extra["photos"]) == (
        of_tower.id,
        "富南大厦",
        2,
        1,
    )
    assert row.fields.conclusion == Conclusion.ON_THE_SPOT
    assert list_visits(seat, BookQuery(facets={"party": "property"})).total == 1
    assert list_visits(seat, BookQuery(facets={"subject_kind": "renovation"})).total == 0
    assert (
        list_visits(seat, BookQuery(facets={"subject_kind": "estate", "subject_id": subject.id})).total == 5
    )
    days = BookQuery(facets={"at": (date(2026, 2, 27), date(2026, 2, 28))})
    assert list_visits(seat, days).total == 2
    assert list_visits(seat, BookQuery(text="fndx")).rows == (row,)
    assert list_visits(seat, BookQuery(text="某丁")).rows == (row,)
    by_failures = list_visits(seat, BookQuery(sort="failures", descending=True))
    assert by_failures.rows[0] == row
    by_number = list_visits(seat, BookQuery(sort="number", descending=False))
    assert [r.fields.number for r in by_number.rows] == sorted(r.fields.number for r in by_number.rows)


def test_a_visit_is_found_by_its_number(seat: Seat, subject: Subject) -> None:
    logged = log_visit(seat, visit(subject))
    with seat.store.sessions() as session:
        assert search.Hit(VISIT, logged.id) in search.find(session, logged.number, [VISIT])


def test_sheets_hold_the_findings(seat: Seat, subject: Subject) -> None:
    logged = log_visit(
        seat, visit(subject, "gate", handling=Conclusion.ON_THE_SPOT, photos=(picture(),), remarks="已补岗")
    )
    (sheet,) = visit_sheets(seat, [logged.id])
    assert (sheet.number, sheet.kind, sheet.subject, sheet.address) == (
        "XCB-2026-000001",
        "estate",
        "福元小区",
        "福元路1号",
    )
    assert sheet.parties == ("committee",)
    assert (sheet.conclusion, sheet.photos, sheet.details) == ("on-the-spot", 1, "已补岗")
    assert ("物业服务企业", "某物业公司") in sheet.facts
    assert [item.result for item in sheet.items].count("fail") == 1
    assert sheet.day == NOW.astimezone().date()
    with seat.store.sessions() as session:
        prints = select(AuditEntry).where(AuditEntry.action == "print")
        assert [entry.record_id for entry in session.scalars(prints)] == [logged.id]
    assert sheet.record == "巡查记录号：XC2026-0001"
    blank = page_data.blank_papers(seat, [subject, subject]).sheets
    assert len(blank) == 2
    assert blank[0].day is None
    assert {item.result for item in blank[0].items} == {""}
    assert inspection_sheets([sheet, *blank], "福元居民委员会", date(2026, 3, 2)).pdf.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("role", "may_write"), [(Role.ADMIN, True), (Role.CLERK, True), (Role.VIEWER, False)]
)
def test_permissions_by_role(
    seat: Seat, seat_as: Callable[[Role], Seat], subject: Subject, role: Role, may_write: bool
) -> None:
    logged = log_visit(seat, visit(subject, photos=(picture(),)))
    photo = logged.photos[0].id
    as_role = seat_as(role)
    assert estate_subjects(as_role)
    assert list_visits(as_role).total == 1
    assert visit_detail(as_role, logged.id)
    assert visit_sheets(as_role, [logged.id])
    assert visit_photos.read_photo(as_role, photo)
    writes: list[Callable[[], object]] = [
        lambda: log_visit(as_role, visit(subject)),
        lambda: visit_photos.add_photos(as_role, logged.id, (picture("blue"),)),
        lambda: visit_photos.remove_photo(as_role, photo),
    ]
    for write in writes:
        if may_write:
            write()
        else:
            with pytest.raises(NotAllowed):
                write()


def test_photos_of_a_draft_move_to_the_visit(seat: Seat, subject: Subject) -> None:
    first = visit_photos.keep_draft_photo(seat, "visit:new", picture())
    second = visit_photos.keep_draft_photo(seat, "visit:new", picture("blue"))
    assert draft_photos(seat) == [first.id, second.id]
    logged = log_visit(seat, visit(subject, kept_photos=(KeptPhoto(second.id, " 二楼 "),)))
    assert [(photo.content, photo.caption) for photo in logged.photos] == [(second.content, "二楼")]
    with pytest.raises(NotFound):
        log_visit(seat, visit(subject, kept_photos=(KeptPhoto(second.id),)))
    drafts.save_draft(seat, "visit:new", {"remarks": "x"})
    visit_photos.drop_draft(seat, "visit:new")
    assert drafts.load_draft(seat, "visit:new") is None
    assert draft_photos(seat) == []
    assert seat.store.media.verify([second.content]) == []


def test_photos_of_drafts_with_long_keys_are_kept_apart(seat: Seat) -> None:
    one, other = (f"visit:new:{'9' * 40}:{number}" for number in (1, 2))
    visit_photos.keep_draft_photo(seat, one, picture())
    kept = visit_photos.keep_draft_photo(seat, other, picture("blue"))
    visit_photos.drop_draft(seat, one)
    assert visit_photos.read_photo(seat, kept.id)
    operator = seat.operator.id
    owners = {visit_photos.draft_owner(operator, key) for key in (one, other, "visit:new")}
    assert len(owners) == 3
    assert all(owner.startswith(f"{operator}:") and len(owner) <= 32 for owner in owners)
    assert visit_photos.draft_owner(operator, "visit:new") == f"{operator}:visit:new", (
        "as earlier versions stored"
    )


def test_a_draft_holds_no_more_photos_than_a_visit(seat: Seat, subject: Subject) -> None:
    for photo in pictures():
        kept = visit_photos.keep_draft_photo(seat, "visit:new", photo)
    with pytest.raises(InvalidInput) as refused:
        visit_photos.keep_draft_photo(seat, "visit:new", picture("blue"))
    assert "photos" in refused.value.fields
    assert seat.store.media.verify([kept.content]) == []


def test_photos_of_another_operators_draft_are_not_accessible(
    seat: Seat, subject: Subject, seat_as: Callable[[Role], Seat]
) -> None:
    kept = visit_photos.keep_draft_photo(seat, "visit:new", picture())
    clerk = seat_as(Role.CLERK)
    with pytest.raises(NotFound):
        log_visit(clerk, visit(subject, kept_photos=(KeptPhoto(kept.id),)))
    with pytest.raises(NotAllowed):
        visit_photos.keep_draft_photo(seat_as(Role.VIEWER), "visit:new", picture())


def test_captions_are_changed(seat: Seat, subject: Subject) -> None:
    logged = log_visit(seat, visit(subject, photos=(picture(),)))
    visit_photos.caption_photo(seat, logged.photos[0].id, " 门口 ")
    assert visit_detail(seat, logged.id).photos[0].caption == "门口"


def test_visits_are_sorted_in_natural_order(seat: Seat, subject: Subject) -> None:
    tenth = estates.save_estate(seat, EstateFields(name="南昌路10弄")).id
    ninth = estates.save_estate(seat, EstateFields(name="南昌路9弄")).id
    for estate in (tenth, ninth):
        log_visit(seat, visit(estate_subjects(seat, [estate])[0]))
    failing = {"handling": Conclusion.DEADLINE, "deadline": date(2026, 3, 9)}
    log_visit(seat, visit(subject, "lights", **failing))

    def listed(sort: str, descending: bool) -> list[str]:
        query = BookQuery(sort=sort, descending=descending)
        return [row.names["estate_id"] for row in list_visits(seat, query).rows]

    assert listed("estate_id", False)[:2] == ["南昌路9弄", "南昌路10弄"]
    assert listed("deadline", False)[0] == "福元小区"
    assert listed("deadline", True)[0] == "福元小区"


def test_numbers_sort_beyond_four_digits(seat: Seat, subject: Subject) -> None:
    with seat.store.sessions() as session:
        session.add(NumberSeries(series="visit", year=2026, last=9_998))
        session.commit()
    for _count in range(2):
        log_visit(seat, visit(subject))
    query = BookQuery(sort="number", descending=True)
    assert [row.fields.number for row in list_visits(seat, query).rows] == ["XC2026-10000", "XC2026-9999"]


def test_exports_and_prints_are_audited(
    seat: Seat, subject: Subject, seat_as: Callable[[Role], Seat]
) -> None:
    logged = log_visit(seat, visit(subject))
    assert [row.id for row in visits_for_export(seat, ORDER, BookQuery(text="福元")).rows] == [logged.id]
    sheets = page_data.blank_papers(seat, [subject], Party.PROPERTY)
    assert (sheets.office, sheets.sheets[0].subject) == ("黄浦区瑞金二路街道福元居民委员会", "福元小区")
    assert logged.number in page_data.visit_papers(seat, [logged.id]).sheets[0].record
    with pytest.raises(NotAllowed):
        visits_for_export(seat_as(Role.VIEWER), ORDER, BookQuery())
    with seat.store.sessions() as session:
        actions = [(entry.action, entry.table_name) for entry in session.scalars(select(AuditEntry))]
    assert ("export", "visit") in actions
    assert ("print", "estate") in actions
    assert ("print", "visit") in actions


def test_a_round_of_an_estate_fits_one_sheet(seat: Seat) -> None:
    fields = EstateFields("南昌路168弄", street="瑞金二路街道", property_company="瑞金旧里物业有限公司")
    estates.save_estate(seat, fields)
    [subject] = estate_subjects(seat)
    (sheet,) = page_data.blank_papers(seat, [subject]).sheets
    assert sheet.record == f"小区编号：XQ{subject.id:04d}"
    assert inspection_sheets([sheet], "福元居民委员会", date(2026, 3, 2)).pages == 1
