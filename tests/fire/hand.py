"""The worker of the fire tests: a small office with invented people, and what a clerk enters next."""

import io
import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Operator, Role, Seat
from fuyuan_desk.backups.service import backups
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.service import buildings, estates, households, units
from fuyuan_desk.inspections import catalogue
from fuyuan_desk.inspections.facts import NewVisit
from fuyuan_desk.inspections.rules.visits import Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.office.service.operators import add_operator, list_operators
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.office.service.single_person import declare_single_person, end_single_person
from fuyuan_desk.renovation.facts import CaseDetail, Filing
from fuyuan_desk.renovation.rules.works import ScopeItem
from fuyuan_desk.renovation.service import cases as renovation
from fuyuan_desk.store.keys import attempts
from fuyuan_desk.store.keys.keyring import Cost

ADMIN, CLERK, REVIEWER = "admin", "clerk", "reviewer"
FOUNDER = "founder"
PASSWORD = "correct-horse-9"
NEXT_PASSWORD = "correct-horse-10"
"""That of the administrator after a change of the office's key."""
RECOVERY = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG"
# an attempt must be expensive in an office and cheap in a test
CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
PAINT, SCREED = "finish.paint", "wet.waterproof"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_HEADER = "门牌号,室号,姓名,联系电话,身份证号码,建筑面积,居住人数"


def id_number(rng: random.Random) -> str:
    """Invent an ID number with a valid check digit; its sequence 000 is never issued."""
    year, month, day = rng.randint(1940, 2005), rng.randint(1, 12), rng.randint(1, 28)
    body = f"310101{year}{month:02}{day:02}000"
    digit = sum(int(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[digit]


@dataclass
class Hand:
    """A signed-in operator of the office in `root / office`, and a source of new names that are never reused."""

    root: Path
    seat: Seat
    rng: random.Random
    number: int = 0

    @property
    def folder(self) -> Path:
        """The folder of the office."""
        return self.root / "office"

    def fresh(self) -> str:
        """Return a number that was not used in this office."""
        self.number += 1
        return f"{self.number}-{self.rng.randrange(1 << 32):08x}"

    def name(self) -> str:
        """Invent a person."""
        return self.rng.choice(_SURNAMES) + "".join(self.rng.choices(_GIVEN, k=2))

    def phone(self) -> str:
        """Invent a telephone number."""
        return f"13{self.rng.randrange(10**9):09}"

    def person(self, people: int = 2) -> HouseholdFields:
        """Invent a household."""
        return HouseholdFields(
            self.name(),
            id_kind="resident",
            id_number=id_number(self.rng),
            phones=(self.phone(), self.phone()),
            people=people,
        )

    def photo(self) -> NewPhoto:
        """Create a small new photo as prepared for the store."""
        size = (48, 32)
        noise = Image.frombytes("RGB", size, self.rng.randbytes(3 * size[0] * size[1]))
        file = io.BytesIO()
        noise.save(file, "JPEG", quality=90)
        return NewPhoto(file.getvalue(), *size, f"照片{self.fresh()}")

    def seat_of(self, login: str) -> Seat:
        """Return the seat of another operator of the same office, without signing in again."""
        found = next(view for view in list_operators(self.seat) if view.login == login)
        return Seat(self.seat.store, Operator(found.id, found.login, found.name, found.role))

    # --- records in the office before an action

    def estate(self) -> int:
        """Register an estate with a new name."""
        return estates.save_estate(
            self.seat,
            EstateFields(
                f"福元{self.fresh()}弄", house_kind="commodity", heritage_class=0, historic_area="none"
            ),
        ).id

    def building(self, estate: int | None = None) -> int:
        """Add a building."""
        fields = BuildingFields(f"{self.fresh()}号", floors=6, estate_id=estate or self.estate())
        return buildings.save_building(self.seat, fields).id

    def unit(self, building: int | None = None) -> int:
        """Add a unit."""
        fields = UnitFields(building or self.building(), label=f"{self.fresh()}室", area=8_856)
        return units.save_unit(self.seat, fields).id

    def household(self, unit: int | None = None) -> tuple[int, int]:
        """Add a household, and return its id with that of its unit."""
        unit = unit or self.unit()
        return households.save_household(self.seat, unit, self.person()).id, unit

    def filing(self, unit: int, *works: str) -> Filing:
        """Fill in the application for a renovation."""
        start = self.seat.today() + timedelta(days=1)
        scope = tuple(ScopeItem(work, {}) for work in works or (PAINT,))
        end = start + timedelta(days=30)
        return Filing(unit, self.name(), start, end, scope, applicant_phone=self.phone())

    def case(self) -> CaseDetail:
        """File a renovation."""
        return renovation.file_case(self.seat, self.filing(self.household()[1]))

    def visit(self, photos: int = 0) -> NewVisit:
        """Fill in the log of a round in a new estate."""
        subject = estate_subjects(self.seat, [self.estate()])[0]
        items = catalogue.checklist_for(SubjectKind.ESTATE).items
        findings = tuple(Finding(item.key, Result.PASS) for item in items)
        pictures = tuple(self.photo() for _ in range(photos))
        return NewVisit(
            subject,
            self.seat.now(),
            Party.COMMITTEE,
            self.name(),
            findings,
            remarks=self.fresh(),
            photos=pictures,
        )

    def roster(self, rows: int = 12) -> Path:
        """Write a roster of a new estate as a file outside the office; its name is that of the estate."""
        lines = [_HEADER]
        for row in range(rows):
            person = self.person()
            cells = (
                f"{row // 4 + 1}号",
                f"{row % 4 + 101}室",
                person.head,
                person.phones[0],
                person.id_number,
            )
            lines.append(",".join((*cells, f"{self.rng.randint(30, 99)}.5", str(person.people))))
        outside = self.root / "outside"
        outside.mkdir(exist_ok=True)
        path = outside / f"福元{self.fresh()}弄.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    def day(self, ago: int) -> date:
        """Return a day in the past."""
        return self.seat.today() - timedelta(days=ago)


def furnish(root: Path) -> None:
    """Set up a small office in `root / office`, with an operator of each role, and close it."""
    settings = OfficeSettings("福元居民委员会", street="瑞金二路街道")
    seat = set_up_office(root / "office", settings, ADMIN, "管理员", PASSWORD, RECOVERY, CHEAP)
    try:
        # who made their access: in the next days they may agree for anybody else
        founder = named(seat, FOUNDER)
        declare_single_person(founder)
        for role in Role:
            if role is not Role.ADMIN:
                add_operator(founder, role.value, f"某{role.value}", role, PASSWORD, CHEAP, frozenset({0}))
        end_single_person(founder)
        hand = Hand(root, seat, random.Random(1))
        hand.household()
        hand.case()
        log_visit(seat, hand.visit(photos=1))
        report = backups.back_up(seat, roots=())
        assert report.is_good, report
    finally:
        seat.store.close()


def open_hand(root: Path, rng: random.Random) -> Hand:
    """Open the office in `root / office`, which repairs it where needed; also after its key was changed."""
    try:
        return Hand(root, sign_in(root / "office", ADMIN, PASSWORD), rng)
    except NotAllowed:
        attempts.clear(root / "office")  # it was nobody's mistake
        return Hand(root, sign_in(root / "office", ADMIN, NEXT_PASSWORD), rng)


def copy_of(template: Path, root: Path) -> Path:
    """Copy an office with everything beside it."""
    shutil.copytree(template, root)
    return root


# --- actions --------------------------------------------------------------------------------------------


@dataclass
class Task:
    """A move and its properties.

    `closed`: nobody is signed in when it begins; it returns the seat. `passwords` by login: the old one and the one
    that opens once the move is done, '' for none. `check` is called at the end with whether the move was
    acknowledged; it raises when what the move leaves beside the office is wrong. `is_alone`: it wants an office
    to itself, in which none came before and none follows.
    """

    move: Callable[[Hand], object]
    closed: bool = False
    passwords: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    check: Callable[[bool], None] | None = None
    is_alone: bool = False


Prepare = Callable[[Hand], Task]


def on(make: Callable[[Hand], Any], move: Callable[[Seat, Any], object]) -> Prepare:
    """Prepare something, then run the move with it."""

    def prepare(hand: Hand) -> Task:
        made = make(hand)
        return Task(lambda mover: move(mover.seat, made))

    return prepare


def on_as_new(make: Callable[[Hand], Any], move: Callable[[Seat, Any], object]) -> Prepare:
    """Prepare something, then show it to an operator who saw nothing yet: the 21st in ten minutes takes two."""

    def prepare(hand: Hand) -> Task:
        made, login = make(hand), f"某{hand.fresh()}"
        return Task(lambda mover: move(named(mover.seat, login), made))

    return prepare


def named(seat: Seat, login: str) -> Seat:
    """Return the seat with another name in the trail."""
    return replace(seat, operator=replace(seat.operator, login=login))


def nothing(_hand: Hand) -> None:
    """Prepare nothing."""
