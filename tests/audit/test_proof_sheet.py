"""The printed proof sheet: what it says, that it is one page, and what its code reads."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import text

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.facts import Point, TrailProof
from fuyuan_desk.audit.rules import anchor_text
from fuyuan_desk.audit.service.proof import proof_for_print
from fuyuan_desk.audit.sheets import proof_sheet
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.entries import written
from tests.conftest import NOW
from tests.paper import pdf
from tests.store.audit.trail_tools import chain_anew, unprotected


def _hash(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def _point(number: int, days: int) -> Point:
    return Point(number, _hash(number), datetime(2026, 11, 28, 2, 5, tzinfo=UTC) - timedelta(days=days))


PROOF = TrailProof(
    "黄浦区瑞金二路街道福元居民委员会", datetime(2026, 11, 28, 2, 6, tzinfo=UTC), "王主任", 152_344,
    _point(152_344, 0), tuple(_point(148_213 - 9_000 * month, 29 + 30 * month) for month in range(12)),
    37, 152_344, 0,
)  # fmt: skip


def codes(printed: Printed) -> list[str]:
    """Read the texts of the QR codes on the first page."""
    picture = pypdfium2.PdfDocument(printed.pdf)[0].render(scale=150 / 72).to_pil()
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def test_the_sheet_names_the_end_and_earlier_months_on_one_page() -> None:
    paper = proof_sheet(PROOF)
    shown = pdf.flat(paper, 1)
    at = PROOF.made.astimezone()
    for words in (
        "操作记录核对单", "福元居民委员会", f"{at.year}年{at.month}月{at.day}日{at:%H:%M}", "王主任", "152,344条",
        "打印前的最后一条：第152,344条", "37处", "完整，没有发现改动", "另记为第152,345条", "锁入柜中",
        "就与本单对不上", "经办人（签名）", "书记或负责人（签名）", "年月日", "第1页/共1页",
    ):  # fmt: skip
        assert words in shown, words
    for point in (PROOF.end, *PROOF.earlier):
        assert point.hash in shown
        assert f"{point.number:,}" in shown
    assert paper.pages == 1
    assert paper.boxes == ()
    assert pdf.within_margins(paper)


def test_the_hash_stands_in_groups_of_four() -> None:
    lines = [line.split() for line in pdf.text(proof_sheet(PROOF), 1).splitlines()]
    words = [word for line in lines for word in line]
    for start in range(0, 64, 4):
        assert PROOF.end.hash[start : start + 4] in words
        assert PROOF.earlier[0].hash[start : start + 4] in words


def test_the_code_holds_number_and_hash() -> None:
    assert codes(proof_sheet(PROOF)) == [anchor_text(152_344, PROOF.end.hash)]


def test_a_young_office_and_faults_are_said() -> None:
    paper = proof_sheet(replace(PROOF, earlier=(), erasures=0, faults=2, end=_point(5, 0), entries=5))
    shown = pdf.flat(paper, 1)
    assert "以前各月没有记录" in shown
    assert f"{PROOF.end.at.astimezone():%H:%M}无记录链检查到" in shown
    assert "处（个人信息" not in shown
    assert "发现2处问题" in shown
    assert "没有发现改动" not in shown
    assert paper.pages == 1


def test_the_longest_names_and_numbers_stay_on_the_page() -> None:
    long = replace(PROOF, office="居民委员会" * 20, operator="欧阳" * 25, entries=10**11, checked=10**11)
    long = replace(long, end=_point(10**11, 0), earlier=tuple(_point(10**11 - n, 40) for n in range(1, 13)))
    paper = proof_sheet(long)
    assert paper.pages == 1
    assert pdf.within_margins(paper)
    assert f"{10**11:,}" in pdf.flat(paper, 1)


# --- what is printed of a store


def test_the_store_names_the_last_entry_before_the_print(seat: Seat) -> None:
    first = proof_for_print(seat)
    second = proof_for_print(seat)
    assert second.end.number == first.end.number + 1
    assert first.entries == first.end.number == first.checked
    assert (first.office, first.operator) == ("黄浦区瑞金二路街道福元居民委员会", "管理员")
    assert (first.made, first.faults, first.erasures) == (NOW, 0, 0)
    shown = pdf.flat(proof_sheet(first), 1)
    assert first.end.hash in shown
    assert f"另记为第{second.end.number:,}条" in shown


def _dated(seat: Seat, dates: list[datetime]) -> None:
    """Date the first entries, and compute the chain anew."""
    with seat.store.use() as session:
        connection = session.connection()
        with unprotected(connection):
            for number, at in enumerate(dates, 1):
                connection.exec_driver_sql(
                    "UPDATE audit_entry SET at = ? WHERE id = ?", (written(at), number)
                )
            chain_anew(connection)
        session.commit()


def test_earlier_points_are_the_last_entries_of_the_last_twelve_months(seat: Seat) -> None:
    with seat.store.use() as session:
        for number in range(10):
            audit.note(session, "print", "visit", number)
        session.commit()
    begin = datetime(2026, 3, 1).astimezone()
    instants = [
        datetime(2025, 2, 10, tzinfo=UTC),  # thirteen months ago
        datetime(2025, 3, 10, tzinfo=UTC),
        datetime(2025, 12, 5, tzinfo=UTC),
        datetime(2025, 12, 6, tzinfo=UTC),
        begin - timedelta(microseconds=1),
        begin,
    ]
    _dated(seat, instants)
    proof = proof_for_print(seat)
    assert [point.number for point in proof.earlier] == [5, 4, 2]
    assert proof.earlier[0].at == begin - timedelta(microseconds=1)
    with seat.store.use() as session:
        kept = session.get(audit.AuditEntry, 4)
        assert kept is not None
        assert proof.earlier[1].hash == kept.hash


def test_what_the_check_finds_stands_on_the_sheet(seat: Seat) -> None:
    with seat.store.use() as session:
        with unprotected(session.connection()):
            session.connection().exec_driver_sql("UPDATE audit_entry SET operator = 'li' WHERE id = 3")
        session.commit()
    proof = proof_for_print(seat)
    assert proof.faults == 1
    assert "发现1处问题" in pdf.flat(proof_sheet(proof), 1)


def test_without_an_entry_no_sheet_is_printed(seat: Seat) -> None:
    with seat.store.use() as session:
        with unprotected(session.connection()):
            session.execute(text("DELETE FROM audit_entry"))
        session.commit()
    with pytest.raises(Conflict, match="holds no entry"):
        proof_for_print(seat)
