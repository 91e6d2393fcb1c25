from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fuyuan_desk.paper import qr

UID = "0123456789abcdef" * 2


def picture(symbol: qr.Symbol) -> Image.Image:
    side, width = symbol.modules, len(symbol.bits) // symbol.modules
    image = Image.new("L", (side + 8, side + 8), 255)
    for row in range(side):
        bits = f"{int(symbol.bits[row * width : (row + 1) * width], 16):0{width * 4}b}"
        for column in range(side):
            image.putpixel((column + 4, row + 4), 255 * int(bits[column]))
    return image.resize((image.width * 4, image.height * 4), Image.Resampling.NEAREST)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40), st.integers(1, 99))
def test_a_mark_comes_back(number: str, page: int) -> None:
    mark = qr.Mark(qr.INSPECTION, number, UID, page)
    assert qr.decode(qr.encode(mark)) == mark


def test_the_form_of_a_mark() -> None:
    assert qr.encode(qr.Mark("IS", "XC2026-0012", UID)) == f"FYT1:IS:XC2026-0012:{UID.upper()}:1"


def test_other_codes_are_not_ours() -> None:
    for text in ("", "https://example.org", "FYT1:IS", "FYT2:IS:X:Y:1", "FYT1:IS:X:Y:Z"):
        assert qr.decode(text) is None


def test_symbols_are_read_back() -> None:
    for number in ("XC2026-0012", "福元〔2026〕12号"):
        mark = qr.Mark(qr.REGISTRATION, number, UID, 2)
        assert qr.read(picture(qr.symbol(qr.encode(mark)))) == [mark]


def test_a_picture_without_our_mark_gives_none() -> None:
    assert qr.read(picture(qr.symbol("https://example.org"))) == []
    assert qr.read(Image.new("L", (200, 200), 255)) == []
