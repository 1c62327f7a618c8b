"""How large the portal's page is shown: with the text, as far as its opening allows, and by hand."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, QTimer
from PySide6.QtWidgets import QWidget

from ui.look import Look
from ui.screens.paper_view import within
from ui.theme import TextSize

BY_TEXT = {TextSize.NORMAL: 1.2, TextSize.LARGE: 1.5, TextSize.HUGE: 2.0}
"""Portals are written for young eyes: the page grows with the text."""
SHOWN = 300
"""So many of the page's own pixels of height show: a code to log in by is read whole or not at all."""
_SETTLE_MS = 150


class PageZoom(QObject):
    """Sets the zoom of the browser in `opening`. What a hand set stays till the text changes its size.

    The keyboard takes room from the opening, and nothing may jump while somebody types: of a window and a
    text size the tallest opening counts.
    """

    def __init__(self, look: Look, opening: QWidget) -> None:
        super().__init__(opening)
        self.look, self._opening = look, opening
        self._browser: Any = None
        self._by_hand = False
        self._of: tuple[QSize, TextSize] | None = None  # window and text size that `_room` belongs to
        self._room = 0
        self._settled = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settled.timeout.connect(self._measure)
        opening.installEventFilter(self)
        look.changed.connect(self._settled.start)

    def serve(self, browser: Any) -> None:
        self._browser, self._by_hand, self._of = browser, False, None
        self._fit(BY_TEXT[self.look.theme.text_size])
        self._settled.start()

    def step(self, factor: float) -> None:
        self._by_hand = True
        self._browser.set_zoom(within(self._browser.zoom() * factor))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._opening and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._settled.start()  # a layout may be half way
        return False

    def _measure(self) -> None:
        if self._browser is None or not self._opening.isVisible():
            return
        of = self._opening.window().size(), self.look.theme.text_size
        if self._of is not None and self._of[1] is not of[1]:
            self._by_hand = False
        self._room = max(self._room if of == self._of else 0, self._opening.height())
        self._of = of
        if not self._by_hand:
            self._fit(min(BY_TEXT[self.look.theme.text_size], self._room / SHOWN))

    def _fit(self, zoom: float) -> None:
        if abs(within(zoom) - self._browser.zoom()) > 0.01:
            self._browser.set_zoom(within(zoom))
