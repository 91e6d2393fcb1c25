"""Drafts: form input is saved while it is typed, and offered again later."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from fuyuan_desk.core.draft_keys import FIELD, RESTORE, SAVED_AT, VERSION
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.form import Form

DEBOUNCE_MS = 800

Draft = dict[str, Any]
Load = Callable[[str, Callable[[Draft | None], object]], object]
"""Loads the draft of a key in the background and passes it, or None if none can be read, to the second argument."""
Save = Callable[[str, Draft], object]
Clear = Callable[[str], object]


class DraftSaver(QObject):
    """Saves one form's unsaved input under a key, through three non-blocking callables.

    `offer()` looks for an earlier draft and asks on the form whether to restore or discard it, before the form accepts
    input. Until that is answered nothing is saved and nothing cleared under the key: the earlier draft stays, whatever
    becomes of the form. Afterwards saving or discarding the form clears its draft. `version` is that of the record on
    which the input is based: a restored draft brings its own, so that saving it over a newer record is refused. Input
    present when the desk was locked is restored without asking, unless the record was changed since.
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
        self._is_awaited = False
        self.version: int | str | None = None
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

    def set_key(self, key: str, version: int | str | None = None) -> None:
        """Switch to the draft of another record, read at `version`; input from now on belongs to `key`."""
        self.flush()
        if key == self._key and self._form.is_asking:
            self.version = version  # the same record again: its draft is not answered yet
            return
        self._form.stop_asking()
        self._key = key
        self.version = version
        self._stored = self._is_awaited = False
        self._timer.stop()

    def offer(self) -> None:
        """Look for a draft of this key and offer it; call this after the form was filled."""
        key = self._key
        self._is_awaited = True
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

    @property
    def is_waiting(self) -> bool:
        """Whether input was typed that is not saved yet."""
        return self._timer.isActive()

    def flush(self) -> None:
        """Save the input immediately; call this before the form is closed."""
        self._keep({})

    def save_for_return(self) -> None:
        """Save the input immediately, to be restored without asking after the desk was locked."""
        self._keep({RESTORE: True, FIELD: self._form.focused_field} if self._form.is_dirty else {})

    def _keep(self, extra: Draft) -> None:
        self._timer.stop()
        if self._is_open_question:
            return
        if self._form.is_dirty:
            now = datetime.now().astimezone().isoformat(timespec="minutes")
            self._stored = True
            known = {} if self.version is None else {VERSION: self.version}
            self._save(self._key, {**self._form.raw(), SAVED_AT: now, **known, **extra})
        elif self._stored:
            self._drop()

    @property
    def _is_open_question(self) -> bool:
        """Whether there is, or may be, an earlier draft that the operator has not answered yet."""
        return self._is_awaited or self._form.is_asking

    def _on_loaded(self, key: str, draft: Draft | None) -> None:
        if key != self._key:
            return
        self._is_awaited = False
        self._form.stop_asking()
        if not draft:
            if self._form.is_dirty:
                self._timer.start()  # what was typed meanwhile
            return
        self._stored = True
        own = (SAVED_AT, RESTORE, FIELD, VERSION)
        fields = {name: value for name, value in draft.items() if name not in own}
        version = draft.get(VERSION, self.version)
        if draft.get(RESTORE) and version == self.version:
            self._restore(fields, version, str(draft.get(FIELD, "")))
            self._save(self._key, {**draft, RESTORE: False})  # ask the next time
            return
        text = _("There is an unsaved draft{when}.").format(when=_saved_at(draft))
        if version != self.version:
            text += _(" The record was changed since; compare before you restore it.")
        text += _(" Restore or discard it first.")
        # without mnemonics: the bar comes above the fields of any form, whose letters it does not know
        self._form.ask_first(
            text,
            (_("Restore"), lambda: self._restore(fields, version)),
            (_("Discard"), self._discard),
        )

    def _restore(self, fields: Mapping[str, Any], version: int | None, field: str = "") -> None:
        self.version = version
        self._form.set_raw(fields)
        self._form.focus_first(field)

    def _discard(self) -> None:
        self._drop()
        self._form.focus_first()

    def _drop(self) -> None:
        self._timer.stop()
        if self._stored and not self._is_open_question:
            self._stored = False
            self._clear(self._key)


def _saved_at(draft: Draft) -> str:
    try:
        kept = datetime.fromisoformat(str(draft[SAVED_AT]))
    except (KeyError, ValueError):
        return ""
    return _(" from {when}").format(when=kept.astimezone().strftime("%Y-%m-%d %H:%M"))
