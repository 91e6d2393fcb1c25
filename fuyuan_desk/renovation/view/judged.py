"""A judged work as a card: verdict, questions to answer, reasons, and the clauses behind them."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from fuyuan_desk.core.law import Source
from fuyuan_desk.core.texts import _
from fuyuan_desk.renovation.facts import ClauseView, DocumentView, FindingView, QuestionView, WorkView
from fuyuan_desk.renovation.rules.present import Present
from fuyuan_desk.renovation.rules.works import Answer, Verdict
from fuyuan_desk.renovation.rules.works import label as label_of
from fuyuan_desk.renovation.view.words import finding_state, present_chip, verdict_chip, work_state
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import label, rule


class _Citation(QLabel):
    """A citation label that reports clicks."""

    pressed = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()


class ClauseLine(QWidget):
    """The citations of a finding; expanded, it shows the text of each clause."""

    def __init__(self, clauses: Sequence[ClauseView], is_open: bool = False) -> None:
        super().__init__()
        self.refs = tuple(clause.ref for clause in clauses)
        cited = _("; ").join(clause.label for clause in clauses)
        self.opener = icon_button("chevron-right", _("Text of {clause}").format(clause=cited))
        self.opener.setCheckable(True)
        self.opener.setIconSize(QSize(14, 14))
        citation = _Citation(cited)
        citation.setTextFormat(Qt.TextFormat.PlainText)
        citation.setProperty("role", "hint")
        citation.setWordWrap(True)
        citation.setContentsMargins(0, 3, 0, 0)
        citation.setCursor(Qt.CursorShape.PointingHandCursor)
        citation.pressed.connect(self.opener.click)
        self.texts = [label(_clause_text(clause), wrap=True, selectable=True) for clause in clauses]
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.opener, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(citation, 1)
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
        """Whether the texts of the clauses are shown."""
        return self.opener.isChecked()

    def _open(self, on: bool) -> None:
        for text in self.texts:
            text.setVisible(on)
        self.opener.setIcon(icon("chevron-down" if on else "chevron-right", "muted"))


def _clause_text(clause: ClauseView) -> str:
    text = _("{clause}: {text}").format(clause=clause.label, text=clause.text)
    if clause.source is not Source.STATUTE:
        text += _(" (reference, not a statute: to be confirmed by the office)")
    return text


class QuestionRow(QWidget):
    """A question with its three answers side by side; arrow keys change the answer."""

    answered = Signal(str)

    def __init__(self, question: QuestionView) -> None:
        super().__init__()
        self.key = question.key
        self._text = question.text
        text = label(question.text, "", wrap=True)
        self.buttons: dict[Answer, QRadioButton] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(12)
        for answer in Answer:
            choice = QRadioButton(label_of(answer))
            choice.setAccessibleName(f"{question.text} {label_of(answer)}")
            choice.clicked.connect(lambda checked, answer=answer: self.answered.emit(answer.value))
            self._group.addButton(choice)
            self.buttons[answer] = choice
            row.addWidget(choice)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(text)
        column.addLayout(row)
        self.show_answer(question.answer)

    def chosen(self) -> QRadioButton:
        """Return the button of the current answer."""
        return next(button for button in self.buttons.values() if button.isChecked())

    def show_answer(self, answer: Answer) -> None:
        """Show the current answer."""
        self.buttons[answer].setChecked(True)


class WorkCard(QFrame):
    """One work; with `editable` its questions can be answered and it can be removed.

    `answered(work, question, answer)`, `removed(work)`; `house_requested` asks for the record of the house, in which
    something is missing.
    """

    answered = Signal(str, str, str)
    removed = Signal(str)
    house_requested = Signal()

    def __init__(self, view: WorkView, editable: bool, documents: Sequence[DocumentView] = ()) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.work = view.work
        self.verdict = view.verdict
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
            "close", _("Remove {work}").format(work=view.name), lambda: self.removed.emit(self.work)
        )
        if editable:
            self.chip.reserve(map(verdict_chip, Verdict))
            head.addWidget(self.remove_button)
        self.house_button = button(
            _("Record the protection of the house"), self.house_requested.emit, picture="edit"
        )
        self.house_button.hide()
        self._question_column = QVBoxLayout()
        self._question_column.setSpacing(8)
        self._findings: QWidget | None = None
        self._view: WorkView | None = None
        self._states: tuple[Present, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 10)
        self._column.setSpacing(6)
        self._column.addLayout(head)
        self._column.addLayout(self._question_column)
        self._column.addWidget(self.house_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_view(view, documents)

    def focus_first(self) -> None:
        """Focus the answer to the first question, else the button that removes the work."""
        row = next(iter(self.questions.values()), None)
        target = row.chosen() if row is not None else self.remove_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_view(self, view: WorkView, documents: Sequence[DocumentView] = ()) -> None:
        """Show the current judgement; unchanged questions keep the focus.

        With the documents of a case, the verdict and each rule as they stand with those received.
        """
        states = tuple(finding_state(finding, documents) for finding in view.findings)
        self.chip.set_chip(
            present_chip(work_state(view, documents)) if documents else verdict_chip(view.verdict)
        )
        if (view, states) == (self._view, self._states):
            return
        self._view, self._states = view, states
        self.verdict = view.verdict
        self.setAccessibleName(f"{view.name} {self.chip.chip.text}")
        self._show_questions(view.questions if self._editable else ())
        opened = {ref for line in self.clauses if line.is_open for ref in line.refs}
        if self._findings is not None:
            self._findings.hide()
            self._findings.deleteLater()
        self.clauses = []
        self._findings = QWidget()
        column = QVBoxLayout(self._findings)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for number, (finding, state) in enumerate(zip(view.findings, states, strict=True)):
            if number:
                column.addWidget(rule())
            chip = present_chip(state) if len(view.findings) > 1 else None
            self._add_finding(column, finding, chip, opened)
        if not self._editable:
            self._add_answers(column, view.questions)
        self._column.insertWidget(self._column.count() - 1, self._findings)

    def offer_house(self, on: bool) -> None:
        """Offer to complete the record of the house, if this work waits for that."""
        findings = self._view.findings if self._view is not None else ()
        self.house_button.setVisible(on and any(finding.asks_house for finding in findings))

    def _show_questions(self, questions: Sequence[QuestionView]) -> None:
        """Show these questions; those that stay keep their row, its place and the focus."""
        keys = [question.key for question in questions]
        for key in [key for key in self.questions if key not in keys]:
            row = self.questions.pop(key)
            self._question_column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, question in enumerate(questions):
            if question.key not in self.questions:
                row = QuestionRow(question)
                row.answered.connect(
                    lambda answer, key=question.key: self.answered.emit(self.work, key, answer)
                )
                self.questions[question.key] = row
                self._question_column.insertWidget(place, row)
            self.questions[question.key].show_answer(question.answer)

    def _add_finding(
        self, column: QVBoxLayout, finding: FindingView, chip: Chip | None, opened: set[str]
    ) -> None:
        reason: Any = label(finding.reason, "", wrap=True, selectable=True)
        if chip is not None:
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(reason, 1)
            line.addWidget(ChipLabel(chip), 0, Qt.AlignmentFlag.AlignTop)
            column.addLayout(line)
        else:
            column.addWidget(reason)
        for text in _consequences(finding):
            column.addWidget(label(text, "hint", wrap=True))
        if finding.clauses:
            refs = {clause.ref for clause in finding.clauses}
            clause_line = ClauseLine(finding.clauses, refs <= opened)
            self.clauses.append(clause_line)
            column.addWidget(clause_line)

    def _add_answers(self, column: QVBoxLayout, questions: Sequence[QuestionView]) -> None:
        for question in questions:
            text = f"{question.text} {label_of(question.answer)}"
            column.addWidget(label(text, "hint", wrap=True))


def _consequences(finding: FindingView) -> list[str]:
    lines = []
    if finding.verdict is Verdict.CHECK:
        questions = " ".join(finding.open_questions)
        worst = label_of(finding.at_worst)
        lines.append(
            _("To be clarified: {questions} Worst case: {verdict}.").format(
                questions=questions, verdict=worst
            )
        )
    if finding.body:
        lines.append(_("Required: {step}").format(step=finding.body))
    if finding.documents:
        lines.append(_("Documents: {papers}").format(papers=_(", ").join(finding.documents)))
    return lines


def worst_first(works: Sequence[WorkView]) -> list[WorkView]:
    """Sort works by verdict, the worst first."""
    return sorted(works, key=lambda view: -view.verdict)


class WorkCards(QWidget):
    """A column of work cards, the worst verdict first, reused while their verdicts change.

    Cards are sorted when a work is added; while questions are answered, or a card is removed, the others stay in
    their places, so that nothing moves under the mouse.
    """

    answered = Signal(str, str, str)
    removed = Signal(str)
    house_requested = Signal()

    def __init__(self, editable: bool) -> None:
        super().__init__()
        self._editable = editable
        self.cards: dict[str, WorkCard] = {}
        self._order: list[str] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    @property
    def order(self) -> tuple[str, ...]:
        """The keys of the works, from top to bottom."""
        return tuple(self._order)

    def worst(self) -> "WorkCard | None":
        """Return the first of the cards with the worst verdict."""
        cards = [self.cards[key] for key in self._order]
        return max(cards, key=lambda card: card.verdict, default=None)

    def show_works(self, works: Sequence[WorkView], documents: Sequence[DocumentView] = ()) -> None:
        """Show these works; with the documents of a case, each verdict as it stands with those received."""
        self.setUpdatesEnabled(False)  # else cards flash at a wrong size during the layout
        views = {view.work: view for view in works}
        kept = [key for key in self._order if key in views]
        is_added = len(kept) < len(views)
        self._order = [view.work for view in worst_first(works)] if is_added else kept
        for key in [key for key in self.cards if key not in views]:
            card = self.cards.pop(key)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for key in self._order:
            self._show(views[key], documents)
        for index, key in enumerate(self._order):
            if self._column.indexOf(self.cards[key]) != index:
                self._column.insertWidget(index, self.cards[key])
        self.setUpdatesEnabled(True)

    def offer_house(self, on: bool) -> None:
        """Offer to complete the record of the house on the cards that wait for it."""
        for card in self.cards.values():
            card.offer_house(on)

    def _show(self, view: WorkView, documents: Sequence[DocumentView]) -> None:
        if view.work in self.cards:
            self.cards[view.work].show_view(view, documents)
            return
        card = WorkCard(view, self._editable, documents)
        card.answered.connect(self.answered)
        card.removed.connect(self.removed)
        card.house_requested.connect(self.house_requested)
        self.cards[view.work] = card
