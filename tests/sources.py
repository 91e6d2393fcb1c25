"""The program's own source as syntax trees, with every call by the full name of what it calls."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import fuyuan_desk

PACKAGE = Path(fuyuan_desk.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))


@functools.cache
def trees() -> dict[Path, ast.Module]:
    """Return every source file of the program with its syntax tree."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


@functools.cache
def imported_names(tree: ast.AST) -> dict[str, str]:
    """Return what each name that a module imports stands for, wherever it is imported."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.asname: name.name for name in node.names if name.asname}
    return found


def full_name(expression: ast.expr, imported: dict[str, str]) -> str:
    """Return the dotted name that an expression stands for, by the imports of its module; '' for another value."""
    if isinstance(expression, ast.Name):
        return imported.get(expression.id, expression.id)
    if isinstance(expression, ast.Attribute):
        owner = full_name(expression.value, imported)
        return f"{owner}.{expression.attr}" if owner else ""
    return ""


def calls(tree: ast.AST, *names: str, within: ast.AST | None = None) -> Iterator[ast.Call]:
    """List the calls in a module, or in a part of it, of functions with these full names."""
    imported = imported_names(tree)
    for node in ast.walk(within or tree):
        if isinstance(node, ast.Call) and full_name(node.func, imported) in names:
            yield node
