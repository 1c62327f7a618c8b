"""Mouse and keys as a hand gives them: events for a window, which finds out itself whom they meet."""

from PySide6.QtCore import QKeyCombination, QPoint, Qt
from PySide6.QtGui import QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

_NAMED = {
    "Enter": Qt.Key.Key_Return,
    "Return": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "Space": Qt.Key.Key_Space,
}
_TEXT_OF = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Tab: "\t", Qt.Key.Key_Space: " ", Qt.Key.Key_Backspace: "\b"}


def window_of(widget: QWidget) -> QWindow | None:
    return widget.window().windowHandle()


def front_window() -> QWindow | None:
    """The window that a key pressed now would reach."""
    for widget in (
        QApplication.activePopupWidget(),
        QApplication.activeModalWidget(),
        QApplication.activeWindow(),
    ):
        if widget is not None and widget.isVisible():
            return window_of(widget)
    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    return window_of(shown[0]) if shown else None


def tap(widget: QWidget, point: QPoint) -> None:
    """Press and release the left button; `point` in the widget's pixels."""
    window = window_of(widget)
    if window is not None:
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=widget.mapTo(widget.window(), point))


def wheel(widget: QWidget, point: QPoint, steps: int) -> None:
    """Turn the wheel over a point; positive steps show what lies further down."""
    window = window_of(widget)
    if window is not None:
        QTest.wheelEvent(window, widget.mapTo(widget.window(), point), QPoint(0, -120 * steps))


def letter(window: QWindow, character: str) -> None:
    """One letter, Vietnamese ones too, as one key stroke."""
    if character == "\n":
        key(window, Qt.Key.Key_Return)
        return
    upper = character.upper()
    code = Qt.Key(ord(upper)) if len(upper) == 1 and ord(upper) < 0x100 else Qt.Key.Key_unknown
    shift = Qt.KeyboardModifier.ShiftModifier if character != character.lower() else Qt.KeyboardModifier(0)
    QTest.sendKeyEvent(QTest.KeyAction.Click, window, code, character, shift)


def key(window: QWindow, code: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    held = held or Qt.KeyboardModifier(0)
    QTest.sendKeyEvent(QTest.KeyAction.Click, window, code, _TEXT_OF.get(code, ""), held)


def key_of(name: str) -> tuple[Qt.Key, Qt.KeyboardModifier] | None:
    """"Enter", "Tab", "F5", "Ctrl+A" -> key and what is held with it; None for an unknown name."""
    if name in _NAMED:
        return _NAMED[name], Qt.KeyboardModifier(0)
    keys = QKeySequence(name)
    first: QKeyCombination = keys[0] if keys.count() == 1 else QKeyCombination()  # type: ignore[index]
    if first.key() in (Qt.Key(0), Qt.Key.Key_unknown):
        return None
    return first.key(), first.keyboardModifiers()
