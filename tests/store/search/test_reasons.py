"""Why records are found: by which of their fields, and how much of it is told."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.kinds import UNIT
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search.index import Entry
from fuyuan_desk.store.search.reasons import Field, reasons

FIELDS = (
    Field("Room", "3号201室"),
    Field("Holder", "曾国梅", "曾*"),
    Field("Resident", "陆晓东", "陆*", is_former=True),
    Field("Telephone", "13800001111", how="phone"),
    Field("Document", "31010119760728000X", how="document"),
    Field("Passport", "E00012345", how="document"),
    Field("Device", "HK-20260077", "HK-20260077", how="serial"),
    Field("Estate", "南昌路168弄"),
)


WORDS = (
    "曾",
    "国",
    "梅",
    "陆",
    "201",
    "3号",
    "ncl168",
    "zgm",
    "lu",
    "1111",
    "000x",
    "E00012345",
    "南昌",
    "xiaodong",
    "9",
    "3101",
)


def why(seat: Seat, text: str) -> tuple[str, ...] | None:
    with seat.store.sessions() as session:
        return reasons(session.connection(), text, {1: FIELDS}).get(1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("zgm", ("Holder 曾*",)),
        ("陆", ("Resident 陆* (moved out)",)),
        ("1111", ("Telephone ending in 1111",)),
        ("13800001111", ("Telephone ending in 1111",)),
        ("1380", ("Telephone beginning with 1380",)),
        ("138000", ("Telephone beginning with 1380",)),
        ("000x", ("Document ending in 000X",)),
        ("e00012345", ("Passport ending in 2345",)),
        ("310101", None),
        ("0077", ("Device HK-20260077",)),
        ("hk20260077", ("Device HK-20260077",)),
        ("201 zeng ncl", ("Room", "Holder 曾*", "Estate")),
        ("曾国梅201", ("Holder 曾*", "Room")),
        ("曾 203", None),
        ("", None),
    ],
)
def test_the_fields_that_contain_what_is_typed_are_told(
    seat: Seat, text: str, told: tuple[str, ...] | None
) -> None:
    assert why(seat, text) == told


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1))
def test_a_record_has_a_reason_when_and_only_when_the_index_finds_it(seat: Seat, words: list[str]) -> None:
    texts = tuple(field.text for field in FIELDS if field.how in ("text", "serial"))
    numbers = [field.text for field in FIELDS if field.how in ("phone", "document")]
    with seat.store.sessions() as session:
        search.put(session, [Entry(UNIT, 1, texts, (numbers[0],), (*numbers[1:], "HK-20260077"))])
        found = bool(search.find(session, " ".join(words), [UNIT]))
        told = reasons(session.connection(), " ".join(words), {1: FIELDS})
        session.rollback()
    assert bool(told) == found
