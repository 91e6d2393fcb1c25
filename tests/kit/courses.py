"""What every course must hold: states that are reached and left by its table, acts with a service of the same roles."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.course import Act, Course

AnyCourse = Course[Any, Any]


def faults(course: AnyCourse, services: Mapping[str, Callable[..., Any]]) -> list[str]:
    """List what is wrong with a course whose acts are done by these services."""
    checks = (_names, _states, _reach, _ends, _undos, _choices, _mnemonics)
    found = [fault for check in checks for fault in check(course)]
    return [*found, *_services(course, services)]


def _names(course: AnyCourse) -> Iterator[str]:
    for kind, names in (("state", [s.key for s in course.states]), ("act", [a.name for a in course.acts])):
        yield from (f"{kind} {name} stands twice" for name, count in Counter(names).items() if count > 1)


def _states(course: AnyCourse) -> Iterator[str]:
    known = {state.key for state in course.states}
    for act in course.acts:
        yield from (f"{act.name}: unknown state {key}" for key in {*act.frm, *act.to} - known)
        if not act.frm:
            yield f"{act.name}: from no state"
    missing = set(type(course.states[0].key)) - known
    yield from (f"state {key} is not in the table" for key in missing)


def _reach(course: AnyCourse) -> Iterator[str]:
    reached = {course.states[0].key}
    for _round in course.states:
        reached |= {key for act in course.acts if reached & set(act.frm) for key in act.to}
    yield from (f"state {state.key} is never reached" for state in course.states if state.key not in reached)


def _ends(course: AnyCourse) -> Iterator[str]:
    for state in course.states:
        onward = [act.name for act in course.acts if state.key in act.frm and act.to and not act.undoes]
        if state.is_end and onward:
            yield f"state {state.key} ends a case, but {onward[0]} leads on"
        if not state.is_end and not onward:
            yield f"state {state.key} does not end a case, but nothing leads on"


def _undos(course: AnyCourse) -> Iterator[str]:
    acts = {act.name: act for act in course.acts}
    for act in course.acts:
        undone = acts.get(act.undoes)
        if act.undoes and undone is None:
            yield f"{act.name}: undoes an unknown act"
        if undone is None:
            continue
        # what ended goes on where the course says: its own undo need not lead to the last state before the end
        ends = {state.key for state in course.states if state.is_end}
        is_back = set(act.to) == set(undone.frm) or (set(undone.to) <= ends and not set(act.to) & ends)
        if set(undone.to) != set(act.frm) or not is_back:
            yield f"{act.name}: does not lead back to where {undone.name} began"


def _choices(course: AnyCourse) -> Iterator[str]:
    for act in course.acts:
        if (len(act.to) > 1) != (act.choose is not None):
            yield f"{act.name}: several states, and nothing chooses"
        if act.to and not act.done:
            yield f"{act.name}: the timeline has no words for it"
    for one, other in combinations(course.acts, 2):
        # the trail knows states, not acts
        if set(one.frm) & set(other.frm) and set(one.to) & set(other.to):
            yield f"{one.name} and {other.name} lead from one state to the same one"


def _mnemonics(course: AnyCourse) -> Iterator[str]:
    for state in course.states:
        keys = Counter(mnemonic(act) for act in course.acts if state.key in act.frm)
        yield from (f"{state.key}: Alt+{key} twice" for key, count in keys.items() if key and count > 1)


def mnemonic(act: Act[Any, Any]) -> str:
    """Return the key of an act's button in the language of the screen, '' when it has none."""
    return _(act.text).partition("&")[2][:1].upper()


def _services(course: AnyCourse, services: Mapping[str, Callable[..., Any]]) -> Iterator[str]:
    names = {act.name for act in course.acts}
    yield from (f"{name}: no such act" for name in services.keys() - names)
    for act in course.acts:
        service = services.get(act.name)
        if service is None:
            yield f"{act.name}: no service does it"
        elif getattr(service, "permitted", None) != frozenset(act.roles):
            yield f"{act.name}: its roles are not those of its service"
