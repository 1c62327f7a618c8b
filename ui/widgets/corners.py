"""The whole picture with four corners to drag: by finger with a magnifier, by a tap, or by the arrow keys."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look

HANDLE_MM = 20
_LEAST_MM = 70
_LENS_MM = 34
_LENS_TIMES = 3.0
_STEP = 0.01
_NAMES = ("top_left", "top_right", "bottom_right", "bottom_left")
_STEPS = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -_STEP),
    Qt.Key.Key_Down: (0.0, _STEP),
}

Spot = tuple[float, float]
"""Shares of the picture's width and height."""


class CornerEditor(QWidget):
    """Corners are TL, TR, BR, BL as seen. `changed` after each move."""

    changed = Signal()

    def __init__(self, look: Look, picture: QPixmap, corners: Sequence[Spot]) -> None:
        super().__init__()
        self._look, self._picture = look, picture
        self.corners: list[Spot] = list(corners)
        self._held = -1
        self.setMinimumSize(look.theme.mm(_LEAST_MM), look.theme.mm(_LEAST_MM))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(look.say("ui.scan.corners.ask"))
        self.handles = [_Handle(self, number) for number in range(4)]

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    @property
    def room(self) -> QRectF:
        """Where the picture lies; half a handle of air round it, that each corner can be held whole."""
        air = self._look.theme.mm(HANDLE_MM) / 2
        inner = QRectF(self.rect()).adjusted(air, air, -air, -air)
        size = self._picture.size().scaled(inner.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(inner.center())
        return place

    def spot(self, number: int) -> QPointF:
        """A corner in pixels of this widget."""
        room, (x, y) = self.room, self.corners[number]
        return QPointF(room.left() + x * room.width(), room.top() + y * room.height())

    def move_corner(self, number: int, x: float, y: float) -> None:
        """Shares of the picture; kept inside of it."""
        self.corners[number] = (min(1.0, max(0.0, x)), min(1.0, max(0.0, y)))
        self._lay_handles()
        self.update()
        self.changed.emit()

    def move_to(self, number: int, place: QPointF) -> None:
        room = self.room
        if not room.isEmpty():
            x, y = (place.x() - room.left()) / room.width(), (place.y() - room.top()) / room.height()
            self.move_corner(number, x, y)

    def hold(self, number: int) -> None:
        """-1: no corner is held any more, the magnifier goes."""
        self._held = number
        self.update()

    @property
    def sound(self) -> bool:
        """Whether the corners make a frame that can be flattened: convex, and not all but nothing."""
        turns, area = [], 0.0
        for number in range(4):
            (ax, ay), (bx, by), (cx, cy) = (self.corners[(number + k) % 4] for k in range(3))
            turns.append((bx - ax) * (cy - by) - (by - ay) * (cx - bx))
            area += (ax * by - bx * ay) / 2
        return all(turn > 0 for turn in turns) and area > 0.02

    def resizeEvent(self, _event: object) -> None:
        self._lay_handles()

    def _lay_handles(self) -> None:
        for number, handle in enumerate(self.handles):
            middle = self.spot(number) - QPointF(handle.width() / 2, handle.height() / 2)
            handle.move(middle.toPoint())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A tap beside the handles brings the nearest corner there."""
        place = event.position()
        nearest = min(range(4), key=lambda number: (self.spot(number) - place).manhattanLength())
        self.move_to(nearest, place)
        self.handles[nearest].setFocus()

    def paintEvent(self, _event: object) -> None:
        theme, room = self._look.theme, self.room
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(room, self._picture, QRectF(self._picture.rect()))
        frame = QPolygonF([self.spot(number) for number in range(4)])
        outside = QPainterPath()
        outside.addRect(room)
        inside = QPainterPath()
        inside.addPolygon(frame)
        inside.closeSubpath()
        painter.fillPath(outside.subtracted(inside), QColor(0, 0, 0, 120))
        for colour, width in (("#ffffff", theme.mm(1.6)), (theme.colours.accent, theme.mm(0.9))):
            painter.setPen(QPen(QColor(colour if self.sound else theme.colours.danger), width))
            painter.drawPolygon(frame)
        if self._held >= 0:
            self._paint_lens(painter)
        painter.end()

    def _paint_lens(self, painter: QPainter) -> None:
        """What lies under the finger, large, at the side where the finger is not."""
        theme, room, spot = self._look.theme, self.room, self.spot(self._held)
        side = theme.mm(_LENS_MM)
        left = self.width() - side if spot.x() < self.width() / 2 else 0.0
        top = 0.0 if spot.y() > self.height() / 2 else self.height() - side
        lens = QRectF(left, top, side, side)
        scale = self._picture.width() / room.width() / _LENS_TIMES
        source = QRectF(0, 0, side * scale, side * scale)
        x, y = self.corners[self._held]
        source.moveCenter(QPointF(x * self._picture.width(), y * self._picture.height()))
        round_lens = QPainterPath()
        round_lens.addEllipse(lens)
        painter.save()
        painter.setClipPath(round_lens)
        painter.fillPath(round_lens, QColor(theme.colours.soft))
        painter.drawPixmap(lens, self._picture, source)
        painter.setPen(QPen(QColor(theme.colours.danger), 2))
        painter.drawLine(QPointF(lens.left(), lens.center().y()), QPointF(lens.right(), lens.center().y()))
        painter.drawLine(QPointF(lens.center().x(), lens.top()), QPointF(lens.center().x(), lens.bottom()))
        painter.restore()
        painter.setPen(QPen(QColor(theme.colours.accent), 4))
        painter.drawEllipse(lens)


class _Handle(QWidget):
    """One corner: a ring to be dragged, or moved by the arrow keys."""

    def __init__(self, editor: CornerEditor, number: int) -> None:
        super().__init__(editor)
        self._editor, self._number = editor, number
        self._look = editor._look
        side = self._look.theme.mm(HANDLE_MM) + 1
        self.setFixedSize(side, side)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.setAccessibleName(self._look.say(f"ui.scan.corners.{_NAMES[number]}"))
        self.setAccessibleDescription(self._look.say("ui.scan.corners.keys"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        self._editor.hold(self._number)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._editor.move_to(self._number, QPointF(self.mapToParent(event.position().toPoint())))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._editor.hold(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        x, y = self._editor.corners[self._number]
        self._editor.hold(self._number)
        self._editor.move_corner(self._number, x + step[0], y + step[1])

    def focusInEvent(self, _event: object) -> None:
        self.update()

    def focusOutEvent(self, _event: object) -> None:
        self._editor.hold(-1)
        self.update()

    def paintEvent(self, _event: object) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(self.rect()).adjusted(5, 5, -5, -5)
        shown = theme.colours.focus if self.hasFocus() else theme.colours.accent
        for colour, width in (("#ffffff", 8), (shown, 5)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(ring)
        painter.setBrush(QColor(shown))
        painter.drawEllipse(ring.center(), 3, 3)
        painter.end()
