"""A question over everything, inside the window: the kiosk has no second windows that could be lost behind.

`show_over()` shows a card with a body and buttons. `wait()` waits for the answer in a nested loop; only
the upload chooser and the page's own dialogs need that, since Chromium waits for them.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEventLoop, QRect, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QWidget

from ui.focus import move_focus, stops
from ui.look import Look
from ui.widgets.blocks import Pages, column, row
from ui.widgets.buttons import ActionButton

BORDER = 3
WIDTH_MM = 240


class Overlay(QWidget):
    """Covers its parent; keeps the keyboard inside; closes by `close_with(answer)`."""

    def __init__(
        self, parent: QWidget, look: Look, body: QLayout, buttons: Sequence[ActionButton]
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self.look, self._buttons = look, list(buttons)
        self.answer: object = None
        self._loop: QEventLoop | None = None
        self._corner: QWidget | None = None
        self._wide = look.theme.mm(WIDTH_MM)
        self._card = QFrame(self)
        self._card.setProperty("role", "dialog")
        self._pages = Pages(look, body)
        self._buttons_row = row(*self._buttons, gap=look.theme.gap)
        stack = column(self._pages, self._buttons_row)
        stack.setStretch(0, 1)
        space = look.theme.space
        self._buttons_row.setContentsMargins(space, 0, space, space)
        stack.setContentsMargins(0, 0, 0, 0)
        self._card.setLayout(stack)
        said = self._card.findChild(QLabel)  # a screen reader names the card before the focused button
        self._card.setAccessibleName(said.text() if isinstance(said, QLabel) else "")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def show_over(self) -> None:
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.fit()
        ready = [button for button in self._buttons if button.isEnabled()]  # a disabled one takes no focus
        focus = ready or stops(self)
        if focus:
            focus[-1].setFocus()

    def put_corner(self, button: QWidget, place: QRect) -> None:
        """A button of the window's that must stay at its place; the card keeps below it."""
        button.setParent(self)
        button.setGeometry(place)
        button.show()
        self._corner = button
        self.fit()

    def wait(self) -> object:
        """Wait for the answer; None where it was closed from outside."""
        self._loop = QEventLoop()
        self._loop.exec()
        return self.answer

    def close_with(self, answer: object = None) -> None:
        self.answer = answer
        if self._loop is not None:
            self._loop.quit()
        self.close()

    def fit(self) -> None:
        """Place the card: as wide as is pleasant, as tall as its words, within the window."""
        self._pages.measure_anew()
        space = self.look.theme.space
        width = min(self.width() - 2 * space, self._wide)
        inside = width - 2 * BORDER
        tall = self._pages.needed(inside) + 2 * BORDER + 2
        if self._buttons:
            tall += self._buttons_row.heightForWidth(inside)
        top = space
        if self._corner is not None:
            top = self._corner.geometry().bottom() + self.look.theme.gap
        height = min(self.height() - top - space, tall)
        above = max(top, (self.height() - height) // 2)
        self._card.setGeometry((self.width() - width) // 2, above, width, height)

    def resizeEvent(self, _event: object) -> None:
        self.fit()

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(10, 20, 30, 170))
        painter.end()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round among the card's own controls."""
        move_focus(stops(self), forward)
        return True
