"""The waiting screen: the whole of it is the button; it says what can be done here, and that it is free."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLayout

from ui.look import Look
from ui.screens.base import Screen
from ui.widgets.blocks import column, frame, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.icons import Pictogram


class WaitingScreen(Screen):
    """`touched` once for a touch anywhere. What can be done here is told later: first paint is fast."""

    touched = Signal()
    title_key = "ui.waiting.hello"
    has_footer = False

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._events: list[dict[str, str]] = []

    def set_offers(self, events: list[dict[str, str]]) -> None:
        """What can be done here, each by language."""
        self._events = events
        self.redraw()

    def build(self) -> QLayout:
        look, theme = self.look, self.look.theme
        begin = ActionButton(
            look, look.say("ui.waiting.begin"), self.touched.emit, kind="primary", icon="hand", big=True
        )
        begin.setMinimumHeight(theme.mm(34))
        facts = column(gap=theme.mm(2))
        for icon, text in (
            ("check", look.say("ui.waiting.free")),
            ("shield", look.say("ui.waiting.safe")),
            ("clock", look.say("ui.waiting.hours", hours=look.config.point.opening_hours)),
            ("phone", look.say("ui.waiting.help", number=look.config.point.help_number)),
        ):
            line = row(Pictogram(icon, theme.icon, theme.colours.good), gap=theme.gap)
            line.addWidget(label(text), 1)
            facts.addLayout(line)
        names = [event.get(look.language) or next(iter(event.values())) for event in self._events]
        offers = column(label(look.say("ui.waiting.offers"), "strong"), gap=theme.mm(1))
        for name in names[:6]:
            line = row(Pictogram("document", theme.icon, theme.colours.accent), gap=theme.mm(2))
            line.addWidget(label(name), 1)
            offers.addLayout(line)
        offers.addStretch(1)
        facts.addStretch(1)
        lower = row(gap=theme.space) if self.width() > self.height() else column(gap=theme.space)
        for part in (frame(look, "card", offers), frame(look, "plain", facts)):
            lower.addWidget(part)
            lower.setStretchFactor(part, 1)
        body = column(label(look.say("ui.waiting.what"), "title", centre=True), gap=theme.space)
        body.addWidget(begin)
        body.addLayout(lower, 1)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        return body

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.touched.emit()
        event.accept()
