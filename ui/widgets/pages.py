"""A body that may be longer, or wider, than the room it gets."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QLayout,
    QScrollArea,
    QScrollBar,
    QScroller,
    QWidget,
)

from ui.focus import take_focus
from ui.look import Look
from ui.widgets.blocks import row
from ui.widgets.buttons import ActionButton
from ui.widgets.whole_lines import whole_part

_ALONG, _DOWN = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_LEAST_STEP = 0.5
"""Of the room: a page always leads on."""
_COLUMN = 2 / 3
"""Of the width of a wide screen, for a text."""


class Pages(QWidget):
    """A body that may be longer than the screen: then two big buttons move it, besides finger and wheel.

    Thin scroll bars are neither seen nor hit by unsure hands, so there are none. `narrow`: the buttons show
    arrows only, their words stay for screen readers. `wide`: the body is so many times as wide as the room;
    the buttons then go through it as one reads, to the right first and then down. `text`: on a wide screen it
    stands in a column where all of it still shows, since the eye loses lines that are too long.
    """

    more_below = Signal(bool)  # whether there is more than shows; told once it can be seen

    def __init__(
        self,
        look: Look,
        body: QLayout,
        margin: int | None = None,
        narrow: bool = False,
        wide: float = 1.0,
        *,
        text: bool = False,
    ) -> None:
        super().__init__()
        self._text = text
        self.wide = wide
        self._paging = False
        self._more: bool | None = None  # as was told last
        space = look.theme.space if margin is None else margin
        body.setContentsMargins(space, space, space, space)
        self._sheet = QWidget()
        self._sheet.setObjectName("sheet")
        self._sheet.setLayout(body)
        self._inside = body
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._sheet)
        QScroller.grabGesture(self.area.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self._up, self._down = (
            self._mover(look, key, way, narrow) for key, way in (("up", -1), ("down", 1))
        )
        self.movers = (self._up, self._down)
        self._bar = QWidget(self)
        self._movers = row(self._up, self._down, gap=look.theme.gap)
        self._movers.setContentsMargins(*(look.theme.gap,) * 4)
        self._bar.setLayout(self._movers)
        self._bar.hide()
        for bar in self._bars():
            bar.valueChanged.connect(self._moved)
            bar.rangeChanged.connect(self._moved)
        self._sheet.installEventFilter(self)

    def _mover(self, look: Look, key: str, way: int, narrow: bool) -> ActionButton:
        words = look.say(f"ui.scroll.{key}")
        made = ActionButton(look, "" if narrow else words, self._go(way), icon=key, small=True, chrome=True)
        made.setAccessibleName(words)
        return made

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._sheet and event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return False

    def resizeEvent(self, _event: object) -> None:
        self._arrange()

    def showEvent(self, _event: object) -> None:
        self.measure_anew()
        self._arrange()

    def refresh(self) -> None:
        """After the body got more or less in it: give it its room at once, not in a later turn."""
        self.measure_anew()
        self._inside.activate()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self._arrange()

    @property
    def moved(self) -> float:
        """How far down the body was moved, as a share of its height."""
        return self.area.verticalScrollBar().value() / max(1, self._sheet.height())

    def move_to(self, share: float) -> None:
        self.refresh()
        self.area.verticalScrollBar().setValue(round(share * self._sheet.height()))

    def reveal(self, part: QWidget) -> None:
        self.refresh()
        top = part.mapTo(self._sheet, QPoint(0, -self._movers.spacing())).y()
        self.move_to(top / max(1, self._sheet.height()))

    def measure_anew(self) -> None:
        """Fonts come with the stylesheet, late; heights that were computed before are forgotten."""
        for child in self._sheet.findChildren(QWidget):
            child.ensurePolished()
        for layout in (self._inside, *self._sheet.findChildren(QLayout)):
            layout.invalidate()

    def minimumSizeHint(self) -> QSize:
        return QSize(1, 1)

    def needed(self, width: int) -> int:
        """Height in pixels at which the whole body shows."""
        body, width = self._inside, round(width * self.wide)
        tall = body.heightForWidth(width) if body.hasHeightForWidth() else body.sizeHint().height()
        return max(tall, body.minimumSize().height())  # the scroll area never makes it lower

    def _go(self, way: int) -> Callable[[], None]:
        def move() -> None:
            room, along, across = self.area.viewport(), *self._bars()
            if across.value() != (across.maximum() if way > 0 else across.minimum()):
                across.setValue(across.value() + way * round(room.width() * 0.8))
                return
            if along.value() != (along.maximum() if way > 0 else along.minimum()):
                across.setValue(across.minimum() if way > 0 else across.maximum())
                along.setValue(along.value() + self._step(way))

        return move

    def _step(self, way: int) -> int:
        """Rows to the page beside this one: down to the first line that did not show, up to a line's top."""
        at, room = self.area.verticalScrollBar().value(), self.area.viewport().height()
        most = round(room * 0.8)
        if self.wide > 1:
            return way * most
        if way < 0:
            return whole_part(self._sheet, at - most, room)[0] - at
        return max(whole_part(self._sheet, at, room)[1] - at, round(room * _LEAST_STEP))

    def _bars(self) -> tuple[QScrollBar, QScrollBar]:
        return self.area.verticalScrollBar(), self.area.horizontalScrollBar()

    def _arrange(self) -> None:
        """Both buttons are there together or not at all, so that neither moves under the finger.

        Places are set by hand: a layout would be asked to change while it is being carried out.
        """
        width, height = self.width(), self.height()
        self._set_sides(width, height)
        paging = self._paging = self.wide > 1 or self.needed(width) > height
        beside = self._strip(width, height) if paging else 0
        self._movers.setDirection(_DOWN if beside else _ALONG)
        below = self._movers.heightForWidth(width) if paging and not beside else 0
        air = self._movers.spacing() if beside else below  # what is cut by the edge must not touch the bar
        if self.wide > 1:
            self._sheet.setMinimumWidth(round((width - beside) * self.wide))
        self.area.setGeometry(0, 0, width - beside, height - air)
        if beside:
            self._bar.setGeometry(width - beside, 0, beside, height)
        else:
            self._bar.setGeometry(0, height - below, width, below)
        self._bar.setVisible(paging)
        self._moved()

    def _set_sides(self, width: int, height: int) -> None:
        old = self._inside.contentsMargins()
        side = max(old.top(), round(width * (1 - _COLUMN) / 2))
        columned = self._text and width > height
        if not columned or self.needed(width + 2 * (old.left() - side)) > height:
            side = old.top()
        if side != old.left():
            self._inside.setContentsMargins(side, old.top(), side, old.bottom())

    def _strip(self, width: int, height: int) -> int:
        """Width of the buttons at the right of a page with more width than height; 0: they lie below."""
        gap, words = self._movers.spacing(), max(mover.minimumSizeHint().width() for mover in self.movers)
        tall = sum(mover.heightForWidth(words) for mover in self.movers) + 3 * gap
        return words + 2 * gap if width >= 2 * height >= 2 * tall else 0

    def _moved(self, *_value: int) -> None:
        bars = self._bars()
        can = {
            self._up: any(bar.value() > bar.minimum() for bar in bars),
            self._down: any(bar.value() < bar.maximum() for bar in bars),
        }
        for button, other in ((self._up, self._down), (self._down, self._up)):
            if button.hasFocus() and not can[button] and can[other]:
                other.setEnabled(True)
                take_focus(other)  # else the focus falls on the next button, and one key more presses that
            button.setEnabled(can[button])
        self._hide_what_is_cut()
        more = self._paging and (can[self._down] or not any(bar.maximum() for bar in bars))
        if self.isVisible() and more is not self._more:
            self._more = more
            self.more_below.emit(more)

    def _hide_what_is_cut(self) -> None:
        """Half a line is no text: it comes whole with the next page."""
        viewport, bar = self.area.viewport(), self.area.verticalScrollBar()
        if self.wide > 1 or bar.maximum() == 0:
            viewport.clearMask()
            return
        first, last = whole_part(self._sheet, bar.value(), viewport.height())
        viewport.setMask(QRegion(0, first - bar.value(), viewport.width(), last - first))
