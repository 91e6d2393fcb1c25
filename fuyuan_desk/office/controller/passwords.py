"""Live feedback on a new password while it is typed."""

from collections.abc import Callable

from fuyuan_desk.office import rules
from fuyuan_desk.widgets.form import Form

Known = Callable[[], tuple[str, str, str]]
"""Returns the operator's login, the name of the office and the operator's name, '' for what is not known."""


def _unknown() -> tuple[str, str, str]:
    return "", "", ""


def rate_password(form: Form, known: Known = _unknown, field: str = "password") -> None:
    """Show the rule of a new password before it is typed, then what is refused of it and whether it is repeated alike.

    `field` is its field; the form has a field `again` too.
    """

    def update() -> None:
        password, again = (str(form.editor(name).raw()) for name in (field, "again"))
        form.show_hint(field, rules.password_quality_text(password, *known()))
        form.show_hint("again", rules.repeat_text(password, again))

    form.changed.connect(update)
    update()
