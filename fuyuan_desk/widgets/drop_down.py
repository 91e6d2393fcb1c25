"""A drop-down whose list is as wide as its widest choice; its rows and their number are set in the stylesheet."""

from PySide6.QtWidgets import QComboBox

_AROUND = 24  # border and scroll bar


class DropDown(QComboBox):
    """A combo box whose choices are not cut, however narrow it is itself."""

    def showPopup(self) -> None:
        """Open the list."""
        view = self.view()
        view.setMinimumWidth(min(view.sizeHintForColumn(0) + _AROUND, self.screen().availableSize().width()))
        super().showPopup()
