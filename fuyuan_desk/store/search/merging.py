"""Merge the segments of the search index in small steps, outside the transactions that wrote them.

Each transaction adds a segment to the index. Left to itself, the index merges them within a later transaction, all of
a level at once, and a save then waits for the terms of every roster to be rewritten.
"""

from typing import Any

_TABLE = "search_index"
# `automerge` 0: a commit merges nothing. `crisismerge`: from so many segments of one level on it merges them after
# all; reached only if nobody calls `merge`.
_SETTINGS = {"automerge": 0, "crisismerge": 1_000}


def configure(connection: Any) -> None:
    """Let commits merge nothing, on a driver connection without a transaction; raises the driver's errors."""
    known = dict(connection.execute(f"SELECT k, v FROM {_TABLE}_config").fetchall())
    for name, value in _SETTINGS.items():
        if known.get(name) != value:
            connection.execute(f"INSERT INTO {_TABLE}({_TABLE}, rank) VALUES(?, ?)", (name, value))


def merge(connection: Any, pages: int) -> bool:
    """Write about `pages` pages of merged segments, in a transaction of their own; return whether more may be left.

    `connection` is a driver connection without a transaction. Hits stay the same; a step that is cut short leaves
    nothing. Raises the driver's errors.
    """
    before = connection.total_changes
    connection.execute(f"INSERT INTO {_TABLE}({_TABLE}, rank) VALUES('merge', ?)", (pages,))
    # the statement itself counts as one change
    return bool(connection.total_changes - before > 1)
