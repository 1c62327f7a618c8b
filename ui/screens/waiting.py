"""The waiting screen: the whole of it is the button; it says what can be done here, and that it is free."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from kioskcore.errors import KioskError
from ui.look import Look
from ui.screens.base import Action, Screen
from ui.sound.desk import SoundDesk
from ui.theme import TextSize
from ui.widgets.blocks import column, frame, label, picture, row
from ui.widgets.buttons import ActionButton
from ui.widgets.icons import Pictogram
from ui.widgets.story import Story

if TYPE_CHECKING:  # loaded after this screen is painted
    from guides.model import LifeEvent

_OFFERS = {True: 8, False: 12}
"""How many there is calm room for, wide or high."""

SCENES = (
    ("touch", "hand", "viec-cham"),
    ("choose", "search", "viec-tim"),
    ("scan", "scanner", "viec-dua-giay"),
    ("file", "document", "viec-tai-len"),
    ("done", "check", "viec-nhan"),
)
"""What the drawings tell: words `ui.waiting.story.<key>`, our own pictogram, the guides' drawing of it."""

_SCENE_MM = 32.0
_SCENE_HIGH_MM = {TextSize.NORMAL: 84.0, TextSize.LARGE: 56.0, TextSize.HUGE: 36.0}
"""Side of a drawing: the more room the words leave on a high screen, the larger."""


class WaitingScreen(Screen):
    """`touched` once for a touch anywhere. What can be done here is told later: first paint is fast."""

    touched = Signal()
    title_key = "ui.waiting.hello"
    at_work = False

    def __init__(self, look: Look, sound: SoundDesk | None = None) -> None:
        super().__init__(look)
        self._sound = sound
        self._events: Sequence[LifeEvent] = ()
        self._drawings: Mapping[str, Path] = {}
        self._story: Story | None = None
        self._notice: KioskError | None = None

    def set_notice(self, code: str) -> None:
        """Something for staff to pass on to the technician; people may go on."""
        self._notice = KioskError(code)
        self.redraw()

    def set_offers(self, events: Sequence["LifeEvent"], drawings: Mapping[str, Path]) -> None:
        """What can be done here, and the guides' drawings by name; without them our pictograms stand in."""
        self._events, self._drawings = events, drawings
        self.redraw()

    def primary(self) -> Action | None:
        """The page itself is what begins; the place of the button is for who cannot read it."""
        sound = self._sound
        if sound is None or not sound.offered():
            return None
        return Action("", lambda: None, made=lambda: sound.reading_button(small=False))

    def build(self) -> QLayout:
        look, theme = self.look, self.look.theme
        begin = ActionButton(
            look, look.say("ui.waiting.begin"), self.touched.emit, kind="primary", icon="hand", big=True
        )
        begin.setMinimumHeight(theme.mm(32))
        self._story = self._tell(self._story.at if self._story is not None else 0)
        upper = self._upper(self._story, begin)
        facts = column(gap=theme.mm(2))
        for icon, text in (
            ("check", look.say("ui.waiting.free")),
            ("shield", look.say("ui.waiting.safe")),
            ("clock", look.say("ui.waiting.hours", hours=look.own(look.config.point.opening_hours))),
            ("phone", look.say("ui.waiting.help", number=look.own(look.config.point.help_number))),
        ):
            line = row(Pictogram(icon, theme.icon, theme.colours.good), gap=theme.gap)
            line.addWidget(label(text), 1)
            facts.addLayout(line)
        offers = column(label(look.say("ui.waiting.offers"), "strong"), gap=theme.mm(2))
        offers.addLayout(self._offers())
        offers.addStretch(1)
        facts.addStretch(1)
        if self._notice is not None:
            said = look.say("ui.waiting.for_staff", words=" ".join(look.error(self._notice)))
            facts.addWidget(label(f"{said} ({self._notice.code})", "muted"))
        beside = self._wide and theme.text_size is not TextSize.HUGE
        lower = row(gap=theme.space) if beside else column(gap=theme.space)
        card = frame(look, "card", offers)
        room = card.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # what stands beside it does not jump when it comes
        card.setSizePolicy(room)
        if not self._events:  # never shown by hand: it has no parent yet, and would be a window of its own
            card.hide()
        for part in (card, frame(look, "plain", facts)):
            lower.addWidget(part)
            lower.setStretchFactor(part, 1)
        body = column(label(look.say("ui.waiting.what"), "title", centre=True), gap=theme.space)
        body.addLayout(upper)
        body.addLayout(lower, 1 if self._wide else 0)
        body.addStretch(0 if self._wide else 1)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        return body

    def _upper(self, story: Story, begin: QWidget) -> QLayout:
        """Side by side where there is room; the button is never below the edge."""
        theme, huge = self.look.theme, self.look.theme.text_size is TextSize.HUGE
        made = row(gap=theme.space) if self._wide and not huge else column(gap=theme.space)
        for part in (begin, story) if huge else (story, begin):
            made.addWidget(part)
            made.setStretchFactor(part, 1)
        return made

    def _tell(self, at: int) -> Story:
        look, theme = self.look, self.look.theme
        side = theme.mm(_SCENE_MM if self._wide else _SCENE_HIGH_MM[theme.text_size])
        scenes: list[tuple[QWidget, str]] = []
        for key, icon, name in SCENES:
            words = look.say(f"ui.waiting.story.{key}")
            drawn = picture(self._drawings.get(name), side, words)
            scenes.append((drawn or Pictogram(icon, side, theme.colours.accent), words))
        return Story(scenes, theme.space, at)

    @property
    def _wide(self) -> bool:
        return self.width() > self.height()

    def _offers(self) -> QLayout:
        """Pictures and names, as many as there is calm room for."""
        look, theme = self.look, self.look.theme
        columns = 2 if self._wide or theme.text_size is TextSize.NORMAL else 1
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space)
        grid.setVerticalSpacing(theme.mm(1.5))
        for number, event in enumerate(self._events[: _OFFERS[self._wide] // 2 * columns]):
            line = row(gap=theme.mm(2))
            drawn = picture(event.picture, theme.icon)
            line.addWidget(drawn or Pictogram("document", theme.icon, theme.colours.accent))
            line.addWidget(label(event.title.get(look.language) or event.title["vi"]), 1)
            grid.addLayout(line, number // columns, number % columns)
        return grid

    def resizeEvent(self, event: QResizeEvent) -> None:
        old = event.oldSize()
        super().resizeEvent(event)
        if self.filled and (old.width() > old.height()) != self._wide:
            self.redraw()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.touched.emit()
        event.accept()
