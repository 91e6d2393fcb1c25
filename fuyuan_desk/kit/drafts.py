"""Saving of form input through the office's drafts."""

from fuyuan_desk.access import drafts
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.form import Form


def _pass_over(_refusal: UserError) -> None:
    # a draft that cannot be saved must not interrupt typing; saving the form itself reports the error
    pass


def keep_drafts(desk: Desk, form: Form, key: str) -> DraftSaver:
    """Save the input of `form` as a draft under `key` until the form is saved or discarded."""

    def told(_nothing: None) -> None:
        desk.drafts_changed.emit()

    return DraftSaver(
        form,
        key,
        load=lambda name, then: desk.run(
            drafts.load_draft, name, done=then, failed=lambda _refusal: then(None), owner=form
        ),
        save=lambda name, draft: desk.run(drafts.save_draft, name, draft, done=told, failed=_pass_over),
        clear=lambda name: desk.run(drafts.clear_draft, name, done=told, failed=_pass_over),
    )
