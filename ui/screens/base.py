"""What every screen is: a heading that carries the step number, at most one primary action, and a body.

A screen holds its state in fields and draws its body anew in `build`, so a change of language, text size or
contrast never loses the place.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QWidget

from ui.look import Look
from ui.widgets.blocks import Slot
from ui.widgets.buttons import ActionButton
from ui.widgets.pages import Pages

STEPS = 5


@dataclass(frozen=True)
class Action:
    """The one primary button, shown by the shell at the right of the footer."""

    text: str
    do: Callable[[], object]
    icon: str = "next"
    enabled: bool = True
    quiet: bool = False  # not yet what most people should press
    after_reading: bool = False  # quiet until the end of a page longer than the screen was seen once
    made: Callable[[], ActionButton] | None = None  # a button of its own kind


class Screen(Slot):
    """One place of the visit. `step`: its number on the road, 0 where it has none."""

    frame_changed = Signal()  # heading or primary action are others now

    step = 0
    title_key = ""
    text = False  # its body is read, and stands in a column on a wide screen
    at_work = True  # else nobody is: nothing to go back from, to end or to send

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.pages: Pages | None = None
        self._drawn: object = None  # the page that the body shows
        self._end_seen = self._unread = False  # its end was seen once; more lies below, never seen

    def heading(self) -> str:
        what = self.look.say(self.title_key)
        if not self.step:
            return what
        return self.look.say("ui.step", number=self.step, total=STEPS, what=what)

    def primary(self) -> Action | None:
        return None

    def action(self) -> Action | None:
        """The primary action as it is to be drawn now."""
        made = self.primary()
        if made is not None and made.after_reading and self._unread:
            return replace(made, quiet=True)
        return made

    def go_back(self) -> bool:
        """Back inside the screen. False: the visit goes back."""
        return False

    def page_now(self) -> object:
        """Which of its pages the screen shows; for a while after a change of it no tap is taken."""
        return None

    def untouched(self) -> list[QWidget]:
        """Parts that stay as they are when the page changes: taps on them are always taken."""
        return []

    def parts(self) -> list[QWidget]:
        """What F6 goes through, in reading order."""
        return [self]

    def make_room(self, on: bool) -> None:
        """Somebody types on a low screen, or has done: what is not needed for that may go."""

    def build(self) -> QLayout:
        """The body in the present language, theme and state."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Throw the body away and build it again; the same page stays where it was moved to."""
        old, place = self.pages, self.page_now()
        moved = old.moved if old is not None and place == self._drawn else 0.0
        if place != self._drawn:
            self._end_seen = self._unread = False
        self.pages, self._drawn = Pages(self.look, self.build(), text=self.text), place
        self.pages.more_below.connect(self._more_below)
        self.put(self.pages)
        if moved:
            self.pages.move_to(moved)
        self.frame_changed.emit()

    def _more_below(self, more: bool) -> None:
        self._end_seen = self._end_seen or not more
        if self._unread == self._end_seen:
            self._unread = not self._end_seen
            self.frame_changed.emit()

    def entered(self) -> None:
        self.redraw()

    def left(self) -> None:
        """The visit went elsewhere."""
