"""What only SQLite knows stands in `store/`: tables and services would run unchanged on PostgreSQL."""

import ast
import contextlib
import functools
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ClauseElement, Engine, event, func, insert, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import CompileError
from sqlalchemy.schema import CreateIndex, CreateTable

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.facts import TrailQuery
from fuyuan_desk.calls.facts import CallFields
from fuyuan_desk.calls.rules import Called
from fuyuan_desk.calls.service.calls import save_call
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.inspections.facts import PlanFields
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.privacy.facts import Key
from fuyuan_desk.renovation.rules.works import ScopeItem
from fuyuan_desk.roster.reading.reader import RosterDraft
from fuyuan_desk.roster.reading.rows import Home
from fuyuan_desk.roster.service import imports
from fuyuan_desk.shell import schema
from fuyuan_desk.store.db import functions
from tests.fire.hand import PAINT
from tests.fire.test_work import do_all, writing_services
from tests.roster import rosters
from tests.sources import PACKAGE, trees
from tests.test_roles import ROLES, SERVICES
from tests.test_roles_estates import OPEN, OWN, Office, calls, sat

ONLY_SQLITE = re.compile(
    r"\b(indexed by|pragma|fts5|json_(?:extract|each|tree)|instr|rowid|sqlite_\w+|autoincrement"
    r"|insert or \w+|group_concat|julianday|exec_driver_sql)\b",
    re.IGNORECASE,
)
DRIVERS = ("sqlite3", "sqlcipher3", "sqlalchemy.dialects")
# the functions of PostgreSQL that services call
FUNCTIONS = {
    *("cast", "coalesce", "count", "distinct", "max", "min", "row_number", "sum"),
    *("json_array_elements_text", "strpos"),
}
POSTGRESQL = postgresql.dialect()
# calls of one service
_FEW = 8


# --- in the source


def only_sqlite(tree: ast.Module) -> Iterator[str]:
    """Find what only SQLite knows in a module: in its texts but not its docstrings, in names, in imports."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str() as words) if id(node) not in docstrings:
                found = bool(ONLY_SQLITE.search(words))
            case ast.Attribute(attr=words) | ast.keyword(arg=str() as words) | ast.Name(id=words):
                found = bool(ONLY_SQLITE.fullmatch(words))
            case ast.ImportFrom(module=str() as words) | ast.alias(name=words):
                found = words.startswith(DRIVERS) or bool(ONLY_SQLITE.fullmatch(words))
            case _:
                continue
        if found:
            yield words


def test_what_only_sqlite_knows_stands_in_the_store() -> None:
    found = {
        str(path.relative_to(PACKAGE)): words
        for path, tree in trees().items()
        if path.relative_to(PACKAGE).parts[0] != "store" and (words := list(only_sqlite(tree)))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        'session.execute(text("SELECT id FROM unit INDEXED BY ix_unit_order_key"))',
        'size = ask(f"pragma {name}")',
        "connection.exec_driver_sql(statement)",
        'select(func.json_extract(column, "$.id"))',
        "condition = func.instr(column, words) > 0",
        'Index("ix", "at", sqlite_where=condition)',
        'options = {"sqlite_autoincrement": True}',
        "from sqlalchemy.dialects.sqlite import insert",
        "import sqlite3",
        "def ask():\n    from sqlcipher3 import dbapi2",
    ],
)
def test_what_only_sqlite_knows_is_found(source: str) -> None:
    assert list(only_sqlite(ast.parse(source)))


def test_what_any_database_knows_is_let_through() -> None:
    source = '"""Unlike PRAGMA."""\nselect(func.count()).where(unit.c.label == "instructions for SQLite")'
    assert list(only_sqlite(ast.parse(source))) == []


# --- as it is sent


def faults(statement: ClauseElement, keys: list[str] | None = None) -> set[str]:
    """Name what PostgreSQL would not understand of a statement; empty when it would."""
    try:
        written = str(statement.compile(dialect=POSTGRESQL, column_keys=keys))
    except CompileError as problem:
        return {str(problem)}
    called = {name.lower() for name in re.findall(r"\b([A-Za-z_]\w*)\(", written)}
    return {found[0] for found in ONLY_SQLITE.finditer(written)} | (called - FUNCTIONS)


class Sent:
    """The statements that modules of the program send while it is entered, but for those of the store.

    `faults` is what PostgreSQL would not understand, by module.
    """

    def __init__(self) -> None:
        self.faults: dict[str, set[str]] = {}
        self.statements: set[str] = set()

    def __enter__(self) -> "Sent":
        event.listen(Engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_raised: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._note)

    def _note(
        self, _connection: Any, _cursor: Any, written: str, _values: Any, context: Any, _many: bool
    ) -> None:
        if context.compiled is None or written in self.statements:
            return
        module = _sender()
        if module is None or module.parts[0] == "store":
            return
        self.statements.add(written)
        if found := faults(context.compiled.statement, context.compiled.column_keys):
            self.faults.setdefault(str(module), set()).update(found)


def _sender() -> Path | None:
    """Name the module of the program that asked for what is being done."""
    frame = inspect.currentframe()
    while frame is not None:
        if (module := _module(frame.f_code.co_filename)) is not None:
            return module
        frame = frame.f_back
    return None


@functools.cache
def _module(file: str) -> Path | None:
    """Return where a file of the program lies within it, None for any other."""
    path = Path(file)
    return path.relative_to(PACKAGE) if path.is_relative_to(PACKAGE) else None


def test_tables_and_their_indexes_are_understood() -> None:
    for table in schema.metadata.sorted_tables:
        made = [CreateTable(table), *map(CreateIndex, table.indexes)]
        written = " ".join(str(one.compile(dialect=POSTGRESQL)) for one in made)
        assert not ONLY_SQLITE.search(written)
        assert f"CREATE TABLE {table.name} (" in written


def test_what_services_write_is_understood(tmp_path: Path) -> None:
    with Sent() as sent:
        do_all(tmp_path / "place", contextlib.nullcontext())
    assert sent.faults == {}
    assert len(sent.statements) > 150


def _two_imports(seat: Seat, roster: RosterDraft) -> tuple[int, int]:
    """Import a roster twice, and return the import that was undone with the one that was not."""
    undone = imports.import_roster(seat, roster).import_id
    assert undone is not None
    imports.undo_import(seat, undone)
    done = imports.import_roster(seat, roster).import_id
    assert done is not None
    return undone, done


def readers(seat: Seat) -> dict[str, Callable[[Callable[..., Any]], object]]:
    """Return, for each service that only reads and is not open to a property company, how it is called."""
    unit = next(iter(Office(seat).units))
    keys = [Key("household", 1), Key("renovation_case", 1), Key("visit", 1, "inspectors", 0)]
    query = TrailQuery(tables=("household",), text="1")
    roster = rosters.draft([["门牌号", "室号", "姓名"], ["1号", "909室", "某某"]], estate=OWN)
    undone, done = _two_imports(seat, roster)
    call = save_call(seat, CallFields(seat.today(), resident=Called(unit).key, staff="某某")).id
    return {
        "audit.service.check.check_chain": lambda ask: ask(seat),
        "audit.service.compare.compare_anchor": lambda ask: ask(seat, "1", "0" * 16),
        "audit.service.entries.entry_detail": lambda ask: ask(seat, 1),
        "audit.service.entries.find_entries": lambda ask: (ask(seat, TrailQuery()), ask(seat, query)),
        "audit.service.entries.trail_choices": lambda ask: ask(seat),
        "diagnostics.service.report": lambda ask: ask(seat),
        "estates.service.buildings.building_history": lambda ask: ask(seat, 1),
        "estates.service.on_day.who_was_there": lambda ask: ask(seat, unit, seat.today()),
        "estates.service.shares.shares_of_unit": lambda ask: ask(seat, unit),
        "estates.service.tags.find_tags": lambda ask: ask(seat),
        "estates.service.tags.read_tag": lambda ask: ask(seat, 1),
        "estates.service.tags.tag_history": lambda ask: ask(seat, 1),
        "calls.service.calls.call_history": lambda ask: ask(seat, call),
        "calls.service.calls.find_calls": lambda ask: ask(seat, BookQuery("1", {"entry": "open"})),
        "calls.service.calls.read_call": lambda ask: ask(seat, call),
        "calls.service.of_households.latest_calls": lambda ask: ask(seat, [1, 2]),
        "calls.service.due.find_due": lambda ask: ask(seat),
        "calls.service.due.rhythm_options": lambda ask: ask(seat),
        "calls.service.residents.find_residents": lambda ask: ask(seat, "1"),
        "calls.service.residents.new_call": lambda ask: ask(seat, 1),
        "calls.service.residents.staff_options": lambda ask: ask(seat),
        "workorders.service.of_calls.orders_of_call": lambda ask: ask(seat, call),
        "workorders.service.outlook.outlook": lambda ask: ask(seat, 1, "general", seat.now(), "1号楼"),
        "facilities.service.facilities.facility_history": lambda ask: ask(seat, 1),
        "inspections.service.round_plans.checklist_options": lambda ask: ask(seat),
        "inspections.service.round_plans.find_plans": lambda ask: ask(seat, BookQuery(text="楼")),
        "inspections.service.round_plans.plan_history": lambda ask: ask(seat, 1),
        "inspections.service.round_plans.preview_plan": lambda ask: ask(
            seat, PlanFields("楼道", "estate", from_on=seat.today(), lead="何斌")
        ),
        "inspections.service.round_plans.read_plan": lambda ask: ask(seat, 1),
        "contracts.service.contracts.contract_history": lambda ask: ask(seat, 1),
        "contracts.service.contracts.find_contracts": lambda ask: ask(seat, BookQuery(text="福")),
        "contracts.service.contracts.read_contract": lambda ask: ask(seat, 1),
        "estates.service.holders.known_names": lambda ask: ask(seat),
        "estates.service.roles.role_history": lambda ask: ask(seat, 1),
        "organisations.service.contacts.contact_history": lambda ask: ask(seat, 1),
        "organisations.service.contacts.find_contacts": lambda ask: ask(seat, BookQuery(text="经")),
        "organisations.service.contacts.read_contact": lambda ask: ask(seat, 1),
        "organisations.service.merging.compare": lambda ask: ask(seat, 1, 2),
        "organisations.service.merging.list_pairs": lambda ask: ask(seat),
        "estates.service.suspects.list_pairs": lambda ask: ask(seat),
        "estates.service.suspects.others": lambda ask: (
            ask(seat, ("unit", unit)),
            ask(seat, ("household", 1)),
        ),
        "organisations.service.organisations.find_organisations": lambda ask: ask(seat, BookQuery(text="福")),
        "organisations.service.organisations.organisation_history": lambda ask: ask(seat, 1),
        "organisations.service.organisations.organisation_options": lambda ask: ask(seat),
        "organisations.service.organisations.read_organisation": lambda ask: ask(seat, 1),
        "estates.service.estates.find_units": lambda ask: ask(seat, "1"),
        "office.service.settings.check_office": lambda ask: ask(seat),
        "office.service.operators.list_operators": lambda ask: ask(seat),
        "office.service.office_key.key_history": lambda ask: ask(seat),
        "office.service.single_person.read_single_person": lambda ask: ask(seat),
        "office.service.settings.list_streets": lambda ask: ask(seat),
        "office.service.settings.read_calendar_text": lambda ask: ask(seat),
        "privacy.service.people.find_people": lambda ask: (ask(seat, "0001"), ask(seat, "李强平")),
        "privacy.service.people.preview_erasure": lambda ask: ask(seat, keys),
        "privacy.service.retention.due_for_anonymising": lambda ask: ask(seat),
        "inspections.service.corrections.visit_to_correct": lambda ask: ask(seat, 1),
        "inspections.service.checklists.find_clauses": lambda ask: ask(seat, "消防 28"),
        "inspections.service.checklists.list_versions": lambda ask: ask(seat),
        "inspections.service.checklists.read_draft": lambda ask: ask(seat, 2),
        "inspections.service.checklists.read_version": lambda ask: ask(seat, "estate", "2026-11"),
        "renovation.service.cases.judge_scope": lambda ask: ask(seat, unit, [ScopeItem(PAINT, {})]),
        "renovation.service.page_data.known_contractors": lambda ask: ask(seat),
        "renovation.service.page_data.filing_home": lambda ask: ask(seat, unit),
        "audit.service.records.check_records": lambda ask: ask(seat),
        "backups.service.reach.check_backups": lambda ask: ask(seat),
        "roster.service.imports.find_home": lambda ask: ask(seat, Home("福元小区", "1号", "", "101室")),
        "roster.service.unimported.list_unimported": lambda ask: ask(seat, done),
        "roster.service.readings.find_readings": lambda ask: ask(seat, ["0" * 64]),
        "roster.service.imports.kept_records": lambda ask: ask(seat, undone),
        "roster.service.imports.list_imports": lambda ask: ask(seat),
        "roster.service.imports.preview_roster": lambda ask: ask(seat, roster),
        "roster.service.imports.preview_undo": lambda ask: ask(seat, done),
        "renovation.sample._holder": lambda ask: ask(seat, unit),
    }


# reads a backup, which is SQLite's file whatever the office is kept in
EXEMPT = {
    "backups.service.check.check_backup",
    "office.service.office_key.change_office_key",  # writes the store's files anew
    "renovation.service.cases.receive_document",  # `receive_documents` with one
}


def test_what_services_read_is_understood(sample_seat: Seat) -> None:
    others = readers(sample_seat)
    assert set(ROLES) == {*writing_services(), *OPEN, *others, *EXEMPT}
    asked, company = Office(sample_seat), sat(sample_seat, OWN)
    with Sent() as sent:
        for name, ask in others.items():
            ask(SERVICES[name])
        for name in OPEN:
            every = calls(name, asked)
            for arguments in every[:: len(every) // _FEW + 1]:
                for seat in (sample_seat, company):
                    with contextlib.suppress(UserError):
                        SERVICES[name](seat, *arguments)
    assert sent.faults == {}
    assert len(sent.statements) > 200


# --- that it can fail


ESTATE = schema.metadata.tables["estate"]


@pytest.mark.parametrize(
    "statement",
    [
        select(ESTATE.c.id).where(func.instr(ESTATE.c.name, "福") > 0),
        select(func.group_concat(ESTATE.c.name)),
        select(ESTATE.c.id).prefix_with("/* of */").where(text("rowid > 5")),
        text("PRAGMA page_count"),
        insert(ESTATE).prefix_with("OR REPLACE").values(name="福元小区"),
        select(func.unknown_to_all(ESTATE.c.id)),
    ],
)
def test_what_postgresql_does_not_know_is_found(statement: Any) -> None:
    assert faults(statement)


def test_what_the_store_says_in_two_ways_is_let_through() -> None:
    listed = select(ESTATE.c.id).where(ESTATE.c.id.in_(functions.keys([1, 2])))
    held = select(ESTATE.c.id).where(functions.holds(ESTATE.c.name, "福元"))
    assert faults(listed) == faults(held) == set()


@pytest.mark.parametrize(("part", "found"), [("estates/service", {"instr"}), ("store/db", set())])
def test_a_careless_module_is_named(seat: Seat, part: str, found: set[str]) -> None:
    path = PACKAGE / part / "careless.py"
    source = (
        "def ask(seat):\n    with seat.store.use() as session:\n        session.execute(statement).all()\n"
    )
    names: dict[str, Any] = {"statement": select(ESTATE.c.id).where(func.instr(ESTATE.c.name, "福") > 0)}
    exec(compile(source, str(path), "exec"), names)
    with Sent() as sent:
        names["ask"](seat)
    assert sent.faults == ({f"{part}/careless.py": found} if found else {})
