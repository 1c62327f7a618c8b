"""A body whose small letters grow with the chosen size of the text, as far as all of it still shows."""

from PySide6.QtWidgets import QLayout

from ui.look import Look
from ui.widgets.pages import Pages


class GrownPages(Pages):
    """Labels of the roles "chrome*" get the largest letters, up to those of running text, with which nothing
    has to be paged and no word is cut; where there is no room they get the least, and the rest is paged.
    """

    def __init__(self, look: Look, body: QLayout, margin: int | None = None, narrow: bool = False) -> None:
        super().__init__(look, body, margin, narrow)
        self._theme = look.theme
        self._grown_for = (0, 0)

    def showEvent(self, event: object) -> None:
        self._grown_for = (0, 0)  # fonts were not known before
        super().showEvent(event)

    def _arrange(self) -> None:
        room = self.width(), self.height()
        if room != self._grown_for:
            self._grown_for = room
            self._grow(*room)
        super()._arrange()

    def _grow(self, width: int, height: int) -> None:
        for pixels in self._theme.steps:
            self._sheet.setStyleSheet(f'QLabel[role|="chrome"] {{ font-size: {pixels}px; }}')
            self.measure_anew()
            if self._inside.minimumSize().width() <= width and self.needed(width) <= height:
                return
