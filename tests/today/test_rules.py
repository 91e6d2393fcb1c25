from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.today.rules import Group, counts, group_of, in_order, label

TODAY = date(2026, 11, 22)
TOPICS = [Topic("Report", "warning", 10), Topic("Start", "next", 40), Topic("No tier", "standard", 80)]
TASK = Task("case", 7, "福元小区1号楼101室", "", TODAY, False, Severity.NORMAL, TOPICS[1], "renovation")


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


def test_order_overdue_first_then_due_then_waiting() -> None:
    late = replace(TASK, due=days(-1), overdue=True)
    urgent = replace(late, severity=Severity.URGENT, topic=TOPICS[0])
    waiting = replace(TASK, due=None, severity=Severity.QUIET, topic=TOPICS[2], page="standards")
    assert in_order([waiting, TASK, late, urgent], TODAY) == (urgent, late, TASK, waiting)
    assert [group_of(task, TODAY) for task in (urgent, TASK, waiting)] == list(Group)


def test_what_is_overdue_longest_is_first_whatever_it_is() -> None:
    late = [
        replace(TASK, due=days(-age), overdue=True, severity=severity, title=str(age))
        for age, severity in (
            (4, Severity.URGENT),
            (2, Severity.URGENT),
            (6, Severity.NORMAL),
            (2, Severity.QUIET),
        )
    ]
    undated = replace(TASK, due=None, overdue=True, title="undated")
    ordered = in_order([undated, *late], TODAY)
    assert [task.title for task in ordered] == ["6", "4", "2", "2", "undated"]
    assert [task.severity for task in ordered[2:4]] == [Severity.URGENT, Severity.QUIET]


def test_counts_leave_out_what_only_waits() -> None:
    found = [TASK, replace(TASK, due=None), replace(TASK, page="inspections"), replace(TASK, due=days(1))]
    assert counts(found, TODAY) == {"today": 2, "renovation": 1, "inspections": 1}


def test_every_heading_has_a_name() -> None:
    assert all(label(group) for group in Group)


@given(
    st.lists(
        st.builds(
            Task,
            st.just("case"),
            st.integers(1, 9),
            st.text(max_size=3),
            st.just(""),
            st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 31)),
            st.booleans(),
            st.sampled_from(Severity),
            st.sampled_from(TOPICS),
            st.sampled_from(["renovation", "standards"]),
        )
    )
)
def test_every_task_is_shown_once_and_counted_where_it_belongs(tasks: list[Task]) -> None:
    ordered = in_order(tasks, TODAY)
    assert sorted(map(repr, ordered)) == sorted(map(repr, tasks))
    groups = [list(Group).index(group_of(task, TODAY)) for task in ordered]
    assert groups == sorted(groups)
    counted = counts(tasks, TODAY)
    assert counted.pop("today") == sum(counted.values()) == sum(group < 2 for group in groups)
