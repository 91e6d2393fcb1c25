"""Which records are found by what is typed."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.kinds import BUILDING, ESTATE, HOUSEHOLD, UNIT
from fuyuan_desk.inspections.kinds import VISIT
from fuyuan_desk.renovation.kinds import CASE
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search import pinyin
from fuyuan_desk.store.search.index import Entry, Hit

LANE, CHONGQING, TOWER, GARDEN = 1, 2, 3, 4
ZHANG, SHAN, OUYANG, RARE, MAIMAITI, FIRM = 1, 2, 3, 4, 5, 6

KINDS = (ESTATE, CASE, HOUSEHOLD, BUILDING, UNIT, VISIT)
ENTRIES = [
    Entry(ESTATE, LANE, ("南昌路168弄",)),
    Entry(ESTATE, CHONGQING, ("重庆南路20弄",)),
    Entry(ESTATE, TOWER, ("富南大厦",)),
    Entry(ESTATE, GARDEN, ("太阳都市花园后期",)),
    Entry(BUILDING, 1, ("4号",), estate=LANE),
    Entry(BUILDING, 2, ("14号",), estate=LANE),
    Entry(UNIT, 1, ("4号甲亭子间",), estate=LANE),
    Entry(UNIT, 2, ("12号4室",), estate=LANE),
    Entry(HOUSEHOLD, ZHANG, ("张三丰", "4号甲亭子间"), ("13812345678", "021-64731234转8"),
        ("31010119800101000X",), estate=LANE,
    ),
    Entry(HOUSEHOLD, SHAN, ("单乐", "12号4室"), ("13900001111",), estate=LANE),
    Entry(HOUSEHOLD, OUYANG, ("欧阳锋", "A座1201室"), ("+86 137 2222 3333",), estate=TOWER),
    Entry(HOUSEHOLD, RARE, ("喆㛃𬭼䶮", "3号301室"), (), estate=CHONGQING),
    Entry(HOUSEHOLD, MAIMAITI, ("阿卜杜拉·买买提", "3号302室"), (), ("E00012345",), estate=CHONGQING),
    Entry(HOUSEHOLD, FIRM, ("上海长乐物业管理有限公司黄浦分公司", "1楼"), ("63001234",), estate=TOWER),
    Entry(CASE, 1, ("装修2026-0001", "张三丰"), estate=LANE),
]  # fmt: skip


@pytest.fixture
def session(seat: Seat) -> Iterator[Session]:
    """An index with a few records."""
    with seat.store.sessions() as session:
        search.put(session, ENTRIES)
        yield session


@pytest.fixture
def found(session: Session) -> Callable[..., set[tuple[str, int]]]:
    """Search and return all hits."""
    return lambda text, kinds=KINDS, **more: {tuple(hit) for hit in search.find(session, text, kinds, **more)}


HOUSEHOLD_QUERIES = [
    # characters
    ("张三丰", ZHANG), ("三丰", ZHANG), ("丰", ZHANG), ("亭子间", ZHANG), ("甲亭", ZHANG), ("4号甲", ZHANG),
    ("号甲亭", ZHANG), ("12号4室", SHAN), ("喆㛃", RARE), ("㛃𬭼", RARE), ("𬭼䶮", RARE), ("䶮", RARE),
    ("买买提", MAIMAITI), ("阿卜杜拉", MAIMAITI), ("阿卜杜拉·买", MAIMAITI), ("物业管理", FIRM),
    ("长乐物业管理有限公司黄浦分", FIRM), ("上海长乐物业管理有限公司黄浦分公司", FIRM), ("黄浦分公司", FIRM),
    # Pinyin
    ("zhangsanfeng", ZHANG), ("zhangs", ZHANG), ("sanfeng", ZHANG), ("feng", ZHANG), ("zhangsa", ZHANG),
    ("ZhangSanFeng", ZHANG), ("zhang'san", ZHANG), ("tingzi", ZHANG), ("4haojia", ZHANG),
    ("shanle", SHAN), ("shanyue", SHAN), ("danle", SHAN), ("ouyangfeng", OUYANG), ("ouyang", OUYANG),
    ("changle", FIRM), ("wuyeguanli", FIRM), ("maimaiti", MAIMAITI),
    # initials
    ("zsf", ZHANG), ("sf", ZHANG), ("tzj", ZHANG), ("4hj", ZHANG), ("oyf", OUYANG), ("wygl", FIRM),
    # numbers and letters
    ("301室", RARE), ("301", RARE), ("30", RARE), ("3-301", RARE), ("a座1201", OUYANG), ("座1201", OUYANG),
    ("1楼", FIRM),
    # phones and papers
    ("5678", ZHANG), ("8", ZHANG), ("12345678", ZHANG), ("13812345678", ZHANG), ("138", ZHANG), ("1381234", ZHANG),
    ("138 1234 5678", ZHANG), ("138-1234-5678", ZHANG), ("021-64731234", ZHANG), ("0216473", ZHANG),
    ("6473", ZHANG), ("64731234", ZHANG), ("1234", ZHANG), ("13722223333", OUYANG), ("2222 3333", OUYANG),
    ("1234", FIRM), ("000x", ZHANG), ("000X", ZHANG), ("0101000x", ZHANG), ("31010119800101000X", ZHANG),
    ("E00012345", MAIMAITI), ("e00012345", MAIMAITI), ("12345", MAIMAITI), ("E00012346", None), ("E0001234", None),
    ("F00012345", None),
    # several words, in any order, as prefixes
    ("张 5678", ZHANG), ("5678 张", ZHANG), ("zhang 亭子", ZHANG), ("z 5678", ZHANG), ("san zhang", ZHANG),
    # full width
    ("ｚｓｆ", ZHANG), ("５６７８", ZHANG), ("４号甲亭子间", ZHANG), ("张　５６７８", ZHANG),
    # with the estate's name
    ("ncl168 zhang", ZHANG), ("zhang ncl168", ZHANG), ("南昌路168弄4号", ZHANG), ("南昌路168弄4号甲亭子间", ZHANG),
    ("昌路168弄4号甲", ZHANG), ("nanchanglu168nong4hao", ZHANG), ("nanchanglu168long4hao", ZHANG),
    ("ncl168n4h", ZHANG), ("ncl168l4hjtzj", ZHANG), ("南昌 单", SHAN), ("cq 3号 喆", RARE), ("福南", None),
    ("funan ouyang", OUYANG), ("fndsoy", None), ("ncl168 ouyang", None), ("南昌路168弄 301", None),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "household"), HOUSEHOLD_QUERIES)
def test_a_household_is_found(
    found: Callable[..., set[tuple[str, int]]], typed: str, household: int | None
) -> None:
    hits = found(typed, kinds=[HOUSEHOLD])
    assert (HOUSEHOLD, household) in hits if household else not hits


@pytest.mark.parametrize(
    ("typed", "estate"),
    [
        ("昌路16", LANE), ("南昌", LANE), ("168弄", LANE), ("168", LANE), ("路168", LANE), ("ncl168", LANE),
        ("ncl16", LANE), ("cl168", LANE), ("l168", LANE), ("nanchanglu", LANE), ("changlu168", LANE),
        ("nanchanglu168nong", LANE), ("168nong", LANE), ("168long", LANE), ("168n", LANE), ("nanch", LANE),
        ("NCL168", LANE), ("ＮＣＬ１６８弄", LANE), ("南昌路 168", LANE), ("168 南昌", LANE), ("南昌lu", LANE),
        ("重庆", CHONGQING), ("chongqing", CHONGQING), ("cqnl20", CHONGQING), ("qingnanlu20", CHONGQING),
        ("zhongqing", None), ("大厦", TOWER), ("dasha", TOWER), ("daxia", TOWER), ("fnds", TOWER),
        ("taiyangdushi", GARDEN), ("tydshyhq", GARDEN), ("花园后", GARDEN), ("路昌", None), ("南昌路186", None),
        ("昌168", LANE), ("anchang", None), ("ncl1688", None),
    ],
)  # fmt: skip
def test_an_estate_is_found(
    found: Callable[..., set[tuple[str, int]]], typed: str, estate: int | None
) -> None:
    hits = found(typed, kinds=[ESTATE])
    assert hits == ({(ESTATE, estate)} if estate else set())


@pytest.mark.parametrize(
    ("typed", "others"),
    [("4号", SHAN), ("5678", SHAN), ("三丰", SHAN), ("zhangfeng", ZHANG), ("zf", ZHANG), ("678 5", 99)],
)
def test_what_does_not_fit_is_not_found(
    found: Callable[..., set[tuple[str, int]]], typed: str, others: int
) -> None:
    assert (HOUSEHOLD, others) not in found(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "　",
        '"',
        "'",
        "*",
        "^",
        "()",
        "NEAR(",
        "-",
        "+",
        ":",
        "{}",
        "\\",
        "%",
        "_",
        "\0",
        ";--",
        "\U000f0001",
        "†",
    ],
)
def test_nothing_typed_finds_nothing(session: Session, typed: str) -> None:
    assert search.find(session, typed, KINDS) == []


@pytest.mark.parametrize(
    "typed",
    [
        '张"',
        "张*",
        '"张三丰" OR "单"',
        "body:张",
        "NOT 张",
        "张 AND",
        "张 -单",
        "^张",
        "NEAR(张 单, 5)",
        "张\0单",
    ],
)
def test_operators_of_the_query_language_are_harmless(session: Session, typed: str) -> None:
    for hit in search.find(session, typed, kinds=[HOUSEHOLD]):
        assert hit == Hit(HOUSEHOLD, ZHANG)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=40) | st.text(alphabet="张南昌路弄号室0168nclxX \"*()-:'", max_size=30))
def test_anything_may_be_typed(session: Session, typed: str) -> None:
    hits = search.find(session, typed, KINDS, limit=5)
    assert len(hits) <= 5
    assert len(set(hits)) == len(hits)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_every_beginning_of_every_syllable_finds_the_record(session: Session, data: st.DataObject) -> None:
    entry = data.draw(st.sampled_from([one for one in ENTRIES if one.kind in (ESTATE, HOUSEHOLD)]))
    text = entry.texts[0].split("168")[0].split("20")[0].split("·")[0]
    syllables = data.draw(st.sampled_from(pinyin.readings(text)))
    start = data.draw(st.integers(0, len(syllables) - 1))
    spelt = "".join(syllables[start:])
    end = data.draw(st.integers(1, min(len(spelt), 30)))
    for typed in (spelt[:end], text[start:], "".join(syllable[0] for syllable in syllables[start:])):
        assert Hit(entry.kind, entry.record_id) in search.find(session, typed, kinds=[entry.kind])


def test_hits_come_in_the_order_of_kinds(session: Session) -> None:
    hits = search.find(session, "ncl168", KINDS)
    assert hits[0] == Hit(ESTATE, LANE)
    kinds = [hit.kind for hit in hits[1:]]
    assert kinds == sorted(kinds, key=KINDS.index)
    assert set(kinds) == {CASE, HOUSEHOLD, BUILDING, UNIT}


def test_a_record_that_contains_the_word_comes_before_those_of_its_estate(session: Session) -> None:
    search.put(session, [Entry(UNIT, 9, ("南昌间",), estate=TOWER)])
    hits = search.find(session, "南昌", KINDS)
    assert hits[:2] == [Hit(ESTATE, LANE), Hit(UNIT, 9)]
    assert Hit(HOUSEHOLD, ZHANG) in hits


def test_a_renamed_estate_renames_where_its_households_live(session: Session) -> None:
    search.put(session, [Entry(ESTATE, LANE, ("永新坊",))])
    assert search.find(session, "ncl168 zhang", KINDS) == []
    assert Hit(HOUSEHOLD, ZHANG) in search.find(session, "永新坊 张", KINDS)


def test_a_new_entry_replaces_the_old_one(session: Session) -> None:
    search.put(session, [Entry(HOUSEHOLD, ZHANG, ("李四", "4号甲亭子间"), ("13700000000",), estate=LANE)])
    assert search.find(session, "三丰", kinds=[HOUSEHOLD]) == []
    assert search.find(session, "5678", KINDS) == []
    assert search.find(session, "李四", KINDS) == [Hit(HOUSEHOLD, ZHANG)]


def test_of_entries_for_one_record_the_last_counts(session: Session) -> None:
    search.put(session, [Entry(UNIT, 70, ("甲甲",)), Entry(UNIT, 70, ("乙乙",))])
    assert search.find(session, "乙乙", KINDS) == [Hit(UNIT, 70)]
    assert search.find(session, "甲甲", KINDS) == []


def test_a_dropped_record_is_not_found(session: Session) -> None:
    search.drop(session, HOUSEHOLD, [ZHANG, 4711])
    search.drop(session, ESTATE, [LANE])
    assert search.find(session, "三丰", KINDS) == [Hit(CASE, 1)]
    assert search.find(session, "ncl168", KINDS) == []
    assert search.find(session, "ncl168 shan", KINDS) == []


def test_nothing_to_put_or_drop_is_no_error(session: Session) -> None:
    search.put(session, [])
    search.drop(session, UNIT, [])


def test_what_is_undone_is_not_found(session: Session) -> None:
    session.commit()
    search.put(session, [Entry(UNIT, 71, ("丙丙",))])
    assert search.find(session, "丙丙", KINDS)
    session.rollback()
    assert search.find(session, "丙丙", KINDS) == []


def test_ids_of_different_kinds_do_not_meet(session: Session) -> None:
    search.put(session, [Entry(kind, 7, ("同名",)) for kind in reversed(KINDS)])
    assert search.find(session, "同名", KINDS) == [Hit(kind, 7) for kind in KINDS]
    search.drop(session, BUILDING, [7])
    assert Hit(BUILDING, 7) not in search.find(session, "同名", KINDS)


def test_no_kind_is_crowded_out(session: Session) -> None:
    search.put(
        session,
        [Entry(HOUSEHOLD, 1000 + number, ("同名",)) for number in range(200)]
        + [Entry(UNIT, 1000 + number, ("同名",)) for number in range(3)]
        + [Entry(VISIT, 1, ("同名",))],
    )
    hits = search.find(session, "同名", KINDS, limit=20)
    assert len(hits) == 20
    kinds = [hit.kind for hit in hits]
    assert (kinds.count(HOUSEHOLD), kinds.count(UNIT), kinds.count(VISIT)) == (16, 3, 1)
    assert hits[0] == Hit(HOUSEHOLD, 1000)


def test_as_many_hits_come_as_are_asked_for(session: Session) -> None:
    search.put(session, [Entry(UNIT, 1000 + number, ("同名",)) for number in range(1500)])
    assert len(search.find(session, "同名", KINDS, limit=1400)) == 1400
    assert len(search.find(session, "同名", limit=1400, kinds=[UNIT, VISIT])) == 1400


@pytest.mark.parametrize("estate", [1, 64_999, 65_000, 65_001, 70_000_000])
def test_estates_with_any_id_stay_separate(session: Session, estate: int) -> None:
    search.put(
        session,
        [
            Entry(ESTATE, estate, ("丁香里",)),
            Entry(HOUSEHOLD, 500, ("王一",), estate=estate),
            Entry(HOUSEHOLD, 501, ("王一",), estate=estate + 1),
        ],
    )
    assert search.find(session, "dxl 王一", KINDS) == [Hit(HOUSEHOLD, 500)]


def test_a_word_that_fits_very_many_estates_says_nothing_of_the_estate(session: Session) -> None:
    search.put(session, [Entry(ESTATE, 100 + number, (f"丁香路{number}弄",)) for number in range(300)])
    search.put(session, [Entry(HOUSEHOLD, 600, ("王一",), estate=150)])
    assert search.find(session, "丁香路 王一", KINDS) == []
    assert search.find(session, "丁香路50 王一", KINDS) == [Hit(HOUSEHOLD, 600)]


def test_optimizing_removes_dropped_terms_from_the_file(session: Session) -> None:
    def kept() -> bytes:
        rows = session.connection().exec_driver_sql("SELECT block FROM search_index_data")
        return b"".join(rows.scalars())

    session.commit()
    assert "锋".encode() in kept()
    search.drop(session, HOUSEHOLD, [OUYANG])
    search.tidy(session)
    assert "锋".encode() not in kept()
    assert Hit(HOUSEHOLD, ZHANG) in search.find(session, "三丰", KINDS)


def test_kinds_that_lie_between_do_not_crowd_out_those_asked_for(session: Session) -> None:
    search.put(session, [Entry(HOUSEHOLD, 1000 + number, ("同名",)) for number in range(600)])
    search.put(session, [Entry(CASE, 7, ("同名",)), Entry(UNIT, 8, ("同名",))])
    assert search.find(session, "同名", [UNIT, CASE]) == [Hit(CASE, 7), Hit(UNIT, 8)]


@given(st.text("0123456789弄号室楼单元甲路南a- ", max_size=12))
def test_the_parts_of_an_address_have_the_words_that_the_whole_has(address: str) -> None:
    # digits of full width are read like others, but an address is not cut at them
    wide = address.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    assert search.words_of((address,)) == search.words_of((wide,))
