"""The printed inspection sheet (巡查记录表), blank or of a logged visit.

The wording is in `resources/forms/inspection.json`; its keys of parties, results and conclusions are
those used in the dataclasses here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.paper import frame, qr, table
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.paper.drawing import BOX, FRAME, Drawing
from fuyuan_desk.paper.fit import POINT, fit
from fuyuan_desk.paper.flow import Block
from fuyuan_desk.paper.fonts import Style, measure
from fuyuan_desk.paper.table import Columns, Fact

_COLUMNS = Columns.of(frame.LEFT, frame.GROUP, 7.0, 78.0, 11.5, 11.5, 11.5, 35.5, 13.0)
_LABELLED = Columns.of(frame.LEFT, table.LABEL_WIDTH, frame.CONTENT - table.LABEL_WIDTH)
_ROW, _ROW_LEAST = 7.0, 6.2
_STAMP = 44.0  # a committee's stamp measures up to 42 mm
_SIGNING = 20.0
_DETAILS_LEAST, _DETAILS_BEST, _DETAILS_MOST = 9.0, 16.0, 140.0
_NAME = 5.0  # room for a printed name above the signature
_ITEM = 9.5
_SMALL = 0.85  # at what share of its size a text on several lines is set
_SMALL_PRINT, _LINE, _INSET = 8.5, 5.4, 1.6  # what is asked below an item: points, and mm
_LABEL, _MEASURED = 8.0, 18.0
_REMARK_MOST = 60.0  # a longer remark goes on in further rows, which may stand on the next page
_HANDED = (8.0, 28.0, 42.0, 24.0, 21.0, 19.0, 16.0, 18.0)
_HANDED_ROW = 9.0  # mm, enough to sign in
_DETAILS_WIDTH = frame.CONTENT - _STAMP - table.LABEL_WIDTH


@dataclass(frozen=True, slots=True)
class InspectionItem:
    """One item of the checklist; `result` is "pass", "fail", "na", or "" to be ticked by hand.

    `kind` is "mark", "number", "choice" or "text", `photo` "never", "failed" or "always"; `range` says which numbers
    pass, with their unit. `value` is the number, choice or text that was found, `photos` the numbers of its photos.
    """

    text: str
    group: str = ""
    result: str = ""
    remark: str = ""
    kind: str = "mark"
    unit: str = ""
    range: str = ""
    options: tuple[str, ...] = ()
    photo: str = "never"
    mandatory: bool = False
    value: str = ""
    photos: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """The planned round of a sheet: who goes, on which day, until when it is on time, with which checklist.

    `serial` is which round of that day it is at the place, `others` go along.
    """

    lead: str
    day: date
    until: date
    checklist: str
    serial: int = 1
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FailedBefore:
    """Items of a sheet that failed on a day and are not put right, by number; `place` '': at the place of the sheet."""

    day: date
    place: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class InspectionSheet:
    """The content of one sheet; empty values are left blank to be filled in by hand.

    `number` is that of this print; `record` states the number of what it is of, such as the case's. `kind` is
    "renovation" or "estate" and chooses the title unless there is a `title`; `facts` are further pairs of label and
    value for the head, such as the contractor. `parties` and `conclusion` are keys of the wording. `uid` is that of
    the printed sheet, by which a scan finds what it is of. `duty` is the planned round that it is for, `failed` what is
    to be looked at again; it is left out where it would take another page.
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
    title: str = ""
    duty: Duty | None = None
    failed: tuple[FailedBefore, ...] = ()


def inspection_sheets(
    sheets: Sequence[InspectionSheet],
    office: str,
    made: date,
    progress: Progress | None = None,
    hands_over: bool = False,
) -> Printed:
    """Print one or many inspection sheets into one PDF, each sheet with its own page count.

    `office` is printed in the head and set as the author of the file; `made` is the date of the file. `hands_over`:
    before the sheets of each person stands a list of them, to be signed by who takes them; the sheets of planned
    rounds are in order of persons. Boxes are named `item<n>.<result>`, `item<n>.choice<m>`, `party.<key>` and
    `conclusion.<key>`.
    """
    wording = read_json("forms", "inspection.json")
    title = _title(sheets[0], wording) if len(sheets) == 1 else wording["batch_title"]
    if len(sheets) == 1:
        title = f"{title} {sheets[0].number}"
    piles = [tuple(pile) for _lead, pile in groupby(sheets, key=_lead_of)] if hands_over else [tuple(sheets)]
    count = len(sheets) + (len(piles) if hands_over else 0)

    def laid_out() -> Iterator[frame.Sheet]:
        for pile in piles:
            if hands_over:
                yield hand_over_list(pile, office, made, wording)
            yield from (lay_out(sheet, office, wording) for sheet in pile)

    return frame.print_many(laid_out(), count, title, office, made, progress)


def _lead_of(sheet: InspectionSheet) -> str:
    return "" if sheet.duty is None else sheet.duty.lead


def lay_out(sheet: InspectionSheet, office: str, wording: dict[str, Any]) -> frame.Sheet:
    """Lay out one sheet with the wording of the form."""
    mark = qr.Mark(qr.INSPECTION, sheet.number, sheet.uid)
    title = _title(sheet, wording)
    return frame.Sheet(office, title, mark, _blocks(sheet, wording), wording["note"], sheet.record)


def _title(sheet: InspectionSheet, wording: dict[str, Any]) -> str:
    return sheet.title or str(wording["titles"][sheet.kind])


def _blocks(sheet: InspectionSheet, wording: dict[str, Any]) -> tuple[Block, ...]:
    """Build the blocks of a sheet from top to bottom."""
    *earlier, last = table.parts(sheet.details, table.VALUE, _DETAILS_WIDTH, _DETAILS_MOST)
    # details longer than the room beside the stamp start above it
    above = [
        table.passage(_LABELLED, wording["labels"]["details"], piece, table.VALUE, own=True)
        for piece in earlier
    ]
    # lower rows are better than a second page, and so is not to say what failed last time
    ways = [(sheet, _ROW), (sheet, _ROW_LEAST), (replace(sheet, failed=()), _ROW_LEAST)]
    laid_out = ([*_body(one, wording, row), *above] for one, row in ways)
    blocks = next((one for one in laid_out if _spare(one) >= _DETAILS_LEAST), None)
    if blocks is None:
        blocks = [*_body(sheet, wording, _ROW), *above]
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
    if sheet.duty is not None:
        duty = _duty(sheet.duty, wording["duty"])
        yield Fact(labels["duty"], duty, not table.fits_on_one_line(duty, Style.SANS, table.VALUE, half))
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
    if sheet.failed:
        yield Fact(labels["failed"], _failed(sheet.failed, wording["failed"]), wide=True)


def _failed(failed: Sequence[FailedBefore], words: dict[str, str]) -> str:
    """Return which items failed last time, by number and day."""
    return words["and"].join(
        words["items"].format(
            numbers=words["and"].join(map(str, one.numbers)), place=one.place and one.place + words["at"],
            day=one.day,
        )
        for one in failed
    )  # fmt: skip


def _duty(duty: Duty, wording: dict[str, str]) -> str:
    """Return for whom and for which day a sheet was printed, in one line."""
    day = wording["day"].format(day=duty.day)
    until = wording["until"].format(day=duty.until) if duty.until > duty.day else ""
    again = wording["serial"].format(serial=duty.serial) if duty.serial > 1 else ""
    others = wording["others"].format(names=wording["and"].join(duty.others)) if duty.others else ""
    return f"{duty.lead}{others}　{day}{until}{again}"


def _rows(
    number: int, item: InspectionItem, wording: dict[str, Any], row: float, keep: bool
) -> Iterator[Block]:
    """Yield the row of an item, and rows without boxes in which a long remark is continued."""
    width = _COLUMNS.span(6)[1]
    marks = wording["mandatory"] * item.mandatory + wording["photo"][item.photo]
    item = replace(item, text=item.text + marks)
    first, *more = table.parts(item.remark, _ITEM * _SMALL, width, _REMARK_MOST)
    words = (wording["measured"], wording["passing"].format(range=item.range), wording["noted"])
    yield _item(number, replace(item, remark=first), tuple(wording["results"]), row, keep and not more, words)
    for remark in more:
        continued = InspectionItem(wording["continued"], item.group, remark=remark)
        yield _item(number, continued, (), row, keep=False, words=words)


@lru_cache(maxsize=1024)  # a batch repeats one checklist hundreds of times
def _item(
    number: int,
    item: InspectionItem,
    results: tuple[str, ...],
    row: float,
    keep: bool,
    words: tuple[str, str, str],
) -> Block:
    """Build the row of one item; its height in mm is `row` and grows with a long text, its answer or a remark."""
    text_x, text_width = _COLUMNS.span(2)
    remark_x, remark_width = _COLUMNS.span(6)
    photos_x, photos_width = _COLUMNS.span(7)
    answer = _answer(number, item, words)
    asked = table.room(item.text, Style.SANS, _ITEM, text_width, row)
    height = asked + answer.height
    if item.remark:
        height = max(height, table.room(item.remark, Style.SANS, _ITEM, remark_width, row))
    if item.photos:
        height = max(height, table.room(item.photos, Style.SANS, _SMALL_PRINT, photos_width, row))
    asked = height - answer.height

    def fixed(drawing: Drawing, y: float) -> None:
        inner = Columns(_COLUMNS.edges[1:])
        table.rules(drawing, inner if item.group else _COLUMNS, y, height)
        if item.group:
            drawing.rule(_COLUMNS.left, y, _COLUMNS.left, y + height, FRAME)
        x, width = _COLUMNS.span(1)
        drawing.cell(x, y, width, height, str(number), Style.SANS, _ITEM, "middle", pad=0.4)
        drawing.cell(text_x, y, text_width, asked, item.text, Style.SANS, _ITEM)
        answer.fixed(drawing, y + asked)
        for column, result in enumerate(results, 3):
            x, width = _COLUMNS.span(column)
            drawing.box(f"item{number}.{result}", x + (width - BOX) / 2, y + (height - BOX) / 2)

    def own(drawing: Drawing, y: float) -> None:
        if item.result in results:
            x, width = _COLUMNS.span(3 + results.index(item.result))
            drawing.tick(x + (width - BOX) / 2, y + (height - BOX) / 2)
        answer.own(drawing, y + asked)
        if item.remark:
            drawing.cell(remark_x, y, remark_width, height, item.remark, Style.SANS, _ITEM)
        if item.photos:
            drawing.cell(photos_x, y, photos_width, height, item.photos, Style.SANS, _SMALL_PRINT, pad=0.8)

    filled = own if item.result or item.remark or item.photos else None
    asks = (item.kind, item.unit, item.range, item.options)
    key = ("item", number, item.text, bool(item.group), round(height, 2), asks, round(answer.height, 2))
    return Block(height, key, fixed, filled, section="items", group=item.group, keep=keep)


@dataclass(frozen=True)
class _Answer:
    """What stands below an item that asks for more than a tick: its height in mm, and what draws it from its top."""

    height: float
    fixed: Callable[[Drawing, float], None]
    own: Callable[[Drawing, float], None]


def _answer(number: int, item: InspectionItem, words: tuple[str, str, str]) -> _Answer:
    measured, passing, noted = words
    if item.kind == "number":
        after = "　".join(filter(None, (item.unit, passing if item.range else "")))
        return _written(measured, item.value, _MEASURED, after)
    if item.kind == "text":
        return _written(noted, item.value, _COLUMNS.span(2)[1] - 2 * _INSET - _LABEL, "")
    if item.kind == "choice":
        return _choice(number, item)
    return _Answer(0.0, _draw_nothing, _draw_nothing)


def _draw_nothing(_drawing: Drawing, _y: float) -> None:
    pass


def _written(label: str, value: str, width: float, after: str) -> _Answer:
    """Return a line to write on, `width` mm long, after a label; `after` stands behind it."""
    x = _COLUMNS.span(2)[0] + _INSET
    height = table.room(value, Style.SANS, _SMALL_PRINT, width, _LINE) if value else _LINE
    rest = _COLUMNS.span(2)[1] - 2 * _INSET - _LABEL - width

    def fixed(drawing: Drawing, y: float) -> None:
        drawing.cell(x, y, _LABEL, height, label, Style.SANS, _SMALL_PRINT, pad=0)
        drawing.rule(x + _LABEL, y + height - 0.8, x + _LABEL + width, y + height - 0.8)
        if after:
            drawing.cell(x + _LABEL + width, y, rest, height, after, Style.SANS, _SMALL_PRINT, pad=0.8)

    def own(drawing: Drawing, y: float) -> None:
        if value:
            drawing.cell(x + _LABEL, y, width, height - 0.8, value, Style.SANS, _SMALL_PRINT)

    return _Answer(height, fixed, own)


def _choice(number: int, item: InspectionItem) -> _Answer:
    """Return the choices with boxes, on as many lines as they need."""
    left, width = _COLUMNS.span(2)
    places: list[tuple[float, int]] = []
    x, line = left + _INSET, 0
    for text in item.options:
        extent = BOX + 1.2 + measure(text, Style.SANS) * _SMALL_PRINT * POINT + 3.0
        if x + extent > left + width and x > left + _INSET:
            x, line = left + _INSET, line + 1
        places.append((x, line))
        x += extent

    def fixed(drawing: Drawing, y: float) -> None:
        for choice, (text, (x, line)) in enumerate(zip(item.options, places, strict=True), 1):
            middle = y + (line + 0.5) * _LINE
            drawing.choice(f"item{number}.choice{choice}", x, middle, text, size=_SMALL_PRINT)

    def own(drawing: Drawing, y: float) -> None:
        if item.value in item.options:
            x, line = places[item.options.index(item.value)]
            drawing.tick(x, y + (line + 0.5) * _LINE - BOX / 2)

    return _Answer(_LINE * (line + 1), fixed, own)


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


# --- the list that goes out with the sheets


def hand_over_list(
    sheets: Sequence[InspectionSheet], office: str, made: date, wording: dict[str, Any]
) -> frame.Sheet:
    """Lay out the list of the sheets that one person takes: to be signed when they go out and when they are back."""
    words = wording["hand_over"]
    days = sorted({sheet.duty.day for sheet in sheets if sheet.duty is not None})
    span = words["days"].format(first=days[0], last=days[-1]) if len(days) > 1 else "".join(map(str, days))
    lead = _lead_of(sheets[0]) or words["nobody"]
    aside = words["of"].format(lead=lead, count=len(sheets), days=span, made=made)
    columns = Columns.of(frame.LEFT, *_HANDED)
    rows = [_handed(columns, number, sheet, words) for number, sheet in enumerate(sheets, 1)]
    blocks = (table.head(columns, words["columns"], "sheets"), *rows, _signing(words["signatures"], wording))
    return frame.Sheet(office, words["title"], None, blocks, words["note"], aside)


def _handed(columns: Columns, number: int, sheet: InspectionSheet, words: dict[str, Any]) -> Block:
    duty = sheet.duty
    due = "" if duty is None else words["due"].format(day=duty.day, until=duty.until)
    checklist = "" if duty is None else duty.checklist
    texts = (str(number), sheet.number or words["unnumbered"], sheet.subject, checklist, due)
    height = max(
        table.room(text, Style.SANS, _SMALL_PRINT, columns.span(index)[1], _HANDED_ROW)
        for index, text in enumerate(texts)
    )

    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, columns, y, height)

    def own(drawing: Drawing, y: float) -> None:
        for index, text in enumerate(texts):
            x, width = columns.span(index)
            anchor = "middle" if index == 0 else "left"
            drawing.cell(x, y, width, height, text, Style.SANS, _SMALL_PRINT, anchor, pad=1.0)

    return Block(height, ("handed", height), fixed, own, section="sheets")


def _signing(signers: Sequence[str], wording: dict[str, Any]) -> Block:
    columns = Columns.of(frame.LEFT, *[frame.CONTENT / len(signers)] * len(signers))

    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, columns, y, _SIGNING)
        for index, signer in enumerate(signers):
            x, width = columns.span(index)
            drawing.text(x + 1.6, y + 4.6, signer, Style.SANS, table.LABEL)
            drawing.text(x + width - 2, y + _SIGNING - 2.2, wording["signature_date"], Style.SANS, table.LABEL,
                         "right")  # fmt: skip

    return Block(_SIGNING, ("hand-over signing", tuple(signers)), fixed)
