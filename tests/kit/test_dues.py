"""What is due: the same in the list, in its filter and on the first page, for every book with such a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.kit.book import BookQuery, Part
from fuyuan_desk.kit.dues import due_tasks
from fuyuan_desk.kit.list_view import columns_of
from tests.kit.books import BOOKS, BookCase, set_up

pytestmark = pytest.mark.usefixtures("qapp")  # the widths of columns follow its font
TODAY = date(2026, 3, 2)
TOPIC = Topic("Check", "facility", 1)


def day_of(case: BookCase) -> Part | None:
    """Return the part that says when a record is due."""
    return next((part for part in case.book().fields if part.filter == "due"), None)


DUE = [case for case in BOOKS if day_of(case) is not None]
every_due_book = pytest.mark.parametrize("case", DUE, ids=lambda case: case.name)


def save(office: Seat, case: BookCase, days: Sequence[date | None], **more: Any) -> list[int]:
    """Save a record for each day; return their ids."""
    part = day_of(case)
    assert part is not None
    first, unique = case.records(office)[0], case.telling
    return [
        case.uses.save(
            office,
            replace(
                first,
                **{
                    part.name: day,
                    unique: f"{number}-{len(more)}",
                    **more,
                    **(case.undated if day is None else {}),
                },
            ),
            None,
            (),
        ).id
        for number, day in enumerate(days)
    ]


def tasks(office: Seat, case: BookCase) -> list[Task]:
    """Return what is due."""
    with office.store.use() as session:
        return due_tasks(case.table, session, TODAY, TOPIC, "page", lambda line, due: ("place", f"by {due}"))


def test_at_least_one_book_is_tried() -> None:
    assert DUE


@every_due_book
def test_what_is_late_or_announced_is_a_task_and_marked_so_in_the_list(case: BookCase, seat: Seat) -> None:
    set_up(seat)
    part = day_of(case)
    assert part is not None
    assert part.ahead
    late, today, last, later = (
        TODAY - timedelta(1), TODAY, TODAY + part.ahead, TODAY + part.ahead + timedelta(1),
    )  # fmt: skip
    ids = save(seat, case, [late, today, last, later, None])
    found = {task.record_id: task for task in tasks(seat, case)}
    assert set(found) == set(ids[:3])
    assert [found[one].overdue for one in ids[:3]] == [True, False, False]
    assert [found[one].severity for one in ids[:3]] == [Severity.URGENT, Severity.NORMAL, Severity.NORMAL]
    assert found[ids[0]].due == late
    assert found[ids[0]].detail == f"by {late}"
    assert found[ids[0]].title == f"{case.book().name(case.uses.read(seat, ids[0]).fields)}  place"
    assert (found[ids[0]].kind, found[ids[0]].page) == (case.book().kind.name, "page")
    [column] = [one for one in columns_of(case.book(), TODAY) if one.name == part.name]
    assert column.chip is not None
    chips = [column.chip(case.uses.read(seat, one)) for one in ids]
    assert [None if chip is None else chip.tone for chip in chips] == ["error", "warn", "warn", None, None]


@every_due_book
def test_what_is_never_due_is_neither_a_task_nor_marked_nor_found_by_the_filter(
    case: BookCase, seat: Seat
) -> None:
    set_up(seat)
    part = day_of(case)
    assert part is not None
    [column] = [one for one in columns_of(case.book(), TODAY) if one.name == part.name]
    assert column.chip is not None
    [due] = save(seat, case, [TODAY])
    for name, values in case.book().never_due.items():
        # what is computed follows from other records, as its job's own tests try
        for value in values if case.book().part(name).in_form else ():
            [never] = save(seat, case, [TODAY], **{name: value})
            assert column.chip(case.uses.read(seat, never)) is None
    assert [task.record_id for task in tasks(seat, case)] == [due]
    query = BookQuery(facets={part.name: (None, TODAY)})
    assert [line.id for line in case.uses.find(seat, query, 0, 200).rows] == [due]
