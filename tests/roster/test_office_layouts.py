"""Rosters in the layouts of property programs and offices mean what a clerk says they mean.

`layouts/expected.json` was written and committed before any of the files was read by the program. It gives for each
file: `estate` (named by the clerk, "" for none), the counts (null: several answers are right), `refused` (a word of the
refusal, null for a file that is read), `may_refuse` (being refused with one of these words, parted by |, is as good as
being read), `told` (words that the problems must contain) and ten `cells`.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.estates.records import Household, Person, Unit
from fuyuan_desk.roster.reading.plan import Known, Plan, plan_import
from fuyuan_desk.roster.reading.reader import RosterDraft, refuse_unconfirmed, understand
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.roster.service.imports import import_roster
from fuyuan_desk.workbook.reader import read_workbook
from tests.roster.likeness import plain, simple

LAYOUTS = Path(__file__).parent.parent / "data" / "rosters" / "layouts"
EXPECTED: dict[str, dict[str, Any]] = json.loads((LAYOUTS / "expected.json").read_text(encoding="utf-8"))
ENOUGH = 60
COUNTS = ("buildings", "units", "households", "persons", "rejected", "duplicates")
# these hold more than one cell may say: what is asked for must be in them
CONTAINING = {"remarks", "registered_at", "other_ids", "unit_ids", "place", "anywhere"}
# rows, cells and columns of several people
PEOPLED = (
    "实有人口登记.xlsx",
    "户籍底册.xlsx",
    "共有人份额同格.xlsx",
    "产权人与共有人列.xlsx",
    "双层表头业主租客.xlsx",
)
PERSON = re.compile(r"persons\[(\d+)\]\.(\w+)")


def value_of(row: RosterRow, field: str) -> Any:
    if field == "place":
        return row.home.address
    if field == "anywhere":
        return repr(row)
    if found := PERSON.fullmatch(field):
        at = int(found[1])
        return getattr(row.persons[at], found[2]) if at < len(row.persons) else None
    return getattr(row, field)


def is_right(field: str, wanted: Any, got: Any) -> bool:
    if field in CONTAINING:
        return plain(wanted) in plain(got if isinstance(got, str) else repr(got))
    name = PERSON.sub(r"\2", field)
    return bool(simple(name, wanted) == simple(name, got))


def cell_faults(cells: list[dict[str, Any]], rows: list[RosterRow]) -> list[str]:
    """Compare cells with the households read from their rows."""
    faults = []
    for cell in cells:
        where = f"row {cell['row']}{' of ' + cell['sheet'] if 'sheet' in cell else ''}"
        holder = cell.get("holder")
        if holder:
            found = [row for row in rows if plain(row.name) == plain(holder)]
        else:
            found = [row for row in rows if row.row == cell["row"] and cell.get("sheet") in (None, row.sheet)]
        if not found:
            faults.append(f"{where}: no household {holder or ''}")
            continue
        got = value_of(found[0], cell["field"])
        if not is_right(cell["field"], cell["value"], got):
            faults.append(f"{where}: {cell['field']} is {got!r}, should be {cell['value']!r}")
    return faults


def counts_of(plan: Plan) -> dict[str, int]:
    persons = sum(len(row.persons) for _estate, _unit, row in plan.households)
    return {name: len(getattr(plan, name)) for name in COUNTS if name != "persons"} | {"persons": persons}


def read(file: str, estate: str) -> tuple[RosterDraft | None, str]:
    """Return what the program reads, or why it refuses the file."""
    try:
        draft = understand(read_workbook(LAYOUTS / file), estate)
        if draft.folded:
            refuse_unconfirmed(draft)
        if not all(row.estate or row.fault for row in draft.rows):
            return None, "没有写明是哪个小区"  # as the import says
    except InvalidInput as error:
        return None, str(error)
    return draft, ""


def faults_of(file: str) -> list[str]:
    """Return every difference between what a file means and what was read, in words."""
    wanted = EXPECTED[file]
    draft, refusal = read(file, wanted["estate"])
    if draft is None:
        words = wanted["refused"] if wanted["refused"] is not None else wanted.get("may_refuse")
        if words is None:
            return [f"refused: {refusal}"]
        return (
            []
            if any(word in refusal for word in words.split("|"))
            else [f"refused without {words}: {refusal}"]
        )
    if wanted["refused"] is not None:
        return [f"read, but should be refused with {wanted['refused']}"]
    plan = plan_import(draft.rows, Known())
    got = counts_of(plan)
    faults = [
        f"{name}: {got[name]}, should be {wanted[name]}"
        for name in COUNTS
        if wanted[name] is not None and got[name] != wanted[name]
    ]
    told = "\n".join(f"{problem.value} {problem.message}" for problem in (*draft.problems, *plan.problems))
    faults += [f"not told: {word}" for word in wanted["told"] if word not in told]
    return faults + cell_faults(wanted["cells"], [row for _estate, _unit, row in plan.households])


@pytest.mark.parametrize("file", EXPECTED)
def test_a_layout_means_what_a_clerk_says(file: str) -> None:
    use_language("zh_CN")
    faults = faults_of(file)
    assert not faults, f"{file}:\n  " + "\n  ".join(faults)


@pytest.mark.parametrize("file", PEOPLED)
def test_the_people_of_a_layout_are_in_the_store(seat: Seat, file: str) -> None:
    wanted = EXPECTED[file]
    import_roster(seat, LAYOUTS / file, wanted["estate"])
    with seat.store.sessions() as session:
        got = [session.scalar(select(func.count()).select_from(model)) for model in (Unit, Household, Person)]
    assert got == [wanted["units"], wanted["households"], wanted["persons"]]


def test_every_layout_has_its_expectation() -> None:
    files = {path.name for path in LAYOUTS.iterdir()} - {"expected.json"}
    assert files == set(EXPECTED)
    assert len(files) >= ENOUGH
    few = [name for name, wanted in EXPECTED.items() if len(wanted["cells"]) < 10]
    assert all(EXPECTED[name]["households"] == 0 for name in few)
