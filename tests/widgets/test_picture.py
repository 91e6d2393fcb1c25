"""Icons and text on screens of different scale, in a process of its own that has two of them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fuyuan_desk.core import paths

SCREENS = [  # as Windows has them: the scale is in the dots per inch
    {"name": "one", "x": 0, "y": 0, "width": 1366, "height": 768, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1},
    {"name": "two", "x": 1366, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 144, "logicalBaseDpi": 96,
     "dpr": 1},
]  # fmt: skip

MOVE = """
import json
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.picture import Picture
from fuyuan_desk.widgets.theme import apply_theme, make_application
application = make_application()
window = QWidget()
apply_theme(application, window=window)
picture, banner = Picture("star", 20), Banner()
column = QVBoxLayout(window)
column.addWidget(picture)
column.addWidget(banner)
banner.say("warn", "Look")
window.setGeometry(40, 40, 300, 200)
window.show()
application.processEvents()
pictures = [picture, *banner.findChildren(Picture)]

def state():
    return [[made.pixmap().devicePixelRatio(), made.pixmap().width(), made.sizeHint().width()] for made in pictures]

found = {"screens": len(application.screens()), "before": state()}
window.windowHandle().setScreen(application.screens()[-1])
window.setGeometry(1500, 40, 300, 200)
for _time in range(5):
    application.processEvents()
found["after"] = state()
found["rounding"] = QGuiApplication.highDpiScaleFactorRoundingPolicy().name
print(json.dumps(found))
"""


def run(script: str, platform: str, **environment: str) -> dict[str, Any]:
    told = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, check=True, cwd=paths.resource().parent,
        env={**os.environ, "QT_QPA_PLATFORM": platform, **environment},
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return answer


def test_an_icon_is_drawn_again_on_a_screen_of_another_scale(tmp_path: Path) -> None:
    config = tmp_path / "screens.json"
    config.write_text(
        json.dumps({"synchronousWindowSystemEvents": True, "screens": SCREENS}), encoding="utf-8"
    )
    found = run(MOVE, f"offscreen:configfile={config}")
    assert found["screens"] == 2
    assert found["before"] == [[1, 20, 20]] * 2
    assert found["after"] == [[1.5, 30, 20]] * 2


@pytest.mark.parametrize("scale", [1, 1.25, 1.5, 1.75, 2])
def test_a_scale_between_is_not_rounded(scale: float) -> None:
    found = run(MOVE, "offscreen", QT_SCALE_FACTOR=str(scale))
    assert found["rounding"] == "PassThrough"
    assert found["before"] == [[scale, round(20 * scale), 20]] * 2
