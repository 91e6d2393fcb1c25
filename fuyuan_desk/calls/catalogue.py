"""What of calls stands in `resources/`: service labels, and the columns of the month sheet."""

from collections.abc import Mapping
from typing import Any

from fuyuan_desk.core.paths import read_json


def labels() -> tuple[str, ...]:
    """Return the service labels that are offered."""
    return tuple(read_json("calls", "labels.json")["labels"])


def month_sheet() -> Mapping[str, Any]:
    """Return the wording of the month sheet: `columns`, `month` and what stands for what is masked."""
    wording: Mapping[str, Any] = read_json("calls", "month_sheet.json")
    return wording
