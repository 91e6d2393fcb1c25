"""PDF files from outside: each page becomes a picture, what cannot be read is refused in words."""

import contextlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageStat
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.store.media import images
from fuyuan_desk.store.media.decoder import LONG_SIDE
from fuyuan_desk.store.media.pdf_pages import decode_pages

A4 = (595.0, 842.0)


def pdf(*sizes: tuple[float, float], password: str = "") -> bytes:
    """Return a PDF with a page of each size in points; the upper half of each is black."""
    out = BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(password) if password else None)
    for width, height in sizes:
        canvas.setPageSize((width, height))
        canvas.rect(0, height / 2, width, height / 2, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def refusal(raw: bytes, most: int = 10) -> str:
    with pytest.raises(InvalidInput) as refused:
        list(decode_pages(raw, most))
    return refused.value.message


def test_each_page_becomes_an_upright_picture_on_white() -> None:
    upright, across = decode_pages(pdf(A4, (842.0, 595.0)), 10)
    assert (upright.width, upright.height) == (1810, LONG_SIDE)
    assert (across.width, across.height) == (LONG_SIDE, 1810)
    image = Image.open(BytesIO(upright.jpeg))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (1810, LONG_SIDE))
    upper, lower = image.crop((0, 0, 1809, 1000)), image.crop((0, 1400, 1809, 2500))
    assert ImageStat.Stat(upper).mean[0] < 10
    assert ImageStat.Stat(lower).mean[0] > 245


@pytest.mark.parametrize(
    ("size", "long_side"), [((60.0, 40.0), 251), ((14_000.0, 100.0), LONG_SIDE), ((1.0, 1.0), 5)]
)
def test_small_and_huge_pages_stay_within_bounds(size: tuple[float, float], long_side: int) -> None:
    [page] = decode_pages(pdf(size), 10)
    assert max(page.width, page.height) == long_side


@pytest.mark.parametrize(
    "raw", [b"%PDF-", b"%PDF-1.7\n" + b"\0" * 5000, pdf(A4)[:300], pdf(A4, password="secret")]
)
def test_what_cannot_be_read_says_what_to_do(raw: bytes) -> None:
    assert "photograph its pages" in refusal(raw)


def test_too_many_pages_are_refused_before_one_is_drawn() -> None:
    text = refusal(pdf(*[A4] * 5), most=4)
    assert "5 pages" in text
    assert "at most 4" in text


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    raw = bytearray(pdf((200.0, 200.0)))
    for _ in range(data.draw(st.integers(1, 20))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(InvalidInput):
        assert all(page.jpeg for page in decode_pages(bytes(raw), 10))


def test_a_pdf_is_read_in_the_process_for_foreign_files() -> None:
    raw = pdf(A4, A4)
    assert images.is_pdf(b"\n\n" + raw)
    assert not images.is_pdf(b"\xff\xd8\xff")
    pages = images.prepare_pdf(raw, 10)
    assert [page.height for page in pages] == [LONG_SIDE, LONG_SIDE]
    with pytest.raises(InvalidInput, match="at most 1"):
        images.prepare_pdf(raw, 1)
