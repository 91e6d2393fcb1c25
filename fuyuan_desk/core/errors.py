"""Errors that the user can act on; everything else is a bug and propagates."""

from collections.abc import Mapping


class UserError(Exception):
    """An error that the user can act on.

    `message` is already translated and says what to do next;
    `fields` maps the names of invalid form fields to the message shown beside each.
    """

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields: dict[str, str] = dict(fields or {})


class InvalidInput(UserError):
    """The input is not valid."""


class NotAllowed(UserError):
    """The operator's role does not permit this operation, or nobody is signed in."""


class NotFound(UserError):
    """The requested record is not, or no longer, in the store."""


class Conflict(UserError):
    """The record was changed by somebody else, or its state does not allow the operation."""


class Unusable(UserError):
    """The environment failed: a full disk, an unreadable file, an unavailable printer."""


class DiskFull(Unusable):
    """A disk has no room for what was to be written."""
