"""What is typed into this job's forms is kept through the office's drafts."""

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.desk import Desk
from fuyuan_desk.office import service as office
from fuyuan_desk.widgets.draft import DraftKeeper
from fuyuan_desk.widgets.form import Form


def _pass_over(_refusal: UserError) -> None:
    # a draft that cannot be kept must not disturb the typing; saving the form itself tells what is wrong
    pass


def keep_drafts(desk: Desk, form: Form, key: str) -> DraftKeeper:
    """Keep what is typed into `form` under `key` until it is saved or discarded."""
    return DraftKeeper(
        form,
        key,
        load=lambda name, then: desk.run(office.load_draft, name, done=then, failed=_pass_over, owner=form),
        save=lambda name, draft: desk.run(office.save_draft, name, draft, failed=_pass_over),
        clear=lambda name: desk.run(office.clear_draft, name, failed=_pass_over),
    )
