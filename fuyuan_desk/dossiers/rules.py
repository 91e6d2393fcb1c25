"""What a receiver gets of a file: everything, the same masked, or what may be posted (PIPL §6, §25, §51).

One function turns values into texts, so that no job masks for itself. Posting is by an allow-list: what is not
declared open is not posted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.dossier import Attached, Column, Item, Listing, Privacy, Section, Value
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.formats.id_numbers import mask_id
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.formats.person import mask_contact
from fuyuan_desk.formats.phones import mask_phone


class Level(Code):
    """How much of a file somebody gets."""

    MASKED = "masked", N_("Masked, as on the screen")
    POSTED = "posted", N_("To be posted: places and states only")
    FULL = "full", N_("Unmasked")


class About(Code):
    """What a file is about."""

    UNIT = "unit", N_("File of a home")
    ESTATE = "estate", N_("File of an estate")


def level_of(is_posted: bool, is_unmasked: bool) -> Level:
    """Return the level that somebody asks for; what is posted is never unmasked."""
    if is_posted:
        return Level.POSTED
    return Level.FULL if is_unmasked else Level.MASKED


def file_number(year: int, serial: int) -> str:
    """Format the number of a printed file, such as DA2026-0007."""
    return f"DA{year}-{serial:04d}"


_MASKS: Mapping[Privacy, Callable[[str], str]] = {
    Privacy.OPEN: str,
    Privacy.OFFICE: str,
    Privacy.NAME: mask_name,
    Privacy.PHONE: mask_phone,
    Privacy.ID_NUMBER: mask_id,
    Privacy.CONTACT: mask_contact,
}


_NAMES_NOBODY = frozenset({Privacy.OPEN, Privacy.OFFICE})


class Place(NamedTuple):
    """Where a value stands in a file: a section by its key, then the number of an item, or of a cell of a table."""

    section: str
    item: int = -1
    listing: int = -1
    row: int = -1
    column: int = -1


@dataclass(frozen=True)
class ShownItem:
    """A label and what the receiver reads; `is_masked`: there is more to it."""

    label: str
    text: str = field(repr=False)
    is_masked: bool = False


@dataclass(frozen=True)
class ShownListing:
    """A table as the receiver reads it; `masked` are the cells, as row and column, to which there is more."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    nothing: str
    masked: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True)
class ShownSection:
    """A part of a file as the receiver reads it; `unknown` are the labels of what is not recorded."""

    key: str
    title: str
    items: tuple[ShownItem, ...] = ()
    unknown: tuple[str, ...] = ()
    listings: tuple[ShownListing, ...] = ()
    withheld: str = ""
    attached: tuple[Attached, ...] = ()


@dataclass(frozen=True)
class Shown:
    """All parts of a file as the receiver reads them; `left_out` are the titles of those that are not posted."""

    sections: tuple[ShownSection, ...]
    left_out: tuple[str, ...] = ()


def shown_sections(sections: Iterable[Section], level: Level) -> Shown:
    """Return a file as a receiver at a level reads it."""
    every = tuple(sections)
    if level is not Level.POSTED:
        return Shown(tuple(_section(section, level) for section in every))
    posted = [(section, _posted(section)) for section in every]
    kept = tuple(_section(part, level) for _whole, part in posted if part.items or part.listings)
    names = {section.key for section in kept}
    left_out = (whole.left_as or whole.title for whole, _part in posted if whole.key not in names)
    return Shown(kept, tuple(dict.fromkeys(left_out)))


def text_of(value: Value, level: Level) -> str:
    """Return a value as a receiver at a level reads it, '' if it is unknown or not for them."""
    if level is Level.POSTED and value.privacy is not Privacy.OPEN:
        return ""
    if level is Level.FULL or not value.texts:
        return _joined(value.texts)
    if value.privacy is Privacy.TAG:
        return numbered(len(value.texts), N_("{n} tag"), N_("{n} tags"))
    mask = _MASKS.get(value.privacy)
    return _("recorded, not shown") if mask is None else _joined(map(mask, value.texts))


def _joined(texts: Iterable[str]) -> str:
    return _(", ").join(texts)


def _posted(section: Section) -> Section:
    """Return the part of a section that may be posted."""
    items = tuple(item for item in section.items if item.value.privacy is Privacy.OPEN)
    listings = (_open_columns(listing) for listing in section.listings if listing.may_post)
    return Section(section.key, section.title, items, tuple(part for part in listings if part.columns))


def _open_columns(listing: Listing) -> Listing:
    """Return a table without the columns in which any value is not open."""
    kept = [
        place
        for place in range(len(listing.columns))
        if all(row[place].privacy is Privacy.OPEN for row in listing.rows)
    ]
    return Listing(
        tuple(listing.columns[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in listing.rows) if kept else (),
        listing.title,
        listing.nothing,
        listing.may_post,
    )


def _section(section: Section, level: Level) -> ShownSection:
    return ShownSection(
        section.key,
        section.title,
        tuple(
            ShownItem(item.label, text_of(item.value, level), _is_masked(item.value, level))
            for item in section.items
            if _known(item)
        ),
        tuple(item.label for item in section.items if not _known(item)),
        tuple(_listing(listing, level) for listing in section.listings),
        section.withheld,
        section.attached,
    )


def attached_text(attached: Iterable[Attached]) -> str:
    """Return what is attached, each with its number of pages."""
    return _("; ").join(
        numbered(len(one.contents), N_("{title}, {n} page"), N_("{title}, {n} pages"), title=one.title)
        for one in attached
    )


def attached_count(shown: Shown) -> int:
    """Return how many pages are attached to what a file states."""
    return sum(len(one.contents) for section in shown.sections for one in section.attached)


MOST_PRINTED = 100


def pages_fault(count: int, level: Level) -> str:
    """Return why attached pages cannot be printed at the end of a file, '' if they can: a picture cannot be masked."""
    if level is not Level.FULL:
        return _("Pages are pictures and cannot be masked: print them with an unmasked file only.")
    if count > MOST_PRINTED:
        return numbered(
            count,
            N_("{n} page is attached; at most {most} are printed. Print the file without them."),
            N_("{n} pages are attached; at most {most} are printed. Print the file without them."),
            most=MOST_PRINTED,
        )
    return ""


def _known(item: Item) -> bool:
    return bool(item.value.texts)


def _listing(listing: Listing, level: Level) -> ShownListing:
    rows = tuple(tuple(text_of(cell, level) for cell in row) for row in listing.rows)
    masked = frozenset(
        (number, column)
        for number, row in enumerate(listing.rows)
        for column, cell in enumerate(row)
        if _is_masked(cell, level)
    )
    return ShownListing(listing.title, listing.columns, rows, listing.nothing, masked)


def _is_masked(value: Value, level: Level) -> bool:
    return level is Level.MASKED and bool(value.texts) and value.privacy not in _NAMES_NOBODY


# --- showing what is masked


@dataclass(frozen=True)
class Masked:
    """A value of a file that is masked on the screen; `name` says what it is without telling it, for the trail."""

    name: str
    value: Value


def section_at(shown: Shown, place: Place) -> ShownSection | None:
    """Return the part of a file in which a place is, None if the file has none of that key."""
    return next((one for one in shown.sections if one.key == place.section), None)


def masked_values(section: Section) -> dict[Place, Masked]:
    """Return the values of a part that are masked on the screen by where they stand there."""
    found: dict[Place, Masked] = {}
    for number, item in enumerate(filter(_known, section.items)):
        if _is_masked(item.value, Level.MASKED):
            found[Place(section.key, item=number)] = Masked(f"{section.title}: {item.label}", item.value)
    for table, listing in enumerate(section.listings):
        for number, row in enumerate(listing.rows):
            for column, cell in enumerate(row):
                if _is_masked(cell, Level.MASKED):
                    name = _name_of_cell(section, listing, number, column)
                    found[Place(section.key, -1, table, number, column)] = Masked(name, cell)
    return found


def _name_of_cell(section: Section, listing: Listing, number: int, column: int) -> str:
    first = listing.rows[number][0]
    row = _joined(first.texts) if first.privacy is Privacy.OPEN else str(number + 1)
    return f"{listing.title or section.title}: {row}, {listing.columns[column].title}"
