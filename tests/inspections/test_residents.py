"""What those who may not reveal, and the paper, are told of a visit: no resident."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from fuyuan_desk.access.roles import FIELD, REVEALERS, Role
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SubjectKind
from fuyuan_desk.inspections.service import photos
from fuyuan_desk.inspections.service.page_data import visit_previews
from fuyuan_desk.inspections.service.queries import visit_detail
from fuyuan_desk.inspections.service.rechecks import before_visit
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from tests.inspections.asked import sample_photo

SAID = "302室王丽华 13800138000 堆物"
MASKED = "302室王* 138****8000 堆物"


@pytest.fixture
def visit(seat: Seat) -> tuple[int, int]:
    """The estate and the visit on which something failed; remark, remarks and caption name a resident."""
    lane = estates.save_estate(seat, EstateFields("南昌路168弄")).id
    first, *others = checklist_for(SubjectKind.ESTATE).items
    found = (Finding(first.key, Result.FAIL, SAID), *(Finding(item.key, Result.PASS) for item in others))
    subject = estate_subjects(seat, [lane])[0]
    asked = NewVisit(
        subject, seat.now(), Party.COMMITTEE, "何斌", found, handling=Conclusion.REPORT, remarks=SAID
    )
    made = log_visit(seat, replace(asked, photos=(sample_photo(),)))
    photos.caption_photo(seat, made.photos[0].id, SAID)
    return lane, made.id


@pytest.mark.parametrize("role", Role)
def test_a_visit_names_its_resident_to_those_who_may_reveal(
    visit: tuple[int, int], seat_as: Callable[[Role], Seat], role: Role
) -> None:
    lane, key = visit
    seat = seat_as(role)
    company = frozenset({lane}) if role is Role.PROPERTY else None
    seat = replace(seat, operator=replace(seat.operator, estates=company))
    shown = {SAID if role in REVEALERS else MASKED}
    read = visit_detail(seat, key)
    assert {read.remarks, read.items[0].remark, read.photos[0].caption} == shown
    if role in FIELD:
        failed = before_visit(seat, SubjectKind.ESTATE, lane).failed
        assert failed is not None
        assert {one.remark for one in failed.items.values()} == shown
    [sheet] = visit_previews(seat, [key]).sheets
    assert {sheet.details, sheet.items[0].remark} == {MASKED}
