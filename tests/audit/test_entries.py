"""Reading the audit trail: filters, masking, revealing, export with its proof."""

import ast
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from fuyuan_desk.access import reveals
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import REVIEWERS, Role, Seat
from fuyuan_desk.audit.facts import TrailQuery
from fuyuan_desk.audit.service import entries
from fuyuan_desk.core import paths
from fuyuan_desk.core.errors import NotAllowed, NotFound, Unusable
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.kit.trail import wording
from fuyuan_desk.shell import schema
from fuyuan_desk.store.audit import entries as stored
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit import redaction
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.guards import scope
from tests.sources import calls, trees
from tests.store.audit.trail_tools import unprotected

ORDER = ExportOrder("audit", "the street")
HOUSEHOLD = {
    "unit_id": 4,
    "order_key": "0001",
    "head": "张明华",
    "id_number": "310101194001010002",
    "people": 3,
    "vacant": False,
    "remarks": "电话 13812345678，李芳",
}


def append(
    session: Session, *events: audit.Event, operator: str = "clerk", at: datetime | None = None
) -> list[int]:
    """Append entries at an instant; return their ids."""
    session.info[audit.ACTOR] = operator
    audit.append(session, events)
    last = session.connection().exec_driver_sql("SELECT max(id) FROM audit_entry").scalar()
    ids = list(range(last - len(events) + 1, last + 1))
    session.commit()
    return ids


@pytest.fixture
def ids_by_name(seat: Seat) -> dict[str, int]:
    """Entries of every kind, by name."""
    with seat.store.use() as session:
        block = {"ids": [100, 102], "rows": {"head": ["王芳", "李强", "赵军"], "people": 2, "remarks": ""}}
        names = ("added", "renamed", "shown", "block", "exported", "removed")
        events = (
            audit.Event("insert", "household", 7, "u7", HOUSEHOLD),
            audit.Event("update", "household", 7, "u7", {"head": ["张明华", "张明"], "people": [3, None]}),
            audit.Event("reveal", "household", 7, None, {"field": "head"}),
            audit.Event("insert", "household", 100, None, block),
            audit.Event("export", "unit", None, None, {"rows": 12, "filter": "张明"}),
            audit.Event("delete", "unit", 9, "u9", {"label": "101室", "area": 5230, "fund_first": 1234567}),
        )
        return dict(zip(names, append(session, *events), strict=True))


def found(seat: Seat, **filters: Any) -> list[int]:
    return [row.id for row in entries.find_entries(seat, TrailQuery(**filters)).rows]


def test_all_entries_come_newest_first_and_window_by_window(seat: Seat, ids_by_name: dict[str, int]) -> None:
    page = entries.find_entries(seat, TrailQuery())
    assert page.total == len(page.rows) == ids_by_name["removed"]
    assert [row.id for row in page.rows] == list(range(page.total, 0, -1))
    windows = [entries.find_entries(seat, TrailQuery(), offset, 7).rows for offset in range(0, page.total, 7)]
    assert tuple(row for window in windows for row in window) == page.rows


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"operators": ("clerk",), "actions": ("reveal",)}, ["shown"]),
        ({"tables": ("unit",)}, ["removed", "exported"]),
        ({"tables": ("unit", "household"), "actions": ("insert", "delete")}, ["removed", "block", "added"]),
        ({"record": ("household", 7)}, ["shown", "renamed", "added"]),
        ({"record": ("household", 101)}, ["block"]),
        ({"record": ("household", 103)}, []),
        ({"record": ("household", 7), "actions": ("update",)}, ["renamed"]),
        ({"text": "赵军"}, ["block"]),
        ({"text": "filter 张明"}, ["exported"]),
        ({"text": '"'}, []),
        ({"text": "%"}, []),
        ({"text": "张明", "record": ("household", 7)}, ["renamed", "added"]),
        ({"operators": ("nobody",)}, []),
        ({"since": date(1990, 1, 1), "until": date(1990, 12, 31)}, []),
    ],
)
def test_entries_are_found_by(
    seat: Seat,
    ids_by_name: dict[str, int],
    filters: dict[str, Any],
    names: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert found(seat, **filters) == [ids_by_name[name] for name in names]
    monkeypatch.setattr(stored, "RARE", 0)  # as if there were many of each
    assert found(seat, **filters) == [ids_by_name[name] for name in names]


def test_days_are_those_of_the_office_both_included(seat: Seat, ids_by_name: dict[str, int]) -> None:
    today = datetime.now(UTC).astimezone().date()
    day = timedelta(days=1)
    assert ids_by_name["added"] in found(seat, since=today, until=today)
    assert ids_by_name["added"] in found(seat, since=today)
    assert found(seat, since=today + day) == []
    assert found(seat, until=today - day) == []


def test_a_search_that_finds_too_much_reports_it(
    seat: Seat, ids_by_name: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "FOUND_MOST", 4)
    page = entries.find_entries(seat, TrailQuery(operators=("clerk",)), 2, 10)
    assert (page.total, len(page.rows), page.more) == (4, 2, True)
    monkeypatch.setattr(stored, "READ_MOST", 4)
    page = entries.find_entries(seat, TrailQuery(operators=("clerk",), text="张明华"))
    assert (page.total, page.more) == (0, True)  # further back than words are searched


@pytest.mark.parametrize(
    ("name", "summary"),
    [
        ("added", "Unit: 4; Holder: 张*; ID number: 310101********0002; People: 3; …"),
        ("renamed", "Holder: 张* → 张*; People: 3 → –"),
        ("shown", "Field: Holder"),
        ("block", "3 records, no. 100 to 102"),
        ("exported", "Rows: 12; Filter: hidden (2 characters)"),
        ("removed", "Room: 101室; Area: 52.30 m²; First deposit: ¥12,345.67"),
    ],
)
def test_a_line_shows_the_details_and_hides_the_person(
    seat: Seat, ids_by_name: dict[str, int], name: str, summary: str
) -> None:
    [line] = [row for row in entries.find_entries(seat, TrailQuery()).rows if row.id == ids_by_name[name]]
    assert line.summary == summary
    assert (line.operator, line.operator_name) == ("clerk", "某clerk")


def test_in_chinese_all_of_it_is_chinese(seat: Seat, ids_by_name: dict[str, int]) -> None:
    use_language("zh_CN")
    [line] = [
        row for row in entries.find_entries(seat, TrailQuery()).rows if row.id == ids_by_name["renamed"]
    ]
    assert (line.action_name, line.table_name) == ("修改", "住户")
    assert line.summary == "户名：张* → 张*；居住人数：3 → –"


def test_details_are_masked_and_revealing_is_audited(seat: Seat, ids_by_name: dict[str, int]) -> None:
    detail = entries.entry_detail(seat, ids_by_name["added"])
    shown = {change.field: change for change in detail.changes}
    assert shown["head"].new == "张*"
    assert shown["remarks"].new == "hidden (17 characters)"
    assert (shown["people"].new, shown["vacant"].new) == ("3", "No")
    assert {field for field, change in shown.items() if change.hidden} == {"head", "id_number", "remarks"}
    assert "order_key" not in shown
    assert detail.hidden
    revealed = entries.reveal_entry(seat, ids_by_name["added"])
    plain = {change.field: change.new for change in revealed.changes}
    assert (plain["head"], plain["id_number"]) == ("张明华", "310101194001010002")
    assert not revealed.hidden
    last = entries.find_entries(seat, TrailQuery()).rows[0]
    assert (last.action, last.table, last.record_id) == ("reveal", "audit_entry", ids_by_name["added"])


def test_one_record_of_a_block_is_shown(seat: Seat, ids_by_name: dict[str, int]) -> None:
    whole = entries.reveal_entry(seat, ids_by_name["block"])
    assert whole.block == (100, 102)
    assert {change.field: change.new for change in whole.changes} == {
        "head": "3 values", "people": "2", "remarks": ""
    }  # fmt: skip
    one = entries.entry_detail(seat, ids_by_name["block"], 101)
    assert {change.field: change.new for change in one.changes}["head"] == "李*"
    revealed = entries.reveal_entry(seat, ids_by_name["block"], 101)
    assert {change.field: change.new for change in revealed.changes}["head"] == "李强"
    with pytest.raises(NotFound):
        entries.entry_detail(seat, ids_by_name["block"], 103)


def test_a_missing_entry_is_refused(seat: Seat) -> None:
    with pytest.raises(NotFound):
        entries.entry_detail(seat, 99_999)


def test_an_erased_entry_is_marked(seat: Seat, ids_by_name: dict[str, int]) -> None:
    with seat.store.use() as session:
        redaction.redact_records(session, "household", {7: "u7"}, {"head"}, "moved out")
        session.commit()
    detail = entries.entry_detail(seat, ids_by_name["added"])
    assert detail.erased
    assert {change.field: change.new for change in detail.changes}["head"] == "(erased)"


def test_a_tampered_trail_is_still_shown(seat: Seat, ids_by_name: dict[str, int]) -> None:
    with seat.store.use() as session:
        with unprotected(session.connection()):
            run = session.connection().exec_driver_sql
            run("UPDATE audit_entry SET at = 'never', operator = '' WHERE id = ?", (ids_by_name["added"],))
            run("UPDATE audit_entry SET changes = 'x' WHERE id = ?", (ids_by_name["renamed"],))
            run(
                'UPDATE audit_entry SET changes = \'{"ids":3,"rows":[]}\' WHERE id = ?',
                (ids_by_name["block"],),
            )
            run(
                "UPDATE audit_entry SET table_name = 'nowhere', action = 'nothing' WHERE id = ?",
                (ids_by_name["shown"],),
            )
        session.commit()
    assert entries.find_entries(seat, TrailQuery()).total == ids_by_name["removed"]
    assert found(seat, operators=("",)) == [ids_by_name["added"]]
    assert entries.entry_detail(seat, ids_by_name["block"]).block is None
    with pytest.raises(Unusable):
        entries.entry_detail(seat, ids_by_name["renamed"])


def test_an_export_has_its_proof_and_is_audited(seat: Seat, ids_by_name: dict[str, int]) -> None:
    export = entries.entries_for_export(seat, ORDER, TrailQuery(tables=("household",)))
    assert [row.line.id for row in export.rows] == [
        ids_by_name[name] for name in ("added", "renamed", "shown", "block")
    ]
    assert "张明华" not in str(export)
    with seat.store.use() as session:
        rows = session.connection().exec_driver_sql("SELECT id, hash FROM audit_entry")
        hashes = {number: link for number, link in rows}  # noqa: C416 - rows are no pairs to dict()
    proof = export.proof
    assert (proof.count, proof.entries, proof.end) == (4, ids_by_name["removed"], ids_by_name["removed"])
    assert (hashes[proof.first], hashes[proof.last], hashes[proof.end]) == (
        proof.first_hash, proof.last_hash, proof.end_hash
    )  # fmt: skip
    assert [row.hash for row in export.rows] == [hashes[row.line.id] for row in export.rows]
    last = entries.find_entries(seat, TrailQuery()).rows[0]
    assert (last.action, last.table) == ("export", "audit_entry")
    everything = entries.entries_for_export(seat, ORDER, TrailQuery())
    assert [row.line.id for row in everything.rows] == list(range(1, ids_by_name["removed"] + 2))
    assert entries.entries_for_export(seat, ORDER, TrailQuery(operators=("nobody",))).proof.count == 0
    assert not any(finding.faults for finding in check_store(seat.store))


def test_choices_name_operators_actions_and_tables(seat: Seat) -> None:
    choices = entries.trail_choices(seat)
    assert ("clerk", "某clerk") in choices.operators
    assert ("program", "The program") in choices.operators
    assert dict(choices.actions)["sign_in"] == "Signed in"
    assert dict(choices.tables)["household"] == "Household"


@pytest.mark.parametrize("role", [role for role in Role if role not in REVIEWERS])
def test_only_reviewers_and_administrators_read_it(seat_as: Callable[[Role], Seat], role: Role) -> None:
    for service in (entries.find_entries, entries.entries_for_export):
        with pytest.raises(NotAllowed):
            service(seat_as(role), TrailQuery())


# --- texts --------------------------------------------------------------------------------------------


def test_every_trailed_table_and_column_has_a_name_in_both_languages() -> None:
    named = {name: table for part in paths.read_each("names.json") for name, table in part["tables"].items()}
    missing = []
    for model in scope.models():
        if not model.trailed or model.__tablename__ not in schema.metadata.tables:
            continue
        table = named.get(model.__tablename__, {"columns": {}})
        keys = {attribute.key for attribute in inspect(model).column_attrs} - {"id", "uid", "version"}
        missing += [f"{model.__tablename__}.{key}" for key in sorted(keys - table["columns"].keys())]
        missing += [model.__tablename__] if not table.get("zh") else []
    assert missing == []
    words = [word for table in named.values() for word in (table, *table["columns"].values())]
    assert all(word["zh"] and word["en"] and not word["zh"].isascii() for word in words)


def test_every_name_belongs_to_a_table_and_a_column() -> None:
    named = {name: table for part in paths.read_each("names.json") for name, table in part["tables"].items()}
    for name, table in named.items():
        assert name in schema.metadata.tables
        assert table["columns"].keys() <= wording.columns_of(name).keys(), name


def noted_keys(tree: ast.Module) -> set[str]:
    """Return the keys of all details that a module writes into the audit log.

    They stand in the call, in a variable of the same function, or in what a function of the module returns.
    """
    own = {part.name: part for part in tree.body if isinstance(part, ast.FunctionDef)}
    found: set[str] = set()
    for function in (part for part in tree.body if isinstance(part, ast.FunctionDef | ast.ClassDef)):
        set_to = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
        noting = (f"{audit.__name__}.note", f"{audit.__name__}.Event", f"{reveals.__name__}.log_reveal")
        for call in calls(tree, *noting, within=function):
            parts = [node for argument in (*call.args[3:], *call.keywords) for node in ast.walk(argument)]
            names = {node.id for node in parts if isinstance(node, ast.Name)}
            for assigned in set_to:
                target = assigned.targets[0]
                if isinstance(target, ast.Subscript) and ast.unparse(target.value) in names:
                    parts.append(ast.Dict([target.slice], [assigned.value]))
                elif ast.unparse(target) in names:
                    parts += ast.walk(assigned.value)
            called = {
                node.func.id
                for node in parts
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            for helper in called & own.keys():
                returns = [node for node in ast.walk(own[helper]) if isinstance(node, ast.Return)]
                parts += [node for value in returns for node in ast.walk(value)]
            dicts = (node for node in parts if isinstance(node, ast.Dict))
            found |= {str(key.value) for one in dicts for key in one.keys if isinstance(key, ast.Constant)}
    return found


def test_every_detail_of_a_note_has_a_name() -> None:
    named = paths.read_json("audit", "names.json")["details"]
    keys = set().union(*map(noted_keys, trees().values()))
    assert {"purpose", "field", "fault", "folder", "more", "taken_at"} <= keys
    assert keys - {"ids", "rows"} - named.keys() == set()


def test_details_are_found_however_they_are_put_together() -> None:
    source = f"""
from {audit.__name__} import note as tell
def made(): return {{"returned": 1}}
def use(session, more):
    detail = {{"set": 1, **more}}
    detail["added"] = 2
    tell(session, "print", "t", 1, detail if more else {{"literal": 1}})
    tell(session, "print", "t", detail=made())
"""
    assert noted_keys(ast.parse(source)) == {"set", "added", "literal", "returned"}


@pytest.mark.parametrize("value", ["2026-03-02T01:30:00+00:00", "2026-03-02 01:30:00.000000"])
def test_instants_are_shown_in_local_time(value: str) -> None:
    shown = datetime(2026, 3, 2, 1, 30, tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    [change] = wording.changes_of("visit", "insert", {"at": value})
    assert change.new == shown
    assert wording.changes_of("visit", "insert", {"at": "soon"})[0].new == "soon"


@pytest.mark.parametrize(
    ("table", "field", "value", "words"),
    [
        ("operator", "role", "clerk", "Clerk"),
        ("household", "role", "tenant", "Tenant of public housing"),
        ("estate", "tenures", ["commodity", "sold-public"], "Commodity property, Sold public housing"),
        ("estate", "heritage_class", 2, "Class two"),
        ("renovation_case", "verdict", "APPROVAL", "Needs approval"),
        ("renovation_case", "status", "unheard-of", "unheard-of"),
        ("estate", "tenures", ["unheard-of"], "unheard-of"),
        ("household", "field", "id_number", "ID number"),
        ("household", "field", "form", "The whole form"),
        ("household", "vacant", True, "Yes"),
    ],
)
def test_codes_have_the_labels_of_the_screens(table: str, field: str, value: Any, words: str) -> None:
    [change] = wording.changes_of(table, "insert", {field: value})
    assert change.new == words


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=5), st.integers(0, 200))
def test_the_beginning_of_an_entry_is_parsed_as_far_as_possible(changes: dict[str, Any], cut: int) -> None:
    text = audit.encode(changes)
    assert wording.beginning(text) == json.loads(text)
    for key, value in wording.beginning(text[:cut]).items():
        assert value == json.loads(text)[key]


@given(st.sampled_from(["household", "visit", "nowhere"]), st.dictionaries(st.text(max_size=8), VALUES))
def test_anything_can_be_formatted(table: str, changes: dict[str, Any]) -> None:
    for action in ("insert", "update", "print"):
        assert isinstance(wording.summary(table, action, changes), str)
