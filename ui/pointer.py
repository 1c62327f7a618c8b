"""The arrow goes where a finger touches and comes back with a mouse: one that stays behind misleads."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputDevice, QMouseEvent

_POINTING = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove})


class PointerHider(QObject):
    """An event filter for the window. A touch may come as such, or as the mouse event that Qt makes of it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hidden = False

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.TouchBegin:
            self._hide(True)
        elif event.type() in _POINTING and isinstance(event, QMouseEvent):
            device = event.pointingDevice()
            self._hide(device is not None and device.type() is QInputDevice.DeviceType.TouchScreen)
        return False

    def _hide(self, hidden: bool) -> None:
        if hidden is self._hidden:
            return
        self._hidden = hidden
        if hidden:
            QGuiApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)
        else:
            QGuiApplication.restoreOverrideCursor()
