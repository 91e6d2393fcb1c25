"""Queries of the renovation page: the lines of its list, the Excel export, the home of a new filing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export, export_rows
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, STAFF, Seat, permit
from fuyuan_desk.estates.facts import HouseholdView
from fuyuan_desk.estates.service import units
from fuyuan_desk.inspections.rules import SubjectKind
from fuyuan_desk.inspections.service.for_other_jobs import latest_by_subject
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.renovation.catalogue import catalogue, shown_text
from fuyuan_desk.renovation.facts import CaseQuery, CaseRow, House, WorkGroup
from fuyuan_desk.renovation.records import RenovationCase, RenovationWork
from fuyuan_desk.renovation.service import cases, queries, wording
from fuyuan_desk.store.search import pinyin

# the rows of an Excel sheet below its heading
MAX_ROWS = 1_048_575
_CHINESE = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True)
class CaseLine:
    """A line of the list: the case, the names of its works, and the day of the last visit."""

    row: CaseRow
    works: tuple[str, ...]
    last_visit: date | None

    @property
    def id(self) -> int:
        """The case's key."""
        return self.row.id


@dataclass(frozen=True)
class FilingHome:
    """The home of a filing: its house, its households (masked), the works to choose from.

    `spoken` maps the key of a work to its name in Pinyin and in initials, for filtering.
    """

    house: House
    households: tuple[HouseholdView, ...]
    groups: tuple[WorkGroup, ...]
    spoken: Mapping[str, str]


@permit(*EVERYONE)
def list_lines(
    seat: Seat, query: CaseQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[CaseLine]:
    """List a window of the matching cases, masked, with their works and last visits."""
    page = queries.list_cases(seat, query, offset, limit)
    with seat.reading() as session:
        return Page(page.total, _lines(session, page.rows))


def _lines(session: Session, rows: Sequence[CaseRow]) -> tuple[CaseLine, ...]:
    if not rows:
        return ()
    # a range of keys instead of thousands of parameters: an export reads all cases at once
    first, last = min(row.id for row in rows), max(row.id for row in rows)
    works: dict[int, list[str]] = {}
    known = catalogue().works
    for case_id, key, name in session.execute(
        select(RenovationWork.case_id, RenovationWork.work, RenovationWork.name)
        .where(RenovationWork.case_id.between(first, last))
        .order_by(RenovationWork.case_id, RenovationWork.position)
    ):
        work = shown_text(known[key].name if key in known else None, name)
        works.setdefault(case_id, []).append(work)
    visits = latest_by_subject(session, SubjectKind.RENOVATION, first, last)
    return tuple(
        CaseLine(
            row,
            tuple(works.get(row.id, ())),
            visits[row.id].astimezone().date() if row.id in visits else None,
        )
        for row in rows
    )


@permit(*REVEALERS)
def lines_for_export(seat: Seat, order: ExportOrder, query: CaseQuery) -> Export[CaseLine]:
    """Return the whole list as shown, and audit the export.

    Applicants are masked, unless the order says otherwise and a second person agrees.
    """
    lines = list_lines(seat, query, 0, MAX_ROWS).rows
    with seat.transaction() as session:
        export = export_rows(seat, session, order, queries.TABLE, lines, filtered=bool(query.text))
        return replace(export, rows=_unmasked(session, lines)) if order.unmasked else export


def _unmasked(session: Session, lines: Sequence[CaseLine]) -> tuple[CaseLine, ...]:
    if not lines:
        return ()
    first, last = min(line.id for line in lines), max(line.id for line in lines)
    spanned = RenovationCase.id.between(first, last)
    names = dict(session.execute(select(RenovationCase.id, RenovationCase.applicant).where(spanned)).all())
    return tuple(replace(line, row=replace(line.row, applicant=names[line.id])) for line in lines)


@permit(*EVERYONE)
def shown_cases(seat: Seat, query: CaseQuery) -> tuple[int, ...]:
    """Return the keys of all cases of a list, in its order, for batch printing."""
    return tuple(row.id for row in queries.list_cases(seat, query, 0, MAX_ROWS).rows)


@permit(*STAFF)
def filing_home(seat: Seat, unit_id: int) -> FilingHome:
    """Read the home of a filing and the works to choose from for its kind of house."""
    unit = units.unit_detail(seat, unit_id)
    house = cases.judge_scope(seat, unit_id, ()).house
    spoken = {work.key: _spoken(work.name.zh) for work in catalogue().works.values()}
    return FilingHome(house, unit.households, wording.work_groups(house.house_kind), spoken)


@cache
def _spoken(name: str) -> str:
    """Return a name in Pinyin and in initials, each without spaces."""
    syllables = [syllable for run in _CHINESE.findall(name) for syllable in pinyin.readings(run)[0]]
    return f"{''.join(syllables)} {''.join(syllable[:1] for syllable in syllables)}"
