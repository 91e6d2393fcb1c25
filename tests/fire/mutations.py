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


def mutate(rng: random.Random, raw: bytes, others: tuple[bytes, ...] = ()) -> bytes:
    """Change bytes blindly, one to eight times."""
    content = bytearray(raw)
    for _turn in range(rng.choice((1, 1, 1, 2, 4, 8))):
        _BLIND[rng.randrange(len(_BLIND))](rng, content, others)
    return bytes(content)


def _flip(rng: random.Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    for _turn in range(rng.choice((1, 1, 3, 12)) if content else 0):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)


def _set(rng: random.Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    if content:
        content[rng.randrange(len(content))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))


def _size(rng: random.Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    form = rng.choice(("<H", ">H", "<I", ">I", "<Q", ">Q"))
    length = struct.calcsize(form)
    if len(content) > length:
        # sizes are at the beginning more often than elsewhere
        index = rng.randrange(min(len(content), rng.choice((64, 512, len(content)))))
        content[index : index + length] = struct.pack(form, rng.choice(NUMBERS) % (1 << 8 * length))


def _cut(rng: random.Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    del content[rng.randrange(len(content) + 1) :]


def _drop(rng: random.Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    start = rng.randrange(len(content) + 1)
    del content[start : start + rng.choice((1, 2, 4, 16, 200, 5_000))]


def _double(rng: random.Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    start = rng.randrange(len(content) + 1)
    piece = bytes(content[start : start + rng.choice((1, 4, 16, 200, 5_000))])
    content[start:start] = piece * rng.choice((1, 1, 3, 50))


def _splice(rng: random.Random, content: bytearray, others: tuple[bytes, ...]) -> None:
    if others:
        other = rng.choice(others)
        start = rng.randrange(len(other) + 1)
        index = rng.randrange(len(content) + 1)
        length = rng.choice((4, 40, 400, len(other)))
        content[index : index + rng.choice((0, length))] = other[start : start + length]


def _word(rng: random.Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    index = rng.randrange(len(content) + 1)
    content[index : index + rng.choice((0, 2, 8))] = rng.choice(WORDS).encode("utf-8", "surrogatepass")


_BLIND = (_flip, _set, _size, _cut, _drop, _double, _splice, _word)


# ---- structures ----


def mutate_text(rng: random.Random, text: str) -> str:
    """Change the cells and lines of a text table."""
    lines = text.splitlines(keepends=True)
    for _turn in range(rng.choice((1, 2, 5))):
        if not lines:
            break
        number = rng.randrange(len(lines))
        action = rng.randrange(6)
        if action == 0:
            del lines[number]
        elif action == 1:
            lines[number:number] = [lines[rng.randrange(len(lines))]] * rng.choice((1, 3, 40))
        elif action == 2:
            other = rng.randrange(len(lines))
            lines[number], lines[other] = lines[other], lines[number]
        else:
            cells = lines[number].split(",")
            cells[rng.randrange(len(cells))] = rng.choice(WORDS) * rng.choice((1, 1, 1, 20))
            if action == 3:
                rng.shuffle(cells)
            lines[number] = ",".join(cells)
    return "".join(lines)


def mutate_xml(rng: random.Random, text: str) -> str:
    """Change the nodes, attributes and texts of an XML part."""
    tokens = _TOKEN.findall(text)
    for _turn in range(rng.choice((1, 2, 6))):
        if not tokens:
            break
        number = rng.randrange(len(tokens))
        action = rng.randrange(7)
        if action == 0:
            del tokens[number]
        elif action == 1:
            end = number + rng.choice((1, 3, 30))
            tokens[number:number] = tokens[number:end] * rng.choice((1, 2, 30))
        elif action == 2:
            other = rng.randrange(len(tokens))
            tokens[number], tokens[other] = tokens[other], tokens[number]
        elif action == 3:
            tokens[number] = rng.choice(WORDS) * rng.choice((1, 1, 50))
        else:
            word = rng.choice((str(rng.choice(NUMBERS)), rng.choice(WORDS), "XFD1048576", "A1:XFD9"))
            spans = [found.span() for found in _VALUE.finditer(tokens[number])]
            if spans:
                start, end = rng.choice(spans)
                tokens[number] = f"{tokens[number][: start + 1]}{word}{tokens[number][end - 1 :]}"
    return "".join(tokens)


def mutate_zip(rng: random.Random, raw: bytes) -> bytes:
    """Change one part of a package, or its list of parts; sometimes the zip container."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    for _turn in range(rng.choice((1, 1, 3))):
        number = rng.randrange(len(parts))
        name, content = parts[number]
        action = rng.randrange(12)
        if action == 0:
            del parts[number]
            if not parts:
                return raw
        elif action == 1:
            parts.append(
                (rng.choice((name, name.upper(), "../" + name, "/" + name, name + "\0", "")), content)
            )
        elif action == 2:
            other = rng.randrange(len(parts))
            parts[number], parts[other] = (name, parts[other][1]), (parts[other][0], content)
        elif action < 9 and b"<" in content[:10]:
            text = mutate_xml(rng, content.decode("utf-8", "replace"))
            code = rng.choice(("utf-8",) * 12 + ("utf-16", "gb18030"))
            parts[number] = name, text.encode(code, "replace" if code != "utf-8" else "surrogatepass")
        else:
            parts[number] = name, mutate(rng, content)
    out = io.BytesIO()
    method = rng.choice((zipfile.ZIP_DEFLATED,) * 6 + (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2))
    with zipfile.ZipFile(out, "w", method) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two parts with one name are intended
        for name, content in parts:
            info = zipfile.ZipInfo(name or "x")
            info.compress_type = method
            made.writestr(info, content)
    return mutate(rng, out.getvalue()) if rng.random() < 0.1 else out.getvalue()


def mutate_png(rng: random.Random, raw: bytes) -> bytes:
    """Change the chunks of a PNG; their checksums are corrected afterwards."""
    chunks, index = [], 8
    while index + 12 <= len(raw):
        (length,) = struct.unpack_from(">I", raw, index)
        chunks.append((raw[index + 4 : index + 8], raw[index + 8 : index + 8 + length]))
        index += 12 + length
    for _turn in range(rng.choice((1, 2))):
        number = rng.randrange(len(chunks))
        kind, content = chunks[number]
        action = rng.randrange(6)
        if action == 0:
            chunks[number:number] = [(kind, content)] * rng.choice((1, 30))
        elif action == 1:
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
            body = rng.choice((b"", b"a\0\0" + zlib.compress(bytes(99)), b"Raw profile type exif\0", content))
            chunks.insert(number, (rng.choice(kinds), mutate(rng, body)))
        else:
            chunks[number] = kind, mutate(rng, content)
    return raw[:8] + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def mutate_jpeg(rng: random.Random, raw: bytes) -> bytes:
    """Change the segments of a JPEG; their lengths are corrected afterwards."""
    segments, index = [], 2
    while index + 4 <= len(raw) and raw[index] == 0xFF and raw[index + 1] != 0xDA:
        (length,) = struct.unpack_from(">H", raw, index + 2)
        segments.append((raw[index + 1], raw[index + 4 : index + 2 + length]))
        index += 2 + length
    rest = raw[index:]
    for _turn in range(rng.choice((1, 2))):
        if not segments:
            break
        number = rng.randrange(len(segments))
        marker, content = segments[number]
        action = rng.randrange(7)
        if action == 0:
            segments[number:number] = [(marker, content)] * rng.choice((1, 20))
        elif action == 1:
            segments[number] = rng.randrange(0xC0, 0xFF), content
        elif action == 2:
            rest = mutate(rng, rest)
        else:
            segments[number] = marker, mutate(rng, content)
    head = b"".join(
        b"\xff" + bytes([marker]) + struct.pack(">H", len(content[:65_533]) + 2) + content[:65_533]
        for marker, content in segments
    )
    return raw[:2] + head + rest


def mutate_json(rng: random.Random, raw: bytes) -> bytes:
    """Change a node of a JSON text."""
    try:
        tree = json.loads(raw)
    except ValueError:
        return mutate(rng, raw)
    for _turn in range(rng.choice((1, 1, 3))):
        tree = _spoilt_node(rng, tree)
    return json.dumps(tree, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def _spoilt_node(rng: random.Random, node: Any) -> Any:
    if isinstance(node, dict) and node and rng.random() < 0.85:
        key = rng.choice(sorted(node))
        action = rng.randrange(8)
        if action == 0:
            return {name: value for name, value in node.items() if name != key}
        if action == 1:
            return {**node, rng.choice(WORDS): node[key]}
        return {**node, key: _spoilt_node(rng, node[key])}
    if isinstance(node, list) and node and rng.random() < 0.85:
        number = rng.randrange(len(node))
        return [*node[:number], _spoilt_node(rng, node[number]), *node[number + 1 :]]
    if isinstance(node, str) and node and rng.random() < 0.4:
        index = rng.randrange(len(node))
        return node[:index] + rng.choice(WORDS + tuple("0fzA=")) + node[index + 1 :]
    nested: Any = []
    for _level in range(rng.choice((1, 5, 900))):
        nested = [nested]
    numbers = [rng.choice(NUMBERS), -rng.choice(NUMBERS), 1e308, float("nan"), float("inf")]
    return rng.choice((None, True, {}, [], "", nested, rng.choice(WORDS), *numbers))
