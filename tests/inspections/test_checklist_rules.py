from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.inspections.catalogue import checklist_for, checklists
from fuyuan_desk.inspections.rules.checklists import (
    MOST_ITEMS,
    Dated,
    Difference,
    TypedItem,
    added,
    differences,
    duplicated,
    item_faults,
    moved,
    offered,
    pack,
    read_item,
    tidied,
    type_item,
    unpack,
)
from fuyuan_desk.inspections.rules.visits import Checklist, SubjectKind

GOOD = TypedItem("a", "消防", "灭火器压力", "FIRE§28", "number", "MPa", "1.0", "1.4")
DAY = date(2026, 12, 1)


def is_known(ref: str) -> bool:
    return ref in {"FIRE§28", "110§5(1)"}


def typed_items() -> st.SearchStrategy[TypedItem]:
    """Items whose every text is anything a keyboard or a file may bring in."""
    text = st.text(st.characters(codec="utf-8"), max_size=12)
    values = {field.name: st.booleans() if field.name == "mandatory" else text for field in fields(TypedItem)}
    return st.builds(TypedItem, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"text": "  "}, "text", "what is to be checked"),
        ({"group": ""}, "group", "group"),
        ({"text": "长" * 201}, "text", "200 characters"),
        ({"unit": "单" * 50}, "unit", "12 characters"),
        ({"low": "高"}, "low", "such as 0.35"),
        ({"low": "2", "high": "1"}, "high", "Exchange the two"),
        ({"clauses": "FIRE§28、没有§1"}, "clauses", "没有§1"),
        ({"kind": "choice", "choices": "亮"}, "choices", "two choices"),
        ({"kind": "choice", "choices": "亮；亮", "passing": "亮"}, "choices", "twice"),
        ({"kind": "choice", "choices": "亮；不亮"}, "passing", "never pass"),
        ({"kind": "choice", "choices": "亮；不亮", "passing": "灭"}, "passing", "“灭”"),
        ({"kind": "choice", "choices": "；".join("一二三四五六七八九十"), "passing": "一"}, "choices", "9"),
        ({"kind": "essay"}, "kind", "values offered"),
        ({"photo": "?"}, "photo", "values offered"),
        ({"needs": "escalator"}, "needs", "values offered"),
    ],
)
def test_each_fault_is_a_sentence_at_its_item(changes: dict[str, str], field: str, sentence: str) -> None:
    items = [replace(GOOD, key="b", text="别的"), replace(GOOD, **changes)]  # type: ignore[arg-type]
    assert item_faults([GOOD], is_known) == ()
    [fault] = item_faults(items, is_known)
    assert (fault.place, fault.field) == (1, field)
    assert sentence in fault.message


def test_faults_of_the_whole_list() -> None:
    assert [fault.place for fault in item_faults([], is_known)] == [-1]
    many = [replace(GOOD, key=f"i{n}", text=f"第{n}项") for n in range(MOST_ITEMS + 1)]
    assert [(fault.place, fault.field) for fault in item_faults(many, is_known)] == [(-1, "items")]
    twice = item_faults([GOOD, replace(GOOD, text="另一项")], is_known)
    assert [(fault.place, fault.field) for fault in twice] == [(1, "key")]
    same = item_faults([GOOD, replace(GOOD, key="b")], is_known)
    assert [(fault.place, fault.field) for fault in same] == [(1, "text")]


def test_what_is_shipped_can_be_edited_and_means_the_same() -> None:
    for shipped in checklists():
        typed = [type_item(item) for item in shipped.items]
        assert item_faults(typed, lambda _ref: True) == ()
        assert tuple(map(read_item, typed)) == shipped.items
        assert tuple(map(read_item, unpack(pack(typed)))) == shipped.items


@given(st.lists(typed_items(), max_size=4))
def test_a_draft_is_stored_whatever_was_typed(items: list[TypedItem]) -> None:
    assert unpack(pack(items)) == tuple(map(tidied, items))
    item_faults(items, is_known)  # and is judged without an error


def test_what_a_later_version_stored_is_passed_over() -> None:
    stored = [{"key": "a", "text": "甲", "mandatory": "yes", "colour": "red"}, {"text": 3}]
    assert unpack(stored) == (TypedItem("a", text="甲"), TypedItem(""))


def test_items_are_added_copied_and_moved_into_the_next_group() -> None:
    two = (GOOD, replace(GOOD, key="b", group="保洁"))
    assert [item.group for item in added(two, 0, "n")] == ["消防", "消防", "保洁"]
    assert added((), -1, "n") == (TypedItem("n"),)
    assert [item.key for item in duplicated(two, 0, "n")] == ["a", "n", "b"]
    entered = moved(two, 0, 1)
    assert [(item.key, item.group) for item in entered] == [("a", "保洁"), ("b", "保洁")]
    assert [item.key for item in moved(entered, 0, 1)] == ["b", "a"]
    assert moved(two, 0, -1) == moved(two, 1, 1) == two


KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


@given(KEYS, KEYS, st.sets(st.sampled_from("abcdefgh")))
def test_differences_are_those_of_two_sets(before: list[str], after: list[str], changed: set[str]) -> None:
    old = [TypedItem(key, text=key) for key in before]
    new = [TypedItem(key, text=key * 2 if key in changed else key) for key in after]
    found = differences(old, new)
    by_kind = {kind: {one.item.key for one in found if one.kind is kind} for kind in Difference}
    common = set(before) & set(after)
    assert by_kind[Difference.ADDED] == set(after) - set(before)
    assert by_kind[Difference.REMOVED] == set(before) - set(after)
    assert by_kind[Difference.CHANGED] == common & changed
    in_order = [key for key in before if key in common] == [key for key in after if key in common]
    if in_order:
        assert not by_kind[Difference.MOVED]
    assert bool(found) == (old != new)


def test_a_change_says_what_it_was_and_is() -> None:
    [one] = differences([GOOD], [replace(GOOD, high="1.6", mandatory=True)])
    assert one.changes == (("high", "1.4", "1.6"), ("mandatory", "False", "True"))


def dated(key: str, version: str, effective: date | None, withdrawn: date | None = None, n: int = 0) -> Dated:
    return Dated(Checklist(key, version, SubjectKind.ESTATE, key, "", ()), effective, withdrawn, n)


@given(
    st.lists(
        st.tuples(st.integers(-5, 5), st.one_of(st.none(), st.integers(-5, 8)), st.sampled_from("ab")),
        max_size=6,
    ),
    st.integers(-6, 9),
)
def test_the_newest_version_that_has_begun_counts(rows: list[tuple[int, int | None, str]], day: int) -> None:
    def on(days: int | None) -> date | None:
        return None if days is None else DAY + timedelta(days)

    versions = [dated(key, f"v{n}", on(begin), on(end), n) for n, (begin, end, key) in enumerate(rows)]
    expected = {}
    for key in "ab":
        counting = [
            (begin, n)
            for n, (begin, end, of) in enumerate(rows)
            if of == key and begin <= day and (end is None or day < end)
        ]
        if counting:
            expected[key] = f"v{max(counting)[1]}"
    found = offered(versions, SubjectKind.ESTATE, DAY + timedelta(day))
    assert {one.key: one.version for one in found} == expected
    assert offered(versions, SubjectKind.RENOVATION, DAY) == ()


def test_the_shipped_version_counts_since_ever() -> None:
    shipped = checklist_for(SubjectKind.ESTATE)
    own = dated(shipped.key, "v1", DAY)
    both = [Dated(shipped), own]
    assert [one.version for one in offered(both, SubjectKind.ESTATE, DAY)] == ["v1"]
    assert offered(both, SubjectKind.ESTATE, DAY - timedelta(1)) == (shipped,)
