"""Pages and actions of each role: every page opens without a refusal, and no button leads to one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.estates.service import estates
from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.office.service.operators import list_operators
from fuyuan_desk.renovation.service import queries
from fuyuan_desk.shell.jobs import all_pages
from fuyuan_desk.shell.pages import OpenDesk
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.work import Worker

LOOKERS = [
    "files",
    "today",
    "estates",
    "facilities",
    "renovation",
    "inspections",
    "rounds",
    "sheets-out",
    "orders",
    "standards",
    "month-book",
    "settings",
    "help",
]
STAFF = [
    *LOOKERS,
    *(
        "recorded-twice",
        "organisations",
        "contacts",
        "duplicates",
        "contracts",
        "calls",
        "due-calls",
        "round-plans",
        "safety",
    ),
]
PAGES = {
    Role.ADMIN: {*STAFF, "import", "checklists"},
    Role.CLERK: {*STAFF, "import", "checklists"},
    Role.REVIEWER: {*STAFF},
    Role.VIEWER: {*STAFF},
    Role.PROPERTY: {*LOOKERS},
}


class Sitting:
    """An operator of one role at the desk of the sample office."""

    def __init__(
        self,
        seat: Seat,
        role: Role,
        worker: Worker,
        settled: Callable[[], None],
        place: dict[str, Any] | None = None,
    ) -> None:
        known = next(view for view in list_operators(seat) if view.role is role)
        own = known.estates if role is Role.PROPERTY else None
        operator = replace(
            seat.operator, id=known.id, login=known.login, name=known.name, role=role, estates=own
        )
        self.seat = Seat(seat.store, operator, seat.now)
        self.settled = settled
        self.desk = OpenDesk(self.seat, worker, Preferences(), lambda **_kept: None)
        self.refused: list[UserError] = []
        self.desk.desk.refused.connect(self.refused.append)
        self.desk.frame.resize(1366, 768)
        self.desk.frame.show()
        self.desk.start(place)
        settled()

    def close(self) -> None:
        self.desk.backup_scheduler.close()
        self.desk.desk.close()

    def pages(self) -> set[str]:
        return {page.name for page in self.desk.shown_pages()}

    def complaints(self) -> list[str]:
        banners = self.desk.frame.findChildren(Banner)
        shown = [banner.text() for banner in banners if banner.isVisible() and banner.tone == "error"]
        return [refusal.message for refusal in self.refused] + shown

    def offered(self) -> set[str]:
        """Return the texts of all enabled buttons."""
        frame = self.desk.frame
        shown = [b for kind in (QPushButton, QToolButton) for b in frame.findChildren(kind) if b.isVisible()]
        return {(b.text() or b.accessibleName() or b.toolTip()).replace("&", "") for b in shown}


@pytest.fixture(params=list(Role))
def sitting(
    request: pytest.FixtureRequest,
    qtbot: QtBot,
    sample_seat: Seat,
    worker: Worker,
    settled: Callable[[], None],
) -> Iterator[Sitting]:
    made = Sitting(sample_seat, request.param, worker, settled)
    qtbot.addWidget(made.desk.frame)
    yield made
    made.close()


def test_every_page_on_offer_opens_without_a_refusal(sitting: Sitting) -> None:
    role = sitting.seat.operator.role
    assert sitting.pages() == PAGES[role]
    for name in sorted(PAGES[role]):
        sitting.desk.frame.go(name)
        sitting.settled()
        assert sitting.complaints() == [], name


def test_the_offered_actions_match_the_role(sitting: Sitting) -> None:
    role, rights = sitting.seat.operator.role, sitting.desk.desk.rights
    desk, settled = sitting.desk, sitting.settled
    desk.go("estates")
    settled()
    assert ("New estate" in sitting.offered()) == rights.write
    assert ("Export this list to Excel" in sitting.offered()) == rights.reveal
    desk.go("estates").open_estate(estates.list_estates(sitting.seat).rows[0].id)
    settled()
    assert ("Log a visit" in sitting.offered()) == rights.visit
    case = queries.list_cases(sitting.seat).rows[-1]
    desk.go("renovation").open_case(case.id)
    settled()
    offered = sitting.offered()
    assert ("Reopen …" in offered) == rights.write
    assert ("Edit" in offered) == rights.write
    assert any("this is logged" in texts for texts in offered) == rights.reveal
    assert sitting.complaints() == []
    assert (role in (Role.ADMIN, Role.CLERK)) == rights.write


def test_photos_are_changed_by_whose_visit_it_is(sitting: Sitting) -> None:
    role = sitting.seat.operator.role
    for party in (Party.PROPERTY, Party.COMMITTEE):
        visit = next(row for row in list_visits(sitting.seat).rows if row.fields.party == party)
        sitting.desk.go("inspections").open_visit(visit.id)
        sitting.settled()
        may = role in (Role.ADMIN, Role.CLERK) or (role is Role.PROPERTY and party is Party.PROPERTY)
        photos = sitting.desk.go("inspections").detail.photos
        assert (
            any(b.isVisible() and "photo" in b.text().lower() for b in photos.findChildren(QPushButton))
            == may
        )


def test_the_form_of_a_visit_offers_ones_own_party(sitting: Sitting) -> None:
    sitting.desk.go("inspections").new_visit()
    sitting.settled()
    entry = sitting.desk.go("inspections").entry.view
    if not sitting.desk.desk.can_visit:
        assert not entry.isVisible()
        return
    combo = entry.form.editor("party").inner()[0]
    offered = combo.count() - 1  # type: ignore[attr-defined]  # a combo box, whose first entry stands for none
    is_company = sitting.seat.operator.role is Role.PROPERTY
    assert offered == (1 if is_company else len(Party))
    assert entry.form.editor("party").value() == (Party.PROPERTY if is_company else Party.COMMITTEE)


def test_every_page_is_offered_to_some_role() -> None:
    assert {page.name for page in all_pages()} == set.union(*PAGES.values())
