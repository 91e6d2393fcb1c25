"""The service standard (服务标准): four tiers, their duties, and each estate's tier."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from fuyuan_desk.core.dossier import Section
from fuyuan_desk.core.dues import Task
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.kit.job import Group, Job, Page, PageController, SampleOffice, Shell, Tour
from fuyuan_desk.kit.open_drafts import DraftForm
from fuyuan_desk.kit.queries import Dues, FilePart, Reader

if TYPE_CHECKING:
    pass

PAGE = "standards"
_MODULES = ("fuyuan_desk.standards.controller.standards", "fuyuan_desk.standards.controller.tier")


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.standards.controller.standards import StandardsController

    page = StandardsController(shell.desk, shell.layouts)
    page.estate_opened.connect(lambda estate: shell.open_record("estate", estate))
    return page


def _tie_to_estates(page: Any, shell: Shell) -> None:
    """Show tiers in the list of estates and in room charts, and add a tier tab to each estate."""
    from fuyuan_desk.estates.rules.room_states import RoomStates
    from fuyuan_desk.standards.controller.tier import TierSection, estate_chips
    from fuyuan_desk.standards.rules import ROOM_STATES
    from fuyuan_desk.standards.service.room_states import tiers_of_rooms

    title = _("Service standard")
    sections: list[TierSection] = []

    def make_section() -> TierSection:
        sections.append(TierSection(shell.desk))
        return sections[0]

    def open_form(_estate: int) -> None:
        page.show_section(title)
        sections[0].open_form()

    tables = frozenset({"tier_assignment", "facility", "building"})
    page.add_room_states(
        RoomStates("tier", N_("Service tier"), ROOM_STATES, tiers_of_rooms, tables, N_("No tier"))
    )
    page.use_tiers(estate_chips)
    page.add_section(title, make_section, forms=("tier",))
    page.tier_requested.connect(open_form)


def _assign(shell: Shell, estate_id: int) -> None:
    """Open the form of the tier of an estate."""
    if shell.desk.can_write:
        shell.go("estates").open_tier(estate_id)
    else:
        shell.open_record("estate", estate_id)


def _tasks(session: Session, today: date) -> list[Task]:
    from fuyuan_desk.standards.service.dues import tasks

    return tasks(session, today)


def _file_of_unit(session: Session, unit_id: int, reader: Reader) -> Iterable[Section]:
    from fuyuan_desk.standards.service import tier_file

    return tier_file.of_unit(session, unit_id, reader)


def _file_of_estate(session: Session, estate_id: int, reader: Reader) -> Iterable[Section]:
    from fuyuan_desk.standards.service import tier_file

    return tier_file.of_estate(session, estate_id, reader)


def _sample(office: SampleOffice) -> None:
    from fuyuan_desk.standards.sample import fill

    fill(office)


def _tour(tour: Tour) -> Iterator[Path]:
    page = tour.go(PAGE)
    page.show_estate(tour.known["estate"])
    yield tour.picture("standards")
    page.view.tabs.setCurrentIndex(1)
    yield tour.picture("standards-side-by-side")


JOB = Job(
    "standards",
    pages=(
        Page(
            PAGE,
            N_("Service standard"),
            "standard",
            _make_page,
            modules=_MODULES,
            start=lambda page: page.show_tier(),
            group=Group.SPECIAL,
        ),
    ),
    tables=("fuyuan_desk.standards.records",),
    ties={"estates": _tie_to_estates},
    drafts={"tier": PAGE},
    draft_forms={"tier": DraftForm(N_("Tier of"), N_("Tier"), "estate", opens=False)},
    acts={"standards.tier": _assign},
    dues=Dues(
        frozenset({"estate", "tier_assignment"}), _tasks, modules=("fuyuan_desk.standards.service.dues",)
    ),
    files=(FilePart(N_("Service standard"), _file_of_unit, _file_of_estate),),
    sample=_sample,
    tour=_tour,
)
