"""Notices when nobody is there any more: no touch, key or wheel anywhere, the web page included."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

_SIGNS = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.KeyPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
    }
)
_ANSWERS = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.KeyPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """After `quiet` seconds without a sign of life: `warn(seconds_left)` every second, then `gone`.

    An event filter for the window. While the warning stands, a new touch or key says `here`, and reaches
    nothing else; what merely moves or lies on the screen does not keep somebody else's papers open.
    """

    warn = Signal(int)
    here = Signal()
    gone = Signal()

    def __init__(
        self, warning_seconds: float, parent: QObject | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._quiet = 0.0
        self._warning = warning_seconds
        self._now = now
        self._last = now()
        self._warned = False
        self._timer = QTimer(self, interval=250)
        self._timer.timeout.connect(self.look)
        self._told = -1

    @property
    def warning(self) -> bool:
        return self._warned

    def watch(self, quiet_seconds: float) -> None:
        """Begin, or go on with another patience."""
        self._quiet = quiet_seconds
        self.stay()
        self._timer.start()

    def rest(self) -> None:
        self._timer.stop()
        self._warned = False

    def stay(self) -> None:
        """Somebody is there."""
        self._last, self._warned, self._told = self._now(), False, -1

    def stir(self) -> None:
        """A sign of life, or of work that the person waits for."""
        if not self._warned:
            self._last = self._now()

    def look(self) -> None:
        quiet = self._now() - self._last
        if quiet < self._quiet:
            return
        self._warned = True
        left = round(self._quiet + self._warning - quiet)
        if quiet >= self._quiet + self._warning:
            self.rest()
            self.gone.emit()
        elif left != self._told:
            self._told = left
            self.warn.emit(max(1, left))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if self._warned and event.type() in _ANSWERS:
            event.accept()  # else Qt makes a mouse press of an unanswered touch
            self.stay()
            self.here.emit()
            return True
        if event.type() in _SIGNS:
            self.stir()
        return False
