"""Wall sheets (A4) with pictogram, name and QR code of each procedure."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from reportlab.lib.colors import white
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from guides.drawing import INK, LINE, Pictogram, Qr, day_of, label, load_fonts, style, words_in
from guides.model import Guide
from kioskcore.words import Words


def make_poster(guides: Sequence[Guide], file: Path, per_sheet: int = 4, place: str = "") -> None:
    """Wall sheets (A4) with pictogram, name and QR of each procedure; 1 to 12 on a sheet."""
    if not guides or not 1 <= per_sheet <= 12:
        raise ValueError("posters: 1..12 on a sheet, at least one procedure")
    language = guides[0].language
    words = words_in(language)
    load_fonts()
    columns = 1 if per_sheet == 1 else 2 if per_sheet <= 6 else 3
    rows = -(-per_sheet // columns)
    page = landscape(A4) if per_sheet == 2 else A4
    canvas = Canvas(str(file), pagesize=page, lang=language, initialFontName="Noto")
    label(canvas, words.say("leaflet.poster_title"), language)
    for start in range(0, len(guides), per_sheet):
        _sheet(canvas, guides[start : start + per_sheet], (columns, rows), place, words)
        canvas.showPage()
    canvas.save()


def _sheet(
    canvas: Canvas,
    guides: Sequence[Guide],
    grid: tuple[int, int],
    place: str,
    words: Words,
) -> None:
    (columns, rows), (width, height), edge = grid, canvas._pagesize, 12 * mm
    head = 22 * mm
    canvas.setFillColor(INK)
    canvas.rect(0, height - head, width, head, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.setFont("Noto-Bold", 17)
    canvas.drawCentredString(width / 2, height - head / 2 - (0 if place else 6), words.say("leaflet.scan_me"))
    canvas.setFont("Noto", 10)
    canvas.drawCentredString(width / 2, height - head + 5 * mm, place)
    cell_w, cell_h = (width - 2 * edge) / columns, (height - head - 2 * edge) / rows
    for number, guide in enumerate(guides):
        x = edge + (number % columns) * cell_w
        y = height - head - edge - (number // columns + 1) * cell_h
        _cell(canvas, guide, (x + 2 * mm, y + 2 * mm, cell_w - 4 * mm, cell_h - 4 * mm), words)


def _cell(canvas: Canvas, guide: Guide, box: tuple[float, float, float, float], words: Words) -> None:
    x, y, w, h = box
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(1)
    canvas.roundRect(x, y, w, h, 8, stroke=1, fill=0)
    text = min(26.0, max(10.0, w / 15))
    named = style("poster", text, bold=True, centre=True)
    name = Paragraph(escape(guide.title), named)
    _, name_h = name.wrap(w - 8 * mm, h)
    icon = min(h * (0.18 if guide.address else 0.5), w * (0.3 if guide.address else 0.6))
    foot = 7 * mm
    side = min(w - 8 * mm, h - name_h - icon - foot - 8 * mm)
    top = y + h - 3 * mm
    Pictogram(guide.picture, icon).drawOn(canvas, x + (w - icon) / 2, top - icon)
    name.drawOn(canvas, x + 4 * mm, top - icon - name_h - 1 * mm)
    if guide.address:
        Qr(guide.address, side).drawOn(canvas, x + (w - side) / 2, y + foot)
    canvas.setFillColor(INK)
    canvas.setFont("Noto", 10 if w > 60 * mm else 8.5)
    code = guide.code if not guide.general else ""
    checked = words.say("leaflet.checked", date=day_of(guide.checked_on))
    canvas.drawCentredString(x + w / 2, y + 3 * mm, f"{code}  {checked}")
