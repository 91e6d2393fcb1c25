"""The printed inspection sheet (巡查记录表), blank or of a logged visit.

The wording is in `resources/forms/inspection.json`; its keys of parties, results and conclusions are
those used in the dataclasses here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.paper import frame, qr, table
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.paper.drawing import BOX, FRAME, Drawing
from fuyuan_desk.paper.fit import fit
from fuyuan_desk.paper.flow import Block
from fuyuan_desk.paper.fonts import Style
from fuyuan_desk.paper.table import Columns, Fact

_COLUMNS = Columns.of(frame.LEFT, frame.GROUP, 7.0, 82.0, 11.5, 11.5, 11.5, 44.5)
_LABELLED = Columns.of(frame.LEFT, table.LABEL_WIDTH, frame.CONTENT - table.LABEL_WIDTH)
_ROW, _ROW_LEAST = 7.0, 6.2
_STAMP = 44.0  # a committee's stamp measures up to 42 mm
_SIGNING = 20.0
_DETAILS_LEAST, _DETAILS_BEST, _DETAILS_MOST = 9.0, 16.0, 140.0
_NAME = 5.0  # room for a printed name above the signature
_ITEM = 9.5
_SMALL = 0.85  # at what share of its size a text on several lines is set
_REMARK_MOST = 60.0  # a longer remark goes on in further rows, which may stand on the next page
_DETAILS_WIDTH = frame.CONTENT - _STAMP - table.LABEL_WIDTH


@dataclass(frozen=True, slots=True)
class InspectionItem:
    """One item of the checklist; `result` is "pass", "fail", "na", or "" to be ticked by hand."""

    text: str
    group: str = ""
    result: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class InspectionSheet:
    """The content of one sheet; empty values are left blank to be filled in by hand.

    `number` is that of this print; `record` states the number of what it is of, such as the case's. `kind` is
    "renovation" or "estate" and chooses the title; `facts` are further pairs of label and value for the head, such as
    the contractor. `parties` and `conclusion` are keys of the wording. `uid` is that of the printed sheet, by which a
    scan finds what it is of.
    """

    number: str
    kind: str
    subject: str
    address: str
    items: tuple[InspectionItem, ...]
    uid: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    day: date | None = None
    time: str = ""
    parties: tuple[str, ...] = ()
    photos: int | None = None
    conclusion: str = ""
    deadline: date | None = None
    details: str = ""
    inspector: str = ""
    accompanying: str = ""
    inspected: str = ""
    record: str = ""


def inspection_sheets(
    sheets: Sequence[InspectionSheet], office: str, made: date, progress: Progress | None = None
) -> Printed:
    """Print one or many inspection sheets into one PDF, each sheet with its own page count.

    `office` is printed in the head and set as the author of the file; `made` is the date of the file.
    Boxes are named `item<n>.<result>`, `party.<key>` and `conclusion.<key>`.
    """
    wording = read_json("forms", "inspection.json")
    title = wording["titles"][sheets[0].kind] if len(sheets) == 1 else wording["batch_title"]
    if len(sheets) == 1:
        title = f"{title} {sheets[0].number}"
    return frame.print_sheets(
        [lay_out(sheet, office, wording) for sheet in sheets], title, office, made, progress
    )


def lay_out(sheet: InspectionSheet, office: str, wording: dict[str, Any]) -> frame.Sheet:
    """Lay out one sheet with the wording of the form."""
    mark = qr.Mark(qr.INSPECTION, sheet.number, sheet.uid)
    title = wording["titles"][sheet.kind]
    return frame.Sheet(office, title, mark, _blocks(sheet, wording), wording["note"], sheet.record)


def _blocks(sheet: InspectionSheet, wording: dict[str, Any]) -> tuple[Block, ...]:
    """Build the blocks of a sheet from top to bottom."""
    *earlier, last = table.parts(sheet.details, table.VALUE, _DETAILS_WIDTH, _DETAILS_MOST)
    # details longer than the room beside the stamp start above it
    above = [
        table.passage(_LABELLED, wording["labels"]["details"], piece, table.VALUE, own=True)
        for piece in earlier
    ]
    blocks = [*_body(sheet, wording, _ROW), *above]
    if _spare(blocks) < _DETAILS_LEAST:
        # slightly lower rows are better than a second page
        lower = [*_body(sheet, wording, _ROW_LEAST), *above]
        blocks = lower if _spare(lower) >= _DETAILS_LEAST else blocks
    spare = _spare(blocks)
    # and so is slightly less room to write
    # rounded down: a page that is over-full by a hundredth of a millimetre is two pages
    details_height = int(spare * 100) / 100 if _DETAILS_LEAST <= spare < _DETAILS_BEST else _DETAILS_BEST
    return (*blocks, _ending(replace(sheet, details=last), wording, details_height))


def _spare(blocks: Sequence[Block]) -> float:
    """Return the height in mm that is left on one page for the details."""
    return frame.BOTTOM - frame.TOP - _SIGNING - sum(block.height for block in blocks)


def _body(sheet: InspectionSheet, wording: dict[str, Any], row: float) -> Iterator[Block]:
    yield from table.facts(_facts(sheet, wording), frame.LEFT, frame.CONTENT)
    yield table.choices(_LABELLED, wording["labels"]["party"], "party", wording["parties"], sheet.parties)
    yield table.head(_COLUMNS, wording["columns"], "items")
    for number, item in enumerate(sheet.items, 1):
        # the last rows stay with the signatures, so that they are never alone on a page
        yield from _rows(number, item, wording, row, keep=number > len(sheet.items) - 3)
    until = sheet.deadline
    blanks = (str(until.month), str(until.day)) if until else ()
    yield table.choices(_LABELLED, wording["labels"]["conclusion"], "conclusion", wording["conclusions"],
                        (sheet.conclusion,), blanks, keep=True)  # fmt: skip


def _facts(sheet: InspectionSheet, wording: dict[str, Any]) -> Iterator[Fact]:
    labels = wording["labels"]
    half = frame.CONTENT / 2 - table.LABEL_WIDTH
    wide = not all(table.fits_on_one_line(text, Style.SANS, table.VALUE, half)
                   for text in (sheet.subject, sheet.address))  # fmt: skip
    yield Fact(labels["subject"], sheet.subject, wide)
    yield Fact(labels["address"], sheet.address, wide)
    for label, value in sheet.facts:
        yield Fact(label, value)
    if sheet.day is None:
        time = wording["blank_time"]
    else:
        time = wording["time"].format(date=sheet.day, time=sheet.time).rstrip()
    yield Fact(labels["time"], time)
    if sheet.photos is None:
        photos = wording["blank_photos"]
    else:
        photos = wording["photos"].format(count=sheet.photos) if sheet.photos else wording["no_photos"]
    yield Fact(labels["photos"], photos)


def _rows(
    number: int, item: InspectionItem, wording: dict[str, Any], row: float, keep: bool
) -> Iterator[Block]:
    """Yield the row of an item, and rows without boxes in which a long remark is continued."""
    width = _COLUMNS.span(6)[1]
    first, *more = table.parts(item.remark, _ITEM * _SMALL, width, _REMARK_MOST)
    yield _item(number, replace(item, remark=first), tuple(wording["results"]), row, keep and not more)
    for remark in more:
        continued = InspectionItem(wording["continued"], item.group, remark=remark)
        yield _item(number, continued, (), row, keep=False)


@lru_cache(maxsize=1024)  # a batch repeats one checklist hundreds of times
def _item(number: int, item: InspectionItem, results: tuple[str, ...], row: float, keep: bool) -> Block:
    """Build the row of one item; its height in mm is `row` and grows with a long text or remark."""
    text_x, text_width = _COLUMNS.span(2)
    remark_x, remark_width = _COLUMNS.span(6)
    height = table.room(item.text, Style.SANS, _ITEM, text_width, row)
    if item.remark:
        height = max(height, table.room(item.remark, Style.SANS, _ITEM, remark_width, row))

    def fixed(drawing: Drawing, y: float) -> None:
        inner = Columns(_COLUMNS.edges[1:])
        table.rules(drawing, inner if item.group else _COLUMNS, y, height)
        if item.group:
            drawing.rule(_COLUMNS.left, y, _COLUMNS.left, y + height, FRAME)
        x, width = _COLUMNS.span(1)
        drawing.cell(x, y, width, height, str(number), Style.SANS, _ITEM, "middle", pad=0.4)
        drawing.cell(text_x, y, text_width, height, item.text, Style.SANS, _ITEM)
        for column, result in enumerate(results, 3):
            x, width = _COLUMNS.span(column)
            drawing.box(f"item{number}.{result}", x + (width - BOX) / 2, y + (height - BOX) / 2)

    def own(drawing: Drawing, y: float) -> None:
        if item.result in results:
            x, width = _COLUMNS.span(3 + results.index(item.result))
            drawing.tick(x + (width - BOX) / 2, y + (height - BOX) / 2)
        if item.remark:
            drawing.cell(remark_x, y, remark_width, height, item.remark, Style.SANS, _ITEM)

    filled = own if item.result or item.remark else None
    return Block(height, ("item", number, item.text, bool(item.group), round(height, 2)), fixed, filled,
                 section="items", group=item.group, keep=keep)  # fmt: skip


def _ending(sheet: InspectionSheet, wording: dict[str, Any], details_height: float) -> Block:
    """Build the ending: the details above the signatures, beside the room for the stamp.

    `details_height` is the minimum height of the details in mm.
    """
    *signers, stamp = wording["signatures"]
    columns = Columns.of(frame.LEFT, *[(frame.CONTENT - _STAMP) / len(signers)] * len(signers), _STAMP)
    outer = Columns((frame.LEFT, frame.RIGHT - _STAMP, frame.RIGHT))
    details_height = table.room(
        sheet.details, Style.SANS, table.VALUE, _DETAILS_WIDTH, round(details_height, 2)
    )
    names = {"inspector": sheet.inspector, "accompanying": sheet.accompanying, "inspected": sheet.inspected}
    name = max(table.room(text, Style.SANS, 8.5, columns.span(0)[1], _NAME) for text in names.values())
    signing = round(_SIGNING - _NAME + name, 2)

    def fixed(drawing: Drawing, y: float) -> None:
        drawing.fill(frame.LEFT, y, table.LABEL_WIDTH, details_height, table.SHADE)
        table.rules(drawing, outer, y, details_height + signing)
        drawing.rule(frame.LEFT + table.LABEL_WIDTH, y, frame.LEFT + table.LABEL_WIDTH, y + details_height)
        drawing.rule(frame.LEFT, y + details_height, outer.edges[1], y + details_height)
        drawing.rule(
            frame.LEFT, y + details_height + signing, frame.RIGHT, y + details_height + signing, FRAME
        )
        drawing.cell(frame.LEFT, y, table.LABEL_WIDTH, details_height, wording["labels"]["details"], Style.SANS,
                     table.LABEL, "middle", pad=0.8)  # fmt: skip
        for index, signer in enumerate(signers):
            x, room = columns.span(index)
            if index:
                drawing.rule(x, y + details_height, x, y + details_height + signing)
            drawing.text(x + 1.6, y + details_height + 4.6, signer["name"], Style.SANS, table.LABEL)
            drawing.text(x + room - 2, y + details_height + signing - 2.2, wording["signature_date"], Style.SANS,
                         table.LABEL, "right")  # fmt: skip
        drawing.text(columns.edges[-2] + 1.6, y + 4.6, stamp["name"], Style.SANS, table.LABEL)
        drawing.text(frame.RIGHT - 2, y + details_height + signing - 2.2, wording["signature_date"], Style.SANS,
                     table.LABEL, "right")  # fmt: skip

    def own(drawing: Drawing, y: float) -> None:
        if sheet.details:
            fitted = fit(sheet.details, Style.SANS, table.VALUE, _DETAILS_WIDTH - 3.2, details_height - 1.4)
            drawing.lines(frame.LEFT + table.LABEL_WIDTH + 1.6, y + 0.8, fitted)
        for index, signer in enumerate(signers):
            if names.get(signer["key"]):
                x, room = columns.span(index)
                drawing.cell(x, y + details_height + 5.2, room, name, names[signer["key"]], Style.SANS, 8.5)

    return Block(
        details_height + signing, ("ending", round(details_height, 2), signing), fixed, own, keep=True
    )
