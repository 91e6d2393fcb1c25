"""The house rules that import-linter cannot say, and that its contracts leave nothing out."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "fuyuan_desk"
KERNEL = {"store", "paper", "workbook", "widgets"}
ROLES = {"rules", "records", "service", "sheets", "workbook", "view", "controller"}
LONGEST_FILE = 500
SOURCES = sorted(PACKAGE.rglob("*.py"))
CHECKED = [
    ROOT / "run.py",
    *SOURCES,
    *sorted((ROOT / "tests").rglob("*.py")),
    *sorted((ROOT / "packaging").glob("*.py")),
]


def contracts() -> dict[str, dict[str, Any]]:
    """Give import-linter's contracts by id."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in project["tool"]["importlinter"]["contracts"]}


def layered() -> list[set[str]]:
    """Give the layers, top to bottom, each as the names of its members."""
    return [set(re.findall(r"\w+", layer)) for layer in contracts()["jobs"]["layers"]]


def jobs() -> list[Path]:
    """Give the folders that are jobs of the office."""
    return [path.parent for path in sorted(PACKAGE.glob("*/__init__.py")) if path.parent.name not in KERNEL]


def module_name(path: Path) -> str:
    """Give the dotted name of a source file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def job_modules() -> list[str]:
    """Give each file of a job once; a package such as view/ counts as one."""
    found = set()
    for job in jobs():
        for path in job.rglob("*.py"):
            if path.name != "__init__.py" or path.parent != job:
                found.add(".".join(module_name(path).split(".")[:3]))
    return sorted(found)


def trees() -> Iterator[tuple[Path, ast.Module]]:
    """Give every source file of the program with its syntax tree."""
    for path in SOURCES:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_every_top_module_stands_in_the_layers() -> None:
    present = {
        path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert present - {"__init__"} - set().union(*layered()) == set()


def test_layers_are_exhaustive_and_name_nothing_twice() -> None:
    assert contracts()["jobs"]["exhaustive"] is True
    names = [name for layer in layered() for name in layer]
    assert sorted(names) == sorted(set(names))


def test_what_exists_is_no_longer_in_brackets() -> None:
    to_come = {name for layer in contracts()["jobs"]["layers"] for name in re.findall(r"\((\w+)\)", layer)}
    arrived = {name for name in to_come if (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").exists()}
    assert arrived == set()


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_role_is_held_by_a_contract(role: str) -> None:
    pattern = f"fuyuan_desk.*.{role}"
    assert any(pattern in contract.get("source_modules", ()) for contract in contracts().values())


@pytest.mark.parametrize("module", job_modules())
def test_every_file_of_a_job_is_held_by_a_contract(module: str) -> None:
    # A file beside the seven roles is welcome once pyproject.toml says which role's limits it keeps.
    sources = [pattern for contract in contracts().values() for pattern in contract.get("source_modules", ())]
    assert any(fnmatchcase(module, pattern) for pattern in sources), (
        "name it in [tool.importlinter.contracts]"
    )


def test_desk_is_handed_to_controllers_and_pages_only() -> None:
    users = {
        "controller" if ".controller" in module_name(path) else module_name(path).split(".")[-1]
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "fuyuan_desk.kit.desk"
    }
    assert users <= {"controller", "app", "pages", "tour", "commands"}


def test_folders_are_empty_packages() -> None:
    filled = [
        path
        for path in SOURCES
        if path.name == "__init__.py" and path.stat().st_size and path.parent != PACKAGE
    ]
    assert filled == []


def test_no_file_is_a_drawer_for_everything() -> None:
    assert [path for path in CHECKED if path.stem in {"utils", "util", "helpers", "misc", "common"}] == []


def test_files_are_short_enough_to_read() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in CHECKED}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_nothing_is_imported_by_star() -> None:
    stars = [
        path
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names)
    ]
    assert stars == []


def test_no_handler_catches_what_it_does_not_name() -> None:
    bare = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert bare == []


def test_no_session_engine_or_application_is_global() -> None:
    forbidden = {
        "Session",
        "sessionmaker",
        "scoped_session",
        "create_engine",
        "QApplication",
        "Store",
        "Desk",
        "Seat",
    }
    found = []
    for path, tree in trees():
        for node in tree.body:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if isinstance(value, ast.Call) and ast.unparse(value.func).split(".")[-1] in forbidden:
                found.append(f"{path}:{node.lineno}")
    assert found == []


def test_services_are_open_only_to_named_roles() -> None:
    # A service that opens a transaction on a seat without a @permit would be refused at run time;
    # this finds it before anybody clicks.
    open_ones = []
    for path, tree in trees():
        if path.name != "service.py" or path.parent.name in KERNEL:
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.args.args:
                first = node.args.args[0]
                is_seat = first.annotation is not None and ast.unparse(first.annotation) == "Seat"
                permitted = any(
                    ast.unparse(decorator).startswith("permit(") for decorator in node.decorator_list
                )
                if is_seat and not permitted:
                    open_ones.append(f"{module_name(path)}.{node.name}")
    assert open_ones == []


def tracked() -> list[Path]:
    """Give the files under version control, or all that would be when there is none."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = [name for name in listed.stdout.split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()] or [
        path for path in CHECKED if path.is_file()
    ]


def test_no_file_names_a_machine_or_a_registry() -> None:
    # Put together here so that this file does not find itself.
    folders = [f"/{name}/" for name in ("work", "root", "home", "opt")]
    hosts = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("debian", "org"))]
    places = [*folders, *hosts, *(f"--{word}-url" for word in ("index", "extra-index"))]
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {place}" for place in places if place in text]
    assert found == []


def test_nothing_compiled_and_no_office_is_under_version_control() -> None:
    suffixes = {".mo", ".pyc", ".db", ".sqlite", ".exe", ".whl", ".qrc"}
    assert [path.name for path in tracked() if path.suffix in suffixes or path.name.endswith("_rc.py")] == []
