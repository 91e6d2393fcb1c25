"""The books of every job, with records to try them: what `test_books.py` and `test_book_pages.py` run over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.contracts.book import book as contracts_book
from fuyuan_desk.contracts.controller import USES as CONTRACT_USES
from fuyuan_desk.contracts.controller import contracts_page
from fuyuan_desk.contracts.facts import ContractFields
from fuyuan_desk.contracts.service import contracts
from fuyuan_desk.estates.book import building_book, role_book
from fuyuan_desk.estates.controller.buildings import USES as BUILDING_USES
from fuyuan_desk.estates.controller.buildings import buildings_page
from fuyuan_desk.estates.controller.roles import USES as ROLE_USES
from fuyuan_desk.estates.controller.roles import roles_page
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, RoleFields
from fuyuan_desk.estates.service import buildings, estates, roles
from fuyuan_desk.facilities.book import book as facilities_book
from fuyuan_desk.facilities.controller import USES, facilities_page
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.service import facilities
from fuyuan_desk.kit.book import Book
from fuyuan_desk.kit.book_page import BookPage, Uses
from fuyuan_desk.kit.table import Table
from fuyuan_desk.organisations.book import contact_book, organisation_book
from fuyuan_desk.organisations.controller.organisations import CONTACT_USES, contacts_page, organisations_page
from fuyuan_desk.organisations.controller.organisations import USES as ORGANISATION_USES
from fuyuan_desk.organisations.facts import ContactFields, OrganisationFields
from fuyuan_desk.organisations.service import contacts, organisations


@dataclass(frozen=True)
class BookCase:
    """A book to be tried.

    `page(desk, settings)` makes its page. `records(seat)` returns the fields of valid new records in their natural
    order, whatever order they are saved in; all are of the first estate. `found_by` maps typed text to the place of the
    one record it must find. `changed` is a valid change of a text part: its name and the new value; `many` one of
    several records at once. `text` is a part that holds free text. `of_estate`: each record belongs to one, which a
    property company sees of its own if the book is `open_to_company`. `undated` are the other values of a record
    without the day on which it is due.
    """

    name: str
    book: Callable[[], Book]
    table: Table[Any, Any]
    uses: Uses[Any]
    page: Callable[..., BookPage[Any]]
    records: Callable[[Seat], Sequence[Any]]
    found_by: dict[str, int]
    order: str
    text: str
    changed: tuple[str, str]
    many: tuple[str, Any] | None = None
    of_estate: bool = True
    open_to_company: bool = True
    undated: Mapping[str, Any] = field(default_factory=dict)

    @property
    def telling(self) -> str:
        """The part by which otherwise equal records differ."""
        rules = self.table.unique()
        return rules[0].parts[0] if rules else self.text


def set_up(seat: Seat) -> None:
    """Save a lane and a tower, which the records of all books belong to."""
    for name in ("南昌路168弄", "富南大厦"):
        estates.save_estate(seat, EstateFields(name))


def gates(seat: Seat) -> dict[str, int]:
    """Return two gates of the lane by their labels, saved on first use."""
    if not buildings.list_buildings(seat, 1):
        for label in ("10号", "9号"):
            buildings.save_building(seat, BuildingFields(label, estate_id=1))
    return {row.fields.label: row.id for row in buildings.list_buildings(seat, 1)}


def _facilities(seat: Seat) -> list[FacilityFields]:
    known = gates(seat)
    return [
        FacilityFields("camera", "9号", 1, known["9号"], "弄堂口", company="福安安防"),
        FacilityFields("lift", "10号", 1, known["10号"], "东侧", certificate="梯11沪H00012"),
        FacilityFields("lift", "11号", 1, None, "𠮷字楼"),
    ]


def _buildings(seat: Seat) -> list[BuildingFields]:
    return [
        BuildingFields(name, floors, estate_id=1)
        for name, floors in (("8号", 2), ("8号甲", 3), ("12号𠮷", 6))
    ]


def _organisations(_seat: Seat) -> list[OrganisationFields]:
    return [
        OrganisationFields("华筑装饰工程有限公司", "contractor", phone="13812345678", address="南昌路9号"),
        OrganisationFields("瑞金二路街道办事处", "street", remarks="窗口周一至周五"),
        OrganisationFields("福𠮷物业服务有限公司", "property", "91310101MA1FP0001L", address="福元路1号"),
    ]


def company(seat: Seat) -> int:
    """Return an organisation that contacts, roles and contracts refer to, saved on first use."""
    name = "沪上物业有限公司"
    found = organisations.find_organisations(seat).rows
    known = next((line.id for line in found if line.fields.name == name), None)
    return known or organisations.save_organisation(seat, OrganisationFields(name, "property")).id


def _contacts(seat: Seat) -> list[ContactFields]:
    one = company(seat)
    return [
        ContactFields(one, "乔志明", "总机𠮷", "021-62093705"),
        ContactFields(one, "何斌", "经理"),
        ContactFields(one, "倪海涛", "维保班长", "13812345678"),
    ]


def _roles(seat: Seat) -> list[RoleFields]:
    one = company(seat)
    return [
        RoleFields("enforcement", one, None, date(2020, 1, 1), "甲", 1),
        RoleFields("street", one, date(2020, 1, 2), None, "乙", 1),
        RoleFields("other", one, note="丙", estate_id=1),
    ]


def _contracts(seat: Seat) -> list[ContractFields]:
    one = company(seat)
    return [
        ContractFields("property", "福-2", 1, one, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31)),
        ContractFields("cleaning", "福-10", 1, one, starts_on=date(2021, 1, 1), ends_on=date(2021, 12, 31)),
        ContractFields("lease", "租𠮷", 1, one, starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31)),
    ]


BOOKS = [
    BookCase(
        "buildings",
        building_book,
        buildings.TABLE,
        BUILDING_USES,
        lambda desk, settings=None: buildings_page(desk, settings, in_estate=False),
        _buildings,
        found_by={"8号甲": 1, "𠮷": 2, "12": 2},
        order="label",
        text="label",
        changed=("label", "77号"),
        many=("floors", 7),
    ),
    BookCase(
        "facilities",
        facilities_book,
        facilities.TABLE,
        USES,
        lambda desk, settings=None: facilities_page(desk, settings),
        _facilities,
        found_by={
            "00012": 1,
            "沪H00012": 1,
            "梯11沪H00012": 1,
            "福安": 0,
            "nongtangkou": 0,
            "dongce": 1,
            "𠮷": 2,
        },
        order="number",
        text="place",
        changed=("place", "西侧"),
        many=("company", "沪上维保"),
    ),
    BookCase(
        "organisations",
        organisation_book,
        organisations.TABLE,
        ORGANISATION_USES,
        lambda desk, settings=None: organisations_page(desk, settings),
        _organisations,
        found_by={"huazhu": 0, "hzzs": 0, "5678": 0, "0001L": 2, "𠮷": 2, "街道": 1},
        order="name",
        text="address",
        changed=("address", "太阳路1号"),
        many=("kind", "other"),
        of_estate=False,
        open_to_company=False,
    ),
    BookCase(
        "contacts",
        contact_book,
        contacts.TABLE,
        CONTACT_USES,
        lambda desk, settings=None: contacts_page(desk, settings),
        _contacts,
        found_by={"经理": 1, "班长": 2, "𠮷": 0},
        order="post",
        text="post",
        changed=("post", "副经理"),
        of_estate=False,
        open_to_company=False,
    ),
    BookCase(
        "roles",
        role_book,
        roles.TABLE,
        ROLE_USES,
        lambda desk, settings=None: roles_page(desk, settings, in_estate=False),
        _roles,
        found_by={"甲": 0, "乙": 1, "丙": 2},
        order="role",
        text="note",
        changed=("note", "丁"),
    ),
    BookCase(
        "contracts",
        contracts_book,
        contracts.TABLE,
        CONTRACT_USES,
        lambda desk, settings=None: contracts_page(desk, settings),
        _contracts,
        found_by={"福-2": 0, "baojie": 1, "𠮷": 2},
        order="ends_on",
        text="number",
        changed=("number", "福-77"),
        open_to_company=False,
        undated={"term": "open"},
    ),
]
