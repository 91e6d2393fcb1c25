"""The content of a block of records as the trail keeps it: JSON, column by column."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from fuyuan_desk.store.audit import log

_WHOLE_NUMBERS = {int, type(None)}
_BETWEEN = '","'


def same_or_all(values: Sequence[Any]) -> Any:
    """Return the value that all rows of a column have, else all `values`."""
    return values[0] if values.count(values[0]) == len(values) else values


def encode(ids: range, columns: Mapping[str, Any]) -> str:
    """Return the JSON that `log.encode` returns for consecutive ids and columns of `same_or_all`, sooner."""
    rows = ",".join([f"{log.encode(column)}:{_encode(values)}" for column, values in columns.items()])
    return f'{{"ids":[{ids[0]},{ids[-1]}],"rows":{{{rows}}}}}'


def _encode(values: Any) -> str:
    if not isinstance(values, list | tuple):
        return log.encode(values)
    with contextlib.suppress(TypeError):  # not only texts
        joined = _BETWEEN.join(values)
        # nothing in it that JSON escapes: its only quotation marks are those in between
        if joined.isprintable() and "\\" not in joined and joined.count('"') == 2 * (len(values) - 1):
            return f'["{joined}"]'
    if set(map(type, values)) <= _WHOLE_NUMBERS:
        return repr(list(values)).replace(" ", "").replace("None", "null")
    return log.encode(values)
