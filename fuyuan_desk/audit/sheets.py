"""The printed proof sheet of the audit trail (操作记录核对单), and what other papers print of the trail's end.

The wording is in `resources/forms/proof.json`.
"""

from collections.abc import Iterator
from typing import Any

from fuyuan_desk.audit.facts import Point, TrailProof
from fuyuan_desk.audit.rules import LEAST_HASH, anchor_text, grouped
from fuyuan_desk.core.paths import read_json
from fuyuan_desk.paper import frame, qr, table
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.paper.drawing import FRAME, Drawing
from fuyuan_desk.paper.flow import Block
from fuyuan_desk.paper.fonts import Style
from fuyuan_desk.paper.table import Columns, Fact

LABELLED = Columns.of(frame.LEFT, table.LABEL_WIDTH, frame.CONTENT - table.LABEL_WIDTH)
_QR = 25.0  # mm, with room for a quiet zone around it
_CODE = 36.0  # mm, the column of the QR code
_ROWS, _GROUPS = 4, 4  # the 16 groups of a hash
_ROW = 8.5
_SPELLED = Columns.of(
    frame.LEFT, table.LABEL_WIDTH, *[(frame.CONTENT - table.LABEL_WIDTH - _CODE) / _GROUPS] * _GROUPS, _CODE
)
_EARLIER = Columns.of(frame.LEFT, table.LABEL_WIDTH, 20.0, 18.0, frame.CONTENT - table.LABEL_WIDTH - 38.0)
_POINT = 6.8
_LARGE, _SMALL, _TEXT = 13.0, 8.2, 9.5
_SIGNING = 26.0


def proof_sheet(proof: TrailProof) -> Printed:
    """Print the end of the trail and of earlier months on one page, to be signed and locked away."""
    wording = read_json("forms", "proof.json")
    title = wording["title"]
    time = _time(wording, proof.made)
    aside = wording["aside"].format(number=f"{proof.end.number:,}", time=time)
    note = wording["note"].format(next=f"{proof.end.number + 1:,}")
    sheet = frame.Sheet(proof.office, title, None, tuple(_body(proof, wording)), note, aside)
    made = proof.made.astimezone().date()
    return frame.print_sheets([sheet], f"{title} {proof.end.number}", proof.office, made)


def _time(wording: dict[str, Any], at: Any) -> str:
    text: str = wording["time"].format(time=at.astimezone())
    return text


def _body(proof: TrailProof, wording: dict[str, Any]) -> Iterator[Block]:
    labels, checked = wording["labels"], f"{proof.checked:,}"
    erasures = (
        wording["erasures"].format(count=f"{proof.erasures:,}") if proof.erasures else wording["no_erasures"]
    )
    result = "faulty" if proof.faults else "sound"
    facts = [
        Fact(labels["made"], _time(wording, proof.made)),
        Fact(labels["operator"], proof.operator),
        Fact(labels["entries"], wording["entries"].format(count=f"{proof.entries:,}")),
        Fact(labels["end_at"], _time(wording, proof.end.at)),
        Fact(labels["erasures"], erasures, wide=True),
        Fact(labels["checked"], wording[result].format(number=checked, count=proof.faults), wide=True),
    ]
    yield from table.facts(facts, frame.LEFT, frame.CONTENT)
    yield from end_blocks(wording["end"], proof.end.number, proof.end.hash)
    yield table.bar(LABELLED, wording["earlier"].format(length=LEAST_HASH))
    if proof.earlier:
        yield table.head(_EARLIER, wording["columns"], "earlier")
        for point in proof.earlier:
            yield _point(point, wording)
    else:
        yield table.passage(LABELLED, wording["columns"][0], wording["nothing"], _TEXT)
    yield table.passage(LABELLED, labels["use"], wording["use"], _TEXT)
    yield signatures()


def end_blocks(title: str, number: int, link: str) -> Iterator[Block]:
    """Yield a bar with `title`, formatted with the entry's number, and the hash in groups beside its QR code."""
    wording = read_json("forms", "proof.json")
    yield table.bar(LABELLED, title.format(number=f"{number:,}"))
    yield _spelled(number, link, wording)


def _spelled(number: int, link: str, wording: dict[str, Any]) -> Block:
    height = _ROWS * _ROW
    code_x, code_width = _SPELLED.span(_GROUPS + 1)

    def fixed(drawing: Drawing, y: float) -> None:
        drawing.fill(frame.LEFT, y, table.LABEL_WIDTH, height, table.SHADE)
        for row in range(_ROWS):
            label = wording["labels"]["row"].format(number=row + 1)
            top = y + row * _ROW
            drawing.cell(frame.LEFT, top, table.LABEL_WIDTH, _ROW, label, Style.SANS, table.LABEL, "middle")
            drawing.rule(frame.LEFT, top + _ROW, code_x, top + _ROW)
        table.rules(drawing, _SPELLED, y, height)
        drawing.cell(code_x, y + height - 5.6, code_width, 5.0, wording["scan"], Style.SANS, 7.5, "middle")

    def own(drawing: Drawing, y: float) -> None:
        for index, group in enumerate(grouped(link)):
            x, width = _SPELLED.span(1 + index % _GROUPS)
            top = y + index // _GROUPS * _ROW
            drawing.cell(x, top, width, _ROW, group, Style.BOLD, _LARGE, "middle")
        symbol = qr.symbol(anchor_text(number, link))
        drawing.bitmap(code_x + (code_width - _QR) / 2, y + 2.2, _QR, symbol)

    return Block(height, ("spelled",), fixed, own)


def _point(point: Point, wording: dict[str, Any]) -> Block:
    at = point.at.astimezone()
    texts = (
        wording["month"].format(time=at),
        f"{at:%m-%d %H:%M}",
        f"{point.number:,}",
        " ".join(grouped(point.hash)),
    )

    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, _EARLIER, y, _POINT)

    def own(drawing: Drawing, y: float) -> None:
        for index, text in enumerate(texts):
            x, width = _EARLIER.span(index)
            align = ("middle", "middle", "right", "left")[index]
            size = _SMALL if index == len(texts) - 1 else 8.5
            drawing.cell(x, y, width, _POINT, text, Style.SANS, size, align, pad=1.0, smallest=6.0)

    return Block(_POINT, ("point",), fixed, own, section="earlier")


def signatures() -> Block:
    """Return the two places to sign, each with a date."""
    wording = read_json("forms", "proof.json")
    places = wording["signatures"]
    columns = Columns.of(frame.LEFT, *[frame.CONTENT / len(places)] * len(places))

    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, columns, y, _SIGNING)
        drawing.rule(columns.left, y + _SIGNING, columns.right, y + _SIGNING, FRAME)
        for index, place in enumerate(places):
            x, width = columns.span(index)
            drawing.text(x + 1.6, y + 4.8, place, Style.BOLD, table.LABEL)
            day = wording["signature_date"]
            drawing.text(x + width - 2, y + _SIGNING - 2.4, day, Style.SANS, table.LABEL, "right")

    return Block(_SIGNING, ("signatures",), fixed)
