"""A visible frame round what is being read; it takes no touch."""

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ui.look import Look

_LINE_MM = 1.2
_GAP_MM = 1.0


class Ring(QWidget):
    """Drawn over the window; `show_round(widget)`, and `hide`. It goes when what it rings goes."""

    def __init__(self, window: QWidget, look: Look) -> None:
        super().__init__(window)
        self._window, self._look = window, look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_round(self, widget: QWidget | None) -> None:
        if widget is None or not isValid(widget) or not widget.isVisible():
            self.hide()
            return
        place = QRect(widget.mapTo(self._window, QPoint(0, 0)), widget.size())
        above = widget.parentWidget()
        while above is not None and above is not self._window:  # only what no page edge hides
            place = place.intersected(QRect(above.mapTo(self._window, QPoint(0, 0)), above.size()))
            above = above.parentWidget()
        if place.isEmpty():
            self.hide()
            return
        out = self._look.theme.mm(_GAP_MM)
        self.setGeometry(place.adjusted(-out, -out, out, out).intersected(self._window.rect()))
        self.show()
        self.raise_()

    def paintEvent(self, _event: object) -> None:
        theme = self._look.theme
        line = max(3, theme.mm(_LINE_MM))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(line / 2, line / 2, -line / 2, -line / 2)
        painter.setPen(QPen(QColor(theme.colours.focus), line))
        painter.drawRoundedRect(frame, theme.mm(2), theme.mm(2))
        painter.end()
