"""Calls on residents (走访、接待): the log, who is to be called on, the month sheets for 社区云."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from fuyuan_desk.access.roles import STAFF
from fuyuan_desk.calls.kinds import CALL
from fuyuan_desk.core.dossier import Section
from fuyuan_desk.core.dues import Task
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.kit.job import Group, Job, Page, PageController, SampleOffice, Shell, Tour
from fuyuan_desk.kit.open_drafts import DraftForm
from fuyuan_desk.kit.queries import Dues, FilePart, Reader, Record
from fuyuan_desk.store.search.reasons import Field

if TYPE_CHECKING:
    from fuyuan_desk.kit.desk import Desk

PAGE = "calls"
DUE_PAGE = "due-calls"


def _may_read(desk: "Desk") -> bool:
    """Return whether the operator sees calls: a property company sees nothing of them."""
    from fuyuan_desk.calls.service.calls import find_calls

    return desk.may(find_calls)


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.calls.controller import calls_page

    return calls_page(shell.desk, shell.layouts, show_due=lambda: shell.go(DUE_PAGE))


def _make_due_page(shell: Shell) -> PageController:
    from fuyuan_desk.calls.controller import DueController

    page = DueController(shell.desk, shell.layouts)
    page.call_requested.connect(lambda household, person: _record(shell, household, person))
    return page


def _record(shell: Shell, household_id: int, person_id: int = 0) -> None:
    """Open the form of a call on somebody, or an empty one."""
    from fuyuan_desk.calls.controller import record_call

    page = shell.go(PAGE)
    if household_id:
        record_call(shell.desk, page, household_id, person_id)
    else:
        page.new_record()


def _tie_to_estates(page: Any, shell: Shell) -> None:
    from fuyuan_desk.calls.controller import calls_page, card_part

    if _may_read(shell.desk):
        page.add_card_part(
            card_part(
                lambda call: shell.go(PAGE).open_record(call),
                lambda address: shell.go(PAGE).show_words(address),
                lambda household: _record(shell, household),
            )
        )
        page.add_section(
            _("Calls"),
            lambda: calls_page(shell.desk, shell.layouts, in_estate=True),
            forms=(CALL.name,),
        )
    page.call_requested.connect(lambda household: _record(shell, household))


def _show_due(shell: Shell, tag_id: int) -> None:
    """List those with a tag who are to be called on."""
    shell.go(DUE_PAGE).show_tag(tag_id)


def _describe(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.calls.service.calls import outlines

    return outlines(session, ids)


def _fields(session: Session, ids: Collection[int], _today: date) -> Mapping[int, Sequence[Field]]:
    from fuyuan_desk.calls.service.calls import TABLE

    return TABLE.found_by(session, ids)


def _tasks(session: Session, today: date) -> list[Task]:
    from fuyuan_desk.calls.service.dues import tasks

    return tasks(session, today)


def _file_of_unit(session: Session, unit_id: int, reader: Reader) -> Iterable[Section]:
    from fuyuan_desk.calls.service import call_file

    return call_file.of_unit(session, unit_id, reader)


def _file_of_estate(session: Session, estate_id: int, reader: Reader) -> Iterable[Section]:
    from fuyuan_desk.calls.service import call_file

    return call_file.of_estate(session, estate_id, reader)


def _sample(office: SampleOffice) -> None:
    from fuyuan_desk.calls.sample import fill

    fill(office)


def _tour(tour: Tour) -> Iterator[Path]:
    tour.go(PAGE).open_record(tour.known.get("call", 1))
    yield tour.picture("calls")
    tour.go(DUE_PAGE)
    yield tour.picture("calls-due")


JOB = Job(
    "calls",
    pages=(
        Page(
            PAGE,
            N_("Calls on residents"),
            "household",
            _make_page,
            modules=("fuyuan_desk.calls.controller",),
            is_shown=_may_read,
            start=lambda page: page.show_list(),
            group=Group.DAILY,
        ),
        Page(
            DUE_PAGE,
            N_("Calls that are due"),
            "household",
            _make_due_page,
            modules=("fuyuan_desk.calls.controller",),
            is_shown=_may_read,
            under=PAGE,
            help=PAGE,
            group=Group.DAILY,
        ),
    ),
    records=(Record(CALL, PAGE, lambda page, key: page.open_record(key), _describe, found_by=_fields),),
    tables=("fuyuan_desk.calls.records",),
    ties={"estates": _tie_to_estates},
    drafts={"call": PAGE},
    draft_forms={
        "call": DraftForm(
            N_("Call"), N_("New call"), "call", "estate", opens=False, in_detail=True, place="resident"
        )
    },
    dues=Dues(
        frozenset(
            {"resident_call", "tag", "person_tag", "person", "household", "estate", "building", "unit"}
        ),
        _tasks,
        modules=("fuyuan_desk.calls.service.dues",),
    ),
    acts={"calls.due": _show_due},
    files=(FilePart(N_("Calls on residents"), _file_of_unit, _file_of_estate, STAFF),),
    sample=_sample,
    tour=_tour,
)
