"""The hand of all prints: fonts, styles, QR codes, pictograms and the facts a PDF states of itself."""

from datetime import date
from pathlib import Path

import segno
from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4, A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from guides.faults import room_words
from guides.strokes import shapes
from kioskcore.paths import FONTS
from kioskcore.words import Words

INK, PALE, LINE = HexColor("#0b3d66"), HexColor("#eef4f9"), HexColor("#9fb8cc")
FOOT = 6 * mm
"""Room for the line below every page."""
SIZES = {"A4": A4, "A5": A5}


class Qr(Flowable):  # type: ignore[misc] # reportlab has no types
    """A QR code of `size` points, drawn as squares, with the quiet zone inside."""

    def __init__(self, text: str, size: float) -> None:
        super().__init__()
        self.width = self.height = size
        self._rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=3)]

    def draw(self) -> None:
        dot = self.width / len(self._rows)
        self.canv.setFillColor(HexColor("#000000"))
        path = self.canv.beginPath()
        for number, row in enumerate(self._rows):
            for place, dark in enumerate(row):
                if dark:
                    path.rect(place * dot, self.height - (number + 1) * dot, dot * 1.01, dot * 1.01)
        self.canv.drawPath(path, stroke=0, fill=1)


class Pictogram(Flowable):  # type: ignore[misc] # reportlab has no types
    """A picture of the set at `size` points; empty where there is none."""

    def __init__(self, file: Path | None, size: float) -> None:
        super().__init__()
        self.width = self.height = size
        self._shapes = shapes(file) if file and file.suffix == ".svg" else []

    def draw(self) -> None:
        canvas = self.canv
        canvas.saveState()
        canvas.translate(0, self.height)
        canvas.scale(self.width / 48, -self.height / 48)
        canvas.setStrokeColor(INK)
        canvas.setFillColor(white)
        canvas.setLineWidth(2.5)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        for shape in self._shapes:
            path = canvas.beginPath()
            for kind, points in shape.strokes:
                if kind == "Z":
                    path.close()
                else:
                    {"M": path.moveTo, "L": path.lineTo, "C": path.curveTo}[kind](*points)
            canvas.drawPath(path, stroke=1, fill=int(shape.filled))
        canvas.restoreState()


class Box(Flowable):  # type: ignore[misc] # reportlab has no types
    """A box to tick by hand."""

    def __init__(self, size: float) -> None:
        super().__init__()
        self.width = self.height = size

    def draw(self) -> None:
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(1.2)
        self.canv.roundRect(0, 0, self.width, self.height, 1.5, stroke=1, fill=0)


class Paper:
    """Sizes and styles of one paper format."""

    def __init__(self, size: str, words: Words) -> None:
        self.size, self.words = SIZES[size], words
        self.edge = 15 * mm if size == "A4" else 10 * mm
        base = 13.0 if size == "A4" else 11.0
        load_fonts()
        self.title = style("title", base * 1.6, bold=True)
        self.small = style("small", base * 0.85)
        self.head = style("head", base * 1.2, bold=True, before=base * 0.7, after=base * 0.3)
        self.body = style("body", base)
        self.centre = style("centre", base * 0.85, centre=True)
        self.right = ParagraphStyle("right", parent=self.body, alignment=TA_RIGHT)
        self.base = base

    @property
    def wide(self) -> bool:
        """Whether two columns of steps are still easy to read."""
        return bool(self.width > 150 * mm)

    @property
    def height(self) -> float:
        return float(self.size[1] - 2 * self.edge - FOOT)

    @property
    def width(self) -> float:
        return float(self.size[0] - 2 * self.edge)


def label(canvas: Canvas, title: str, language: str) -> None:
    """Title and language where readers of the file look for them."""
    canvas.setTitle(title)
    canvas.setSubject(words_in(language).say("leaflet.place"))
    canvas.setViewerPreference("DisplayDocTitle", "true")


def style(
    name: str, size: float, *, bold: bool = False, centre: bool = False, before: float = 0, after: float = 0
) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        fontName="Noto-Bold" if bold else "Noto",
        bulletFontName="Noto",
        fontSize=size,
        leading=size * 1.28,
        textColor=INK if bold else HexColor("#111111"),
        alignment=TA_CENTER if centre else 0,
        spaceBefore=before,
        spaceAfter=after,
    )


def load_fonts() -> None:
    if "Noto" in pdfmetrics.getRegisteredFontNames():
        return
    pdfmetrics.registerFont(TTFont("Noto", FONTS / "NotoSans-Regular.ttf"))
    pdfmetrics.registerFont(TTFont("Noto-Bold", FONTS / "NotoSans-Bold.ttf"))
    pdfmetrics.registerFontFamily(
        "Noto", normal="Noto", bold="Noto-Bold", italic="Noto", boldItalic="Noto-Bold"
    )


def words_in(language: str) -> Words:
    spoken = room_words()
    return spoken.get(language, spoken["vi"])


def day_of(day: date) -> str:
    return day.strftime("%d/%m/%Y")
