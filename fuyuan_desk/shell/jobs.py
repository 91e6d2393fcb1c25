"""All jobs, in the order in which they extend each other's pages, fill the sample office and are toured."""

from fuyuan_desk.audit.job import JOB as AUDIT
from fuyuan_desk.backups.job import JOB as BACKUPS
from fuyuan_desk.calls.job import JOB as CALLS
from fuyuan_desk.contracts.job import JOB as CONTRACTS
from fuyuan_desk.diagnostics.job import JOB as DIAGNOSTICS
from fuyuan_desk.dossiers.job import JOB as DOSSIERS
from fuyuan_desk.estates.job import JOB as ESTATES
from fuyuan_desk.facilities.job import JOB as FACILITIES
from fuyuan_desk.inspections.job import JOB as INSPECTIONS
from fuyuan_desk.kit.job import Group, Job, Page
from fuyuan_desk.kit.queries import Record
from fuyuan_desk.office.job import JOB as OFFICE
from fuyuan_desk.organisations.job import JOB as ORGANISATIONS
from fuyuan_desk.privacy.job import JOB as PRIVACY
from fuyuan_desk.renovation.job import JOB as RENOVATION
from fuyuan_desk.reports.job import JOB as REPORTS
from fuyuan_desk.roster.job import JOB as ROSTER
from fuyuan_desk.shell.safety_job import SAFETY
from fuyuan_desk.standards.job import JOB as STANDARDS
from fuyuan_desk.today.job import HELP
from fuyuan_desk.today.job import JOB as TODAY
from fuyuan_desk.workorders.job import JOB as WORK_ORDERS

JOBS: tuple[Job, ...] = (
    *(
        TODAY,
        ROSTER,
        ORGANISATIONS,
        ESTATES,
        FACILITIES,
        CALLS,
        STANDARDS,
        RENOVATION,
        INSPECTIONS,
        CONTRACTS,
        WORK_ORDERS,
    ),
    *(DOSSIERS, REPORTS, OFFICE, HELP),
    *(BACKUPS, AUDIT, PRIVACY, DIAGNOSTICS, SAFETY),
)
# order of the pages within their group; pages not listed come last
NAVIGATION = (
    *("today",),
    *("estates", "files", "recorded-twice", "organisations", "contracts", "facilities", "import"),
    *("contacts", "duplicates"),
    *("calls", "due-calls", "inspections", "month-book", "rounds", "round-plans", "sheets-out", "checklists"),
    *("orders",),
    *("standards", "renovation"),
    *("safety", "settings", "help"),
)


def all_pages() -> list[Page]:
    """List the pages of all jobs in the order of the navigation: by group, then by `NAVIGATION`."""
    pages = [page for job in JOBS for page in job.pages]
    groups = list(Group)
    order = {name: rank for rank, name in enumerate(NAVIGATION)}
    return sorted(pages, key=lambda page: (groups.index(page.group), order.get(page.name, len(order))))


def all_records() -> list[Record]:
    """List the record kinds of all jobs."""
    return [record for job in JOBS for record in job.records]
