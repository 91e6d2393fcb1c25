"""Lists of residents that do not say who of them owns a home, holds it of the office or rents it; pure functions."""

import re

from fuyuan_desk.core import paths
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.roster.reading.cells import WORDS
from fuyuan_desk.roster.reading.headers import OTHER_HOLDER
from fuyuan_desk.roster.reading.household_rows import Table

_NOTE = re.compile("[:：]|^[注请]")
_CLOUD = "社区云"
_SAYING = (HoldingRole.OWNER, HoldingRole.TENANT, HoldingRole.RENTER)


def word_for_residents(table: Table, file_name: str) -> str:
    """Return the word by which a table lists residents and not holders, such as 居民; "" for other tables.

    It is looked for where a list says what it is: in the title of the column of names, in the names of sheet and file,
    and in the title, but not in notes (说明：请住户核对). An export of 社区云 lists residents by its columns.
    A table that names owners or public tenants anywhere in these or above any column, or has a column of its own for
    them or for renters, says who holds: 居民名册 with 业主 is a list of owners. What calls itself 名册 and heads its
    names 姓名 or 户主 is no list of residents. Of single rows, which a column of roles or a word beside the name may
    say it of, this says nothing.
    """
    lists = paths.read_json(*WORDS)
    columns = " ".join(column.title for column in table.columns)
    lines = [table.sheet, file_name, *table.title.split("\n")]
    if any(word in _plain(" ".join((*lines, columns))) for word in lists["who_hold"]):
        return ""
    if any(column.holder in _SAYING for column in table.of(OTHER_HOLDER + "name")):
        return ""
    if table.of("person_uuid") and (table.of("residence_no") or table.of("home_no")):
        return _CLOUD
    called = [column.title for column in table.of("name")] + [
        line for line in lines if not _NOTE.search(line)
    ]
    return next((word for word in lists["residents"] if word in _plain(" ".join(called))), "")


def _plain(text: str) -> str:
    """Return a text without the offices and committees in it: 居民区, 业主大会."""
    for office in paths.read_json(*WORDS)["offices"]:
        text = text.replace(office, "")
    return text.lower()
