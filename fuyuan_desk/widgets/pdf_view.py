"""Continuous scrolling view of PDF pages, rendered in the background when they become visible."""

from collections import OrderedDict
from functools import partial
from typing import Any

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea

from fuyuan_desk.widgets.pdf import POINTS_PER_INCH, PdfFile
from fuyuan_desk.widgets.theme import colour
from fuyuan_desk.widgets.work import Job, Worker

GAP = 16
_SCREEN_DPI = 96
_IMAGES_KEPT = 8
ZOOMS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)


class PdfView(QAbstractScrollArea):
    """Shows a `PdfFile`; `page_changed` carries the number (from 0) of the page at the top of the view."""

    page_changed = Signal(int)
    zoom_changed = Signal(float)

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self._worker = worker
        self._pdf: PdfFile | None = None
        self._fit = "width"
        self._zoom = 1.0
        self._tops: list[int] = []
        self._page = 0
        self._images: OrderedDict[int, tuple[float, QImage]] = OrderedDict()
        self._jobs: dict[int, Job] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)

    def set_pdf(self, pdf: PdfFile | None) -> None:
        """Show another document from its first page."""
        for job in self._jobs.values():
            job.forget()
            job.cancel()
        self._jobs.clear()
        self._images.clear()
        self._pdf = pdf
        self._page = 0
        self._lay_out()
        self.verticalScrollBar().setValue(0)
        self.page_changed.emit(0)

    @property
    def page(self) -> int:
        """The number (from 0) of the current page."""
        return self._page

    @property
    def page_count(self) -> int:
        """The number of pages."""
        return len(self._pdf.sizes) if self._pdf is not None else 0

    @property
    def zoom(self) -> float:
        """The current scale; 1.0 is the paper size at 96 dots per inch."""
        return self._zoom

    def go_to(self, number: int) -> None:
        """Scroll to a page (from 0)."""
        if self._tops:
            self.verticalScrollBar().setValue(self._tops[max(0, min(number, len(self._tops) - 1))] - GAP)

    def fit(self, mode: str) -> None:
        """Fit the pages to the window: `width` or `page`."""
        self._fit = mode
        self._relayout()

    def set_zoom(self, zoom: float) -> None:
        """Use a fixed scale."""
        self._fit = ""
        self._zoom = max(ZOOMS[0], min(zoom, ZOOMS[-1]))
        self._relayout()

    def step_zoom(self, step: int) -> None:
        """Switch to the next larger (+1) or smaller (-1) scale."""
        if step > 0:
            self.set_zoom(next((zoom for zoom in ZOOMS if zoom > self._zoom + 0.01), ZOOMS[-1]))
        else:
            self.set_zoom(next((zoom for zoom in reversed(ZOOMS) if zoom < self._zoom - 0.01), ZOOMS[0]))

    def rendered(self) -> list[int]:
        """Return the pages (from 0) whose images are in memory."""
        return sorted(self._images)

    # Qt event handlers

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._relayout()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        key = event.key()
        if key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif key == Qt.Key.Key_PageDown:
            self.go_to(self._page + 1)
        elif key == Qt.Key.Key_PageUp:
            self.go_to(self._page - 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), colour("line"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number in self._visible():
            area = self._area(number)
            painter.fillRect(area.adjusted(-1, -1, 1, 1), colour("edge"))
            painter.fillRect(area, Qt.GlobalColor.white)
            cached = self._images.get(number)
            if cached is not None:
                painter.drawImage(QRectF(area), cached[1])
            self._request_image(number)
        if self.hasFocus():
            painter.setPen(colour("ink"))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    # layout

    def _size(self, number: int) -> tuple[int, int]:
        assert self._pdf is not None
        width, height = self._pdf.sizes[number]
        scale = self._zoom * _SCREEN_DPI / POINTS_PER_INCH
        return round(width * scale), round(height * scale)

    def _area(self, number: int) -> QRect:
        width, height = self._size(number)
        available = self.viewport().width()
        left = max((available - width) // 2, GAP) - self.horizontalScrollBar().value()
        return QRect(left, self._tops[number] - self.verticalScrollBar().value(), width, height)

    def _visible(self) -> list[int]:
        window = self.viewport().rect()
        return [number for number in range(len(self._tops)) if self._area(number).intersects(window)]

    def _relayout(self) -> None:
        if self._pdf is None:
            return
        bar = self.verticalScrollBar()
        fraction = bar.value() / max(bar.maximum(), 1)
        self._lay_out()
        bar.setValue(round(fraction * bar.maximum()))

    def _lay_out(self) -> None:
        self._tops = []
        if self._pdf is None or not self._pdf.sizes:
            self.viewport().update()
            return
        viewport = self.viewport().size()
        widest = max(width for width, _height in self._pdf.sizes)
        tallest = max(height for _width, height in self._pdf.sizes)
        scale = _SCREEN_DPI / POINTS_PER_INCH
        if self._fit:
            self._zoom = max((viewport.width() - 2 * GAP) / (widest * scale), 0.1)
        if self._fit == "page":
            self._zoom = max(min(self._zoom, (viewport.height() - 2 * GAP) / (tallest * scale)), 0.1)
        top = GAP
        for number in range(len(self._pdf.sizes)):
            self._tops.append(top)
            top += self._size(number)[1] + GAP
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setRange(0, max(top - viewport.height(), 0))
        vertical.setPageStep(viewport.height())
        vertical.setSingleStep(48)
        width = round(widest * scale * self._zoom) + 2 * GAP
        horizontal.setRange(0, max(width - viewport.width(), 0))
        horizontal.setPageStep(viewport.width())
        self.zoom_changed.emit(self._zoom)
        self.viewport().update()

    def _on_scrolled(self, value: int) -> None:
        self.viewport().update()
        middle = value + self.viewport().height() // 3
        page = max((number for number, top in enumerate(self._tops) if top <= middle), default=0)
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)

    # images

    def _request_image(self, number: int) -> None:
        dots = self._zoom * _SCREEN_DPI * self.devicePixelRatioF()
        cached = self._images.get(number)
        if number in self._jobs or self._pdf is None or (cached is not None and abs(cached[0] - dots) < 0.5):
            return
        for other in [page for page in self._jobs if page not in self._visible()]:
            self._jobs.pop(other).cancel()
        self._jobs[number] = self._worker.run(
            self._pdf.image,
            number,
            dots,
            done=partial(self._store_image, number, dots),
            cancelled=lambda: None,
            owner=self,
        )

    def _store_image(self, number: int, dots: float, image: Any) -> None:
        self._jobs.pop(number, None)
        self._images[number] = (dots, image)
        self._images.move_to_end(number)
        while len(self._images) > _IMAGES_KEPT:
            self._images.popitem(last=False)
        self.viewport().update()
