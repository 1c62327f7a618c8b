"""Watches which field has the focus, in Qt's widgets and in web pages alike, by Qt's input-method queries."""

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodQueryEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit

from ui.keyboard.field import field_of_hints

POLL_MS = 200
_MISSES = 2
"""Looks without a field before it counts as left: on the way from field to field the focus is nowhere."""
_MOVE_MS = 250
"""A web page may need so long to move the cursor to the field that was tapped."""
_Query = Qt.InputMethodQuery


def query(what: Qt.InputMethodQuery) -> QInputMethodQueryEvent | None:
    """Ask the focus object; None where nothing has the focus (sending there would crash Qt)."""
    focus = QGuiApplication.focusObject()
    if focus is None:
        return None
    event = QInputMethodQueryEvent(what)
    QCoreApplication.sendEvent(focus, event)
    return event


class Cursor(NamedTuple):
    """`before`: what stands left of the cursor, None where the field does not tell."""

    before: str | None
    selecting: bool = False


def cursor_now() -> Cursor:
    event = query(_Query.ImSurroundingText | _Query.ImCursorPosition | _Query.ImAnchorPosition)
    if event is None:
        return Cursor(None)
    text, cursor = event.value(_Query.ImSurroundingText), event.value(_Query.ImCursorPosition)
    if not isinstance(text, str) or not isinstance(cursor, int):
        return Cursor(None)
    before = text.encode("utf-16-le")[: 2 * cursor].decode("utf-16-le", "ignore")  # Qt counts in UTF-16
    return Cursor(before, event.value(_Query.ImAnchorPosition) not in (None, cursor))


def answers_at_once() -> bool:
    """Whether the field's text is true the moment a key was sent; a web page tells it a little later."""
    return isinstance(QGuiApplication.focusObject(), (QLineEdit, QTextEdit, QPlainTextEdit))


class FieldWatch(QObject):
    """Emits `entered` with the Field when another field gets the focus, `left` when none has it any more."""

    entered = Signal(object)
    left = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._mark: tuple[object, ...] | None = None
        self._inside = False
        self._misses = 0
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self._application().focusObjectChanged.connect(self._focus_moved)
        self._timer.start()
        self.look()

    def stop(self) -> None:
        self._timer.stop()
        self._application().focusObjectChanged.disconnect(self._focus_moved)
        self._mark, self._inside = None, False

    def look_again(self) -> None:
        """The person tapped or went on: whatever has the focus then counts as entered anew."""
        for wait in (0, _MOVE_MS):
            QTimer.singleShot(wait, self, self._look_anew)

    def _look_anew(self) -> None:
        if self._timer.isActive():
            self._mark = None
            self.look()

    def look(self) -> None:
        """Look now; every 200 ms it is done anyway."""
        event = query(_Query.ImEnabled | _Query.ImHints | _Query.ImCursorRectangle)
        if event is None or not event.value(_Query.ImEnabled):
            self._missed()
            return
        self._misses = 0
        hints = Qt.InputMethodHint(event.value(_Query.ImHints) or 0)
        mark = (QGuiApplication.focusObject(), hints, self._place(event, hints))
        if mark != self._mark:
            self._mark, self._inside = mark, True
            self.entered.emit(field_of_hints(hints))

    def _place(self, event: QInputMethodQueryEvent, hints: Qt.InputMethodHint) -> int:
        """One focus object holds all fields of a page: the line of the cursor tells them apart."""
        if answers_at_once() or hints & Qt.InputMethodHint.ImhMultiLine:
            return 0
        rectangle = event.value(_Query.ImCursorRectangle)
        return 0 if rectangle is None else int(rectangle.center().y()) // 4

    def _missed(self) -> None:
        if not self._inside:
            return
        self._misses += 1
        if self._misses >= _MISSES:
            self._mark = None
            self._inside = False
            self.left.emit()

    def _focus_moved(self) -> None:
        QTimer.singleShot(0, self, self.look)  # the new focus object is not ready to be asked yet

    @staticmethod
    def _application() -> QGuiApplication:
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        return application
