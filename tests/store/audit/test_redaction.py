"""Personal data is erased from the trail permanently; that something was written, by whom and when, stays."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.records import Building, Estate, Household, HouseholdPhone, Unit
from fuyuan_desk.shell import schema  # noqa: F401 - all tables, as the program has them
from fuyuan_desk.store.audit import bulk_insert, columns, redaction
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import AuditEntry, Redaction
from fuyuan_desk.store.audit.redaction import ERASED, redact_records
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.db import personal
from fuyuan_desk.store.guards import scope

REASON = "moved out three years ago"


def faults(seat: Seat) -> list[str]:
    return [fault for finding in check_store(seat.store) for fault in finding.faults]


def changes_of(session: Session, table: str) -> list[dict[str, Any]]:
    """Return the trail's entries about a table, oldest first."""
    query = select(AuditEntry.changes).where(AuditEntry.table_name == table).order_by(AuditEntry.id)
    return [json.loads(changes) for changes in session.scalars(query)]


def household(session: Session) -> Household:
    estate = Estate(name="福元小区")
    session.add(estate)
    session.flush()
    building = Building(estate_id=estate.id, label="1号", order_key="1")
    session.add(building)
    session.flush()
    unit = Unit(estate_id=estate.id, building_id=building.id, label="101室", order_key="1")
    session.add(unit)
    session.flush()
    row = Household(estate_id=estate.id, unit_id=unit.id, head="张明", id_number="", people=3)
    session.add(row)
    session.flush()
    return row


def test_a_record_is_erased_from_all_its_acts_and_the_trail_stays_sound(seat: Seat) -> None:
    with seat.store.use() as session:
        row = household(session)
        number, uid = row.id, row.uid
        row.head = "张明华"
        session.flush()
        row.people = 4
        session.flush()
        session.delete(row)
        session.flush()
        columns = {"head", "id_number", "contact"}
        assert redact_records(session, "household", {number: uid}, columns, REASON) == 3
        added, renamed, counted, removed = changes_of(session, "household")
        assert (added["head"], added["id_number"], added["people"]) == (ERASED, "", 3)
        assert renamed == {"head": [ERASED, ERASED]}
        assert counted == {"people": [3, 4]}
        assert (removed["head"], removed["people"]) == (ERASED, 4)
        assert [changes["reason"] for changes in changes_of(session, "redaction")] == [REASON] * 3
        session.commit()
    assert faults(seat) == []
    with seat.store.use() as session:
        everything = session.connection().exec_driver_sql("SELECT changes FROM audit_entry").scalars()
        assert not [changes for changes in everything if "张明" in changes]


def test_erasing_again_changes_nothing(seat: Seat) -> None:
    with seat.store.use() as session:
        row = household(session)
        assert redact_records(session, "household", {row.id: row.uid}, {"head"}, REASON) == 1
        assert redact_records(session, "household", {row.id: row.uid}, {"head"}, REASON) == 0
        assert redact_records(session, "household", {row.id: row.uid}, {"head", "people"}, REASON) == 1
        session.commit()
    assert faults(seat) == []


def test_the_old_digest_does_not_reveal_the_value(seat: Seat) -> None:
    with seat.store.use() as session:
        row = household(session)
        query = select(AuditEntry).where(AuditEntry.table_name == "household")
        before = session.scalars(query).one()
        salt, changes, digest = before.salt, before.changes, before.digest
        assert audit.digest_of(salt, changes) == digest
        redact_records(session, "household", {row.id: row.uid}, {"head"}, REASON)
        session.expire_all()
        after = session.scalars(query).one()
        assert after.digest == digest  # which the chain covers
        assert after.salt != salt
        assert audit.digest_of(after.salt, changes) != digest
        session.rollback()


def _roster(session: Session, size: int, head: list[str]) -> tuple[range, range]:
    first = household(session)
    households = bulk_insert.insert_block(
        session,
        Household,
        {
            "estate_id": [first.estate_id] * size,
            "unit_id": [first.unit_id] * size,
            "head": head,
            "people": list(range(size)),
        },
    )
    phones = bulk_insert.insert_block(
        session,
        HouseholdPhone,
        {"household_id": list(households), "position": [0] * size, "number": ["13800000000"] * size},
    )
    return households, phones


@pytest.mark.parametrize("alike", [False, True])
def test_one_record_is_erased_from_the_block_of_an_import(seat: Seat, alike: bool) -> None:
    names = ["王芳"] * 50 if alike else [f"王芳{index}" for index in range(50)]
    with seat.store.use() as session:
        households, phones = _roster(session, 50, names)
        uid = session.get_one(Household, households[17]).uid
        assert redact_records(session, "household", {households[17]: uid}, {"head", "contact"}, REASON) == 1
        phone = session.get_one(HouseholdPhone, phones[17])
        assert redact_records(session, "household_phone", {phone.id: phone.uid}, {"number"}, REASON) == 1
        block = changes_of(session, "household")[-1]
        assert block["rows"]["head"] == [*names[:17], ERASED, *names[18:]]
        assert block["rows"]["people"] == list(range(50))
        assert block["rows"]["estate_id"] == changes_of(session, "household")[0]["estate_id"]
        numbers = changes_of(session, "household_phone")[-1]["rows"]["number"]
        assert (numbers[16], numbers[17], numbers[18]) == ("13800000000", ERASED, "13800000000")
        session.commit()
    assert faults(seat) == []


def test_every_record_of_a_block_can_be_erased_one_by_one(seat: Seat) -> None:
    with seat.store.use() as session:
        households, _phones = _roster(session, 5, list("赵钱孙李周"))
        for number in households:
            assert redact_records(session, "household", {number: ""}, {"head"}, REASON) == 1
        assert changes_of(session, "household")[-1]["rows"]["head"] == [ERASED] * 5
        assert redact_records(session, "household", {households[-1] + 1: ""}, {"head"}, REASON) == 0
        session.commit()
    assert faults(seat) == []


def test_many_records_of_a_block_are_erased_in_one_go(seat: Seat) -> None:
    with seat.store.use() as session:
        households, _phones = _roster(session, 5, list("赵钱孙李周"))
        going = dict.fromkeys((households[1], households[3]), "")
        assert redact_records(session, "household", going, {"head"}, REASON) == 1
        assert changes_of(session, "household")[-1]["rows"]["head"] == ["赵", ERASED, "孙", ERASED, "周"]
        assert len(changes_of(session, "redaction")) == 1
        assert redact_records(session, "household", {}, {"head"}, REASON) == 0
        session.commit()
    assert faults(seat) == []


@pytest.mark.parametrize("table", ["redaction", "audit_entry"])
def test_what_tells_of_the_trail_itself_stays(seat: Seat, table: str) -> None:
    with seat.store.use() as session:
        audit.note(session, "reveal", table, 1, {"field": "changes"})
        with pytest.raises(ValueError, match="cannot be redacted"):
            redact_records(session, table, {1: ""}, {"field"}, REASON)


def test_json_columns_are_erased_whole(seat: Seat) -> None:
    with seat.store.use() as session:
        update = audit.Event(
            "update", "renovation_case", 4, "u4", {"context": [{"who": "张明"}, {"who": "李芳"}]}
        )
        new = audit.Event("insert", "renovation_case", 4, "u4", {"context": {"who": "张明"}, "clauses": []})
        audit.append(session, [new, update])
        assert redact_records(session, "renovation_case", {4: "u4"}, {"context", "clauses"}, REASON) == 2
        added, changed = changes_of(session, "renovation_case")
        assert added == {"context": ERASED, "clauses": []}
        assert changed == {"context": [ERASED, ERASED]}


@given(
    st.dictionaries(
        st.sampled_from(["head", "contact", "people", "remarks"]),
        st.one_of(
            st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text(), max_size=3),
            st.dictionaries(st.text(), st.text(), max_size=2),
        ),
    ),
    st.booleans(),
)  # fmt: skip
def test_nothing_of_an_erased_column_remains_and_nothing_else_goes(
    changes: dict[str, Any], pairs: bool
) -> None:
    if pairs:
        changes = {column: [value, value] for column, value in changes.items()}
    erased = redaction._plain(changes, {"head", "contact"})
    for column, value in erased.items():
        if column not in {"head", "contact"}:
            assert value == changes[column]
            continue
        parts = value if isinstance(value, list) and len(value) == 2 else [value]
        assert all(part in (None, True, False, "", [], {}, ERASED) for part in parts)


@st.composite
def blocks(draw: st.DrawFn) -> tuple[list[str], int]:
    """Draw the names of a block and the index of one."""
    names = draw(st.lists(st.sampled_from(["", "张", "李"]), min_size=1, max_size=30))
    return names, draw(st.integers(0, len(names) - 1))


@given(blocks())
def test_in_a_block_only_the_record_itself_changes(case: tuple[list[str], int]) -> None:
    names, index = case
    compact = columns.same_or_all(names)
    block = {"ids": [100, 99 + len(names)], "rows": {"head": compact, "people": 1}}
    erased = redaction._of_block(block, frozenset({"head"}), {100 + index})
    after = erased["rows"]["head"]
    after = after if isinstance(after, list) else [after] * len(names)
    expected = list(names)
    expected[index] = ERASED if names[index] else ""
    assert after == expected
    assert erased["rows"]["people"] == 1


def test_an_erasure_is_itself_logged_once_and_permanent(seat: Seat) -> None:
    with seat.store.use() as session:
        row = household(session)
        redact_records(session, "household", {row.id: row.uid}, {"head"}, REASON)
        kept = session.scalars(select(Redaction)).one()
        [logged] = changes_of(session, "redaction")
        assert (logged["entry_id"], logged["digest"]) == (kept.entry_id, kept.digest)
        session.commit()
    with seat.store.use() as session:
        session.delete(session.scalars(select(Redaction)).one())
        with pytest.raises(IntegrityError, match="never changed"):
            session.flush()


def test_personal_columns_are_logged_under_their_own_names() -> None:
    # the trail logs attributes, erasure names columns: for personal data, both must be equal
    other = [
        f"{model.__tablename__}.{attribute.key}"
        for model in scope.models()
        for attribute in inspect(model).column_attrs
        if personal.of_column(attribute.columns[0]) is not None  # type: ignore[arg-type]
        and attribute.key != attribute.columns[0].name  # type: ignore[attr-defined]
    ]
    assert other == []
