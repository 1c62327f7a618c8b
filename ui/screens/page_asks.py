"""A page's own alert, confirm and prompt, shown inside the window in the kiosk's own big letters."""

import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from portal.webview.asking import DialogAnswer, DialogKind, DialogRequest
from ui.look import Look
from ui.widgets.blocks import column, label
from ui.widgets.buttons import ActionButton
from ui.widgets.overlay import Card, Overlay

_LONG_WORD = re.compile(r"\S{21,}")
_BETWEEN_LETTERS = re.compile(r"(?<=\S)(?=[^\u0300-\u036f])")
"""No mark is parted from its letter."""


class PageAsks:
    """`answer(request)` waits for the person. Closed from outside: nothing is agreed to."""

    def __init__(self, look: Look, window: QWidget) -> None:
        self.look, self._window = look, window

    def answer(self, request: DialogRequest) -> DialogAnswer:
        overlay, typed = self.open(request)
        accepted = overlay.wait() is True
        return DialogAnswer(accepted, typed() if accepted else "")

    def open(self, request: DialogRequest) -> tuple[Overlay, Callable[[], str]]:
        """Show the card without waiting; the second tells what is typed for a prompt."""
        look, typed = self.look, [request.default]

        def say(overlay: Overlay, yes: bool) -> Callable[[], None]:
            return lambda: overlay.close_with(yes)

        def make(overlay: Overlay) -> Card:
            tells = request.kind is DialogKind.ALERT
            title = look.say("ui.page_asks.tells" if tells else "ui.page_asks.title")
            body = column(label(title, "title"), gap=look.theme.gap)
            camera = request.kind is DialogKind.CAMERA
            if request.cut:  # first: who agrees to nothing need not read to the end
                body.addWidget(label(look.say("ui.page_asks.cut"), "strong"))
            body.addWidget(label(look.say("ui.page_asks.camera") if camera else _breakable(request.text)))
            if request.kind is DialogKind.PROMPT and not request.cut:
                body.addWidget(self._line(request, typed))
            texts = {True: "ui.page_asks.yes", False: "ui.page_asks.no"}
            if request.cut:
                texts = {False: "ui.page_asks.no"}
            if tells:
                texts = {True: "ui.understood"}
            return body, [
                ActionButton(look, look.say(key), say(overlay, yes), kind="primary" if yes else "secondary")
                for yes, key in sorted(texts.items())
            ]

        overlay = Overlay(self._window, look, make)
        overlay.show_over()
        return overlay, lambda: typed[0]

    def _line(self, request: DialogRequest, typed: list[str]) -> QLineEdit:
        """Where the answer of a prompt is typed; `typed` keeps it while the card is drawn anew."""
        line = QLineEdit(typed[0])
        line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        line.setAccessibleName(request.text)
        line.textChanged.connect(lambda text: typed.__setitem__(0, text))
        return line


def _breakable(text: str) -> str:
    """Words longer than a line may break anywhere: Qt would let them run out of the card."""
    return _LONG_WORD.sub(lambda word: _BETWEEN_LETTERS.sub("\u200b", word[0]), text)
