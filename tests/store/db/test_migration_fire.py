"""An interrupted migration leaves an intact store, old or new; a store of a newer program is refused.

Here a few statements of each step; `python -m tests.fire.steps` cuts at every one.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store.db import migrate
from tests.conftest import PASSWORD
from tests.fire import steps
from tests.fire.offices import OLD_STEPS

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("step", OLD_STEPS)
def test_a_step_that_breaks_off_at_any_statement_leaves_the_old_store(step: str, tmp_path: Path) -> None:
    count = steps.statements(step, tmp_path / "count")
    assert count > 4  # more than are tried below
    steps.interrupt(step, steps.chosen(count, 4), tmp_path / "office", steps.by_error)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="cutting by a kill needs fork, which Windows lacks")
def test_a_step_that_is_killed_leaves_an_intact_store() -> None:
    # each step is broken off by an error above
    command = [sys.executable, "-m", "tests.fire.steps", "--sample", "4", "--by", "kill"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert f"{4 * len(OLD_STEPS)} cuts" in result.stdout
    assert "broken promises 0" in result.stdout


def test_a_harness_that_cuts_nothing_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="not felt"):
        steps.interrupt(OLD_STEPS[0], [10_000], tmp_path / "office", steps.by_error)


def test_a_store_of_a_newer_program_is_refused_with_a_message_and_left_unchanged(folder: Path) -> None:
    seat = sign_in(folder, "admin", PASSWORD)
    with seat.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    seat.store.close()
    before = (folder / "store.db").read_bytes()
    with pytest.raises(Unusable, match="newer version of the program"):
        sign_in(folder, "admin", PASSWORD)
    assert (folder / "store.db").read_bytes() == before
    assert not (folder / migrate.COPIES).exists()
