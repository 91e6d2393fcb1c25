"""The roster for 社区云 as a text table, with the stamp of its export in a note beside it."""

import re
from collections.abc import Sequence
from pathlib import Path

from fuyuan_desk.core.files import write_atomically
from fuyuan_desk.estates.catalogue import community_roster

_BREAKS = re.compile(r"[\t\r\n\v\f]+")
# what a spreadsheet would take for a formula; the reader of rosters drops the apostrophe, a telephone keeps its plus
_FORMULA = re.compile(r"[=@]|[+-](?!\d+(?:/|$))")


def write_community(path: Path, rows: Sequence[Sequence[str]], lead: Sequence[str]) -> Path:
    """Write rows with the names of the columns first, and return the note with the lines of the export's stamp.

    The table is UTF-8 with a byte order mark, so that Excel recognises it, and has no other lines, which 社区云 would
    take for people. The note comes first: there is never a table without it. Raises `Unusable` if it cannot be written.
    """
    wording = community_roster()
    note = path.with_name(f"{path.stem}-{wording['about']}.txt")
    write_atomically(note, ("\ufeff" + "\r\n".join((*lead, *wording["explained"], ""))).encode())
    lines = ["\t".join(map(_cell, row)) for row in (wording["columns"], *rows)]
    write_atomically(path, ("\ufeff" + "\r\n".join((*lines, ""))).encode())
    return note


def _cell(text: str) -> str:
    plain = _BREAKS.sub(" ", text).strip()
    safe = f"'{plain}" if _FORMULA.match(plain) else plain
    return '"{}"'.format(safe.replace('"', '""')) if '"' in safe else safe
