"""Every column that could contain personal data declares whether it does."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Enum, Integer, LargeBinary, MetaData, String, Table, Text

from fuyuan_desk.estates.view.fields import household_fields
from fuyuan_desk.renovation.view.filing_form import filing_fields
from fuyuan_desk.shell.schema import metadata
from fuyuan_desk.store.db.personal import (
    NOT_PERSONAL,
    Kind,
    columns_of,
    personal,
)
from fuyuan_desk.widgets.fields import Field, Section


def needs_declaration(column: Column[Any]) -> bool:
    """Whether a column could contain personal data and therefore has to declare whether it does."""
    if column.foreign_keys or isinstance(column.type, Enum):
        return False
    return isinstance(column.type, String | JSON | LargeBinary)


def undeclared(tables: MetaData) -> list[str]:
    """List the columns that do not declare whether they contain personal data."""
    return [
        f"{table.name}.{column.name}"
        for table in tables.sorted_tables
        for column in table.columns
        if needs_declaration(column) and "personal" not in column.info
    ]


def test_every_text_column_says_whether_it_holds_personal_data() -> None:
    assert undeclared(metadata) == []


def test_a_column_that_says_nothing_is_found() -> None:
    own = MetaData()
    Table(
        "later",
        own,
        Column("id", Integer, primary_key=True),
        Column("declared", Text, info=NOT_PERSONAL),
        Column("forgotten", Text),
    )
    assert undeclared(own) == ["later.forgotten"]


def test_what_the_papers_of_people_hold_is_sensitive() -> None:
    sensitive = {
        f"{table.name}.{name}"
        for table in metadata.sorted_tables
        for name, declared in columns_of(table).items()
        if declared.sensitive
    }
    assert {"household.id_number", "renovation_case.applicant_id_number", "draft.content"} <= sensitive
    numbers = [
        declared
        for table in metadata.sorted_tables
        for declared in columns_of(table).values()
        if declared.kind is Kind.ID_NUMBER
    ]
    assert numbers
    assert all(declared.sensitive for declared in numbers)


@pytest.mark.parametrize("name", ["head", "phone", "id_number", "applicant", "contact", "remarks", "names"])
def test_columns_with_telling_names_are_personal(name: str) -> None:
    not_personal = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if needs_declaration(column)
        and (column.name == name or column.name.endswith("_" + name))
        and column.name not in columns_of(table)
    ]
    # the office's own telephone stands on every notice, and that of an organisation is its own, not a contact's
    assert set(not_personal) <= {"office.phone", "organisation.phone"}


def test_what_a_column_holds_can_be_read_back() -> None:
    table = Table("t", MetaData(), Column("a", String, info=personal(Kind.NAME, of="foreman")), Column("b"))
    assert columns_of(table)["a"].of == "foreman"
    assert list(columns_of(table)) == ["a"]


@pytest.mark.parametrize(
    ("fields", "table"), [(household_fields, "household"), (filing_fields, "renovation_case")]
)
def test_forms_mark_what_is_sensitive(fields: Callable[[], Sequence[Field | Section]], table: str) -> None:
    declared = columns_of(metadata.tables[table])
    for field in fields():
        if isinstance(field, Field):
            sensitive = field.name in declared and declared[field.name].sensitive
            assert field.sensitive == sensitive, field.name
