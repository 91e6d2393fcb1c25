import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fuyuan_desk.paper.fit import POINT, fit, one_line, wrap
from fuyuan_desk.paper.fonts import Style, measure

CHINESE = st.text(
    st.sampled_from("福元小区南昌路弄号甲，。、；（）《》“”：！？12.5㎡-abcXYZ 喆㛃𬭼䶮😀"), max_size=80
)


def widest(lines: tuple[str, ...], size: float) -> float:
    return max(measure(line, Style.SANS) * size * POINT for line in lines)


@given(CHINESE, st.floats(12, 90))
def test_nothing_is_lost_and_nothing_sticks_out(text: str, width: float) -> None:
    fitted = wrap(text, Style.SANS, 10, width)
    assert "".join(fitted.lines).replace(" ", "") == text.replace(" ", "")
    assert widest(fitted.lines, 10) <= width + 0.01


@given(CHINESE, st.floats(10, 80), st.floats(4, 30))
@example("1😀", 10.0, 10.0)
def test_a_cell_is_never_overfull(text: str, width: float, height: float) -> None:
    fitted = fit(text, Style.SANS, 10, width, height)
    assert fitted.height <= height + 0.01 or len(fitted.lines) == 1
    assert widest(fitted.lines, fitted.size) <= width + 0.01
    assert "".join(fitted.lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("text", [
    "承重墙、梁、柱、楼板未拆改，未开槽凿洞。承重墙门窗洞口未扩大！连接阳台的墙体（含窗下墙）未拆；",
    "《住宅室内装饰装修管理办法》、《上海市住宅物业管理规定》“三驾马车”：居委会、业委会、物业。",
])  # fmt: skip
def test_lines_break_where_chinese_may(text: str) -> None:
    for width in range(14, 60):
        lines = wrap(text, Style.SANS, 10, width).lines
        assert not any(line[0] in "，。、；！》）”：" for line in lines), lines
        assert not any(line[-1] in "《（“" for line in lines), lines


@pytest.mark.parametrize(
    "whole", ["91310101MA1FP00000", "2026-11-22", "12.5㎡", "021-62093705", "8:00–18:00"]
)
def test_numbers_stay_whole(whole: str) -> None:
    for lead in range(1, 14):
        lines = wrap("福" * lead + whole + "元" * 9, Style.SANS, 10, 42).lines
        parts = [part for part in whole.split("–") if part]
        assert all(any(part in line for line in lines) for part in parts), lines


def test_a_clause_stays_with_its_statute() -> None:
    assert wrap("装修办法§5(1)、物业规定§56(1)", Style.SANS, 9, 36).lines == (
        "装修办法§5(1)、",
        "物业规定§56(1)",
    )


def test_short_text_keeps_its_size_and_long_text_shrinks_before_it_wraps() -> None:
    assert fit("南昌路", Style.SANS, 10, 40, 8).size == 10
    slightly = fit("南昌路一百六十八弄四号", Style.SANS, 10, 36, 8)
    assert len(slightly.lines) == 1
    assert 8.8 <= slightly.size < 10
    assert len(fit("南昌路一百六十八弄四号甲三层阁楼", Style.SANS, 10, 36, 12).lines) == 2


def test_paragraphs_and_blanks() -> None:
    assert wrap("甲\n\n乙", Style.SANS, 10, 40).lines == ("甲", "", "乙")
    assert wrap("", Style.SANS, 10, 40).lines == ("",)
    assert one_line("", Style.SANS, 10, 40) == 10
    assert one_line("甲" * 100, Style.SANS, 10, 40) * POINT * 100 == pytest.approx(40)
