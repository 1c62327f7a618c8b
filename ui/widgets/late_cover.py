"""Covers what a web page has grown by until Chromium has drawn it: else its last row runs on as streaks."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.look import Look

_DRAWN_MS = 300
"""Chromium brings the larger picture after 0.05 to 0.2 s on a slow machine."""


class LateCover(QWidget):
    """Lies over the page's widget, beside it in `room`, and follows it. Taps go through it."""

    def __init__(self, look: Look, page: QWidget, room: QWidget) -> None:
        super().__init__(room)
        self._look, self._fresh = look, False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._done = QTimer(self, singleShot=True, interval=_DRAWN_MS)
        self._done.timeout.connect(self.hide)
        self.hide()
        page.installEventFilter(self)

    def eventFilter(self, page: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide:
            self.hide()
        if isinstance(event, QResizeEvent) and isinstance(page, QWidget) and page.isVisible():
            old, new = event.oldSize().height(), event.size().height()
            if 0 < old < new:
                top = min(old, self.y() - page.y()) if self.isVisible() else old
                self.setGeometry(page.x(), page.y() + top, event.size().width(), new - top)
                self.show()
                self.raise_()
                self._fresh = True
                self._done.start()
        return False

    def paintEvent(self, _event: object) -> None:
        """The time counts from here: what else changes its place with the page may have taken long."""
        if self._fresh:
            self._fresh = False
            self._done.start()
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.theme.colours.page)
        painter.end()
