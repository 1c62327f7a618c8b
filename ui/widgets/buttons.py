"""Everything that is touched: one button class that wraps its words, grows with them and is never too small.

Kinds: primary, secondary, danger, help, chosen, choice (a tile: picture above the words), choice-row and
tick (a row with a tick box).
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QImageReader, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QPushButton, QSizePolicy

from kioskcore.told import Told
from ui.look import Look
from ui.theme import TextSize, text_font
from ui.widgets.icons import paint_icon

_WRAP = Qt.TextFlag.TextWordWrap
_TALL = 100_000
_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_LINE_EMS = 17
_THUMB_MM = 15


class ActionButton(QPushButton):
    """A button with an optional pictogram. `note` is a second, quieter text below the first."""

    def __init__(
        self,
        look: Look,
        text: str,
        tap: Callable[[], object] | None = None,
        *,
        kind: str = "secondary",
        icon: str = "",
        picture: Path | None = None,
        note: str = "",
        chrome: bool = False,
        small: bool = False,
        big: bool = False,
    ) -> None:
        super().__init__(text)
        self.look, self.kind, self.icon_name, self.note = look, kind, icon, note
        self.chrome, self.small, self.big = chrome, small, big
        self.told = tuple(said for said in (text, note) if isinstance(said, Told) and said)
        self.letters = 0  # font size in pixels, where the room decides on it
        self._ring = False
        self._picture = load_picture(picture, look.theme.mm(24)) if picture else None
        self.setCheckable(kind == "tick")
        self.setAccessibleName(f"{text}. {note}" if note else text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if tap is not None:
            self.clicked.connect(lambda _checked=False: tap())

    def setAccessibleName(self, name: str) -> None:
        """A button that says more to who cannot see it says that to who listens, too."""
        if isinstance(name, Told):
            self.told = (name,)
        super().setAccessibleName(name)

    # ---- sizes -------------------------------------------------------------------------------

    @property
    def least(self) -> int:
        """Smallest side in pixels: 20 mm, or 16 mm for the small ones."""
        return self.look.theme.touch if self.small else self.look.theme.target

    def _metrics(self, bold: bool) -> QFontMetrics:
        return _metrics(self._font_px, bold)

    @property
    def _font_px(self) -> int:
        theme = self.look.theme
        if self.letters:
            return self.letters
        if self.big:
            return round(theme.title * 1.25)
        return theme.chrome if self.chrome else theme.body

    @property
    def _pad(self) -> int:
        return self.look.theme.mm(2.5 if self.chrome or self.small else 4)

    @property
    def _icon_side(self) -> int:
        if not self.icon_name and self.kind != "tick" and self._picture is None:
            return 0
        theme = self.look.theme
        if self.kind == "choice":
            return theme.mm(20)
        if self._picture is not None and self.kind != "tick":
            return theme.mm(18 if theme.text_size is TextSize.HUGE else 28)
        return theme.mm(7) if self.chrome else max(theme.mm(8), round(self._font_px * 1.1))

    @property
    def _beside(self) -> int:
        """Width that the pictogram takes from the text."""
        if self.kind == "choice" or not self._icon_side:
            return 0
        gap = self.look.theme.mm(2.5)
        shown = self._thumb + gap if self._thumb else 0
        return self._icon_side + shown + (gap if self.text() else 0)

    @property
    def _thumb(self) -> int:
        """A tick's picture stands between its box and its words."""
        if self.kind != "tick" or self._picture is None:
            return 0
        return max(self.look.theme.mm(_THUMB_MM), round(self._font_px * 1.3))

    def _text_heights(self, width: int) -> tuple[int, int]:
        room, size = max(1, width - 2 * self._pad - self._beside), self._font_px
        first, second = _wrapped(self.text(), room, size, True), _wrapped(self.note, room, size, False)
        return first.height(), second.height()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        above = self._icon_side + self.look.theme.mm(2) if self.kind == "choice" and self._icon_side else 0
        pad = self.look.theme.mm(1.5) if self.chrome or self.small else self.look.theme.mm(2.5)
        beside = max(self._icon_side, self._thumb) if self._beside else 0
        return max(self.least, max(sum(self._text_heights(width)) + above, beside) + 2 * pad)

    def text_needs(self) -> int:
        """Width in pixels below which a word would be cut."""
        size = self._font_px
        widest = max(_widest_word(self.text(), size, True), _widest_word(self.note, size, False))
        return widest + 2 * self._pad + self._beside + 2

    def comfortable_width(self) -> int:
        """A tile's width at which its words stand in few lines."""
        line = self._metrics(True).height()
        few = 9 * line if self.kind == "choice" else 4 * line + self._beside + 2 * self._pad
        return max(self.text_needs(), few)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self.least, self.text_needs()), self.least)

    def sizeHint(self) -> QSize:
        metrics = self._metrics(True)
        line = min(metrics.horizontalAdvance(self.text()), _LINE_EMS * metrics.height())
        width = max(self.minimumSizeHint().width(), line + 2 * self._pad + self._beside + 4)
        return QSize(width, self.heightForWidth(width))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses as Space does; Qt does so in dialogs only."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    # ---- focus ring: only for who moves with the keyboard --------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = self.look.by_keyboard and event.reason() in _BY_KEYBOARD
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        super().focusOutEvent(event)

    # ---- painting ----------------------------------------------------------------------------

    def _colours(self) -> tuple[str, str, str]:
        """Fill, border, text."""
        c = self.look.theme.colours
        if not self.isEnabled():
            return c.soft, c.line, c.muted
        if self.kind == "primary":
            return (c.accent_dark if self.isDown() else c.accent), c.accent_dark, c.on_accent
        if self.kind == "danger":
            return (c.danger_soft if self.isDown() else c.page), c.danger, c.danger
        if self.kind in ("help", "chosen"):
            return c.accent_soft, c.accent, c.accent
        if self.kind in ("choice", "choice-row", "tick"):
            on = self.isDown() or self.isChecked()
            return (c.accent_soft if on else c.page), (c.accent if on else c.line), c.text
        return (c.accent_soft if self.isDown() else c.page), c.accent, c.accent

    def paintEvent(self, _event: object) -> None:
        theme = self.look.theme
        fill, border, ink = self._colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        pen = QPen(QColor(border), 3 if self.kind != "choice" else 2)
        if not self.isEnabled() and self.look.high_contrast:  # there grey would be too pale to read
            pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(frame, theme.mm(2), theme.mm(2))
        if self._ring:
            painter.setPen(QPen(QColor(theme.colours.focus), 4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), theme.mm(2), theme.mm(2))
        self._paint_inside(painter, ink)
        painter.end()

    # ---- where what is painted lies --------------------------------------------------------------

    def painted_at(self) -> tuple[list[QRect], QRect | None]:
        """The places of the text and the note, and of the pictogram; none of a drawing or a tick's box."""
        room, second, spot, _ = self._lay_out()
        texts = [room] if self.text() else []
        if self.note:
            texts.append(self._below(room, second))
        plain = spot is not None and self._picture is None and self.kind != "tick"
        return texts, spot.toAlignedRect() if spot is not None and plain else None

    def _lay_out(self) -> tuple[QRect, int, QRectF | None, Qt.AlignmentFlag]:
        """Room of the text, height of the note below it, the pictogram's square, how the text is set."""
        return self._lay_tile() if self.kind == "choice" else self._lay_row()

    def _lay_tile(self) -> tuple[QRect, int, QRectF | None, Qt.AlignmentFlag]:
        air = self.look.theme.mm(2)
        first, second = self._text_heights(self.width())
        side = self._icon_side
        top = max(0, (self.height() - first - second - (side + air if side else 0)) // 2)
        spot = QRectF((self.width() - side) / 2, top, side, side) if side else None
        top += side + air if side else 0
        room = QRect(self._pad, top, self.width() - 2 * self._pad, first)
        return room, second, spot, Qt.AlignmentFlag.AlignHCenter

    def _lay_row(self) -> tuple[QRect, int, QRectF | None, Qt.AlignmentFlag]:
        first, second = self._text_heights(self.width())
        left, beside, side = self._pad, self._beside, self._icon_side
        room = self.width() - 2 * left - beside
        align = Qt.AlignmentFlag.AlignLeft
        if self.kind not in ("tick", "choice-row") and not self.note:
            used = _wrapped(self.text(), room, self._font_px, True).width()
            left += max(0, (room - used) // 2)
            room = min(room, used + 4)
            align = Qt.AlignmentFlag.AlignHCenter if not beside else Qt.AlignmentFlag.AlignLeft
        spot = QRectF(left, (self.height() - side) / 2, side, side) if side else None
        top = (self.height() - first - second) // 2
        return QRect(left + beside, top, room, first), second, spot, align

    def _below(self, room: QRect, height: int) -> QRect:
        return QRect(room.left(), room.bottom() + 1, room.width(), height)

    def _paint_inside(self, painter: QPainter, ink: str) -> None:
        room, second, spot, align = self._lay_out()
        if spot is not None and self.kind == "tick":
            self._paint_tick(painter, spot)
            if self._thumb:
                start = spot.right() + self.look.theme.mm(2.5)
                top = (self.height() - self._thumb) / 2
                self._paint_picture(painter, QRectF(start, top, self._thumb, self._thumb))
        elif spot is not None:
            self._paint_picture(painter, spot, "" if self.kind == "choice" else ink)
        self._paint_texts(painter, room, second, ink, align)

    def _paint_texts(
        self, painter: QPainter, room: QRect, second: int, ink: str, align: Qt.AlignmentFlag
    ) -> None:
        theme = self.look.theme
        size = self._font_px
        painter.setPen(QColor(ink))
        painter.setFont(theme.font(size, True))
        painter.drawText(room, int(_WRAP | align), self.text())
        if self.note:
            painter.setPen(QColor(theme.colours.muted if ink == theme.colours.text else ink))
            painter.setFont(theme.font(size))
            painter.drawText(self._below(room, second), int(_WRAP | align), self.note)

    def _paint_picture(self, painter: QPainter, box: QRectF, ink: str = "") -> None:
        if self._picture is not None:
            size = self._picture.size().scaled(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            spot = QRectF(0, 0, size.width(), size.height())
            spot.moveCenter(box.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(spot.toRect(), self._picture)
        elif self.icon_name:
            paint_icon(painter, self.icon_name, box, ink or self.look.theme.colours.accent)

    def _paint_tick(self, painter: QPainter, box: QRectF) -> None:
        c = self.look.theme.colours
        painter.setPen(QPen(QColor(c.accent if self.isChecked() else c.text), 3))
        painter.setBrush(QColor(c.accent if self.isChecked() else c.page))
        painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), 4, 4)
        if self.isChecked():
            inset = box.width() * 0.2
            paint_icon(painter, "check", box.adjusted(inset, inset, -inset, -inset), c.on_accent, 3.5)


@lru_cache(64)
def _metrics(pixels: int, bold: bool) -> QFontMetrics:
    return QFontMetrics(text_font(pixels, bold))


@lru_cache(1024)
def _wrapped(text: str, width: int, pixels: int, bold: bool) -> QRect:
    """What the wrapped text takes up. Layouts ask for it again and again."""
    if not text:
        return QRect(0, 0, 0, 0)
    return _metrics(pixels, bold).boundingRect(QRect(0, 0, width, _TALL), _WRAP, text)


@lru_cache(1024)
def _widest_word(text: str, pixels: int, bold: bool) -> int:
    metrics = _metrics(pixels, bold)
    return max((metrics.horizontalAdvance(word) for word in text.split()), default=0)


def load_picture(file: Path, side: int) -> QPixmap | None:
    """A picture file within side x side pixels; None where it cannot be read: the words still stand."""
    reader = QImageReader(str(file))
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else QPixmap.fromImage(image)
