"""Looks for a word on the portal's page: a field, how many there are, two buttons to go among them."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from ui.look import Look
from ui.widgets.blocks import Slot, label, row
from ui.widgets.buttons import ActionButton


class FindBar(Slot):
    """`browser()` gives the browser whose page is searched, None while there is none."""

    def __init__(self, look: Look, browser: Callable[[], Any]) -> None:
        super().__init__()
        self.look, self._browser = look, browser
        self._text = ""
        self._told = (0, 0)  # which place of how many is marked
        self.hide()
        look.changed.connect(lambda: self.redraw() if self.isVisible() else None)

    def turn(self) -> None:
        """Open it, or shut it and let the page forget the word."""
        if self.isVisible():
            self.shut()
        else:
            self.show()
            self.redraw()
            self._line.setFocus(Qt.FocusReason.OtherFocusReason)

    def shut(self) -> None:
        if self.isVisible():
            self._text = ""
            self._find("", False)
            self.hide()

    def redraw(self) -> None:
        look, theme = self.look, self.look.theme
        self._line = QLineEdit(self._text)
        self._line.setAccessibleName(look.say("ui.find.ask"))
        self._line.setPlaceholderText(look.say("ui.find.ask"))
        self._line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._line.setProperty("role", "chrome")
        self._line.textChanged.connect(self._typed)
        self._line.returnPressed.connect(lambda: self._find(self._text, False))
        self._count = label(self._said(), "site")
        self._count.setMinimumHeight(3 * theme.chrome)  # two lines: it does not grow under the typing
        made = row(gap=theme.gap, margin=theme.mm(1))
        made.addWidget(self._line, 2)
        made.addWidget(self._count, 1)
        for sign, key, act in (
            ("up", "ui.find.before", lambda: self._find(self._text, True)),
            ("down", "ui.find.next", lambda: self._find(self._text, False)),
            ("close", "ui.find.close", self.turn),
        ):
            button = ActionButton(look, "", act, icon=sign, chrome=True, small=True)
            button.setAccessibleName(look.say(key))
            button.setFixedSize(theme.touch, theme.touch)
            made.addWidget(button)
        self.put(made)

    def _typed(self, text: str) -> None:
        self._text = text
        self._find(text, False)

    def _find(self, text: str, backward: bool) -> None:
        browser = self._browser()
        if browser is not None:
            browser.find_text(text, backward, self._found)

    def _found(self, number: int, total: int) -> None:
        if not self.isVisible():
            return
        self._told = (number, total)
        self._count.setText(self._said())

    def _said(self) -> str:
        number, total = self._told
        key = "ui.find.count" if total else "ui.find.nothing"
        return self.look.say(key, number=number, total=total) if self._text else ""
