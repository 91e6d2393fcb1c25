"""The trail keeps a block of records in the JSON that it keeps everything in, whatever the values are."""

from datetime import date
from typing import Any

import pytest

from fuyuan_desk.store.audit import columns, log


@pytest.mark.parametrize(
    "values",
    [
        ["张伟", "李娜", "Zoë"],
        ["501室", "", "甲"],
        ['said "no"', "plain", "plain too"],
        ['"', '","'],
        ["a\\b", "c"],
        ["line\nbreak", "tab\t", "bell\x07"],
        ["delete\x7f", "blank\u3000inside", "half\ud800"],
        [12042, -1, 0],
        [12042, None, 7],
        [True, False],
        [True, 2, None],
        [1.5, 2, None],
        ["mixed", None],
        [None, None],
        [date(2026, 3, 1), None],
        ["same", "same"],
        ["single"],
    ],
)
def test_a_column_reads_as_the_trail_would_write_it(values: list[Any]) -> None:
    logged = {"first": columns.same_or_all(values), 'second «"»': columns.same_or_all(tuple(values))}

    found = columns.encode(range(7, 7 + len(values)), logged)

    assert found == log.encode({"ids": [7, 6 + len(values)], "rows": logged})
