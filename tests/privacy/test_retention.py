"""Retention: the terms, what is due, and what anonymising leaves."""

import errno
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.access.second_person import SecondNeeded
from fuyuan_desk.core.errors import Conflict, NotAllowed
from fuyuan_desk.core.paths import read_each, read_json
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.kinds import UNIT
from fuyuan_desk.estates.records import Household
from fuyuan_desk.estates.service import households, units
from fuyuan_desk.formats.names import ANONYMOUS
from fuyuan_desk.inspections.records import Visit
from fuyuan_desk.inspections.service import photos
from fuyuan_desk.office.service.operators import list_operators
from fuyuan_desk.office.service.settings import check_office
from fuyuan_desk.privacy.catalogue import Fate, Rows, Term, Words, holdings
from fuyuan_desk.privacy.facts import REMOVED, Key
from fuyuan_desk.privacy.service import deleted_records, retention
from fuyuan_desk.renovation.kinds import CASE
from fuyuan_desk.shell.schema import metadata
from fuyuan_desk.store.audit import bulk_insert
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db.attachments import Attachment
from fuyuan_desk.store.db.personal import Kind, columns_of
from fuyuan_desk.store.guards import scope
from fuyuan_desk.store.search import index as search
from tests.disk import FaultyDisk
from tests.privacy.neighbours import (
    ID,
    NAME,
    OTHER,
    OTHER_PHONE,
    PHONE,
    Home,
    add_home,
    agreed,
    everything,
    file_case,
    log_visit,
    move_out,
    set_values,
    trail,
    value,
)

DAY = date(2023, 3, 2)  # three years before the tests' today


# --- the data ------------------------------------------------------------------------------------------------


def test_every_table_with_personal_data_has_a_term_or_a_reason() -> None:
    parts = {part for holding in holdings().values() for part in holding.parts}
    personal = {table.name for table in metadata.sorted_tables if columns_of(table)}
    assert personal - holdings().keys() - parts == set()
    assert holdings().keys() | parts <= personal
    for holding in holdings().values():
        assert holding.term is not None or holding.why.zh
        assert (holding.term is None) == (holding.erasing is None)
        assert holding.clauses


def test_terms_name_existing_columns() -> None:
    for holding in holdings().values():
        table = metadata.tables[holding.table]
        for name in holding.columns:
            of, _dot, column = name.rpartition(".")
            assert column in metadata.tables[of or holding.table].c
        term = holding.term
        if term is None:
            continue
        assert term.since in table.c
        assert term.done in ("", *table.c.keys())
        assert term.years + term.days > 0
        assert {keep.column for keep in term.keeps} <= columns_of(table).keys()
        assert set(term.only) <= set(table.c.keys())


def test_every_personal_column_is_labelled_for_the_report() -> None:
    for holding in holdings().values():
        assert columns_of(metadata.tables[holding.table]).keys() <= holding.columns.keys(), holding.table
        for part in holding.parts.keys() - holdings().keys():  # those have a report of their own
            named = {f"{part}.{column}" for column in columns_of(metadata.tables[part])}
            assert named <= holding.columns.keys(), part


TERMS = [Term("t", "d", Fate.REMOVE, Words("", ""), (), years=years) for years in (1, 3, 5)]
TERMS.append(Term("t", "d", Fate.REMOVE, Words("", ""), (), days=90))


@given(st.sampled_from(TERMS), st.dates(date(2020, 1, 1), date(2032, 12, 31)), st.integers(-2000, 30))
def test_a_term_is_over_from_its_day_on(term: Term, today: date, away: int) -> None:
    began = term.began_by(today)
    assert term.due_on(began) <= today < term.due_on(began + timedelta(days=1))
    other = began + timedelta(days=away)
    assert (term.due_on(other) <= today) == (other <= began)


@pytest.mark.parametrize(
    ("since", "due"),
    [("2023-03-02", "2026-03-02"), ("2024-02-29", "2027-02-28"), ("2023-12-31", "2026-12-31")],
)
def test_the_term_of_moving_out_is_three_years(since: str, due: str) -> None:
    term = holdings()["household"].term
    assert term is not None
    assert term.due_on(date.fromisoformat(since)) == date.fromisoformat(due)


# --- due records -----------------------------------------------------------------------------------------------


def test_only_whose_term_is_over_is_due(seat: Seat) -> None:
    home, later, stays = add_home(seat), add_home(seat, "502室"), add_home(seat, "503室")
    move_out(seat, home, DAY)
    move_out(seat, later, DAY + timedelta(days=1))
    page = retention.due_for_anonymising(seat)
    assert [row.key for row in page.rows] == [Key("household", home.household)]
    [row] = page.rows
    assert (row.who, row.since, row.due_on) == ("蔡*", DAY, date(2026, 3, 2))
    assert "501室" in row.place
    assert NAME not in str(page)
    assert stays.household not in {row.key.id for row in page.rows}


def test_the_list_is_read_window_by_window(seat: Seat) -> None:
    homes = [add_home(seat, f"{number}室") for number in range(501, 506)]
    for home in homes:
        move_out(seat, home, DAY)
    case = file_case(seat, homes[0])
    set_values(seat, "renovation_case", case, status="closed", closed_on=date(2021, 3, 2))
    whole = retention.due_for_anonymising(seat)
    assert whole.total == 6
    pieces = [retention.due_for_anonymising(seat, start, 2) for start in (0, 2, 4)]
    assert tuple(row for piece in pieces for row in piece.rows) == whole.rows
    assert {piece.total for piece in pieces} == {6}


def test_old_drafts_and_old_operators_are_due(seat: Seat) -> None:
    drafts.save_draft(seat, "renovation:new", {"applicant": NAME})
    drafts.save_draft(seat, "household:new:1", {"head": NAME})
    old = datetime(2025, 11, 1, tzinfo=UTC)
    with seat.store.sessions() as session:
        draft = session.scalar(select(metadata.tables["draft"].c.id))
    assert draft is not None
    set_values(seat, "draft", draft, saved_at=old)
    [viewer] = [one for one in list_operators(seat) if one.role is Role.VIEWER]
    set_values(seat, "operator", viewer.id, active=False, last_sign_in_at=datetime(2022, 1, 1, tzinfo=UTC))
    [clerk] = [one for one in list_operators(seat) if one.role is Role.CLERK]
    set_values(seat, "operator", clerk.id, last_sign_in_at=datetime(2022, 1, 1, tzinfo=UTC))
    due = {row.key: row for row in retention.due_for_anonymising(seat).rows}
    assert due.keys() == {Key("draft", draft), Key("operator", viewer.id)}
    assert due[Key("draft", draft)].removed
    retention.anonymise(agreed(seat))
    assert value(seat, "draft", draft, "form") is None
    assert value(seat, "operator", viewer.id, "name") == ANONYMOUS
    assert value(seat, "operator", viewer.id, "login") == "viewer"  # audit entries must refer to someone
    assert retention.due_for_anonymising(seat).total == 0


# --- anonymising -------------------------------------------------------------------------------------------------


def test_anonymising_takes_a_second_person(seat: Seat) -> None:
    home = add_home(seat)
    move_out(seat, home, DAY)
    with pytest.raises(SecondNeeded):
        retention.anonymise(seat)
    assert value(seat, "household", home.household, "head") == NAME
    assert retention.due_for_anonymising(seat).total == 1


def test_an_anonymised_household_still_counts(seat: Seat) -> None:
    home, other = (
        add_home(seat),
        add_home(seat, "502室", head=OTHER, phones=(OTHER_PHONE,), id_number="", remarks=""),
    )
    known = households.household_for_edit(seat, home.household)
    changed = replace(known.fields, phones=("13700001111",), contact="weixin-9981")
    households.save_household(seat, home.unit, changed, home.household, known.version)
    move_out(seat, home, DAY)
    done = retention.anonymise(agreed(seat), [Key("household", home.household)])
    assert (done.records, done.rows) == (1, 1)
    assert done.trail > 0
    [left] = units.unit_detail(seat, home.unit).households
    assert (left.head, left.id_number, left.phones, left.contact, left.remarks) == (ANONYMOUS, "", (), "", "")
    assert (left.people, left.role, left.moved_out_on) == (3, "owner", DAY)
    with seat.store.sessions() as session:
        texts = everything(session)
    # neither in the records nor in the trail, previous telephones included
    for gone in (NAME, ID, PHONE, "13700001111", "weixin-9981", "高血压"):
        assert gone not in texts
    assert OTHER in texts
    assert OTHER_PHONE in texts
    assert other.household


def test_an_anonymised_person_is_not_found_any_more(seat: Seat) -> None:
    home = add_home(seat)
    move_out(seat, home, DAY)
    retention.anonymise(agreed(seat))
    with seat.store.sessions() as session:
        for typed in (NAME, "cailangang", "5678", "000X"):
            assert search.find(session, typed, [CASE, UNIT]) == []
        assert [hit.record_id for hit in search.find(session, "501", [UNIT])] == [home.unit]


def test_the_audit_entry_has_ids_only(seat: Seat) -> None:
    home = add_home(seat)
    move_out(seat, home, DAY)
    retention.anonymise(agreed(seat))
    [entry] = trail(seat, "anonymise")
    assert (entry.table_name, entry.record_id) == ("household", home.household)
    assert json.loads(entry.changes) == {"reason": "moved-out"}
    [confirmed] = trail(seat, "confirm")
    assert NAME not in confirmed.changes
    assert [found.faults for found in check_office(seat) if found.faults] == []


def test_a_closed_case_with_its_photos_and_notes(seat: Seat) -> None:
    case = file_case(seat, add_home(seat))
    set_values(
        seat, "renovation_case", case, status="closed", closed_on=date(2021, 3, 2), closing_note="邻居某乙"
    )
    retention.anonymise(agreed(seat))
    assert value(seat, "renovation_case", case, "applicant") == ANONYMOUS
    assert value(seat, "renovation_case", case, "contractor_lead") == ANONYMOUS
    for column in ("applicant_phone", "applicant_id_number", "contractor_phone", "remarks", "closing_note"):
        assert value(seat, "renovation_case", case, column) == ""
    assert value(seat, "renovation_case", case, "anonymised_on") == seat.today()
    assert value(seat, "renovation_case", case, "verdict")  # the verdict stays
    with seat.store.sessions() as session:
        assert search.find(session, NAME, [CASE]) == []


def _visit(seat: Seat, *photos: NewPhoto) -> int:
    return log_visit(seat, accompanying=OTHER, remarks=f"与{NAME}谈话", photos=photos)


def test_the_photos_of_an_old_draft_go_with_it(seat: Seat) -> None:
    raw = io.BytesIO()
    Image.new("RGB", (320, 240), "red").save(raw, "JPEG")
    form = "visit:new"
    drafts.save_draft(seat, form, {"inspectors": "某甲"})
    photos.keep_draft_photo(seat, form, NewPhoto(raw.getvalue(), 320, 240, ""))
    with seat.store.sessions() as session:
        draft = session.scalar(select(metadata.tables["draft"].c.id))
        [content] = session.scalars(select(Attachment.content))
    assert draft is not None
    set_values(seat, "draft", draft, saved_at=datetime(2025, 11, 1, tzinfo=UTC))
    assert retention.anonymise(agreed(seat)).photos == 1
    assert seat.store.media.orphans([]) == []
    assert content


def test_photos_are_removed_unless_another_record_uses_them(seat: Seat) -> None:
    add_home(seat)
    raw = io.BytesIO()
    Image.new("RGB", (320, 240), "red").save(raw, "JPEG")
    other = io.BytesIO()
    Image.new("RGB", (320, 240), "blue").save(other, "JPEG")
    shared, own = NewPhoto(raw.getvalue(), 320, 240, NAME), NewPhoto(other.getvalue(), 320, 240, "")
    old, young = _visit(seat, shared, own), _visit(seat)
    with seat.store.use() as session:  # as in stores from before a picture was with one visit only
        first = session.scalars(select(Attachment).where(Attachment.caption == NAME)).one()
        same = {name: getattr(first, name) for name in ("owner_table", "content", "width", "height", "size")}
        session.add(Attachment(**same, owner_uid=session.get_one(Visit, young).uid))
        session.commit()
    set_values(seat, "visit", old, at=datetime(2021, 3, 1, tzinfo=UTC))
    with seat.store.sessions() as session:
        whole = set(session.scalars(select(Attachment.content)))
    done = retention.anonymise(agreed(seat), [Key("visit", old)])
    assert done.photos == 2
    with seat.store.sessions() as session:
        left = set(session.scalars(select(Attachment.content)))
    assert len(left) == 1
    assert len(whole) == 2
    assert seat.store.media.read(next(iter(left)))
    assert seat.store.media.orphans(left) == []
    assert value(seat, "visit", old, "accompanying") == ANONYMOUS
    assert value(seat, "visit", old, "inspectors") == "某甲、某乙"  # the names of inspectors in office stay
    assert value(seat, "visit", old, "remarks") == ""
    assert value(seat, "visit", young, "accompanying") == OTHER


def test_a_photo_file_in_use_is_removed_at_close_and_does_not_stop_the_others(
    seat: Seat, disk: FaultyDisk
) -> None:
    add_home(seat)
    added = []
    for colour in ("red", "blue"):
        raw = io.BytesIO()
        Image.new("RGB", (320, 240), colour).save(raw, "JPEG")
        added.append(NewPhoto(raw.getvalue(), 320, 240, ""))
    old = _visit(seat, *added)
    set_values(seat, "visit", old, at=datetime(2021, 3, 1, tzinfo=UTC))
    kept = list((seat.store.folder / "media").glob("??/*.bin"))
    with disk.failing("unlink", errno.EBUSY, at=lambda path: path.suffix in (".bin", ".thumb")):
        assert retention.anonymise(agreed(seat), [Key("visit", old)]).photos == 2
    assert seat.store.media.unwanted == {path.stem for path in kept}
    seat.store.close()
    assert len(kept) == 2
    assert not any(path.exists() for path in kept)


def test_what_is_not_due_is_refused(seat: Seat) -> None:
    home = add_home(seat)
    with pytest.raises(Conflict):
        retention.anonymise(agreed(seat), [Key("household", home.household)])
    with pytest.raises(Conflict):
        retention.anonymise(agreed(seat))
    assert value(seat, "household", home.household, "head") == NAME


def test_a_viewer_may_not(seat_as: Callable[[Role], Seat]) -> None:
    for role in (Role.VIEWER, Role.PROPERTY):
        with pytest.raises(NotAllowed):
            retention.due_for_anonymising(seat_as(role))
    with pytest.raises(NotAllowed):
        retention.anonymise(agreed(seat_as(Role.REVIEWER)))


def test_removed_rows_below_are_those_in_the_data() -> None:
    of_people = dict.fromkeys(("household_phone", "person_paper", "person_tag"), Rows.REMOVED)
    for table in ("household", "person"):
        assert holdings()[table].parts == {
            **of_people,
            "owner_share": Rows.KEPT,
            "resident_call": Rows.BLANKED,
        }


def test_moving_out_cannot_be_in_the_future(seat: Seat) -> None:
    home = add_home(seat)
    with pytest.raises(Exception, match="future"):
        move_out(seat, home, seat.today() + timedelta(days=1))
    assert units.list_units(seat, units.UnitQuery()).rows[0].moved_out is False
    move_out(seat, home, seat.today())
    [row] = units.list_units(seat, units.UnitQuery()).rows
    assert row.moved_out
    households.save_household(seat, home.unit, HouseholdFields("苏强平"))
    [row] = units.list_units(seat, units.UnitQuery()).rows
    assert (row.holder, row.moved_out) == ("苏*", False)


# --- removed records ------------------------------------------------------------------------------------------


def _removed_in(seat: Seat, home: Home, year: int) -> None:
    """Remove a household in that year, on the day of the tests."""
    at = datetime(year, 3, 2, 12, tzinfo=UTC)

    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return at

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "datetime", Then)
        households.remove_household(agreed(seat), home.household)


def _changes(seat: Seat) -> str:
    with seat.store.sessions() as session:
        return everything(session)


def test_every_trailed_table_with_personal_data_is_under_the_rule_of_removed_records() -> None:
    known = deleted_records.rules()
    for model in scope.models():
        columns = columns_of(metadata.tables[model.__tablename__])
        names_only = all(column.kind is Kind.LOGIN for column in columns.values())
        assert (model.__tablename__ in known) == (model.trailed and not names_only)
    for rule in known.values():
        assert rule.term.years >= 3
        assert rule.term.clauses
        assert rule.name.zh
    data = read_json("privacy", "retention.json")["removed"]
    stated = {table for part in read_each("retention.json") for table in part.get("removed_years", ())}
    assert stated <= known.keys()
    assert len(stated) >= 5
    assert {"{n}" in data["name"][language] for language in ("zh", "en")} == {True}
    assert "inspectors" not in known["visit"].columns  # inspectors in office stay


def test_records_removed_three_years_ago_are_due_and_redacted(seat: Seat) -> None:
    gone = add_home(seat)
    known = households.household_for_edit(seat, gone.household)
    # earlier values are in the trail as well
    changed = replace(known.fields, contact="weixin-9981", remarks="")
    households.save_household(seat, gone.unit, changed, gone.household, known.version)
    _removed_in(seat, gone, 2023)
    young = add_home(seat, "502室", head=OTHER, phones=(OTHER_PHONE,), id_number="", remarks="")
    _removed_in(seat, young, 2024)
    stays = add_home(seat, "503室", head="苏强平", phones=("13700001111",), id_number="", remarks="")
    page = retention.due_for_anonymising(seat)
    assert {row.key.table for row in page.rows} == {"household", "household_phone"}
    assert {row.key.of for row in page.rows} == {REMOVED}
    assert page.total == len(page.rows) == 2
    assert {(row.since, row.due_on) for row in page.rows} == {(DAY, date(2026, 3, 2))}
    assert NAME not in str(page)
    assert retention.due_for_anonymising(seat, 1, 1).rows == page.rows[1:]
    with pytest.raises(SecondNeeded):
        retention.anonymise(seat)
    assert NAME in _changes(seat)

    done = retention.anonymise(agreed(seat))
    assert done.records == 2
    assert done.trail >= 4  # added, changed, removed; and the telephone
    texts = _changes(seat)
    for value_gone in (NAME, ID, PHONE, "weixin-9981", "高血压"):
        assert value_gone not in texts
    for value_kept in (OTHER, OTHER_PHONE, "苏强平", "13700001111"):
        assert value_kept in texts
    assert value(seat, "household", stays.household, "head") == "苏强平"
    marks = trail(seat, "anonymise")
    assert {(entry.table_name, entry.changes) for entry in marks} == {
        ("household", '{"reason":"removed"}'),
        ("household_phone", '{"reason":"removed"}'),
    }
    # nothing is redacted twice, and the trail still verifies
    assert retention.due_for_anonymising(seat).total == 0
    with pytest.raises(Conflict):
        retention.anonymise(agreed(seat))
    assert [found.faults for found in check_office(seat) if found.faults] == []


def test_one_removed_record_alone_is_erased_and_the_young_are_refused(seat: Seat) -> None:
    homes = [add_home(seat, f"{number}室", phones=(), head=f"某{number}") for number in (601, 602, 603)]
    for home, year in zip(homes, (2022, 2023, 2024), strict=True):
        _removed_in(seat, home, year)
    keys = [Key("household", home.household, REMOVED) for home in homes]
    with pytest.raises(Conflict):
        retention.anonymise(agreed(seat), [keys[0], keys[2]])
    with pytest.raises(Conflict):  # a removed record is not due as an existing one
        retention.anonymise(agreed(seat), [Key("household", homes[0].household)])
    assert retention.anonymise(agreed(seat), [keys[1]]).records == 1
    assert [row.key for row in retention.due_for_anonymising(seat).rows] == [keys[0]]
    assert "某602" not in _changes(seat)
    assert "某601" in _changes(seat)


def test_an_import_s_entry_is_redacted_for_the_removed_record_only(seat: Seat) -> None:
    home = add_home(seat, phones=())
    names: dict[str, list[object]] = {
        "unit_id": [home.unit] * 2,
        "estate_id": [home.estate] * 2,
        "head": ["甲某某", "乙某某"],
    }
    with seat.store.use() as session:
        ids = bulk_insert.insert_block(session, Household, names)
        session.commit()
    _removed_in(seat, replace(home, household=ids[0]), 2023)
    assert retention.anonymise(agreed(seat)).trail == 2
    texts = _changes(seat)
    assert "甲某某" not in texts
    assert "乙某某" in texts
    assert [found.faults for found in check_office(seat) if found.faults] == []


def test_telephones_erased_with_their_household_are_not_due_again(seat: Seat) -> None:
    home = add_home(seat)
    known = households.household_for_edit(seat, home.household)
    households.save_household(
        seat, home.unit, replace(known.fields, phones=("13700001111",)), home.household, known.version
    )
    move_out(seat, home, DAY)
    retention.anonymise(agreed(seat))
    with seat.store.sessions() as session:
        assert deleted_records.count(session, date(2040, 1, 1)) == 0


def test_a_user_limited_to_some_estates_sees_no_removed_records(seat: Seat) -> None:
    home = add_home(seat)
    _removed_in(seat, home, 2023)
    narrow = replace(seat, operator=replace(seat.operator, estates=frozenset({home.estate})))
    assert retention.due_for_anonymising(narrow).total == 0
    assert retention.due_for_anonymising(seat).total == 2
