"""The command line; without arguments the window opens."""

import gc
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the program: 0 done, 1 refused with a reason on stderr, 2 wrong usage."""
    arguments = sys.argv[1:] if arguments is None else arguments
    locked = None
    if arguments == ["--locked"]:
        from fuyuan_desk.process import relaunch

        locked, arguments = relaunch.received(sys.stdin), []
    if not arguments:
        gc.disable()  # there is no garbage yet, only much to look through; the open window turns it on again
        from fuyuan_desk.shell.startup import run_window  # here: each way in loads only what it needs

        return run_window(locked)
    if arguments[0] == "--apart":
        from fuyuan_desk.process import sandbox

        sandbox.serve()
    from fuyuan_desk.cli.commands import run_command
    from fuyuan_desk.process import core_dumps, event_log

    core_dumps.disable_core_dumps()
    event_log.catch_all(lambda told: print(told, file=sys.stderr))
    return run_command(arguments)


if __name__ == "__main__":
    sys.exit(main())
