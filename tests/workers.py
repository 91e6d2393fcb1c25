"""How `run.py test` spreads the tests over its workers: whole files, the long ones first.

A file stays on one worker, so that what its tests share is made once. What starts processes of its own and waits for
them stays on one worker as well, in parallel to the tests that keep a core busy, and never twice at the same time.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xdist.scheduler import LoadFileScheduling

TESTS = Path(__file__).parent
PROCESSES = (
    *("fire/", "process/", "cli/test_self_test.py"),
    *("store/backup/test_backup_killed.py", "store/db/test_migration_fire.py", "store/test_upkeep_killed.py"),
)
# the longest first
LONG = (
    "shell/test_resume.py", "shell/test_every_act.py", "shell/test_unfinished.py", "shell/test_fits.py",
    "shell/test_fits_english.py", "shell/test_high_contrast.py", "kit/test_book_pages.py", "cli/test_tour.py",
    "test_roles_estates.py", "shell/test_main_window.py", "shell/test_input_method.py", "kit/test_books.py",
    "roster/test_findable.py", "test_portable_sql.py", "shell/test_roles_pages.py", "renovation/test_room.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, so that no worker begins with one when the others are done."""

    def rank(item: pytest.Item) -> int:
        name = item.path.relative_to(TESTS).as_posix()
        if name.startswith(PROCESSES):
            return 0
        return 1 + (LONG.index(name) if name in LONG else len(LONG))

    items.sort(key=rank)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "LoadFileScheduling | None":
    """Keep together the files that start processes, where files are kept together (`--dist loadfile`)."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            name = nodeid.partition("::")[0].removeprefix("tests/")
            return "processes" if name.startswith(PROCESSES) else name

    return Scheduling(config, log)
