"""An unexpected log line fails the test that caused it.

A test that expects one reads it from `caplog` and then calls `caplog.clear()`.
Qt's own warnings fail tests too (`qt_log_level_fail` in pyproject.toml); `qtlog` holds them.
"""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_unexpected_log_lines(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail the test if the log contains a warning or worse at its end."""
    yield
    records = {id(record): record for when in ("setup", "call") for record in caplog.get_records(when)}
    unexpected = [record for record in records.values() if record.levelno >= logging.WARNING]
    if unexpected:
        lines = "\n".join(f"{record.levelname} {record.name}: {record.getMessage()}" for record in unexpected)
        pytest.fail(f"unexpected lines in the log:\n{lines}", pytrace=False)
