"""The printed report for one person."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.paper import qr
from fuyuan_desk.privacy.facts import Held, PersonReport, Seen
from fuyuan_desk.privacy.service import people
from fuyuan_desk.privacy.sheets import KIND, person_sheet
from tests.paper import pdf
from tests.privacy.neighbours import ID, NAME, PHONE, add_home, file_case

HELD = Held(
    "住户登记", "南昌路168弄4号亭子间", date(2025, 5, 6),
    (("户主或单位", "喆㛃𬭼䶮"), ("证件号码", "31010119800101000X"), ("联系电话", "13812345678")),
    1, "居民事务联络", "《个人信息保护法》第六条", "自搬离日期起保存3年",
    (Seen(datetime(2026, 3, 1, 2, 10, tzinfo=UTC), "王主任", "reveal"),),
)  # fmt: skip
REPORT = PersonReport(
    "GR2026-0001", "瑞金二路街道福元居民委员会", date(2026, 3, 2), "喆㛃𬭼䶮", "本人，出示居民身份证", "核对",
    (HELD,), 2,
)  # fmt: skip


def test_the_sheet_shows_data_purpose_retention_and_access() -> None:
    paper = person_sheet(REPORT)
    shown = "".join(pdf.flat(paper, page) for page in range(1, paper.pages + 1))
    for words in (
        "个人信息查阅告知书", "GR2026-0001", "2026年3月2日", "喆㛃𬭼䶮", "31010119800101000X", "13812345678",
        "本人，出示居民身份证", "2025年5月6日", "居民事务联络", "自搬离日期起保存3年", "王主任查看", "曾导出2次",
        "更正、补充申请", "申请人（签名）", "居民委员会（盖章）", "第1页/共",
    ):  # fmt: skip
        assert words in shown, words
    assert pdf.within_margins(paper)


def test_what_is_withheld_is_said_with_who_adds_it() -> None:
    whole = pdf.flat(person_sheet(REPORT), 1)
    partly = pdf.flat(person_sheet(replace(REPORT, held=(replace(HELD, withheld=("admin", "reviewer")),))), 1)
    assert "请由管理员或者书记（审核）补充出具" in partly
    assert "尚未列出" not in whole
    assert "全部个人信息" in whole
    assert "全部个人信息" not in partly, "it claims no more than it knows"


def test_the_qr_code_contains_no_personal_data() -> None:
    paper = person_sheet(REPORT)
    assert pdf.marks(paper, 1) == [qr.Mark(KIND, "GR2026-0001", "", 1)]


@pytest.mark.parametrize("count", [0, 1, 3, 12])
def test_many_records_continue_on_further_pages(count: int) -> None:
    long = replace(HELD, values=(*HELD.values, ("备注", "独居老人，每周上门两次。" * 60)))
    paper = person_sheet(replace(REPORT, held=(long,) * count))
    last = pdf.flat(paper, paper.pages)
    assert "申请人（签名）" in last
    assert f"第{paper.pages}页/共{paper.pages}页" in last
    # the space for corrections is on the page with the signatures
    assert "更正或者补充为" in last
    assert pdf.within_margins(paper)


def test_a_report_of_the_store_is_printed(seat: Seat) -> None:
    home = add_home(seat)
    file_case(seat, home)
    [found] = people.find_people(seat, NAME)
    paper = person_sheet(people.person_report(seat, found.keys, "本人"))
    shown = "".join(pdf.flat(paper, page) for page in range(1, paper.pages + 1))
    for words in (NAME, ID, PHONE, "独居老人，有高血压", "业主", "福元小区"):
        assert words in shown
