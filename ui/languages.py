"""The choice among more than two languages, each in its own words."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ui.look import Look
from ui.widgets.blocks import column, label
from ui.widgets.buttons import ActionButton
from ui.widgets.overlay import Overlay


def ask_language(window: QWidget, look: Look) -> Overlay:
    """Show the choice over `window`; a note says where Vietnamese stands in for words that lack."""
    body = column(label(look.say("ui.language.ask"), "title"), gap=look.theme.gap)
    close = ActionButton(look, look.say("ui.back"), icon="back")
    card = Overlay(window, look, body, [close])

    def choose(code: str) -> Callable[[], None]:
        def go() -> None:
            card.close_with(None)
            look.speak(code)

        return go

    for code in look.languages:
        name = look.say_in(code, "ui.language.name")
        note = look.say("ui.language.partial") if look.partial(code) else ""
        icon = "check" if code == look.language else "globe"
        body.addWidget(ActionButton(look, name, choose(code), kind="choice-row", icon=icon, note=note))
    close.clicked.connect(lambda: card.close_with(None))
    card.show_over()
    return card
