"""The house rules that import-linter cannot express, and the completeness of its contracts."""

import ast
import functools
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sources import SOURCES, trees

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "fuyuan_desk"
# folders that are not jobs, so the paths of their modules tell no role
NO_JOBS = {
    *("cli", "shell", "kit", "access", "store", "workbook", "paper", "widgets", "process", "formats", "core"),
}
ROLES = {
    *("job", "kinds", "rules", "facts", "catalogue", "records", "book", "service"),
    *("sheets", "workbook", "reading", "view", "controller", "sample", "tour", "self_test"),
}
# these know all of their own job
UNBOUND = {"job", "sample", "tour", "self_test"}
LONGEST_FILE = 500
CHECKED = [
    ROOT / "run.py",
    *SOURCES,
    *sorted((ROOT / "tests").rglob("*.py")),
    *sorted((ROOT / "packaging").glob("*.py")),
]


def contracts() -> dict[str, dict[str, Any]]:
    """Return import-linter's contracts by id."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in project["tool"]["importlinter"]["contracts"]}


def layered() -> list[set[str]]:
    """Return the layers, top to bottom, each as the names of its members."""
    return [set(re.findall(r"\w+", layer)) for layer in contracts()["floors"]["layers"]]


def jobs() -> list[Path]:
    """Return the folders that are jobs of the office."""
    return [path.parent for path in sorted(PACKAGE.glob("*/__init__.py")) if path.parent.name not in NO_JOBS]


def module_name(path: Path) -> str:
    """Return the dotted name of a source file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_every_top_module_stands_in_the_layers() -> None:
    present = {
        path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert present - {"__init__"} - set().union(*layered()) == set()


def test_layers_are_exhaustive_and_name_nothing_twice() -> None:
    assert contracts()["floors"]["exhaustive"] is True
    names = [name for layer in layered() for name in layer]
    assert sorted(names) == sorted(set(names))


def test_what_exists_is_no_longer_in_brackets() -> None:
    to_come = {name for layer in contracts()["floors"]["layers"] for name in re.findall(r"\((\w+)\)", layer)}
    arrived = {name for name in to_come if (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").exists()}
    assert arrived == set()


@pytest.mark.parametrize("role", sorted(ROLES - {"book"} - UNBOUND))
def test_every_role_is_held_by_a_contract(role: str) -> None:
    pattern = f"fuyuan_desk.*.{role}"
    assert any(pattern in contract.get("source_modules", ()) for contract in contracts().values())


def test_contracts_name_roles_and_no_module_by_hand() -> None:
    folders = {f"fuyuan_desk.{name}" for name in NO_JOBS}
    patterns = {f"fuyuan_desk.*.{role}" for role in ROLES}
    named = {source for contract in contracts().values() for source in contract.get("source_modules", ())}
    assert {source for source in named if source.removesuffix(".*") not in patterns | folders} == set()


@pytest.mark.parametrize("job", jobs(), ids=lambda job: job.name)
def test_the_path_of_every_file_of_a_job_tells_its_role(job: Path) -> None:
    first = {path.relative_to(job).with_suffix("").parts[0] for path in job.rglob("*.py")} - {"__init__"}
    assert first - ROLES == set()


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted names that a syntax tree imports at any level."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_no_job_imports_the_records_of_another() -> None:
    # a lower job is used through its services; its tables may change at any time
    names = {job.name for job in jobs()}
    found = []
    for path, tree in trees().items():
        own = path.relative_to(PACKAGE).parts[0]
        for name in imported(tree):
            parts = name.split(".")
            if (
                own in names
                and parts[0] == "fuyuan_desk"
                and parts[2:3] == ["records"]
                and parts[1] in names - {own}
            ):
                found.append(f"{module_name(path)} -> {name}")
    assert found == []


def test_no_import_comes_back_to_where_it_began() -> None:
    modules = {module_name(path) for path in SOURCES}
    graph = {
        module_name(path): {name if name in modules else name.rpartition(".")[0] for name in imported(tree)}
        & modules - {module_name(path)}
        for path, tree in trees().items()
    }
    assert list(cycles(graph)) == []


def cycles(graph: dict[str, set[str]]) -> Iterator[list[str]]:
    """Yield the cycles of a graph, one for each edge that closes one."""
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> Iterator[list[str]]:
        if node in path:
            yield [*path[path.index(node) :], node]
        elif node not in done:
            for following in sorted(graph.get(node, ())):
                yield from walk(following, [*path, node])
            done.add(node)

    for start in sorted(graph):
        yield from walk(start, [])


def test_a_circle_is_found() -> None:
    assert list(cycles({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set()})) == [["a", "b", "c", "a"]]
    assert list(cycles({"a": {"b", "c"}, "b": {"c"}, "c": set()})) == []


def test_desk_is_handed_to_controllers_and_pages_only() -> None:
    # the kit, the shell and the command line hand it on
    free = {"kit", "shell", "cli"}
    users = {
        module_name(path)
        for path, tree in trees().items()
        if "fuyuan_desk.kit.desk.Desk" in imported(tree) and path.relative_to(PACKAGE).parts[0] not in free
    }
    assert {user for user in users if ".controller" not in user and not user.endswith(".job")} == set()


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
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names)
    ]
    assert stars == []


def test_no_handler_catches_what_it_does_not_name() -> None:
    bare = [
        f"{path}:{node.lineno}"
        for path, tree in trees().items()
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
    for path, tree in trees().items():
        for node in tree.body:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if isinstance(value, ast.Call) and ast.unparse(value.func).split(".")[-1] in forbidden:
                found.append(f"{path}:{node.lineno}")
    assert found == []


def tracked() -> list[Path]:
    """Return the files under version control, or all checked files outside a repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = [name for name in listed.stdout.split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()] or [
        path for path in CHECKED if path.is_file()
    ]


def test_no_file_names_a_machine_or_a_registry() -> None:
    # assembled here so that this file does not match itself
    folders = [f"/{name}/" for name in ("work", "root", "home", "opt")]
    hosts = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("debian", "org"))]
    patterns = [*folders, *hosts, *(f"--{word}-url" for word in ("index", "extra-index"))]
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {pattern}" for pattern in patterns if pattern in text]
    assert found == []


def test_nothing_compiled_and_no_office_is_under_version_control() -> None:
    suffixes = {".mo", ".pyc", ".db", ".sqlite", ".exe", ".whl", ".qrc"}
    assert [path.name for path in tracked() if path.suffix in suffixes or path.name.endswith("_rc.py")] == []


# what the standard library documents under a name with an underscore, and the mark of texts
DOCUMENTED = {"_", "_exit", "_replace", "_asdict"}
MOST_REACHED_INTO = 55


@functools.cache
def trees_of_tests() -> list[ast.Module]:
    """Return the syntax trees of the tests."""
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "tests").rglob("*.py"))]


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__") and name not in DOCUMENTED


def private_uses(tree: ast.AST) -> Iterator[str]:
    """List what a test reads or imports of another module or object that is private there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            if ast.unparse(node.value) not in ("self", "cls"):
                yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom):
            yield from (name.name for name in node.names if is_private(name.name))


def patched_attributes(tree: ast.AST) -> Iterator[str]:
    """List the attributes that a test replaces: `monkeypatch.setattr`, under whatever name, and `mock.patch`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            patch = node.func.attr in ("setattr", "delattr") or ast.unparse(node.func).startswith("mock.")
            if patch:
                yield ast.unparse(node)


@pytest.mark.parametrize("uses", [private_uses, patched_attributes])
def test_tests_go_by_public_names(uses: Callable[[ast.AST], Iterator[str]]) -> None:
    # drive what is tested by its methods, signals and parameters; `disk`, `home` and `choose_file` stand in for a PC
    found = [use for tree in trees_of_tests() for use in uses(tree)]
    assert len(found) <= MOST_REACHED_INTO, found


def test_what_reaches_into_the_program_is_counted() -> None:
    tree = ast.parse(
        "from x import _a, b\nself._own = page._form.field\nos._exit(0)\npatch.setattr(x, 'y', 1)"
    )
    assert list(private_uses(tree)) == ["_a", "page._form"]
    assert len(list(patched_attributes(tree))) == 1
