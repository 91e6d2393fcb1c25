"""Reads the checklists from `resources/inspections/`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.texts import language
from fuyuan_desk.estates.rules.equipment import Equipment
from fuyuan_desk.inspections.rules.visits import CheckItem, Checklist, DueLimits, SubjectKind


@dataclass(frozen=True)
class WorkbookColumn:
    """A column of a checklist as an Excel file: the field, its heading, and the words for codes."""

    field: str
    name: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class WorkbookColumns:
    """The name of the worksheet, its columns, and the headings without which a sheet is no checklist."""

    sheet: str
    columns: tuple[WorkbookColumn, ...]
    needed: frozenset[str]


@cache
def checklists() -> tuple[Checklist, ...]:
    """Return all checklists in all versions, the newest version of each last."""
    unsorted = [_checklist(data) for data in read_json("inspections", "checklists.json")["checklists"]]
    return tuple(sorted(unsorted, key=lambda checklist: (checklist.key, checklist.version)))


def checklist_for(subject: SubjectKind) -> Checklist:
    """Return the newest checklist for a kind of subject."""
    return [checklist for checklist in checklists() if checklist.subject is subject][-1]


def checklist(key: str, version: str) -> Checklist | None:
    """Return a checklist in the version a visit was made with; None if it is no longer shipped."""
    return next((c for c in checklists() if (c.key, c.version) == (key, version)), None)


def newest_checklists() -> tuple[Checklist, ...]:
    """Return each checklist in its newest version."""
    return tuple({checklist.key: checklist for checklist in checklists()}.values())


def checklist_name(checklist: Checklist) -> str:
    """Return the name of a checklist in the language of the screen."""
    return checklist.name if language().startswith("zh") else checklist.name_en


@cache
def due_limits() -> DueLimits:
    """Return the limits that decide when a task is due."""
    data = read_json("inspections", "dues.json")
    return DueLimits(**{limit.name: data[limit.name] for limit in fields(DueLimits)})


def _checklist(data: dict[str, Any]) -> Checklist:
    return Checklist(
        data["key"],
        data["version"],
        SubjectKind(data["subject"]),
        data["name"],
        data["name_en"],
        tuple(_item(item) for item in data["items"]),
        data["standard_item"],
        tuple(data["demanded_by"]),
    )


def _item(data: dict[str, Any]) -> CheckItem:
    return CheckItem(
        data["key"],
        data["group"],
        data["group_en"],
        data["text"],
        data["text_en"],
        tuple(data["clauses"]),
        Equipment(data["needs"]) if "needs" in data else None,
        (data.get("unsure", ""), data.get("unsure_en", "")),
        (data.get("without", ""), data.get("without_en", "")),
    )


@cache
def workbook_columns() -> WorkbookColumns:
    """Return the columns of a checklist as an Excel file."""
    data = read_json("inspections", "workbook.json")
    columns = tuple(
        WorkbookColumn(column["field"], column["name"], column.get("words", {})) for column in data["columns"]
    )
    return WorkbookColumns(data["sheet"], columns, frozenset(data["needed"]))
