"""The printed file of a home or an estate: for whom and what for, contents, and all parts with their tables.

The wording is in `resources/forms/dossier.json`; what a receiver may read was decided before (`dossiers/rules.py`).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.dossiers.facts import FilePaper, PagePicture
from fuyuan_desk.dossiers.rules import ShownItem, ShownListing, ShownSection, attached_text
from fuyuan_desk.kit.list_sheet import list_row, shared_widths
from fuyuan_desk.paper import frame, qr, table
from fuyuan_desk.paper.document import Page, Printed
from fuyuan_desk.paper.drawing import Drawing
from fuyuan_desk.paper.flow import Block, paginate
from fuyuan_desk.paper.fonts import Style
from fuyuan_desk.paper.table import Columns, Fact

KIND = "DA"
_LABEL, _THIRD = 21.0, frame.CONTENT / 3  # mm
_LABELLED = Columns.of(frame.LEFT, _LABEL, frame.CONTENT - _LABEL)
_WHOLE = Columns.of(frame.LEFT, frame.CONTENT)
_ROW, _ENTRY, _CAPTION = 5.6, 5.4, 5.6  # mm
_SIZE, _SMALL = 9.0, 8.5  # points
_PIECE = 60.0  # mm; longer texts continue on the next page
_HIGHEST = 24.0  # mm; what would make a row of a table higher stands below the row
_SHORT = 2
"""Up to so many pages a file is read without contents."""
_OWN_ENTRY = 10
"""Tables of so many rows are listed in the contents."""


def file_sheet(paper: FilePaper) -> Printed:
    """Print a file; one of more than a few pages begins with its contents."""
    wording = read_json("forms", "dossier.json")
    title = wording[paper.about.value]
    cover = list(_cover(paper, wording))
    body, anchors = _body(paper, wording)
    blocks = [*cover, *body]
    if len(_pages(blocks)) > _SHORT:
        blocks = _with_contents(cover, body, anchors, wording)
    made = paper.made.astimezone()
    sheet = frame.Sheet(
        paper.office,
        title,
        qr.Mark(KIND, paper.number, paper.uid),
        tuple(blocks),
        wording["notes"][paper.level.value],
        wording["made"].format(time=f"{made:%Y-%m-%d %H:%M}"),
    )
    name = wording["name"].format(title=title, number=paper.number)
    return frame.print_sheets([sheet], name, paper.office, made.date())


def _pages(blocks: Sequence[Block]) -> list[list[Block]]:
    return [[placed.block for placed in page] for page in paginate(blocks, frame.TOP, frame.body()[1])]


def _cover(paper: FilePaper, wording: dict[str, Any]) -> Iterator[Block]:
    made = f"{paper.made.astimezone():%Y-%m-%d}"
    facts = (
        Fact(wording["subject"], paper.subject, wide=True),
        Fact(wording["level"], wording["levels"][paper.level.value]),
        Fact(wording["receiver"], paper.receiver),
        Fact(wording["purpose"], paper.purpose),
        Fact(wording["operator"], wording["made_by"].format(operator=paper.operator, time=made)),
    )
    yield from table.facts(facts, frame.LEFT, frame.CONTENT)


# --- contents


def _with_contents(
    cover: list[Block], body: list[Block], anchors: Sequence[tuple[str, Block]], wording: dict[str, Any]
) -> list[Block]:
    """Put the contents after the cover; their height does not depend on the numbers of the pages."""

    def laid(numbers: dict[int, int]) -> list[Block]:
        entries = (
            _entry(text, wording["page"].format(page=numbers.get(id(block), 0))) for text, block in anchors
        )
        return [*cover, table.bar(_WHOLE, wording["contents"]), *entries, *body]

    pages = enumerate(_pages(laid({})), 1)
    return laid({id(block): number for number, page in pages for block in page})


def _entry(text: str, page: str) -> Block:
    def fixed(drawing: Drawing, y: float) -> None:
        drawing.cell(frame.LEFT, y, frame.CONTENT - 24, _ENTRY, text, Style.SANS, _SIZE)
        drawing.cell(frame.RIGHT - 24, y, 24, _ENTRY, page, Style.SANS, _SIZE, "right")
        drawing.rule(frame.LEFT, y + _ENTRY, frame.RIGHT, y + _ENTRY, 0.3, dashed=True)

    return Block(_ENTRY, ("contents", text, page), fixed)


# --- parts


def _body(paper: FilePaper, wording: dict[str, Any]) -> tuple[list[Block], list[tuple[str, Block]]]:
    """Return the blocks of all parts, and the first block of each with its entry in the contents."""
    blocks: list[Block] = []
    anchors: list[tuple[str, Block]] = []
    for number, section in enumerate(paper.shown.sections, 1):
        title = f"{number}　{section.title}"
        head = table.bar(_WHOLE, title)
        anchors.append((title, head))
        blocks += [head, *_facts(section, wording)]
        for place, listing in enumerate(section.listings):
            found = list(_listing(listing, f"{section.key}-{place}", wording))
            if listing.title and len(listing.rows) >= _OWN_ENTRY:
                anchors.append((f"　　{listing.title}", found[0]))
            blocks += found
    for place, page in enumerate(paper.pages):
        block = _page_picture(page, place, wording)
        if page.number == 1:
            anchors.append((wording["attached_entry"].format(title=page.title), block))
        blocks.append(block)
    if paper.shown.left_out:
        text = wording["left_out"].format(titles="、".join(paper.shown.left_out))
        blocks += _passages(wording["withheld"], text)
    return blocks, anchors


def _facts(section: ShownSection, wording: dict[str, Any]) -> Iterator[Block]:
    pending: list[ShownItem] = []
    for item in section.items:
        if not table.fits_on_one_line(item.text, Style.SANS, _SIZE, _THIRD - _LABEL):
            if pending:
                yield _fact_row(pending)
                pending = []
            yield from _passages(item.label, item.text)
            continue
        pending.append(item)
        if len(pending) == 3:
            yield _fact_row(pending)
            pending = []
    if pending:
        yield _fact_row(pending)
    if section.unknown:
        yield from _passages(wording["unknown"], "、".join(section.unknown))
    if section.withheld:
        yield from _passages(wording["withheld"], section.withheld)
    if section.attached:
        yield from _passages(wording["attached"], attached_text(section.attached))


def _fact_row(items: Sequence[ShownItem]) -> Block:
    """Return up to three facts side by side, each on one line."""
    widths = [width for _item in items for width in (_LABEL, _THIRD - _LABEL)]
    widths[-1] = frame.CONTENT - sum(widths[:-1])  # up to the right edge
    columns = Columns.of(frame.LEFT, *widths)
    labels = tuple(item.label for item in items)
    texts = tuple(item.text for item in items)

    def fixed(drawing: Drawing, y: float) -> None:
        for index, label in enumerate(labels):
            x, width = columns.span(2 * index)
            drawing.fill(x, y, width, _ROW, table.SHADE)
            drawing.cell(x, y, width, _ROW, label, Style.SANS, _SMALL, "middle", pad=0.6, smallest=6.0)
        table.rules(drawing, columns, y, _ROW)

    def own(drawing: Drawing, y: float) -> None:
        for index, text in enumerate(texts):
            x, width = columns.span(2 * index + 1)
            drawing.cell(x, y, width, _ROW, text, Style.SANS, _SIZE)

    return Block(_ROW, ("file-facts", labels), fixed, own)


def _passages(label: str, text: str) -> Iterator[Block]:
    for piece in table.parts(text, _SMALL, _LABELLED.span(1)[1], _PIECE):
        yield table.passage(_LABELLED, label, piece, _SMALL, least=_ROW, own=True)


def _listing(listing: ShownListing, key: str, wording: dict[str, Any]) -> Iterator[Block]:
    """Yield a table whose head is repeated on every page; texts that are too long for a cell stand below the row."""
    if listing.title:
        yield _caption(listing.title)
    if not listing.rows:
        yield from _passages(wording["nothing"], listing.nothing or listing.title)
        return
    wanted = [(column.title, column.width, column.right) for column in listing.columns]
    columns = Columns.of(frame.LEFT, *shared_widths(wanted, listing.rows, frame.CONTENT))
    yield table.head(columns, [column.title for column in listing.columns], key)
    aligned = [column.right for column in listing.columns]
    for row in listing.rows:
        heights = (
            table.room(text, Style.SANS, _SIZE, columns.span(place)[1], _ROW)
            for place, text in enumerate(row)
        )
        long = {place for place, height in enumerate(heights) if height > _HIGHEST}
        texts = [wording["below"] if place in long else text for place, text in enumerate(row)]
        yield list_row(columns, texts, aligned, key)
        for place in sorted(long):
            for block in _passages(listing.columns[place].title, row[place]):
                yield Block(block.height, block.key, block.fixed, block.own, section=key)


def _page_picture(picture: PagePicture, place: int, wording: dict[str, Any]) -> Block:
    """Return an attached page on a page of its own, below a line that says whose it is."""
    title = wording["attached_page"].format(title=picture.title, number=picture.number, of=picture.of)
    height = frame.BOTTOM - frame.TOP

    def own(drawing: Drawing, y: float) -> None:
        assert isinstance(drawing, Page)
        drawing.cell(frame.LEFT, y, frame.CONTENT, _CAPTION, title, Style.BOLD, _SIZE)
        top = y + _CAPTION + 2
        size = picture.width, picture.height
        drawing.picture(frame.LEFT, top, frame.CONTENT, height - _CAPTION - 2, picture.jpeg, size)

    return Block(height, ("attached", place), lambda _drawing, _y: None, own)


def _caption(title: str) -> Block:
    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, _WHOLE, y, _CAPTION)
        drawing.cell(frame.LEFT, y, frame.CONTENT, _CAPTION, title, Style.BOLD, _SIZE)

    return Block(_CAPTION, ("caption", title), fixed, keep=True)
