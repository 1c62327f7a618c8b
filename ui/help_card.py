"""What "I need help" shows: whom to call, and how staff say that they are the ones who help."""

from collections.abc import Callable

from kioskcore.visit import Mode
from ui.look import Look
from ui.widgets.blocks import column, label, notice
from ui.widgets.buttons import ActionButton
from ui.widgets.overlay import Card, Overlay

HELP = "ui.help"
"""The name of its card."""


def help_card(look: Look, staff_helps: Callable[[Mode], object] | None) -> Callable[[Overlay], Card]:
    """How the card is drawn; `staff_helps` is told the mode that staff tapped; None: there is no visit."""

    def make(card: Overlay) -> Card:
        body = column(label(look.say("ui.help.title"), "title"), gap=look.theme.gap)
        number = look.own(look.config.point.help_number)
        body.addWidget(notice(look, "now", "phone", look.say("ui.help.number", number=number)))
        for line in ("calm", "staff"):
            body.addWidget(label(look.say(f"ui.help.{line}")))
        if staff_helps is not None:  # without a visit there is nothing to go back from
            body.addWidget(label(look.say("ui.help.back")))
            body.addWidget(label(look.say("ui.help.for_staff"), "muted"))
            for mode, icon in ((Mode.GUIDED, "person"), (Mode.ON_BEHALF, "hand")):
                words = look.say(f"ui.help.{mode}")
                tap = _staff(staff_helps, mode, card)
                body.addWidget(ActionButton(look, words, tap, kind="choice-row", icon=icon))
        close = look.say("ui.help.close")
        return body, [ActionButton(look, close, card.close_with, kind="primary", icon="check")]

    return make


def _staff(told: Callable[[Mode], object], mode: Mode, card: Overlay) -> Callable[[], None]:
    def go() -> None:
        told(mode)
        card.close_with()

    return go
