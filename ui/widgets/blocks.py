"""Building blocks of a screen's body: texts, frames and rows."""

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kioskcore.told import Told
from ui.focus import keep_focus
from ui.look import Look
from ui.widgets.buttons import ActionButton, load_picture
from ui.widgets.framed import edged
from ui.widgets.icons import Pictogram

SomeBox = TypeVar("SomeBox", bound=QBoxLayout)
_NO_LIMIT = 100_000


class Text(QLabel):
    """`told`: what of it may be heard."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.told: tuple[Told, ...] = ()
        self.setText(text)

    def setText(self, text: str) -> None:
        self.told = (text,) if isinstance(text, Told) else ()
        super().setText(text)


def label(text: str, role: str = "", centre: bool = False) -> QLabel:
    """A text that wraps. Roles are those of the stylesheet; the text is never read as markup."""
    made = Text(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setProperty("role", role)
    if centre:
        made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    made.setSizePolicy(policy)
    return made


def filling(widget: QWidget) -> QVBoxLayout:
    """A body that is this one thing, in all the room there is."""
    made = column(widget)
    made.setStretch(0, 1)
    return made


def column(*items: QWidget | QLayout | int, gap: int = 0, margin: int = 0) -> QVBoxLayout:
    """Stacked from top to bottom; a number is a stretch."""
    return _filled(QVBoxLayout(), items, gap, margin)


def row(*items: QWidget | QLayout | int, gap: int = 0, margin: int = 0) -> QHBoxLayout:
    return _filled(QHBoxLayout(), items, gap, margin)


def _filled(box: SomeBox, items: tuple[QWidget | QLayout | int, ...], gap: int, margin: int) -> SomeBox:
    box.setSpacing(gap)
    box.setContentsMargins(margin, margin, margin, margin)
    for item in items:
        if isinstance(item, int):
            box.addStretch(item)
        elif isinstance(item, QWidget):
            box.addWidget(item)
        else:
            box.addLayout(item)
    return box


def frame(look: Look, role: str, inside: QLayout) -> QFrame:
    made = QFrame()
    made.setProperty("role", role)
    inside.setContentsMargins(*(look.theme.mm(3.5),) * 4)
    made.setLayout(inside)
    return made


class _Decoration(QWidget):
    """A drawing that says nothing which the words beside it do not: screen readers pass it by."""

    def __init__(self, pixmap: QPixmap, side: int) -> None:
        super().__init__()
        self._pixmap = pixmap
        self.setFixedSize(side, side)

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        place = self._pixmap.rect()
        place.moveCenter(self.rect().center())
        painter.drawPixmap(place, self._pixmap)
        painter.end()


def picture(file: Path | None, side: int, words: str = "") -> QWidget | None:
    """A drawing of `side` pixels beside a text; `words` for who cannot see it. None where there is none."""
    pixmap = load_picture(file, side) if file is not None else None
    if pixmap is None:
        return None
    if not words:
        return _Decoration(pixmap, side)
    made = QLabel()
    made.setPixmap(pixmap)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setFixedSize(side, side)
    made.setAccessibleName(words)
    return made


def notice(look: Look, role: str, icon: str, *texts: str) -> QFrame:
    """A coloured box: pictogram, a bold first sentence, plain others. Roles: good, warn, danger, now."""
    c = look.theme.colours
    colour = {"good": c.good, "warn": c.warn, "danger": c.danger}.get(role, c.accent)
    mark = Pictogram(icon, round(look.theme.body * 1.4), colour)
    words = column(*(label(text, "" if number else "strong") for number, text in enumerate(texts)))
    inside = row(gap=look.theme.gap)
    inside.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    inside.addLayout(words, 1)
    return frame(look, role, inside)


def empty(layout: QLayout) -> None:
    """Throw away every widget of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class Slot(QFrame):
    """Holds one body, which can be replaced."""

    def __init__(self) -> None:
        super().__init__()
        self._slot = column()
        self.setLayout(self._slot)

    @property
    def filled(self) -> bool:
        return self._slot.count() > 0

    def put(self, body: QWidget | QLayout) -> None:
        """Show `body`; what was there is thrown away."""
        if isinstance(body, QLayout):
            holder = QWidget()
            holder.setLayout(body)
            body = holder
        give_back = keep_focus(self)
        empty(self._slot)
        self._slot.addWidget(body)
        body.show()  # else Qt shows it in a later turn of the event loop, and the room stays empty till then
        give_back()


class Figures(QLabel):
    """One word or number, as large as its width allows: a code that must be copied is never broken in two."""

    def __init__(self, look: Look, text: str) -> None:
        super().__init__(text)
        self._look = look
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    def _font(self, width: int) -> QFont:
        theme = self._look.theme
        pixels = round(theme.title * 1.5)
        used = QFontMetrics(theme.font(pixels, bold=True)).horizontalAdvance(self.text())
        return theme.font(pixels if used <= width else max(1, pixels * width // used), bold=True)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return QFontMetrics(self._font(width)).height()

    def minimumSizeHint(self) -> QSize:
        return QSize(1, QFontMetrics(self._font(self.width())).height())

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font(_NO_LIMIT))
        return QSize(metrics.horizontalAdvance(self.text()), metrics.height())

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(self._look.theme.colours.text))
        painter.setFont(self._font(self.width()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class PictureBox(QFrame):
    """A picture that fills its frame as far as its shape allows; `words` say what it shows."""

    tapped = Signal()

    def __init__(self, pixmap: QPixmap, words: str, height: int) -> None:
        super().__init__()
        self.setProperty("role", "picture")
        self.picture = pixmap
        self._image = QLabel()
        self._image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._image.setAccessibleName(words)
        self._image.setMinimumSize(1, 1)
        self._image.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._margin = 4
        self.setLayout(column(self._image, margin=self._margin))
        self.setMinimumHeight(height)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.tapped.emit()

    def resizeEvent(self, _event: object) -> None:
        room = self.contentsRect().adjusted(*(self._margin,) * 2, *(-self._margin,) * 2).size()
        if not self.picture.isNull() and not room.isEmpty():
            ratio = self.devicePixelRatioF()
            scaled = self.picture.scaled(
                room * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            scaled = edged(scaled)
            scaled.setDevicePixelRatio(ratio)
            self._image.setPixmap(scaled)


class Grid(QWidget):
    """Equal tiles in as many columns as their words need; never more than `most`."""

    def __init__(self, look: Look, tiles: list[ActionButton], most: int = 3) -> None:
        super().__init__()
        self._tiles, self._most, self._gap = tiles, most, look.theme.gap
        for tile in tiles:
            tile.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _columns(self, width: int) -> int:
        least = max([tile.comfortable_width() for tile in self._tiles], default=1)
        return max(1, min(self._most, len(self._tiles), (width + self._gap) // (least + self._gap)))

    def _tile_size(self, width: int) -> tuple[int, int]:
        columns = self._columns(width)
        tile_width = (width - (columns - 1) * self._gap) // columns
        return tile_width, max([tile.heightForWidth(tile_width) for tile in self._tiles], default=0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self._tiles) // self._columns(width))
        return rows * self._tile_size(width)[1] + max(0, rows - 1) * self._gap

    def minimumSizeHint(self) -> QSize:
        return QSize(max([tile.minimumSizeHint().width() for tile in self._tiles], default=1), 1)

    def sizeHint(self) -> QSize:
        width = self._most * max([tile.comfortable_width() for tile in self._tiles], default=1)
        return QSize(width, self.heightForWidth(width))

    def resizeEvent(self, _event: object) -> None:
        columns = self._columns(self.width())
        rows = max(1, -(-len(self._tiles) // columns))
        width, needed = self._tile_size(self.width())
        height = max(needed, min(round(needed * 2), (self.height() - (rows - 1) * self._gap) // rows))
        for number, tile in enumerate(self._tiles):
            at_row, at_column = divmod(number, columns)
            tile.setGeometry(
                at_column * (width + self._gap), at_row * (height + self._gap), width, height
            )

