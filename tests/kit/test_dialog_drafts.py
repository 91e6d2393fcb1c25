"""What is typed into a dialog that does an act is kept as it is in a form."""

import ast
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core.draft_keys import RESTORE
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.kit import course_dialog
from fuyuan_desk.kit.course_dialog import DialogDraft, Version, run_dialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.shell.jobs import JOBS
from fuyuan_desk.widgets import dialogs
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.question import Question
from tests.screen import button
from tests.sources import PACKAGE, calls, full_name, imported_names, trees

KEY = "household_end:1"
Settled = Callable[[], None]
Open = Callable[..., FormDialog]


@permit(*EVERYONE)
def _act(seat: Seat, reason: str, based_on: Version) -> str:
    """Refuse a short reason; a service that writes nothing."""
    if len(reason) < 4:
        raise InvalidInput("Too short.", {"reason": "Too short."})
    return f"{reason} {based_on}"


@pytest.fixture
def page(front: Callable[[QWidget], None]) -> QWidget:
    made = QWidget()
    front(made)
    return made


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def open_dialog(desk: Desk, page: QWidget, settled: Settled, done: list[str]) -> Open:
    def open_one(version: Version = 3) -> FormDialog:
        form = Form([Field("reason", "&Reason", required=True)])
        dialog = FormDialog(page, "Why?", form)
        run_dialog(
            desk, dialog, lambda typed, based_on: (_act, typed["reason"], based_on), done.append,
            DialogDraft(KEY, version),
        )  # fmt: skip
        settled()
        return dialog

    return open_one


def typed(dialog: FormDialog, text: str, qtbot: QtBot, settled: Settled) -> None:
    qtbot.keyClicks(dialog.form.editor("reason").inner()[0], text)
    [saver] = dialog.findChildren(DraftSaver)
    saver.flush()  # what a timer does a moment after the last key
    settled()


def test_what_is_typed_is_kept_and_asked_about_when_it_is_opened_again(
    open_dialog: Open, seat: Seat, qtbot: QtBot, settled: Settled, done: list[str]
) -> None:
    typed(open_dialog(), "sold to", qtbot, settled)
    kept = drafts.load_draft(seat, KEY)
    assert kept is not None
    assert kept["reason"] == "sold to"
    again = open_dialog()  # the first one went with a crash
    assert again.form.is_asking
    button(again, "Restore").click()
    assert again.form.raw() == {"reason": "sold to"}
    again.form.submit()
    settled()
    assert done == ["sold to 3"]
    assert drafts.load_draft(seat, KEY) is None


def test_the_question_is_whole_in_sight(open_dialog: Open, seat: Seat) -> None:
    use_language("zh_CN")
    drafts.save_draft(seat, KEY, {"reason": "sold to", "_kept_at": "2026-11-28T15:49+00:00"})
    dialog = open_dialog()
    [area] = dialog.findChildren(QScrollArea)
    assert not area.verticalScrollBar().isVisible()
    shown = dialog.form.notice
    assert area.viewport().rect().contains(shown.mapTo(area.viewport(), shown.rect().bottomRight()))


def test_a_refused_act_keeps_its_input_and_a_discarded_one_does_not(
    open_dialog: Open, seat: Seat, qtbot: QtBot, settled: Settled, done: list[str]
) -> None:
    dialog = open_dialog()
    typed(dialog, "ab", qtbot, settled)
    dialog.form.submit()
    settled()
    assert dialog.form.errors() == {"reason": "Too short."}
    assert drafts.load_draft(seat, KEY) is not None
    dialog.reject()
    [asked] = [box for box in QApplication.topLevelWidgets() if isinstance(box, Question) and box.isVisible()]
    button(asked, "Do not save").click()
    settled()
    assert drafts.load_draft(seat, KEY) is None
    assert done == []


def test_what_was_typed_on_something_older_says_so_and_is_saved_as_such(
    open_dialog: Open, seat: Seat, settled: Settled, done: list[str]
) -> None:
    drafts.save_draft(seat, KEY, {"reason": "sold to", "_version": 2, RESTORE: True})
    dialog = open_dialog()
    assert "changed since" in dialog.form.notice.text()
    button(dialog, "Restore").click()
    dialog.form.submit()
    settled()
    assert done == ["sold to 2"], "the service refuses it over the newer one"


def test_a_closed_dialog_is_deleted(open_dialog: Open, page: QWidget, qtbot: QtBot) -> None:
    open_dialog().reject()
    qtbot.waitUntil(lambda: not page.findChildren(FormDialog))


# --- every dialog


WITHOUT = {
    # asks only, and is left without a question
    "audit/controller.py": "days of a list; the number of a proof sheet, which is on paper",
    "calls/view.py": "the order of an export",
    "dossiers/view.py": "the order of a paper",
    "reports/view.py": "the order of a paper",
    "estates/view/people_dialogs.py": "its acts run with drafts; a day that is asked about",
    "widgets/export_dialog.py": "the order of an export",
    "widgets/facets.py": "days of a list",
    "inspections/controller/photo_clock.py": "when a photo was taken, of a list that a lock forgets",
    "kit/course_dialog.py": "run with a draft by the controllers of courses",
    "roster/view/community.py": "the order of an export",
    "roster/view/file_password.py": "the password of a file",
    "kit/merging/view.py": "nothing is typed: what is chosen is of two records as they were read",
    "facilities/view.py": "run with a draft by its controller",
    "inspections/view/correction.py": "run with a draft by its controller",
    # passwords and keys are never kept
    "office/controller/operators.py": "passwords",
    "office/view/office_key.py": "passwords",
    "office/view/second.py": "the second person's password",
    # of a choice on the page that a lock forgets
    "kit/many_dialog.py": "of rows that are chosen in a list",
    "privacy/controller.py": "of somebody who was found anew",
    "backups/controller/backup.py": "of a drive that is plugged in",
    "widgets/saved_filters.py": "the name of what a list shows now",
}
RUNS = (f"{course_dialog.__name__}.run_dialog", f"{course_dialog.__name__}.keep_draft")
DIALOG = f"{dialogs.__name__}.FormDialog"


def _makes_one(tree: ast.Module) -> bool:
    imported = imported_names(tree)
    bases = [base for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases]
    return any(calls(tree, DIALOG)) or DIALOG in {full_name(base, imported) for base in bases}


def test_every_dialog_keeps_its_input_or_says_here_why_not() -> None:
    made = {path.relative_to(PACKAGE).as_posix(): tree for path, tree in trees().items() if _makes_one(tree)}
    without = {path for path, tree in made.items() if not any(calls(tree, *RUNS))}
    assert without == WITHOUT.keys()


def test_only_dialogs_that_ask_or_merge_or_say_what_a_photo_shows_are_run_without_a_draft() -> None:
    bare = []
    for path, tree in trees().items():
        for call in calls(tree, RUNS[0]):
            given: Any = call.args[4]
            if isinstance(given, ast.Constant):
                bare.append(path.relative_to(PACKAGE).as_posix())
    assert bare == [
        "estates/controller/duplicates.py",
        "inspections/controller/photo_places.py",
        "kit/merging/controller.py",
        "organisations/controller/organisations.py",
        "reports/controller.py",
    ]


def test_every_key_of_a_draft_has_a_form_and_a_page() -> None:
    for job in JOBS:
        assert job.drafts.keys() == job.draft_forms.keys(), job.name
