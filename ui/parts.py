"""F6 goes from part to part of the window: header, guidance, web page, footer; Shift+F6 goes back.

Tab walks through every field of a page before it leaves it; a page may even keep Tab for itself. This key
passes the page by, so nobody who works by keyboard is caught in it. The page never sees the key.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.focus import stops, take_focus
from ui.look import Look

_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease)


class PartKeys(QObject):
    """An event filter for the window, to be asked before the guard that swallows such keys."""

    def __init__(self, look: Look, parts: Callable[[], Sequence[QWidget]], parent: QObject) -> None:
        """`parts()`: what shows now, in reading order."""
        super().__init__(parent)
        self._look, self._parts = look, parts

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() not in _KEYS or not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_F6:
            return False
        others = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if others:
            return False
        if event.type() == QEvent.Type.KeyPress:
            self._look.by_keyboard = True
            self.go(forward=not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        event.accept()
        return True

    def go(self, *, forward: bool) -> None:
        """To the first stop of the next part that has one; from nowhere to the first part."""
        found = [(part, reach[0]) for part in self._parts() if (reach := stops(part))]
        if not found:
            return
        now = QApplication.focusWidget()
        here = [n for n, (part, _) in enumerate(found) if now and (part is now or part.isAncestorOf(now))]
        at = here[0] if here else (-1 if forward else 0)
        take_focus(found[(at + (1 if forward else -1)) % len(found)][1])
