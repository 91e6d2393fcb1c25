"""What a receiver gets of a file: masks by how personal a value is, and posting by an allow-list."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.dossier import (
    Column,
    Item,
    Listing,
    Privacy,
    Section,
    Value,
    listing,
    open_value,
    value,
)
from fuyuan_desk.dossiers.rules import Level, Shown, level_of, shown_sections, text_of

SECRETS = {
    Privacy.NAME: ("蔡兰刚", "蔡*"),
    Privacy.PHONE: ("13812345678", "138****5678"),
    Privacy.ID_NUMBER: ("31010119800101000X", "310101********000X"),
    Privacy.CONTACT: ("某路1号某人转交", "某路***"),
    Privacy.TEXT: ("儿子在国外", "recorded, not shown"),
    Privacy.TAG: ("独居老人", "1 tag"),
}


@pytest.mark.parametrize("privacy", SECRETS)
def test_a_value_is_read_as_its_receiver_may(privacy: Privacy) -> None:
    whole, masked = SECRETS[privacy]
    known = value(privacy, whole)
    assert text_of(known, Level.FULL) == whole
    assert text_of(known, Level.MASKED) == masked
    assert text_of(known, Level.POSTED) == ""


@pytest.mark.parametrize("level", Level)
def test_what_is_open_is_read_by_everybody(level: Level) -> None:
    assert text_of(open_value("1号楼"), level) == "1号楼"


def test_several_values_are_masked_each_for_itself() -> None:
    names = value(Privacy.NAME, "蔡兰刚", "", "李强平")
    assert text_of(names, Level.MASKED) == "蔡*, 李*"
    assert text_of(value(Privacy.TAG, "独居老人", "残疾"), Level.MASKED) == "2 tags"


def test_a_value_that_does_not_say_how_personal_it_is_is_the_most_personal() -> None:
    assert text_of(Value(("某某",)), Level.MASKED) == "recorded, not shown"
    assert text_of(Value(("某某",)), Level.POSTED) == ""


@pytest.mark.parametrize(
    ("posted", "unmasked", "level"),
    [
        (False, False, Level.MASKED),
        (False, True, Level.FULL),
        (True, False, Level.POSTED),
        (True, True, Level.POSTED),
    ],
)
def test_what_is_posted_is_never_unmasked(posted: bool, unmasked: bool, level: Level) -> None:
    assert level_of(posted, unmasked) is level


def test_what_is_not_recorded_is_named_and_what_is_withheld_says_so() -> None:
    section = Section(
        "home", "Home", (Item("Use", open_value("Home")), Item("Area", open_value())), withheld="No"
    )
    [shown] = shown_sections([section], Level.MASKED).sections
    assert [(item.label, item.text) for item in shown.items] == [("Use", "Home")]
    assert shown.unknown == ("Area",)
    assert shown.withheld == "No"


def test_a_table_is_posted_only_if_it_may_and_only_in_its_open_columns() -> None:
    columns = (Column("Room"), Column("Holder"))
    rows = [(open_value("101"), value(Privacy.NAME, "蔡兰刚"))]
    homes = Section("homes", "Homes", listings=(listing(columns, rows, may_post=True),))
    people = Section("people", "People", listings=(listing(columns, rows),))
    shown = shown_sections([homes, people], Level.POSTED)
    [section] = shown.sections
    [table] = section.listings
    assert [column.title for column in table.columns] == ["Room"]
    assert table.rows == (("101",),)
    assert shown.left_out == ("People",)


def test_a_title_that_says_too_much_is_not_posted() -> None:
    two = [Section(f"h{n}", f"Household {n}: Tenant", left_as="Households") for n in (1, 2)]
    assert shown_sections(two, Level.POSTED).left_out == ("Households",)
    assert shown_sections(two, Level.MASKED).sections[1].title == "Household 2: Tenant"


def test_one_value_that_is_not_open_keeps_its_whole_column_from_being_posted() -> None:
    rows = [(open_value("公司"),), (value(Privacy.NAME, "蔡兰刚"),)]
    section = Section("a", "A", listings=(listing([Column("Holder")], rows, may_post=True),))
    assert shown_sections([section], Level.POSTED).sections == ()


# --- any file


texts = st.text("蔡兰刚李强平0123456789住", min_size=6, max_size=12)
values = st.builds(
    lambda kind, made: Value(tuple(made), kind), st.sampled_from(Privacy), st.lists(texts, max_size=3)
)


@st.composite
def tables(draw: st.DrawFn) -> Listing:
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.tuples(*[values] * width), max_size=4))
    return listing([Column(f"c{n}") for n in range(width)], rows, may_post=draw(st.booleans()))


files = st.lists(
    st.builds(
        lambda items, lists, key: Section(str(key), f"s{key}", tuple(items), tuple(lists)),
        st.lists(st.builds(Item, st.just("label"), values), max_size=4),
        st.lists(tables(), max_size=2),
        st.integers(),
    ),
    max_size=4,
    unique_by=lambda section: section.key,
)


def words(shown: Shown) -> Iterator[str]:
    for section in shown.sections:
        yield from (item.text for item in section.items)
        for table in section.listings:
            yield from (text for row in table.rows for text in row)


def all_values(sections: list[Section]) -> Iterator[Value]:
    for section in sections:
        yield from (item.value for item in section.items)
        for table in section.listings:
            yield from (cell for row in table.rows for cell in row)


@given(files)
def test_a_posted_file_holds_nothing_but_open_values(sections: list[Section]) -> None:
    every = list(all_values(sections))
    allowed = {", ".join(one.texts) for one in every if one.privacy is Privacy.OPEN}
    assert set(words(shown_sections(sections, Level.POSTED))) <= allowed | {""}


@given(files)
def test_a_masked_file_holds_no_personal_value_and_a_full_one_holds_all(sections: list[Section]) -> None:
    every = list(all_values(sections))
    harmless = {text for one in every if one.privacy in (Privacy.OPEN, Privacy.OFFICE) for text in one.texts}
    personal = {text for one in every for text in one.texts} - harmless
    masked = {part for text in words(shown_sections(sections, Level.MASKED)) for part in text.split(", ")}
    assert not masked & personal
    full = {part for text in words(shown_sections(sections, Level.FULL)) for part in text.split(", ")}
    assert {text for one in every for text in one.texts} <= full


@given(files, st.sampled_from(Level))
def test_every_part_is_shown_or_named(sections: list[Section], level: Level) -> None:
    shown = shown_sections(sections, level)
    named = {section.title for section in shown.sections} | set(shown.left_out)
    assert named == {section.title for section in sections}
