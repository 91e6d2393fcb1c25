"""What can go wrong for a clerk, told in her words; everything else is a bug and escapes."""

from collections.abc import Mapping


class UserError(Exception):
    """A refusal that the person at the desk can act upon.

    `message` is already translated and says what to do next;
    `fields` maps the names of wrong form fields to the sentence that stands beside each.
    """

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields: dict[str, str] = dict(fields or {})


class InvalidInput(UserError):
    """What was typed or read cannot be taken as it is."""


class NotAllowed(UserError):
    """The operator's role does not permit this act, or nobody is signed in."""


class NotFound(UserError):
    """The record asked for is not (or no longer) in the store."""


class Conflict(UserError):
    """The record was changed meanwhile, or its state does not allow the act."""


class Unusable(UserError):
    """The surroundings refuse: a disk that is full, a file that cannot be read, a printer that is away."""
