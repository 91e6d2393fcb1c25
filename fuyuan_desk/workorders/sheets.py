"""The printed work order (派工单) with its receipt slip, and the notice to put something right (整改通知单).

The wording is in `resources/forms/order.json`; its keys of kinds are those of the rules.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.paper import frame, qr, table
from fuyuan_desk.paper.document import Page, Printed
from fuyuan_desk.paper.drawing import FRAME, RULE, Drawing
from fuyuan_desk.paper.fit import fit
from fuyuan_desk.paper.flow import Block
from fuyuan_desk.paper.fonts import Style
from fuyuan_desk.paper.table import Columns, Fact

ORDER = "WO"
NOTICE = "WN"
_OUTER = Columns((frame.LEFT, frame.RIGHT))
_FINDINGS = Columns.of(frame.LEFT, 9.0, 92.0, 45.0, 30.0)
_LABELLED = Columns.of(frame.LEFT, table.LABEL_WIDTH, frame.CONTENT - table.LABEL_WIDTH)
_ROW, _ITEM = 8.0, 9.5
_SMALL = 0.85
_SIGNING = 21.0
_STAMPING = 44.0  # a committee's stamp measures up to 42 mm
_SLIP, _CUT, _QR = 38.0, 9.0, 20.0
_DONE_LEAST, _REPLY_LEAST = 22.0, 70.0
_PIECE = 60.0  # mm; a longer text goes on in further rows, which may stand on the next page
_PAIR = Columns.of(frame.LEFT, frame.CONTENT / 2, frame.CONTENT / 2)
_PICTURE, _CAPTION, _MARGIN = 62.0, 6.0, 2.0  # mm
_ENDED = ("verified", "cancelled", "into-another")
_EARLIER = 4  # so many numbers of earlier orders are named


@dataclass(frozen=True, slots=True)
class OrderFinding:
    """A failed item on the paper: `visit` is the number of the visit, `before` how often it had failed before."""

    text: str
    remark: str
    clauses: str
    visit: str
    before: int = 0


@dataclass(frozen=True, slots=True)
class OrderPhoto:
    """A photo on the paper, a JPEG and its size in pixels; `kind` is a key of the wording or ''."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    caption: str = ""
    number: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """The content of one work order; empty values are left blank to be filled in by hand.

    `severity`, `source` and `term_source` are keys of the wording. So is `standing`: what there is to say of an order
    besides that it is to be done, '' for nothing. One on hold stands `since` a moment, for a reason (`why`), another
    order (`into`) counts in place of one that was merged. `due` None: unknown, or the clock stands. `before` and
    `after` are its photos, printed side by side on a sheet of their own. `earlier` are the numbers of the orders at the
    same place in the year before, the latest first, `follows` is that of the one that did not hold. The deadline may
    move with the holidays of `unsettled_year`.
    """

    number: str
    uid: str
    estate: str
    place: str
    title: str
    description: str
    severity: str
    begun: datetime
    due: datetime | None
    term_source: str
    organisation: str
    person: str
    findings: tuple[OrderFinding, ...] = ()
    source: str = "finding"
    standing: str = ""
    since: datetime | None = None
    why: str = ""
    into: str = ""
    done: datetime | None = None
    done_by: str = ""
    done_note: str = ""
    verified: datetime | None = None
    verified_by: str = ""
    before: tuple[OrderPhoto, ...] = ()
    after: tuple[OrderPhoto, ...] = ()
    earlier: tuple[str, ...] = ()
    follows: str = ""
    unsettled_year: int | None = None

    @property
    def is_ended(self) -> bool:
        """Whether nothing is to be done, written or signed any more."""
        return self.standing in _ENDED


def order_sheets(
    orders: Sequence[OrderSheet], office: str, made: date, progress: Progress | None = None
) -> Printed:
    """Print one or many work orders into one PDF, each with its own page count.

    Behind each stand its photos, if it has any, those from before the work beside those from afterwards.
    Boxes are named `severity.<key>` and `result.<key>`.
    """
    wording = read_json("forms", "order.json")
    title = wording["batch_title"] if len(orders) > 1 else f"{wording['title']} {orders[0].number}"
    sheets = []
    for order in orders:
        mark = qr.Mark(ORDER, order.number, order.uid)
        head = _titled(order, "title", wording)
        sheets.append(
            frame.Sheet(office, head, mark, _order(order, wording), "" if order.is_ended else wording["note"])
        )
        if order.before or order.after:
            blocks = tuple(_photos(order, wording))
            head = _titled(order, "photo_title", wording)
            sheets.append(frame.Sheet(office, head, mark, blocks, wording["photo_note"]))
    return frame.print_sheets(sheets, title, office, made, progress)


def notice_sheet(order: OrderSheet, office: str, made: date) -> Printed:
    """Print the notice by which a responsible organisation is asked to put right what an order names."""
    wording = read_json("forms", "order.json")
    sheet = frame.Sheet(
        office, _titled(order, "notice_title", wording), qr.Mark(NOTICE, order.number, order.uid),
        _notice(order, office, made, wording), "" if order.is_ended else wording["notice"]["note"],
    )  # fmt: skip
    return frame.print_sheets([sheet], f"{wording['notice_title']} {order.number}", office, made)


def _order(order: OrderSheet, wording: dict[str, Any]) -> tuple[Block, ...]:
    labels = wording["labels"]
    asked = [
        *_standing(order, wording),
        *table.facts(_facts(order, wording), frame.LEFT, frame.CONTENT),
        table.choices(_LABELLED, labels["severity"], "severity", wording["severities"], (order.severity,)),
        *_what(order, labels),
        *_findings(order, wording),
    ]
    if order.is_ended:
        return (*asked, *_done(order, wording))
    above = [
        *asked,
        table.bar(_OUTER, wording["result"]),
        table.choices(_LABELLED, wording["result_label"], "result", wording["results"], ()),
        *table.facts([Fact(labels["done_at"], _done_at(order, wording), True)], frame.LEFT, frame.CONTENT),
    ]
    below = [
        table.passage(_LABELLED, labels["materials"], "", table.VALUE, 15.0),
        table.passage(_LABELLED, labels["photos"], _numbers(order, wording), table.VALUE, 9.0, keep=True),
        _signatures(wording["signatures"], wording["signature_date"], _SIGNING, keep=True),
        *([] if order.done else [_slip(order, wording)]),  # received long ago
    ]
    done = table.passage(
        _LABELLED, labels["done"], order.done_note, table.VALUE, _room([*above, *below], _DONE_LEAST)
    )
    return (*above, done, *below)


def _titled(order: OrderSheet, title: str, wording: dict[str, Any]) -> str:
    """Return the title of a paper, which says on each of its pages that the order has ended."""
    form = wording["standing"].get(order.standing, {}).get("title", "{title}")
    return str(form.format(title=wording[title], **_words(order, wording)))


def _standing(order: OrderSheet, wording: dict[str, Any]) -> Iterator[Block]:
    """Yield the line that says how an order stands: ended, on hold and why, overdue, done and not verified yet."""
    if order.standing:
        text = wording["standing"][order.standing]["bar"]
        yield table.bar(_OUTER, text.format(**_words(order, wording)))


def _words(order: OrderSheet, wording: dict[str, Any]) -> dict[str, str]:
    """Return what the wording of an order's standing is filled with."""
    moments = {"due": order.due, "since": order.since, "done": order.done}
    day = "" if order.verified is None else wording["date"].format(date=order.verified.astimezone())
    return {
        "into": order.into,
        "day": day,
        **{name: _moment(moment, wording) for name, moment in moments.items()},
    }


def _moment(moment: datetime | None, wording: dict[str, Any]) -> str:
    return "" if moment is None else str(wording["moment"].format(date=moment.astimezone()))


def _done_at(order: OrderSheet, wording: dict[str, Any]) -> str:
    return _by(order.done, order.done_by, wording)


def _done(order: OrderSheet, wording: dict[str, Any]) -> Iterator[Block]:
    """Yield what became of an order that has ended; nothing of one that was never done."""
    labels = wording["labels"]
    if order.done is None:
        return
    facts = [
        Fact(labels["done_at"], _done_at(order, wording)),
        Fact(labels["verified"], _by(order.verified, order.verified_by, wording)),
    ]
    yield from table.facts(facts, frame.LEFT, frame.CONTENT)
    yield from _passages(labels["done"], order.done_note)
    if any(photo.number for photo in (*order.before, *order.after)):
        yield table.passage(_LABELLED, labels["photos"], _numbers(order, wording), table.VALUE, 9.0)


def _numbers(order: OrderSheet, wording: dict[str, Any]) -> str:
    """Return the numbers of the photos, with room to write those that are still to be taken."""
    before = "、".join(photo.number for photo in order.before if photo.number)
    after = "、".join(photo.number for photo in order.after if photo.number)
    return str(wording["photos"].format(before=before or "　" * 12, after=after or "　" * 12))


def _what(order: OrderSheet, labels: dict[str, str]) -> Iterator[Block]:
    for label, text in (("title", order.title), ("description", order.description), ("paused", order.why)):
        yield from _passages(labels[label], text)


def _passages(label: str, text: str) -> Iterator[Block]:
    """Yield a text of any length, which goes on in further rows."""
    for piece in table.parts(text, table.VALUE, _LABELLED.span(1)[1], _PIECE) if text else ():
        yield table.passage(_LABELLED, label, piece, table.VALUE, own=True)


def _room(others: Sequence[Block], least: float) -> float:
    """Return the height (mm) of the room to write in: what the other blocks leave of one page, or `least`."""
    spare = frame.BOTTOM - frame.TOP - sum(block.height for block in others)
    # rounded down: a page that is over-full by a hundredth of a millimetre is two pages
    return int(spare * 100) / 100 if spare >= least else least


def _facts(order: OrderSheet, wording: dict[str, Any]) -> Iterator[Fact]:
    labels = wording["labels"]
    yield Fact(labels["estate"], order.estate)
    yield Fact(labels["place"], order.place)
    yield Fact(labels["organisation"], order.organisation)
    yield Fact(labels["person"], order.person)
    yield Fact(labels["begun"], wording["moment"].format(date=order.begun.astimezone()))
    yield Fact(labels["due"], _due(order, wording))
    source = wording["term_sources"][order.term_source]
    moves = wording["may_move"].format(year=order.unsettled_year) if order.unsettled_year else ""
    yield Fact(labels["term"], source + moves, True)
    if before := _before(order, wording):
        yield Fact(labels["before"], before, True)


def _before(order: OrderSheet, wording: dict[str, Any]) -> str:
    """Return which orders there were at this place in the year before, and which one did not hold; '' for none."""
    parts = [wording["follows"].format(number=order.follows)] if order.follows else []
    if order.earlier:
        shown = wording["and"].join(order.earlier[:_EARLIER])
        parts.append(wording["earlier"].format(count=len(order.earlier) + 1, numbers=shown))
    return str(wording["clause"].join(parts))


def _due(order: OrderSheet, wording: dict[str, Any]) -> str:
    form = wording["standing"].get(order.standing, {}).get("due")
    if form is None:
        form = "{due}" if order.due is not None else wording["no_deadline"]
    return str(form.format(**_words(order, wording)))


def _findings(order: OrderSheet, wording: dict[str, Any]) -> Iterator[Block]:
    if not order.findings:
        return
    yield table.bar(_OUTER, wording["findings"])
    yield table.head(_FINDINGS, wording["columns"], "findings")
    for number, finding in enumerate(order.findings, 1):
        yield _finding(number, finding, wording)


def _finding(number: int, finding: OrderFinding, wording: dict[str, Any]) -> Block:
    again = wording["repeated"].format(count=finding.before) if finding.before else ""
    texts = (
        str(number), "\n".join(filter(None, (finding.text, finding.remark, again))), finding.clauses,
        finding.visit,
    )  # fmt: skip
    height = max(
        table.room(text, Style.SANS, _ITEM, _FINDINGS.span(index)[1], _ROW)
        for index, text in enumerate(texts)
    )

    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, _FINDINGS, y, height)

    def own(drawing: Drawing, y: float) -> None:
        for index, text in enumerate(texts):
            x, width = _FINDINGS.span(index)
            align = "left" if index in (1, 2) else "middle"
            drawing.cell(
                x, y, width, height, text, Style.SANS, _ITEM, align, pad=1.6 if index in (1, 2) else 0.6
            )

    return Block(height, ("finding", round(height, 2)), fixed, own, section="findings")


def _signatures(signers: Sequence[dict[str, str]], day: str, height: float, keep: bool = False) -> Block:
    """Build a row of fields to sign in, `height` mm high."""
    columns = Columns.of(frame.LEFT, *[frame.CONTENT / len(signers)] * len(signers))

    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, columns, y, height)
        drawing.rule(frame.LEFT, y + height, frame.RIGHT, y + height, FRAME)
        for index, signer in enumerate(signers):
            x, room = columns.span(index)
            drawing.text(x + 1.6, y + 4.6, signer["name"] + signer["how"], Style.SANS, 8.5)
            drawing.text(x + room - 2, y + height - 2.2, day, Style.SANS, 8.5, "right")

    names = tuple(signer["name"] for signer in signers)
    return Block(height, ("signatures", names), fixed, keep=keep)


def _slip(order: OrderSheet, wording: dict[str, Any]) -> Block:
    """Build the slip that is torn off: it has the number and the QR code of the order, too."""
    slip = wording["slip"]
    place = f"{order.estate}{order.place}"
    form = slip.get(order.standing) or slip["text" if order.due is not None else "text_open"]
    text = form.format(number=order.number, title=order.title, place=place, due=_due(order, wording))
    top, width = _CUT + 7.0, frame.CONTENT - _QR - 6

    def fixed(drawing: Drawing, y: float) -> None:
        for start in range(int(frame.LEFT), int(frame.RIGHT), 4):
            drawing.rule(start, y + 5, start + 2, y + 5, RULE)
        drawing.text((frame.LEFT + frame.RIGHT) / 2, y + 3.6, wording["cut"], Style.SANS, 7.5, "middle")
        drawing.text(frame.LEFT, y + _CUT + 4, slip["title"], Style.BOLD, 11)
        base = y + _CUT + _SLIP - 3
        drawing.text(frame.LEFT, base - 8, slip["received"], Style.SANS, 9.5)
        drawing.text(frame.LEFT + 78, base - 8, slip["phone"], Style.SANS, 9.5)
        drawing.text(frame.LEFT, base, slip["date"], Style.SANS, 9.5)

    def own(drawing: Drawing, y: float) -> None:
        fitted = fit(text, Style.SANS, 10, width, 13.0)
        drawing.lines(frame.LEFT, y + top, fitted)
        symbol = qr.symbol(qr.encode(qr.Mark(ORDER, order.number, order.uid)))
        drawing.bitmap(frame.RIGHT - _QR, y + _CUT + 1, _QR, symbol)
        drawing.text(frame.RIGHT - _QR / 2, y + _CUT + _QR + 4.6, order.number, Style.BOLD, 8.5, "middle")

    return Block(_CUT + _SLIP, ("slip",), fixed, own)


def _notice(order: OrderSheet, office: str, made: date, wording: dict[str, Any]) -> tuple[Block, ...]:
    notice, labels = wording["notice"], wording["labels"]
    asked = notice["asked"].get(order.standing) or notice["asked"]["open" if order.due is None else "due"]
    body = notice["body"].format(
        how=notice["how"][order.source].format(office=office), estate=order.estate, place=order.place,
        number=order.number, asked=asked.format(**_words(order, wording)),
    )  # fmt: skip
    above = [
        _plain(notice["to"].format(organisation=order.organisation)),
        _plain("　　" + body, is_last=True),
        *_what(order, labels),
        *_findings(order, wording),
    ]
    day = _day(wording["date"].format(date=made))
    if order.is_ended:
        return (*above, *_done(order, wording), day)
    below = [_signatures(notice["signatures"], wording["signature_date"], _STAMPING), day]
    height = _room([*above, *below], _REPLY_LEAST)
    reply = table.passage(_LABELLED, notice["reply"], "", table.VALUE, height, keep=True)
    return (*above, reply, *below)


def _plain(text: str, *, is_last: bool = False) -> Block:
    """Build a paragraph over the whole width, the last one with the upper rule of the table below it."""
    fitted = fit(text, Style.SANS, 11.0, frame.CONTENT - 4, 60.0)
    height = round(fitted.height + 4.4, 2)

    def fixed(drawing: Drawing, y: float) -> None:
        if is_last:
            drawing.rule(frame.LEFT, y + height, frame.RIGHT, y + height, FRAME)

    def own(drawing: Drawing, y: float) -> None:
        drawing.lines(frame.LEFT + 2, y + 2, fitted)

    return Block(height, ("plain", height, is_last), fixed, own)


def _day(text: str) -> Block:
    def own(drawing: Drawing, y: float) -> None:
        drawing.text(frame.RIGHT, y + 6, text, Style.SANS, 10, "right")

    return Block(8.0, ("day",), lambda _drawing, _y: None, own)


# --- photos, before the work beside afterwards


def _photos(order: OrderSheet, wording: dict[str, Any]) -> Iterator[Block]:
    labels = wording["labels"]
    facts = [
        Fact(labels["estate"], order.estate),
        Fact(labels["place"], order.place),
        Fact(labels["title"], order.title, True),
        Fact(labels["done_at"], _done_at(order, wording)),
        Fact(labels["verified"], _by(order.verified, order.verified_by, wording)),
    ]
    yield from table.facts(facts, frame.LEFT, frame.CONTENT)
    yield table.head(_PAIR, wording["photo_columns"], "photos")
    for number, (before, after) in enumerate(zip_longest(order.before, order.after), 1):
        yield _pair(number, before, after, wording)
    yield _signatures(wording["photo_signatures"], wording["signature_date"], _SIGNING)


def _by(moment: datetime | None, who: str, wording: dict[str, Any]) -> str:
    """Return when and by whom, a blank to be filled in if it has not happened."""
    if moment is None:
        return str(wording["blank_moment"])
    return f"{_moment(moment, wording)}　{who}".strip()


def _pair(number: int, before: OrderPhoto | None, after: OrderPhoto | None, wording: dict[str, Any]) -> Block:
    """Build a row of two pictures with what they show; where there is none, it says so."""
    height = _PICTURE + _CAPTION + 2 * _MARGIN

    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, _PAIR, y, height)

    def own(drawing: Drawing, y: float) -> None:
        assert isinstance(drawing, Page)
        for column, photo in enumerate((before, after)):
            x, width = _PAIR.span(column)
            if photo is None:
                drawing.cell(x, y, width, height, wording["no_photo"], Style.SANS, _ITEM, "middle")
                continue
            size = photo.width, photo.height
            drawing.picture(x + _MARGIN, y + _MARGIN, width - 2 * _MARGIN, _PICTURE, photo.jpeg, size)
            kind = wording["photo_kinds"].get(photo.kind, "")
            text = "　".join(filter(None, (str(number), photo.number, kind, photo.caption)))
            drawing.cell(x, y + _PICTURE + 2 * _MARGIN, width, _CAPTION, text, Style.SANS, 8.5)

    return Block(height, ("pair", before is None, after is None), fixed, own, section="photos")
