"""The papers of orders: what they say, their QR codes, and that everything fits."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pypdfium2
import pypdfium2.raw as raw
import pytest
from PIL import Image

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.paper import frame, qr
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.paper.drawing import HEIGHT
from fuyuan_desk.paper.fit import POINT
from fuyuan_desk.workorders.rules.orders import ENDS, OrderStatus, Source
from fuyuan_desk.workorders.sheets import (
    OrderFinding,
    OrderPhoto,
    OrderSheet,
    notice_sheet,
    order_sheets,
)

BEGUN = datetime(2026, 3, 11, 2, tzinfo=UTC)
SHEET = OrderSheet(
    "PD2026-0007", "ab" * 16, "南昌路168弄", "3号楼底楼", "楼道灯不亮", "居民来电", "general", BEGUN,
    datetime(2026, 3, 16, 10, tzinfo=UTC), "reference", "福元物业", "何斌",
    (OrderFinding("楼道照明完好", "三楼灯坏", "《上海市住宅物业管理规定》第五十六条", "XC2026-0003", 2),),
)  # fmt: skip


def text_of(printed: Printed) -> str:
    document = pypdfium2.PdfDocument(printed.pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text.replace("\r", "").replace("\n", "")


def pages(printed: Printed) -> int:
    document = pypdfium2.PdfDocument(printed.pdf)
    count = len(document)
    document.close()
    return count


def test_an_order_says_what_is_to_be_done_and_until_when() -> None:
    text = text_of(order_sheets([SHEET], "福元居民委员会", date(2026, 3, 11)))
    for words in (
        "派工单", "PD2026-0007", "南昌路168弄", "3号楼底楼", "福元物业", "何斌", "楼道灯不亮", "居民来电",
        "2026年3月16日", "参考值", "三楼灯坏", "此前同一处已发现2次", "XC2026-0003", "用料用工", "照片编号", "核实人",
        "派工单回执",
    ):  # fmt: skip
        assert words in text


def test_the_order_and_its_slip_have_the_code_of_the_order() -> None:
    printed = order_sheets([SHEET], "福元居民委员会", date(2026, 3, 11))
    document = pypdfium2.PdfDocument(printed.pdf)
    found = qr.read(document[0].render(scale=3).to_pil())
    document.close()
    assert [(mark.number, mark.uid) for mark in found] == [("PD2026-0007", "ab" * 16)] * 2


def test_one_order_is_one_page_and_the_kind_is_ticked() -> None:
    printed = order_sheets([SHEET], "福元居民委员会", date(2026, 3, 11))
    assert pages(printed) == 1
    names = [box.name for box in printed.boxes]
    assert {"severity.urgent", "severity.general", "result.done"} <= set(names)
    assert len(names) == len(set(names))


def test_many_findings_go_on_and_the_slip_stays_whole() -> None:
    long = replace(SHEET, findings=SHEET.findings * 30, description="很长的说明。" * 60)
    printed = order_sheets([long, SHEET], "福元居民委员会", date(2026, 3, 11))
    assert pages(printed) > 2
    assert text_of(printed).count("派工单回执") == 2


def lowest(printed: Printed) -> float:
    """Return how far below the upper edge of its page (mm) the lowest character of all pages stands."""
    document = pypdfium2.PdfDocument(printed.pdf)
    texts = [page.get_textpage() for page in document]
    bottom = min(text.get_charbox(index)[1] for text in texts for index in range(text.count_chars()))
    document.close()
    return HEIGHT - bottom * POINT


@pytest.mark.parametrize(
    "description",
    ["".join(f"第{n}处漏水。" for n in range(500)), "\n".join(f"第{n}处漏水。" for n in range(133))],
    ids=["one paragraph", "many lines"],
)
def test_a_description_of_any_length_goes_on_and_nothing_is_lost(description: str) -> None:
    long = replace(SHEET, description=description)
    for printed in (
        order_sheets([long], "福元居民委员会", date(2026, 3, 11)),
        notice_sheet(long, "福元居民委员会", date(2026, 3, 11)),
    ):
        text = text_of(printed)
        assert [word for word in description.split("\n") if word[:6] not in text] == []
        assert text.count("处漏水。") == description.count("处漏水。")
        assert lowest(printed) < frame.BOTTOM + 8  # the foot with the count of pages


@pytest.mark.parametrize(("standing", "words"), [("paused", "挂起中"), ("", "放假安排未公布")])
def test_a_deadline_that_is_not_known_says_so(standing: str, words: str) -> None:
    open_end = replace(SHEET, due=None, standing=standing, findings=())
    text = text_of(order_sheets([open_end], "福元居民委员会", date(2026, 3, 11)))
    assert words in text
    assert "须整改的问题" not in text


TO_DO = replace(SHEET, due=datetime(2026, 3, 16, 18).astimezone())
DONE = replace(
    TO_DO, done=datetime(2026, 3, 12, 9).astimezone(), done_by="何斌", done_note="换了灯管",
    verified=datetime(2026, 3, 13, 10).astimezone(), verified_by="陈静怡",
)  # fmt: skip
WAITS = replace(DONE, standing="to-verify", verified=None, verified_by="")
PAUSED = replace(
    SHEET, standing="paused", due=None, since=datetime(2026, 3, 12, 9).astimezone(), why="等待城管到场"
)
OVERDUE = replace(TO_DO, standing="overdue")


@pytest.mark.parametrize(
    ("order", "said", "unsaid"),
    [
        (TO_DO, ("派工单回执", "2026年3月16日 18:00 前处理完毕"), ("挂起", "逾期", "办结", "待居委会核实")),
        (
            replace(DONE, standing="verified"),
            ("派工单（2026年3月13日办结）", "本单已于2026年3月13日核实办结", "2026年3月12日 09:00　何斌", "换了灯管",
             "2026年3月13日 10:00　陈静怡"),
            ("派工单回执", "用料用工", "签名"),
        ),
        (WAITS, ("已于2026年3月12日 09:00报完工，待居委会核实", "换了灯管", "核实人"), ("派工单回执", "逾期")),
        (PAUSED, ("本单自2026年3月12日 09:00起挂起", "挂起原因", "等待城管到场"), ("2026年3月16日",)),
        (OVERDUE, ("2026年3月16日 18:00（已逾期）", "时限已逾期，将于　　　　年"), ("18:00 前处理完毕",)),
    ],
    ids=["to do", "verified", "to verify", "on hold", "overdue"],
)  # fmt: skip
def test_an_order_says_how_it_stands(
    order: OrderSheet, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    text = text_of(order_sheets([order], "福元居民委员会", date(2026, 3, 20)))
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []


@pytest.mark.parametrize(
    ("order", "said", "unsaid"),
    [
        (TO_DO, ("经福元居民委员会检查", "请于 2026年3月16日 18:00 前整改完毕"), ("已逾期", "据反映")),
        (
            replace(DONE, standing="verified"),
            ("整改通知单（2026年3月13日办结）", "上述问题已整改，于2026年3月13日核实办结", "换了灯管"),
            ("请于", "整改完毕", "签收人", "逾期"),
        ),
        (WAITS, ("已于2026年3月12日 09:00报完工，待居委会核实",), ("请于", "整改完毕")),
        (PAUSED, ("自2026年3月12日 09:00起挂起", "等待城管到场"), ("请尽快", "请于", "整改完毕")),
        (OVERDUE, ("整改时限 2026年3月16日 18:00 已逾期。请立即整改", "另行商定"), ("请于",)),
        (replace(SHEET, source="call", findings=()), ("据反映，南昌路168弄",), ("检查",)),
        (replace(SHEET, source="office", findings=()), ("　　南昌路168弄3号楼底楼存在",), ("检查", "据反映")),
    ],
    ids=["to do", "verified", "to verify", "on hold", "overdue", "complaint", "by the office"],
)
def test_a_notice_asks_for_what_is_still_to_be_done(
    order: OrderSheet, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    text = text_of(notice_sheet(order, "福元居民委员会", date(2026, 3, 20)))
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []


def test_every_source_and_every_standing_has_its_words() -> None:
    wording = read_json("forms", "order.json")
    assert set(wording["notice"]["how"]) == set(Source)
    standings = {*ENDS, OrderStatus.PAUSED, OrderStatus.TO_VERIFY, "overdue"}
    assert set(wording["standing"]) == standings
    assert set(wording["notice"]["asked"]) == standings | {"due", "open"}


ENDED = pytest.mark.parametrize(
    ("ended", "words", "title"),
    [
        ("cancelled", "本单已撤销，不再处理", "（已撤销）"),
        ("into-another", "本单已并入派工单 PD2026-0003", "（已并入 PD2026-0003）"),
    ],
)


@ENDED
def test_every_page_of_an_order_that_counts_no_more_says_so(ended: str, words: str, title: str) -> None:
    closed = replace(
        SHEET, standing=ended, into="PD2026-0003", before=(photo(200),), findings=SHEET.findings * 30
    )
    printed = order_sheets([closed], "福元居民委员会", date(2026, 3, 11))
    document = pypdfium2.PdfDocument(printed.pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    assert len(texts) >= 3
    assert all(title in text for text in texts)
    assert title not in text_of(order_sheets([SHEET], "福元居民委员会", date(2026, 3, 11)))
    notice = text_of(notice_sheet(closed, "福元居民委员会", date(2026, 3, 11)))
    assert title in notice
    assert words in notice
    assert "整改完毕" not in notice


@ENDED
def test_an_order_that_counts_no_more_says_so_and_has_no_receipt(ended: str, words: str, title: str) -> None:
    closed = replace(SHEET, standing=ended, into="PD2026-0003")
    text = text_of(order_sheets([closed], "福元居民委员会", date(2026, 3, 11)))
    assert words in text
    assert title in text
    assert "2026年3月16日" not in text
    for words in ("派工单回执", "处理情况", "材料", "签名"):
        assert words not in text


def test_the_notice_names_the_organisation_and_the_deadline() -> None:
    text = text_of(notice_sheet(SHEET, "福元居民委员会", date(2026, 3, 11)))
    for words in ("整改通知单", "福元物业：", "2026年3月16日", "三楼灯坏", "整改情况", "签收人"):
        assert words in text


def photo(shade: int, **more: str) -> OrderPhoto:
    """Return a photo, wider than high."""
    raw = io.BytesIO()
    Image.new("RGB", (80, 60), (shade, 90, 60)).save(raw, "JPEG")
    return OrderPhoto(raw.getvalue(), 80, 60, **more)


def test_photos_stand_side_by_side_on_a_sheet_of_their_own() -> None:
    shown = replace(
        SHEET,
        before=(photo(200, number="0412", kind="far", caption="三楼走道"), photo(220)),
        after=(photo(40, number="0500", caption="新装灯具"),),
        done=BEGUN, done_by="何斌", verified=None,
    )  # fmt: skip
    printed = order_sheets([shown, SHEET], "福元居民委员会", date(2026, 3, 11))
    document = pypdfium2.PdfDocument(printed.pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    images = [
        [one.get_bounds() for one in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3)]
        for page in document
    ]
    document.close()
    assert len(texts) == 3
    assert "整改前后照片" in texts[1]
    for words in (
        "处理前",
        "处理后",
        "0412",
        "远景",
        "三楼走道",
        "0500",
        "新装灯具",
        "没有照片",
        "何斌",
        "核实人",
    ):
        assert words in texts[1]
    assert "处理前：0412" in texts[0]
    assert "处理后：0500" in texts[0]
    pictures = [bounds for bounds in images[1] if bounds[2] - bounds[0] > 150]
    assert len(pictures) == 3
    first, second, after = sorted(pictures, key=lambda bounds: (round(bounds[0]), -bounds[1]))
    assert first[2] < after[0], "before at the left, after at the right"
    assert abs(first[1] - after[1]) < 1, "on one line"
    assert second[3] < first[1]


def test_an_order_names_those_before_it_at_its_place_and_that_its_day_may_move() -> None:
    numbers = tuple(f"PD2026-000{number}" for number in (6, 5, 4, 3, 2))
    again = replace(SHEET, earlier=numbers, follows="PD2025-0099", unsettled_year=2026)
    printed = order_sheets([again], "福元居民委员会", date(2026, 3, 11))
    assert pages(printed) == 1
    text = text_of(printed)
    for words in (
        "接续已办结的 PD2025-0099；一年内该处第6张，此前：PD2026-0006、PD2026-0005、PD2026-0004、PD2026-0003",
        "2026年放假安排尚未公布，时限可能调整",
    ):
        assert words in text
    assert "PD2026-0002" not in text
    assert "同处派单" not in text_of(order_sheets([SHEET], "福元居民委员会", date(2026, 3, 11)))
