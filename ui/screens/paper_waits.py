"""Holds a paper that came late behind a button: it must not cover what the person has turned to since."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt

from ui.keyboard.watch import query
from ui.look import Look
from ui.widgets.blocks import Slot, row
from ui.widgets.buttons import ActionButton


class PaperWaits(Slot):
    """`came(file)` calls `show_it(file)`, or shows the button that does. Hidden while nothing waits."""

    def __init__(self, look: Look, show_it: Callable[[Path], None]) -> None:
        super().__init__()
        self.look, self._show_it = look, show_it
        self._files: list[Path] = []  # the oldest first
        self._moved = self._aside = self._behind = False
        self.hide()

    def comes(self, on: bool) -> None:
        """A paper is on its way, or has ended it; what the page does meanwhile counts."""
        if on:
            self._moved = False

    def page_moved(self) -> None:
        self._moved = True

    def came(self, file: Path) -> None:
        if self._moved or _somebody_types():
            self._files.append(file)
            self.redraw()
        else:
            self._show_it(file)

    def stand_aside(self, on: bool) -> None:
        """Somebody types where every line of room is needed."""
        self._aside = on
        self.redraw()

    def stand_back(self, on: bool) -> None:
        """Something else than the page shows, which has a button of its own."""
        self._behind = on
        self.redraw()

    def forget(self) -> None:
        self._files.clear()
        self.redraw()

    def redraw(self) -> None:
        theme = self.look.theme
        self.setVisible(bool(self._files) and not (self._aside or self._behind))
        if self._files:
            words = self.look.say("ui.paper.waits")
            button = ActionButton(self.look, words, self._open, kind="primary", icon="document", small=True)
            self.put(row(button, 1, gap=theme.gap, margin=theme.mm(1.5)))

    def _open(self) -> None:
        file = self._files.pop(0)
        self.redraw()
        self._show_it(file)


def _somebody_types() -> bool:
    event = query(Qt.InputMethodQuery.ImEnabled)
    return event is not None and bool(event.value(Qt.InputMethodQuery.ImEnabled))
