"""The keyboard as the shell knows it: put it under the screens in the window's layout and forget about it.

It shows itself when a field has the focus, and takes its own room, so that the field above stays visible.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from kioskcore import paths
from kioskcore.words import Words
from ui.keyboard.board import Board
from ui.keyboard.composer import Composer
from ui.keyboard.driver import Driver
from ui.keyboard.field import Field, field_of_page
from ui.keyboard.layouts import Act
from ui.keyboard.marks import Method
from ui.keyboard.syllable import ToneStyle
from ui.keyboard.watch import FieldWatch, answers_at_once
from ui.keyboard.webfield import PageFrame, Told, ask_page, reveal_in_page, unmoved

_REVEAL_MS = (60, 350, 800)
"""When to bring the field into sight after the room has changed: the page hears of its new size later."""

WORDS_FOLDER: Final = paths.ROOT / "ui" / "keyboard" / "words"
"""To be read together with the screens' words."""

FrameSource = Callable[[], PageFrame | None]
"""Gives the main frame of the shown web page, or None where no page is shown."""


class Keyboard(QWidget):
    """`shown` and `hidden` tell when the room for the screens has changed."""

    shown = Signal()
    hidden = Signal()

    def __init__(
        self,
        millimetre: float,
        words: Words,
        method: Method = "telex",
        tone_style: ToneStyle = "old",
        guard_seconds: float = 0.25,
        *,
        parent: QWidget | None = None,
    ) -> None:
        """`millimetre`: pixels in one. `words` must hold those of WORDS_FOLDER. `guard_seconds`: 0 to 1."""
        super().__init__(parent)
        self._field: Field | None = None
        self._own_choice: bool | None = None  # the person pressed VI/EN in this field
        self._page: FrameSource = lambda: None
        self._page_field = ""
        self._enabled = False
        self._put_away: QObject | None = None  # the field of Qt, or the page, from which it was hidden
        self._on_screen = True
        self._window: QWidget | None = None
        self.board = Board(millimetre, words, guard_seconds, parent=self)
        self._driver = Driver(Composer(method, tone_style), self._over_board, self)
        self._watch = FieldWatch(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.board)
        self.hide()
        self._connect()
        self.set_enabled(True)

    # ---- what the shell may say ------------------------------------------------------------------------

    def set_enabled(self, on: bool) -> None:
        """Off: never shows and leaves a real keyboard alone."""
        if on == self._enabled:
            return
        self._enabled = on
        if on:
            self._watch.start()
        else:
            self._driver.listen(None)
            self._watch.stop()
            self._left()

    def set_on_screen(self, on: bool) -> None:
        """Whether it shows itself; off, it still composes what a real keyboard types."""
        self._on_screen = on

    def set_physical(self, on: bool) -> None:
        """Whether keys of a real keyboard are composed too. On until told otherwise."""
        self._driver.physical = on

    def set_words(self, words: Words) -> None:
        """Another language for the keys; the typing goes on."""
        self.board.set_words(words)

    def set_millimetre(self, millimetre: float) -> None:
        self.board.set_millimetre(millimetre)

    def set_page(self, page: FrameSource) -> None:
        """Where to ask for a web field's own attributes (one-time codes, captchas)."""
        self._page = page

    def reset(self) -> None:
        """Forget the word, the capitals and the person's choice of VI or EN."""
        self._own_choice = None
        self._driver.composer.reset()
        self.board.reset()
        self._apply_field()

    @property
    def vietnamese(self) -> bool:
        """Whether typing composes now."""
        return self._driver.vietnamese

    # ---- fields ----------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.board.typed.connect(self._driver.type)
        self.board.toned.connect(self._driver.tone)
        self.board.acted.connect(self._act)
        self._driver.moved.connect(self._tapped)
        self._driver.moved.connect(self._watch.look_again)
        self._watch.entered.connect(self._entered)
        self._watch.left.connect(self._left)

    def _entered(self, field: Field) -> None:
        frame = self._page()
        if frame is None or answers_at_once():
            self._own_choice = None  # else the page tells whether it is another field
        self._field = field
        self._driver.entered()
        self._driver.active = True
        self._driver.listen(self.window().windowHandle())
        self.board.reset()
        self._apply_field()
        if frame is not None:
            ask_page(frame, lambda told: self._told(field, told))
        if self._put_away is not None:
            self._put_away = None if self._is_another(self._put_away) else QGuiApplication.focusObject()
        self._come()

    def _come(self) -> None:
        if self._on_screen and self._put_away is None and not self.isVisible():
            self._make_room()
            self.show()

    @staticmethod
    def _is_another(old: QObject) -> bool:
        """Whether the focus is in another field than `old`, of which one drawn anew is none."""
        there = isValid(old) and not (isinstance(old, QWidget) and not old.isVisible())
        return there and QGuiApplication.focusObject() is not old

    def _tapped(self, point: QPoint | None) -> None:
        """Who taps the field wants it again; a tap elsewhere, on the language say, leaves it away."""
        field = QApplication.focusWidget()
        if point is None or field is None:
            return
        if field.rect().contains(field.mapFrom(self.window(), point)):
            self._put_away = None

    def _told(self, field: Field, told: Told) -> None:
        """The page's own word. The same field again keeps the person's choice of VI or EN."""
        if self._field is None:
            return
        key = told.get("key", "")
        if self._page_field != key:
            self._own_choice = None
        if self._page_field and unmoved(self._page_field) != unmoved(key):
            self._put_away = None
        self._page_field = key
        self._field = field_of_page(field, told)
        self._apply_field()
        self._come()

    def _apply_field(self) -> None:
        field = self._field or Field()
        wanted = field.vietnamese if self._own_choice is None else self._own_choice
        if wanted != self._driver.vietnamese:
            self._driver.composer.reset()
        self._driver.vietnamese = wanted
        self._driver.marks = wanted or field.vietnamese
        self.board.set_vietnamese(wanted, self._driver.marks)
        self.board.set_digits(field.digits)

    def _left(self) -> None:
        self._field = None
        self._own_choice = None
        self._page_field = ""
        self._put_away = None
        self._driver.active = False
        self._driver.composer.reset()
        self.board.reset()
        self.hide()

    def _act(self, act: Act) -> None:
        if act is Act.BACKSPACE:
            self._driver.backspace()
        elif act is Act.ENTER:
            self._driver.enter()
        elif act is Act.NEXT:
            self._driver.next_field()
        elif act is Act.HIDE:
            self._put_away = QGuiApplication.focusObject()
            self.hide()
        elif act is Act.LANGUAGE and not (self._field and self._field.secret):
            self._own_choice = not self._driver.vietnamese
            self._apply_field()

    # ---- room ------------------------------------------------------------------------------------------

    def _over_board(self, point: QPoint) -> bool:
        return self.isVisible() and self.rect().contains(self.mapFrom(self.window(), point))

    def _make_room(self) -> None:
        window = self.window()
        if window is not self._window:
            if self._window is not None:
                self._window.removeEventFilter(self)
            self._window = window
            window.installEventFilter(self)
        self.board.fit(window.width(), window.height())

    def _reveal(self) -> None:
        """The field that the keyboard is for must not lie below it."""
        if self._field is None:
            return
        frame = self._page()
        if frame is not None:
            reveal_in_page(frame)
        field = QApplication.focusWidget()
        around = field
        while around is not None:
            if isinstance(around, QScrollArea) and field is not None:
                around.ensureWidgetVisible(field)
            around = around.parentWidget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window and self._window is not None:
            self.board.fit(self._window.width(), self._window.height())
        return False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for wait in _REVEAL_MS:
            QTimer.singleShot(wait, self, self._reveal)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.hidden.emit()
