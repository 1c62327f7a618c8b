"""Shows a paper that the portal handed out, page by page, in the place of the web page."""

from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kioskcore.errors import KioskError
from ui.look import Look
from ui.widgets.blocks import Slot, column, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.pages import Pages

ZOOM_STEP, ZOOM_LEAST, ZOOM_MOST = 1.25, 1.0, 2.0
TALLEST = 12_000
"""Pixels of a shown page's height: a strip of the width of a hair is not drawn as wide as the screen."""
MOST_PIXELS = 24_000_000
"""Of a shown page, 96 MB: an A4 page as wide as the largest screen has 20 million."""
MOST_READ = 60_000_000
"""Pixels of a picture that is read at all: it is whole in memory before it is made smaller."""


class PaperView(Slot):
    """`open(file)` raises KioskError PDF-UNREADABLE, IMAGE-UNREADABLE, or PORTAL-DOWNLOAD for a picture too
    large to read; `close_paper` lets the file go.
    """

    def __init__(self, look: Look, close: Callable[[], None], print_it: Callable[[], None]) -> None:
        super().__init__()
        self.look, self._close, self._print = look, close, print_it
        self.file = Path()
        self.can_print = False
        self._document: Any = None
        self._image = QImage()
        self.page = 0
        self.zoom = 1.0  # of the width of the room
        self._moving = Pages(look, column())

    @property
    def pages(self) -> int:
        return self._document.pageCount() if self._document is not None else 1

    def open(self, file: Path) -> None:
        self.close_paper()
        self.file = file
        if file.suffix == ".pdf":
            self._document = _read_pdf(file)
        else:
            self._image = _read_image(file)
        self.page, self.zoom = 0, 1.0
        self.redraw()

    def close_paper(self) -> None:
        if self._document is not None:
            self._document.close()
        self._document, self._image = None, QImage()

    def redraw(self) -> None:
        look, theme = self.look, self.look.theme
        sheet = Sheet(self._shape(), self.drawn)
        sheet.setAccessibleName(look.say("ui.paper.title"))
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
        self._moving = Pages(look, column(sheet), margin=theme.mm(3), wide=self.zoom)
        body = column(title, self._moving, tools)
        body.setStretch(1, 1)
        self.put(body)

    def set_zoom(self, factor: float) -> None:
        """As many times as wide as the room; the page stays about where it was moved to."""
        share, self.zoom = self._moving.moved, factor
        self.redraw()
        self._moving.move_to(share)

    def _turn(self, way: int) -> Callable[[], None]:
        def go() -> None:
            self.page = max(0, min(self.pages - 1, self.page + way))
            self.redraw()

        return go

    def _shape(self) -> QSizeF:
        if self._document is None:
            return QSizeF(self._image.size())
        points: QSizeF = self._document.pagePointSize(self.page)
        return points

    def drawn(self, size: QSize) -> QImage:
        """The present page in so many pixels."""
        if self._document is None:
            aspect, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            return self._image.scaled(size, aspect, smooth)
        white = QImage(size, QImage.Format.Format_RGB32)
        white.fill(0xFFFFFFFF)  # a page without a ground of its own is drawn on nothing
        return _upon(white, self._document.render(self.page, size))


class Sheet(QWidget):
    """One page as wide as the room it gets: letters are as large as they can be. Drawn once for each size."""

    def __init__(self, shape: QSizeF, draw: Callable[[QSize], QImage]) -> None:
        super().__init__()
        self._shape, self._draw = shape, draw
        self._image = QImage()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        ratio = self.devicePixelRatioF()
        return ceil(self._pixels(round(width * ratio)).height() / ratio)

    def sizeHint(self) -> QSize:
        return QSize(1, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        size = self._pixels(round(self.width() * ratio))
        if self._image.size() != size:
            self._image = self._draw(size)
            self._image.setDevicePixelRatio(ratio)
        painter = QPainter(self)
        painter.drawImage(round((self.width() - size.width() / ratio) / 2), 0, self._image)
        painter.end()

    def _pixels(self, width: int) -> QSize:
        return shown_size(self._shape.width(), self._shape.height(), width)


def within(zoom: float) -> float:
    """The nearest that is offered."""
    return max(ZOOM_LEAST, min(ZOOM_MOST, zoom))


def shown_size(wide: float, tall: float, width: int) -> QSize:
    """Pixels in which a page of this shape is drawn: `width` across where height and area allow it."""
    wide, tall = max(wide, 0.01), max(tall, 0.01)
    scale = min(width / wide, TALLEST / tall, (MOST_PIXELS / (wide * tall)) ** 0.5)
    return QSize(max(1, int(wide * scale)), max(1, int(tall * scale)))


def _upon(ground: QImage, image: QImage) -> QImage:
    painter = QPainter(ground)
    painter.drawImage(0, 0, image)
    painter.end()
    return ground


def _read_image(file: Path) -> QImage:
    """Its size is read first, and a picture too large for the memory is not begun with."""
    reader = QImageReader(str(file))
    size = reader.size()
    if size.isValid() and size.width() * size.height() > MOST_READ:
        raise KioskError("PORTAL-DOWNLOAD")
    image: QImage = reader.read()
    if image.isNull():
        raise KioskError("IMAGE-UNREADABLE")
    return image


def _read_pdf(file: Path) -> Any:
    from PySide6.QtPdf import QPdfDocument  # late: most visits are handed no paper

    document = QPdfDocument()
    if document.load(str(file)) != QPdfDocument.Error.None_ or document.pageCount() == 0:
        document.close()
        raise KioskError("PDF-UNREADABLE")
    return document
