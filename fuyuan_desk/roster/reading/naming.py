"""Naming the estates of a roster: by request, column, title, address or file name; and their streets and addresses."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from operator import itemgetter

from fuyuan_desk.core.packed import Rows, renewed
from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading import places
from fuyuan_desk.roster.reading.damage import is_damaged
from fuyuan_desk.roster.reading.estate_parts import building_in, may_be_estate, titled_part, whole_estate
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.parts import Survey
from fuyuan_desk.roster.reading.rows import INFO, WARNING, Problem, RosterRow
from fuyuan_desk.roster.reading.titles import (
    is_address,
    is_part_of_estate,
    lanes_named,
    part_of_estate,
    read_title,
)
from fuyuan_desk.workbook.reader import Workbook

_LISTED = 4
_HINTS = ("building", "entrance", "floor")
# so many houses that rows with a street and rows without one have in common are in that street
_PROVE = 2
_OWN = "own"
_LANE = re.compile(r"\d+弄")
_HOUSE = itemgetter(*map(places.Place._fields.index, ("estate", "street", "area", "building")))
_NUMBERED_SHEET = re.compile(r"\d{1,3}[A-Za-z]?")


def hints_of(table: Table, workbook: Workbook, estates: Collection[str]) -> tuple[str, str, str]:
    """Return the building, entrance and floor in the `estates` of its rows that the sheet, title or file names."""
    read = [read_title(title) for title in (table.sheet, *table.title.split("\n"), workbook.path.stem)]
    read = [one._replace(building=building_in(one, estates)) for one in read]
    building, entrance, floor = (
        next(filter(None, texts), "") for texts in ([getattr(one, part) for one in read] for part in _HINTS)
    )
    if not building and _NUMBERED_SHEET.fullmatch(table.sheet.strip()):
        building = f"{table.sheet.strip()}号楼"  # sheets named 1, 2, 3 for the buildings
    return building, entrance, floor


def within_titles(
    found: Sequence[Rows[places.Place]], hints: Sequence[tuple[str, str, str]]
) -> list[Rows[places.Place]]:
    """Return the places with the part of the estate that a title names before their buildings: 29支弄, A区."""
    return [
        _within(of_part, hint[0]) if is_part_of_estate(hint[0]) else of_part
        for of_part, hint in zip(found, hints, strict=True)
    ]


def _within(found: Rows[places.Place], above: str) -> Rows[places.Place]:
    return renewed(
        found,
        lambda place: (
            place._replace(building=above + place.building)
            if place.building and not _has_part(place.building, above)
            else place
        ),
    )


def _has_part(building: str, above: str) -> bool:
    # 西苑3号楼 is not in 东苑
    either_way = may_be_estate(above) and may_be_estate(part_of_estate(building))
    return either_way or building.startswith(above)


def about_titles(
    surveys: Sequence[Survey],
    found: Sequence[Rows[places.Place]],
    hints: Sequence[tuple[str, str, str]],
) -> list[Problem]:
    """Return a problem for each table of which the title names another building than all its rows."""
    problems = []
    for one, of_table, (building, _entrance, _floor) in zip(surveys, found, hints, strict=True):
        if one.rows.start:
            continue  # told of the first part of a long table
        own = dict.fromkeys(place.building for place in of_table)
        if not building or not all(own) or any(map(partial(_agrees, building), own)):
            continue
        message = _(
            "The title names the building «{building}», but the rows name others: {others}. The rows count. Check it."
        ).format(building=building, others=listed_estates(list(own)))
        problems.append(Problem(one.table.sheet, one.row_of(0), "", building, message))
    return problems


def _agrees(titled: str, own: str) -> bool:
    return places.is_within(titled, own) or places.is_within(own, titled) or own.startswith(titled)


def _titled_estate(table: Table) -> str:
    read = map(read_title, (*table.title.split("\n"), table.sheet))
    return next(filter(None, map(whole_estate, read)), "")


def name_estates(
    surveys: Sequence[Survey], workbook: Workbook, estate_name: str
) -> tuple[list[dict[str, str]], dict[str, str], tuple[str, ...], dict[str, Table]]:
    """Name the estates: by request, column, title, address or file name, in this order.

    Return for each table a dictionary from the rows' estate to its name, the estates' addresses, the estates that the
    roster itself names where all are put into the requested one, and those by whose names they may be a part of one,
    each with its first table.
    """
    addresses: dict[str, str] = {}
    for one in surveys:
        addresses |= one.addresses
    own_names = [Counter(place.estate for place in one.found) for one in surveys]
    stem = workbook.path.stem
    from_file = whole_estate(read_title(stem))
    common = _common_estate(sum(own_names, Counter[str]()), addresses)
    requested = " ".join(estate_name.split())
    names: list[dict[str, str]] = []
    replaced: dict[str, str] = {}
    titles = [_titled_estate(one.table) for one in surveys]
    # the only estate that other tables name is that of a table without a title, too
    alone = _only(filter(None, titles))
    parts: dict[str, Table] = {}
    for one, counts, titled in zip(surveys, own_names, titles, strict=True):
        if not (titled or from_file or requested):
            same = [other for other in surveys if other.table is one.table]
            titled = titled_part((*one.table.title.split("\n"), one.table.sheet, stem), same)
            parts |= {titled: one.table} if titled and titled not in parts else {}
        of_table = {}
        for own in counts:
            known = own if own in addresses else _estate_of(own, titled, common, from_file) or alone
            name = of_table[own] = requested or known
            if requested and known:
                replaced.setdefault(places.same_estate(known), known)
            if own != name and is_address(own) and not own.startswith(name):
                addresses.setdefault(name, own)
            elif addresses.get(own):
                addresses.setdefault(name, addresses[own])
        names.append(of_table)
    return names, addresses, tuple(replaced.values()), parts


def _only(names: Iterable[str]) -> str:
    """Return the one that all names are, "" if there are several."""
    distinct = {places.same_estate(name): name for name in names}
    return next(iter(distinct.values())) if len(distinct) == 1 else ""


def settle_addresses(
    surveys: Sequence[Survey], names: Sequence[Mapping[str, str]], addresses: dict[str, str], written: str
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the streets of each estate in which the rows' own addresses name several, or one that is not its own.

    Those estates have no single address; the others get the rows' street, with the district before it, in `addresses`.
    `written` is the text of the titles, which may name the street. Return also the estates' own lanes, by estate, where
    labels of buildings begin with a lane.
    """
    streets: dict[str, dict[str, None]] = {}
    areas: dict[str, dict[str, None]] = {}
    lanes: dict[str, set[str]] = {}
    houses: dict[str, dict[str, set[str]]] = {}
    for one, named in zip(surveys, names, strict=True):
        for estate, street, area, building in dict.fromkeys(map(_HOUSE, one.found)):
            name = named[estate]
            if street and not is_damaged(street):  # its row is rejected, and changes no other
                streets.setdefault(name, {})[street] = None
            if area and not is_damaged(area):
                areas.setdefault(name, {})[area] = None
            # 大兴坊（大兴街50弄）3号 says itself that the street is the estate's
            is_own = street and not one.addresses and estate != street and estate == name
            houses.setdefault(name, {}).setdefault(street, set()).add(_OWN if is_own else building)
            if "弄" in building and (found := _LANE.match(building)):
                lanes.setdefault(name, set()).add(found[0])
    of_lanes = {
        name: lane
        for name, of_estate in lanes.items()
        for lane in of_estate
        if _names_lane(lane, (name, written, addresses.get(name, ""), *streets.get(name, ())))
    }
    several = {name: list(found) for name, found in streets.items() if len(found) > 1}
    for name, of_estate in streets.items():
        street = next(iter(of_estate))
        is_told = street in written or street.endswith(of_lanes.get(name, street + " "))
        may_be_stray = name not in several and not is_told and _is_stray(name, street, houses[name])
        if may_be_stray and _count(surveys, names, name, street) < _count(surveys, names, name, ""):
            several[name] = [street]
        if name in several:
            addresses.pop(name, None)
        elif places.same_estate(street) != places.same_estate(name):
            addresses.setdefault(name, street)
    for name, of_estate in areas.items():
        if name not in several and (street := addresses.get(name) or next(iter(streets.get(name, ())), "")):
            addresses[name] = max(of_estate, key=len) + street
    return several, of_lanes


def _names_lane(lane: str, texts: Sequence[str]) -> bool:
    return any(re.search(rf"(?<!\d){lane}", text) for text in texts)


def without_own_lanes(
    found: Sequence[Rows[places.Place]], names: Sequence[Mapping[str, str]], lanes: Mapping[str, str]
) -> list[Rows[places.Place]]:
    """Return the places without the estate's own lane before a building: 181弄7号 in 太仓路181弄 is 7号."""
    if not lanes:
        return list(found)
    return [
        renewed(of_part, partial(_without_lane, named, lanes))
        for of_part, named in zip(found, names, strict=True)
    ]


def _without_lane(named: Mapping[str, str], lanes: Mapping[str, str], place: places.Place) -> places.Place:
    lane = lanes.get(named[place.estate], "")
    house = place.building.removeprefix(lane)
    if not lane or not house or house == place.building:
        return place
    house += "号" if house.isdigit() else ""
    return place._replace(
        building=house, told="、".join(one for one in place.told.split("、") if one != lane)
    )


def _count(surveys: Sequence[Survey], names: Sequence[Mapping[str, str]], name: str, street: str) -> int:
    """Return how many rows of an estate name a street."""
    return sum(
        place.street == street and named[place.estate] == name
        for one, named in zip(surveys, names, strict=True)
        for place in one.found
    )


def _is_stray(name: str, street: str, houses: Mapping[str, Collection[str]]) -> bool:
    """Whether the only street that rows of an estate name may be that of a few of them who live elsewhere.

    Others name none, and those that do have hardly a house in common with them.
    """
    others, there = houses.get("", ()), houses[street]
    if street in name or _OWN in there or not others:
        return False
    common = {_bare(house) for house in others} & {_bare(house) for house in there}
    return len(common) < _PROVE


def _bare(house: str) -> str:
    return house.rstrip("号楼幢栋座")


def about_areas(
    surveys: Sequence[Survey],
    names: Sequence[Mapping[str, str]],
    several: Collection[str],
) -> list[Problem]:
    """Return a problem for each further district, street or town that the rows of an estate name, at its first row.

    In the estates of `several` streets, which have no address of their own, also for the first.
    """
    first: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    problems = []
    for one, named in zip(surveys, names, strict=True):
        for index, place in enumerate(one.found):
            area = place.area
            if not area or is_damaged(area) or ((name := named[place.estate]), area) in seen:
                continue
            seen.add((name, area))
            known = first.setdefault(name, area)
            severity = INFO if area in known or known in area else WARNING
            if severity == INFO and name not in several:
                continue
            message = _(
                "The rows of «{estate}» are in {first} and in {other}. If these are two estates, give each row its "
                "estate in a column of its own."
            )
            if severity == INFO:
                message = _("«{estate}» has no single address, so «{other}» before the street was left out.")
            row = one.row_of(index)
            text = message.format(estate=name, first=known, other=area)
            problems.append(Problem(one.table.sheet, row, "", area, text, severity))
    return problems


def about_streets(rows: Sequence[RosterRow], streets: Mapping[str, Sequence[str]]) -> list[Problem]:
    """Return a problem for each street of an estate of several, at the first row of the street.

    Where only a few rows name a street at all, each of them is told of.
    """
    first: dict[tuple[str, str, int], RosterRow] = {}
    for row in rows if streets else ():
        if row.street and row.estate in streets:
            number = row.row if len(streets[row.estate]) == 1 else 0
            first.setdefault((row.estate, row.street, number), row)
    message = _(
        "The rows of «{estate}» have {n} addresses: {streets}. The same number in another street is another "
        "building, so this one is named «{building}»."
    )
    alone = _(
        "Most rows of «{estate}» name no street, this one is in {streets}: unless the store says that the estate is "
        "there, its building is another one, named «{building}». If it is the estate's own address, write it in all "
        "rows; if not, leave the row out."
    )
    return [
        Problem(
            row.sheet,
            row.row,
            "",
            row.street,
            (alone if len(streets[row.estate]) == 1 else message).format(
                estate=row.estate,
                n=len(streets[row.estate]),
                streets=listed_estates(streets[row.estate]),
                building=row.building,
            ),
            home=row.home,
        )
        for row in first.values()
    ]


def _common_estate(estates: Counter[str], named: Mapping[str, str]) -> str:
    counts = Counter({estate: count for estate, count in estates.items() if estate and estate not in named})
    if not counts:
        return ""
    return places.road_of_houses(list(counts)) or counts.most_common(1)[0][0]


def _estate_of(own: str, titled: str, common: str, from_file: str) -> str:
    if own and not is_address(own):
        return own
    if titled:
        # a title that is an address does not apply to rows of another lane
        return (
            own
            if own and is_address(titled) and (len(lanes_named(titled)) > 1 or not _ends_with(titled, own))
            else titled
        )
    if common and own and not is_address(common):
        return common
    if from_file and not (own and is_address(from_file)):
        return from_file
    return own or common or from_file


def _ends_with(titled: str, own: str) -> bool:
    return places.same_estate(titled).endswith(places.same_estate(own))


def listed_estates(names: Sequence[str]) -> str:
    """Return the first few of several names, with a mark if there are more."""
    return _(", ").join(names[:_LISTED]) + (" …" if len(names) > _LISTED else "")
