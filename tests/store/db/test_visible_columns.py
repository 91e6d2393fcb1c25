"""What is stored, shown, printed and found is one text, whichever way it came in."""

import json
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot
from sqlalchemy import select, text

from fuyuan_desk.access.drafts import load_draft, save_draft
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.service.records import check_records
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.records import Building, Unit
from fuyuan_desk.estates.service import estates
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.records import Facility
from fuyuan_desk.facilities.service import facilities
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.kit.list_sheet import list_sheet
from fuyuan_desk.shell import schema
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.store.audit.bulk_insert import insert_block
from fuyuan_desk.store.guards import scope
from fuyuan_desk.today import service as today
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from tests.kit.books import set_up
from tests.paper.pdf import flat

HIDDEN = "\u200b\u202e\ufeff\x00\x1b\u00ad"
# what a clerk may have pasted: names, with anything invisible between their characters
PASTED = st.lists(
    st.sampled_from([*"电梯厂房间甲乙𠮷A7", "\u8fbb\U000e0100", *HIDDEN, "\t", "\u2028"]),
    min_size=1,
    max_size=24,
).map("".join)


def is_visible(shown: str) -> bool:
    return not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Zl", "Zp"}


@pytest.fixture
def office(seat: Seat) -> Seat:
    set_up(seat)
    return seat


def last_entry(seat: Seat, table: str) -> dict[str, object]:
    with seat.store.use() as session:
        statement = (
            "SELECT changes FROM audit_entry WHERE table_name = :name AND action = 'insert' ORDER BY id DESC"
        )
        found: dict[str, object] = json.loads(str(session.execute(text(statement), {"name": table}).scalar()))
        return found


@given(PASTED)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_store_screen_paper_and_search_agree(office: Seat, qtbot: QtBot, pasted: str) -> None:
    form = Form([Field("company", "Company")])
    qtbot.addWidget(form)
    form.set_raw({"company": pasted})
    typed = form.values()["company"]
    # by the form, and by a caller that knows no form
    for given_text in (typed, pasted):
        saved = facilities.save_facility(office, FacilityFields("lift", "7", 1, company=given_text))
        shown = facilities.read_facility(office, saved.id).fields.company
        with office.store.use() as session:
            stored = session.execute(text("SELECT company FROM facility")).scalar_one()
        paper = facilities.facilities_for_print(office, BookQuery())
        printed = flat(list_sheet(paper), 1)
        assert stored == shown == typed
        assert is_visible(shown)
        # a variation selector chooses a glyph and leaves none of its own
        assert "".join(shown.replace("\U000e0100", "").split()) in printed
        assert is_visible(printed)
        assert last_entry(office, "facility")["company"] == shown
        facilities.remove_facility(office, saved.id)


def test_a_name_is_found_however_it_is_typed(office: Seat) -> None:
    estates.save_estate(office, EstateFields("富\u200b南\ufeff大厦二期", street="瑞金二路街道"))
    for typed in ("富南大厦二期", "富\u200b南大\x00厦二期", "\u202efndxeq"):
        assert [hit.title for hit in today.search(office, all_records(), typed)] == ["富南大厦二期"], typed


def test_two_names_that_look_alike_are_refused_as_any_other_duplicate(office: Seat) -> None:
    facilities.save_facility(office, FacilityFields("lift", "A1", 1))
    with pytest.raises(InvalidInput, match="already has a facility"):
        facilities.save_facility(office, FacilityFields("lift", "A\u200b1", 1))


def test_object_row_and_trail_hold_the_same(office: Seat) -> None:
    with office.store.use() as session:
        row = Facility(kind="lift", number="A\x001", order_key="a", estate_id=1, remarks="甲\u2028乙\u200b")
        assert (row.number, row.remarks) == ("A1", "甲\n乙")
        session.add(row)
        session.flush()
        # the other side of a comparison is cleaned, too
        assert session.scalars(select(Facility).where(Facility.number == "A\u200b1")).one() is row
        session.commit()
    changes = last_entry(office, "facility")
    assert (changes["number"], changes["remarks"]) == ("A1", "甲\n乙")


def test_many_rows_at_once_are_cleaned_and_logged_so(office: Seat) -> None:
    with office.store.use() as session:
        ids = insert_block(
            session,
            Building,
            {"estate_id": [1, 1], "label": ["4\u200b号", "5号\x1b"], "order_key": ["a", "b"]},
        )
        labels = select(Building.label).where(Building.id.in_(ids)).order_by(Building.id)
        assert session.scalars(labels).all() == ["4号", "5号"]
        session.commit()
    assert last_entry(office, "building")["rows"]["label"] == ["4号", "5号"]  # type: ignore[index]


def test_the_order_of_units_keeps_what_divides_its_parts() -> None:
    assert Unit.__table__.c.order_key.info["exact"]
    cleaned = {
        f"{table.name}.{column.name}"
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if not column.info.get("exact") and type(column.type).__name__ in ("_Line", "_Lines")
    }
    assert {"estate.name", "household.head", "household.remarks", "visit.subject"} <= cleaned
    for model in scope.models():
        for column in model.__table__.columns:
            if type(column.type).__name__ in ("String", "Text"):
                assert column.info.get("exact"), f"{model.__tablename__}.{column.name}"


def test_a_draft_is_shown_clean(office: Seat) -> None:
    save_draft(office, "facility:new", {"company": "甲\u202e乙", "remarks": "一\r\n二\x00"})
    assert load_draft(office, "facility:new") == {"company": "甲乙", "remarks": "一\n二"}


def test_a_forged_invisible_character_is_reported_and_breaks_nothing(office: Seat) -> None:
    saved = facilities.save_facility(office, FacilityFields("lift", "A1", 1, company="甲厂"))
    with office.store.use() as session:
        forged = text("UPDATE facility SET company = '甲' || char(8203) || '厂'")
        session.connection().execute(forged)
        session.commit()
    assert facilities.read_facility(office, saved.id).fields.company == "甲\u200b厂"
    assert len(check_records(office).faults) == 1
