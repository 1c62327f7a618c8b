"""Keys and gestures by which a person could leave the kiosk or lose their way are swallowed here."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from ui.look import Look

_EDITING = frozenset({Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Z})
_NEVER = frozenset(
    {
        Qt.Key.Key_Escape,
        Qt.Key.Key_Meta,
        Qt.Key.Key_Super_L,
        Qt.Key.Key_Super_R,
        Qt.Key.Key_Menu,
        Qt.Key.Key_Print,
        Qt.Key.Key_SysReq,
        Qt.Key.Key_Help,
        Qt.Key.Key_Back,
        Qt.Key.Key_Forward,
        Qt.Key.Key_HomePage,
        Qt.Key.Key_Search,
        Qt.Key.Key_LaunchMail,
        Qt.Key.Key_Sleep,
        Qt.Key.Key_PowerOff,
    }
)


def leads_out(event: QKeyEvent) -> bool:
    """Whether this key could open, close or leave something. Typing and editing keys do not."""
    key, held = Qt.Key(event.key()), event.modifiers()
    if key in _NEVER or Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35:
        return True
    if held & Qt.KeyboardModifier.MetaModifier:
        return True
    control, alt = held & Qt.KeyboardModifier.ControlModifier, held & Qt.KeyboardModifier.AltModifier
    if control and alt:
        return not event.text().isprintable() or not event.text()  # AltGr letters come so on Windows
    if alt:
        return True
    return bool(control) and key not in _EDITING and key != Qt.Key.Key_Control


class KeyGuard(QObject):
    """An event filter for the window. It also notes who moves about by keyboard, so that focus is shown.

    `escaped`: Escape was pressed. Nothing below hears of it: a page would close or stop something.
    """

    escaped = Signal()

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin):
            self._look.by_keyboard = False
        elif kind in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.KeyRelease):
            assert isinstance(event, QKeyEvent)
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self._look.by_keyboard = True
            if leads_out(event):
                event.accept()
                pressed = kind == QEvent.Type.KeyPress and not event.isAutoRepeat()
                if pressed and event.key() == Qt.Key.Key_Escape:
                    self.escaped.emit()
                return True
        return False
