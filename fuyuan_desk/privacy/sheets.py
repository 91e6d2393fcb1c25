"""The printed report of a person's stored data, with room for corrections (个人信息查阅告知书; PIPL §45–46).

The wording is in `resources/forms/person.json`.
"""

from collections.abc import Iterator
from typing import Any

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.paper import frame, qr, table
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.paper.drawing import FRAME, Drawing
from fuyuan_desk.paper.flow import Block
from fuyuan_desk.paper.fonts import Style
from fuyuan_desk.paper.table import Columns, Fact
from fuyuan_desk.privacy.facts import Held, PersonReport

KIND = "GR"
_LABELLED = Columns.of(frame.LEFT, table.LABEL_WIDTH, frame.CONTENT - table.LABEL_WIDTH)
_CORRECTION = Columns.of(frame.LEFT, 10.0, 30.0, 50.0, 50.0, 36.0)
_ROW, _SIGNING = 9.0, 34.0
_SMALL = 8.5
_LEAST = 5.8  # mm, so that a single line is vertically centred
# longer values get the full width
_LONG = 20
_PIECE = 60.0  # mm; longer passages continue on the next page


def person_sheet(report: PersonReport) -> Printed:
    """Print the unmasked report on one person, to be handed to that person only."""
    wording = read_json("forms", "person.json")
    # the QR mark holds the report's number only, no personal data
    mark = qr.Mark(KIND, report.number)
    sheet = frame.Sheet(report.office, wording["title"], mark, tuple(_body(report, wording)), wording["note"])
    return frame.print_sheets([sheet], f"{wording['title']} {report.number}", report.office, report.made)


def _body(report: PersonReport, wording: dict[str, Any]) -> Iterator[Block]:
    labels = wording["labels"]
    facts = [
        Fact(labels["name"], report.name),
        Fact(labels["made"], wording["date"].format(date=report.made)),
        Fact(labels["requester"], report.requester, wide=True),
        Fact(labels["purpose"], report.purpose or wording["nobody"], wide=True),
    ]
    yield from table.facts(facts, frame.LEFT, frame.CONTENT)
    yield table.passage(
        _LABELLED, labels["legal"], wording["legal_partly" if report.withheld else "legal"], _SMALL
    )
    for number, held in enumerate(report.held, 1):
        yield from _held(number, held, wording)
    exports = wording["exports"].format(count=report.exports) if report.exports else wording["no_exports"]
    yield from _passages(labels["exports"], exports)
    yield table.passage(_LABELLED, labels["secure"], wording["secure"], _SMALL)
    yield table.passage(_LABELLED, labels["rights"], wording["rights"], _SMALL)
    yield table.bar(_LABELLED, wording["correction"])
    yield table.head(_CORRECTION, wording["columns"], "correction")
    for number in range(1, wording["blank_rows"] + 1):
        yield _blank(number)
    yield _signatures(wording)


def _held(number: int, held: Held, wording: dict[str, Any]) -> Iterator[Block]:
    """Lay out one record: its values, then purpose, retention, and who saw it."""
    labels = wording["labels"]
    yield table.bar(_LABELLED, wording["held"].format(number=number, what=held.what, place=held.place))
    facts = [Fact(label, text, wide=len(text) > _LONG) for label, text in held.values if len(text) <= _LONG]
    if held.since is not None:
        facts.append(Fact(labels["entered"], wording["date"].format(date=held.since)))
    if held.photos:
        facts.append(Fact(labels["photos"], wording["photos"].format(count=held.photos), wide=True))
    yield from table.facts(facts, frame.LEFT, frame.CONTENT)
    long = [(label, text) for label, text in held.values if len(text) > _LONG]
    for label, text in (*long, (labels["use"], held.purpose), (labels["basis"], held.basis)):
        yield from _passages(label, text)
    if held.withheld:
        roles = wording["or"].join(wording["roles"][role] for role in held.withheld)
        yield from _passages(labels["withheld"], wording["withheld"].format(roles=roles))
    yield from _passages(labels["kept"], held.kept)
    seen = "；".join(
        wording["seen"].format(
            time=f"{one.at.astimezone():%Y-%m-%d %H:%M}",
            operator=one.operator,
            action=wording["actions"].get(one.action, one.action),
        )
        for one in held.seen
    )
    yield from _passages(labels["seen"], seen or wording["nobody"])


def _passages(label: str, text: str) -> Iterator[Block]:
    for piece in table.parts(text, _SMALL, _LABELLED.span(1)[1], _PIECE):
        yield table.passage(_LABELLED, label, piece, _SMALL, least=_LEAST, own=True)


def _blank(number: int) -> Block:
    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, _CORRECTION, y, _ROW)
        x, width = _CORRECTION.span(0)
        drawing.cell(x, y, width, _ROW, str(number), Style.SANS, table.LABEL, "middle")

    return Block(_ROW, ("correction", number), fixed, section="correction", keep=True)


def _signatures(wording: dict[str, Any]) -> Block:
    places = wording["signatures"]
    columns = Columns.of(frame.LEFT, *[frame.CONTENT / len(places)] * len(places))

    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, columns, y, _SIGNING)
        drawing.rule(columns.left, y + _SIGNING, columns.right, y + _SIGNING, FRAME)
        for index, place in enumerate(places):
            x, width = columns.span(index)
            drawing.text(x + 1.6, y + 4.8, place["name"], Style.BOLD, table.LABEL)
            drawing.text(x + 1.6, y + 9.0, place["how"], Style.SANS, 8.0)
            day = wording["signature_date"]
            drawing.text(x + width - 2, y + _SIGNING - 2.4, day, Style.SANS, table.LABEL, "right")

    return Block(_SIGNING, ("signatures",), fixed)
