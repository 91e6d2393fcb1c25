"""Every action that the program can log has a name, and no other can be logged."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import fuyuan_desk
from fuyuan_desk.access.seat import Role, Seat, permit
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.core.texts import _, use_language
from fuyuan_desk.office.service.settings import read_settings
from fuyuan_desk.store.audit import log as audit

SOURCES = sorted(Path(fuyuan_desk.__file__).parent.rglob("*.py"))
# functions that log events, and the index of their action argument
_ACTION_INDEX = {"audit.note": 1, "audit.Event": 0}


TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
Within = dict[ast.AST, ast.FunctionDef]


def _within(tree: ast.AST) -> Within:
    """Map each node of the source to its innermost function."""
    found: Within = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            found |= dict.fromkeys(ast.walk(function), function)
    return found


def _texts_of(assigned: ast.Assign) -> Iterator[tuple[str, str]]:
    target, value = assigned.targets[0], assigned.value
    several = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
    pairs = zip(target.elts, value.elts, strict=True) if several else [(target, value)]  # type: ignore[union-attr]
    for name, text in pairs:
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield ast.unparse(name), text.value


WITHIN = {path: _within(tree) for path, tree in TREES.items()}
CALLS: dict[str, list[tuple[ast.Call, ast.FunctionDef | None]]] = {}
CONSTANTS: dict[str, set[str]] = {}
CALLED: dict[tuple[Path, str], set[str]] = {}
for _path, _tree in TREES.items():
    for _node in ast.walk(_tree):
        if isinstance(_node, ast.Call):
            _name = ast.unparse(_node.func).split(".")[-1]
            _caller = WITHIN[_path].get(_node)
            CALLS.setdefault(_name, []).append((_node, _caller))
            if _caller is not None:
                CALLED.setdefault((_path, _caller.name), set()).add(_name)
    for _node in _tree.body:
        if isinstance(_node, ast.Assign):
            for _name, _text in _texts_of(_node):
                CONSTANTS.setdefault(_name, set()).add(_text)


def _assigned(attribute: str, tree: ast.AST) -> Iterator[tuple[ast.expr, ast.FunctionDef | None]]:
    """Return the values that an attribute of an object gets in its file, without the empty text it starts with."""
    within = _within(tree)
    for node in ast.walk(tree):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            several = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            pairs = zip(target.elts, node.value.elts, strict=True) if several else [(target, node.value)]  # type: ignore[attr-defined]
            for name, value in pairs:
                begins = isinstance(value, ast.Constant) and value.value == ""
                if ast.unparse(name) == attribute and not begins:
                    yield value, within.get(node)


def _passed(function: ast.FunctionDef, parameter: str) -> Iterator[tuple[ast.expr, ast.FunctionDef | None]]:
    """Return the values of a parameter: its default, and the arguments of the callers of a function of its name."""
    names = [argument.arg for argument in function.args.args]
    place = names.index(parameter)
    defaults = dict(zip(reversed(names), reversed(function.args.defaults), strict=False))
    if parameter in defaults:
        yield defaults[parameter], None
    place -= names[0] == "self"
    for call, caller in CALLS.get(function.name, ()):
        if any(isinstance(argument, ast.Starred) for argument in call.args):
            continue
        yield from ((keyword.value, caller) for keyword in call.keywords if keyword.arg == parameter)
        yield from ((argument, caller) for argument in call.args[place : place + 1])


def _values(
    expression: ast.expr, function: ast.FunctionDef | None, tree: ast.AST | None = None
) -> Iterator[str | None]:
    """Return the possible texts of an expression, None when unknown."""
    name = ast.unparse(expression).split(".")[-1]
    if tree is not None and (set_to := list(_assigned(ast.unparse(expression), tree))):
        for value, setter in set_to:
            yield from _values(value, setter)
    elif isinstance(expression, ast.Constant):
        yield expression.value if isinstance(expression.value, str) else None
    elif isinstance(expression, ast.IfExp):
        yield from _values(expression.body, function)
        yield from _values(expression.orelse, function)
    elif function is not None and name in {argument.arg for argument in function.args.args}:
        values = list(_passed(function, name))
        for value, caller in values:
            yield from _values(value, caller)
        if not values:
            yield None
    elif name in CONSTANTS:
        yield from CONSTANTS[name]
    else:
        yield None


def logged_actions() -> list[tuple[str, str | None]]:
    """List every action that the source logs, with its location."""
    found: list[tuple[str, str | None]] = []
    for path, tree in TREES.items():
        if path.match("store/audit/log.py"):
            continue  # its own events come from the flush: insert, update, delete
        for call in ast.walk(tree):
            if not (isinstance(call, ast.Call) and ast.unparse(call.func) in _ACTION_INDEX):
                continue
            place = _ACTION_INDEX[ast.unparse(call.func)]
            values = _values(call.args[place], WITHIN[path].get(call), tree)
            found += [(f"{path.name}:{call.lineno}", value) for value in values]
    return found


def test_every_logged_action_has_a_name() -> None:
    logged_events = logged_actions()
    assert len(logged_events) > 15
    assert [(where, action) for where, action in logged_events if action not in audit.ACTIONS] == []


def test_every_name_is_of_a_logged_action() -> None:
    by_itself = {"insert", "update", "delete", "rechained"}
    assert audit.ACTIONS.keys() - {action for _where, action in logged_actions()} - by_itself == set()


# what exports data or shows personal data, by the naming of such services
_TELLERS = re.compile(r"reveal(_.*)?|.*_for_edit|.*_for_export|registration_sheets|visit_sheets|blank_papers")
_BY = {"note", "export_rows"}


def _tells(path: Path, name: str, seen: frozenset[str] = frozenset()) -> bool:
    """Return whether a function, or one of the same file that it calls, logs an event."""
    called = CALLED.get((path, name), set())
    return bool(called & _BY) or any(_tells(path, other, seen | {name}) for other in called - seen - {name})


def test_services_that_show_or_hand_out_data_tell_it() -> None:
    services = [
        (path, part.name)
        for path, tree in TREES.items()
        for part in tree.body
        if isinstance(part, ast.FunctionDef)
        and _TELLERS.fullmatch(part.name)
        and any(ast.unparse(decorator).startswith("permit(") for decorator in part.decorator_list)
    ]
    assert len(services) > 8
    assert [f"{path.name}: {name}" for path, name in services if not _tells(path, name)] == []


def test_names_fit_the_table_and_are_translated() -> None:
    assert [action for action in audit.ACTIONS if len(action) > 20] == []
    assert len(set(audit.ACTIONS.values())) == len(audit.ACTIONS)
    use_language("zh_CN")
    assert [name for name in audit.ACTIONS.values() if _(name) == name] == []


def test_an_act_without_a_name_is_refused(seat: Seat) -> None:
    with seat.store.use() as session, pytest.raises(ValueError, match=r"audit\.ACTIONS"):
        audit.note(session, "whatever", "visit")


# --- failures are events too -----------------------------------------------------------------------------


def logged_events(seat: Seat, action: str) -> list[tuple[str, str]]:
    with seat.store.use() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT operator, changes FROM audit_entry WHERE action = ? ORDER BY id", (action,)
        )
        return [(operator, changes) for operator, changes in rows]


@permit(Role.ADMIN)
def only_admin(seat: Seat) -> None:
    raise AssertionError("reached")


@permit(*Role)
def with_another_within(seat: Seat) -> None:
    with seat.transaction() as session:
        audit.note(session, "print", "visit", 1)
        only_admin(seat)


def _as_viewer(seat: Seat) -> Seat:
    operator = type(seat.operator)(7, "viewer", "某人", Role.VIEWER)
    return Seat(seat.store, operator, seat.now)


@pytest.mark.parametrize("use", [only_admin, with_another_within])
def test_a_refusal_is_logged_with_operator_and_service(seat: Seat, use: object) -> None:
    assert callable(use)
    with pytest.raises(NotAllowed, match="Your role"):
        use(_as_viewer(seat))
    [(operator, changes)] = logged_events(seat, "refused")
    assert operator == "viewer"
    assert changes.endswith('only_admin"}')
    # what the refused use had written is rolled back, the refusal is not
    assert logged_events(seat, "print") == []


def test_a_refusal_that_cannot_be_logged_still_refuses(seat: Seat) -> None:
    seat.store.close()
    with pytest.raises(NotAllowed, match="Your role"):
        only_admin(_as_viewer(seat))


def test_a_queued_event_is_logged_once(seat: Seat) -> None:
    with pytest.raises(NotAllowed, match="Your role"):
        only_admin(_as_viewer(seat))
    read_settings(seat)
    read_settings(seat)
    assert len(logged_events(seat, "refused")) == 1
