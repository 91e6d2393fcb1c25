"""Entry point: the command line, or the window if there are no arguments."""

import gc
import sys

from fuyuan_desk.process import own_command


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return the exit code: 0 done, 1 refused with a reason on stderr, 2 wrong usage."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = own_command.OFFSCREEN if tuple(arguments[-2:]) == own_command.OFFSCREEN else ()
    command = arguments[: len(arguments) - len(options)]
    locked = None
    if command == [own_command.LOCKED]:
        from fuyuan_desk.process import relaunch

        locked, command = relaunch.received(sys.stdin), []
    if not command:
        from fuyuan_desk.process.environment import forget_passwords

        forget_passwords()  # the window asks for them
        gc.disable()  # there is no garbage yet; the window collects its own
        # imported here and below: each entry point loads only what it needs
        from fuyuan_desk.shell.startup import run_window

        return run_window(locked, options)
    if arguments[0] == own_command.SANDBOX:
        from fuyuan_desk.process import sandbox_child

        sandbox_child.serve()
    from fuyuan_desk.cli.commands import run_command
    from fuyuan_desk.process import core_dumps, event_log

    core_dumps.disable_core_dumps()
    event_log.install_excepthook(lambda message: print(message, file=sys.stderr))
    return run_command(arguments)


if __name__ == "__main__":
    sys.exit(main())
