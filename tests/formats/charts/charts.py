"""Charts to lay out, and a ruler whose widths are known."""

from collections.abc import Sequence
from datetime import date, timedelta

from fuyuan_desk.formats.charts.data import (
    Bar,
    Bars,
    Cell,
    Chart,
    Curve,
    Goal,
    Grid,
    Group,
    HeatMap,
    Lane,
    Point,
    Row,
    Series,
    Span,
    State,
    Timeline,
)
from fuyuan_desk.formats.charts.shapes import Look, Pattern, Ruler, Size, Tone

OWNER, LET = Look(Tone.OK), Look(Tone.INFO, Pattern.RISING)
STATES = (State("业主自住", OWNER, "自住"), State("出租", LET, "出租"))
EMPTY = "这里还没有房屋。"


def ruler(em: float = 10.0) -> Ruler:
    """Return a ruler for which a Chinese character is a square and any other one half of it."""
    line = {Size.TITLE: 1.4 * em, Size.TEXT: em, Size.SMALL: 0.8 * em}

    def width(text: str, size: Size) -> float:
        return sum(1.0 if ord(character) > 0x2E7F else 0.5 for character in text) * line[size]

    return Ruler(width, line)


def grid(rows: int, columns: int, label: str = "{floor}{room:02d}室", groups: int = 1) -> Grid:
    """Return a full grid, with every third state unknown."""
    cells = [
        tuple(
            Cell((floor, room), label.format(floor=floor, room=room), (None, 0, 1)[(floor + room) % 3])
            for room in range(1, columns + 1)
        )
        for floor in range(rows, 0, -1)
    ]
    made = tuple(Row(f"{rows - number}楼", row) for number, row in enumerate(cells))
    each = columns // groups
    spans = [each] * (groups - 1) + [columns - each * (groups - 1)]
    return Grid(
        "房屋图", made, tuple(Group(f"{n + 1}号楼", span) for n, span in enumerate(spans)), STATES,
        EMPTY, "套", unknown="不详",
    )  # fmt: skip


def bars(values: Sequence[float | None], label: str = "安居型小区") -> Bars:
    return Bars(
        "各级小区", tuple(Bar(n, f"{label}{n}", value, OWNER) for n, value in enumerate(values)), EMPTY, "个"
    )


def curve(values: Sequence[float | None]) -> Curve:
    points = tuple(Point(n, n, f"11-{n + 1:02d}", value) for n, value in enumerate(values))
    return Curve("回收进度", (Series("已收", LET, points),), EMPTY, "%", (Goal("三分之二", 66.7),), 100)


def heat_map(values: Sequence[Sequence[float | None]]) -> HeatMap:
    columns = len(values[0]) if values else 0
    return HeatMap(
        "工单", tuple(f"{n + 1}号楼" for n in range(len(values))), tuple(f"{n + 1}月" for n in range(columns)),
        tuple(tuple(row) for row in values), EMPTY, "件", "未统计",
    )  # fmt: skip


def timeline(periods: Sequence[tuple[int, int | None]]) -> Timeline:
    start = date(2024, 1, 1)
    spans = tuple(
        Span(
            n,
            f"第{n + 1}级",
            start + timedelta(first),
            None if last is None else start + timedelta(first + last),
            LET,
        )
        for n, (first, last) in enumerate(periods)
    )
    return Timeline(
        "定级", (Lane("南昌路168弄", spans), Lane("富南大厦", spans[:1])), start, date(2026, 11, 20),
        date(2026, 6, 1), EMPTY,
    )  # fmt: skip


def one_of_each() -> tuple[Chart, ...]:
    """Return a chart of each kind with ordinary data."""
    return (
        grid(6, 12, groups=3),
        bars([12, 3.5, None, 0]),
        curve([10, 35, None, 60, 72.5]),
        heat_map([[1, 20, None], [5, 0, 31]]),
        timeline([(0, 200), (220, None), (900, 0)]),
    )


def nothing_of_each() -> tuple[Chart, ...]:
    """Return an empty chart of each kind."""
    return (
        grid(0, 0),
        bars([]),
        Curve("回收进度", (), EMPTY),
        heat_map([]),
        Timeline("定级", (), date(2024, 1, 1), date(2026, 1, 1), empty=EMPTY),
    )
