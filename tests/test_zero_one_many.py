"""What the screens say of none, one and several, in English and in Chinese: no “0 items”, no “1 items”."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from fuyuan_desk.backups.controller import wording as backups
from fuyuan_desk.core.dues import Figure, Severity, Task, Topic
from fuyuan_desk.core.texts import _, in_language
from fuyuan_desk.estates.facts.houses import UnitDetail, UnitFields
from fuyuan_desk.estates.view.estate_detail import tab_title
from fuyuan_desk.estates.view.unit_panel import UnitPanel
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.view.checklist import ChecklistEditor
from fuyuan_desk.inspections.view.sheets import SheetsDialog
from fuyuan_desk.privacy.controller import anonymised_sentence, erased_sentence
from fuyuan_desk.privacy.facts import Consequence, Key
from fuyuan_desk.privacy.view import PersonView
from fuyuan_desk.renovation.view.print_menu import PrintMenu
from fuyuan_desk.renovation.view.words import missing_chip, period_text
from fuyuan_desk.roster.reading.rows import Problem
from fuyuan_desk.roster.view.check import ImportCheckView
from fuyuan_desk.roster.view.done import ImportDoneView
from fuyuan_desk.roster.view.words import (
    left_out_sentence,
    lost_sentence,
    new_sentence,
    nothing_new_sentence,
)
from fuyuan_desk.standards.rules import Change, Direction, Duty, Tier
from fuyuan_desk.standards.view.duties import changes_summary
from fuyuan_desk.standards.view.tier_picker import TierPicker
from fuyuan_desk.today.view.today import TodayView
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.table import TablePage, count_text
from fuyuan_desk.widgets.table_model import Column, Window
from tests import screen

DAY = date(2026, 11, 20)
FIGURES = dict.fromkeys(
    ("sheets", "buildings", "units", "households", "known", "changes", "duplicates", "rejected"), 0
)
Say = Callable[[int], str]


@dataclass(frozen=True)
class Case:
    """What is said of these numbers, in English and in Chinese."""

    name: str
    say: Say
    english: Sequence[str]
    chinese: Sequence[str]
    numbers: Sequence[int] = (0, 1, 2)


def import_button(**figures: int) -> str:
    view = ImportCheckView()
    view.show_outcome({**FIGURES, **figures}, ())
    return view.import_button.text()


def issues_tab(n: int) -> str:
    view = ImportCheckView()
    view.show_tables((), (), "")
    view.show_outcome(FIGURES, [Problem("1", row, "A", "", "?") for row in range(n)])
    return view.tabs.tabText(view.tabs.indexOf(view.issues))


def done_view(duplicates: int, rejected: int) -> ImportDoneView:
    view = ImportDoneView()
    view.show_result("a.xlsx", {**FIGURES, "duplicates": duplicates, "rejected": rejected}, (), ())
    return view


def rest_button(n: int) -> str:
    view = done_view(1, n - 1)
    return view.rest_button.text()


def picker(n: int) -> str:
    made = TierPicker(clickable=True)
    made.show_counts({Tier.PROTECTIVE: n})
    return made.accessibleName()


def changed(rising: int, falling: int) -> str:
    duty = Duty("", "", "", "", "", "", "")
    moves = [Direction.RISES] * rising + [Direction.FALLS] * falling + [Direction.SAME]
    return changes_summary(Tier.PROTECTIVE, Tier.LIVABLE, [Change(duty, duty, one) for one in moves])


def answered(n: int) -> str:
    editor = ChecklistEditor()
    whole = checklist_for(SubjectKind.ESTATE)
    editor.show_checklist(replace(whole, items=whole.items[:n]), {})
    return next(text for text in screen.texts(editor) if re.search(r"answered|没有填", text))


def preview_button(n: int) -> str:
    subject = Subject(SubjectKind.ESTATE, 1, "u", 1, "甲", "甲", "甲")
    dialog = SheetsDialog(None, [replace(subject, id=number) for number in range(max(n, 1))])
    if n:
        dialog.tick_all()
    return dialog.print_button.text()


def print_menu(n: int) -> str:
    def fetch(_query: Any, _offset: int, _limit: int, deliver: Callable[[Window], object]) -> None:
        deliver(Window(n, [object()] * n))

    table = TablePage("t", [Column("c", "C", lambda _row: "")], fetch, name="T", empty=EmptyState("ok", ""))
    table.load()
    menu = PrintMenu()
    menu.attach(table)
    return " / ".join(action.text() for action in menu.menu().actions() if action.text())


def home(n: int) -> str:
    panel = UnitPanel()
    panel.show_unit(UnitDetail(1, "u", 1, 1, "甲", "1号", "1号101", UnitFields(), ()))
    assert n == 0
    return next(text for text in screen.texts(panel) if text in ("No household", "没有住户"))


def heading(n: int) -> str:
    view = TodayView()
    tasks = [
        Task(
            "case",
            key,
            "某户",
            "",
            DAY - timedelta(days=1),
            True,
            Severity.NORMAL,
            Topic("Visit", "eye", 90),
            "",
        )
        for key in (1, 2)
    ]
    view.tasks.show_tasks(tasks, DAY)
    view.tasks.refresh_tasks(tasks[:n], DAY)
    return view.tasks.item(0).text()


def lateness(n: int) -> str:
    view = TodayView()
    task = Task(
        "case", 1, "", "", DAY - timedelta(days=n), True, Severity.NORMAL, Topic("Visit", "eye", 90), ""
    )
    view.show_office([task], [Figure("Estates", 1)], DAY, "")
    view.show_latest()
    return view.tasks.item(1).text()


def person(n: int) -> str:
    view = PersonView()
    view.show_places([Consequence(Key("household", key), "住户", "甲", True) for key in range(n)])
    return screen.texts(view)[1]


CASES = [
    Case("button, households", lambda n: import_button(households=n, units=9 * n),
         ("&Import", "&Import 1 household", "&Import 2 households"),
         ("导入(&I)", "导入 1 户(&I)", "导入 2 户(&I)")),
    Case("button, homes", lambda n: import_button(units=n),
         ("&Import", "&Import 1 home", "&Import 1,842 homes"),
         ("导入(&I)", "导入 1 套房屋(&I)", "导入 1,842 套房屋(&I)"), (0, 1, 1842)),
    Case("tab of the issues", issues_tab, ("Issues", "Issues (1)", "Issues (2)"),
         ("需要看的", "需要看的（1）", "需要看的（2）")),
    Case("new by an import", lambda n: new_sentence(n, 0, n),
         ("Nothing new.", "New: 1 building, 1 household.", "New: 2 buildings, 2 households."),
         ("没有新增内容。", "新增：1 栋楼、1 户。", "新增：2 栋楼、2 户。")),
    Case("duplicates left out", lambda n: left_out_sentence(n, 0),
         ("1 row is not imported: 1 duplicate.", "2 rows are not imported: 2 duplicates."),
         ("1 行没有导入：重复 1 行。", "2 行没有导入：重复 2 行。"), (1, 2)),
    Case("duplicates and faulty rows left out", lambda n: left_out_sentence(2, n),
         ("2 rows are not imported: 2 duplicates.", "3 rows are not imported: 2 duplicates, 1 faulty."),
         ("2 行没有导入：重复 2 行。", "3 行没有导入：重复 2 行、有错 1 行。"), (0, 1)),
    Case("nothing new, of one row", lambda n: nothing_new_sentence(1 - n, n),
         ("Everything in this file is already in the store.", "1 row is not imported: 1 faulty."),
         ("这个文件里的内容都已经在库里了。", "1 行没有导入：有错 1 行。"), (0, 1)),
    Case("cells left out", lost_sentence,
         ("1 cell could not be read and was left out: see the list. Enter what is right in the record.",
          "2 cells could not be read and were left out: see the list. Enter what is right in the records."),
         ("有 1 个单元格读不出来，没有导入，见下表。请在库里补填。",
          "有 2 个单元格读不出来，没有导入，见下表。请在库里补填。"), (1, 2)),
    Case("button for the rest", rest_button,
         ("&Show the 1 row", "&Show the 2 rows"), ("查看这 1 行(&S)", "查看这 2 行(&S)"), (1, 2)),
    Case("a backup's contents", lambda n: backups.holds({"estates": n, "households": n, "photos": 0}),
         ("no records yet", "1 estate · 1 household", "2 estates · 2 households"),
         ("还没有记录", "1 个小区 · 1 户", "2 个小区 · 2 户")),
    Case("rows of a list", lambda n: count_text(n, narrowed=False), ("", "1", "1,842"), ("", "1", "1,842"),
         (0, 1, 1842)),
    Case("rows that a filter leaves", lambda n: count_text(n, narrowed=True),
         ("None found", "1 found", "2 found"), ("没有找到", "找到 1 条", "找到 2 条")),
    Case("tab of an estate", lambda n: tab_title(_("Homes {n}"), n), ("Homes", "Homes 1", "Homes 1,842"),
         ("房屋住户", "房屋住户 1", "房屋住户 1,842"), (0, 1, 1842)),
    Case("households of a home", home, ("No household",), ("没有住户",), (0,)),
    Case("estates of a tier", picker,
         ("Basic tier: no estate", "Basic tier: 1 estate", "Basic tier: 2 estates"),
         ("保障型：没有小区", "保障型：1 个小区", "保障型：2 个小区")),
    Case("duties that rise", lambda n: changed(n, 0).split("Livable tier")[-1].split("宜居型")[-1],
         (": no duty changes", ": 1 duty rises", ": 2 duties rise"),
         ("：各项要求不变", "：1 项提高", "：2 项提高")),
    Case("duties that rise and fall", lambda n: changed(1, n).split("Livable tier")[-1].split("宜居型")[-1],
         (": 1 duty rises", ": 1 duty rises, 1 duty falls", ": 1 duty rises, 2 duties fall"),
         ("：1 项提高", "：1 项提高、1 项降低", "：1 项提高、2 项降低")),
    Case("answers of a visit", answered, ("1 item, not answered yet", "2 items, none answered yet"),
         ("共 1 项，还没有填", "共 2 项，还没有填"), (1, 2)),
    Case("button for blank sheets", preview_button, ("&Preview", "&Preview 1 sheet", "&Preview 2 sheets"),
         ("预览(&P)", "预览 1 张(&P)", "预览 2 张(&P)")),
    Case("print menu", print_menu,
         ("Inspection sheets of those chosen / Inspection sheets of all shown",
          "Inspection sheets of those chosen / Inspection sheet of the 1 shown",
          "Inspection sheets of those chosen / Inspection sheets of all 2 shown"),
         ("巡查记录表：选中的 / 巡查记录表：列表中全部",
          "巡查记录表：选中的 / 巡查记录表：列表中全部 1 件",
          "巡查记录表：选中的 / 巡查记录表：列表中全部 2 件")),
    Case("documents missing", lambda n: chip.text if (chip := missing_chip(n)) else "",
         ("", "1 missing to start", "2 missing to start"), ("", "开工前缺 1 份", "开工前缺 2 份")),
    Case("days of work", lambda n: period_text(DAY, DAY + timedelta(days=n - 1)),
         ("2026-11-20 to 2026-11-20 (1 day)", "2026-11-20 to 2026-11-21 (2 days)"),
         ("2026-11-20 至 2026-11-20（1 天）", "2026-11-20 至 2026-11-21（2 天）"), (1, 2)),
    Case("heading of the first page", heading, ("Overdue · all done", "Overdue · 1", "Overdue · 2"),
         ("逾期 · 已办完", "逾期 · 1", "逾期 · 2")),
    Case("days late", lambda n: lateness(n).split("  ")[-1].strip(), ("1 day late", "2 days late"),
         ("逾期 1 天", "逾期 2 天"), (1, 2)),
    Case("records of a person", person,
         ("No record is left. Search again.", "1 record. It shows what erasing would do.",
          "2 records. Each shows what erasing would do."),
         ("已没有记录，请重新查找。", "共 1 条记录，下面写明删除时如何处理。",
          "共 2 条记录。每条下面写明删除时如何处理。")),
    Case("erased, and kept by law", lambda n: erased_sentence(1, n),
         ("1 record was erased.", "1 record was erased. 1 is kept by law.", "1 record was erased. 2 are kept by law."),
         ("已删除 1 条。", "已删除 1 条。依法保存 1 条。", "已删除 1 条。依法保存 2 条。")),
    Case("anonymised, and redacted", lambda n: anonymised_sentence(2, n),
         ("2 records were anonymised.", "2 records were anonymised. 1 audit log entry was redacted.",
          "2 records were anonymised. 2 audit log entries were redacted."),
         ("已匿名化 2 条记录。", "已匿名化 2 条记录。已抹除操作记录 1 条。",
          "已匿名化 2 条记录。已抹除操作记录 2 条。")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_none_one_and_several_are_said_as_a_clerk_says_them(case: Case, code: str, qapp: QWidget) -> None:
    with in_language(code):
        said = tuple(case.say(n) for n in case.numbers)
    assert said == tuple(case.english if code == "en" else case.chinese)


@pytest.mark.parametrize(("duplicates", "rejected"), [(1, 0), (0, 1), (1, 2), (40, 2)])
def test_the_sentence_on_the_rest_adds_up_to_the_figures_above_it(
    duplicates: int, rejected: int, qapp: QWidget
) -> None:
    view = done_view(duplicates, rejected)
    figures = [int(view.figures.text(name)) for name in ("duplicates", "rejected")]
    total, *parts = map(int, re.findall(r"\d+", view.rest.text()))
    assert total == sum(figures)
    assert parts == [figure for figure in figures if figure]
    assert str(total) in view.rest_button.text()


def test_nothing_left_out_says_nothing_of_it(qapp: QWidget) -> None:
    assert done_view(0, 0).rest.parentWidget().isHidden()
