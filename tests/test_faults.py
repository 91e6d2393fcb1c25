import sys
from pathlib import Path

import pytest

from fuyuan_desk import faults


def blow_up(name: str) -> None:
    raise ValueError(f"the value {name} is personal")


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "logs" / "fuyuan_desk.log"
    monkeypatch.setattr(faults, "log_file", lambda: file)
    return file


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    faults.catch_all(heard.append)
    return heard


def throw(name: str) -> None:
    try:
        blow_up(name)
    except ValueError as bug:
        sys.excepthook(type(bug), bug, bug.__traceback__)


def test_a_bug_is_logged_without_values_and_told_calmly(
    log: Path, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    throw("段志洋")
    written = log.read_text(encoding="utf-8")
    assert "ValueError" in written
    assert "blow_up" in written
    assert "段志洋" not in written
    assert "personal" not in written
    assert str(log) in told[0]
    caplog.clear()


def test_without_a_place_for_the_log_it_is_told_all_the_same(
    told: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(faults, "log_file", lambda: tmp_path / "file" / "log" / "x.log")
    throw("x")
    assert "start it again" in told[0]


def test_ctrl_c_stays_what_it_is(told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert told == []
    assert "KeyboardInterrupt" in capsys.readouterr().err
