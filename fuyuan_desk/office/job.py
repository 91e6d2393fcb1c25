"""The office: operators, settings, sign-in."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from fuyuan_desk.access.seat import Role
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.kit.job import (
    GROUP_TITLES,
    Group,
    Job,
    Page,
    PageController,
    SampleOffice,
    Shell,
    Tour,
    findings_of,
)

PAGE = "settings"


def _groups(shell: Shell) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """List the pages that may be hidden, by group of the navigation."""
    listed = [page for page in shell.shown_pages() if not page.under]
    groups = [
        (group.value, _(title), [(page.name, _(page.title)) for page in listed if page.group is group])
        for group, title in GROUP_TITLES.items()
    ]
    return [found for found in groups if found[2]]


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.office.controller.settings import SettingsController

    page = SettingsController(shell.desk, shell.preferences, _groups(shell), shell.hidden_pages)
    page.more_findings = partial(findings_of, shell.jobs)
    page.key_changed.connect(shell.backup_scheduler.back_up)
    page.pages_hidden.connect(shell.hide_pages)
    page.language_requested.connect(shell.requests.language)
    page.appearance_requested.connect(shell.requests.appearance)
    page.capture_barred.connect(shell.requests.capture_barred)
    page.idle_minutes_changed.connect(shell.requests.idle_minutes)
    return page


def _sample(sample: SampleOffice) -> None:
    """Assign estates to the operator of the property company."""
    from fuyuan_desk.office.service.operators import list_operators, set_operator

    operators = {operator.login: operator for operator in list_operators(sample.seat)}
    for data in sample.data["operators"]:
        if names := data.get("estates"):
            own = frozenset(sample.known["estate", name] for name in names)
            set_operator(sample.seat, operators[data["login"]].id, Role.PROPERTY, True, own)


def _tour(tour: Tour) -> Iterator[Path]:
    page = tour.go(PAGE).page
    for index in range(page.tabs.count()):
        page.tabs.setCurrentIndex(index)
        yield tour.picture(f"settings-{index + 1}")


JOB = Job(
    "office",
    pages=(
        Page(
            PAGE,
            N_("Settings"),
            "settings",
            _make_page,
            modules=("fuyuan_desk.office.controller.settings",),
            help="roles",
            group=Group.BOTTOM,
        ),
    ),
    tables=("fuyuan_desk.access.records", "fuyuan_desk.office.records"),
    sample=_sample,
    tour=_tour,
)
