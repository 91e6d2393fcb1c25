"""Masked parts of a book: shown masked, revealed one by one, kept when they stay masked, found and exported."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import Second, SecondNeeded
from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.records import Household
from fuyuan_desk.estates.service import buildings, estates, units
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.formats.person import mask_contact
from fuyuan_desk.kit import list_view
from fuyuan_desk.kit.book import Book, BookQuery, Part, Shown, Words
from fuyuan_desk.kit.table import Table
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.widgets.fields import Masked
from tests.conftest import PASSWORD


@dataclass(frozen=True)
class HolderFields:
    """A part of the household's columns, as a book of people would have them."""

    head: str = ""
    contact: str = ""
    unit_id: int | None = None
    estate_id: int | None = None


def book() -> Book:
    """A book of people; households have screens of their own, their table serves here."""
    return Book(
        Kind("household", "household", 30, "Households", "household"),
        "Holders",
        Words("", "", "", "", "", "", ""),
        (
            Part(
                "head",
                "&Head",
                required=True,
                most=60,
                find="text",
                mask=mask_name,
                shown=Shown(80, sort=True),
            ),
            Part("contact", "&Contact", most=200, mask=mask_contact, shown=Shown(80)),
            Part("unit_id", "&Unit", "reference", required=True),
            Part("estate_id", "&Estate", "reference", required=True),
        ),
        lambda fields: fields.head,
        order="head",
        estate="estate_id",
    )


TABLE = Table(
    Household,
    HolderFields,
    book,
    references={
        "unit_id": lambda _session, ids: dict.fromkeys(ids, "101室"),
        "estate_id": estates.describe_estates,
    },
    holds=Holds.MASKED,
)
FIELDS = HolderFields("姚艳志", "松江区某路1号", 1, 1)


@pytest.fixture
def office(seat: Seat) -> Seat:
    """An office with one unit."""
    estate = estates.save_estate(seat, EstateFields("南昌路168弄")).id
    building = buildings.save_building(seat, BuildingFields("4号", estate_id=estate)).id
    units.save_unit(seat, UnitFields(building, label="101室"))
    return seat


def test_what_is_personal_is_masked_in_lists_and_forms_and_found_all_the_same(office: Seat) -> None:
    with office.store.use() as session:
        saved = TABLE.save(session, FIELDS)
        [line] = TABLE.find(session, BookQuery(text="yyz")).rows
        assert (line.fields.head, line.fields.contact) == ("姚*", "松江***")
        values = list_view.form_values(book(), line)
        assert (values["head"], values["contact"]) == (Masked("姚*"), Masked("松江***"))
        assert TABLE.reveal(office, session, saved.id, "contact") == "松江区某路1号"
        session.commit()
    with office.store.use() as session:
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "reveal")).one()
        assert (noted.table_name, noted.record_id) == ("household", saved.id)
        assert "contact" in noted.changes
        assert "松江区" not in noted.changes


def test_a_value_that_stayed_masked_is_kept(office: Seat) -> None:
    with office.store.use() as session:
        saved = TABLE.save(session, FIELDS)
        line = TABLE.read(session, saved.id)
        # the form returns only what was not masked: the new contact, not the head
        TABLE.save(session, HolderFields("", "改为信箱", 1, 1), line.known, kept=("head",))
        row = TABLE.get(session, saved.id)
        assert (row.head, row.contact) == ("姚艳志", "改为信箱")


def test_an_unmasked_export_takes_a_second_person_and_is_stamped(office: Seat) -> None:
    with office.store.use() as session:
        TABLE.save(session, FIELDS)
        session.commit()
    plain, full = ExportOrder("核对", "街道办"), ExportOrder("核对", "街道办", unmasked=True)
    with office.store.use() as session:
        made = TABLE.export(office, session, plain, BookQuery())
        assert [line.fields.head for line in made.rows] == ["姚*"]
        assert made.stamp.holds is Holds.MASKED
        with pytest.raises(SecondNeeded):
            TABLE.export(office, session, full, BookQuery())
    second = Seat(office.store, office.operator, office.now, second=Second("reviewer", PASSWORD))
    with office.store.use() as session:
        made = TABLE.export(second, session, full, BookQuery())
        assert [line.fields.head for line in made.rows] == ["姚艳志"]
        assert made.stamp.holds is Holds.UNMASKED


def test_the_history_of_a_masked_part_shows_no_name(office: Seat) -> None:
    with office.store.use() as session:
        saved = TABLE.save(session, FIELDS)
        TABLE.save(session, HolderFields("苏强平", "", 1, 1), TABLE.read(session, saved.id).known)
        session.commit()
        texts = [
            f"{one.old} {one.new}" for event in TABLE.history(session, saved.id) for one in event.changes
        ]
    assert texts
    assert not any("姚艳志" in text or "苏强平" in text or "某路" in text for text in texts)


def test_a_printed_list_is_masked_and_says_so(office: Seat) -> None:
    with office.store.use() as session:
        TABLE.save(session, FIELDS)
        paper = TABLE.paper(office, session, BookQuery())
    assert paper.masked
    assert paper.rows == (("姚*", "松江***"),)
    assert paper.made == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
