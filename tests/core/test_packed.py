"""A packed list behaves as a list does, whatever is done to it."""

from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.packed import LONG, PackedList, long_list

ROWS = st.integers(0, 1_700)
CHANGES = st.lists(st.tuples(st.integers(0, 1_699), st.text(max_size=3)), max_size=20)


@given(ROWS, CHANGES, st.integers(-1_800, 1_800), st.integers(-1_800, 1_800), st.sampled_from([1, 2, 7, -1]))
def test_it_reads_as_a_list(
    size: int, changes: list[tuple[int, str]], start: int, stop: int, step: int
) -> None:
    plain: list[object] = [[number, "甲"] for number in range(size)]
    packed = PackedList(plain)
    before = packed.copy()
    for place, text in changes:
        if place < size:
            plain[place] = packed[place] = text
    packed.append("z")
    plain.append("z")
    packed += ["y"]
    plain += ["y"]
    assert list(packed) == plain
    assert [packed[place] for place in range(len(packed))] == plain
    assert list(packed[start:stop:step]) == plain[start:stop:step]
    assert list(packed[start:stop][1:]) == plain[start:stop][1:]
    assert packed[-1] == "y"
    assert list(before) == [[number, "甲"] for number in range(size)]


def test_it_takes_a_tenth_of_the_memory() -> None:
    packed = PackedList([f"{number % 100}号", "101室", "张三", float(number)] for number in range(20_000))
    assert sum(map(len, packed._blocks)) < 20_000 * 30


def test_a_short_list_is_an_ordinary_one() -> None:
    assert isinstance(long_list(LONG), list)
    assert isinstance(long_list(LONG + 1), PackedList)
