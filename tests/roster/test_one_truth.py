"""One truth, written in random layouts, is read back, or a problem names the row of every difference."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.cn import ric

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.roster.reading.plan import Known, plan_import
from fuyuan_desk.roster.reading.reader import RosterDraft, understand
from fuyuan_desk.roster.reading.rows import Problem, RosterPerson, RosterRow
from fuyuan_desk.workbook.parser import Cell
from tests.roster.likeness import plain, simple
from tests.roster.one_truth import (
    RELATIONS,
    TENURES,
    Dwelling,
    Layout,
    Rendered,
    Someone,
    header_words,
    in_address,
    render,
)

ESTATES = ("长乐新村", "春江花园", "玉兰公寓", "永嘉坊", "福元小区")
FAMILIES, GIVEN = "王李张刘陈杨黄赵吴周徐孙", ("秀英", "芳", "建国", "丽华", "强", "玉珍", "文斌")
NAMES = [family + given for given in GIVEN for family in FAMILIES]
SHARES = (("1/2", "1/2"), ("1/3", "2/3"), ("1/4", "1/4", "1/2"), ("", ""))
OWNED = ("", "commodity", "sold-public", "private")
PERCENT = {"1/2": "50%", "1/4": "25%"}
QUICK = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
Kinds = dict[str, bool]


# --- truths


def id_number(number: int) -> str:
    """Return a resident ID number of nobody: its sequence is 000."""
    first = f"310101{1940 + number % 60}{1 + number % 12:02}{1 + number % 28:02}000"
    return first + ric.calc_check_digit(first + "0")


@st.composite
def people(draw: st.DrawFn, names: list[str], relation: str = "", share: str = "") -> Someone:
    number = NAMES.index(names[0])
    has_id, phones = draw(st.booleans()), draw(st.integers(0, 2))
    return Someone(
        names.pop(0),
        relation,
        share,
        id_number(number) if has_id else "",
        tuple(f"13{7 + at}{2468 + number:04}{1357 + number * 3:04}" for at in range(phones)),
    )


@st.composite
def households(draw: st.DrawFn, names: list[str], kinds: Kinds, place: tuple[str, str, str, str]) -> Dwelling:
    shares = draw(st.sampled_from(SHARES)) if kinds["owners"] and draw(st.booleans()) else ("",)
    holder = draw(people(names, share=shares[0]))
    persons = [draw(people(names, "共有人", share)) for share in shares[1:]]
    if persons:
        # beside several owners stands the telephone of the first; either all of them have a document or only she
        persons = [replace(one, phones=()) for one in persons]
        if not all(one.id_number for one in (holder, *persons)):
            persons = [replace(one, id_number="") for one in persons]
    if kinds["relatives"]:
        for relation in draw(st.lists(st.sampled_from(list(RELATIONS)), max_size=2)):
            persons.append(draw(people(names, relation)))
    renter = None
    if kinds["renters"] and draw(st.booleans()):
        renter = replace(draw(people(names)), id_number="")
    area = draw(st.none() | st.integers(1000, 20000))
    # of public housing several people are one tenant and who lives with her, not owners
    tenure = draw(st.sampled_from(OWNED if len(shares) > 1 else ("", *TENURES)))
    note = draw(st.sampled_from(["", "", "养狗一只", "长期在外地"]))
    return Dwelling(*place, holder, tuple(persons), renter, area, tenure, note)


@st.composite
def truths(draw: st.DrawFn, kinds: Kinds) -> list[Dwelling]:
    """Homes building by building; the first of several estates comes first."""
    start = draw(st.integers(0, len(NAMES) - 1))
    names = [*NAMES[start:], *NAMES[:start]]
    entrances = draw(st.sampled_from([("",), ("",), ("1", "2")]))
    homes: list[Dwelling] = []
    for estate in draw(st.lists(st.sampled_from(ESTATES), min_size=1, max_size=2, unique=True)):
        numbers = st.integers(1, 30).map(str) | st.sampled_from(["A1", "A2", "B12"])
        for building in draw(st.lists(numbers, min_size=1, max_size=2, unique=True)):
            rooms = st.sampled_from(["101", "102", "201", "302", "1102", "301A", "亭子间", "B1-023"])
            for entrance in entrances:
                for unit in draw(st.lists(rooms, min_size=1, max_size=3, unique=True)):
                    homes.append(draw(households(names, kinds, (estate, building, entrance, unit))))
    return homes


# --- layouts


def room_number(text: str) -> Cell:
    return float(text) if text.isdigit() else text


ROOMS: tuple[Callable[[str], Cell], ...] = (
    str,
    room_number,
    in_address,
    lambda text: f"{text}.0" if text.isdigit() else text,
)
ENTRANCES: tuple[Callable[[str], Cell], ...] = ("{}单元".format, str, float)
AREAS: tuple[Callable[[int], Cell], ...] = (
    lambda area: area / 100,
    lambda area: f"{area / 100:.2f}",
    lambda area: f"{area / 100}㎡",
)
PHONES: tuple[Callable[[tuple[str, ...]], Cell], ...] = (
    "/".join,
    "、".join,
    " ".join,
    lambda numbers: float(numbers[0]) if len(numbers) == 1 else "\n".join(numbers),
)


def owners_by(mark: str, shown: str) -> Callable[[Sequence[Someone]], str]:
    """Write several owners in a cell, each with the share as `shown`."""

    def one(owner: Someone) -> str:
        share = PERCENT.get(owner.share, owner.share) if "%" in shown else owner.share
        return owner.name + (shown.replace("%", "").format(share) if share and shown else "")

    return lambda owners: mark.join(one(owner) for owner in owners)


def shares_by(mark: str) -> Callable[[Sequence[str]], str]:
    """Write shares in a column of their own; of percentages a stroke may stand between, of fractions it cannot."""

    def written(shares: Sequence[str]) -> str:
        if mark == "/":
            return (
                mark.join(PERCENT[share] for share in shares)
                if PERCENT.keys() >= set(shares)
                else "、".join(shares)
            )
        return mark.join(shares)

    return lambda shares: written(shares) if all(shares) else ""


@st.composite
def layouts(draw: st.DrawFn, homes: list[Dwelling], kinds: Kinds) -> Layout:
    estates, buildings = {home.estate for home in homes}, {home.building for home in homes}
    lettered = any(not home.building.isdigit() for home in homes)
    places = ["column", "address"]
    if len(estates) == 1:
        places += ["section", "sheet"]
    if len(buildings) == len(estates) == 1:
        places.append("title")
    building_in = draw(st.sampled_from(places))
    known = ["column"] if len(estates) > 1 else ["column", "title", "argument"]
    if building_in == "address":
        known.append("address")
    estate_in = draw(st.sampled_from(known))
    house = draw(st.sampled_from(["{}栋", "{}幢"] if lettered else ["{}号楼", "{}幢", "{}栋", "{}号"]))
    if building_in == "column" and not lettered:
        house = draw(st.sampled_from([house, "{}", "{}.0", "{}#"]))
    shown = draw(st.sampled_from(["", "({})", "（%{}）"]))
    fields = _fields(homes, kinds, estate_in, building_in)
    if kinds["owners"] and not shown:
        fields.append("share")
    renter_in_row = draw(st.booleans())
    if draw(st.booleans()):
        fields.append("seq")
    if kinds["renters"] and renter_in_row:
        fields.append("role")
    order = draw(st.permutations(fields))
    if kinds["renters"] and not renter_in_row:
        order += ["renter", "renter_phone"]  # what follows a renter's name is the renter's
    return Layout(
        fields=tuple(order),
        headers={name: draw(st.sampled_from(header_words(name))) for name in order},
        estate_in=estate_in,
        building_in=building_in,
        house=house,
        room=draw(st.sampled_from(ROOMS)),
        entrance=draw(st.sampled_from(ENTRANCES)),
        repeat=draw(st.sampled_from(["full", "blank", "ditto", "merged"])),
        phone=draw(st.sampled_from(PHONES)),
        area=draw(st.sampled_from(AREAS)),
        owners=owners_by(draw(st.sampled_from("、，/; ")), shown),
        shares=shares_by(draw(st.sampled_from("、/"))),
        padded=draw(st.booleans()),
        in_rows=kinds["relatives"],
        renter_in_row=renter_in_row,
        total=draw(st.booleans()),
        repeated_header=draw(st.booleans()),
        as_numbers=draw(st.booleans()),
    )


def _fields(homes: list[Dwelling], kinds: Kinds, estate_in: str, building_in: str) -> list[str]:
    fields = ["name", "phone", "id", "area", "tenure", "note"]
    if estate_in == "column":
        fields.append("estate")
    if building_in == "address":
        fields.append("address")
    else:
        fields.append("unit")
        fields += ["building"] if building_in == "column" else []
        fields += ["entrance"] if any(home.entrance for home in homes) else []
    return fields + (["relation"] if kinds["relatives"] else [])


# --- comparing

PLACE = ("estate", "building", "entrance", "unit")


def differences(homes: Sequence[Dwelling], rows: Sequence[RosterRow]) -> list[tuple[str, str, str]]:
    """Return what was read otherwise than the truth: the name of whom it concerns, the field, and how."""
    found: list[tuple[str, str, str]] = []
    by_name: dict[str, list[RosterRow]] = {}
    for row in rows:
        by_name.setdefault(plain(row.name), []).append(row)
    for home in homes:
        for wanted, role in ((home.holder, "owner"), (home.renter, "renter")):
            if wanted is None:
                continue
            got = by_name.pop(wanted.name, [])
            if len(got) != 1:
                found.append((wanted.name, "name", f"{len(got)} households"))
                continue
            found += [(wanted.name, *fault) for fault in _of_household(home, wanted, role, got[0])]
    at_row = {(row.sheet, row.row): name for name, several in by_name.items() for row in several}
    found += [(f"@{sheet}!{row}", "name", f"household of {name!r}") for (sheet, row), name in at_row.items()]
    return found


def _of_household(home: Dwelling, wanted: Someone, role: str, got: RosterRow) -> list[tuple[str, str]]:
    expected: list[tuple[str, Any, Any]] = [
        (name, value, getattr(got, name)) for name, value in zip(PLACE, home.place, strict=True)
    ]
    expected += [(name, getattr(wanted, name), getattr(got, name)) for name in ("id_number", "phones")]
    expected.append(("role", role == "renter", got.role == "renter"))
    if role == "owner":
        expected += [(name, getattr(home, name), getattr(got, name)) for name in ("area", "tenure")]
        expected.append(("share", wanted.share, got.share))
        expected.append(("note", home.note, home.note if home.note in got.remarks else got.remarks))
        for person in home.persons:
            its = next((one for one in got.persons if plain(one.name) == person.name), None)
            if its is None:
                expected.append(("persons", person.name, None))
                continue
            relation = RELATIONS.get(person.relation, "co-owner")
            expected += [("relation", relation, its.relation), ("share", person.share, its.share)]
            expected += [
                (name, getattr(person, name), getattr(its, name)) for name in ("id_number", "phones")
            ]
        expected.append(("persons", len(home.persons), len(got.persons)))
    return [
        (name, f"{is_!r}, should be {should!r}")
        for name, should, is_ in expected
        if simple(name, should) != simple(name, is_)
    ]


# the columns that a difference may come from; a problem of another column says nothing of it
SOURCES = {
    **dict.fromkeys(PLACE, (*PLACE, "address")),
    "id_number": ("id",),
    "phones": ("phone", "renter_phone"),
    "persons": ("name", "relation"),
    "role": ("role", "renter"),
    "share": ("share", "name"),
}


def is_told(problems: Sequence[Problem], made: Rendered, layout: Layout, whom: str, field: str) -> bool:
    """Return whether a problem names the row, or the column's header, that a difference comes from."""
    letters = {
        chr(65 + layout.fields.index(name)) for name in SOURCES.get(field, (field,)) if name in layout.fields
    }
    if whom.startswith("@"):
        sheet, row = whom[1:].split("!")
        rows = {(sheet, int(row))}
    else:
        rows = set(made.rows_of[whom])
    return any(
        ((problem.sheet, problem.row) in rows and problem.column in {"", *letters})
        or ((problem.sheet, problem.row) in made.header_rows and problem.column in letters)
        for problem in problems
    )


def silent_differences(homes: Sequence[Dwelling], layout: Layout) -> list[str]:
    """Return every difference between a truth and what is read of it that no problem tells."""
    made = render(homes, layout)
    try:
        draft: RosterDraft = understand(made.book, made.estate)
    except InvalidInput as error:
        return [f"refused: {error}", *_shown(made)]
    plan = plan_import(draft.rows, Known())
    problems = (*draft.problems, *plan.problems)
    silent = [
        f"{whom}: {field} is {how}"
        for whom, field, how in differences(homes, [row for _estate, _unit, row in plan.households])
        if not is_told(problems, made, layout, whom, field)
    ]
    units = len({home.place for home in homes})
    if not silent and not problems and len(plan.units) != units:
        silent.append(f"{len(plan.units)} units, should be {units}")
    if silent:
        silent += [f"told: {one.sheet} {one.column}{one.row} {one.message}" for one in problems]
        silent += [f"given: {made.estate!r}", *_shown(made)]
    return silent


def _shown(made: Rendered) -> list[str]:
    return [line for sheet in made.book.sheets for line in (f"[{sheet.name}]", *map(repr, sheet.rows))]


PLAIN: Kinds = {"owners": False, "relatives": False, "renters": False}


@pytest.mark.parametrize("kinds", [PLAIN, *({**PLAIN, name: True} for name in PLAIN)], ids=["homes", *PLAIN])
@QUICK
@given(data=st.data())
def test_a_truth_comes_back_or_its_differences_are_told(kinds: Kinds, data: st.DataObject) -> None:
    homes = data.draw(truths(kinds))
    layout = data.draw(layouts(homes, kinds))
    silent = silent_differences(homes, layout)
    if silent:
        raise AssertionError("\n".join(silent))


MISREAD: dict[str, Any] = {
    "estate": "别处新村",
    "building": "99号楼",
    "entrance": "9单元",
    "unit": "909室",
    "name": "别人",
    "role": "renter",
    "id_number": "",
    "phones": (),
    "area": 1,
    "tenure": "private",
    "remarks": "",
    "persons": (RosterPerson("别人", "child"),),
}


@pytest.mark.parametrize("field", MISREAD)
def test_the_comparison_notices_a_misread_field(field: str) -> None:
    who = Someone("王秀英", id_number=id_number(0), phones=("13812345678",))
    home = Dwelling(ESTATES[0], "1", "2", "301", who, area=5000, tenure="commodity", note="养狗一只")
    row = RosterRow(
        "Sheet1", 2, ESTATES[0], "1号楼", "2单元", "", "301室", who.name, False, "owner", "resident", who.id_number,
        who.phones, "commodity", "", 5000, None, None, False, None, None, None, None, "", "", "养狗一只",
    )  # fmt: skip
    assert differences([home], [row]) == []
    assert differences([home], [row._replace(**{field: MISREAD[field]})])
