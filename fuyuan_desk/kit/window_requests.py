"""What only the main window can do for a page."""

from PySide6.QtCore import QObject, Signal


class WindowRequests(QObject):
    """Requests to the main window; pages connect their signals to these."""

    sample = Signal()
    restore = Signal(str)
    language = Signal(str)
    appearance = Signal(bool, bool)  # whether the text is large, and the rows of lists tall
    capture_barred = Signal(bool)  # whether revealed data is kept out of pictures of the screen
    idle_minutes = Signal(int)
