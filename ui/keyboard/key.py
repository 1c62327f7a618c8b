"""One key as a widget: paints itself, never takes the focus, has a name for the screen reader."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui.keyboard.layouts import Act, KeySpec

FAMILY = "Noto Sans"
_LETTER, _WORD = 0.66, 0.46
"""Of the key's height: the largest with which a capital with two marks and the longest word still stand."""


class Tint(StrEnum):
    """What a key is coloured as."""

    LETTER = "letter"
    VIETNAMESE = "vietnamese"
    TONE = "tone"
    ACTION = "action"
    ON = "on"  # shift held, Vietnamese on


_FILL = {
    Tint.LETTER: "#ffffff",
    Tint.VIETNAMESE: "#e3eef9",
    Tint.TONE: "#fff3d6",
    Tint.ACTION: "#d5dde6",
    Tint.ON: "#0b5394",
}
_INK, _INK_ON, _EDGE, _PRESSED, _INK_PRESSED = "#101820", "#ffffff", "#5c6a78", "#083d6d", "#ffffff"
BOARD = "#b9c4d0"
"""Colour between the keys."""


@dataclass(frozen=True)
class Face:
    """What is painted on a key: large text, or an icon with small words, or small words above large text."""

    text: str = ""
    caption: str = ""
    icon: Act | None = None
    tint: Tint = Tint.LETTER


class Key(QAbstractButton):
    """`spec` says what it is; the board decides on the face and listens to `pressed`."""

    def __init__(self, spec: KeySpec, parent: QWidget) -> None:
        super().__init__(parent)
        self.spec = spec
        self.face = Face()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoRepeat(False)

    def show_face(self, face: Face, name: str) -> None:
        self.face = face
        self.setText(face.text or face.caption)
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(40, 40)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self._paint_plate(painter)
        painter.setPen(ink)
        inner = QRectF(self.rect()).adjusted(3, 2, -3, -2)
        face = self.face
        if face.icon is not None:
            self._paint_icon(painter, inner, face.icon, ink)
        elif face.caption:
            self._paint_pair(painter, inner)
        else:
            self._write(painter, inner, face.text, _LETTER if len(face.text) == 1 else _WORD)

    def _paint_pair(self, painter: QPainter, box: QRectF) -> None:
        """The small words beside the large text, or above it where the key is narrow."""
        face = self.face
        if box.width() > box.height() * 1.8:
            cut = box.width() * 0.58
            left = QRectF(box.left(), box.top(), cut, box.height())
            self._write(painter, left, face.caption, _WORD)
            right = QRectF(box.left() + cut, box.top(), box.width() - cut, box.height())
            self._write(painter, right, face.text, _LETTER)
        else:
            cut = box.height() * 0.38
            upper = QRectF(box.left(), box.top(), box.width(), cut)
            self._write(painter, upper, face.caption, 0.8)
            lower = QRectF(box.left(), box.top() + cut, box.width(), box.height() - cut)
            self._write(painter, lower, face.text, 0.7)

    def _paint_plate(self, painter: QPainter) -> QColor:
        fill, ink = _FILL[self.face.tint], _INK_ON if self.face.tint is Tint.ON else _INK
        if self.isDown():
            fill, ink = _PRESSED, _INK_PRESSED
        plate = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        radius = min(plate.height() * 0.16, 10)
        painter.setPen(QPen(QColor(_EDGE), 2))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(plate, radius, radius)
        return QColor(ink)

    def _write(self, painter: QPainter, box: QRectF, text: str, share: float) -> None:
        """Text in the middle of the box, `share` of its height large, smaller where it is too wide."""
        font = QFont(FAMILY)
        font.setPixelSize(max(round(box.height() * share), 9))
        font.setWeight(QFont.Weight.DemiBold)
        width = QFontMetricsF(font).horizontalAdvance(text)
        if width > 1.4 * box.width() and "." in text[1:]:  # "@gmail.com" on a narrow key: two lines
            cut = text.index(".", 1)
            text, width = f"{text[:cut]}\n{text[cut:]}", width * max(cut, len(text) - cut) / len(text)
            font.setPixelSize(max(round(box.height() * share * 0.8), 9))
        if width > box.width():
            font.setPixelSize(max(int(font.pixelSize() * box.width() / width), 9))
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)

    def _paint_icon(self, painter: QPainter, box: QRectF, icon: Act, ink: QColor) -> None:
        """The drawing above (or, on wide keys, before) the words."""
        wide = box.width() > box.height() * 1.9
        if wide:
            side = min(box.height() * 0.5, box.width() * 0.28)
            place = QRectF(box.left() + box.width() * 0.06, box.center().y() - side / 2, side, side)
            words = QRectF(place.right() + side * 0.2, box.top(), 0, box.height())
            words.setRight(box.right() - box.width() * 0.04)
            self._write(painter, words, self.face.caption, _WORD)
        else:
            side = box.height() * 0.46
            place = QRectF(box.center().x() - side / 2, box.top() + box.height() * 0.06, side, side)
            words = QRectF(box.left(), place.bottom(), box.width(), box.bottom() - place.bottom())
            self._write(painter, words, self.face.caption, 0.74)
        pen = QPen(ink, max(side * 0.09, 2))
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_icon(icon, place))


_STROKES: dict[Act, tuple[tuple[tuple[float, float], ...], ...]] = {
    Act.SHIFT: (
        ((0.5, 0.08), (0.92, 0.5), (0.68, 0.5), (0.68, 0.9)),
        ((0.68, 0.9), (0.32, 0.9), (0.32, 0.5), (0.08, 0.5), (0.5, 0.08)),
    ),
    Act.BACKSPACE: (
        ((0.02, 0.5), (0.34, 0.14), (1, 0.14), (1, 0.86), (0.34, 0.86), (0.02, 0.5)),
        ((0.48, 0.34), (0.8, 0.66)),
        ((0.8, 0.34), (0.48, 0.66)),
    ),
    Act.ENTER: (((0.92, 0.12), (0.92, 0.62), (0.1, 0.62)), ((0.36, 0.36), (0.1, 0.62), (0.36, 0.88))),
    Act.NEXT: (
        ((0.04, 0.5), (0.76, 0.5)),
        ((0.5, 0.22), (0.78, 0.5), (0.5, 0.78)),
        ((0.96, 0.16), (0.96, 0.84)),
    ),
    Act.HIDE: (
        ((0.02, 0.06), (0.98, 0.06), (0.98, 0.54), (0.02, 0.54), (0.02, 0.06)),
        ((0.22, 0.3), (0.78, 0.3)),
        ((0.28, 0.72), (0.5, 0.94), (0.72, 0.72)),
    ),
}
"""Icons as strokes in a square of one: drawn, since no font that is surely there has them."""


def _icon(act: Act, place: QRectF) -> QPainterPath:
    path = QPainterPath()
    for stroke in _STROKES[act]:
        points = [QPointF(place.x() + x * place.width(), place.y() + y * place.height()) for x, y in stroke]
        path.moveTo(points[0])
        for point in points[1:]:
            path.lineTo(point)
    return path
