"""What a kind of record is called: by search, navigation, drafts and printed QR codes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of record that can be found and opened.

    `table` is its table. `code` orders the search hits and is stored in the search index: a new kind takes a free
    code, none is changed. `is_scope` marks the kind in which the records of the others lie: the estate.
    `title` (marked with `N_`) heads the hits of this kind.
    """

    name: str
    table: str
    code: int
    title: str
    icon: str
    is_scope: bool = False
