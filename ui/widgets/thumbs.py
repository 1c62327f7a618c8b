"""Pictures to choose among, as large tiles; a chosen one carries its number in the order of the taps."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ui.look import Look
from ui.widgets.buttons import ActionButton, load_picture
from ui.widgets.framed import edged

_BADGE_MM = 11


class ThumbTile(ActionButton):
    """`number` 0: not chosen. The words below say which picture it is."""

    def __init__(
        self,
        look: Look,
        text: str,
        picture: Path,
        tap: Callable[[], object],
        *,
        note: str = "",
        side_mm: float = 38,
    ) -> None:
        self._side = look.theme.mm(side_mm)
        super().__init__(look, text, tap, kind="choice", icon="document", note=note)
        drawn = load_picture(picture, self._side)
        self._picture = edged(drawn) if drawn is not None else None
        self._number = 0

    @property
    def _icon_side(self) -> int:
        return self._side

    def comfortable_width(self) -> int:
        return max(self.text_needs(), self._side + 2 * self._pad)

    def set_number(self, number: int, words: str = "") -> None:
        """`words` tell a screen reader about the choice."""
        self._number = number
        self.setCheckable(number > 0)
        self.setChecked(number > 0)
        self.setAccessibleName(". ".join(filter(None, (self.text(), self.note, words))))
        self.update()

    def nextCheckState(self) -> None:
        """Only `set_number` says what is chosen."""

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)
        if not self._number:
            return
        theme = self.look.theme
        side = theme.mm(_BADGE_MM)
        box = QRectF(theme.mm(2), theme.mm(2), side, side)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(theme.colours.accent))
        painter.setPen(QColor(theme.colours.on_accent))
        painter.drawEllipse(box)
        painter.setFont(theme.font(round(side * 0.55), bold=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.end()
