"""Drafts: form input is saved while it is typed, and offered again later."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.form import Form

DEBOUNCE_MS = 800
_SAVED_AT_KEY = "_kept_at"
_RESTORE_KEY = "_put_back"

Draft = dict[str, Any]
Load = Callable[[str, Callable[[Draft | None], object]], object]
"""Loads the draft of a key in the background and passes it, or None, to the second argument."""
Save = Callable[[str, Draft], object]
Clear = Callable[[str], object]


class DraftSaver(QObject):
    """Saves one form's unsaved input under a key, through three non-blocking callables.

    `offer()` looks for an earlier draft and shows a bar on the form; saving or discarding the form
    clears it. Input present when the desk was locked is restored without asking. An earlier draft
    that was not answered yet is not overwritten in memory by new input.
    """

    def __init__(
        self,
        form: Form,
        key: str,
        load: Load,
        save: Save,
        clear: Clear,
        debounce_ms: int = DEBOUNCE_MS,
    ) -> None:
        super().__init__(form)
        self._form = form
        self._key = key
        self._load = load
        self._save = save
        self._clear = clear
        self._stored = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(debounce_ms)
        self._timer.timeout.connect(self.flush)
        form.changed.connect(self._timer.start)
        form.cleaned.connect(self._drop)
        form.discarded.connect(self._drop)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.flush)

    @property
    def key(self) -> str:
        """The key of this form's draft, e.g. `household:12` or `household:new`."""
        return self._key

    def set_key(self, key: str) -> None:
        """Switch to the draft of another record; input from now on belongs to `key`."""
        self.flush()
        self._key = key
        self._stored = False
        self._timer.stop()

    def offer(self) -> None:
        """Look for a draft of this key and offer it; call this after the form was filled."""
        key = self._key
        self._load(key, lambda draft: self._on_loaded(key, draft))

    @property
    def form(self) -> Form:
        """The form whose input is saved."""
        return self._form

    @property
    def is_shown(self) -> bool:
        """Whether the form is visible."""
        return self._form.isVisible()

    @property
    def is_open(self) -> bool:
        """Whether the form is visible with unsaved input."""
        return self._form.is_dirty and self._form.isVisible()

    def flush(self) -> None:
        """Save the input immediately; call this before the form is closed."""
        self._keep({})

    def save_for_return(self) -> None:
        """Save the input immediately, to be restored without asking after the desk was locked."""
        self._keep({_RESTORE_KEY: True})

    def _keep(self, extra: Draft) -> None:
        self._timer.stop()
        if self._form.is_dirty:
            now = datetime.now().astimezone().isoformat(timespec="minutes")
            self._stored = True
            self._save(self._key, {**self._form.raw(), _SAVED_AT_KEY: now, **extra})
        elif self._stored:
            self._drop()

    def _on_loaded(self, key: str, draft: Draft | None) -> None:
        if not draft or key != self._key:
            return
        self._stored = True
        fields = {name: value for name, value in draft.items() if name not in (_SAVED_AT_KEY, _RESTORE_KEY)}
        if draft.get(_RESTORE_KEY):
            self._restore(fields)
            self._save(self._key, {**fields, _SAVED_AT_KEY: draft.get(_SAVED_AT_KEY)})  # ask the next time
            return
        self._form.notice.say(
            "info",
            _("There is an unsaved draft{when}.").format(when=_saved_at(draft)),
            _("&Restore"),
            lambda: self._restore(fields),
            _("&Discard"),
            self._drop,
        )

    def _restore(self, fields: Mapping[str, Any]) -> None:
        self._form.set_raw(fields)
        self._form.focus_first()

    def _drop(self) -> None:
        self._timer.stop()
        if self._stored:
            self._stored = False
            self._clear(self._key)


def _saved_at(draft: Draft) -> str:
    try:
        kept = datetime.fromisoformat(str(draft[_SAVED_AT_KEY]))
    except (KeyError, ValueError):
        return ""
    return _(" from {when}").format(when=kept.astimezone().strftime("%Y-%m-%d %H:%M"))
