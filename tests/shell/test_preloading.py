"""What is loaded ahead: the modules of the first page at sign-in, those of each page as it declares them."""

import ast
import inspect
import json
import subprocess
import sys
import textwrap
from collections.abc import Callable

import pytest

from fuyuan_desk.kit.job import Page
from fuyuan_desk.shell.jobs import JOBS, all_pages


def loaded_by(script: str) -> set[str]:
    """Run a script in a fresh process and return the modules of the program that it has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {script}; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {name for name in done.stdout.split() if name.startswith("fuyuan_desk.")}


# one process for all pages: before each, nothing of the program is loaded, while the libraries stay
IMPORT_PAGES = """
import importlib, json, sys, traceback
found = {}
for page, modules in json.loads(sys.argv[1]).items():
    for name in [name for name in sys.modules if name.partition(".")[0] == "fuyuan_desk"]:
        del sys.modules[name]
    try:
        for name in modules:
            importlib.import_module(name)
    except Exception:
        found[page] = traceback.format_exc()
    else:
        found[page] = [name for name in sys.modules if name.startswith("fuyuan_desk.")]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def loaded_by_pages() -> dict[str, list[str] | str]:
    """The modules that are loaded once those of each page are imported, or the error of an import, by page."""
    pages = json.dumps({page.name: page.modules for page in all_pages()})
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_PAGES, pages], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_signing_in_imports_the_modules_of_the_first_page_only() -> None:
    loaded = loaded_by("from fuyuan_desk.shell import startup; startup.preload()")
    allowed = {"today", "office", "backups", "kit", "shell"}  # the frame shows the age of the newest backup
    screens = {name for name in loaded if {"controller", "view", "sheets"} & set(name.split("."))}
    assert {name for name in screens if name.split(".")[1] not in allowed} == set()
    assert "fuyuan_desk.today.controller.today" in loaded
    assert {f"fuyuan_desk.{job.name}.service.dues" for job in JOBS if job.dues is not None} <= loaded
    assert "fuyuan_desk.renovation.rules.judging" not in loaded


def imports_of(function: Callable[..., object]) -> set[str]:
    """List the modules that a function imports where it is called."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}


@pytest.mark.parametrize("page", all_pages(), ids=lambda page: page.name)
def test_the_modules_of_a_page_are_declared_for_preloading(
    page: Page, loaded_by_pages: dict[str, list[str] | str]
) -> None:
    added = {tie for job in JOBS for name, tie in job.ties.items() if name == page.name}
    wanted = imports_of(page.make).union(*map(imports_of, added))
    tabs = {module for job in JOBS for tab in job.tabs for module in imports_of(tab.make)}
    ahead = {module for one in all_pages() for module in one.modules}
    assert {name for name in wanted | tabs if ".controller" in name} <= ahead
    loaded = loaded_by_pages[page.name]
    assert isinstance(loaded, list), loaded
    assert set(page.modules) <= set(loaded)
