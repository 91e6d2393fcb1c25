"""Mutate a file: blindly byte by byte, or knowing its structure, so that the mutated part is reached."""

import io
import json
import random
import re
import struct
import warnings
import zipfile
import zlib
from typing import Any

NUMBERS = (
    0,
    1,
    -1,
    7,
    127,
    128,
    255,
    256,
    32_767,
    65_535,
    65_536,
    2**31 - 1,
    2**31,
    2**32 - 1,
    10**12,
    2**63,
)
WORDS = (
    "", " ", "\0", "\ufeff", "\u202e", "\ud83c\udfe0", "𠮷", "=1+1", "@x", "+8613800138000", "-", "〃", "同上", "无",
    "1e400", "nan", "inf", "-0", "1/0", "9" * 40, "１２３", "一百零二",
    "1号", "102室", "南昌路168弄4号", "合计", "小计：",
    "姓名", "室号", "门牌号", "户名", "备注",
    "2023-02-30", "99999年13月", "12345.678万元", "31010119900101000X", "x" * 400,
    "一" * 3000, "(" * 200, "（" * 200, "\r\n", '"', "'", "`", ",", "&#x0;", "&lt;", "&a;", "<a/>", "]]>",
     "../../x", "C:\\x", "CON",
    "1-2-3-4-5", "A栋B单元C室", "张三、李四，王五", "13800138000/021-64370000",
    "%s%n{0}{x}", "true", "#REF!", "1" * 31,
)  # fmt: skip
_TOKEN = re.compile(r"<[^>]*>|[^<]+")
_VALUE = re.compile(r'"[^"]*"')


def spoil(chance: random.Random, raw: bytes, others: tuple[bytes, ...] = ()) -> bytes:
    """Change bytes blindly, one to eight times."""
    content = bytearray(raw)
    for _turn in range(chance.choice((1, 1, 1, 2, 4, 8))):
        _BLIND[chance.randrange(len(_BLIND))](chance, content, others)
    return bytes(content)


def _flip(chance: random.Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    for _turn in range(chance.choice((1, 1, 3, 12)) if content else 0):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _set(chance: random.Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    if content:
        content[chance.randrange(len(content))] = chance.choice(
            (0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256))
        )


def _size(chance: random.Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    form = chance.choice(("<H", ">H", "<I", ">I", "<Q", ">Q"))
    length = struct.calcsize(form)
    if len(content) > length:
        # sizes are at the beginning more often than elsewhere
        place = chance.randrange(min(len(content), chance.choice((64, 512, len(content)))))
        content[place : place + length] = struct.pack(form, chance.choice(NUMBERS) % (1 << 8 * length))


def _cut(chance: random.Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    del content[chance.randrange(len(content) + 1) :]


def _drop(chance: random.Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    start = chance.randrange(len(content) + 1)
    del content[start : start + chance.choice((1, 2, 4, 16, 200, 5_000))]


def _double(chance: random.Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    start = chance.randrange(len(content) + 1)
    piece = bytes(content[start : start + chance.choice((1, 4, 16, 200, 5_000))])
    content[start:start] = piece * chance.choice((1, 1, 3, 50))


def _splice(chance: random.Random, content: bytearray, others: tuple[bytes, ...]) -> None:
    if others:
        other = chance.choice(others)
        start = chance.randrange(len(other) + 1)
        place = chance.randrange(len(content) + 1)
        length = chance.choice((4, 40, 400, len(other)))
        content[place : place + chance.choice((0, length))] = other[start : start + length]


def _word(chance: random.Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    place = chance.randrange(len(content) + 1)
    content[place : place + chance.choice((0, 2, 8))] = chance.choice(WORDS).encode("utf-8", "surrogatepass")


_BLIND = (_flip, _set, _size, _cut, _drop, _double, _splice, _word)


# ---- structures ----


def spoil_text(chance: random.Random, text: str) -> str:
    """Change the cells and lines of a text table."""
    lines = text.splitlines(keepends=True)
    for _turn in range(chance.choice((1, 2, 5))):
        if not lines:
            break
        number = chance.randrange(len(lines))
        act = chance.randrange(6)
        if act == 0:
            del lines[number]
        elif act == 1:
            lines[number:number] = [lines[chance.randrange(len(lines))]] * chance.choice((1, 3, 40))
        elif act == 2:
            other = chance.randrange(len(lines))
            lines[number], lines[other] = lines[other], lines[number]
        else:
            cells = lines[number].split(",")
            cells[chance.randrange(len(cells))] = chance.choice(WORDS) * chance.choice((1, 1, 1, 20))
            if act == 3:
                chance.shuffle(cells)
            lines[number] = ",".join(cells)
    return "".join(lines)


def spoil_xml(chance: random.Random, text: str) -> str:
    """Change the nodes, attributes and texts of an XML part."""
    tokens = _TOKEN.findall(text)
    for _turn in range(chance.choice((1, 2, 6))):
        if not tokens:
            break
        number = chance.randrange(len(tokens))
        act = chance.randrange(7)
        if act == 0:
            del tokens[number]
        elif act == 1:
            end = number + chance.choice((1, 3, 30))
            tokens[number:number] = tokens[number:end] * chance.choice((1, 2, 30))
        elif act == 2:
            other = chance.randrange(len(tokens))
            tokens[number], tokens[other] = tokens[other], tokens[number]
        elif act == 3:
            tokens[number] = chance.choice(WORDS) * chance.choice((1, 1, 50))
        else:
            word = chance.choice((str(chance.choice(NUMBERS)), chance.choice(WORDS), "XFD1048576", "A1:XFD9"))
            spans = [found.span() for found in _VALUE.finditer(tokens[number])]
            if spans:
                start, end = chance.choice(spans)
                tokens[number] = f"{tokens[number][: start + 1]}{word}{tokens[number][end - 1 :]}"
    return "".join(tokens)


def spoil_zip(chance: random.Random, raw: bytes) -> bytes:
    """Change one part of a package, or its list of parts; sometimes the zip container."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    for _turn in range(chance.choice((1, 1, 3))):
        number = chance.randrange(len(parts))
        name, content = parts[number]
        act = chance.randrange(12)
        if act == 0:
            del parts[number]
            if not parts:
                return raw
        elif act == 1:
            parts.append(
                (chance.choice((name, name.upper(), "../" + name, "/" + name, name + "\0", "")), content)
            )
        elif act == 2:
            other = chance.randrange(len(parts))
            parts[number], parts[other] = (name, parts[other][1]), (parts[other][0], content)
        elif act < 9 and b"<" in content[:10]:
            text = spoil_xml(chance, content.decode("utf-8", "replace"))
            code = chance.choice(("utf-8",) * 12 + ("utf-16", "gb18030"))
            parts[number] = name, text.encode(code, "replace" if code != "utf-8" else "surrogatepass")
        else:
            parts[number] = name, spoil(chance, content)
    out = io.BytesIO()
    method = chance.choice((zipfile.ZIP_DEFLATED,) * 6 + (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2))
    with zipfile.ZipFile(out, "w", method) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two parts with one name are intended
        for name, content in parts:
            info = zipfile.ZipInfo(name or "x")
            info.compress_type = method
            made.writestr(info, content)
    return spoil(chance, out.getvalue()) if chance.random() < 0.1 else out.getvalue()


def spoil_png(chance: random.Random, raw: bytes) -> bytes:
    """Change the chunks of a PNG; their checksums are corrected afterwards."""
    chunks, place = [], 8
    while place + 12 <= len(raw):
        (length,) = struct.unpack_from(">I", raw, place)
        chunks.append((raw[place + 4 : place + 8], raw[place + 8 : place + 8 + length]))
        place += 12 + length
    for _turn in range(chance.choice((1, 2))):
        number = chance.randrange(len(chunks))
        kind, content = chunks[number]
        act = chance.randrange(6)
        if act == 0:
            chunks[number:number] = [(kind, content)] * chance.choice((1, 30))
        elif act == 1:
            kinds = (
                b"iCCP",
                b"zTXt",
                b"iTXt",
                b"tEXt",
                b"eXIf",
                b"tRNS",
                b"acTL",
                b"fcTL",
                b"PLTE",
                b"gAMA",
                b"xxxx",
            )
            body = chance.choice(
                (b"", b"a\0\0" + zlib.compress(bytes(99)), b"Raw profile type exif\0", content)
            )
            chunks.insert(number, (chance.choice(kinds), spoil(chance, body)))
        else:
            chunks[number] = kind, spoil(chance, content)
    return raw[:8] + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def spoil_jpeg(chance: random.Random, raw: bytes) -> bytes:
    """Change the segments of a JPEG; their lengths are corrected afterwards."""
    segments, place = [], 2
    while place + 4 <= len(raw) and raw[place] == 0xFF and raw[place + 1] != 0xDA:
        (length,) = struct.unpack_from(">H", raw, place + 2)
        segments.append((raw[place + 1], raw[place + 4 : place + 2 + length]))
        place += 2 + length
    rest = raw[place:]
    for _turn in range(chance.choice((1, 2))):
        if not segments:
            break
        number = chance.randrange(len(segments))
        marker, content = segments[number]
        act = chance.randrange(7)
        if act == 0:
            segments[number:number] = [(marker, content)] * chance.choice((1, 20))
        elif act == 1:
            segments[number] = chance.randrange(0xC0, 0xFF), content
        elif act == 2:
            rest = spoil(chance, rest)
        else:
            segments[number] = marker, spoil(chance, content)
    head = b"".join(
        b"\xff" + bytes([marker]) + struct.pack(">H", len(content[:65_533]) + 2) + content[:65_533]
        for marker, content in segments
    )
    return raw[:2] + head + rest


def spoil_json(chance: random.Random, raw: bytes) -> bytes:
    """Change a node of a JSON text."""
    try:
        tree = json.loads(raw)
    except ValueError:
        return spoil(chance, raw)
    for _turn in range(chance.choice((1, 1, 3))):
        tree = _spoilt_node(chance, tree)
    return json.dumps(tree, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _spoilt_node(chance: random.Random, node: Any) -> Any:
    if isinstance(node, dict) and node and chance.random() < 0.85:
        key = chance.choice(sorted(node))
        act = chance.randrange(8)
        if act == 0:
            return {name: value for name, value in node.items() if name != key}
        if act == 1:
            return {**node, chance.choice(WORDS): node[key]}
        return {**node, key: _spoilt_node(chance, node[key])}
    if isinstance(node, list) and node and chance.random() < 0.85:
        number = chance.randrange(len(node))
        return [*node[:number], _spoilt_node(chance, node[number]), *node[number + 1 :]]
    if isinstance(node, str) and node and chance.random() < 0.4:
        place = chance.randrange(len(node))
        return node[:place] + chance.choice(WORDS + tuple("0fzA=")) + node[place + 1 :]
    nested: Any = []
    for _level in range(chance.choice((1, 5, 900))):
        nested = [nested]
    numbers = [chance.choice(NUMBERS), -chance.choice(NUMBERS), 1e308, float("nan"), float("inf")]
    return chance.choice((None, True, {}, [], "", nested, chance.choice(WORDS), *numbers))
