"""How every error is shown: one sentence, one thing to do, and the code small for staff."""

from PySide6.QtWidgets import QFrame

from kioskcore.errors import KioskError
from ui.look import Look
from ui.widgets.blocks import column, frame, label, row
from ui.widgets.icons import Pictogram


def fault_panel(look: Look, fault: KioskError) -> QFrame:
    """The same panel everywhere; the caller adds the button that does what the sentence says."""
    say, do = look.error(fault)
    picture = Pictogram("warning", look.theme.mm(14), look.theme.colours.danger)
    words = column(label(say, "title"), label(do), gap=look.theme.mm(2))
    words.addWidget(label(look.say("ui.error.code", code=fault.code), "muted"))
    inside = row(picture, gap=look.theme.space)
    inside.addLayout(words, 1)
    return frame(look, "danger", inside)
