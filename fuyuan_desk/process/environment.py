"""The passwords that a command may find in its environment, and the environment of child processes without them."""

import os

PASSWORD_VARIABLE = "FUYUAN_PASSWORD"
SECOND_VARIABLE = "FUYUAN_SECOND_PASSWORD"
FILE_VARIABLE = "FUYUAN_FILE_PASSWORD"
_SECRETS = (PASSWORD_VARIABLE, SECOND_VARIABLE, FILE_VARIABLE)


def of_child() -> dict[str, str]:
    """Return the environment for a child process: this one without the passwords."""
    return {name: value for name, value in os.environ.items() if name not in _SECRETS}


def forget_passwords() -> None:
    """Remove the passwords from the environment, also for the processes that Qt starts."""
    for name in _SECRETS:
        os.environ.pop(name, None)
