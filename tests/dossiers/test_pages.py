"""Attached pages in files: listed with their number, and printed at the end of an unmasked file only."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from PySide6.QtWidgets import QWidget
from sqlalchemy import select

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import InvalidInput, Unusable
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.dossiers.controller import FilesController
from fuyuan_desk.dossiers.facts import FilePaper
from fuyuan_desk.dossiers.rules import MOST_PRINTED, About, Level, attached_text, pages_fault
from fuyuan_desk.dossiers.service import file_for_export, read_file
from fuyuan_desk.estates.records import Building, Unit
from fuyuan_desk.estates.service import notice_pages
from fuyuan_desk.facilities.records import Facility, FacilityCheck
from fuyuan_desk.facilities.service import check_pages
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.widgets.work import Worker
from tests.dossiers.conftest import PARTS, an_estate, held
from tests.dossiers.test_service import second

OWN = "福元小区"
ORDER = ExportOrder("核对", "街道办事处")


def page(shade: int) -> NewPhoto:
    out = BytesIO()
    Image.new("RGB", (30, 40), (shade, shade, shade)).save(out, "JPEG")
    return NewPhoto(out.getvalue(), 30, 40)


@pytest.fixture
def building(sample_seat: Seat) -> int:
    """A building of the estate whose notice has two pages."""
    estate = an_estate(sample_seat, OWN)
    query = select(Building.id).where(Building.estate_id == estate).order_by(Building.order_key)
    found = int(held(sample_seat, query)[0])
    notice_pages.add_pages(sample_seat, found, (page(10), page(200)))
    return found


def texts_of(seat: Seat, about: About, key: int) -> list[str]:
    shown = read_file(seat, about, key, PARTS).shown
    return [attached_text(section.attached) for section in shown.sections if section.attached]


def test_a_notice_is_named_in_the_files_of_its_estate_and_homes(sample_seat: Seat, building: int) -> None:
    unit = held(sample_seat, select(Unit.id).where(Unit.building_id == building))[0]
    for about, key in ((About.UNIT, unit), (About.ESTATE, an_estate(sample_seat, OWN))):
        assert texts_of(sample_seat, about, key) == ["Notice of protection 1号楼, 2 pages"]


def test_a_certificate_is_named_with_its_facility_and_day(sample_seat: Seat) -> None:
    query = select(FacilityCheck.id, Facility.estate_id).join(Facility)
    with sample_seat.store.use() as session:
        check, estate = session.execute(query.order_by(FacilityCheck.id)).all()[0]
    check_pages.add_pages(sample_seat, check, (page(10),))
    [text] = texts_of(sample_seat, About.ESTATE, estate)
    assert text.startswith("Certificate ")
    assert text.endswith(", 1 page")


def order(seat: Seat, level: Level, *, with_pages: bool = True) -> FilePaper:
    agreed = replace(seat, second=second(seat)) if level is Level.FULL else seat
    estate = an_estate(seat, OWN)
    wanted = replace(ORDER, unmasked=level is Level.FULL)
    is_posted = level is Level.POSTED
    return file_for_export(agreed, wanted, About.ESTATE, estate, PARTS, is_posted, with_pages)


def test_an_unmasked_file_holds_the_pages_in_their_order(sample_seat: Seat, building: int) -> None:
    paper = order(sample_seat, Level.FULL)
    assert [(one.title, one.number, one.of) for one in paper.pages] == [
        ("保护告知书 1号楼", 1, 2),
        ("保护告知书 1号楼", 2, 2),
    ]
    shades = (Image.open(BytesIO(one.jpeg)).getpixel((5, 5)) for one in paper.pages)
    assert [found[0] for found in shades if isinstance(found, tuple)] == [10, 200]
    exports = select(AuditEntry.changes).where(AuditEntry.action == "export").order_by(AuditEntry.id.desc())
    assert '"pages":2' in held(sample_seat, exports)[0].replace(" ", "")
    assert order(sample_seat, Level.FULL, with_pages=False).pages == ()


@pytest.mark.parametrize("level", [Level.MASKED, Level.POSTED])
def test_a_picture_is_in_no_masked_or_posted_file(sample_seat: Seat, building: int, level: Level) -> None:
    with pytest.raises(InvalidInput) as refused:
        order(sample_seat, level)
    assert "cannot be masked" in refused.value.fields["pages"]
    paper = order(sample_seat, level, with_pages=False)
    named = [one.title for section in paper.shown.sections for one in section.attached]
    assert bool(named) == (level is Level.MASKED)


def test_a_page_whose_file_is_gone_is_told_and_no_number_is_used(sample_seat: Seat, building: int) -> None:
    first = order(sample_seat, Level.FULL, with_pages=False).number
    for path in (sample_seat.store.folder / "media").rglob("*.bin"):
        path.unlink()
    with pytest.raises(Unusable, match="missing"):
        order(sample_seat, Level.FULL)
    following = order(sample_seat, Level.FULL, with_pages=False).number
    assert int(following[-4:]) == int(first[-4:]) + 1


def test_too_many_pages_are_refused_with_a_way_out() -> None:
    assert pages_fault(MOST_PRINTED, Level.FULL) == ""
    assert "Print the file without them" in pages_fault(MOST_PRINTED + 1, Level.FULL)


@pytest.mark.parametrize(("role", "is_offered"), [(Role.CLERK, True), (Role.VIEWER, False)])
def test_the_order_offers_the_pages_to_who_may_have_them(
    sample_seat: Seat, building: int, worker: Worker, front: Callable[[QWidget], None],
    settled: Callable[[], None], role: Role, is_offered: bool,
) -> None:  # fmt: skip
    seat = replace(sample_seat, operator=replace(sample_seat.operator, role=role))
    made = FilesController(Desk(seat, worker), PARTS, lambda: None, lambda: None)
    front(made.page)
    made.open_estate(an_estate(sample_seat, OWN))
    settled()
    assert "Attached: Notice of protection 1号楼, 2 pages" in made.page.text.toPlainText()
    made.page.print_button.click()
    assert made.dialog is not None
    dialog = made.dialog
    assert ("pages" in dialog.form.raw()) == is_offered
    if is_offered:
        assert "2" in dialog.form.editor("pages").field.label
        dialog.form.set_values({"purpose": "核对", "receiver": "街道", "level": "masked", "pages": True})
        dialog.form.submit()
        settled()
        assert "cannot be masked" in dialog.form.errors()["pages"]
    dialog.reject()
