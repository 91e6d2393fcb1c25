import json
from datetime import date

import pytest

from fuyuan_desk.core import law, paths
from fuyuan_desk.core.law import Source


def test_a_citation_finds_its_clause_and_is_pinned_to_the_version_in_force() -> None:
    clause = law.clause("110§5(1)")
    assert clause.label == "《住宅室内装饰装修管理办法》第五条第一款第（一）项"
    assert clause.short == "装修办法§5(1)"
    assert law.pin("110§5(1)") == "110@2011§5(1)"
    assert law.clause("110@2011§5(1)") is clause
    assert law.pin("110@2011§5(1)") == "110@2011§5(1)"
    assert (
        law.pin("WY§56(4)", date(2016, 11, 29)) == "WY@2020§56(4)"
    )  # before the first version that is known


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("5(1)", "第五条第（一）项"),
        ("10", "第十条"),
        ("14(6)", "第十四条第（六）项"),
        ("20", "第二十条"),
        ("278", "第二百七十八条"),
        ("205", "第二百零五条"),
        ("715", "第七百一十五条"),
        ("100", "第一百条"),
        ("14/2", "第十四条第二款"),
    ],
)
def test_numbers_are_written_as_statutes_write_them(number: str, text: str) -> None:
    assert law.chinese_number(number) == text


def test_what_names_no_article_is_no_citation_and_says_so() -> None:
    assert law.clause("AC§安装").label == "《上海市空调设备安装使用管理规定》（依据待核）"
    assert law.clause("AC§安装").label_en.endswith("(basis to be verified)")
    assert law.clause("DEPOSIT§保证金").label == "沪房规范〔2024〕1号（依据待核）"
    assert law.clause("EXP§封阳台").label == "居委会工作惯例“封阳台”（非法规）"
    for basis in law.bases():
        for clause in basis.clauses:
            is_real = clause.names_article and "第" in clause.article
            assert is_real != ("待核" in clause.label or "非法规" in clause.label), clause.ref


def test_citations_name_each_basis_once() -> None:
    refs = ("110§5(3)", "110§9", "WY§56(1)", "AC§安装")
    assert law.cite(map(law.clause, refs)) == (
        "《住宅室内装饰装修管理办法》第五条第一款第（三）项、第九条；《上海市住宅物业管理规定》第五十六条第（一）项；"
        "《上海市空调设备安装使用管理规定》（依据待核）"
    )


def test_unknown_citations_are_bugs() -> None:
    with pytest.raises(KeyError):
        law.clause("110§99")
    with pytest.raises(KeyError):
        law.clause("110@1949§5(1)")


def test_every_basis_says_where_it_comes_from() -> None:
    assert {basis.key for basis in law.bases()} >= {"110", "WY", "LS", "CW", "MFD", "NOISE"}
    for basis in law.bases():
        assert basis.name
        assert basis.name_en
        assert basis.document
        assert basis.version
        assert basis.clauses
        for clause in basis.clauses:
            assert clause.text
            assert clause.text_en
    assert law.clause("110§5(1)").source is Source.STATUTE
    assert law.clause("NOISE§12").source is Source.SECONDARY
    assert law.clause("EXP§工期").source is Source.EXPERIENCE


def test_a_version_is_the_law_only_while_it_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str, effective: str, until: str | None) -> dict[str, object]:
        clauses = [{"number": "1", "text": name, "text_en": name, "source": "statute"}]
        return {
            "version": name, "document": "d", "effective": effective, "until": until, "source": "statute",
            "clauses": clauses,
        }  # fmt: skip

    changed = {
        "key": "X",
        "name": "甲法",
        "name_en": "Law A",
        "short": "甲",
        "versions": [version("old", "2001-01-01", "2020-01-01"), version("new", "2020-01-01", None)],
    }
    bases = tuple(law._versions(changed))
    monkeypatch.setattr(law, "bases", lambda: bases)
    law.clause.cache_clear()
    try:
        assert law.clause("X§1", date(2019, 12, 31)).ref == "X@old§1"
        assert law.clause("X§1", date(2020, 1, 1)).ref == "X@new§1"
        assert law.clause("X§1").ref == "X@new§1"
    finally:
        law.clause.cache_clear()


def cited() -> set[str]:
    found: set[str] = set()

    def walk(data: object) -> None:
        if isinstance(data, dict):
            for key, value in data.items():
                if (
                    key == "clauses"
                    and isinstance(value, list)
                    and all(isinstance(ref, str) for ref in value)
                ):
                    found.update(value)
                elif key in ("clause", "longest_clause"):
                    found.add(value)
                else:
                    walk(value)
        elif isinstance(data, list):
            for value in data:
                walk(value)

    for folder in ("renovation", "inspections", "standards", "office", "facilities"):
        for file in paths.resource(folder).glob("*.json"):
            walk(json.loads(file.read_text(encoding="utf-8")))
    return found


def test_every_clause_that_the_data_cite_is_there() -> None:
    refs = cited()
    assert len(refs) > 50
    for ref in sorted(refs):
        assert law.clause(ref).text
