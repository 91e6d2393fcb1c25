"""The trail compared with the number and hash on a printed sheet: whatever was done meanwhile is noticed."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace

import pytest

from fuyuan_desk.access.seat import REVIEWERS, Role, Seat
from fuyuan_desk.audit.facts import Point
from fuyuan_desk.audit.rules import Agreement, Comparison, comparison_sentence
from fuyuan_desk.audit.service.compare import compare_anchor
from fuyuan_desk.audit.service.proof import proof_for_print
from fuyuan_desk.core.errors import InvalidInput, NotAllowed
from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store.audit import anchor, redaction
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.check import check_trail
from tests.conftest import PASSWORD
from tests.store.audit.trail_tools import chain_anew, unprotected

HOUSEHOLD = {"head": "张明", "people": 3}
Deed = Callable[[Seat], None]


def work(seat: Seat, count: int) -> None:
    """Log some prints and one household."""
    with seat.store.use() as session:
        session.info[audit.ACTOR] = "clerk"
        for number in range(count):
            audit.note(session, "print", "visit", number)
        audit.append(session, [audit.Event("insert", "household", 7, "u7", HOUSEHOLD)])
        session.commit()
    seat.store.save_trail_end()


@pytest.fixture
def printed(seat: Seat) -> Point:
    """What the proof sheet of an office with a longer trail names."""
    work(seat, 40)
    return proof_for_print(seat).end


def compared(seat: Seat, paper: Point) -> Comparison:
    return compare_anchor(seat, str(paper.number), paper.hash)


def alter(seat: Seat, *statements: str, chained: bool = False) -> None:
    """Run statements while the protection is removed, and compute the chain anew."""
    with seat.store.use() as session:
        connection = session.connection()
        with unprotected(connection):
            for statement in statements:
                connection.exec_driver_sql(statement)
            if chained:
                chain_anew(connection)
        session.commit()


def keep_new_end(seat: Seat) -> None:
    """Let the store write the end of its trail anew, as after the file was deleted and the turn reset."""
    (seat.store.folder / anchor.FILE).unlink()
    alter(seat, "PRAGMA user_version = 0")
    seat.store.save_trail_end()


def test_an_untouched_trail_agrees_and_goes_on_agreeing(seat: Seat, printed: Point) -> None:
    assert compared(seat, printed) == Comparison(Agreement.AGREES, printed.number, printed.number + 1)
    work(seat, 30)
    found = compare_anchor(seat, f"第 {printed.number:,} 条", printed.hash[:16].upper())
    assert found.agreement is Agreement.AGREES
    assert comparison_sentence(found).startswith(f"Agrees: everything up to entry {printed.number} is")


def test_another_hash_or_a_number_still_to_come_does_not_agree(seat: Seat, printed: Point) -> None:
    other = ("0" if printed.hash[15] != "0" else "1") + printed.hash[16:]
    assert compared(seat, replace(printed, hash=printed.hash[:15] + other)).agreement is Agreement.OTHER
    assert compared(seat, replace(printed, number=printed.number - 1)).agreement is Agreement.OTHER
    assert compared(seat, replace(printed, number=10**11)).agreement is Agreement.MISSING


def test_comparing_itself_writes_nothing(seat: Seat, printed: Point) -> None:
    assert compared(seat, printed).end == compared(seat, printed).end == printed.number + 1


def _cut(seat: Seat) -> None:
    last = compare_anchor(seat, "1", "0" * 16).end
    alter(
        seat,
        f"DELETE FROM audit_entry WHERE id > {last - 20}",
        f"UPDATE sqlite_sequence SET seq = {last - 20} WHERE name = 'audit_entry'",
    )
    keep_new_end(seat)


def _cut_and_worked_on(seat: Seat) -> None:
    _cut(seat)
    work(seat, 40)


def _forged(seat: Seat) -> None:
    alter(seat, "UPDATE audit_entry SET operator = 'li' WHERE id = 20", chained=True)
    keep_new_end(seat)


def _changed_words(seat: Seat) -> None:
    alter(seat, 'UPDATE audit_entry SET changes = \'{"head":"李强"}\' WHERE id = 20', chained=True)
    keep_new_end(seat)


DEEDS: dict[str, tuple[Deed, Agreement]] = {
    "20 rows cut off": (_cut, Agreement.MISSING),
    "20 rows cut off, and others written": (_cut_and_worked_on, Agreement.OTHER),
    "a row forged": (_forged, Agreement.OTHER),
    "words of a row forged": (_changed_words, Agreement.OTHER),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_only_the_paper_shows_is_noticed(seat: Seat, printed: Point, deed: str) -> None:
    act, expected = DEEDS[deed]
    act(seat)
    _end, finding = check_trail(seat.store)
    assert finding.faults == (), "the chain alone shows it"
    found = compared(seat, printed)
    assert found.agreement is expected
    sentence = comparison_sentence(found)
    assert sentence.startswith("Does not agree:")
    assert "typed as printed" in sentence
    assert "take out the newest backup" in sentence


@pytest.mark.parametrize(("more", "expected"), [(0, Agreement.MISSING), (60, Agreement.OTHER)])
def test_yesterdays_copy_in_place_of_the_office_is_noticed(
    seat: Seat, more: int, expected: Agreement
) -> None:
    folder = seat.store.folder
    seat.store.close()
    yesterday = folder.with_name("yesterday")
    shutil.copytree(folder, yesterday)
    today = sign_in(folder, "admin", PASSWORD)
    work(today, 20)
    paper = proof_for_print(today).end
    today.store.close()
    shutil.rmtree(folder)
    yesterday.rename(folder)
    swapped = sign_in(folder, "admin", PASSWORD)
    work(swapped, more)
    found = compared(swapped, paper)
    swapped.store.close()
    assert found.agreement is expected
    assert found.faults == ()


def test_a_row_changed_without_the_chain_is_not_said_to_agree(seat: Seat, printed: Point) -> None:
    alter(seat, "UPDATE audit_entry SET operator = 'li' WHERE id = 20")
    found = compared(seat, printed)
    assert found.agreement is Agreement.FAULTY
    sentence = comparison_sentence(found)
    assert "is the one on the sheet, but" in sentence
    assert "broken at entry 20" in sentence
    assert "Change nothing more" in sentence


def test_a_hash_kept_over_a_forged_row_is_not_said_to_agree(seat: Seat, printed: Point) -> None:
    alter(seat, "UPDATE audit_entry SET operator = 'li' WHERE id = 20", chained=True)
    alter(seat, f"UPDATE audit_entry SET hash = '{printed.hash}' WHERE id = {printed.number}")
    keep_new_end(seat)
    assert compared(seat, printed).agreement is Agreement.FAULTY


def test_an_erasure_since_then_is_counted(seat: Seat, printed: Point) -> None:
    with seat.store.use() as session:
        session.info[audit.ACTOR] = "admin"
        redaction.redact_records(session, "household", {7: "u7"}, {"head"}, "moved out")
        session.commit()
    found = compared(seat, printed)
    assert (found.agreement, found.erased) == (Agreement.AGREES, 1)
    assert "erased from 1 entry" in comparison_sentence(found)
    later = proof_for_print(seat)
    assert later.erasures == 1
    assert compared(seat, later.end).erased == 0


def _note(seat: Seat, action: str, changes: dict[str, object]) -> int:
    with seat.store.use() as session:
        audit.note(session, action, "audit_entry", None, changes)
        session.commit()
        return int(session.connection().exec_driver_sql("SELECT max(id) FROM audit_entry").scalar() or 0)


def test_a_former_hash_that_a_rechaining_names_is_no_agreement(seat: Seat, printed: Point) -> None:
    _forged(seat)
    noted = _note(
        seat, "rechained", {"entries": 1, "entry": printed.number, "last": printed.hash, "broken": []}
    )
    found = compared(seat, printed)
    assert found.agreement is Agreement.RECHAINED
    sentence = comparison_sentence(found)
    assert f"entry {noted} of " in sentence
    assert "can be forged" in sentence


def test_a_rechaining_after_the_sheet_is_mentioned(seat: Seat, printed: Point) -> None:
    _forged(seat)
    noted = _note(seat, "rechained", {"entries": 1, "entry": 2, "last": "0" * 64, "broken": []})
    found = compared(seat, printed)
    assert found.agreement is Agreement.OTHER
    assert f"Entry {noted} says that all hashes were computed anew" in comparison_sentence(found)
    # one from before the sheet explains nothing
    assert compared(seat, replace(printed, number=noted)).rechained is None


def test_a_restored_backup_is_mentioned_as_a_possible_reason(seat: Seat, printed: Point) -> None:
    _cut(seat)
    noted = _note(seat, "restore", {"backup": "x"})
    found = compared(seat, printed)
    assert found.agreement is Agreement.MISSING
    assert f"Entry {noted} says that a backup was restored" in comparison_sentence(found)


def test_changes_that_cannot_be_read_are_no_crash(seat: Seat, printed: Point) -> None:
    _note(seat, "rechained", {"entry": 1, "last": "0", "broken": []})
    alter(seat, "UPDATE audit_entry SET changes = '[' WHERE action = 'rechained'", chained=True)
    found = compared(seat, printed)
    assert found.faults
    assert found.agreement in (Agreement.FAULTY, Agreement.OTHER)


def test_too_little_is_refused(seat: Seat) -> None:
    with pytest.raises(InvalidInput, match="first 16 characters"):
        compare_anchor(seat, "1", "8c1f 1046 219d")


@pytest.mark.parametrize("role", Role)
def test_only_reviewers_compare_and_print(
    seat_as: Callable[[Role], Seat], role: Role, printed: Point
) -> None:
    seat = seat_as(role)
    if role in REVIEWERS:
        assert compared(seat, printed).agreement is Agreement.AGREES
        return
    with pytest.raises(NotAllowed):
        compared(seat, printed)
    with pytest.raises(NotAllowed):
        proof_for_print(seat)


def test_every_answer_is_said_in_chinese(seat: Seat, printed: Point) -> None:
    found = compared(seat, printed)
    with in_chinese():
        assert (
            comparison_sentence(found)
            == f"对得上：到第 {printed.number} 条为止，与打印核对单时一样，没有改动。"
        )
        for agreement in (Agreement.FAULTY, Agreement.MISSING, Agreement.OTHER):
            assert "联系技术人员" in comparison_sentence(replace(found, agreement=agreement))


def test_the_print_is_the_entry_after_the_one_on_the_sheet(seat: Seat, printed: Point) -> None:
    with seat.store.use() as session:
        entry = session.get(audit.AuditEntry, printed.number + 1)
        assert entry is not None
        assert (entry.action, entry.table_name, entry.operator) == ("print", "audit_entry", "admin")
        assert json.loads(entry.changes) == {"entry": printed.number}
