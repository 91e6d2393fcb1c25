"""Undoing an import: remove exactly its rows, unless they were changed or used since."""

from sqlalchemy.orm import Session

from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import bulk
from fuyuan_desk.kit.guards import counted
from fuyuan_desk.roster.records import ImportRun


def take_back(session: Session, run: ImportRun) -> None:
    """Remove the rows of an import.

    Raises `Conflict`, and removes nothing, if rows were changed or are referred to by later ones.
    """
    made = {table: range(first, last + 1) for table, (first, last) in run.created.items()}
    found = bulk.built_upon(session, made)
    if found:
        raise Conflict(
            _(
                "The import of «{file}» can no longer be undone: {things} were changed or added since. "
                "Correct the records one by one instead."
            ).format(file=run.file_name, things=counted(found))
        )
    bulk.remove_blocks(session, made)
