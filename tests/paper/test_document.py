import re
import zlib
from datetime import date

import pypdfium2
import pytest

from fuyuan_desk.paper.document import Document, Printed
from fuyuan_desk.paper.drawing import HEIGHT, UNIT, Drawing
from fuyuan_desk.paper.embed import to_unicode
from fuyuan_desk.paper.fonts import Style

MADE = date(2026, 11, 22)
NAMES = (
    "喆㛃𬭼䶮", "张三", "买买提·吐尔逊·阿不都热合曼·依明江·居来提·艾合买提江·买合木提", "福" * 50,
    "Wolfeschlegelsteinhausenbergerdorff Maximilian Jr.", "W" * 50, "𬭼" * 50, "😀" * 12, "（" * 20, "12.5㎡" * 10,
)  # fmt: skip


def one_page(*texts: str, style: Style = Style.SANS) -> Printed:
    document = Document("试样", "福元居民委员会", MADE)
    page = document.page()
    for line, text in enumerate(texts):
        page.text(25, 30 + 12 * line, text, style, 12)
    return document.finish()


def copied(printed: Printed, page: int = 0) -> str:
    text: str = pypdfium2.PdfDocument(printed.pdf)[page].get_textpage().get_text_range()
    return text


@pytest.mark.parametrize("style", Style)
def test_text_copies_out_exactly(style: Style) -> None:
    line = "喆㛃𬭼䶮 𠮷 南昌路168弄 ☐☑✓ ⼀一 12.5㎡"
    assert copied(one_page(line, style=style)) == line


def test_what_no_face_has_copies_out_as_its_code() -> None:
    assert copied(one_page("张😀三")) == "张⟨U+1F600⟩三"


def test_codes_beyond_the_plane_are_surrogate_pairs() -> None:
    table = to_unicode(["一", "𬭼"])
    assert "<0001> <4E00>\n<0002> <D872DF7C>" in table
    many = to_unicode([chr(0x4E00 + n) for n in range(250)])
    assert [int(n) for n in re.findall(r"(\d+) beginbfchar", many)] == [100, 100, 50]


def test_many_characters_of_many_planes() -> None:
    lines = ["".join(chr(start + n) for n in range(30)) for start in (0x4E00, 0x3400, 0x9F00, 0x3041)]
    standard = "𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠"
    assert copied(one_page(*lines, standard)).split() == [*lines, standard]


def test_the_same_content_gives_the_same_bytes() -> None:
    assert one_page("张三", "李四").pdf == one_page("张三", "李四").pdf
    assert one_page("张三").pdf != one_page("李四").pdf


def test_properties_and_fonts() -> None:
    pdf = pypdfium2.PdfDocument(one_page("张三").pdf)
    properties = pdf.get_metadata_dict()
    assert properties["Title"] == "试样"
    assert properties["Author"] == "福元居民委员会"
    assert properties["CreationDate"].startswith("D:20261122")
    assert len(one_page("张三").pdf) < 12_000  # two glyphs of a font, not the font


def test_a_stencil_is_drawn_once_and_its_boxes_count_on_each_page() -> None:
    calls = []

    def draw(drawing: Drawing) -> None:
        calls.append(1)
        drawing.box("yes", 20, 30)

    document = Document("试样", "福元", MADE)
    for _ in range(3):
        document.page().use(document.stencil("form", draw))
    printed = document.finish()
    assert calls == [1]
    assert [(box.page, box.name, box.x, box.y) for box in printed.boxes] == [
        (1, "yes", 20, 30), (2, "yes", 20, 30), (3, "yes", 20, 30),
    ]  # fmt: skip
    assert printed.pages == len(pypdfium2.PdfDocument(printed.pdf)) == 3


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [18.0, 40.0])
def test_no_name_leaves_its_cell_or_loses_a_character(name: str, width: float) -> None:
    document = Document("试样", "福元", MADE)
    document.page().cell(30, 50, width, 9, name)
    page = pypdfium2.PdfDocument(document.finish().pdf)[0]
    text = page.get_textpage()
    shown = text.get_text_range()
    codes = "".join(shown.split())
    assert codes.replace("⟨U+1F600⟩", "😀") == "".join(name.split())
    for index in range(text.count_chars()):
        if not shown[index : index + 1].strip():
            continue
        left, bottom, right, top = text.get_charbox(index)
        assert left >= 30 * UNIT - 0.1
        assert right <= (30 + width) * UNIT + 0.1
        assert top <= (HEIGHT - 50) * UNIT + 0.1
        assert bottom >= (HEIGHT - 59) * UNIT - 0.1


def test_empty_text_draws_nothing() -> None:
    document = Document("试样", "福元", MADE)
    page = document.page()
    page.text(10, 10, "")
    page.cell(10, 20, 30, 8, "")
    assert page.operators == []


def test_streams_are_packed() -> None:
    pdf = one_page("张三").pdf
    streams = re.findall(rb"stream\n(.*?)endstream", pdf, re.DOTALL)
    assert streams
    assert all(zlib.decompress(stream) for stream in streams)
