"""Estates (小区), their buildings, units and households."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dossier import Section
from fuyuan_desk.core.dues import Figure, Task
from fuyuan_desk.core.texts import N_
from fuyuan_desk.estates import kinds
from fuyuan_desk.kit.job import Group, Job, Page, PageController, SampleOffice, Shell, Tour
from fuyuan_desk.kit.open_drafts import DraftForm
from fuyuan_desk.kit.queries import Dues, FilePart, Reader, Record
from fuyuan_desk.store.search.reasons import Field

PAGE, DUPLICATES = "estates", "recorded-twice"


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.estates.controller.estates import EstatesController

    page = EstatesController(shell.desk, shell.layouts)
    page.duplicates_requested.connect(lambda: shell.go(DUPLICATES))
    return page


def _tie_to_settings(page: Any, _shell: Shell) -> None:
    from fuyuan_desk.estates.service.page_data import estate_choices

    page.use_estates(estate_choices)


def _describe_estates(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.estates.service import for_other_jobs

    return for_other_jobs.estate_outlines(session, ids)


def _describe_buildings(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.estates.service import for_other_jobs

    return for_other_jobs.building_outlines(session, ids)


def _describe_units(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.estates.service import for_other_jobs

    return for_other_jobs.unit_outlines(session, ids)


def _describe_households(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.estates.service import for_other_jobs

    return for_other_jobs.household_outlines(session, ids)


def _describe_people(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.estates.service import for_other_jobs

    return for_other_jobs.person_outlines(session, ids)


def _describe_tags(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.estates.service import for_other_jobs

    return for_other_jobs.tag_outlines(session, ids)


def _estate_fields(session: Session, ids: Collection[int], _today: date) -> Mapping[int, Sequence[Field]]:
    from fuyuan_desk.estates.service import found_by

    return found_by.own_fields(session, ids)


def _building_fields(session: Session, ids: Collection[int], _today: date) -> Mapping[int, Sequence[Field]]:
    from fuyuan_desk.estates.service.buildings import TABLE

    return TABLE.found_by(session, ids)


def _unit_fields(session: Session, ids: Collection[int], today: date) -> Mapping[int, Sequence[Field]]:
    from fuyuan_desk.estates.service import found_by

    return found_by.unit_fields(session, ids, today)


def _add_usual_tags(seat: Seat) -> None:
    from fuyuan_desk.estates.service.tags import add_usual_tags

    add_usual_tags(seat)


def _describe_roles(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.estates.service.roles import outlines

    return outlines(session, ids)


def _estate_by_uid(session: Session, uid: str) -> int | None:
    from fuyuan_desk.estates.service.for_other_jobs import estate_of_uid

    return estate_of_uid(session, uid)


def _unit_by_uid(session: Session, uid: str) -> int | None:
    from fuyuan_desk.estates.service.for_other_jobs import unit_of_uid

    return unit_of_uid(session, uid)


def _tasks(session: Session, today: date) -> list[Task]:
    from fuyuan_desk.estates.service.dues import tasks

    return tasks(session, today)


def _figures(session: Session, _today: date) -> list[Figure]:
    from fuyuan_desk.estates.service.for_other_jobs import size

    counted = size(session)
    return [Figure(N_("Estates"), counted.estates), Figure(N_("Units"), counted.units)]


def _file_of_unit(session: Session, unit_id: int, reader: Reader) -> Iterable[Section]:
    from fuyuan_desk.estates.service import home_file

    return home_file.sections(session, unit_id, reader)


def _file_of_estate(session: Session, estate_id: int, reader: Reader) -> Iterable[Section]:
    from fuyuan_desk.estates.service import estate_file

    return estate_file.sections(session, estate_id, reader)


def _sample(office: SampleOffice) -> None:
    from fuyuan_desk.estates.sample import fill

    fill(office)


def _tour(tour: Tour) -> Iterator[Path]:
    from fuyuan_desk.estates.tour import walk

    return walk(tour)


def _may_merge(desk: Any) -> bool:
    from fuyuan_desk.estates.service.suspects import list_pairs

    return bool(desk.may(list_pairs))


def _make_duplicates(shell: Shell) -> PageController:
    from fuyuan_desk.estates.controller.duplicates import duplicates_page

    page = duplicates_page(shell.desk)
    page.view.back_requested.connect(lambda: shell.go(PAGE))
    return page


def _of_household(title: str) -> DraftForm:
    """Return a form of an existing household, whose draft is marked in the row of its home."""
    return DraftForm(title, title, "household", "unit", row_of="unit_id", in_detail=True)


JOB = Job(
    "estates",
    pages=(
        Page(
            PAGE,
            N_("Estates"),
            "estate",
            _make_page,
            modules=("fuyuan_desk.estates.controller.estates",),
            start=lambda page: page.show_list(),
            group=Group.RECORDS,
        ),
        Page(
            DUPLICATES,
            N_("Recorded twice"),
            "household",
            _make_duplicates,
            modules=("fuyuan_desk.estates.controller.duplicates",),
            is_shown=_may_merge,
            under=PAGE,
            start=lambda page: page.show_list(),
            help=PAGE,
            group=Group.RECORDS,
        ),
    ),
    records=(
        Record(
            kinds.ESTATE,
            PAGE,
            lambda page, key: page.open_estate(key),
            _describe_estates,
            by_uid=_estate_by_uid,
            found_by=_estate_fields,
        ),
        Record(
            kinds.BUILDING,
            PAGE,
            lambda page, key: page.open_building(key),
            _describe_buildings,
            found_by=_building_fields,
        ),
        Record(
            kinds.UNIT,
            PAGE,
            lambda page, key: page.open_unit(key),
            _describe_units,
            by_uid=_unit_by_uid,
            found_by=_unit_fields,
        ),
        Record(kinds.ROLE, PAGE, lambda page, key: page.open_role(key), _describe_roles),
        Record(kinds.HOUSEHOLD, PAGE, lambda page, key: page.open_household(key), _describe_households),
        Record(kinds.PERSON, PAGE, lambda page, key: page.open_person(key), _describe_people),
        Record(kinds.TAG, PAGE, lambda page, key: page.open_tag(key), _describe_tags, is_searched=False),
    ),
    tables=("fuyuan_desk.estates.records", "fuyuan_desk.kit.merging.records"),
    ties={"settings": _tie_to_settings},
    drafts={
        "estate": PAGE,
        "estate_role": PAGE,
        "building": PAGE,
        "unit": PAGE,
        "household": PAGE,
        "person": PAGE,
        "holder": PAGE,
        "household_end": PAGE,
        "pass_on": PAGE,
        "owner_shares": PAGE,
        "tag": PAGE,
    },
    draft_forms={
        "estate": DraftForm(N_("Estate"), N_("New estate"), "estate"),
        "estate_role": DraftForm(
            N_("Organisation of the estate"),
            N_("New organisation of the estate"),
            "estate_role",
            "estate",
            via="estate_id",
            in_detail=True,
        ),
        "building": DraftForm(N_("Building"), N_("New building"), "building", "estate", via="estate_id"),
        "unit": DraftForm(N_("Unit"), N_("New unit"), "unit", "estate"),
        "household": DraftForm(
            N_("Household"), N_("New household"), "household", "unit", row_of="unit_id", in_detail=True
        ),
        "holder": _of_household(N_("Holder")),
        "household_end": _of_household(N_("End of a household")),
        "pass_on": _of_household(N_("Passing on within a household")),
        "owner_shares": DraftForm(N_("Shares of the owners"), N_("Shares of the owners"), "unit", "estate"),
        "person": DraftForm(N_("Person"), N_("New person"), "person", "household", in_detail=True),
        "tag": DraftForm(N_("Tag"), N_("New tag"), "tag", opens=False),
    },
    dues=Dues(
        frozenset({"estate", "unit"}),
        _tasks,
        _figures,
        modules=("fuyuan_desk.estates.service.dues", "fuyuan_desk.estates.service.for_other_jobs"),
    ),
    at_start=_add_usual_tags,
    files=(FilePart(N_("Estates and households"), _file_of_unit, _file_of_estate),),
    sample=_sample,
    tour=_tour,
)
