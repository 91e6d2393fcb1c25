"""SQL functions that have a different name in each database."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _JsonValues(FunctionElement[str]):
    """The values of a JSON list, one per row."""

    inherit_cache = True


class _Position(FunctionElement[int]):
    """The position of a text within another one, from 1; 0 when it is not contained."""

    inherit_cache = True
    type = Integer()


class _Days(FunctionElement[int]):
    """The days from a date to another."""

    inherit_cache = True
    type = Integer()


def keys(ids: Collection[int]) -> Select[int]:
    """Select keys passed as one parameter: thousands of parameters cost more than the query itself."""
    values = _JsonValues(json.dumps(list(ids))).table_valued(column("value"))
    return select(cast(values.c.value, Integer))


def holds(stored: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Return the condition that a column contains a text literally; for a JSON column, in its JSON."""
    return _Position(stored, text) > 0


def days_between(first: Any, last: Any) -> ColumnElement[int]:
    """Return how many days lie between two columns of dates."""
    return _Days(first, last)


def _render(form: str, element: FunctionElement[Any], compiler: SQLCompiler, **how: Any) -> str:
    return form.format(*(compiler.process(part, **how) for part in element.clauses))


@compiles(_JsonValues, "sqlite")
def _values_of_sqlite(element: _JsonValues, compiler: SQLCompiler, **how: Any) -> str:
    return _render("json_each({})", element, compiler, **how)


@compiles(_JsonValues, "postgresql")
def _values_of_postgresql(element: _JsonValues, compiler: SQLCompiler, **how: Any) -> str:
    return _render("json_array_elements_text(CAST({} AS JSON))", element, compiler, **how)


@compiles(_Position, "sqlite")
def _position_of_sqlite(element: _Position, compiler: SQLCompiler, **how: Any) -> str:
    return _render("instr({}, {})", element, compiler, **how)


@compiles(_Position, "postgresql")
def _position_of_postgresql(element: _Position, compiler: SQLCompiler, **how: Any) -> str:
    return _render("strpos(CAST({} AS TEXT), {})", element, compiler, **how)


@compiles(_Days, "sqlite")
def _days_of_sqlite(element: _Days, compiler: SQLCompiler, **how: Any) -> str:
    return _render("CAST(julianday({1}) - julianday({0}) AS INTEGER)", element, compiler, **how)


@compiles(_Days, "postgresql")
def _days_of_postgresql(element: _Days, compiler: SQLCompiler, **how: Any) -> str:
    return _render("({1} - {0})", element, compiler, **how)
