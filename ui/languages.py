"""The choice among more than two languages, each in its own words."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ui.look import Look
from ui.widgets.blocks import column, label
from ui.widgets.buttons import ActionButton
from ui.widgets.overlay import Card, Overlay


def ask_language(window: QWidget, look: Look) -> Overlay:
    """Show the choice over `window`; a note says where Vietnamese stands in for words that lack."""

    def make(card: Overlay) -> Card:
        body = column(label(look.say("ui.language.ask"), "title"), gap=look.theme.gap)
        for code in look.languages:
            name = look.say_in(code, "ui.language.name")
            note = look.say("ui.language.partial") if look.partial(code) else ""
            icon, tap = "check" if code == look.language else "globe", choose(card, code)
            body.addWidget(ActionButton(look, name, tap, kind="choice-row", icon=icon, note=note))
        return body, [ActionButton(look, look.say("ui.back"), card.close_with, icon="back")]

    def choose(card: Overlay, code: str) -> Callable[[], None]:
        def go() -> None:
            card.close_with()
            look.speak(code)

        return go

    card = Overlay(window, look, make)
    card.show_over()
    return card
