"""Files made to exhaust memory or time or to trick the reader: small to write, each named after its trick."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache

from openpyxl import Workbook
from PIL import Image

HEADER = ("门牌号", "室号", "姓名", "联系电话", "备注")
Bomb = tuple[str, bytes]


def roster(rows: int = 30) -> Workbook:
    """Return a small valid roster."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER)
    for number in range(rows):
        sheet.append((f"{number // 4 + 1}号", f"{number % 4 + 1}01", "张三", "13800138000", ""))
    return book


@cache
def sound_xlsx() -> bytes:
    """Return the small roster as a file."""
    out = io.BytesIO()
    roster().save(out)
    return out.getvalue()


def rezipped(
    change: Callable[[str, bytes], bytes | None],
    more: dict[str, bytes] | None = None,
    base: bytes | None = None,
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Return the roster with parts changed, or removed where None is passed, and `more` parts added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or sound_xlsx())) as package,
        zipfile.ZipFile(out, "w", method) as made,
    ):
        for name in package.namelist():
            content = change(name, package.read(name))
            if content is not None:
                made.writestr(name, content)
        for name, content in (more or {}).items():
            made.writestr(name, content)
    return out.getvalue()


def with_sheet(inner: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    """Return the roster with `inner` between the rows and the end of its sheet."""

    def change(name: str, content: bytes) -> bytes:
        if name == "xl/worksheets/sheet1.xml":
            content = content.replace(b"</sheetData>", inner + b"</sheetData>" + after)
            content = content.replace(b"<sheetData>", before + b"<sheetData>")
        return content

    return rezipped(change)


def with_shared(texts: bytes, rows: bytes) -> bytes:
    """Return a workbook whose one sheet has `rows` and refers to the shared `texts`."""

    def change(name: str, content: bytes) -> bytes:
        if name == "xl/worksheets/sheet1.xml":
            start = content.index(b"<sheetData>")
            return content[:start] + b"<sheetData>" + rows + b"</sheetData></worksheet>"
        if name == "xl/_rels/workbook.xml.rels":
            kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
            link = b'<Relationship Id="rId99" Type="%s" Target="sharedStrings.xml"/>' % kind
            return content.replace(b"</Relationships>", link + b"</Relationships>")
        return content

    sst = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + texts + b"</sst>"
    return rezipped(change, {"xl/sharedStrings.xml": sst})


def spread_sheets() -> Iterator[Bomb]:
    """Return hostile spreadsheets that are quick to create, by name."""
    yield "far.xlsx", with_sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    yield "far-quoted.xlsx", with_sheet(b"<row r='1048576'><c\tr = 'XFD1048576'><v>1</v></c></row>")
    yield "far-in-low-row.xlsx", with_sheet(b'<row r="2"><c r="XFD1048570"><v >1</v></c></row>')
    yield (
        "far-named.xlsx",
        with_sheet(
            b'<x:row r="9" xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            b'<x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
        ),
    )
    yield (
        "far-utf16.xlsx",
        rezipped(
            lambda name, content: (
                content.decode()
                .replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
                .encode("utf-16")
                if name.endswith("sheet1.xml")
                else content
            )
        ),
    )
    yield (
        "disordered.xlsx",
        with_sheet(
            b"".join(
                b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(90_000, 50, -37)
            )
        ),
    )
    yield (
        "dimension.xlsx",
        rezipped(
            lambda _name, content: content.replace(
                b'<dimension ref="A1:E31"', b'<dimension ref="A1:XFD1048576"'
            )
        ),
    )
    yield (
        "one-text-a-million-times.xlsx",
        with_shared(
            b"<si><t>" + "长".encode() * 10_000 + b"</t></si>",
            b'<row r="1">' + b'<c r="A1" t="s"><v>0</v></c>' * 300_000 + b"</row>",
        ),
    )
    laughs = b'<!DOCTYPE x [<!ENTITY a "%s">' % (b"ha" * 500)
    for one, next_one in zip(b"abcdefgh", b"bcdefghi", strict=True):
        laughs += b'<!ENTITY %c "%s">' % (next_one, b"&%c;" % one * 100)
    laughs += b'<!ENTITY out SYSTEM "file:///etc/hostname">]>'
    for letter in ("i", "out"):
        yield (
            f"entities-{letter}.xlsx",
            rezipped(
                lambda name, content, letter=letter: (  # type: ignore[misc]
                    laughs + content.replace("张三".encode(), b"&%s;" % letter.encode())
                    if name.endswith("sheet1.xml")
                    else content
                )
            ),
        )
    yield "nested.xlsx", rezipped(lambda _name, content: content, {"xl/more.zip": sound_xlsx() * 50})
    yield (
        "paths.xlsx",
        rezipped(
            lambda _name, content: content,
            {
                "../../../../tmp/evil.xml": b"<a/>",
                "C:\\Windows\\x.xml": b"<a/>",
                "/etc/x": b"<a/>",
                "xl/\0x": b"",
            },
        ),
    )
    yield "lzma.xlsx", rezipped(lambda _name, content: content, method=zipfile.ZIP_LZMA)
    yield (
        "cells.ods",
        open_document(
            '<table:table-row table:number-rows-repeated="1048576">'
            '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
            "</table:table-cell></table:table-row>"
        ),
    )
    yield (
        "rows.ods",
        open_document(
            '<table:table-row table:number-rows-repeated="99999999"><table:table-cell office:value-type="string">'
            "<text:p>x</text:p></table:table-cell></table:table-row>" * 30
        ),
    )
    yield (
        "text.ods",
        open_document(
            '<table:table-row><table:table-cell office:value-type="string"><text:p>'
            + '<text:s text:c="2000000000"/>' * 3
            + "</text:p></table:table-cell></table:table-row>"
        ),
    )
    yield "loop.xls", looping_ole()


def heavy_sheets() -> Iterator[Bomb]:
    """Return hostile spreadsheets and tables that are large, by name."""
    yield "many-cells.xlsx", with_sheet(b"<row>" + b"<c><v>1</v></c>" * 3_000_000 + b"</row>")
    yield "many-rows.xlsx", with_sheet(b"<row><c><v>1</v></c></row>" * 1_500_000)
    yield "texts.xlsx", with_shared(b"<si><t>x</t></si>" * 8_000_000, b'<row r="1"/>')
    yield "long-text.xlsx", with_shared(b"<si><t>" + b"x" * 90_000_000 + b"</t></si>", b'<row r="1"/>')
    yield (
        "styles.xlsx",
        rezipped(
            lambda name, content: (
                content.replace(
                    b"<cellXfs", b"<numFmts>" + b'<numFmt numFmtId="9" formatCode="0"/>' * 4_000_000
                )
                if name.endswith("styles.xml")
                else content
            )
        ),
    )
    yield (
        "merged.xlsx",
        with_sheet(
            b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(40, 60_000)),
            after=b"<mergeCells>" + b'<mergeCell ref="A1:A1048576"/>' * 100_000 + b"</mergeCells>",
        ),
    )
    yield "noughts.xlsx", rezipped(lambda _name, content: content, {"xl/media/a.bin": bytes(240_000_000)})
    yield (
        "parts.xlsx",
        rezipped(
            lambda _name, content: content,
            {f"xl/x{number}.xml": b"" for number in range(30_000)},
            method=zipfile.ZIP_STORED,
        ),
    )
    yield "understated.xlsx", understated(with_sheet(b"<row><c><v>1</v></c></row>" * 1_500_000))
    yield "sheets.xlsx", many_sheets(300)
    yield "wide.csv", b"a," * 9_000_000
    yield "quotes.csv", b'a,"b\n","' * 1_000_000
    yield "quote.csv", ",".join(HEADER).encode() + b'\n1,"' + b"x,y\n" * 2_000_000
    yield "short-lines.csv", b"1,2\n" * 5_000_000
    doubts = "某处,%d,张三李四王五赵六一二三四五六七八,12345,x" + ",坏的数" * 15 + "\n"
    titles = (
        "门牌号,室号,姓名,联系电话,身份证号码,建筑面积,居住人数,首期维修资金,账面余额,房屋性质,用途,备注\n"
    )
    yield "doubts.csv", (titles + "".join(doubts % number for number in range(59_000))).encode()
    yield "heads.csv", (titles * 100_000).encode()
    other = titles.replace("姓名", "户主").replace("备注", "说明")
    yield "tables.csv", ((titles + "1号,1,张三,2,3,4\n" + other + "1号,2,张四,2,3,4\n") * 20_000).encode()
    yield "titles.csv", ("南昌路168弄\n,\n" * 50_000 + titles + "1号,1,张三\n").encode()
    for char in ("1", " ", "一", "号", "(", "（", "x", "、", "1-", "合", "a1 ", "南昌路1弄", "室"):
        long = char * (30_000 // len(char))
        yield f"long-{ord(char[0]):x}.csv", (titles + (",".join([long] * 4) + "\n") * 60).encode()
        yield f"longer-{ord(char[0]):x}.csv", (titles + ("1号,1," + long + ",1" + "\n") * 300).encode()
    yield "nothing.csv", b",\n" * 9_000_000
    yield "spaces.csv", ",".join(HEADER).encode() + b"\n" + (b"1," + b" 1" * 15_000 + b",3,4,5\n") * 300


def understated(content: bytes) -> bytes:
    """Return a zip whose directory declares ten unpacked bytes for every part."""
    raw = bytearray(content)
    index = raw.find(b"PK\x01\x02")
    while index >= 0:
        raw[index + 24 : index + 28] = struct.pack("<I", 10)
        index = raw.find(b"PK\x01\x02", index + 4)
    return bytes(raw)


def many_sheets(count: int) -> bytes:
    """Return a workbook of sheets, each with a cell in its last light row."""
    book = Workbook()
    for number in range(count):
        book.create_sheet(str(number))["Z99999"] = "x"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def open_document(rows: str) -> bytes:
    """Return a LibreOffice spreadsheet with these rows."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="1">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", content)
        made.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def looping_ole() -> bytes:
    """Return an old Excel file whose sector table contains a cycle."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 0x1000, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 1, 2, *[3] * 125)
    entry = "Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack(
        "<HBBIII", 18, 2, 1, *[0xFFFFFFFF] * 3
    )
    entry += bytes(36) + struct.pack("<IQ", 2, 0x7FFFFFFF)
    root = "Root Entry".encode("utf-16-le").ljust(64, b"\0") + struct.pack(
        "<HBBIII", 22, 5, 1, 0xFFFFFFFF, 0xFFFFFFFF, 1
    )
    root += bytes(36) + struct.pack("<IQ", 0xFFFFFFFE, 0)
    return head + table + (root + entry + bytes(256)) + bytes(512) * 4


# ---- images ----


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *chunks: bytes, kind: int = 2, interlaced: int = 0) -> bytes:
    """Return a PNG of one colour, compressed as far as possible."""
    bits = {0: 1, 2: 3, 6: 4}[kind]
    packed = zlib.compressobj(9)
    line = bytes(1 + width * bits)
    body = b"".join(packed.compress(line * 64) for _number in range(-(-height // 64))) + packed.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, interlaced))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def saved(image: Image.Image, kind: str, **more: object) -> bytes:
    """Return an image as a file."""
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def _small() -> Image.Image:
    return Image.linear_gradient("L").convert("RGB").resize((64, 48))


def resized(raw: bytes, width: int, height: int) -> bytes:
    """Return a JPEG whose frame declares another size."""
    index = max(raw.find(b"\xff\xc0"), raw.find(b"\xff\xc2"))
    return raw[: index + 5] + struct.pack(">HH", height, width) + raw[index + 9 :]


def resized_webp(raw: bytes, width: int, height: int) -> bytes:
    """Return a WEBP whose header declares another size."""
    if raw[12:16] == b"VP8X":
        return raw[:24] + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little") + raw[30:]
    if raw[12:16] == b"VP8L":
        flags = int.from_bytes(raw[21:25], "little") >> 28 << 28
        return raw[:21] + (width - 1 | height - 1 << 14 | flags).to_bytes(4, "little") + raw[25:]
    return raw[:26] + struct.pack("<HH", width, height) + raw[30:]


def heavy_exif(tags: int, length: int) -> bytes:
    """Return remarks of which each claims all of them as its value."""
    head = b"II*\0" + struct.pack("<IH", 8, tags)
    entries = b"".join(struct.pack("<HHII", number + 1, 7, length, 8) for number in range(tags))
    return (head + entries + bytes(4)).ljust(length + 8, b"\0")


def pictures() -> Iterator[Bomb]:
    """Return hostile images that are quick to create, by name."""
    jpeg, scans = saved(_small(), "JPEG"), saved(_small(), "JPEG", progressive=True)
    for kind in ("PNG", "GIF", "WEBP", "BMP", "TIFF"):
        yield f"small.{kind.lower()}", saved(_small(), kind)
    yield "30000.jpg", resized(jpeg, 30_000, 30_000)
    yield "65500.jpg", resized(scans, 65_500, 760)
    exif = b"Exif\0\0" + heavy_exif(5_000, 65_000)
    yield "exif.jpg", jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) % 65_536) + exif + jpeg[2:]
    frames = [_small().point(lambda value, n=n: (value + n) % 256) for n in range(200)]  # type: ignore[misc]
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        yield f"frames.{kind.lower()}", saved(frames[0], kind, save_all=True, append_images=frames[1:])
    gif = saved(_small(), "GIF")
    yield "30000.gif", gif[:6] + struct.pack("<HH", 30_000, 30_000) + gif[10:]
    bmp = saved(_small(), "BMP")
    yield "30000.bmp", bmp[:18] + struct.pack("<ii", 30_000, 30_000) + bmp[26:]
    tiff = saved(_small(), "TIFF")
    yield (
        "30000.tiff",
        tiff.replace(struct.pack("<HHII", 256, 3, 1, 64), struct.pack("<HHII", 256, 4, 1, 30_000)).replace(
            struct.pack("<HHII", 257, 3, 1, 48), struct.pack("<HHII", 257, 4, 1, 30_000)
        ),
    )


def heavy_pictures() -> Iterator[Bomb]:
    """Return hostile images that are large when decoded, by name."""
    jpeg, scans = saved(_small(), "JPEG"), saved(_small(), "JPEG", progressive=True)
    yield "8160.jpg", resized(scans, 8160, 6120)
    index = scans.rfind(b"\xff\xda")
    yield "scans.jpg", resized(scans[:index] + scans[index:-2] * 2_000 + b"\xff\xd9", 8160, 6120)
    yield "segments.jpg", jpeg[:2] + b"\xff\xe5\0\2" * 10_000_000 + jpeg[2:]
    b"Exif\0\0" + heavy_exif(5_000, 65_000)
    part = b"\xff\xe1" + struct.pack(">H", 65_533) + b"Exif\0\0" + bytes(65_525)
    yield "exifs.jpg", jpeg[:2] + part * 250 + jpeg[2:]
    yield "30000.png", png(30_000, 30_000)
    yield "49m.png", png(8160, 6120, kind=6)
    yield "49m-interlaced.png", png(8160, 6120, kind=6, interlaced=1)
    bomb = zlib.compress(bytes(200_000_000), 9)
    yield "text.png", png(64, 48, *[chunk(b"zTXt", b"a\0\0" + bomb)] * 20)
    yield "profile.png", png(64, 48, chunk(b"iCCP", b"a\0\0" + bomb))
    yield "chunks.png", png(64, 48, chunk(b"teXt", b"") * 2_000_000)
    yield "exif.png", png(64, 48, chunk(b"eXIf", heavy_exif(60_000, 8_000_000)))
    yield "profile-text.png", png(64, 48, chunk(b"zTXt", b"Raw profile type exif\0\0" + bomb))
    yield "49m.webp", saved(Image.new("RGB", (8160, 6120), "white"), "WEBP", method=0)
    gif = saved(_small(), "GIF")
    start = gif.index(b"\x2c", 13 + 3 * (2 << (gif[10] & 7)))
    comment = b"\x21\xfe" + (b"\xff" + b"x" * 255) * 200_000 + b"\0"
    yield "comment.gif", gif[:start] + comment + gif[start:]
    saved(_small(), "BMP")
    yield "packed.bmp", packed_bmp(7_000, 7_000)
    saved(_small(), "TIFF")
    yield "deflated.tiff", saved(Image.new("F", (7_000, 7_000)), "TIFF", compression="tiff_adobe_deflate")
    yield "tags.tiff", b"II*\0" + heavy_exif(60_000, 8_000_000)[4:]


def packed_bmp(width: int, height: int) -> bytes:
    """Return a run-length encoded BMP of which every run is one pixel long."""
    body = b"\1\0" * (width * height // 4) + b"\0\1"
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(body), 0, 0, 256, 0) + bytes(1024)
    return b"BM" + struct.pack("<IHHI", 14 + len(head) + len(body), 0, 0, 14 + len(head)) + head + body
