"""Live feedback on a new password while it is typed."""

from fuyuan_desk.office import rules
from fuyuan_desk.widgets.form import Form


def rate_password(form: Form, name: str = "password") -> None:
    """Show the rule of a new password before it is typed, then how good it is and whether it is repeated alike.

    `name` is its field; the form has a field `again` too.
    """

    def update() -> None:
        password, again = (str(form.editor(field).raw()) for field in (name, "again"))
        form.show_hint(name, rules.password_quality_text(password))
        form.show_hint("again", rules.repeat_text(password, again))

    form.changed.connect(update)
    update()
