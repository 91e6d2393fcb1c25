"""Non-blocking questions that require a decision."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.fitted_dialog import FittedDialog
from fuyuan_desk.widgets.labels import label

Choice = tuple[str, str, Callable[[], object] | None]
"""A button's caption, its role ('', 'primary', 'danger') and its action."""


class Question(FittedDialog):
    """A window-modal question with captioned buttons; Esc chooses the last one, which must be harmless."""

    def __init__(self, parent: QWidget | None, title: str, text: str, choices: Sequence[Choice]) -> None:
        super().__init__(parent, title, 420)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if text:
            self.content.addWidget(label(text, "muted", wrap=True))
        self.buttons: list[QPushButton] = []
        for caption, role, action in choices:
            made = button(caption, partial(self._answer, action), role=role)
            self.buttons.append(made)
            self.foot.add(made, end=True)
        self._safe_action = choices[-1][2]
        safe = self.buttons[-1]
        safe.setDefault(True)
        safe.setFocus()

    def reject(self) -> None:
        """Answer as the last button does: Esc was pressed, or the question was closed."""
        super().reject()
        if self._safe_action is not None:
            self._safe_action()

    def _answer(self, action: Callable[[], object] | None) -> None:
        self.accept()
        if action is not None:
            action()


def ask(parent: QWidget, title: str, text: str, choices: Sequence[Choice]) -> Question:
    """Open a question over `parent` without blocking; the last choice must be harmless."""
    question = Question(parent, title, text, choices)
    question.open()
    return question


def confirm(
    parent: QWidget, question: str, text: str, act: str, then: Callable[[], object], dangerous: bool = False
) -> Question:
    """Ask before an action; name the object in `question` and the action in `act`, the button's caption."""
    role = "danger" if dangerous else "primary"
    return ask(parent, question, text, [(act, role, then), (_("&Keep as it is"), "", None)])
