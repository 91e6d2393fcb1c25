"""Every action that the program can log has a name, and no other can be logged."""

import ast
import functools
import re
from collections.abc import Iterator

import pytest

from fuyuan_desk.access.seat import Role, Seat, permit
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.core.texts import _, use_language
from fuyuan_desk.office.service.settings import read_settings
from fuyuan_desk.store.audit import log as audit
from tests.sources import calls, trees

# functions that log events, and the index of their action argument
_ACTION_INDEX = {f"{audit.__name__}.note": 1, f"{audit.__name__}.Event": 0}
Within = dict[ast.AST, ast.FunctionDef]


@functools.cache
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


@functools.cache
def _calls() -> dict[str, list[tuple[ast.Call, ast.FunctionDef | None]]]:
    """Return every call of the program with its function, by the last name of what is called."""
    found: dict[str, list[tuple[ast.Call, ast.FunctionDef | None]]] = {}
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).split(".")[-1]
                found.setdefault(name, []).append((node, _within(tree).get(node)))
    return found


@functools.cache
def _called() -> dict[ast.FunctionDef, set[str]]:
    """Return the names that each function calls."""
    found: dict[ast.FunctionDef, set[str]] = {}
    for name, sites in _calls().items():
        for _call, caller in sites:
            if caller is not None:
                found.setdefault(caller, set()).add(name)
    return found


@functools.cache
def _constants() -> dict[str, set[str]]:
    """Return the texts that the names of modules stand for."""
    found: dict[str, set[str]] = {}
    for tree in trees().values():
        for node in tree.body:
            if isinstance(node, ast.Assign):
                for name, text in _texts_of(node):
                    found.setdefault(name, set()).add(text)
    return found


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
    for call, caller in _calls().get(function.name, ()):
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
    elif name in _constants():
        yield from _constants()[name]
    else:
        yield None


@functools.cache
def logged_actions() -> tuple[tuple[str, str | None], ...]:
    """Return every action that the source logs, with its location."""
    found: list[tuple[str, str | None]] = []
    for path, tree in trees().items():
        if path.match("store/audit/log.py"):
            continue  # its own events come from the flush: insert, update, delete
        for name, index in _ACTION_INDEX.items():
            for call in calls(tree, name):
                values = _values(call.args[index], _within(tree).get(call), tree)
                found += [(f"{path.name}:{call.lineno}", value) for value in values]
    return tuple(found)


def test_every_logged_action_has_a_name() -> None:
    logged_events = logged_actions()
    assert len(logged_events) > 15
    assert [(where, action) for where, action in logged_events if action not in audit.ACTIONS] == []


def test_every_name_is_of_a_logged_action() -> None:
    by_itself = {"insert", "update", "delete", "rechained"}
    assert audit.ACTIONS.keys() - {action for _where, action in logged_actions()} - by_itself == set()


# what exports data or shows personal data, by the naming of such services
_TELLERS = re.compile(r"reveal(_.*)?|.*_for_(edit|export|print)|registration_sheets|visit_sheets")
# `export`, `paper` and `reveal` are those of a book's table
_BY = {"note", "log_reveal", "log_disclosures", "export_rows", "export", "paper", "reveal"}


def _tells(
    function: ast.FunctionDef, own: dict[str, ast.FunctionDef], seen: frozenset[str] = frozenset()
) -> bool:
    """Return whether a function, or one of the same file that it calls, logs an event."""
    called = _called().get(function, set())
    others = (own[name] for name in (called & own.keys()) - seen)
    return bool(called & _BY) or any(_tells(other, own, seen | {function.name}) for other in others)


def test_services_that_show_or_hand_out_data_tell_it() -> None:
    silent, count = [], 0
    for path, tree in trees().items():
        own = {part.name: part for part in tree.body if isinstance(part, ast.FunctionDef)}
        for name, function in own.items():
            is_service = any(ast.unparse(one).startswith("permit(") for one in function.decorator_list)
            if is_service and _TELLERS.fullmatch(name):
                count += 1
                silent += [] if _tells(function, own) else [f"{path.name}: {name}"]
    assert count > 8
    assert silent == []


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
