"""What a clerk types, compared with a table that says what must be found, what may be guessed and what must not be."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.kinds import ESTATE, UNIT
from fuyuan_desk.facilities.kinds import FACILITY
from fuyuan_desk.inspections.kinds import VISIT
from fuyuan_desk.renovation.kinds import CASE
from fuyuan_desk.store.guards import scope
from fuyuan_desk.store.search import filter as lists
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search import pinyin
from fuyuan_desk.store.search.index import Entry
from fuyuan_desk.store.search.tolerant import MOST_GUESSES, guess, written

FOLDER = Path(__file__).parents[2] / "data" / "search"
KINDS = {kind.name: kind for kind in (ESTATE, UNIT, CASE, VISIT, FACILITY)}


class Typed(NamedTuple):
    """A line of the table: what is typed, and the records found, guessed and never shown."""

    text: str
    found: list[str]
    perhaps: list[str]
    never: list[str]


def lines(name: str) -> Iterator[list[str]]:
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield [field.strip() for field in line.split("|")]


def several(field: str) -> tuple[str, ...]:
    return tuple(text.strip() for text in field.split(";") if text.strip())


RECORDS = [[*fields, "", ""][:6] for fields in lines("records.txt")]
IDS = {fields[0]: number for number, fields in enumerate(RECORDS, 1)}
KEYS = {number: key for key, number in IDS.items()}
ENTRIES = [
    Entry(
        KINDS[kind], IDS[key], several(texts), several(phones), several(papers), IDS[estate] if estate else 0
    )
    for key, kind, estate, texts, phones, papers in RECORDS
]
QUERIES = [Typed(text, *(field.split() for field in fields)) for text, *fields in lines("queries.txt")]


@pytest.fixture
def session(seat: Seat) -> Iterator[Session]:
    """The invented records."""
    with seat.store.sessions() as session:
        search.put(session, ENTRIES)
        yield session


def shown(session: Session, text: str) -> tuple[list[str], list[str]]:
    """Return the keys of what is found, and of what is guessed."""
    hits = search.find(session, text, KINDS.values())
    guesses = guess(session, text, KINDS.values(), hits)
    return [KEYS[hit.record_id] for hit in hits], [KEYS[each.record_id] for each in guesses]


@pytest.mark.parametrize("typed", QUERIES, ids=lambda typed: typed.text)
def test_what_is_typed_finds_what_is_meant(session: Session, typed: Typed) -> None:
    found, guessed = shown(session, typed.text)
    assert set(typed.found) <= set(found)
    assert set(typed.perhaps) <= set(guessed)
    assert not set(typed.never) & {*found, *guessed}


def spellings(key: str) -> set[str]:
    """Return, straight from the texts of a record, what finds it exactly: from each character on, full and initials."""
    texts = [text for entry in ENTRIES if KEYS[entry.record_id] == key for text in entry.texts]
    texts = [
        re.sub("[0-9]+[号弄室]?", " ", text) for text in texts
    ]  # nobody searches by what only names a level
    runs = [run for text in texts for run in re.findall("[\u4e00-\u9fff]+", text)]
    ends = [tuple(read[start:]) for run in runs for read in pinyin.readings(run) for start in range(len(run))]
    return {"".join(end) for end in ends} | {"".join(syllable[0] for syllable in end) for end in ends}


SPELLINGS = {key: spellings(key) for key in IDS}
WORDS = sorted({word for words in SPELLINGS.values() for word in words if len(word) > 2})


@st.composite
def misspelt(draw: st.DrawFn) -> str:
    """A word of a record, perhaps with another ending of its own length, perhaps with a letter changed."""
    word = draw(st.sampled_from(WORDS))
    word = word[: draw(st.integers(3, len(word)))]
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(word) - 1))
        letter = draw(st.sampled_from(["", *"aeghilnorsuz"]))
        word = word[:place] + letter + word[place + draw(st.integers(0, 1)) :]
    return word


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(misspelt())
def test_whatever_fits_exactly_comes_before_every_guess(session: Session, typed: str) -> None:
    exact = {key for key, words in SPELLINGS.items() if any(word.startswith(typed) for word in words)}
    found, guessed = shown(session, typed)
    assert exact <= set(found)
    assert not set(found) & set(guessed)
    assert len(guessed) == len(set(guessed)) <= MOST_GUESSES


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from([phone for entry in ENTRIES for phone in entry.phones]), st.integers(4, 10), st.data())
def test_no_digit_is_ever_corrected(session: Session, phone: str, place: int, data: st.DataObject) -> None:
    digit = data.draw(st.sampled_from([each for each in "0123456789" if each != phone[place]]))
    wrong = phone[:place] + digit + phone[place + 1 :]
    known = [phone for entry in ENTRIES for phone in entry.phones]
    found, guessed = shown(session, wrong)
    assert guessed == []
    assert bool(found) == any(each.startswith(wrong) for each in known)


def test_a_guess_says_what_it_matches(session: Session) -> None:
    [sinan, *_rest] = guess(session, "shinanlu120", KINDS.values(), ())
    assert (sinan.record_id, sinan.meant) == (IDS["sinan"], "sinanlu120")


@pytest.mark.parametrize(
    ("meant", "shown_text", "words"),
    [
        ("sinanlu120", "思南路120弄3号401室", "思南路120"),
        ("sinan", "思南路120弄", "思南"),
        ("nanlu", "思南路120弄", "南路"),
        ("sina", "思南路120弄", "思南"),
        ("zhangsan", "瑞金二路5弄 张*", "zhangsan"),
        ("sinanlu zhangsan", "思南路120弄 张*", "思南路 zhangsan"),
        ("kingsville", "Kingsville花园", "kingsville"),
    ],
)
def test_what_a_guess_matches_is_written_as_the_screen_shows_it(
    meant: str, shown_text: str, words: str
) -> None:
    assert written(meant, shown_text) == words


@pytest.mark.parametrize(
    ("typed", "units"),
    [
        ("jianghf", ["jiang"]),
        ("sinanlu 402", ["jinfei"]),
        ("shinanlu 402", ["jinfei"]),
        ("nanchnaglu", ["ouyang", "zeng", "shan", "xie", "qiu"]),
        ("niurongsheng", ["liu"]),
        ("13900020004", []),
        ("thirteen", []),
    ],
)
def test_a_list_is_filtered_by_guesses_when_nothing_fits(
    session: Session, typed: str, units: list[str]
) -> None:
    assert [KEYS[unit] for unit in lists.matching_ids(session, typed, UNIT, 100)] == units


def test_a_list_shows_no_guess_beside_what_fits(session: Session) -> None:
    assert lists.matching_ids(session, "chenjingyi", UNIT, 100) == [IDS["chen"]]
    assert lists.matching_ids(session, "chengjingyi", UNIT, 100) == [IDS["cheng"]]


def test_a_property_company_is_guessed_nothing_outside_its_estates(session: Session) -> None:
    session.info[scope.ESTATES] = frozenset({IDS["nanchang"]})
    for typed in QUERIES:
        found, guessed = shown(session, typed.text)
        for key in (*found, *guessed):
            [entry] = [entry for entry in ENTRIES if entry.record_id == IDS[key]]
            assert key == "nanchang" or entry.estate == IDS["nanchang"], typed
    assert shown(session, "nanchnaglu")[1]
    assert lists.matching_ids(session, "shinanlu", UNIT, 100) == []


def test_enough_better_results_leave_no_room_for_a_wrong_letter(session: Session) -> None:
    assert [each.meant for each in guess(session, "nanchnaglu", [UNIT], ())] == ["nanchanglu"] * 5
    search.put(session, [Entry(UNIT, 900 + number, ("南车那格路",)) for number in range(5)])
    hits = search.find(session, "nanchenagelu", [UNIT])
    assert len(hits) == 5
    assert guess(session, "nanchenagelu", [UNIT], hits) == []
