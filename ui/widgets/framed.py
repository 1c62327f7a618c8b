"""Frames drawn on a picture: here is what is meant."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from kioskcore.ports import Box

_LINE = 0.012  # of the picture's longer side: seen from an arm's length even where it is shown small
_ROOM = 0.02  # between what is meant and its frame
_LEAST = 0.06
_RIM = "#80808a"  # seen on white and on black


def framed(pixmap: QPixmap, boxes: Iterable[Box], colour: str) -> QPixmap:
    """A copy with a frame around each box, light outside and in `colour` inside, seen on any ground."""
    made = QPixmap(pixmap)
    if made.isNull():
        return made
    long_side = max(made.width(), made.height())
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for box in boxes:
        rect = _around(box, made.width(), made.height(), long_side)
        for width, shade in ((1.6 * _LINE, "#ffffff"), (_LINE, colour)):
            painter.setPen(QPen(QColor(shade), width * long_side))
            painter.drawRoundedRect(rect, 2 * _LINE * long_side, 2 * _LINE * long_side)
    painter.end()
    return made


def edged(pixmap: QPixmap) -> QPixmap:
    """A copy with a thin line along its rim: white paper on a white ground would have no end."""
    made = QPixmap(pixmap)
    if made.isNull():
        return made
    painter = QPainter(made)
    painter.setPen(QPen(QColor(_RIM), 2))
    painter.drawRect(made.rect().adjusted(1, 1, -1, -1))
    painter.end()
    return made


def _around(box: Box, width: int, height: int, long_side: int) -> QRectF:
    """The box with some room, never tiny, within the picture."""
    left, top, wide, high = box[0] * width, box[1] * height, box[2] * width, box[3] * height
    across = max(0.0, (_LEAST * long_side - wide) / 2) + _ROOM * long_side
    down = max(0.0, (_LEAST * long_side - high) / 2) + _ROOM * long_side
    inside = QRectF(0, 0, width, height).adjusted(*(_LINE * long_side,) * 2, *(-_LINE * long_side,) * 2)
    return QRectF(left, top, wide, high).adjusted(-across, -down, across, down).intersected(inside)
