"""Kinds of record, as used by search, navigation, drafts and printed QR codes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of record that can be found and opened.

    `table` is its table. `code` orders the search hits and is stored in the search index: a new kind gets an unused
    code, existing codes must not change. `is_scope` marks the kind that contains the records of the others: the estate.
    `title` (marked with `N_`) is the heading of its hits.
    """

    name: str
    table: str
    code: int
    title: str
    icon: str
    is_scope: bool = False
