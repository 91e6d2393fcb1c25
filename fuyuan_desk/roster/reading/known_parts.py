"""Estates of a list that are a part of one in the store: 东苑 above 3号楼, where 福元小区 has 东苑3号楼; pure."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from fuyuan_desk.core.packed import PackedList, renewed
from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.reader import RosterDraft
from fuyuan_desk.roster.reading.rows import INFO, Problem, RosterRow


def within_known(draft: RosterDraft, owners: Mapping[str, str]) -> RosterDraft:
    """Return a draft with the rows of some of its `parts` in the estates of the store that have them, which is told."""
    if not owners:
        return draft
    rows = renewed(
        draft.rows if isinstance(draft.rows, PackedList) else list(draft.rows), partial(_moved, owners)
    )
    return replace(
        draft,
        rows=rows if isinstance(rows, PackedList) else tuple(rows),
        problems=tuple(_told(problem, owners) for problem in draft.problems),
        estates=tuple(dict.fromkeys(owners.get(name, name) for name in draft.estates)),
        addresses={name: address for name, address in draft.addresses.items() if name not in owners},
        parts=tuple(part for part in draft.parts if part not in owners),
    )


def _moved(owners: Mapping[str, str], row: RosterRow) -> RosterRow:
    if row.estate not in owners:
        return row
    building = "" if row.building == row.estate else row.building
    return row._replace(estate=owners[row.estate], building=row.estate + building)


def _told(problem: Problem, owners: Mapping[str, str]) -> Problem:
    """Return a problem with the home that it concerns where it is now; that of a part says whose it is."""
    home = problem.home
    if home is not None and home.estate in owners:
        building = "" if home.building == home.estate else home.building
        problem = replace(
            problem, home=home._replace(estate=owners[home.estate], building=home.estate + building)
        )
    if problem.field != "estate" or problem.value not in owners:
        return problem
    message = _(
        "«{part}» is a part of «{estate}» in the store, so its rows were put there. If it is an estate of its own, add "
        "that first."
    ).format(part=problem.value, estate=owners[problem.value])
    return replace(problem, message=message, severity=INFO)
