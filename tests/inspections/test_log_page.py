"""The log of visits: what is found when it opens, and what became of a visit."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QComboBox, QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.records import Building
from fuyuan_desk.inspections.book import visit_book
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.controller.log import VisitLogSection
from fuyuan_desk.inspections.facts import NewVisit, Recheck, VisitDetail
from fuyuan_desk.inspections.records import Visit
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SubjectKind, is_put_right
from fuyuan_desk.inspections.service import queries
from fuyuan_desk.inspections.service.queries import list_visits, visit_detail
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.book import BookQuery, text_of
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.chips import ChipLabel
from tests.inspections.test_pages import log
from tests.screen import button, texts


def test_the_log_is_searched_by_what_is_typed_when_the_page_opens(
    page: InspectionsController, settled: Callable[[], None]
) -> None:
    settled()
    assert page.log.table.filter.hasFocus()


@pytest.mark.parametrize(
    ("results", "conclusion", "right"),
    [
        ({"a": Result.PASS, "b": Result.PASS}, Conclusion.CLEAN, True),
        ({"a": Result.PASS, "b": Result.FAIL}, Conclusion.DEADLINE, False),
        ({"a": Result.PASS, "b": Result.FAIL}, Conclusion.ON_THE_SPOT, True),
        ({"a": Result.PASS, "b": Result.PASS, "c": Result.FAIL}, Conclusion.DEADLINE, True),
        ({"a": Result.PASS, "b": Result.NOT_APPLICABLE}, Conclusion.CLEAN, False),
        ({"a": Result.PASS}, Conclusion.CLEAN, False),
    ],
)
def test_what_failed_is_put_right(results: dict[str, str], conclusion: Conclusion, right: bool) -> None:
    assert is_put_right({"a", "b"}, results, conclusion) is right


def visited(seat: Seat, estate: int, *failing: str, hours_ago: int = 0) -> VisitDetail:
    findings = tuple(
        Finding(item.key, Result.FAIL, f"{item.key}坏了")
        if item.key in failing
        else Finding(item.key, Result.PASS)
        for item in checklist_for(SubjectKind.ESTATE).items
    )
    visit = NewVisit(
        estate_subjects(seat, [estate])[0], seat.now() - timedelta(hours=hours_ago), Party.COMMITTEE, "某甲", findings,
        handling=Conclusion.DEADLINE if failing else None, deadline=seat.today() if failing else None,
    )  # fmt: skip
    return log_visit(seat, visit)


def test_a_visit_names_its_checklist_and_version(
    page: InspectionsController, seat: Seat, two_estates: tuple[int, int], settled: Callable[[], None]
) -> None:
    visit = visited(seat, two_estates[0])
    page.open_visit(visit.id)
    settled()
    checklist = checklist_for(SubjectKind.ESTATE)
    assert f"{checklist.title(False)}, version {checklist.version}" in texts(page.detail)
    with seat.store.use() as session:
        session.get_one(Visit, visit.id).checklist = "gone"
        session.commit()
    page.show_log()
    page.open_visit(visit.id)
    settled()
    assert f"a checklist that is no longer known, version {checklist.version}" in texts(page.detail)


def test_what_failed_comes_first_on_the_next_visit(
    page: InspectionsController, seat: Seat, two_estates: tuple[int, int], settled: Callable[[], None]
) -> None:
    keys = [item.key for item in checklist_for(SubjectKind.ESTATE).items]
    failing = [keys[7], keys[3]]
    visit = visited(seat, two_estates[0], *failing, hours_ago=2)
    page.visit_again(visit.id)
    settled()
    checklist = page.entry.view.checklist
    tops = {key: checklist.row(key).mapTo(checklist, QPoint()).y() for key in checklist_keys(page)}
    assert sorted(tops, key=lambda key: tops[key])[:2] == sorted(failing, key=keys.index)
    assert [key for key in tops if checklist.row(key).last.text()] == sorted(failing, key=keys.index)
    assert checklist.row(failing[0]).last.text() == f"{failing[0]}坏了"
    assert checklist.row(sorted(failing, key=keys.index)[0]).isAncestorOf(focus_of(page))
    page.log_estate_visit(two_estates[1])  # another place: nothing failed there
    settled()
    assert not any(checklist.row(key).last.text() for key in checklist_keys(page))


def checklist_keys(page: InspectionsController) -> list[str]:
    checklist = page.entry.view.checklist.checklist
    assert checklist is not None
    return [item.key for item in checklist.items]


def focus_of(page: InspectionsController) -> QWidget:
    return page.page.window().focusWidget()


def test_a_visit_says_when_what_failed_had_passed(
    page: InspectionsController, seat: Seat, two_estates: tuple[int, int], settled: Callable[[], None]
) -> None:
    keys = [item.key for item in checklist_for(SubjectKind.ESTATE).items]
    first = visited(seat, two_estates[0], keys[2], hours_ago=4)
    visited(seat, two_estates[1], hours_ago=3)  # another estate
    still = visited(seat, two_estates[0], keys[2], hours_ago=2)
    assert visit_detail(seat, first.id).corrected is None
    passed = visited(seat, two_estates[0], keys[5], hours_ago=1)
    for visit in (first, still):
        assert visit_detail(seat, visit.id).corrected == Recheck(passed.id, passed.number, seat.today())
    assert visit_detail(seat, passed.id).corrected is None
    lines = {line.id: line for line in list_visits(seat).rows}
    part = visit_book().part("conclusion")
    assert "Passed again" in text_of(part, lines[first.id])
    assert "Passed again" not in text_of(part, lines[passed.id])
    page.open_visit(first.id)
    settled()
    assert any(chip.chip.text.startswith("Passed again") for chip in page.detail.findChildren(ChipLabel))
    button(page.detail, f"Open visit {passed.number}").click()
    settled()
    assert page.shown_record == ("visit", passed.id)


def test_the_tab_of_an_estate_offers_its_own_buildings(
    desk: Desk,
    seat: Seat,
    two_estates: tuple[int, int],
    front: Callable[[QWidget], None],
    settled: Callable[[], None],
) -> None:
    with seat.store.use() as session:
        session.add_all(
            Building(estate_id=estate, label=f"{estate}号", order_key=str(estate)) for estate in two_estates
        )
        session.commit()
    section = VisitLogSection(desk)
    front(section.page)
    settled()
    facets = section.view.table.facets
    for estate, name in zip(two_estates, ("南昌路168弄", "富南大厦"), strict=True):
        section.show_estate(estate)
        settled()
        box = next(box for box in facets.findChildren(QComboBox) if "Building" in box.accessibleName())
        assert [box.itemText(place) for place in range(1, box.count())] == [f"{name} {estate}号"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("王五", True),
        ("王五、李四", True),
        ("李四，王五", True),
        ("李四 王五；张三", True),
        ("李四\u3000王五", True),
        ("李四/王五", True),
        ("王五一", False),
        ("小王五、李四", False),
        ("李四、王五一, 张三", False),
        ("王 五", False),
    ],
)
def test_the_log_of_an_inspector_has_no_longer_names(
    seat: Seat, two_estates: tuple[int, int], typed: str, found: bool
) -> None:
    log(seat, two_estates[0], inspectors=typed)
    rows = queries.list_visits(seat, BookQuery(facets={"inspectors": "王五"})).rows
    assert len(rows) == found
    assert ("王五" in queries.recent_inspectors(seat)) == found
