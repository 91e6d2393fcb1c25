"""The home of a new filing, and the works to choose from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import select

from fuyuan_desk.access.seat import STAFF, WRITERS, Seat, permit
from fuyuan_desk.estates.facts.people import HouseholdView
from fuyuan_desk.estates.service import units
from fuyuan_desk.organisations.rules import OrganisationKind
from fuyuan_desk.organisations.service import for_other_jobs as organisations
from fuyuan_desk.renovation.catalogue import catalogue
from fuyuan_desk.renovation.facts import House, OpenCase, WorkGroup
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.renovation.rules.course import CaseStatus
from fuyuan_desk.renovation.service import cases, wording
from fuyuan_desk.store.search import pinyin

_CHINESE = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True)
class FilingHome:
    """The home of a filing: its house, its households (masked), the works to choose from, its open cases.

    `spoken` maps the key of a work to its name in Pinyin and in initials, for filtering.
    """

    house: House
    households: tuple[HouseholdView, ...]
    groups: tuple[WorkGroup, ...]
    spoken: Mapping[str, str]
    open_cases: tuple[OpenCase, ...] = ()


@permit(*STAFF)
def filing_home(seat: Seat, unit_id: int) -> FilingHome:
    """Read the home of a filing and the works to choose from for its kind of house."""
    unit = units.unit_detail(seat, unit_id)
    house = cases.judge_scope(seat, unit_id, ()).house
    spoken = {work.key: _spoken(work.name.zh) for work in catalogue().works.values()}
    groups = wording.work_groups(house.house_kind)
    return FilingHome(house, unit.households, groups, spoken, _open_cases(seat, unit_id))


def _open_cases(seat: Seat, unit_id: int) -> tuple[OpenCase, ...]:
    query = (
        select(RenovationCase.id, RenovationCase.number, RenovationCase.starts_on, RenovationCase.ends_on)
        .where(RenovationCase.unit_id == unit_id, RenovationCase.status != CaseStatus.CLOSED)
        .order_by(RenovationCase.starts_on, RenovationCase.id)
    )
    with seat.reading() as session:
        return tuple(OpenCase(*row) for row in session.execute(query))


@permit(*WRITERS)
def known_contractors(seat: Seat) -> tuple[str, ...]:
    """Return the names of contractors to suggest in the form of a filing."""
    with seat.reading() as session:
        return tuple(organisations.names_of_kinds(session, [OrganisationKind.CONTRACTOR]))


@cache
def _spoken(name: str) -> str:
    """Return a name in Pinyin and in initials, each without spaces."""
    syllables = [syllable for run in _CHINESE.findall(name) for syllable in pinyin.readings(run)[0]]
    return f"{''.join(syllables)} {''.join(syllable[:1] for syllable in syllables)}"
