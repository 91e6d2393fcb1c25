"""Organisations (单位): committees, property companies, contractors, offices, and who answers for them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import N_
from fuyuan_desk.kit.job import Group, Job, Page, PageController, SampleOffice, Shell, Tour
from fuyuan_desk.kit.open_drafts import DraftForm
from fuyuan_desk.kit.queries import Record
from fuyuan_desk.organisations.kinds import CONTACT, ORGANISATION
from fuyuan_desk.store.search.reasons import Field

if TYPE_CHECKING:
    from fuyuan_desk.kit.desk import Desk

PAGE, CONTACTS, DUPLICATES = "organisations", "contacts", "duplicates"


def _may_read(desk: "Desk") -> bool:
    from fuyuan_desk.organisations.service.organisations import find_organisations

    return desk.may(find_organisations)


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.organisations.controller.organisations import OrganisationsController

    page = OrganisationsController(shell.desk, shell.layouts)
    page.duplicates_requested.connect(lambda: shell.go(DUPLICATES))
    page.contacts_requested.connect(lambda key: shell.go(CONTACTS).show_of("organisation_id", key))
    return page


def _make_contacts(shell: Shell) -> PageController:
    from fuyuan_desk.organisations.controller.organisations import contacts_page

    return contacts_page(shell.desk, shell.layouts)


def _make_duplicates(shell: Shell) -> PageController:
    from fuyuan_desk.organisations.controller.duplicates import DuplicatesController

    page = DuplicatesController(shell.desk)
    page.view.back_requested.connect(lambda: shell.go(PAGE))
    return page


def _describe(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.organisations.service.organisations import outlines

    return outlines(session, ids)


def _fields(session: Session, ids: Collection[int], _today: date) -> Mapping[int, Sequence[Field]]:
    from fuyuan_desk.organisations.service.organisations import TABLE

    return TABLE.found_by(session, ids)


def _describe_contacts(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.organisations.service.contacts import outlines

    return outlines(session, ids)


def _sample(office: SampleOffice) -> None:
    from fuyuan_desk.organisations.sample import fill

    fill(office)


def _tour(tour: Tour) -> Iterator[Path]:
    from fuyuan_desk.organisations.tour import walk

    return walk(tour)


JOB = Job(
    "organisations",
    pages=(
        Page(
            PAGE,
            N_("Organisations"),
            "people",
            _make_page,
            modules=("fuyuan_desk.organisations.controller.organisations",),
            is_shown=_may_read,
            start=lambda page: page.show_list(),
            group=Group.RECORDS,
        ),
        Page(
            CONTACTS,
            N_("Contacts of organisations"),
            "phone",
            _make_contacts,
            modules=("fuyuan_desk.organisations.controller.organisations",),
            is_shown=_may_read,
            under=PAGE,
            start=lambda page: page.show_list(),
            help=PAGE,
            group=Group.RECORDS,
        ),
        Page(
            DUPLICATES,
            N_("Possible duplicates"),
            "people",
            _make_duplicates,
            modules=("fuyuan_desk.organisations.controller.duplicates",),
            is_shown=_may_read,
            under=PAGE,
            start=lambda page: page.show_list(),
            help=PAGE,
            group=Group.RECORDS,
        ),
    ),
    records=(
        Record(ORGANISATION, PAGE, lambda page, key: page.open_record(key), _describe, found_by=_fields),
        Record(CONTACT, CONTACTS, lambda page, key: page.open_record(key), _describe_contacts),
    ),
    tables=("fuyuan_desk.organisations.records",),
    drafts={"organisation": PAGE, "organisation_merge": PAGE, "organisation_contact": CONTACTS},
    draft_forms={
        "organisation": DraftForm(N_("Organisation"), N_("New organisation"), "organisation", opens=False),
        "organisation_merge": DraftForm(N_("Merging with"), N_("Merging with"), "organisation"),
        "organisation_contact": DraftForm(
            N_("Contact"),
            N_("New contact"),
            "organisation_contact",
            "organisation",
            opens=False,
            in_detail=True,
        ),
    },
    sample=_sample,
    tour=_tour,
)
