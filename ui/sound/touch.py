"""For who cannot read: the first touch on anything reads it and rings it, the second touch acts.

An event filter for the window, after those that guard it. What has no words of ours (the web page, a field,
the keyboard) is touched as ever: nothing that is typed or shown there is spoken.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from kioskcore.told import Told
from ui.sound.ear import told_by, widget_at
from ui.widgets.buttons import ActionButton

_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
_ACTING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select)
_MOVING = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)

Read = Callable[[QWidget, Sequence[Told]], None]


class TouchReader(QObject):
    """`read(widget, words)` at a first touch. `on` is for the desk; `forget` when the page is another."""

    def __init__(self, window: QWidget, read: Read, spared: Callable[[QWidget], bool]) -> None:
        """`spared`: what acts at once, such as the button that ends this."""
        super().__init__(window)
        self._window, self._read, self._spared = window, read, spared
        self._armed: QWidget | None = None
        self._swallowing = False
        self.on = False

    def forget(self) -> None:
        self._armed = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not self.on:
            return False
        kind = event.type()
        if kind in _PRESSES and isinstance(event, QMouseEvent):
            return self._pressed(event)
        if kind == QEvent.Type.MouseButtonRelease and self._swallowing:
            self._swallowing = False
            return True
        if kind == QEvent.Type.MouseMove and self._swallowing:
            return True
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return False

    def _pressed(self, event: QMouseEvent) -> bool:
        touched = widget_at(self._window, self._window.childAt(event.position().toPoint()))
        if touched is None or self._spared(touched) or not self.read_first(touched):
            self._swallowing = False
            return False
        self._swallowing = True
        event.accept()
        return True

    def _key(self, event: QKeyEvent) -> bool:
        """Moving the focus reads; the key that acts does so at what was read."""
        if event.key() in _MOVING:
            QTimer.singleShot(0, self, self._read_focus)
            return False
        focus = QApplication.focusWidget()
        acts = event.key() in _ACTING and isinstance(focus, ActionButton) and not self._spared(focus)
        if not acts or focus is None or not self.read_first(focus):
            return False
        event.accept()
        return True

    def _read_focus(self) -> None:
        focus = QApplication.focusWidget()
        if self.on and isinstance(focus, ActionButton):
            self._armed = None
            self.read_first(focus)

    def read_first(self, touched: QWidget) -> bool:
        """Read it if it was not read just before; whether that was so."""
        if touched is self._armed and not isinstance(touched, ActionButton):
            self._read(touched, told_by(touched))  # a text does nothing: again it is read, and let through
            return False
        if touched is self._armed:
            self._armed = None
            return False
        self._armed = touched
        self._read(touched, told_by(touched))
        return True
