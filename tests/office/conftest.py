"""An office with photos, a backup and a second person."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import Second
from fuyuan_desk.backups.service import backups
from fuyuan_desk.inspections.service.visits import log_visit
from tests.conftest import PASSWORD
from tests.fire.hand import Hand


@pytest.fixture
def worked(seat: Seat, tmp_path: Path) -> Seat:
    """The administrator of an office with photos, just backed up, beside the second person."""
    log_visit(seat, Hand(tmp_path, seat, random.Random(3)).visit(photos=3))
    assert backups.back_up(seat, roots=()).is_good
    return replace(seat, second=Second("reviewer", PASSWORD))
