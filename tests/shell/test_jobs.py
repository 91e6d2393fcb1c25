"""The jobs as they are declared: none is forgotten, and nothing is declared twice."""

import importlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import fuyuan_desk
from fuyuan_desk.inspections.book import plan_book, sheet_book
from fuyuan_desk.kit.job import Job
from fuyuan_desk.organisations.book import contact_book
from fuyuan_desk.privacy.service import anonymise
from fuyuan_desk.shell import schema
from fuyuan_desk.shell.jobs import JOBS, NAVIGATION, all_pages, all_records
from fuyuan_desk.store.db.personal import Kind, columns_of

PACKAGE = Path(fuyuan_desk.__file__).parent
# where what a clerk typed is found by, and whose words the search must forget with it
FOUND_BY = {Kind.NAME, Kind.NAMES, Kind.PHONE, Kind.ID_NUMBER}


def test_every_declared_job_is_one_of_the_jobs() -> None:
    declared = [
        value
        for path in PACKAGE.glob("*/job.py")
        if path.parent.name != "kit"
        for value in vars(importlib.import_module(f"fuyuan_desk.{path.parent.name}.job")).values()
        if isinstance(value, Job)
    ]
    assert {job.name for job in declared} - {job.name for job in JOBS} == set(), "add them to shell/jobs.py"
    assert len({job.name for job in JOBS}) == len(JOBS)


def test_every_table_is_declared_by_its_job() -> None:
    declared = {module for job in JOBS for module in job.tables}
    present = {f"fuyuan_desk.{path.parent.name}.records" for path in PACKAGE.glob("*/records.py")}
    assert present - declared == set(), "add them to `tables` in the job's job.py"


def test_names_and_codes_are_given_once() -> None:
    codes = Counter(record.kind.code for record in all_records())
    names = Counter(record.kind.name for record in all_records())
    pages = Counter(page.name for page in all_pages())
    drafts = Counter(form for job in JOBS for form in job.drafts)
    for counted in (codes, names, pages, drafts):
        assert [key for key, count in counted.items() if count > 1] == []
    assert {record.kind.table for record in all_records()} <= set(schema.metadata.tables)
    assert sum(record.kind.is_scope for record in all_records()) == 1


def test_records_ties_and_drafts_lead_to_pages_that_exist() -> None:
    pages = {page.name for page in all_pages()}
    assert {record.page for record in all_records()} <= pages
    assert {page for job in JOBS for page in job.ties} <= pages
    assert {page for job in JOBS for page in job.drafts.values()} <= pages | {""}
    assert set(NAVIGATION) == pages, "a page has its place in NAVIGATION of shell/jobs.py"


def test_what_the_search_knows_of_people_is_forgotten_with_them() -> None:
    found = {
        record.kind.table
        for record in all_records()
        if record.is_searched
        and any(
            column.kind in FOUND_BY
            for column in columns_of(schema.metadata.tables[record.kind.table]).values()
        )
    }
    assert not any(part.find for part in contact_book().fields)
    found.discard("organisation_contact")
    assert [part.name for part in plan_book().fields if part.find] == ["name"]
    found.discard("round_plan")
    assert not any(part.find for part in sheet_book().fields)  # it is found by its number alone
    found.discard("printed_sheet")
    assert found - anonymise.REINDEXED.keys() == set(), (
        "say in privacy/service/anonymise.py how to index them again"
    )


def test_the_tables_load_no_screen_and_no_paper() -> None:
    script = "import sys; import fuyuan_desk.shell.schema; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded & {"PySide6", "reportlab", "openpyxl"} == set()
