"""A judged work as a card: verdict, questions to answer, reasons, and the clauses behind them."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from fuyuan_desk.core.law import Source
from fuyuan_desk.core.texts import _
from fuyuan_desk.renovation.facts import ClauseView, FindingView, QuestionView, WorkView
from fuyuan_desk.renovation.rules.cases import Answer, Verdict
from fuyuan_desk.renovation.rules.cases import label as named
from fuyuan_desk.renovation.view.words import verdict_chip
from fuyuan_desk.widgets.buttons import icon_button
from fuyuan_desk.widgets.chips import ChipLabel
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import label, rule


class _Cited(QLabel):
    """The citation; a click on it is a click on its button."""

    pressed = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()


class ClauseLine(QWidget):
    """The citations behind a finding; opened, they show what each clause says."""

    def __init__(self, clauses: Sequence[ClauseView], is_open: bool = False) -> None:
        super().__init__()
        self.refs = tuple(clause.ref for clause in clauses)
        cited = _("; ").join(clause.label for clause in clauses)
        self.opener = icon_button("chevron-right", _("What {clause} says").format(clause=cited))
        self.opener.setCheckable(True)
        self.opener.setIconSize(QSize(14, 14))
        words = _Cited(cited)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setProperty("role", "hint")
        words.setWordWrap(True)
        words.setContentsMargins(0, 3, 0, 0)
        words.setCursor(Qt.CursorShape.PointingHandCursor)
        words.pressed.connect(self.opener.click)
        self.texts = [label(_clause_words(clause), wrap=True, selectable=True) for clause in clauses]
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.opener, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        for text in self.texts:
            text.setContentsMargins(26, 0, 0, 2)
            column.addWidget(text)
        self.opener.toggled.connect(self._open)
        self.opener.setChecked(is_open)
        self._open(is_open)

    @property
    def is_open(self) -> bool:
        """Whether the clauses' words are shown."""
        return self.opener.isChecked()

    def _open(self, on: bool) -> None:
        for text in self.texts:
            text.setVisible(on)
        self.opener.setIcon(icon("chevron-down" if on else "chevron-right", "muted"))


def _clause_words(clause: ClauseView) -> str:
    told = _("{clause}: {text}").format(clause=clause.label, text=clause.text)
    if clause.source is not Source.STATUTE:
        told += _(" (reference, not a statute: to be confirmed by the office)")
    return told


class QuestionRow(QWidget):
    """A question with its three answers, next to each other; arrow keys change the answer."""

    answered = Signal(str)

    def __init__(self, question: QuestionView) -> None:
        super().__init__()
        self.key = question.key
        self._text = question.text
        words = label(question.text, "", wrap=True)
        self.buttons: dict[Answer, QRadioButton] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(12)
        for answer in Answer:
            made = QRadioButton(named(answer))
            made.setAccessibleName(f"{question.text} {named(answer)}")
            made.clicked.connect(lambda checked, answer=answer: self.answered.emit(answer.value))
            self._group.addButton(made)
            self.buttons[answer] = made
            row.addWidget(made)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(words)
        column.addLayout(row)
        self.show_answer(question.answer)

    def show_answer(self, answer: Answer) -> None:
        """Show the answer given so far."""
        self.buttons[answer].setChecked(True)


class WorkCard(QFrame):
    """One work. With `editable` its questions are asked and it can be taken out.

    `answered(work, question, answer)`, `removed(work)`.
    """

    answered = Signal(str, str, str)
    removed = Signal(str)

    def __init__(self, view: WorkView, editable: bool) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.work = view.work
        self._editable = editable
        self.questions: dict[str, QuestionRow] = {}
        self.clauses: list[ClauseLine] = []
        self.chip = ChipLabel()
        name = label(view.name, "strong", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(name, 1)
        head.addWidget(self.chip)
        self.remove_button = icon_button(
            "close", _("Take {work} out").format(work=view.name), lambda: self.removed.emit(self.work)
        )
        if editable:
            head.addWidget(self.remove_button)
        self._asked = QVBoxLayout()
        self._asked.setSpacing(8)
        self._found: QWidget | None = None
        self._view: WorkView | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 10)
        self._column.setSpacing(6)
        self._column.addLayout(head)
        self._column.addLayout(self._asked)
        self.show_view(view)

    def show_view(self, view: WorkView) -> None:
        """Show the work's present judgement; questions that stay keep the focus."""
        if view == self._view:
            return
        self._view = view
        self.chip.set_chip(verdict_chip(view.verdict))
        self.setAccessibleName(f"{view.name} {named(view.verdict)}")
        self._show_questions(view.questions if self._editable else ())
        opened = {ref for line in self.clauses if line.is_open for ref in line.refs}
        if self._found is not None:
            self._found.hide()
            self._found.deleteLater()
        self.clauses = []
        self._found = QWidget()
        column = QVBoxLayout(self._found)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for number, finding in enumerate(view.findings):
            if number:
                column.addWidget(rule())
            self._add_finding(column, finding, len(view.findings) > 1, opened)
        if not self._editable:
            self._add_answers(column, view.questions)
        self._column.addWidget(self._found)

    def _show_questions(self, questions: Sequence[QuestionView]) -> None:
        if list(self.questions) != [question.key for question in questions]:
            for row in self.questions.values():
                self._asked.removeWidget(row)
                row.hide()
                row.deleteLater()
            self.questions = {}
            for question in questions:
                row = QuestionRow(question)
                row.answered.connect(
                    lambda answer, key=question.key: self.answered.emit(self.work, key, answer)
                )
                self.questions[question.key] = row
                self._asked.addWidget(row)
        for question in questions:
            self.questions[question.key].show_answer(question.answer)

    def _add_finding(
        self, column: QVBoxLayout, finding: FindingView, with_chip: bool, opened: set[str]
    ) -> None:
        words: Any = label(finding.reason, "", wrap=True, selectable=True)
        if with_chip:
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(words, 1)
            line.addWidget(ChipLabel(verdict_chip(finding.verdict)), 0, Qt.AlignmentFlag.AlignTop)
            column.addLayout(line)
        else:
            column.addWidget(words)
        for told in _needs(finding):
            column.addWidget(label(told, "hint", wrap=True))
        if finding.clauses:
            refs = {clause.ref for clause in finding.clauses}
            shown = ClauseLine(finding.clauses, refs <= opened)
            self.clauses.append(shown)
            column.addWidget(shown)

    def _add_answers(self, column: QVBoxLayout, questions: Sequence[QuestionView]) -> None:
        for question in questions:
            told = f"{question.text} {named(question.answer)}"
            column.addWidget(label(told, "hint", wrap=True))


def _needs(finding: FindingView) -> list[str]:
    told = []
    if finding.verdict is Verdict.CHECK:
        asked = " ".join(finding.open_questions)
        worst = named(finding.at_worst)
        told.append(_("Still open: {questions} At worst: {verdict}.").format(questions=asked, verdict=worst))
    if finding.body:
        told.append(_("To be done: {step}").format(step=finding.body))
    if finding.documents:
        told.append(_("Papers: {papers}").format(papers=_(", ").join(finding.documents)))
    return told


class WorkCards(QWidget):
    """The cards of several works below each other, kept in place while their verdicts change."""

    answered = Signal(str, str, str)
    removed = Signal(str)

    def __init__(self, editable: bool) -> None:
        super().__init__()
        self._editable = editable
        self.cards: dict[str, WorkCard] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_works(self, works: Sequence[WorkView]) -> None:
        """Show these works in this order."""
        self.setUpdatesEnabled(False)  # no card is to be seen squeezed while the others make room
        wanted = [view.work for view in works]
        for key in [key for key in self.cards if key not in wanted]:
            gone = self.cards.pop(key)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for view in works:
            if view.work in self.cards:
                self.cards[view.work].show_view(view)
            else:
                card = WorkCard(view, self._editable)
                card.answered.connect(self.answered)
                card.removed.connect(self.removed)
                self.cards[view.work] = card
        for place, key in enumerate(wanted):
            if self._column.indexOf(self.cards[key]) != place:
                self._column.insertWidget(place, self.cards[key])
        self.setUpdatesEnabled(True)
