from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.rules.visits import Conclusion, Result, SubjectKind
from fuyuan_desk.inspections.sheets import InspectionItem, InspectionSheet, inspection_sheets
from fuyuan_desk.paper import qr
from fuyuan_desk.paper.document import Printed
from tests.paper import pdf

OFFICE = "黄浦区瑞金二路街道南昌居民委员会"
MADE = date(2026, 11, 22)
UID = "0123456789abcdef" * 2


def items(kind: SubjectKind) -> tuple[InspectionItem, ...]:
    return tuple(InspectionItem(item.text, item.group) for item in checklist_for(kind).items)


BLANK = InspectionSheet(
    "XC2026-0012", "renovation", "ZX2026-0007", "上海市黄浦区南昌路168弄4号甲三层阁",
    items(SubjectKind.RENOVATION), UID,
    (("申请人", "喆㛃𬭼䶮"), ("施工单位", "上海安信建筑装饰工程有限公司黄浦第二分公司"),
     ("装修期限", "2026-11-10 至 2027-01-20"), ("现场负责人", "李某　138****5678")),
)  # fmt: skip
ESTATE = InspectionSheet(
    "XC2026-0013", "estate", "福元小区", "复兴中路1号", items(SubjectKind.ESTATE), UID,
    (("服务等级", "安居型"), ("物业", "某物业")),
)  # fmt: skip


def printed(*sheets: InspectionSheet) -> Printed:
    return inspection_sheets(sheets, OFFICE, MADE)


def filled() -> InspectionSheet:
    results = ["pass"] * len(BLANK.items)
    results[3], results[10] = "fail", "na"
    remarks = {3: "厨房与客厅之间的墙体开有约30厘米见方的洞口"}
    found = [replace(item, result=result, remark=remarks.get(n, ""))
             for n, (item, result) in enumerate(zip(BLANK.items, results, strict=True))]  # fmt: skip
    return replace(
        BLANK, items=tuple(found), day=date(2026, 11, 22), time="14:30", parties=("committee", "property"), photos=3,
        conclusion="deadline", deadline=date(2026, 12, 5), details="已要求停工，12月5日前提交原设计单位意见。",
        inspector="王静", accompanying="陈立", inspected="周强",
    )  # fmt: skip


@pytest.mark.parametrize("sheet", [BLANK, ESTATE, filled()], ids=["blank", "estate", "filled"])
def test_a_shipped_checklist_fits_one_page(sheet: InspectionSheet) -> None:
    paper = printed(sheet)
    assert paper.pages == 1
    shown = pdf.flat(paper, 1)
    for text in (
        OFFICE,
        sheet.number,
        sheet.subject,
        sheet.address,
        "第1页/共1页",
        "巡查人（签名）",
        "（盖章）",
    ):
        assert text in shown
    for item in sheet.items:
        assert "".join(item.text.split()) in shown
    for _, value in sheet.facts:
        assert "".join(value.split()) in shown


def test_titles_follow_the_subject() -> None:
    assert "装修巡查记录表" in pdf.text(printed(BLANK), 1)
    assert "住宅小区巡查记录表" in pdf.text(printed(ESTATE), 1)


def test_every_item_and_party_has_its_boxes() -> None:
    paper = printed(BLANK)
    names = {box.name for box in paper.boxes}
    expected = {
        f"item{n}.{result}" for n in range(1, len(BLANK.items) + 1) for result in ("pass", "fail", "na")
    }
    assert expected < names
    assert {"party.property", "party.committee", "party.enforcement"} < names
    assert pdf.boxes_match_drawing(paper)


def test_boxes_do_not_overlap_and_rows_leave_room_to_write() -> None:
    boxes = sorted((box.y, box.x) for box in printed(BLANK).boxes if box.name.endswith(".pass"))
    assert all(later[0] - earlier[0] >= 7 - 1e-6 for earlier, later in pairwise(boxes))


@pytest.mark.parametrize(("count", "words"), [(0, "没有照片"), (1, "共1张"), (3, "共3张"), (None, "共张")])
def test_photos_are_counted_and_none_is_said_in_words(count: int | None, words: str) -> None:
    shown = pdf.flat(printed(replace(filled(), photos=count)), 1)
    assert words in shown
    assert "共0张" not in shown


def test_the_wording_covers_all_parties_results_and_conclusions() -> None:
    wording = read_json("forms", "inspection.json")
    assert {party["key"] for party in wording["parties"]} >= set(Party)
    assert wording["results"] == list(Result)
    assert {conclusion["key"] for conclusion in wording["conclusions"]} == set(Conclusion)


def test_a_logged_visit_is_ticked_and_described() -> None:
    paper = printed(filled())
    shown = pdf.flat(paper, 1)
    assert shown.count("✓") == len(BLANK.items) + 2 + 1
    for text in (
        "2026年11月22日",
        "14:30",
        "共3张",
        "厨房与客厅之间的墙体开有约",
        "原设计单位意见",
        "王静",
        "陈立",
        "周强",
    ):
        assert text in shown
    assert "限期整改（" in shown
    assert "12" in shown


def test_ticks_are_inside_their_boxes() -> None:
    sheet = replace(BLANK, items=(InspectionItem("甲", result="fail"), InspectionItem("乙", result="na")))
    paper = printed(sheet)
    ticks = pdf.characters(paper, 1, only="✓")
    assert len(ticks) == 2
    for name in ("item1.fail", "item2.na"):
        box = next(box for box in paper.boxes if box.name == name)
        x, y = box.x + box.w / 2, box.y + box.h / 2
        assert any(tick.x0 < x < tick.x1 and tick.y0 < y < tick.y1 for tick in ticks)


def test_sixty_items_flow_over_pages_with_their_head() -> None:
    many = tuple(InspectionItem(f"第{n}项内容", f"类{n // 20}") for n in range(1, 61))
    paper = printed(replace(BLANK, items=many), ESTATE)
    assert paper.pages == 4
    for page in (1, 2, 3):
        shown = pdf.flat(paper, page)
        assert f"第{page}页/共3页" in shown
        assert "检查项目" in shown
        assert BLANK.number in shown
    assert "（续）" not in pdf.text(paper, 1)
    assert "（续）" in pdf.text(paper, 2)
    assert "第60项内容" in pdf.text(paper, 3), "the last rows stay with the signatures"
    assert "第1页/共1页" in pdf.flat(paper, 4)
    assert "".join(pdf.flat(paper, page) for page in (1, 2, 3)).count("项内容") == 60
    assert len([box for box in paper.boxes if box.name.startswith("item") and box.page < 4]) == 180
    assert pdf.boxes_match_drawing(paper)


def test_every_page_has_the_qr_code_of_its_record() -> None:
    many = tuple(InspectionItem(f"第{n}项内容") for n in range(1, 61))
    paper = printed(replace(BLANK, items=many))
    for page in range(1, paper.pages + 1):
        assert pdf.marks(paper, page) == [qr.Mark(qr.INSPECTION, BLANK.number, UID, page)]
    assert pdf.marks(paper, 1, dpi=100) == [qr.Mark(qr.INSPECTION, BLANK.number, UID, 1)]


def test_an_empty_sheet_is_a_form_to_fill_in() -> None:
    paper = printed(InspectionSheet("", "estate", "", "", ()))
    assert paper.pages == 1
    assert "年月日时分" in pdf.flat(paper, 1)


def test_very_long_values_stay_within_the_page() -> None:
    extreme = replace(
        filled(), subject="福" * 200, address="W" * 300, number="XC2026-" + "9" * 33,
        details="问题与处理，" * 120, inspector="买买提·吐尔逊·" * 6,
        items=tuple(replace(item, remark="备注很长，" * 30) for item in BLANK.items),
        facts=(("很长很长的标签名称", "𬭼" * 90),),
    )  # fmt: skip
    paper = inspection_sheets([extreme], "居民委员会" * 12, MADE)
    assert pdf.within_margins(paper)
    everything = "".join(pdf.flat(paper, page) for page in range(1, paper.pages + 1))
    assert "福" * 40 in everything
    assert everything.count("备注很长") == 30 * len(BLANK.items)
    assert everything.count("问题与处理，") == 120
    assert pdf.boxes_match_drawing(paper)


@pytest.mark.parametrize(("length", "place"), [(500, -1), (1_000, 0), (1_000, -1), (10_000, 9)])
def test_a_long_remark_goes_on_in_further_rows(length: int, place: int) -> None:
    found = list(filled().items)
    found[place] = replace(
        found[place], result="fail", remark="".join(chr(0x4E00 + n) for n in range(length))
    )
    paper = printed(replace(filled(), items=tuple(found)))
    assert pdf.within_margins(paper)
    pages = [pdf.flat(paper, page) for page in range(1, paper.pages + 1)]
    assert BLANK.items[0].text in pages[0], "the first page has rows below its head"
    text = "".join(pages)
    assert [item.text for item in BLANK.items if item.text not in text] == []
    assert all(chr(0x4E00 + n) in text for n in range(length))
    assert pdf.boxes_match_drawing(paper)


def test_rare_names_and_codes() -> None:
    shown = pdf.flat(printed(replace(BLANK, subject="喆㛃𬭼䶮", address="𠮷😀路")), 1)
    assert "喆㛃𬭼䶮" in shown
    assert "𠮷⟨U+1F600⟩路" in shown


def test_sheets_stay_within_printer_margins() -> None:
    assert pdf.within_margins(printed(BLANK, ESTATE, filled()))


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert printed(BLANK, filled()).pdf == printed(BLANK, filled()).pdf


def test_a_batch_shares_common_content() -> None:
    batch = [replace(BLANK, number=f"XC2026-{n:04d}", address=f"南昌路{n}弄") for n in range(1, 31)]
    paper = inspection_sheets(batch, OFFICE, MADE)
    assert paper.pages == 30
    assert len(paper.pdf) < len(printed(BLANK).pdf) + 30 * 2000
    assert all(f"XC2026-{n:04d}" in pdf.text(paper, n) for n in (1, 15, 30))


def test_a_batch_can_be_cancelled() -> None:
    seen = []

    def report(done: int, total: int, what: str) -> None:
        seen.append((done, total, what))
        progress.cancel()

    progress = Progress(report)
    with pytest.raises(Cancelled):
        inspection_sheets([BLANK, ESTATE], OFFICE, MADE, progress)
    assert seen == [(1, 2, "XC2026-0012")]


def test_long_details_and_names_stay_within_the_pages() -> None:
    name = "买买提艾力·阿卜杜热西提·吐尔逊" * 3
    sheet = replace(filled(), inspector=name, accompanying=name, inspected=name)
    paper = printed(replace(sheet, details="锯末堆在楼道。" * 500))
    assert pdf.within_margins(paper)
    everything = "".join(pdf.flat(paper, page) for page in range(1, paper.pages + 1))
    assert everything.count("锯") == 500
    assert pdf.flat(paper, paper.pages).count("吐尔逊") == 9
