"""Line pictograms drawn by code, so that they are sharp at any size and take the theme's colours.

Each is drawn on a 24 x 24 grid. A pictogram never stands alone: words are always beside it.
"""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget


def _lines(*runs: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    for run in runs:
        path.moveTo(*run[0])
        for x, y in run[1:]:
            path.lineTo(x, y)
    return path


def _rect(x: float, y: float, w: float, h: float, r: float = 1.5) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(x, y, w, h), r, r)
    return path


def _circle(x: float, y: float, r: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(x, y), r, r)
    return path


def _arc(x: float, y: float, r: float, start: float, sweep: float) -> QPainterPath:
    path = QPainterPath()
    box = QRectF(x - r, y - r, 2 * r, 2 * r)
    path.arcMoveTo(box, start)
    path.arcTo(box, start, sweep)
    return path


def _join(*paths: QPainterPath) -> QPainterPath:
    whole = QPainterPath()
    for path in paths:
        whole.addPath(path)
    return whole


def _face(mouth: QPainterPath) -> QPainterPath:
    return _join(_circle(12, 12, 10), _circle(8.5, 9.5, 0.6), _circle(15.5, 9.5, 0.6), mouth)


def _document() -> QPainterPath:
    sheet = _lines(((14, 2), (5, 2), (5, 22), (19, 22), (19, 7), (14, 2), (14, 7), (19, 7)))
    return _join(sheet, _lines(((8.5, 12), (15.5, 12)), ((8.5, 16), (15.5, 16))))


def _help() -> QPainterPath:
    hook = QPainterPath(QPointF(9, 9))
    hook.cubicTo(9, 5.4, 15, 5.4, 15, 9)
    hook.cubicTo(15, 11.4, 12, 11.4, 12, 14)
    return _join(_circle(12, 12, 10), hook, _circle(12, 17.3, 0.5))


def _hand() -> QPainterPath:
    path = QPainterPath(QPointF(9, 13))
    path.lineTo(9, 5.5)
    path.cubicTo(9, 3.5, 12, 3.5, 12, 5.5)
    path.lineTo(12, 11)
    path.cubicTo(13, 10, 15, 10, 15, 11.8)
    path.cubicTo(16, 11, 18, 11.2, 18, 13)
    path.cubicTo(19, 12.4, 20.5, 12.8, 20.5, 14.5)
    path.cubicTo(20.5, 19, 19, 22, 14.5, 22)
    path.cubicTo(11, 22, 9.5, 20.5, 5, 15.5)
    path.cubicTo(4.2, 14.2, 6, 12.8, 7.2, 13.8)
    path.lineTo(9, 15.5)
    return _join(path, _arc(10.5, 5.5, 4.8, 10, 160))


def _scanner() -> QPainterPath:
    return _join(
        _rect(2, 13, 20, 8),
        _lines(((3, 13), (19, 4)), ((5.5, 17), (14, 17))),
        _circle(18, 17, 0.6),
    )


def _printer() -> QPainterPath:
    return _join(
        _lines(((6, 8), (6, 2), (18, 2), (18, 8))),
        _lines(((6, 17), (2, 17), (2, 8), (22, 8), (22, 17), (18, 17))),
        _rect(6, 13, 12, 9),
    )


def _bin() -> QPainterPath:
    return _lines(
        ((3.5, 6), (20.5, 6)),
        ((9, 6), (9, 3), (15, 3), (15, 6)),
        ((5.5, 6), (6.5, 21.5), (17.5, 21.5), (18.5, 6)),
        ((10, 10), (10, 17.5)),
        ((14, 10), (14, 17.5)),
    )


def _camera() -> QPainterPath:
    return _join(_rect(2, 7, 20, 13), _lines(((8, 7), (9.5, 4), (14.5, 4), (16, 7))), _circle(12, 13.5, 4))


def _usb() -> QPainterPath:
    return _join(
        _rect(7, 9, 10, 13), _rect(9, 2, 6, 7, 0.5), _lines(((11, 5), (11, 6)), ((13, 5), (13, 6)))
    )


def _folder() -> QPainterPath:
    return _lines(((2, 20), (2, 4), (9, 4), (11, 7), (22, 7), (22, 20), (2, 20)))


def _crop() -> QPainterPath:
    return _lines(((7, 1.5), (7, 17), (22.5, 17)), ((1.5, 7), (17, 7), (17, 22.5)))


def _undo() -> QPainterPath:
    return _join(_arc(12, 13, 8, 150, -290), _lines(((3.5, 3.5), (4.6, 9.4), (10.4, 8.2))))


def _sort() -> QPainterPath:
    return _join(_rect(2, 5, 8, 12), _rect(14, 5, 8, 12), _lines(((4, 21), (20, 21)), ((17, 18.5), (20, 21))))


def _split() -> QPainterPath:
    return _join(_rect(2, 4, 7, 16), _rect(15, 4, 7, 16), _lines(((12, 2), (12, 6)), ((12, 18), (12, 22))))


def _cover() -> QPainterPath:
    down = _lines(((19, 4), (19, 11)), ((16, 8), (19, 11), (22, 8)))
    return _join(_rect(2, 15, 20, 6), _lines(((3, 15), (15, 2))), down)


def _jam() -> QPainterPath:
    return _join(
        _lines(((2, 15), (22, 15)), ((6, 15), (6, 3), (18, 3), (18, 15))),
        _lines(((6, 19), (9, 17), (12, 21), (15, 17), (18, 20))),
    )


def _ear() -> QPainterPath:
    """A loudspeaker with two waves: what everybody knows for sound."""
    horn = _lines(((3, 9), (3, 15), (7, 15), (12.5, 20), (12.5, 4), (7, 9), (3, 9)))
    return _join(horn, _arc(12.5, 12, 4.5, -45, 90), _arc(12.5, 12, 8.5, -45, 90))


def _globe() -> QPainterPath:
    path = _circle(12, 12, 10)
    path.addEllipse(QPointF(12, 12), 4.5, 10)
    return _join(path, _lines(((2, 12), (22, 12))))


_HALF_DISC = ((12, 10), (13.7, 9.6), (15.4, 8.9), (17.1, 8.2), (18.8, 6.8), (20.5, 4.5))


ICONS: dict[str, Callable[[], QPainterPath]] = {
    "back": lambda: _lines(((20, 12), (4, 12)), ((11, 5), (4, 12), (11, 19))),
    "next": lambda: _lines(((4, 12), (20, 12)), ((13, 5), (20, 12), (13, 19))),
    "up": lambda: _lines(((5, 15), (12, 8), (19, 15))),
    "down": lambda: _lines(((5, 9), (12, 16), (19, 9))),
    "help": _help,
    "ear": _ear,
    "globe": _globe,
    "bin": _bin,
    "search": lambda: _join(_circle(10.5, 10.5, 7), _lines(((15.8, 15.8), (21.5, 21.5)))),
    "document": _document,
    "scanner": _scanner,
    "printer": _printer,
    "check": lambda: _lines(((4, 12.5), (9.5, 18), (20, 6.5))),
    "close": lambda: _lines(((5, 5), (19, 19)), ((19, 5), (5, 19))),
    "plus": lambda: _lines(((12, 4), (12, 20)), ((4, 12), (20, 12))),
    "minus": lambda: _lines(((4, 12), (20, 12))),
    "reload": lambda: _join(_arc(12, 12, 8.5, 60, 290), _lines(((16.3, 0.8), (16.6, 4.8), (12.6, 5.6)))),
    "home": lambda: _lines(((2.5, 11.5), (12, 3), (21.5, 11.5)), ((5, 9.5), (5, 21), (19, 21), (19, 9.5))),
    "warning": lambda: _join(
        _lines(((12, 2.5), (22.5, 21), (1.5, 21), (12, 2.5)), ((12, 9), (12, 15))), _circle(12, 18, 0.5)
    ),
    "clock": lambda: _join(_circle(12, 12, 10), _lines(((12, 6), (12, 12), (16, 15)))),
    "money": lambda: _join(_rect(2, 6, 20, 12), _circle(12, 12, 3)),
    "phone": lambda: _join(_rect(6.5, 1.5, 11, 21, 2), _lines(((10.5, 19.5), (13.5, 19.5)))),
    "person": lambda: _join(_circle(12, 7.5, 4.5), _arc(12, 22, 9, 5, 170)),
    "shield": lambda: _join(
        _lines(((12, 2), (20, 5), (20, 12), (12, 22), (4, 12), (4, 5), (12, 2)), ((8, 11), (11, 14), (16, 8)))
    ),
    "camera": _camera,
    "usb": _usb,
    "folder": _folder,
    "crop": _crop,
    "undo": _undo,
    "sort": _sort,
    "split": _split,
    "cover": _cover,
    "jam": _jam,
    "stop": lambda: _rect(5, 5, 14, 14),
    "hand": _hand,
    "text": lambda: _lines(((2, 20), (8.5, 4), (15, 20)), ((4.5, 14.5), (12.5, 14.5)), ((19, 13), (19, 20))),
    "contrast": lambda: _join(
        _circle(12, 12, 10), _lines(*(((x, 12 - h), (x, 12 + h)) for x, h in _HALF_DISC))
    ),
    "happy": lambda: _face(_arc(12, 12.5, 5, 205, 130)),
    "neutral": lambda: _face(_lines(((8, 16), (16, 16)))),
    "sad": lambda: _face(_arc(12, 19, 5, 35, 110)),
}


def paint_icon(painter: QPainter, name: str, box: QRectF, colour: str, weight: float = 1.9) -> None:
    """Draw pictogram `name` in the middle of `box`. KeyError for an unknown name."""
    side = min(box.width(), box.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.center() - QPointF(side / 2, side / 2))
    painter.scale(side / 24, side / 24)
    pen = QPen(QColor(colour), weight)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(ICONS[name]())
    painter.restore()


class Pictogram(QWidget):
    """A pictogram as a widget of a fixed size in pixels; decoration only, so hidden from screen readers."""

    def __init__(self, name: str, side: int, colour: str) -> None:
        super().__init__()
        self._name, self._colour = name, colour
        self.setFixedSize(side, side)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        paint_icon(painter, self._name, QRectF(self.rect()).adjusted(2, 2, -2, -2), self._colour)
        painter.end()
