"""Types into whatever has the focus, by key events as a keyboard would: pages see trusted keys.

Never a preedit text: pages that rewrite their fields (capitals, masks) would double it. The same composer
serves the on-screen keys and, through an event filter of the window, a real keyboard.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPointerEvent, QWindow
from shiboken6 import isValid

from ui.keyboard.composer import Composer, Edit
from ui.keyboard.syllable import Tone
from ui.keyboard.watch import answers_at_once, cursor_now

SETTLE_SECONDS = 0.4
"""A web page's word about its text is believed when nothing was sent to it and nothing tapped for so long."""

_Key = Qt.Key
_MODIFIER_KEYS = frozenset(
    {_Key.Key_Shift, _Key.Key_Control, _Key.Key_Alt, _Key.Key_AltGr, _Key.Key_Meta, _Key.Key_CapsLock}
)
_Held = Qt.KeyboardModifier
_COMMANDS = _Held.ControlModifier | _Held.AltModifier | _Held.MetaModifier
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin)
_RELEASES = (QEvent.Type.MouseButtonRelease, QEvent.Type.TouchEnd)
_TAP_PIXELS = 24
"""A finger that moved further has scrolled, not tapped."""


class Driver(QObject):
    """`vietnamese`, `marks` (tones may be set) and `active` (a field has the focus) are set by the owner.

    Where neither letters compose nor tones may be set, as in passwords, no word is kept.

    `moved`: a tap outside the board, Tab or Enter may have changed the field or the cursor; with the point of
    the window that was tapped, None for a key.
    """

    moved = Signal(object)

    def __init__(
        self,
        composer: Composer,
        over_board: Callable[[QPoint], bool],
        parent: QObject,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`over_board`: whether a point of the window lies on the on-screen keys."""
        super().__init__(parent)
        self.composer = composer
        self.vietnamese = True
        self.marks = True
        self.active = False
        self.physical = True
        self._over_board = over_board
        self._clock = clock
        self._sent = 0.0
        self._window: QWindow | None = None
        self._pressed_at: QPoint | None = None
        self._late_tone = Tone.NGANG
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(lambda: self.tone(self._late_tone))

    def listen(self, window: QWindow | None) -> None:
        """Hear the real keys and taps of this window (a filter on the application would crash WebEngine).

        The window of a widget may be made anew, as with the first web page in it; the old one is then gone.
        """
        if window is self._window:
            return
        if self._window is not None and isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)

    # ---- what the board asks ---------------------------------------------------------------------------

    def type(self, text: str) -> None:
        for char in text:
            if self.marks:
                self._agree()
                self._apply(self.composer.key(char) if self.vietnamese else self.composer.letter(char))
            else:
                self._apply(Edit(0, char))

    def tone(self, tone: Tone) -> None:
        """Where the page has yet to tell which word the cursor came to, the tone waits for that."""
        if not self.composer.text and not self._settled():
            self._late_tone = tone
            self._later.start(round((SETTLE_SECONDS - self._clock() + self._sent) * 1000) + 1)
            return
        self._agree()
        self._apply(self.composer.tone(tone))

    def backspace(self) -> None:
        if not self.marks:
            self._apply(Edit(1, ""))
            return
        self._agree()
        self._apply(self.composer.backspace())

    def enter(self) -> None:
        self._go_on(_Key.Key_Return, "\r")

    def next_field(self) -> None:
        self._go_on(_Key.Key_Tab, "\t")

    def entered(self) -> None:
        """A field got the focus. A page that only moved the field keeps the word that is being typed."""
        before = cursor_now().before
        if not self.composer.text or before is None or not before.endswith(self.composer.text):
            self.composer.reset()

    # ---- sending ---------------------------------------------------------------------------------------

    def _go_on(self, key: Qt.Key, text: str) -> None:
        self.composer.reset()
        self._send(key, text)
        self.moved.emit(None)

    def _apply(self, edit: Edit) -> None:
        self._later.stop()
        for _ in range(edit.delete):
            self._send(_Key.Key_Backspace, "\b")
        for char in edit.insert:
            upper = char.upper()
            self._send(ord(upper) if char.isascii() else 0, char)
        self._sent = self._clock()

    def _send(self, key: int, text: str) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            focus = QGuiApplication.focusObject()
            if focus is not None:  # Qt crashes on an event to nobody
                QCoreApplication.sendEvent(focus, QKeyEvent(kind, key, _Held.NoModifier, text))

    def _agree(self) -> None:
        """Where the field says otherwise than the composer (cut, cleared, rewritten), the field is right.

        A word to which the cursor came back is gone on with: "lan", and a later f makes it "làn".
        """
        if not self._settled():
            return
        cursor = cursor_now()
        if cursor.selecting:
            self.composer.reset()
        elif cursor.before is not None:
            word = self.composer.text
            ahead, at_cursor = cursor.before[: -len(word)], cursor.before[-len(word) :]
            if not word or at_cursor.casefold() != word.casefold() or ahead[-1:].isalpha():
                self.composer.resume(cursor.before)

    def _settled(self) -> bool:
        return answers_at_once() or self._clock() - self._sent >= SETTLE_SECONDS

    # ---- a real keyboard -------------------------------------------------------------------------------

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _PRESSES or kind in _RELEASES:
            assert isinstance(event, QPointerEvent)
            self._touched(event.points()[0].position().toPoint(), kind in _PRESSES)
        elif kind == QEvent.Type.KeyPress and self.physical and self.active:
            assert isinstance(event, QKeyEvent)
            return self._typed(event)
        return False

    def _touched(self, point: QPoint, pressed: bool) -> None:
        if pressed:
            self._pressed_at = None if self._over_board(point) else point
            if self._pressed_at is not None:
                self._elsewhere()
        elif self._pressed_at is not None:
            if (point - self._pressed_at).manhattanLength() <= _TAP_PIXELS:
                self.moved.emit(point)
            self._pressed_at = None

    def _elsewhere(self) -> None:
        """The cursor may be at another word now; where, a page tells a little later."""
        self.composer.reset()
        self._later.stop()
        self._sent = self._clock()

    def _typed(self, event: QKeyEvent) -> bool:
        """Whether the key was composed here; any other goes its own way."""
        key, text = event.key(), event.text()
        if key in _MODIFIER_KEYS:
            return False
        if event.modifiers() & _COMMANDS or not (key == _Key.Key_Backspace or _is_letter(text)):
            self._elsewhere()
            if key in (_Key.Key_Tab, _Key.Key_Backtab, _Key.Key_Return, _Key.Key_Enter):
                self.moved.emit(None)
            return False
        if not self.vietnamese:
            self._elsewhere()
            return False
        if key == _Key.Key_Backspace:
            self._agree()
            edit, own = self.composer.backspace(), Edit(1, "")
        else:
            self._agree()
            edit, own = self.composer.key(text), Edit(0, text)
        if edit == own:
            self._sent = self._clock()
            return False
        self._apply(edit)
        return True


def _is_letter(text: str) -> bool:
    return len(text) == 1 and text.isprintable()
