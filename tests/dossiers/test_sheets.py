"""The printed files, by text and boxes."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dossier import Attached, Column
from fuyuan_desk.dossiers.facts import FilePaper, PagePicture
from fuyuan_desk.dossiers.rules import About, Level, Shown, ShownItem, ShownListing, ShownSection
from fuyuan_desk.dossiers.service import file_for_export
from fuyuan_desk.dossiers.sheets import KIND, file_sheet
from fuyuan_desk.paper import qr
from fuyuan_desk.paper.document import Printed
from tests.dossiers.conftest import PARTS, a_home, largest
from tests.paper import pdf

RARE = "喆㛃𬭼䶮"
HOLDERS = ShownListing("住户", (Column("姓名", 10), Column("备注", 10)), ((RARE, "无"),), "")
SECTION = ShownSection("a", "位置", (ShownItem("地址", "南昌路168弄"),), ("楼层", "街道"), (HOLDERS,))
PAPER = FilePaper(
    About.UNIT, "DA2026-0007", "南昌路168弄4号亭子间", "ab" * 16, "福元居民委员会", Level.FULL, "核对", "街道办事处",
    "王主任", datetime(2026, 3, 2, 2, tzinfo=UTC), Shown((SECTION,), ()),
)  # fmt: skip


def whole(paper: Printed) -> str:
    return "".join(pdf.flat(paper, page) for page in range(1, paper.pages + 1))


def test_the_cover_says_for_whom_what_for_and_how_much() -> None:
    paper = file_sheet(PAPER)
    assert paper.pages == 1
    shown = whole(paper)
    for words in (
        "一户一档", "福元居民委员会", "DA2026-0007", "南昌路168弄4号亭子间", "街道办事处", "核对", "完整（未遮盖）",
        "王主任", "2026-03-02", "未登记", "楼层、街道", RARE, "不得转交他人", "第1页/共1页",
    ):  # fmt: skip
        assert words in shown, words
    assert "目录" not in shown
    assert pdf.within_margins(paper)
    assert pdf.marks(paper, 1) == [qr.Mark(KIND, "DA2026-0007", "ab" * 16, 1)]


@pytest.mark.parametrize("level", Level)
def test_the_note_on_every_page_says_how_it_may_be_used(level: Level) -> None:
    note = {Level.FULL: "未遮盖的个人信息", Level.MASKED: "已作遮盖处理", Level.POSTED: "可以张贴"}[level]
    assert note in whole(file_sheet(replace(PAPER, level=level)))


def test_what_is_left_out_is_named() -> None:
    shown = whole(
        file_sheet(replace(PAPER, level=Level.POSTED, shown=Shown((SECTION,), ("维修资金", "第1户"))))
    )
    assert "公示不列：维修资金、第1户。" in shown


@pytest.mark.parametrize("count", [0, 1, 40, 200])
def test_a_long_table_repeats_its_head_and_the_contents_name_its_pages(count: int) -> None:
    rows = tuple((f"某{number:03d}", "备注") for number in range(count))
    homes = ShownSection("h", "房屋", listings=(replace(HOLDERS, rows=rows, nothing="没有房屋。"),))
    paper = file_sheet(
        replace(PAPER, about=About.ESTATE, shown=Shown((SECTION, homes, replace(SECTION, key="z"))))
    )
    pages = [pdf.flat(paper, page) for page in range(1, paper.pages + 1)]
    assert all(f"某{number:03d}" in "".join(pages) for number in range(count))
    assert ("目录" in pages[0]) == (paper.pages > 2)
    if not count:
        assert "没有房屋。" in pages[0]
    for page in pages:
        if "某" in page.replace("某某", ""):
            assert "姓名备注" in page
    if count == 200:
        first = next(number for number, page in enumerate(pages, 1) if "某000" in page)
        assert f"2房屋第{first}页" in pages[0].replace("　", "")
        assert f"3位置第{paper.pages}页" in pages[0].replace("　", "")
    assert pdf.within_margins(paper)


def test_a_long_text_stands_whole_below_its_row() -> None:
    long = "独居老人，每周上门两次。" * 80
    table = replace(HOLDERS, rows=((RARE, long), ("某某", "无")))
    paper = file_sheet(replace(PAPER, shown=Shown((replace(SECTION, listings=(table,)),))))
    assert long in whole(paper).replace("备注备注", "备注") or whole(paper).count("每周上门两次") == 80
    assert "见下" in whole(paper)
    assert pdf.within_margins(paper)


def test_a_small_household_is_one_page(sample_seat: Seat) -> None:
    order = ExportOrder("走访前准备", "街道办事处")
    paper = file_sheet(file_for_export(sample_seat, order, About.UNIT, a_home(sample_seat), PARTS))
    assert paper.pages == 1
    assert pdf.within_margins(paper)


def test_an_estate_is_printed_with_contents(sample_seat: Seat) -> None:
    order = ExportOrder("走访前准备", "街道办事处")
    paper = file_sheet(file_for_export(sample_seat, order, About.ESTATE, largest(sample_seat), PARTS))
    assert paper.pages > 3
    assert "目录" in pdf.flat(paper, 1)
    assert pdf.within_margins(paper)


def coloured(colour: tuple[int, int, int], size: tuple[int, int]) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def test_attached_pages_stand_at_the_end_each_on_a_page_of_its_own() -> None:
    red, blue = (200, 30, 30), (30, 30, 200)
    pages = (
        PagePicture("保护告知书 4号", 1, 2, coloured(red, (600, 800)), 600, 800),
        PagePicture("保护告知书 4号", 2, 2, coloured(blue, (800, 300)), 800, 300),
    )
    attached = replace(SECTION, attached=(Attached("保护告知书 4号", ("a", "b")),))
    paper = file_sheet(replace(PAPER, shown=Shown((attached,)), pages=pages))
    assert paper.pages == 3
    first = pdf.flat(paper, 1)
    assert "目录" in first
    assert "附：保护告知书4号第2页" in first, "in the contents, with the page where it begins"
    assert "保护告知书4号" in first
    for number, colour in ((2, red), (3, blue)):
        assert f"附：保护告知书4号第{number - 1}页，共2页" in pdf.flat(paper, number)
        document = PdfDocument(paper.pdf)
        image = document[number - 1].render(scale=0.5).to_pil()
        middle = image.getpixel((image.width * 108 // 210, image.height * 161 // 297))
        assert isinstance(middle, tuple)
        assert all(abs(a - b) < 12 for a, b in zip(middle, colour, strict=False))
        document.close()
    assert pdf.within_margins(paper)
    assert [mark.page for mark in (*pdf.marks(paper, 2), *pdf.marks(paper, 3))] == [2, 3]


def test_the_same_file_is_made_of_the_same_bytes() -> None:
    page = PagePicture("证书", 1, 1, coloured((1, 2, 3), (60, 80)), 60, 80)
    one = replace(PAPER, pages=(page,))
    assert file_sheet(one).pdf == file_sheet(one).pdf
