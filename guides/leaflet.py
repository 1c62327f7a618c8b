"""What a person takes home: leaflets (A4, A5), wall posters with QR codes, booklets. The only drawing module.

Every file has its title, its language and embedded fonts; QR codes lead to the page on the portal.
"""

from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path

import segno
from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4, A5, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from guides.faults import room_words
from guides.model import Guide, PaperNeed
from guides.readiness import Readiness
from guides.strokes import shapes
from kioskcore.paths import FONTS
from kioskcore.words import Words

INK, PALE, LINE = HexColor("#0b3d66"), HexColor("#eef4f9"), HexColor("#9fb8cc")
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


def make_leaflet(
    guides: Sequence[Guide], file: Path, size: str = "A4", place: str = "", cover: str = ""
) -> None:
    """One leaflet a guide, in one file; with `cover` a booklet: its title page and contents come first.

    `size` is "A4" or "A5"; `place` names the support point. Raises ValueError for no guide.
    """
    if not guides:
        raise ValueError("no guide")
    language = guides[0].language
    paper = _Paper(size, _words(language))
    story: list[Flowable] = list(_cover(guides, paper, cover)) if cover else []
    for number, guide in enumerate(guides):
        if number or cover:
            story.append(PageBreak())
        story += _leaflet(guide, paper)
    title = cover or guides[0].title
    document = _Document(file, paper, title, language, place)
    document.build(story)


def make_fetch_list(guide: Guide, found: Readiness, file: Path, size: str = "A5", place: str = "") -> None:
    """What to fetch and where, so that nobody comes twice; or the good news that all is there."""
    paper = _Paper(size, _words(guide.language))
    say = paper.words.say
    verdict = say("leaflet.today" if found.today else "leaflet.not_today")
    story: list[Flowable] = [Paragraph(escape(guide.title), paper.title), Spacer(1, 6)]
    story.append(Paragraph(escape(verdict), paper.head))
    rows = [
        [
            Box(paper.base),
            Pictogram(one.picture, paper.base * 2.6),
            Paragraph(f"<b>{escape(one.fetch)}</b><br/>{escape(one.where)}", paper.body),
        ]
        for one in found.missing
    ]
    if rows:
        story.append(_listed(rows, paper, paper.base * 2.6))
    if guide.papers:
        story += [_head("bring", paper, "papers" in guide.unverified), _papers(guide.papers, paper)]
    story += [Spacer(1, 8), Qr(guide.portal_url or guide.search_url, 30 * mm)]
    story.append(Paragraph(escape(say("leaflet.scan")), paper.small))
    _Document(file, paper, guide.title, guide.language, place).build(story)


def make_poster(guides: Sequence[Guide], file: Path, per_sheet: int = 4, place: str = "") -> None:
    """Wall sheets (A4) with pictogram, name and QR of each procedure; 1 to 12 on a sheet."""
    if not guides or not 1 <= per_sheet <= 12:
        raise ValueError("posters: 1..12 on a sheet, at least one procedure")
    language = guides[0].language
    words = _words(language)
    _fonts()
    columns = 1 if per_sheet == 1 else 2 if per_sheet <= 6 else 3
    rows = -(-per_sheet // columns)
    page = landscape(A4) if per_sheet == 2 else A4
    canvas = Canvas(str(file), pagesize=page, lang=language)
    _label(canvas, words.say("leaflet.poster_title"), language)
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
    style = _style("poster", text, bold=True, centre=True)
    name = Paragraph(escape(guide.title), style)
    _, name_h = name.wrap(w - 8 * mm, h)
    icon = min(h * 0.18, w * 0.3)
    foot = 7 * mm
    side = min(w - 8 * mm, h - name_h - icon - foot - 8 * mm)
    top = y + h - 3 * mm
    Pictogram(guide.picture, icon).drawOn(canvas, x + (w - icon) / 2, top - icon)
    name.drawOn(canvas, x + 4 * mm, top - icon - name_h - 1 * mm)
    Qr(guide.portal_url or guide.search_url, side).drawOn(canvas, x + (w - side) / 2, y + foot)
    canvas.setFillColor(INK)
    canvas.setFont("Noto", 8.5)
    label = guide.code if not guide.general else ""
    checked = words.say("leaflet.checked", date=_date(guide.checked_on))
    canvas.drawCentredString(x + w / 2, y + 3 * mm, f"{label}  {checked}")


class _Paper:
    """Sizes and styles of one paper format."""

    def __init__(self, size: str, words: Words) -> None:
        self.size, self.words = SIZES[size], words
        self.edge = 15 * mm if size == "A4" else 10 * mm
        base = 11.6 if size == "A4" else 9.4
        _fonts()
        self.title = _style("title", base * 1.75, bold=True)
        self.small = _style("small", base * 0.78)
        self.head = _style("head", base * 1.2, bold=True, before=base * 0.7, after=base * 0.3)
        self.body = _style("body", base)
        self.centre = _style("centre", base * 0.78, centre=True)
        self.base = base

    @property
    def width(self) -> float:
        return float(self.size[0] - 2 * self.edge)


def _leaflet(guide: Guide, paper: _Paper) -> list[Flowable]:
    say = paper.words.say
    name = [Paragraph(escape(guide.title), paper.title)]
    if not guide.general:
        official = escape(say("leaflet.official", name=guide.official_name[:160], code=guide.code))
        name += [Spacer(1, 3), Paragraph(official, paper.small)]
    side = 30 * mm if paper.base > 11 else 24 * mm
    page = guide.portal_url or guide.search_url
    code = [Qr(page, side), Paragraph(escape(say("leaflet.scan")), paper.centre)]
    head = Table(
        [[Pictogram(guide.picture, side * 0.6), name, code]],
        colWidths=[side * 0.7, paper.width - 1.7 * side - 6, side + 6],
    )
    head.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    story: list[Flowable] = [head, Spacer(1, 4), _facts(guide, paper)]
    if guide.papers:
        story += [_head("bring", paper, "papers" in guide.unverified), _papers(guide.papers, paper)]
    story.append(_head("steps", paper, "steps" in guide.unverified))
    story += [
        Paragraph(f"<b>{number}.</b> {escape(step.text)}", paper.body)
        for number, step in enumerate(guide.steps, 1)
    ]
    if guide.mistakes:
        mistakes = [Paragraph(f"• {escape(text)}", paper.body) for text in guide.mistakes]
        head = _head("mistakes", paper, "mistakes" in guide.unverified)
        story.append(KeepTogether([head, *mistakes]))
    sources = "; ".join(guide.sources)
    if "sources" in guide.unverified:
        sources += f" ({say('leaflet.recheck')})"
    note = say("leaflet.sources", sources=sources, date=_date(guide.checked_on))
    story += [Spacer(1, 6), Paragraph(escape(note), paper.small)]
    return story


def _recheck(paper: _Paper, wanted: bool) -> str:
    return f" ({escape(paper.words.say('leaflet.recheck'))})" if wanted else ""


def _head(name: str, paper: _Paper, unverified: bool = False) -> Flowable:
    """The title of a part, with the mark of facts that nobody could verify."""
    mark = f'<font name="Noto" size="{paper.base}">{_recheck(paper, unverified)}</font>'
    return Paragraph(escape(paper.words.say(f"leaflet.{name}")) + (mark if unverified else ""), paper.head)


def _facts(guide: Guide, paper: _Paper) -> Flowable:
    say = paper.words.say
    rows = []
    for field in ("can_do_here", "online_level", "decides", "fee", "time", "receive"):
        value = getattr(guide, field)
        if value and not (field == "online_level" and guide.general):
            text = escape(value) + _recheck(paper, field in guide.unverified)
            label = Paragraph(f"<b>{escape(say(f'leaflet.{field}'))}</b>", paper.body)
            rows.append([label, Paragraph(text, paper.body)])
    table = Table(rows, colWidths=[paper.width * 0.24, paper.width * 0.76])
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), PALE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -2), 0.5, LINE),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table


def _papers(papers: Sequence[PaperNeed], paper: _Paper) -> Flowable:
    say = paper.words.say
    icon = paper.base * 2.2
    rows = []
    for need in papers:
        facts = [] if need.held else [say(f"leaflet.kind_{need.kind}")]
        facts += [say("leaflet.optional")] if not need.required else []
        facts += [say("leaflet.held")] if need.held else [say("leaflet.scan_paper")] if need.scan else []
        text = f"<b>{escape(need.title)}</b> ({escape(', '.join(facts))})"
        if need.note:
            text += f"<br/>{escape(need.note)}"
        rows.append([Box(paper.base), Pictogram(need.picture, icon), Paragraph(text, paper.body)])
    return _listed(rows, paper, icon)


def _listed(rows: list[list[Flowable]], paper: _Paper, icon: float) -> Flowable:
    """Rows of box, picture and words."""
    table = Table(rows, colWidths=[paper.base * 1.8, icon + 6, paper.width - paper.base * 1.8 - icon - 6])
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table


def _cover(guides: Sequence[Guide], paper: _Paper, title: str) -> list[Flowable]:
    big = _style("cover", paper.base * 2.4, bold=True, before=paper.base * 4, after=paper.base * 2)
    rows = [
        [Pictogram(guide.picture, paper.base * 2), Paragraph(escape(guide.title), paper.body)]
        for guide in guides
    ]
    table = Table(rows, colWidths=[paper.base * 3, paper.width - paper.base * 3])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE")]))
    return [Paragraph(escape(title), big), table]


class _Document(BaseDocTemplate):  # type: ignore[misc] # reportlab has no types
    """Margins, foot line and the document's own facts."""

    def __init__(self, file: Path, paper: _Paper, title: str, language: str, place: str) -> None:
        super().__init__(
            str(file),
            pagesize=paper.size,
            leftMargin=paper.edge,
            rightMargin=paper.edge,
            topMargin=paper.edge,
            bottomMargin=paper.edge + 6 * mm,
            lang=language,
        )
        self._paper, self._title, self._language, self._place = paper, title, language, place
        frame = Frame(
            self.leftMargin, self.bottomMargin, self.width, self.height, 0, 0, 0, 0, id="body"
        )
        self.addPageTemplates(PageTemplate(id="leaflet", frames=[frame], onPage=self._foot))

    def _foot(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        _label(canvas, self._title, self._language)
        canvas.setFont("Noto", self._paper.base * 0.72)
        canvas.setFillColor(INK)
        y = self._paper.edge
        canvas.drawString(self._paper.edge, y, self._place or self._paper.words.say("leaflet.place"))
        page = self._paper.words.say("leaflet.page", number=canvas.getPageNumber())
        canvas.drawRightString(self._paper.size[0] - self._paper.edge, y, page)


def _label(canvas: Canvas, title: str, language: str) -> None:
    """Title and language where readers of the file look for them."""
    canvas.setTitle(title)
    canvas.setSubject(_words(language).say("leaflet.place"))
    canvas.setViewerPreference("DisplayDocTitle", "true")


def _style(
    name: str, size: float, *, bold: bool = False, centre: bool = False, before: float = 0, after: float = 0
) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        fontName="Noto-Bold" if bold else "Noto",
        fontSize=size,
        leading=size * 1.28,
        textColor=INK if bold else HexColor("#111111"),
        alignment=TA_CENTER if centre else 0,
        spaceBefore=before,
        spaceAfter=after,
    )


def _fonts() -> None:
    if "Noto" in pdfmetrics.getRegisteredFontNames():
        return
    pdfmetrics.registerFont(TTFont("Noto", FONTS / "NotoSans-Regular.ttf"))
    pdfmetrics.registerFont(TTFont("Noto-Bold", FONTS / "NotoSans-Bold.ttf"))
    pdfmetrics.registerFontFamily(
        "Noto", normal="Noto", bold="Noto-Bold", italic="Noto", boldItalic="Noto-Bold"
    )


def _words(language: str) -> Words:
    spoken = room_words()
    return spoken.get(language, spoken["vi"])


def _date(day: date) -> str:
    return day.strftime("%d/%m/%Y")
