"""Every course of every job is complete, and each of its acts has a service for the same roles."""

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from fuyuan_desk.core.texts import LANGUAGES, use_language
from fuyuan_desk.inspections.service.reports import record_report
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.course import Course
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.renovation.service import cases
from fuyuan_desk.store.db.base import Record
from fuyuan_desk.workorders.records import WorkOrder
from fuyuan_desk.workorders.service import acts, making
from tests.kit.courses import faults
from tests.sources import PACKAGE, calls, trees

# a new course is added here: the services that do its acts, and the table that keeps its state
COURSES: dict[str, tuple[Mapping[str, Callable[..., Any]], type[Record]]] = {
    "renovation.rules.course": (
        {
            "edit": cases.update_case,
            "receive": cases.receive_documents,
            "extend": cases.update_case,
            "visit": log_visit,
            "report": record_report,
            "undo_start": cases.undo_start,
            "reopen": cases.reopen_case,
            "start": cases.start_work,
            "close": cases.close_case,
        },
        RenovationCase,
    ),
    "workorders.rules.course": (
        {
            "edit": making.edit_order,
            "dispatch": acts.dispatch,
            "accept": acts.accept,
            "begin": acts.begin,
            "finish": acts.finish,
            "verify": acts.verify,
            "resume": acts.resume,
            "tell": acts.record_told,
            "merge": acts.merge,
            "cancel": acts.cancel,
            "pause": acts.pause,
            "hand_over": acts.hand_over,
            "send_back": acts.send_back,
            "reject": acts.reject,
            "reopen": acts.reopen,
            "follow": making.make_order,
        },
        WorkOrder,
    ),
}


def course_of(module: str) -> Course[Any, Any]:
    course = importlib.import_module(f"fuyuan_desk.{module}").COURSE
    assert isinstance(course, Course)
    return course


def test_every_course_stands_in_the_table() -> None:
    declaring = {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for path, tree in trees().items()
        if any(calls(tree, "fuyuan_desk.kit.course.Course"))
    }
    assert declaring == set(COURSES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("module", COURSES)
def test_a_course_is_complete(module: str, language: str) -> None:
    use_language(language)
    assert faults(course_of(module), COURSES[module][0]) == []


@pytest.mark.parametrize("module", COURSES)
def test_the_store_asks_for_a_second_person_where_a_case_ends(module: str) -> None:
    course, table = course_of(module), COURSES[module][1]
    ends = frozenset(state.key.value for state in course.states if state.is_end)
    assert table.closed_when == ("status", ends)
