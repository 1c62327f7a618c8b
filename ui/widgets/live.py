"""A picture that is renewed many times a second, or a code to be read: scaled to its room, never cut."""

from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look


class LivePicture(QWidget):
    """`show_file` may be called for each frame; a file that is gone by then leaves the last picture."""

    def __init__(self, look: Look, words: str, least: int) -> None:
        super().__init__()
        self._look = look
        self.image = QImage()
        self.setAccessibleName(words)
        self.setMinimumSize(least, least)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.shown = 0  # pictures so far

    def show_file(self, file: Path) -> None:
        self.show_image(QImage(str(file)))

    def show_image(self, image: QImage) -> None:
        if not image.isNull():
            self.image = image
            self.shown += 1
            self.update()

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._look.theme.colours.page))
        if not self.image.isNull():
            size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(QRectF(self.rect()).center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self.image)
        painter.end()
