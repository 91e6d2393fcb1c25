"""Every kind of table file used by offices, and many files that are no tables."""

import codecs
import io
import resource
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from openpyxl.styles import Font

from fuyuan_desk.core.errors import InvalidInput, Unusable
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.workbook.reader import read_workbook
from tests.workbook.in_process import read_in_process

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
TEXT = "小区,楼号,室号,姓名\n福元小区,1号楼,101,李㛃\n福元小区,1号楼,102,张三\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def zipped(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


def book(fill: Callable[[Book], None]) -> bytes:
    workbook = Book()
    fill(workbook)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


# ---- spreadsheets ----


FILES = sorted(path for path in ROSTERS.iterdir() if path.is_file())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.suffix)
def test_the_sandbox_yields_what_is_read_in_process(path: Path) -> None:
    assert read_workbook(path) == read_in_process(path)


def test_rows_stand_where_excel_shows_them(tmp_path: Path) -> None:
    def fill(workbook: Book) -> None:
        sheet = workbook.active
        assert sheet is not None
        sheet["C4"], sheet["D6"], sheet["D7"] = "x", 1, date(2023, 2, 13)
        sheet.merge_cells("C4:D4")

    (sheet,) = read_workbook(written(tmp_path, "a.xlsx", book(fill))).sheets
    assert sheet.rows == [
        [],
        [],
        [],
        ["", "", "x", ""],
        [],
        ["", "", "", 1.0],
        ["", "", "", date(2023, 2, 13)],
    ]
    assert sheet.merged == (((3, 2), (3, 3)),)


def test_hidden_and_empty_sheets_are_left_out(tmp_path: Path) -> None:
    def fill(workbook: Book) -> None:
        for name, state in (("看得见", "visible"), ("藏起", "hidden"), ("深藏", "veryHidden")):
            sheet = workbook.create_sheet(name)
            sheet["A1"] = name
            sheet.sheet_state = state

    read = read_workbook(written(tmp_path, "a.xlsx", book(fill)))
    assert [sheet.name for sheet in read.sheets] == ["看得见"]
    assert read.hidden == ("藏起", "深藏")


@pytest.mark.parametrize(
    "name", ["富南大厦业主清册.xlsx", "永嘉坊.xls", "永嘉坊.ods", "思南路26弄承租人.csv"]
)
@pytest.mark.parametrize("disguise", ["a.csv", "a.xls", "a.xlsx", "a"])
def test_the_content_decides_and_not_the_name(tmp_path: Path, name: str, disguise: str) -> None:
    true = read_in_process(ROSTERS / name)
    read = read_in_process(written(tmp_path, disguise, (ROSTERS / name).read_bytes()))
    assert [sheet.rows for sheet in read.sheets] == [sheet.rows for sheet in true.sheets]


def test_a_million_empty_rows_below_the_roster_cost_nothing(tmp_path: Path) -> None:
    workbook = Book(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(["姓名"])
    blank: list[str] = []
    for _number in range(200_000):
        sheet.append(blank)
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    (read,) = read_workbook(path).sheets
    assert read.rows == [["姓名"]]


def test_formatted_rows_without_values_are_empty(tmp_path: Path) -> None:
    def fill(workbook: Book) -> None:
        sheet = workbook.active
        assert sheet is not None
        sheet["A1"] = "姓名"
        sheet.cell(1_048_576, 5).font = Font(bold=True)

    (read,) = read_workbook(written(tmp_path, "a.xlsx", book(fill))).sheets
    assert read.rows == [["姓名"]]


@pytest.mark.parametrize("cell", ["XFD1048576", "B1048576", "ZZ900000"])
def test_a_stray_cell_far_away_is_refused_before_memory_is_spent(tmp_path: Path, cell: str) -> None:
    def fill(workbook: Book) -> None:
        sheet = workbook.active
        assert sheet is not None
        sheet["A1"], sheet[cell] = "姓名", "x"

    path = written(tmp_path, "a.xlsx", book(fill))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InvalidInput, match="select the rows and columns after the last household"):
        read_workbook(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_stray_cell_is_seen_whatever_the_sheet_says_of_its_size(tmp_path: Path) -> None:
    def name_one(workbook: Book) -> None:
        workbook.worksheets[0].append(["室号", "姓名"])

    sheet = "xl/worksheets/sheet1.xml"
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(name_one))) as source, zipfile.ZipFile(content, "w") as made:
        for entry in source.namelist():
            held = source.read(entry)
            if entry == sheet:
                assert b'<dimension ref="A1:B1"' in held
                stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                held = held.replace(b"</sheetData>", stray)
            made.writestr(entry, held)
    with pytest.raises(InvalidInput, match="1048576"):
        read_workbook(written(tmp_path, "名册.xlsx", content.getvalue()))


# ---- texts ----


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace(",", ";").encode("gb18030"),
        TEXT.replace(",", "|").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("张三", '"张三"').encode(),
    ],
)
def test_texts_in_any_encoding_with_any_delimiter(tmp_path: Path, raw: bytes) -> None:
    (sheet,) = read_in_process(written(tmp_path, "名册.txt", raw)).sheets
    assert sheet.name == "名册"
    assert sheet.rows == [
        ["小区", "楼号", "室号", "姓名"],
        ["福元小区", "1号楼", "101", "李㛃"],
        ["福元小区", "1号楼", "102", "张三"],
    ]


def test_delimiters_and_lines_inside_quotation_marks(tmp_path: Path) -> None:
    raw = '姓名,备注\n张三,"独居,\n有猫"\n李四,"他说""好"""\n'.encode()
    (sheet,) = read_in_process(written(tmp_path, "a.csv", raw)).sheets
    assert sheet.rows[1:] == [["张三", "独居,\n有猫"], ["李四", '他说"好"']]


def test_an_open_quotation_mark_does_not_swallow_the_rest(tmp_path: Path) -> None:
    raw = '楼号,室号,姓名\n1,"101,张三\n1,102,李四\n'.encode()
    (sheet,) = read_in_process(written(tmp_path, "a.csv", raw)).sheets
    assert sheet.rows[1:] == [["1", "101", "张三"], ["1", "102", "李四"]]


# ---- what is no table ----


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("空.xlsx", b"", "is empty"),
        ("截断.xlsx", (ROSTERS / "富南大厦业主清册.xlsx").read_bytes()[:5000], "damaged"),
        ("截断.xls", (ROSTERS / "永嘉坊.xls").read_bytes()[:3000], "damaged"),
        ("截断.ods", (ROSTERS / "永嘉坊.ods").read_bytes()[:800], "damaged"),
        ("坏.xlsx", zipped(xl__workbook_xml=b"<a/>"), "damaged|no filled sheet"),
        ("加密.xlsx", OLE + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(600), "password"),
        ("网页.xls", b"\n <HTML><body><table><tr><td>1</td></tr></table></body></html>", "web page"),
        ("网页.xls", "\ufeff<!DOCTYPE html><table></table>".encode("utf-16"), "web page"),
        ("网页.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "web page"),
        ("纪要.xlsx", zipped(word__document_xml=b"<w/>"), "Word document"),
        ("纪要.doc", OLE + bytes(1000) + "WordDocument".encode("utf-16-le") + bytes(600), "Word document"),
        ("纪要.txt", "今天开会。\n大家都来了。\n".encode(), "without columns"),
        ("幻灯.xlsx", zipped(ppt__presentation_xml=b"<p/>"), "slide show"),
        ("文件.pdf", b"%PDF-1.4 ...", "PDF"),
        ("图.xlsx", b"\xff\xd8\xff\xe0 ...", "picture"),
        ("包.xlsx", zipped(a_xml=b"<a/>"), "compressed archive"),
        ("包.rar", b"Rar!\x1a\x07 ...", "compressed archive"),
        ("乱.xlsx", bytes(range(256)) * 80, "neither"),
        ("字.csv", b"x", "without columns"),
        ("长.csv", "姓名,备注\n张三,".encode() + b"x" * 200_000, "neither"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(
    tmp_path: Path, name: str, content: bytes, text: str
) -> None:
    with pytest.raises(InvalidInput, match=text) as refusal:
        read_workbook(written(tmp_path, name, content))
    assert name in refusal.value.message
    assert refusal.value.message.endswith(".")
    assert "roster" not in refusal.value.message  # a checklist is read by the same reader


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    bomb = zipped(xl__workbook_xml=b"<a/>", xl__worksheets__sheet1_xml=bytes(150_000_000))
    with pytest.raises(InvalidInput, match="would unpack to 150 MB"):
        read_workbook(written(tmp_path, "a.xlsx", bomb))


def test_a_text_that_was_cut_in_a_sign_is_told(tmp_path: Path) -> None:
    raw = (TEXT * 10).encode().rstrip()[:-1]
    with pytest.raises(InvalidInput, match="the copy is incomplete"):
        read_workbook(written(tmp_path, "a.csv", raw))


def test_files_that_cannot_be_opened_are_told(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="does not exist"):
        read_workbook(tmp_path / "没有.xlsx")
    with pytest.raises(Unusable, match="is a folder"):
        read_workbook(tmp_path)


def test_reading_can_be_stopped() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        read_workbook(ROSTERS / "富南大厦业主清册.xlsx", progress)
