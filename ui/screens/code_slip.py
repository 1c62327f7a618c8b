"""Draws the slip with the dossier code that the person may take home, as a PDF of one page."""

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPageLayout, QPageSize, QPainter, QPdfWriter

from ui.look import Look

_DPI = 150
_MARGIN_MM = 20


def draw_slip(look: Look, file: Path, code: str, what: str) -> Path:
    """`what`: the procedure in words. The words are those of the screen; letters are large enough to read."""
    writer = QPdfWriter(str(file))
    writer.setResolution(_DPI)
    writer.setTitle("kiosk")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(*(_MARGIN_MM,) * 4), QPageLayout.Unit.Millimeter)
    painter = QPainter(writer)
    top = 0
    for text, points, bold in (
        (look.config.point.name, 14, False),
        (what, 18, True),
        (look.say("ui.finish.code"), 18, False),
        (code, 30, True),
        (look.say("ui.finish.next"), 16, False),
        (look.say("ui.waiting.help", number=look.config.point.help_number), 16, False),
    ):
        pixels = round(points * _DPI / 72)
        font = look.theme.font(pixels, bold)
        wide = QFontMetrics(font).horizontalAdvance(text)
        if text == code and wide > writer.width():  # a code is never broken in two
            font = look.theme.font(pixels * writer.width() // wide, bold)
        painter.setFont(font)
        place = QRect(0, top, writer.width(), writer.height())
        drawn = painter.drawText(place, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter, text)
        top += QRect(drawn).height() + pixels
    painter.end()
    return file
