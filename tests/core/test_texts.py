"""Every text of the program is marked so that it can be translated, and is translated."""

import ast
import gettext
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.sources import trees

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted(ROOT.glob("i18n/*/LC_MESSAGES/fuyuan_desk.po"))


def load_texts_script() -> ModuleType:
    """Load packaging/texts.py, a script outside any package."""
    spec = importlib.util.spec_from_file_location("packaging_texts", ROOT / "packaging" / "texts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


texts = load_texts_script()


def marked_calls() -> list[tuple[str, ast.Call]]:
    """List every call of `_` or `N_` in the program with its location."""
    found = []
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "N_"}:
                found.append((f"{path.relative_to(ROOT)}:{node.lineno}", node))
    return found


def is_composed(argument: ast.expr) -> bool:
    """Return whether a text is an f-string, a concatenation or already formatted."""
    formatted = isinstance(argument, ast.Call) and ast.unparse(argument.func).endswith(".format")
    return formatted or isinstance(argument, ast.JoinedStr | ast.BinOp)


@pytest.fixture(scope="module")
def sources() -> list[str]:
    """The texts of the program."""
    return texts.source_texts()


def test_there_are_texts_and_a_chinese_translation(sources: list[str]) -> None:
    assert len(sources) > 100
    assert ROOT / "i18n" / "zh_CN" / "LC_MESSAGES" / "fuyuan_desk.po" in CATALOGUES


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parent.parent.name)
def test_translation_is_whole(po: Path, sources: list[str]) -> None:
    assert list(texts.problems(po, sources)) == []


def test_marked_texts_are_literals() -> None:
    # a text composed before `_` sees it is in no catalogue; `N_` marks, `_(variable)` then translates
    wrong = [location for location, call in marked_calls() if call.args and is_composed(call.args[0])]
    assert wrong == []


def test_every_marked_text_is_found_for_the_translators(sources: list[str]) -> None:
    """The extraction overlooks some texts within f-strings, which are then never translated."""
    known = set(sources)
    lost = [
        (place, argument.value)
        for place, call in marked_calls()
        for argument in call.args[:1]
        if isinstance(argument, ast.Constant) and argument.value not in known
    ]
    assert lost == []


def test_sources_are_english(sources: list[str]) -> None:
    # an English text may contain an example such as 4号
    chinese = [
        text
        for text in sources
        if sum("\u4e00" <= char <= "\u9fff" for char in text) > sum(char.isascii() for char in text)
    ]
    assert chinese == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("plain", set()),
        ("{done} of {total}", {"done", "total"}),
        ("{price:.2f} and {price}", {"price"}),
        ("{{kept}}", set()),
        ("{broken", {"?"}),
    ],
)
def test_placeholders_are_found(text: str, names: set[str]) -> None:
    assert texts.placeholders(text) == names


HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ('msgid "Save {n}"\nmsgstr ""\n', "not translated: 'Save {n}'"),
        ('msgid "Save {n}"\nmsgstr "保存 {m}"\n', "other placeholders: 'Save {n}' → '保存 {m}'"),
        ('#, fuzzy\nmsgid "Save {n}"\nmsgstr "保存 {n}"\n', "fuzzy: 'Save {n}'"),
        ('msgid "Gone"\nmsgstr "没了"\n', "no longer in the program: 'Gone'"),
        ("", "not in the catalogue: 'Save {n}'"),
        ('#~ msgid "Old"\n#~ msgstr "旧"\n', "obsolete: 'Old'"),
    ],
)
def test_each_fault_of_a_translation_is_reported(entry: str, problem: str, tmp_path: Path) -> None:
    po = tmp_path / "zh_CN" / "LC_MESSAGES" / "fuyuan_desk.po"
    po.parent.mkdir(parents=True)
    po.write_text(HEAD + entry, encoding="utf-8")
    assert problem in list(texts.problems(po, ["Save {n}"]))


def test_update_keeps_translations_and_drops_what_is_gone(tmp_path: Path) -> None:
    sources = ["New", "Save {n}"]
    po = tmp_path / "zh_CN" / "LC_MESSAGES" / "fuyuan_desk.po"
    po.parent.mkdir(parents=True)
    po.write_text(
        HEAD + 'msgid "Save {n}"\nmsgstr "保存 {n}"\n\nmsgid "Gone"\nmsgstr "没了"\n', encoding="utf-8"
    )
    assert texts.update_catalogue(po, sources) == ["New"]
    assert list(texts.problems(po, sources)) == ["not translated: 'New'"]
    assert gettext.translation("fuyuan_desk", tmp_path, ["zh_CN"]).gettext("Save {n}") == "保存 {n}"
    before = po.read_bytes()
    texts.update_catalogue(po, sources)
    assert po.read_bytes() == before


def test_a_text_is_found_in_the_catalogue_wherever_it_stands_there() -> None:
    """The program searches the compiled table itself; it must find what gettext finds."""
    import struct

    from fuyuan_desk.core.texts import _Catalogue

    for size in (0, 1, 2, 7, 64):
        entries = sorted((f"text {n}".encode(), f"文字 {n}".encode()) for n in range(size))
        texts = b"".join(part + b"\0" for pair in entries for part in pair)
        start = 28 + 16 * size
        keys = values = b""
        for key, value in entries:
            keys += struct.pack("<2I", len(key), start)
            values += struct.pack("<2I", len(value), start + len(key) + 1)
            start += len(key) + len(value) + 2
        head = struct.pack("<7I", 0x950412DE, 0, size, 28, 28 + 8 * size, 0, 28 + 16 * size)
        catalogue = _Catalogue(head + keys + values + texts)
        assert [catalogue.find(f"text {n}") for n in range(size)] == [f"文字 {n}" for n in range(size)]
        assert catalogue.find("text") == "text"
        assert catalogue.find("") == ""
