"""Tasks of estates without a tier for the page “Today”."""

from datetime import date

from sqlalchemy.orm import Session

from fuyuan_desk.core.dues import Task
from fuyuan_desk.estates.service import for_other_jobs as estates
from fuyuan_desk.standards.rules import tier_task
from fuyuan_desk.standards.service.tiers import current_tiers


def tasks(session: Session, today: date) -> list[Task]:
    """List a task for each estate without a tier."""
    tiers = current_tiers(session, today)
    names = estates.estate_names(session).items()
    return [tier_task(key, name) for key, name in names if key not in tiers]
