"""Time of a frame of a large chart: 40 floors of 60 rooms, scrolled at 1366×768, and 5,000 cells.

    python -m tests.bench.bench_charts

A frame is one step of both scroll bars and the repainting that follows. The yardstick is a screen of 60 frames a
second, for the slowest of 95 % of the frames, at 100 % and at 150 %; the best of three rounds counts.
"""

import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QPixmap

from fuyuan_desk.formats.charts.data import Grid
from fuyuan_desk.widgets.charts.chart_view import ChartView
from fuyuan_desk.widgets.snapshot import SCREEN, settle
from fuyuan_desk.widgets.theme import apply_theme, make_application
from tests.formats.charts.charts import grid

LIMIT_MS = 16.0
FRAMES, ROUNDS = 120, 3
LAYOUT_LIMIT_MS = 150.0  # what a person does not notice after a click


def frames(view: ChartView, ratio: float) -> list[float]:
    """Scroll a chart and return the milliseconds of each frame, sorted."""
    picture = QPixmap(round(SCREEN[0] * ratio), round(SCREEN[1] * ratio))
    picture.setDevicePixelRatio(ratio)
    across, down = view.horizontalScrollBar(), view.verticalScrollBar()
    times = []
    for number in range(FRAMES):
        start = time.perf_counter()
        across.setValue(across.maximum() * number // FRAMES)
        down.setValue(down.maximum() * number // FRAMES)
        view.viewport().render(picture)
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)


def measure(chart: Grid, ratio: float) -> tuple[float, float, int]:
    """Return the milliseconds of the layout and of 95 % of the frames, and the number of cells."""
    view = ChartView()
    view.resize(*SCREEN)
    view.show()
    settle()
    start = time.perf_counter()
    view.set_chart(chart)
    laid_out = (time.perf_counter() - start) * 1000
    frames(view, ratio)  # fonts and brushes are made once
    slow = min(frames(view, ratio)[round(FRAMES * 0.95) - 1] for _ in range(ROUNDS))
    view.close()
    return laid_out, slow, len(view.shown.elements)


def main() -> int:
    """Print the figures; return 1 when a frame or the layout takes too long."""
    app = make_application()
    apply_theme(app)
    missed = False
    for rows, columns, ratio in ((40, 60, 1.0), (40, 60, 1.5), (50, 100, 1.0)):
        laid_out, frame, cells = measure(grid(rows, columns, groups=4), ratio)
        missed |= frame > LIMIT_MS or laid_out > LAYOUT_LIMIT_MS
        print(
            f"{cells:5,} cells at {ratio:.0%}: frame {frame:5.1f} ms (limit {LIMIT_MS:.0f}), "
            f"layout {laid_out:5.0f} ms (limit {LAYOUT_LIMIT_MS:.0f})"
        )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
