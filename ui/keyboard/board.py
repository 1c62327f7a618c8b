"""The keys on the screen: lays them out in millimetres, guards against double strikes, tells what was struck.

Never takes the focus and never is a window of its own. Holds no text.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QEventPoint, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QTouchEvent
from PySide6.QtWidgets import QWidget

from kioskcore.words import Words
from ui.keyboard.faces import BoardState, Shift, face_of, typed_by
from ui.keyboard.key import BOARD, Key
from ui.keyboard.layouts import NUMBERS, TALL, WIDE, Act, KeySpec
from ui.keyboard.syllable import Tone

SHARE = 0.4
"""The board never takes more of the window's height."""
KEY_MM, BEST_KEY_MM = 16.0, 18.5
_GAP_MM, BEST_GAP_MM, _EDGE_MM = 1.1, 3.0, 1.2
_REACH_MM = 4.5
"""So far beside a key a finger still strikes it: to the middle of the widest gap between two blocks."""
LONGEST_GUARD = 1.0


class Board(QWidget):
    """Signals: `typed` text, `toned` a Tone, `acted` an Act that is left to the listener."""

    typed = Signal(str)
    toned = Signal(object)
    acted = Signal(object)

    def __init__(
        self,
        millimetre: float,
        words: Words,
        guard_seconds: float = 0.25,
        clock: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        """`millimetre`: pixels in one. `guard_seconds`: the same key counts once within them, at most 1."""
        super().__init__(parent)
        self._millimetre = millimetre
        self._words = words
        self._guard = min(max(guard_seconds, 0.0), LONGEST_GUARD)
        self._clock = clock
        self._struck: tuple[Key | None, float] = (None, 0.0)
        self._state = BoardState()
        self._digits = False
        self._room = (0, 0)
        self._layout = WIDE
        self._keys: list[Key] = []
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self._build()
        self.set_words(words)

    # ---- what the façade sets ------------------------------------------------------------------------

    @property
    def state(self) -> BoardState:
        return self._state

    @property
    def guard_seconds(self) -> float:
        return self._guard

    def set_words(self, words: Words) -> None:
        self._words = words
        self.setAccessibleName(words.say("keyboard.name"))
        self._draw()

    def set_millimetre(self, millimetre: float) -> None:
        self._millimetre = millimetre
        self.fit(*self._room)

    def set_vietnamese(self, on: bool, marks: bool) -> None:
        """`marks`: Vietnamese letters and tones, which names need with Vietnamese off too; else signs."""
        self._change(replace(self._state, vietnamese=on, marks=marks))

    def set_digits(self, on: bool) -> None:
        """The number pad, or the letters."""
        if on != self._digits:
            self._digits = on
            self.fit(*self._room)

    def reset(self) -> None:
        """Nothing of the last field stays: no capitals, no symbols, no guarded key."""
        self._struck = (None, 0.0)
        self._change(replace(self._state, shift=Shift.OFF, symbols=False))

    @property
    def all_keys(self) -> list[Key]:
        """The keys of the present layout, from left to right and top to bottom."""
        return list(self._keys)

    # ---- size ----------------------------------------------------------------------------------------

    def fit(self, width: int, height: int) -> None:
        """Choose the layout for a window of this size, and the board's height: at most SHARE of it."""
        self._room = (width, height)
        if not width or not height:
            return
        layout = NUMBERS if self._digits else (WIDE if width > height else TALL)
        if layout is not self._layout:
            self._layout = layout
            self._build()
        rows = len(layout.rows)
        frame = 2 * self._px(_EDGE_MM) + (rows - 1) * self._px(_GAP_MM)
        most = int(height * SHARE)
        key = min(self._px(BEST_KEY_MM), (most - frame) // rows)
        self.setFixedHeight(max(key * rows + frame, 1))
        self._place()

    def _px(self, millimetres: float) -> int:
        return max(round(millimetres * self._millimetre), 1)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        """Put each key; rounding is shared out so that the right edges meet."""
        layout, edge, rows = self._layout, self._px(_EDGE_MM), len(self._layout.rows)
        across, down = self._gap(self.width(), layout.units), self._gap(self.height(), rows)
        unit = min((self.width() - 2 * edge + across) / layout.units, self._px(layout.widest_mm) + across)
        left = (self.width() + across - unit * layout.units) / 2
        height = (self.height() - 2 * edge + down) / rows
        keys = iter(self._keys)
        for row, specs in enumerate(layout.rows):
            top, x = round(edge + row * height), left
            bottom = round(edge + (row + 1) * height) - down
            for spec in specs:
                end = x + unit * spec.width
                if spec.act is not Act.GAP:
                    next(keys).setGeometry(
                        QRect(round(x), top, max(round(end) - across - round(x), 1), max(bottom - top, 1))
                    )
                x = end

    def _gap(self, room: int, keys: float) -> int:
        """Between so many keys in that room: wide where the keys stay large enough."""
        left = room - 2 * self._px(_EDGE_MM) - keys * (self._px(KEY_MM) + 1)
        return min(max(int(left / (keys - 1)), self._px(_GAP_MM)), self._px(BEST_GAP_MM))

    # ---- faces ---------------------------------------------------------------------------------------

    def _build(self) -> None:
        for key in self._keys:
            key.hide()
            key.deleteLater()
        specs = [spec for row in self._layout.rows for spec in row if spec.act is not Act.GAP]
        self._keys = [Key(spec, self) for spec in specs]
        for key in self._keys:
            key.pressed.connect(self._pressed)
            key.show()
        self._draw()

    def _change(self, state: BoardState) -> None:
        if state != self._state:
            self._state = state
            self._draw()

    def _draw(self) -> None:
        for key in self._keys:
            key.show_face(*face_of(key.spec, self._state, self._words))

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), BOARD)

    # ---- strikes -------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Each finger strikes for itself: of two quick fingers Qt's made-up mouse would lose the second."""
        if event.type() not in (QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd):
            return super().event(event)
        assert isinstance(event, QTouchEvent)
        for point in event.points():
            key = self._key_at(point.position().toPoint())
            if point.state() == QEventPoint.State.Pressed and key is not None:
                key.setDown(True)
                self.strike(key)
            elif point.state() == QEventPoint.State.Released:
                for down in self._keys:
                    down.setDown(False)
        event.accept()
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Between the keys; on a key it hears the press itself."""
        key = self._key_at(event.position().toPoint())
        if key is not None:
            key.setDown(True)
            self.strike(key)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        for key in self._keys:
            key.setDown(False)

    def _key_at(self, point: QPoint) -> Key | None:
        """The key there, or the nearest one within reach: no pixel between two keys is dead."""
        reach = self._px(_REACH_MM)

        def away(key: Key) -> int:
            box = key.geometry()
            across = max(box.left() - point.x(), point.x() - box.right(), 0)
            down = max(box.top() - point.y(), point.y() - box.bottom(), 0)
            return max(across, down)

        nearest = min(self._keys, key=away, default=None)
        return nearest if nearest is not None and away(nearest) <= reach else None

    def _pressed(self) -> None:
        key = self.sender()
        assert isinstance(key, Key)
        self.strike(key)

    def strike(self, key: Key) -> None:
        """One strike of a key; the same key again within the guard's seconds is a trembling finger."""
        now = self._clock()
        last, when = self._struck
        if key is last and now - when < self._guard:
            return
        self._struck = (key, now)
        self._do(key.spec)

    def _do(self, spec: KeySpec) -> None:
        act = spec.act
        if act is Act.SHIFT:
            following = {Shift.OFF: Shift.ONCE, Shift.ONCE: Shift.LOCKED, Shift.LOCKED: Shift.OFF}
            self._change(replace(self._state, shift=following[self._state.shift]))
        elif act is Act.SYMBOLS:
            self._change(replace(self._state, symbols=not self._state.symbols))
        elif act is Act.TONE and self._state.marks:
            self.toned.emit(Tone(spec.tone))
        elif act in (Act.TEXT, Act.TONE):
            text = typed_by(spec, self._state)
            if self._state.shift is Shift.ONCE:
                self._change(replace(self._state, shift=Shift.OFF))
            self.typed.emit(text)
        elif act is Act.SPACE:
            self.typed.emit(" ")
        elif act is Act.LETTERS:
            self.set_digits(False)
        else:
            self.acted.emit(act)
