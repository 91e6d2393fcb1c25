"""Contracts (合同) of estates with organisations: property service, maintenance, cleaning, leases."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from fuyuan_desk.access.roles import STAFF
from fuyuan_desk.contracts.kinds import CONTRACT
from fuyuan_desk.core.dossier import Section
from fuyuan_desk.core.dues import Task
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.kit.job import Group, Job, Page, PageController, SampleOffice, Shell, Tour
from fuyuan_desk.kit.open_drafts import DraftForm
from fuyuan_desk.kit.queries import Dues, FilePart, Reader, Record
from fuyuan_desk.store.search.reasons import Field

if TYPE_CHECKING:
    from fuyuan_desk.kit.desk import Desk

PAGE = "contracts"


def _may_read(desk: "Desk") -> bool:
    from fuyuan_desk.contracts.service.contracts import find_contracts

    return desk.may(find_contracts)


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.contracts.controller import contracts_page

    return contracts_page(shell.desk, shell.layouts)


def _tie_to_estates(page: Any, shell: Shell) -> None:
    from fuyuan_desk.contracts.controller import contracts_page

    if _may_read(shell.desk):
        page.add_section(
            _("Contracts"),
            lambda: contracts_page(shell.desk, shell.layouts, in_estate=True),
            forms=(CONTRACT.name,),
        )


def _describe(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.contracts.service.contracts import TABLE

    return TABLE.outlines(session, ids)


def _fields(session: Session, ids: Collection[int], _today: date) -> Mapping[int, Sequence[Field]]:
    from fuyuan_desk.contracts.service.contracts import TABLE

    return TABLE.found_by(session, ids)


def _tasks(session: Session, today: date) -> list[Task]:
    from fuyuan_desk.contracts.service.dues import tasks

    return tasks(session, today)


def _file_of_estate(session: Session, estate_id: int, reader: Reader) -> Iterable[Section]:
    from fuyuan_desk.contracts.service import contract_file

    return contract_file.of_estate(session, estate_id, reader)


def _sample(office: SampleOffice) -> None:
    from fuyuan_desk.contracts.sample import fill

    fill(office)


def _tour(tour: Tour) -> Iterator[Path]:
    tour.go(PAGE).open_record(tour.known.get("contract", 1))
    yield tour.picture("contracts")


JOB = Job(
    "contracts",
    pages=(
        Page(
            PAGE,
            N_("Contracts"),
            "document",
            _make_page,
            modules=("fuyuan_desk.contracts.controller",),
            is_shown=_may_read,
            start=lambda page: page.show_list(),
            help="organisations",
            group=Group.RECORDS,
        ),
    ),
    records=(Record(CONTRACT, PAGE, lambda page, key: page.open_record(key), _describe, found_by=_fields),),
    tables=("fuyuan_desk.contracts.records",),
    ties={"estates": _tie_to_estates},
    drafts={"contract": PAGE},
    draft_forms={
        "contract": DraftForm(
            N_("Contract"),
            N_("New contract"),
            "contract",
            "estate",
            opens=False,
            in_detail=True,
            place="estate_id",
        )
    },
    dues=Dues(
        frozenset({"contract", "estate", "organisation"}),
        _tasks,
        modules=("fuyuan_desk.contracts.service.dues",),
    ),
    files=(FilePart(N_("Contracts"), None, _file_of_estate, STAFF),),
    sample=_sample,
    tour=_tour,
)
