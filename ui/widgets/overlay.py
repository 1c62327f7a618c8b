"""A question over the page, inside the window: the kiosk has no second windows that could be lost behind.

`show_over()` shows a card with a body and buttons. `wait()` waits for the answer in a nested loop; only
the upload chooser and the page's own dialogs need that, since Chromium waits for them. The window's header
stays above it, so language, sound and size of the text change while the question stands: the card is then
drawn anew, and whoever asks keeps what was ticked or typed. The focus comes to the answer that agrees to
nothing, and goes back to where it was.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEventLoop, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QLayout, QWidget

from ui.focus import hold_focus, stops, take_focus
from ui.look import Look
from ui.theme import TextSize
from ui.widgets.blocks import Slot, column, row
from ui.widgets.buttons import ActionButton
from ui.widgets.pages import Pages

BORDER = 3
WIDTH_MM = {TextSize.NORMAL: 240, TextSize.LARGE: 280, TextSize.HUGE: 360}
"""Wider than this a line is hard to follow."""
LEAST_MM = 40
"""A body lower than this shows hardly a line beside the buttons that move it."""

Card = tuple[QLayout, Sequence[ActionButton]]
"""The body, which pages where it is too long, and the buttons below it."""


class Overlay(QWidget):
    """Covers its parent, or what that leaves it of itself; closes by `close_with(answer)`."""

    changed = Signal()  # drawn anew, or gone

    def __init__(
        self,
        parent: QWidget,
        look: Look,
        make: Callable[["Overlay"], Card],
        *,
        whole: bool = False,
        at_once: bool = False,
    ) -> None:
        """`make(overlay)` draws the card in the present language and size.

        `whole`: covers the footer too, which asks or helps itself; every other card leaves the way out open.
        `at_once`: its parts are used together, so that the header gives its room before one is out of sight.
        """
        super().__init__(parent)
        self.whole, self._at_once = whole, at_once
        self._window = parent
        self.look, self._make = look, make
        self.answer: object = None
        self._loop: QEventLoop | None = None
        self._give_back: Callable[[], None] = lambda: None
        self._card = Slot()
        self._card.setParent(self)
        self._card.setProperty("role", "dialog")
        self._draw()
        look.changed.connect(self.redraw)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def _draw(self) -> None:
        body, buttons = self._make(self)
        self._buttons = list(buttons)
        self._pages = Pages(self.look, body)
        space = self.look.theme.space
        self._buttons_row = row(*self._buttons, gap=self.look.theme.gap)
        self._buttons_row.setContentsMargins(space, 0, space, space)
        stack = column(self._pages, self._buttons_row)
        stack.setStretch(0, 1)
        self._card.put(stack)
        said = self._pages.findChild(QLabel)  # a screen reader names the card before the focused button
        self._card.setAccessibleName(said.text() if isinstance(said, QLabel) else "")

    def redraw(self) -> None:
        """The same question in another language, size or state."""
        if self.isVisible():
            self._draw()
            self.changed.emit()
            self.fit()

    def show_over(self) -> None:
        self.setGeometry(self._window.rect())
        self._give_back = hold_focus(self._window)
        self.show()
        self.raise_()
        self.fit()
        safe = self._safe()
        focus = [safe] if safe is not None else stops(self)
        if focus:
            take_focus(focus[-1])

    def reveal(self, part: QWidget) -> None:
        """Move a long body to where `part` of it shows."""
        self._pages.reveal(part)

    def answer_safely(self) -> None:
        """As if the button that agrees to nothing was pressed; without one the question stays."""
        safe = self._safe()
        if safe is not None:
            safe.click()

    def _safe(self) -> ActionButton | None:
        """The way back; else "no"; a lone button is that itself."""
        ready = [button for button in self._buttons if button.isEnabled()]
        harmless = [button for button in ready if button.icon_name == "back"]
        if not harmless:
            harmless = [button for button in ready if button.kind != "primary"] or ready
        return harmless[0] if harmless else None

    def wait(self) -> object:
        """Wait for the answer; None where it was closed from outside."""
        self._loop = QEventLoop()
        self._loop.exec()
        return self.answer

    def close_with(self, answer: object = None) -> None:
        self.answer = answer
        if self._loop is not None:
            self._loop.quit()
        now = QApplication.focusWidget()
        ours = now is None or self.isAncestorOf(now)
        self.close()
        if ours:
            self._give_back()

    def has_room(self, height: int, all_of_it: bool = False) -> bool:
        """Whether in so many pixels the body shows above the buttons, or enough of it to be read."""
        theme = self.look.theme
        width = min(self._window.width() - 2 * theme.space, theme.mm(WIDTH_MM[theme.text_size])) - 2 * BORDER
        buttons = self._buttons_row.heightForWidth(width) if self._buttons else 0
        self._pages.measure_anew()
        needed = self._pages.needed(width) + 2 * BORDER + 2
        least = needed if all_of_it else min(theme.mm(LEAST_MM), needed)
        return height - 2 * theme.space - buttons >= least

    def needs_header(self, height: int) -> bool:
        """Whether so many pixels, which the header leaves, are too few."""
        return not self.has_room(height, all_of_it=self._at_once)

    def fit(self) -> None:
        """Place the card: as wide as is pleasant, as tall as its words, within the window."""
        self._pages.measure_anew()
        space = self.look.theme.space
        theme = self.look.theme
        width = min(self.width() - 2 * space, theme.mm(WIDTH_MM[theme.text_size]))
        inside = width - 2 * BORDER
        tall = self._pages.needed(inside) + 2 * BORDER + 2
        if self._buttons:
            tall += self._buttons_row.heightForWidth(inside)
        height = min(self.height() - 2 * space, tall)
        self._card.setGeometry((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def resizeEvent(self, _event: object) -> None:
        self.fit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.changed.emit()

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(10, 20, 30, 170))
        painter.end()
