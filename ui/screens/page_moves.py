"""Beside the portal's page, the two big buttons that move it: its own bar is too thin to be seen or hit."""

from typing import Any

from PySide6.QtWidgets import QBoxLayout, QWidget

from ui.focus import take_focus
from ui.look import Look
from ui.theme import TextSize
from ui.widgets.blocks import Slot, row
from ui.widgets.buttons import ActionButton


class PageMoves(QWidget):
    """Holds `page` and the buttons: at its right where the window is wide, else below.

    Once a page could be moved they stay till the next page: to come and go would change what the page shows.
    """

    def __init__(self, look: Look, page: QWidget) -> None:
        super().__init__()
        self.look = look
        self._browser: Any = None
        self._can = (False, False)
        self._needed = self._page_shows = False
        self._strip = Slot()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setSpacing(0)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(page, 1)
        self._box.addWidget(self._strip)
        self._strip.hide()

    def serve(self, browser: Any) -> None:
        self._browser = browser
        browser.moves_changed.connect(self._changed)
        browser.loading.connect(self._loading)

    def draw(self, wide: bool, page_shows: bool) -> None:
        """`page_shows`: it is the web page, not a page of the kiosk's own in its place."""
        self._page_shows = page_shows
        directions = QBoxLayout.Direction
        self._box.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        self._buttons = [self._button(key, way) for key, way in (("up", -1), ("down", 1))]
        if wide and self.look.theme.text_size is TextSize.NORMAL:  # words wrap, the page keeps its width
            for button in self._buttons:
                button.setFixedWidth(max(one.minimumSizeHint().width() for one in self._buttons))
        made = row(*self._buttons, gap=self.look.theme.gap, margin=self.look.theme.gap)
        made.setDirection(directions.TopToBottom if wide else directions.LeftToRight)
        self._strip.put(made)
        self._set()

    def _button(self, key: str, way: int) -> ActionButton:
        words = self.look.say(f"ui.scroll.{key}")
        return ActionButton(
            self.look, words, lambda: self._browser.move_page(way), icon=key, small=True, chrome=True
        )

    def _loading(self, on: bool) -> None:
        if not on:
            self._needed = any(self._can)
            self._set()

    def _changed(self, up: bool, down: bool) -> None:
        self._can = up, down
        self._needed = self._needed or up or down
        self._set()

    def _set(self) -> None:
        if not self._strip.filled:
            return
        for number, button in enumerate(self._buttons):
            other = self._buttons[1 - number]
            if button.hasFocus() and not self._can[number] and self._can[1 - number]:
                other.setEnabled(True)
                take_focus(other)  # else the focus falls on what is next, and one key more presses that
            button.setEnabled(self._can[number])
        self._strip.setVisible(self._needed and self._page_shows)
