"""Made-up papers and pages for looking at screens without a scanner: drawn here, nobody's."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QBuffer, QByteArray, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from kioskcore.ports import Box, Page, Paper

NOWHERE: Mapping[str, tuple[Box, ...]] = MappingProxyType({})
_A4 = (620, 877)


def draw_page(file: Path, *, clean: bool, title: str = "GIẤY ỦY QUYỀN") -> Path:
    """A made-up letter as a PNG; not clean: grey, crooked, with the edge of the scanner."""
    file.write_bytes(_letter(clean, title))
    return file


@cache
def _letter(clean: bool, title: str) -> bytes:
    image = QImage(*_A4, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff" if clean else "#8d8a84"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if not clean:
        painter.translate(34, 8)
        painter.rotate(3)
        painter.fillRect(QRectF(14, 14, 560, 800), QColor("#d9d5ca"))
        painter.scale(0.92, 0.92)
    painter.setPen(QColor("#111111" if clean else "#4a4742"))
    for text, top, size in (
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 60, 20),
        ("Độc lập - Tự do - Hạnh phúc", 90, 18),
        (title, 160, 28),
    ):
        painter.setFont(_font(size, bold=True))
        painter.drawText(QRect(20, top, 580, 50), Qt.AlignmentFlag.AlignHCenter, text)
    painter.setFont(_font(17))
    for number in range(16):
        line = "Người mẫu, sinh năm 0000, tờ giấy vẽ để tập. " + "Mẫu. " * (number % 4)
        painter.drawText(60, 250 + number * 34, line)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs know no format as text
    return bytes(data.data())


def sample_page(
    folder: Path,
    number: int = 1,
    verdicts: tuple[str, ...] = (),
    places: Mapping[str, tuple[Box, ...]] = NOWHERE,
) -> Page:
    raw = draw_page(folder / f"raw-{number}.png", clean=False)
    clean = draw_page(folder / f"clean-{number}.png", clean=True)
    return Page(
        f"sample-{number}", raw, clean, raw, clean, 210, 297, skew_degrees=3, verdicts=verdicts, places=places
    )


def sample_paper(folder: Path, paper_id: str, title: str, pages: int = 1) -> Paper:
    """A paper whose file is a picture: for screens only."""
    preview = draw_page(folder / f"{paper_id}.png", clean=True)
    return Paper(paper_id, title, preview, pages, 420_000 * pages, preview)


def sample_code(file: Path) -> Path:
    """A QR code as the phone's scan shows it; its address leads nowhere."""
    import segno  # late: only pictures of screens need it

    segno.make("http://192.0.2.1:8000/" + "x" * 22, error="m", micro=False).save(
        str(file), kind="png", scale=12, border=4
    )
    return file


def _font(pixels: int, bold: bool = False) -> QFont:
    font = QFont("Noto Sans")
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font
