"""What the self-test runs in the process for foreign files; imported there, so it must stay quick to load."""

import time

_AT_MOST = 30.0


def echo(text: str) -> str:
    """Return the text."""
    return text


def beat(file: str) -> None:
    """Lengthen a file every hundredth of a second, for longer than anyone waits, but not for ever."""
    end = time.monotonic() + _AT_MOST
    while time.monotonic() < end:
        with open(file, "ab") as trace:
            trace.write(b".")
        time.sleep(0.01)


def printer_names() -> list[str]:
    """Return the names of the printers that this PC knows; a print server that does not answer delays it."""
    from PySide6.QtPrintSupport import QPrinterInfo
    from PySide6.QtWidgets import QApplication

    from fuyuan_desk.process.own_command import OFFSCREEN

    _application = QApplication(["", *OFFSCREEN])
    return list(QPrinterInfo.availablePrinterNames())
