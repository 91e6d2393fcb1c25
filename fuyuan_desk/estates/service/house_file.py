"""What the file of a home or an estate states of a house: its place, kind and protection (LS §28, §29)."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import Enum

from sqlalchemy.orm import Session

from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.dossier import Attached, Item, open_value
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.records import Building, Estate
from fuyuan_desk.estates.rules.housing import HistoricArea, HouseKind, Structure, label
from fuyuan_desk.estates.service.holders import Holders, holders_of
from fuyuan_desk.estates.service.notice_pages import PAGES
from fuyuan_desk.estates.service.rows import kind_and_class, surroundings_in_force


def named(kind: type[Enum], stored: object) -> str:
    """Return the name of a stored value, '' for none; one that this version does not know is shown as stored."""
    if stored in (None, ""):
        return ""
    return label(kind(stored)) if stored in {member.value for member in kind} else str(stored)


def yes_no(known: bool | None) -> str:
    """Return yes, no, or '' for unknown."""
    return "" if known is None else _("Yes") if known else _("No")


def hundredths(amount: int | None, unit: str) -> str:
    """Return fen or 0.01 m² as a text with its unit (`{n} yuan`), '' for unknown."""
    if amount is None:
        return ""
    whole, rest = divmod(abs(amount), 100)
    return unit.format(n=f"{'-' if amount < 0 else ''}{whole:,}.{rest:02d}")


def square_metres(area: int | None) -> str:
    """Return an area in 0.01 m² as a text, '' for unknown."""
    return hundredths(area, "{n}\N{NO-BREAK SPACE}㎡")


def place_items(session: Session, estate: Estate, today: date) -> Iterator[Item]:
    """Yield where an estate is and who is responsible for it today."""
    held = holders_of(session, today, estate.id).get(estate.id, Holders())
    yield Item(_("Street"), open_value(estate.street))
    yield Item(_("Residents' committee"), open_value(held.committee))
    yield Item(_("Property company"), open_value(held.property_company))


def house_items(building: Building, estate: Estate) -> Iterator[Item]:
    """Yield kind, construction and protection of a building, its own before the estate's."""
    kind, heritage = kind_and_class(building, estate)
    around = surroundings_in_force(building, estate)
    yield Item(_("House kind"), open_value(named(HouseKind, kind)))
    yield Item(_("Built in"), open_value(building.built_year or estate.built_year))
    yield Item(_("Structure"), open_value(name_of(Structure, building.structure)))
    yield Item(_("Floors"), open_value(building.floors))
    yield Item(_("Lift"), open_value(lift_text(building)))
    yield Item(_("Entrances"), open_value(building.entrance_labels or building.entrances))
    yield Item(_("Heritage class"), open_value("" if heritage is None else label(heritage)))
    yield Item(_("Historic area"), open_value(named(HistoricArea, around.historic_area)))
    yield Item(_("Other protection"), open_value(other_protection(*around[1:])))
    yield Item(_("Own protection requirements"), open_value(building.protection))
    yield Item(
        _("Notice of protection"), open_value(building.notice_no, building.notice_on, _pages(building))
    )


def _pages(building: Building) -> str:
    pages = building.notice_pages
    return numbered(pages, N_("{n} page"), N_("{n} pages")) if pages else ""


def notices(session: Session, buildings: Iterable[Building]) -> tuple[Attached, ...]:
    """Return the pages of the notices of buildings."""
    title = _("Notice of protection {building}")
    return PAGES.in_file(session, {row.id: title.format(building=row.label) for row in buildings})


def lift_text(building: Building) -> str:
    """Return whether a building has a lift, and how many; '' for unknown."""
    return str(building.lifts) if building.has_lift and building.lifts else yes_no(building.has_lift)


def other_protection(preserved_block: bool, retained_building: bool, cultural_relic: bool) -> str:
    """Return the further protection of a house as one text."""
    found = (
        (preserved_block, _("Block or road under preservation")),
        (retained_building, _("Retained historic building")),
        (cultural_relic, _("Cultural relic")),
    )
    return _(", ").join(text for holds, text in found if holds) or _("None recorded")
