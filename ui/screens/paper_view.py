"""Shows a paper that the portal handed out, page by page, in the place of the web page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel

from kioskcore.errors import KioskError
from ui.look import Look
from ui.widgets.blocks import Pages, Slot, column, label, row
from ui.widgets.buttons import ActionButton

_SHARP = 2200
"""Pixels of a drawn page's longer side: an A4 page as wide as a large screen."""


class PaperView(Slot):
    """`open(file)` raises KioskError PDF-UNREADABLE or IMAGE-UNREADABLE; `close_paper` lets the file go."""

    def __init__(self, look: Look, close: Callable[[], None], print_it: Callable[[], None]) -> None:
        super().__init__()
        self.look, self._close, self._print = look, close, print_it
        self.file = Path()
        self.can_print = False
        self._document: Any = None
        self._image = QImage()
        self.page = 0

    @property
    def pages(self) -> int:
        return self._document.pageCount() if self._document is not None else 1

    def open(self, file: Path) -> None:
        self.close_paper()
        self.file = file
        if file.suffix == ".pdf":
            self._document = _read_pdf(file)
        else:
            self._image = QImage(str(file))
            if self._image.isNull():
                raise KioskError("IMAGE-UNREADABLE")
        self.page = 0
        self.redraw()

    def close_paper(self) -> None:
        if self._document is not None:
            self._document.close()
        self._document, self._image = None, QImage()

    def redraw(self) -> None:
        look, theme = self.look, self.look.theme
        sheet = QLabel()
        sheet.setAccessibleName(look.say("ui.paper.title"))
        sheet.setPixmap(self._as_wide_as_here())
        sheet.setFixedSize(sheet.pixmap().deviceIndependentSize().toSize())
        tools = row(gap=theme.gap)
        for sign, key, way in (("back", "before", -1), ("next", "after", 1)):
            if self.pages > 1:
                turn = ActionButton(look, "", self._turn(way), icon=sign, small=True, chrome=True)
                turn.setAccessibleName(look.say(f"ui.paper.{key}"))
                turn.setEnabled(0 <= self.page + way < self.pages)
                tools.addWidget(turn)
        if self.can_print and self._document is not None:
            words = look.say("ui.print.say")
            tools.addWidget(ActionButton(look, words, self._print, icon="printer", small=True, chrome=True))
        close = ActionButton(look, look.say("ui.portal.to_page"), self._close, kind="primary", icon="back")
        tools.addWidget(close, 1)
        words = look.say("ui.paper.page", number=self.page + 1, total=self.pages)
        title = row(label(look.say("ui.paper.title"), "strong"), label(words), gap=theme.space)
        title.setContentsMargins(theme.mm(3), theme.mm(1), theme.mm(3), theme.mm(1))
        tools.setContentsMargins(*(theme.mm(3),) * 4)
        body = column(title, Pages(look, column(sheet), margin=theme.mm(3)), tools)
        body.setStretch(1, 1)
        self.put(body)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.filled and event.oldSize().width() != event.size().width():
            self.redraw()

    def _as_wide_as_here(self) -> QPixmap:
        """Letters as large as the room allows; the buttons beside the page move it up and down."""
        ratio = self.devicePixelRatioF()
        width = max(self.width() - 2 * self.look.theme.mm(4), self.look.theme.mm(60))
        smooth = Qt.TransformationMode.SmoothTransformation
        pixmap = QPixmap.fromImage(self._drawn()).scaledToWidth(round(width * ratio), smooth)
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _turn(self, way: int) -> Callable[[], None]:
        def go() -> None:
            self.page = max(0, min(self.pages - 1, self.page + way))
            self.redraw()

        return go

    def _drawn(self) -> QImage:
        if self._document is None:
            return self._image
        size = self._document.pagePointSize(self.page)
        scale = _SHARP / max(size.width(), size.height(), 1.0)
        image: QImage = self._document.render(
            self.page, QSize(max(1, round(size.width() * scale)), max(1, round(size.height() * scale)))
        )
        white = QImage(image.size(), QImage.Format.Format_RGB32)
        white.fill(0xFFFFFFFF)  # a page without a ground of its own is drawn on nothing
        return _upon(white, image)


def _upon(ground: QImage, image: QImage) -> QImage:
    painter = QPainter(ground)
    painter.drawImage(0, 0, image)
    painter.end()
    return ground


def _read_pdf(file: Path) -> Any:
    from PySide6.QtPdf import QPdfDocument  # late: most visits are handed no paper

    document = QPdfDocument()
    if document.load(str(file)) != QPdfDocument.Error.None_ or document.pageCount() == 0:
        document.close()
        raise KioskError("PDF-UNREADABLE")
    return document
