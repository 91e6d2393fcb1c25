"""The command lines by which the program starts itself: run by a Python, or by the launcher of the Windows package.

In the launcher `sys.executable` is the launcher, and nothing else tells it from a Python: `sys.frozen` is not set.
"""

import ntpath
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

LOCKED = "--locked"  # shows the sign-in window of an operator who locked the desk
SANDBOX = "--sandbox"  # runs one task for `process.sandbox`
OFFSCREEN = ("-platform", "offscreen")
"""A window that nobody sees, for the self-test; not every system passes a variable of Qt on to a process."""
_MODULE = "fuyuan_desk"
_NO_WINDOW = 0x08000000  # Windows would show an empty console


def own_command(*arguments: str, executable: str | None = None) -> list[str]:
    """Return the command line that starts this program with arguments."""
    executable = executable or sys.executable
    if is_launcher(executable):
        return [executable, *arguments]  # it knows which module to run
    flags = ["-I"] if sys.flags.isolated else ["-P"] if sys.flags.safe_path else []
    return [executable, *flags, "-m", _MODULE, *arguments]


def sandbox_command(module: str, executable: str | None = None) -> list[str]:
    """Return the command line that calls `serve()` of a module as soon as possible, with the search path of here."""
    executable = executable or sys.executable
    if is_launcher(executable):
        return own_command(SANDBOX, executable=executable)
    # without `site`, which is not needed
    call = f"import sys; sys.path[:] = sys.argv[1:]; import {module} as m; m.serve()"
    return [executable, "-I", "-S", "-c", call, *sys.path]


def is_launcher(executable: str) -> bool:
    """Return whether an executable file starts this program rather than any Python program."""
    return not ntpath.basename(executable).lower().startswith("python")  # it parts both kinds of paths


def start_piped(command: list[str]) -> "subprocess.Popen[bytes]":
    """Start a process that talks through its standard input and output, without a console; raises `OSError`.

    It knows no password. What it writes to its standard error is dropped: a native reader reports its crash there,
    with content of the file.
    """
    import subprocess  # here: this module is loaded at every start

    from fuyuan_desk.process import environment

    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment.of_child(),
        creationflags=_NO_WINDOW if os.name == "nt" else 0,
    )
