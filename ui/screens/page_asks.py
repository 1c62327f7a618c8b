"""A page's own alert, confirm and prompt, shown inside the window in the kiosk's own big letters."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from portal.webview.asking import DialogAnswer, DialogKind, DialogRequest
from ui.look import Look
from ui.widgets.blocks import column, label
from ui.widgets.buttons import ActionButton
from ui.widgets.overlay import Overlay

_LONGEST = 400


class PageAsks:
    """`answer(request)` waits for the person. Closed from outside: nothing is agreed to."""

    def __init__(self, look: Look, window: QWidget) -> None:
        self.look, self._window = look, window

    def answer(self, request: DialogRequest) -> DialogAnswer:
        overlay, line = self.open(request)
        accepted = overlay.wait() is True
        return DialogAnswer(accepted, line.text() if accepted else "")

    def open(self, request: DialogRequest) -> tuple[Overlay, QLineEdit]:
        """Show the card without waiting; the line holds what is typed for a prompt."""
        look = self.look
        body = column(label(look.say("ui.page_asks.title"), "title"), gap=look.theme.gap)
        camera = request.kind is DialogKind.CAMERA
        body.addWidget(label(look.say("ui.page_asks.camera") if camera else request.text[:_LONGEST]))
        line = QLineEdit(request.default, self._window)
        line.hide()
        line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        if request.kind is DialogKind.PROMPT:
            line.setAccessibleName(request.text[:_LONGEST])
            body.addWidget(line)
            line.show()
        overlay: list[Overlay] = []

        def say(yes: bool) -> Callable[[], None]:
            return lambda: overlay[0].close_with(yes)

        texts = {True: "ui.page_asks.yes", False: "ui.page_asks.no"}
        if request.kind is DialogKind.ALERT:
            texts = {True: "ui.understood"}
        buttons = [
            ActionButton(look, look.say(key), say(yes), kind="primary" if yes else "secondary")
            for yes, key in sorted(texts.items())
        ]
        overlay.append(Overlay(self._window, look, body, buttons))
        overlay[0].show_over()
        return overlay[0], line
