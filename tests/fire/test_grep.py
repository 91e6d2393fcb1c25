"""Known people occur nowhere outside the encrypted office, in short; `python -m tests.fire.grep` searches 200 words."""

import base64
import random
from pathlib import Path

import pytest

from tests.fire import grep
from tests.fire.words import SPELLINGS, Known, Person, Search, Searched, invent, pieces, search_below

KNOWN = invent(9, ("slate-harbour-000001",), random.Random(1))


@pytest.mark.skipif(bool(grep.missing()), reason=grep.missing() or "memory can be read")
def test_nothing_of_people_is_left_anywhere_while_the_desk_is_locked(tmp_path: Path) -> None:
    root = tmp_path / "place"
    root.mkdir()
    findings = grep.run(root, 24, seed=1, dump=False)
    assert findings.hits == {}
    assert findings.control > 0, "the search itself must find what is there"
    assert {"office", "backups", "home", "tmp", "processes", "memory while locked"} <= set(findings.searched)
    assert findings.searched["memory while locked"].size > 10_000_000
    assert list((root / "home").rglob("*.log")), "the bug must have been written down"


# --- the search --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", sorted(SPELLINGS))
@pytest.mark.parametrize("word", KNOWN.words)
def test_a_word_is_found_however_it_is_spelled(spelling: str, word: str) -> None:
    around = b"\x00\xff before " + SPELLINGS[spelling](word) + b" after \x00"
    found = Search(KNOWN).hits(around)
    assert any(word.startswith(word) for word in found), found


@pytest.mark.parametrize("shift", range(5))
def test_a_word_is_found_within_base64_wherever_it_begins(shift: int) -> None:
    content = base64.b64encode(b"x" * shift + KNOWN.people[0].name.encode() + b"rest")
    assert Search(KNOWN).hits(content)


def test_what_only_looks_alike_is_not_found() -> None:
    known = Known((Person("逄祎璟", "13990000001", "310101199001010009"),), ("slate-harbour-000001",))
    word = "逄瑢璟 13990100001 310101199101010009 slate-harbour-100001"
    for spell in SPELLINGS.values():
        assert Search(known).hits(spell(word)) == {}


def test_a_word_that_lies_across_two_pieces_is_found() -> None:
    search = Search(KNOWN)
    content = b"." * 50 + KNOWN.people[0].phone.encode() + b"." * 50
    for cut in range(45, 70):
        found = [search.hits(piece) for piece in pieces(iter([content[:cut], content[cut:]]), search.longest)]
        assert any(found), cut


def test_names_of_files_are_looked_at_too(tmp_path: Path) -> None:
    (tmp_path / f"{KNOWN.people[0].name}.pdf").touch()
    searched = Searched()
    search_below(tmp_path, Search(KNOWN), searched)
    assert searched.count == 1


def test_people_are_invented_with_a_sequence_that_is_never_issued() -> None:
    assert len(KNOWN.words) == 10
    assert {person.id_number[14:17] for person in KNOWN.people} == {"000"}
