"""Takes the second half of a double tap: what has just come under the finger is not reachable yet."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QTimer
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QWidget

VEIL_MS = 400


class Veil(QWidget):
    """An unseen sheet over its parent that swallows taps for `VEIL_MS`; keys go their own way."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._fresh = False
        self._timer = QTimer(self, singleShot=True, interval=VEIL_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def draw_over(self, place: QRect, spared: Sequence[QRect] = ()) -> None:
        """Cover `place` of the parent but for the `spared` parts of it; what lies over it is raised after."""
        region = QRegion(place)
        for part in spared:
            region -= QRegion(part)
        if region.isEmpty():
            return
        self.setGeometry(place)
        self.setMask(region.translated(-place.topLeft()))
        self.show()
        self.raise_()
        self._fresh = True
        self._timer.start()

    def paintEvent(self, _event: object) -> None:
        """The time counts from when the new page is seen: a slow machine draws it late."""
        if self._fresh:
            self._fresh = False
            self._timer.start()

    def event(self, event: QEvent) -> bool:
        if event.type() in (
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseButtonDblClick,
            QEvent.Type.MouseButtonRelease,
        ):
            event.accept()
            return True
        return super().event(event)
