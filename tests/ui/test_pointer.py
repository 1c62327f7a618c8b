"""A finger hides the arrow, a mouse brings it back."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QInputDevice, QMouseEvent, QPointingDevice
from PySide6.QtWidgets import QApplication

from ui.pointer import PointerHider

FINGER = QPointingDevice(
    "finger",
    77,
    QInputDevice.DeviceType.TouchScreen,
    QPointingDevice.PointerType.Finger,
    QInputDevice.Capability.Position,
    1,
    1,
)


def point(window, device: QPointingDevice, kind: QEvent.Type = QEvent.Type.MouseButtonPress) -> None:
    place, button = QPointF(5, 5), Qt.MouseButton.LeftButton
    event = QMouseEvent(kind, place, place, button, button, Qt.KeyboardModifier.NoModifier, device)
    QApplication.sendEvent(window, event)


def test_a_finger_hides_the_arrow_and_a_mouse_brings_it_back(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.shell.watch_input(PointerHider(kiosk.shell))
    window, mouse = kiosk.shell.windowHandle(), QPointingDevice.primaryPointingDevice()
    point(window, FINGER)
    point(window, FINGER)
    cursor = QGuiApplication.overrideCursor()
    assert cursor is not None and cursor.shape() is Qt.CursorShape.BlankCursor
    point(window, mouse, QEvent.Type.MouseMove)
    assert QGuiApplication.overrideCursor() is None
