"""The garbage of a program with a window is collected on the UI thread, where Qt objects may be freed."""

import gc

from PySide6.QtCore import QCoreApplication, QTimer

from fuyuan_desk.core.garbage import collect_due

_EVERY_MS = 300
"""Seldom enough to cost nothing, often enough that each pass is short."""
_NAME = "garbage"


def collect_on_ui_thread() -> None:
    """From now on let no other thread collect garbage; call it on the UI thread, also repeatedly."""
    application = QCoreApplication.instance()
    if application is None:
        return
    gc.disable()
    if application.findChild(QTimer, _NAME) is not None:
        return
    timer = QTimer(application)
    timer.setObjectName(_NAME)
    timer.timeout.connect(collect_due)
    timer.start(_EVERY_MS)
