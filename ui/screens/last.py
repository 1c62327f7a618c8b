"""The two screens nobody works on: everything is being deleted, and out of service."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout

from kioskcore.errors import KioskError
from ui.look import Look
from ui.screens.base import Screen
from ui.widgets.blocks import column, label
from ui.widgets.faults import fault_panel
from ui.widgets.icons import Pictogram


class EndingScreen(Screen):
    """Says that the portal is being left, then that all is being deleted; never that it is gone.

    That is so only when this process has ended: the next waiting screen, which comes after it, is the proof.
    """

    title_key = "ui.ending.title"
    at_work = False

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._handed_over = False

    def set_handed_over(self) -> None:
        """The keeper wipes from here on."""
        self._handed_over = True
        self.redraw()

    def build(self) -> QLayout:
        look, theme = self.look, self.look.theme
        picture = Pictogram("bin", theme.mm(40), theme.colours.good)
        body = column(1, gap=theme.space)
        body.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        now = "deleting" if self._handed_over else "leaving"
        for key, role in ((now, "title"), ("papers", "strong"), ("thanks", "")):
            body.addWidget(label(look.say(f"ui.ending.{key}"), role, centre=True))
        body.addStretch(1)
        return body


class OutOfServiceScreen(Screen):
    """The keeper lets nobody in; `fault` says why."""

    title_key = "ui.out.title"
    at_work = False

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._fault = KioskError("BUG")

    def set_fault(self, fault: KioskError) -> None:
        self._fault = fault

    def build(self) -> QLayout:
        look, theme = self.look, self.look.theme
        body = column(1, fault_panel(look, self._fault), gap=theme.space)
        number = look.own(look.config.point.help_number)
        body.addWidget(label(look.say("ui.out.number", number=number), "title", centre=True))
        body.addStretch(1)
        return body
