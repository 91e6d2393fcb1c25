"""What stands beside the cells: colours, comments, hidden rows, columns and sheets, pictures of WPS, stray blanks."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.worksheet import Worksheet

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.workbook.parser import parse
from fuyuan_desk.workbook.reader import Workbook, assemble, read_workbook
from tests.fire import bombs

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
SHEET = "xl/worksheets/sheet1.xml"


def read(raw: bytes, name: str = "名册.xlsx", hidden: bool = False) -> Workbook:
    return assemble(Path(name), parse(name, raw, hidden=hidden), Progress())


def roster(change: Callable[[Worksheet], None], rows: int = 12) -> bytes:
    book = bombs.roster(rows)
    change(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(raw: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    return bombs.rezipped(lambda name, content: change(content) if name == part else content, base=raw)


def test_a_plain_file_has_none() -> None:
    book = read(bombs.sound_xlsx())
    assert (any(book.sheets[0].marks), book.is_marked) == (False, True)


# ---- colours ----


@pytest.mark.parametrize(
    ("colour", "found"),
    [
        (Color("FFFFFF00"), "FFFF00"),
        (Color("00FF0000"), "FF0000"),
        (Color(indexed=13), "FFFF00"),
        (Color(indexed=5), "FFFF00"),
        (Color(indexed=44), "99CCFF"),
        (Color(theme=7, tint=0.7999816888943144), "FFF2CC"),
        (Color(theme=9, tint=-0.249977111117893), "548235"),
        (Color(theme=0), ""),
        (Color("FFFFFFFF"), ""),
        (Color("FFFAFAFA"), ""),
        (Color(indexed=64), ""),
        (Color(theme=99), ""),
    ],
)
def test_a_colour_is_read_however_it_is_written(colour: Color, found: str) -> None:
    theme = (
        b'<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:clrScheme>'
        + b"".join(
            b'<a:%s><a:srgbClr val="%s"/></a:%s>' % (name, value, name)
            for name, value in (
                (b"dk1", b"000000"), (b"lt1", b"FFFFFF"), (b"dk2", b"44546A"), (b"lt2", b"E7E6E6"),
                (b"accent1", b"5B9BD5"), (b"accent2", b"ED7D31"), (b"accent3", b"A5A5A5"), (b"accent4", b"FFC000"),
                (b"accent5", b"4472C4"), (b"accent6", b"70AD47"),
            )
        )
        + b"</a:clrScheme></a:themeElements></a:theme>"
    )  # fmt: skip

    def paint(sheet: Worksheet) -> None:
        sheet["C3"].fill = PatternFill("solid", fgColor=colour)

    raw = changed(roster(paint), "xl/theme/theme1.xml", lambda _content: theme)
    assert read(raw).sheets[0].marks.fills == ({found: {2: 0b100}} if found else {})


def test_cells_and_rows_of_a_colour_mark_their_rows_though_blank() -> None:
    def paint(sheet: Worksheet) -> None:
        for cell in ("A2", "E4", "B13"):
            sheet[cell].fill = PatternFill("solid", fgColor="FFFF00")
        sheet.row_dimensions[6].fill = PatternFill("solid", fgColor="FFFF00")
        sheet["D4"].fill = PatternFill("lightUp", fgColor="FF0000")

    assert read(roster(paint)).sheets[0].marks.fills == {
        "FFFF00": {1: 1 << 0, 3: 1 << 4, 5: -1, 12: 1 << 1},
        "FF0000": {3: 1 << 3},
    }


def test_marks_belong_to_their_sheet() -> None:
    book = bombs.roster(3)
    other = book.create_sheet("乙")
    other["A1"], other["A2"] = "x", "y"
    other["A2"].fill = PatternFill("solid", fgColor="00FF00")
    out = io.BytesIO()
    book.save(out)
    first, second = read(out.getvalue()).sheets
    assert (first.marks.fills, second.marks.fills) == ({}, {"00FF00": {1: 1}})


# ---- comments, hidden parts ----


def test_comments_are_read_without_the_name_of_their_author() -> None:
    def note(sheet: Worksheet) -> None:
        sheet["C3"].comment = Comment("王主任:\n已搬走，\n钥匙在居委", "王主任")
        sheet["D4"].comment = Comment("停机", "李")

    marks = read(roster(note)).sheets[0].marks
    assert marks.comments == {(2, 2): "已搬走，\n钥匙在居委", (3, 3): "停机"}


def test_a_conversation_is_read_rather_than_the_hint_in_its_place() -> None:
    def note(sheet: Worksheet) -> None:
        sheet["C3"].comment = Comment("[Threaded comment] Your version of Excel …", "tc={1}")

    raw = roster(note)
    kind = b"http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    link = b'<Relationship Id="rId9" Type="%s" Target="../threadedComments/t1.xml"/></Relationships>' % kind
    raw = changed(raw, "xl/worksheets/_rels/sheet1.xml.rels", lambda c: c.replace(b"</Relationships>", link))
    talk = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<threadedComment ref="C3" id="1"><text>已搬走？</text></threadedComment>'
        '<threadedComment ref="C3" id="2" parentId="1"><text>是的</text></threadedComment></ThreadedComments>'
    )
    raw = bombs.rezipped(lambda _n, c: c, {"xl/threadedComments/t1.xml": talk.encode()}, raw)
    assert read(raw).sheets[0].marks.comments == {(2, 2): "已搬走？；是的"}


def test_hidden_columns_and_rows_are_named_and_read() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.column_dimensions.group("C", "D", hidden=True)
        for row in (5, 6, 9):
            sheet.row_dimensions[row].hidden = True

    sheet = read(roster(hide)).sheets[0]
    assert (sheet.marks.hidden_columns, sheet.marks.hidden_rows) == (((2, 3),), ((4, 5), (8, 8)))
    assert sheet.rows == read(roster(lambda _sheet: None)).sheets[0].rows


def test_hidden_sheets_are_read_when_asked_for() -> None:
    book = bombs.roster(3)
    other = book.create_sheet("藏")
    other["A1"] = "x"
    other.sheet_state = "veryHidden"
    out = io.BytesIO()
    book.save(out)
    seen, all_read = read(out.getvalue()), read(out.getvalue(), hidden=True)
    assert ([s.name for s in seen.sheets], seen.hidden) == (["Sheet"], ("藏",))
    assert ([s.name for s in all_read.sheets], all_read.hidden) == (["Sheet", "藏"], ("藏",))


@pytest.mark.parametrize("name", ["永嘉坊.xls", "永嘉坊.ods"])
def test_of_other_kinds_it_is_told_that_marks_are_not_read(name: str) -> None:
    assert not read((ROSTERS / name).read_bytes(), name).is_marked


@pytest.mark.parametrize(
    "part", ["xl/styles.xml", "xl/comments/comment1.xml", "xl/worksheets/_rels/sheet1.xml.rels"]
)
def test_damaged_marks_leave_the_rows(part: str) -> None:
    def note(sheet: Worksheet) -> None:
        sheet["C3"].comment = Comment("停机", "李")

    raw = roster(note)
    cut = changed(raw, part, lambda content: content[: len(content) // 2])
    try:
        book = read(cut)
    except InvalidInput:
        assert part == "xl/styles.xml"  # without which the reader knows no date
    else:
        assert (len(book.sheets[0].rows), book.is_marked) == (13, False)


def test_comments_that_laugh_are_refused_quickly() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "%s">' % (b"ha" * 500)
    for one, two in zip(b"abcdefgh", b"bcdefghi", strict=True):
        laughs += b'<!ENTITY %c "%s">' % (two, b"&%c;" % one * 100)
    laughs += b"]><comments><commentList>&i;</commentList></comments>"

    def note(sheet: Worksheet) -> None:
        sheet["C3"].comment = Comment("停机", "李")

    started = time.monotonic()
    book = read(changed(roster(note), "xl/comments/comment1.xml", lambda _content: laughs))
    assert (len(book.sheets[0].rows), book.is_marked) == (13, False)
    assert time.monotonic() - started < 5


# ---- WPS ----


def picture(number: int, value: bytes = b"", kind: bytes = b"str") -> bytes:
    formula = b"_xlfn.DISPIMG(&quot;ID_%d&quot;,1)" % number
    shown = value or b"=DISPIMG(&quot;ID_%d&quot;,1)" % number
    return b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>1</t></is></c>' % (number, number) + (
        b'<c r="F%d" t="%s"><f>%s</f><v>%s</v></c></row>' % (number, kind, formula, shown)
    )


@pytest.mark.parametrize("value", [(b"", b"str"), (b"#NAME?", b"e")])
def test_pictures_in_cells_are_counted_and_left_out(value: tuple[bytes, bytes]) -> None:
    raw = bombs.with_sheet(b"".join(picture(number, *value) for number in range(40, 45)))
    sheet = read(raw).sheets[0]
    assert "DISPIMG" not in str(sheet.rows)
    assert (sheet.rows[39][0], sheet.rows[39][5:]) in (("1", [""]), ("1", []))
    if value[1] == b"str":
        assert sheet.marks.pictures == {5: (39, 5)}


def test_pictures_in_a_text_table_are_left_out() -> None:
    raw = '门牌号,室号,姓名,照片\n1号,101,张三,"=DISPIMG(""ID_1"",1)"\n'.encode()
    sheet = read(raw, "a.csv").sheets[0]
    assert (sheet.rows[1], sheet.marks.pictures) == (["1号", "101", "张三", ""], {3: (1, 1)})


@pytest.mark.parametrize("text", ["#NAME?", "DISPIMG"])
def test_a_word_that_only_looks_alike_stays(text: str) -> None:
    raw = f"门牌号,室号,姓名,备注\n1号,101,张三,{text}\n".encode()
    assert read(raw, "a.csv").sheets[0].rows[1][3] == text


def test_a_file_without_styles_is_read() -> None:
    raw = bombs.rezipped(lambda name, content: None if name == "xl/styles.xml" else content)
    assert read(raw).sheets[0].rows == read(bombs.sound_xlsx()).sheets[0].rows


# ---- stray blanks ----


def shared(rows: bytes, texts: bytes) -> bytes:
    """Return a workbook of shared texts, as Excel and WPS write them."""
    return bombs.with_shared(texts, rows)


@pytest.mark.parametrize("place", [b"XFD1048576", b"A1048576", b"XFD2"])
@pytest.mark.parametrize(
    "blank",
    [
        b'<c r="%s" t="inlineStr"><is><t xml:space="preserve"> </t></is></c>',
        b'<c r="%s" s="1" t="str"><v>  </v></c>',
        b'<c r="%s" s="0"/>',
    ],
)
def test_one_stray_blank_far_away_costs_nothing(tmp_path: Path, place: bytes, blank: bytes) -> None:
    row = re.sub(rb"[A-Z]", b"", place)
    path = tmp_path / "a.xlsx"
    path.write_bytes(bombs.with_sheet(b'<row r="%s">' % row + blank % place + b"</row>"))
    started = time.monotonic()
    rows = read_workbook(path).sheets[0].rows
    assert [[cell for cell in line if str(cell).strip()] for line in rows] == [
        [cell for cell in line if cell != ""] for line in read(bombs.sound_xlsx()).sheets[0].rows
    ]
    assert time.monotonic() - started < 5


def test_a_stray_shared_blank_far_away_is_left_out() -> None:
    rows = b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>2</v></c></row>'
    rows += b'<row r="1048576"><c r="XFD1048576" t="s"><v>1</v></c></row>'
    texts = "<si><t>张三</t></si><si><t> \u3000</t></si><si><t>1</t></si>".encode()
    assert read(shared(rows, texts)).sheets[0].rows == [["张三", "1"]]


def test_a_value_far_away_is_told_rather_than_left_out() -> None:
    rows = b'<row r="1048576"><c r="XFD1048576" t="s"><v>0</v></c></row>'
    with pytest.raises(InvalidInput, match="extends to row 1048576"):
        read(shared(rows, "<si><t>张三</t></si><si><t> </t></si>".encode()))


def test_a_damaged_sheet_with_a_stray_blank_is_refused() -> None:
    raw = bombs.with_sheet(b'<row r="1048576"><c r="XFD1048576" t="str"><v> </v></c></row>')
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        offset = archive.getinfo(SHEET).header_offset
    with pytest.raises(InvalidInput, match="damaged"):
        read(raw[: offset + 200] + b"\0" * 40 + raw[offset + 240 :])
