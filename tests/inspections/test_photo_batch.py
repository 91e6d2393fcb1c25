"""A batch of files: what becomes of each, by rule and by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.inspections.rules.photo_batch import (
    READY,
    SETTLED,
    Chosen,
    Found,
    PhotoFile,
    State,
    clock_text,
    rows_of,
    unsure_first,
)
from fuyuan_desk.inspections.rules.photo_matching import ItemNoted, Shot, VisitNoted

TEN = datetime(2026, 3, 11, 2, tzinfo=UTC)
NOW = TEN + timedelta(days=1)
VISITS = (
    VisitNoted(
        1,
        "XC2026-0001",
        TEN,
        "甲",
        "某小区",
        (ItemNoted("wires", "飞线", "12-14"), ItemNoted("gate", "门岗")),
    ),
    VisitNoted(2, "XC2026-0002", TEN + timedelta(hours=1), "甲", "某大厦", (ItemNoted("gate", "门岗"),)),
)
FOUND = Found(VISITS, {"XCB-2026-000001": 2, "XCB-2026-000002": None}, {"known": "XC2026-0009", "hidden": ""})


def file(
    key: int, number: str = "", minutes: int = 5, source: str | None = None, **more: object
) -> PhotoFile:
    """Return a file that was looked at; each has a content of its own unless a `source` is given."""
    shot = Shot(key, number, TEN + timedelta(minutes=minutes))
    return PhotoFile(shot, f"{key}.jpg", source=str(key) if source is None else source, **more)  # type: ignore[arg-type]


def test_what_cannot_be_attached_takes_no_visit_and_counts_for_no_kind() -> None:
    files = [
        file(1, "0012"), file(2, "0012", source="1"), file(3, "0013"), file(4, "0014", source="known"),
        file(5, "0014", source="hidden"), file(6, "0014", fault="坏"), file(7, "0014", source=""), file(8, "0014"),
    ]  # fmt: skip
    rows = rows_of(files, FOUND, NOW)
    assert [(row.state, row.kind) for row in rows] == [
        (State.SURE, "far"), (State.TWICE, ""), (State.SURE, "middle"), (State.KNOWN, ""), (State.KNOWN, ""),
        (State.FAULT, ""), (State.READING, ""), (State.SURE, "near"),
    ]  # fmt: skip
    assert [row.visit is None for row in rows] == [row.state in SETTLED for row in rows]
    assert "1.jpg" in rows[1].note
    assert "XC2026-0009" in rows[3].note
    assert "another estate" in rows[4].note


def test_scans_go_by_the_number_of_their_sheet_and_have_no_item() -> None:
    names = ("XCB-2026-000001", "XCB-2026-000002", "XCB-2026-000003", "")
    files = [file(key, is_scan=True, sheet=name) for key, name in enumerate(names)]
    rows = rows_of(files, FOUND, NOW)
    assert [row.state for row in rows] == [State.SURE, State.OPEN, State.OPEN, State.OPEN]
    assert {row.kind for row in rows} == {"scan"}
    by_hand = rows_of(files, FOUND, NOW, chosen={3: Chosen(1, "", "near")})[3]
    assert (by_hand.state, by_hand.kind) == (State.CHOSEN, "scan")


@pytest.mark.parametrize(
    ("chosen", "state", "visit", "item"),
    [
        (Chosen(), State.SURE, 1, "wires"),
        (Chosen(kind="far"), State.SURE, 1, "wires"),
        (Chosen(1, "gate"), State.CHOSEN, 1, "gate"),
        (Chosen(1, ""), State.CHOSEN, 1, None),
        (Chosen(2, "wires"), State.CHOSEN, 2, None),  # that visit has no such item
        (Chosen(0, ""), State.OPEN, None, None),
        (Chosen(99, ""), State.OPEN, None, None),
        (Chosen(1, "gate", is_left_out=True), State.LEFT_OUT, 1, "gate"),
    ],
)
def test_what_was_chosen_by_hand_counts(
    chosen: Chosen, state: State, visit: int | None, item: str | None
) -> None:
    [row] = rows_of([file(1, "0012")], FOUND, NOW, chosen={1: chosen})
    assert row.state is state
    assert (row.visit.id if row.visit else None) == visit
    assert (row.item.key if row.item else None) == item


def test_a_corrected_clock_moves_every_time() -> None:
    [row] = rows_of([file(1, "0012", minutes=-600)], FOUND, NOW, timedelta(minutes=605))
    assert (row.state, row.taken_at) == (State.SURE, TEN + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "+0:00"), (61, "+1:01"), (-5, "−0:05"), (-24 * 60 - 1, "−1 d 0:01")]
)
def test_a_correction_of_the_clock_is_written(minutes: int, text: str) -> None:
    assert clock_text(timedelta(minutes=minutes)) == text


@given(
    st.lists(
        st.tuples(st.integers(-3000, 3000), st.sampled_from(["", "0012", "0014"]), st.integers(0, 4)),
        max_size=12,
    ),
    st.dictionaries(
        st.integers(0, 11), st.builds(Chosen, st.none() | st.integers(0, 3), st.none() | st.just("gate"))
    ),
    st.sets(st.integers(0, 11)),
    st.integers(-10_000, 10_000),
)
def test_no_file_is_lost_and_only_what_has_a_visit_is_ready(
    drawn: list[tuple[int, str, int]], chosen: dict[int, Chosen], attached: set[int], minutes: int
) -> None:
    files = [
        file(key, number, at, None if source else "same") for key, (at, number, source) in enumerate(drawn)
    ]
    rows = rows_of(files, FOUND, NOW, timedelta(minutes=minutes), chosen, attached)
    assert [row.id for row in rows] == list(range(len(files)))
    assert all(row.visit is not None for row in rows if row.state in (*READY, State.UNSURE))
    assert all(row.item in (row.visit.items if row.visit else (None,)) for row in rows if row.item)
    assert sorted(unsure_first(rows)) == list(range(len(files)))
    assert {row.id for row in rows if row.state is State.ATTACHED} == attached & set(range(len(files)))
    same = [row for row in rows if row.file.source == "same" and row.state is not State.ATTACHED]
    assert all(row.state is State.TWICE for row in same[1:])
