"""A property company reaches its own estates only, through every service that is open to it.

Each service of the table of roles that a property company may use is called, as somebody held to one estate of the
sample office, with everything it could be asked about any estate. What comes back holds no word of another estate,
and no row of another estate is changed. A service that comes later is called by itself; one whose arguments are not
known here fails the test.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import FIELD, Role, Seat, permit
from fuyuan_desk.backups.rules import BackupStatus
from fuyuan_desk.core.errors import NotAllowed, UserError
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import N_
from fuyuan_desk.dossiers.rules import About
from fuyuan_desk.estates.facts.houses import ChosenRooms, UnitQuery
from fuyuan_desk.estates.records import Building, Estate, EstateRole, Household, HouseholdPhone, Person, Unit
from fuyuan_desk.estates.service import units
from fuyuan_desk.estates.service.page_data import estate_choices
from fuyuan_desk.facilities.records import Facility, FacilityCheck
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit, Subject
from fuyuan_desk.inspections.records import PrintedSheet, Visit
from fuyuan_desk.inspections.rules.visits import Finding, Result, SubjectKind
from fuyuan_desk.inspections.service import page_data, photos
from fuyuan_desk.inspections.service.page_data import Sheets, blank_previews, visit_previews
from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.office.service.operators import list_operators
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.renovation.service.sheet_data import inspection_subjects
from fuyuan_desk.reports.facts import NotDoneOf, Period
from fuyuan_desk.shell import schema
from fuyuan_desk.shell.jobs import JOBS, all_records
from fuyuan_desk.shell.sample_office import PASSWORD as SAMPLE_PASSWORD
from fuyuan_desk.store.db.attachments import Attachment
from fuyuan_desk.store.db.base import OFFICE
from fuyuan_desk.store.guards import scope
from fuyuan_desk.today.service import list_tasks, search
from tests.conftest import PASSWORD
from tests.inspections.asked import photo_arguments, round_arguments, sample_photo
from tests.sample_office import attach_pages
from tests.test_roles import ROLES, SERVICES
from tests.workorders.asked import add_photo_of_work, order_arguments, order_queries, order_uids

DRAFT_FORMS = {key: form for job in JOBS for key, form in job.draft_forms.items()}
DUES = [job.dues for job in JOBS if job.dues is not None]

OWN = "福元小区"
OPEN = sorted(name for name, roles in ROLES.items() if Role.PROPERTY in roles)
WITHIN = [model for model in scope.models() if model.estate_scope != OFFICE and model is not Attachment]
# the longest product of arguments that one service is called with
_MOST_CALLS = 3_000


def sat(seat: Seat, *names: str) -> Seat:
    """Seat an operator of a property company that is limited to estates of these names."""
    own = frozenset(held(seat, select(Estate.id).where(Estate.name.in_(names))))
    known = next(view for view in list_operators(seat) if view.role is Role.PROPERTY)
    operator = replace(seat.operator, id=known.id, login=known.login, role=Role.PROPERTY, estates=own)
    return Seat(seat.store, operator, seat.now)


def held(seat: Seat, query: Any) -> list[Any]:
    with seat.store.use() as session:
        return list(session.scalars(query))


@pytest.fixture
def company(sample_seat: Seat) -> Seat:
    """The property company of one estate of the sample office."""
    return sat(sample_seat, OWN)


# --- what may be requested -------------------------------------------------------------------------------


class Office:
    """All values that could be requested, of every estate, by the name of an argument."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self.estates = held(seat, select(Estate.id))
        self.names = held(seat, select(Estate.name))
        units = [held(seat, select(Unit.id).where(Unit.estate_id == one).limit(3)) for one in self.estates]
        self.units = [
            *(unit for found in units for unit in found),
            *held(seat, select(RenovationCase.unit_id)),
        ]
        self.households = held(seat, select(Household.id).where(Household.unit_id.in_(self.units)))
        self.buildings = held(seat, select(Building.id))
        self.cases = held(seat, select(RenovationCase.id))
        self.numbers = held(seat, select(RenovationCase.number))
        self.visits = held(seat, select(Visit.id))
        self.photos = held(seat, select(Attachment.id))
        self.uids = [
            f"FYT1:{number}:{uid}"
            for model in (Estate, RenovationCase, Visit, PrintedSheet)
            for number, uid in enumerate(held(seat, select(model.uid)))
        ]
        self.subjects = (*estate_subjects(seat), *inspection_subjects(seat, self.cases))
        heads = held(seat, select(Household.head).where(Household.id.in_(self.households)))
        phones = held(seat, select(HouseholdPhone.number).limit(20))
        self.typed = ["", "号", "1", "室", "ZX", "XC", "物业", *self.names, *heads[-3:], *phones[-2:]]

    def forged(self) -> Iterator[Subject]:
        """Subjects that claim to be in the own estate, but are not."""
        mine = held(self._seat, select(Estate.id).where(Estate.name == OWN))[0]
        yield from (replace(subject, estate_id=mine) for subject in self.subjects)

    def visits_to_log(self) -> list[NewVisit]:
        made = []
        for subject in (*self.subjects, *self.forged()):
            items = checklist_for(subject.kind).items
            found = tuple(Finding(item.key, Result.PASS) for item in items)
            made += [NewVisit(subject, self._seat.now(), party, "某某", found) for party in Party]
        return made

    def previews(self) -> list[Sheets]:
        drawn = [blank_previews(self._seat, (subject,)) for subject in self.subjects]
        return drawn + [visit_previews(self._seat, [visit], self.subjects) for visit in self.visits]

    def files(self) -> dict[str, list[Any]]:
        parts = [tuple(part for job in JOBS for part in job.files)]
        order = [ExportOrder("核对", "街道办事处")]
        return {
            "order": order,
            "about": list(About),
            "record_id": [*self.units, *self.estates],
            "parts": parts,
        }

    def arguments(self, name: str) -> dict[str, list[Any]]:
        """Return, by name, the values of the arguments that all services share, and those of one service."""
        shared: dict[str, list[Any]] = {
            "estate_id": self.estates,
            "estate_ids": [None, self.estates],
            "building_id": self.buildings,
            "unit_id": self.units,
            "household_id": self.households,
            "person_id": held(self._seat, select(Person.id)),
            "ids": [[unit] for unit in self.units],
            "rooms": [ChosenRooms("", (unit,), N_("Tenure"), {}) for unit in self.units],
            "most": [5_000],
            "case_id": self.cases,
            "case_ids": [None, *([case] for case in self.cases)],
            "visit_id": self.visits,
            "facility_id": held(self._seat, select(Facility.id)),
            "role_id": held(self._seat, select(EstateRole.id)),
            "sheet_id": held(self._seat, select(PrintedSheet.id)),
            "visit_ids": [[visit] for visit in self.visits],
            "photo_id": self.photos,
            "page_id": self.photos,
            "check_id": held(self._seat, select(FacilityCheck.id)),
            "subjects": [(), *((subject,) for subject in self.subjects)],
            "name": self.names,
            "number": self.numbers,
            "text": self.typed,
            "sort": ["name"],
            "descending": [False],
            "offset": [0],
            "limit": [500],
            "small": [True],
            **{key: [None] for key in ("party", "on", "cost", "progress")},
            "caption": ["某处"],
            "photos": [(sample_photo(),)],
            "photo": [sample_photo()],
            "draft": ["visit:new"],
            "form": ["visit:new"],
            "content": [{"x": 1}],
            "place": [{"page": "today"}],
            "old": ["not-the-password"],
            "new": ["another-password-1"],
            "visit": self.visits_to_log() if name.startswith("inspections.") else [],
            "records": [all_records()],
            "dues": [DUES],
            "counted": [BackupStatus((), 0)],
            "forms": [DRAFT_FORMS],
            **(order_arguments(self._seat) if name.startswith("workorders.") else {}),
            "period": [Period(year, estate_id=one) for year in (2025, 2026) for one in (None, *self.estates)],
            "of": [NotDoneOf(self._seat.today(), one) for one in (None, *self.estates)],
        }
        queries: dict[str, list[Any]] = {
            "estates": [UnitQuery(text=text) for text in self.typed]
            + [UnitQuery(estate_id=one, text=text) for one in self.estates for text in ("", "1")]
            + [UnitQuery(building_id=one) for one in self.buildings],
            "inspections": [BookQuery(text=text) for text in self.typed]
            + [BookQuery(facets={"estate_id": one}, sort="estate_id") for one in self.estates]
            + [
                BookQuery(facets={"subject_kind": SubjectKind.RENOVATION.value, "subject_id": one})
                for one in self.cases
            ],
            "renovation": [BookQuery(text=text) for text in self.typed]
            + [BookQuery(facets={"estate_id": one}) for one in self.estates]
            + [BookQuery(facets={"unit_id": one}) for one in self.units],
            "workorders": order_queries(self.estates, self.typed),
            "facilities": [BookQuery(text=text) for text in self.typed]
            + [BookQuery(facets={"estate_id": one}, sort="estate_id") for one in self.estates],
        }
        whole = [
            BookQuery(facets={"estate_id": one}, text=text) for one in self.estates for text in ("", "1")
        ]
        few = {"subjects": [(), self.subjects]}
        own: dict[str, dict[str, list[Any]]] = {
            "inspections.service.page_data.visit_papers": few,
            "inspections.service.page_data.visit_previews": few,
            "inspections.service.sheet_data.visit_sheets": few,
            "inspections.service.rechecks.before_visit": {
                "kind": list(SubjectKind),
                "subject_id": [*self.estates, *self.cases],
            },
            "estates.service.buildings.find_buildings": {"query": [BookQuery(), *whole]},
            "estates.service.buildings.buildings_for_print": {"query": [BookQuery(), *whole]},
            "renovation.service.queries.cases_for_print": {"query": [BookQuery(), *whole]},
            "estates.service.roles.find_roles": {"query": [BookQuery(), *whole]},
            "estates.service.roles.roles_for_print": {"query": [BookQuery(), *whole]},
            "today.service.find_scanned": {"text": self.uids},
            "dossiers.service.read_file": self.files(),
            "dossiers.service.file_for_export": self.files(),
            "today.service.guess": {"found": [()]},
            "today.service.describe_recent": {"recent": [tuple(("unit", one) for one in self.units)]},
            "today.service.record_exists": {"record": all_records(), "record_id": self.units},
            "estates.service.units.unit_position": {
                "query": [UnitQuery(), *(UnitQuery(estate_id=one) for one in self.estates)]
            },
        }
        if name.startswith("inspections."):
            own |= round_arguments(self._seat, self.subjects, self.uids, [BookQuery(), *whole])
            own |= photo_arguments(self._seat)
        if name == "inspections.service.page_data.number_papers":
            own[name] = {"papers": self.previews()}
        return shared | {"query": queries.get(name.split(".", maxsplit=1)[0], [])} | own.get(name, {})


def calls(name: str, asked: Office) -> list[tuple[Any, ...]]:
    """Return the arguments of every call of a service; fail if one of them is unknown."""
    known = asked.arguments(name)
    values = []
    for parameter in list(inspect.signature(SERVICES[name]).parameters.values())[1:]:
        if known.get(parameter.name):
            values.append(known[parameter.name])
        elif parameter.default is not inspect.Parameter.empty:
            values.append([parameter.default])
        else:
            pytest.fail(f"{name} is open to a property company: say here what its {parameter.name!r} may be")
    made = list(product(*values))
    assert 0 < len(made) <= _MOST_CALLS, f"{name} would be called {len(made)} times"
    return made


# --- what must not be returned -----------------------------------------------------------------------------


def texts(result: Any) -> Iterator[str]:
    """Yield every text in a result, including nested dataclasses."""
    if isinstance(result, str):
        yield result.value if isinstance(result, Enum) else result
    elif is_dataclass(result) and not isinstance(result, type):
        for field in fields(result):
            yield from texts(getattr(result, field.name))
    elif isinstance(result, Mapping):
        for key, value in result.items():
            yield from texts(key)
            yield from texts(value)
    elif isinstance(result, Iterable) and not isinstance(result, bytes):
        for part in result:
            yield from texts(part)


def words_of(session: Session, table: Table, where: Any) -> set[str]:
    found: set[str] = set()
    for row in session.execute(select(table).where(where)).mappings():
        found.update(text.strip() for text in texts(dict(row)))
    return found


def secrets(seat: Seat, own: frozenset[int]) -> set[str]:
    """Return the texts in rows of other estates and in none of the own ones, except short ones and shipped ones."""
    theirs: set[str] = set()
    mine: set[str] = set(texts([checklist_for(kind) for kind in SubjectKind]))
    with seat.store.use() as session:
        for model in WITHIN:
            table = schema.metadata.tables[model.__tablename__]
            condition = scope.within(table, own)
            assert condition is not None
            theirs |= words_of(session, table, ~condition)
            mine |= words_of(session, table, condition)
    return {word for word in theirs - mine if (len(word) >= 4 and not word.isascii()) or _is_number(word)}


def _is_number(word: str) -> bool:
    return sum(char.isdigit() for char in word) >= 6 and len(word) >= 8


def of_others(seat: Seat, own: frozenset[int]) -> list[Any]:
    """Return all rows of other estates as stored."""
    found: list[Any] = []
    with seat.store.use() as session:
        for model in WITHIN:
            table = schema.metadata.tables[model.__tablename__]
            condition = scope.within(table, own)
            assert condition is not None
            found += session.execute(select(table).where(~condition).order_by(table.c.id)).all()
        photos = schema.metadata.tables[Attachment.__tablename__]
        found += session.execute(
            select(photos).where(photos.c.owner_table != "draft").order_by(photos.c.id)
        ).all()
    return found


@pytest.fixture
def their_draft(sample_seat: Seat) -> int:
    """A photo of the administrator's own draft; others have one of a visit of the company, and pages of each notice."""
    visit = select(Visit.id).join(Estate).where(Estate.name == OWN, Visit.party == Party.PROPERTY)
    photos.add_photos(sample_seat, held(sample_seat, visit)[0], (sample_photo(),))
    attach_pages(sample_seat, sample_photo())
    add_photo_of_work(sample_seat, OWN, sample_photo())
    return photos.keep_draft_photo(sample_seat, "visit:new", sample_photo()).id


def test_no_service_shows_a_property_company_other_estates(
    sample_seat: Seat, company: Seat, their_draft: int
) -> None:
    own = company.operator.estates
    assert own is not None
    asked, hidden = Office(sample_seat), secrets(sample_seat, own)
    assert len(hidden) > 500
    assert {"富南大厦", "太阳都市花园后期", "南昌路168弄", "思南路26弄"} <= hidden
    harmless: set[str] = set()
    answered = dict.fromkeys(OPEN, 0)
    for name in OPEN:
        for arguments in calls(name, asked):
            own_texts = {word for word in texts(arguments) if word}
            try:
                result = list(texts(SERVICES[name](company, *arguments)))
            except UserError as refusal:
                result = [refusal.message, *refusal.fields.values()]
            else:
                answered[name] += 1
            # a message may contain the caller's own input
            told = set(result) - own_texts - harmless
            news = "\n".join(told)
            leaks = {word for word in hidden if word in news}
            harmless |= set() if leaks else told
            leaks -= own_texts
            assert not leaks, f"{name}{arguments!r} tells {leaks}"
    silent = [name for name, count in answered.items() if not count]
    # needs the right password; by then every order was reported as done
    assert silent == ["office.service.operators.change_password", "workorders.service.acts.send_back"]


def test_no_service_lets_a_property_company_change_other_estates(sample_seat: Seat, company: Seat) -> None:
    own = company.operator.estates
    assert own is not None
    asked, before = Office(sample_seat), of_others(sample_seat, own)
    mine = held(sample_seat, select(Attachment.id))
    for name in (name for name in OPEN if ROLES[name] == FIELD):
        for arguments in calls(name, asked):
            if name.endswith(("remove_photo", "order_photo")):
                continue
            try:
                SERVICES[name](company, *arguments)
            except UserError:
                continue
    now = of_others(sample_seat, own)
    assert [row for row in before if row not in now] == []
    added = [row for row in now if row not in before]
    uids = set(held(sample_seat, select(Visit.uid).where(Visit.estate_id.in_(own))))
    uids |= order_uids(sample_seat, own)
    assert all(row.owner_uid in uids for row in added)
    assert set(mine) <= set(held(sample_seat, select(Attachment.id)))


def test_a_leak_is_found(sample_seat: Seat, company: Seat) -> None:
    @permit(Role.PROPERTY)
    def careless(seat: Seat) -> list[str]:
        with seat.reading() as session:
            names = schema.metadata.tables["estate"].c.name
            return list(session.scalars(select(names)))

    hidden = secrets(sample_seat, company.operator.estates or frozenset())
    assert hidden & set(texts(careless(company)))


# --- what is visible ---------------------------------------------------------------------------------------


def test_the_own_data_is_visible(company: Seat) -> None:
    assert [name for _key, name in estate_choices(company)] == [OWN]
    agenda = list_tasks(company, DUES)
    assert [figure.value for figure in agenda.figures[:2]] == [1, 72]
    assert "standards" not in agenda.counts
    assert list_visits(company).total == 4
    assert search(company, all_records(), "fyxq")
    assert {found.kind for found in search(company, all_records(), "福元小区")} >= {"estate", "case", "unit"}
    assert search(company, all_records(), "富南大厦") == ()


def test_the_committees_remarks_on_people_are_not_visible(sample_seat: Seat, company: Seat) -> None:
    own = select(Household.unit_id).join(Estate, Estate.id == Household.estate_id)
    noted = held(sample_seat, own.where(Estate.name == OWN, Household.remarks != ""))
    assert noted
    for unit in noted[:5]:
        assert any(view.remarks for view in units.unit_detail(sample_seat, unit).households)
        views = units.unit_detail(company, unit).households
        assert [view.remarks for view in views] == [""] * len(views)
        assert all("*" in view.head for view in views)


def test_other_estates_do_not_displace_own_results(sample_seat: Seat) -> None:
    both = sat(sample_seat, "富南大厦", "思南路26弄")
    everything = {(found.kind, found.record_id) for found in search(sample_seat, all_records(), "1")}
    hers = [found for found in search(both, all_records(), "1") if found.kind == "unit"]
    assert len(hers) >= 10
    assert {(found.kind, found.record_id) for found in hers} - everything


def test_without_an_estate_there_is_nothing(sample_seat: Seat) -> None:
    nobody = sat(sample_seat)
    assert search(nobody, all_records(), "1") == ()
    assert list_tasks(nobody, DUES).tasks == ()
    assert list_visits(nobody).total == 0


# --- own duties --------------------------------------------------------------------------------------------


def _visit(seat: Seat, subject: Subject, party: Party) -> NewVisit:
    passed = tuple(Finding(item.key, Result.PASS) for item in checklist_for(subject.kind).items)
    return NewVisit(subject, seat.now(), party, "何斌", passed)


def test_only_visits_of_the_own_company_are_logged(company: Seat) -> None:
    start = page_data.begin_entry(company)
    assert start.parties == (Party.PROPERTY,)
    (round_,) = start.subjects[SubjectKind.ESTATE]
    assert log_visit(company, _visit(company, round_, Party.PROPERTY)).party is Party.PROPERTY
    for party in (Party.COMMITTEE, Party.ENFORCEMENT):
        with pytest.raises(NotAllowed) as refused:
            log_visit(company, _visit(company, round_, party))
        assert set(refused.value.fields) == {"party"}


def test_only_photos_of_own_visits_are_added_and_removed(company: Seat) -> None:
    rows = list_visits(company).rows
    own = next(row for row in rows if row.fields.party == Party.PROPERTY)
    other = next(row for row in rows if row.fields.party == Party.COMMITTEE)
    (added,) = photos.add_photos(company, own.id, (sample_photo(),)).photos
    photos.caption_photo(company, added.id, "墙面")
    photos.remove_photo(company, added.id)
    with pytest.raises(NotAllowed):
        photos.add_photos(company, other.id, (sample_photo(),))


def test_a_photo_of_another_draft_is_not_accessible(
    sample_seat: Seat, company: Seat, their_draft: int
) -> None:
    clerk = next(view for view in list_operators(sample_seat) if view.role is Role.CLERK)
    colleague = replace(sample_seat, operator=replace(sample_seat.operator, id=clerk.id, role=Role.CLERK))
    actions: list[Callable[[Seat], object]] = [
        lambda seat: photos.read_photo(seat, their_draft),
        lambda seat: photos.caption_photo(seat, their_draft, "x"),
        lambda seat: photos.remove_photo(seat, their_draft),
    ]
    for seat in (company, colleague):
        for action in actions:
            with pytest.raises(UserError, match="no longer exists"):
                action(seat)
    assert photos.read_photo(sample_seat, their_draft)


def test_signing_in_limits_to_the_chosen_estates(sample_seat: Seat) -> None:
    folder = sample_seat.store.folder
    sample_seat.store.close()
    seat = sign_in(folder, "he", SAMPLE_PASSWORD)
    assert [name for _key, name in estate_choices(seat)] == [OWN]
    seat.store.close()


def test_days_and_instants_are_not_secrets() -> None:
    assert list(texts([date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), 3, None, b"x"])) == []
    assert PASSWORD not in list(texts({"a": ("b", {"c"})}))
