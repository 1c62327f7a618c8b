"""What a person takes home: leaflets (A4, A5), lists of what to fetch, booklets.

Every file has its title, its language and embedded fonts; QR codes lead to the page on the portal.
"""

from collections.abc import Iterator, Sequence
from html import escape
from io import BytesIO
from pathlib import Path

from reportlab.lib.units import mm
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

from guides.drawing import (
    FOOT,
    INK,
    LINE,
    PALE,
    Box,
    Paper,
    Pictogram,
    Qr,
    day_of,
    label,
    style,
    words_in,
)
from guides.model import Guide, PaperNeed, Step
from guides.readiness import Readiness

_FONT = ("FONTNAME", (0, 0), (-1, -1), "Noto")
"""For every table: else the file names a font that it does not bring."""
_SECRETS = frozenset({"passcode", "otp", "set_passcode"})


def make_leaflet(
    guides: Sequence[Guide], file: Path, size: str = "A4", place: str = "", cover: str = ""
) -> None:
    """One leaflet a guide, in one file; with `cover` a booklet: its title page and contents come first.

    `size` is "A4" or "A5"; `place` names the support point. Raises ValueError for no guide.
    """
    if not guides:
        raise ValueError("no guide")
    language = guides[0].language
    paper = Paper(size, words_in(language))
    title = cover or (guides[0].title if len(guides) == 1 else paper.words.say("leaflet.many"))
    pages: dict[str, int] = {}
    if cover:  # drawn once to learn on which page each guide begins
        _Document(BytesIO(), paper, title, language, place).build(_story(guides, paper, cover, pages))
    _Document(str(file), paper, title, language, place).build(_story(guides, paper, cover, pages))


class _Begins(Flowable):  # type: ignore[misc] # reportlab has no types
    """Draws nothing; notes the page on which a guide begins."""

    def __init__(self, code: str, pages: dict[str, int]) -> None:
        super().__init__()
        self.width = self.height = 0
        self._code, self._pages = code, pages

    def draw(self) -> None:
        self._pages[self._code] = self.canv.getPageNumber()


def _story(guides: Sequence[Guide], paper: Paper, cover: str, pages: dict[str, int]) -> list[Flowable]:
    story: list[Flowable] = list(_cover(guides, paper, cover, pages)) if cover else []
    for number, guide in enumerate(guides):
        if number or cover:
            story.append(PageBreak())
        story += [_Begins(guide.code, pages), *_leaflet(guide, paper)]
    return story


def make_fetch_list(guide: Guide, found: Readiness, file: Path, size: str = "A5", place: str = "") -> None:
    """What to fetch and where, so that nobody comes twice; or the good news that all is there."""
    paper = Paper(size, words_in(guide.language))
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
    if guide.address:
        story += [Spacer(1, 8), Qr(guide.address, 30 * mm)]
        story.append(Paragraph(escape(say("leaflet.scan")), paper.small))
    _Document(str(file), paper, guide.title, guide.language, place).build(story)


def _leaflet(guide: Guide, paper: Paper) -> list[Flowable]:
    say = paper.words.say
    name = [Paragraph(escape(guide.title), paper.title)]
    if not guide.general:
        official = escape(say("leaflet.official", name=_shortened(guide.official_name, 160), code=guide.code))
        name += [Spacer(1, 3), Paragraph(official, paper.small)]
    side = 30 * mm if paper.base > 11 else 24 * mm
    caption = Paragraph(escape(say("leaflet.scan")), paper.centre)
    code = [Qr(guide.address, side), caption] if guide.address else []
    head = Table(
        [[Pictogram(guide.picture, side * 0.6), name, code]],
        colWidths=[side * 0.7, paper.width - 1.7 * side - 6, side + 6],
    )
    top = [_FONT, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
    head.setStyle(TableStyle(top))
    about: list[Flowable] = [head, Spacer(1, 4), _facts(guide, paper)]
    if guide.papers:
        about += [_head("bring", paper, "papers" in guide.unverified), _papers(guide.papers, paper)]
    spilled = max(0.0, _height(about, paper) - paper.height)
    spilled += paper.base * 4 if spilled else 0  # a row is not parted: it leaves room behind
    for hinted in _fewer_hints(guide.steps):  # what a step means is told where it needs no third page
        doing = _doing(guide, paper, hinted)
        if _height(doing, paper) + spilled <= paper.height:
            break
    one_page = _height([*about, *doing], paper) <= paper.height
    if not one_page and not spilled:
        about.append(PageBreak())  # what to bring in front, what to do on the back
    return about + doing


def _fewer_hints(steps: Sequence[Step]) -> Iterator[frozenset[str]]:
    """The steps to tell with their hints: all, then fewer and fewer from the end.

    What the person does alone keeps them longest, and "tell nobody this number" is always told.
    """
    order = sorted(steps, key=lambda step: (step.key not in _SECRETS, not step.hands_off))
    least = sum(step.key in _SECRETS for step in steps)
    for count in range(len(order), least - 1, -1):
        yield frozenset(step.key for step in order[:count])


def _doing(guide: Guide, paper: Paper, hinted: frozenset[str]) -> list[Flowable]:
    """Steps, mistakes and sources."""
    say = paper.words.say
    doing: list[Flowable] = []
    if guide.steps:
        doing += [_head("steps", paper, "steps" in guide.unverified), _steps(guide.steps, paper, hinted)]
    if guide.mistakes:
        mistakes = [Paragraph(f"• {escape(text)}", paper.body) for text in guide.mistakes]
        head = _head("mistakes", paper, "mistakes" in guide.unverified)
        doing.append(KeepTogether([head, *mistakes]))
    sources = "; ".join(guide.sources)
    if "sources" in guide.unverified:
        sources += f" ({say('leaflet.recheck')})"
    note = say("leaflet.sources", sources=sources, date=day_of(guide.checked_on))
    return [*doing, Spacer(1, 6), Paragraph(escape(note), paper.small)]


def _height(story: Sequence[Flowable], paper: Paper) -> float:
    """The points that a story takes on a page without an end."""
    total = 0.0
    for one in story:
        inside = one._content if isinstance(one, KeepTogether) else [one]
        for part in inside:
            total += part.wrap(paper.width, 100_000)[1] + part.getSpaceBefore() + part.getSpaceAfter()
    return total


def _steps(steps: Sequence[Step], paper: Paper, hinted: frozenset[str]) -> Flowable:
    """Numbered steps with their pictures: two columns where the page is wide enough."""
    columns = 2 if paper.wide else 1
    icon, rows = paper.base * 2, -(-len(steps) // columns)
    cells: list[list[object]] = [[] for _ in range(rows)]
    for place in range(rows * columns):
        told = steps[place : place + 1]
        words = [_step(place + 1, step, paper, hinted) for step in told]
        pictures = [Pictogram(step.picture, icon) for step in told]
        cells[place % rows] += [pictures, words]
    width = paper.width / columns
    table = Table(cells, colWidths=[icon + 8, width - icon - 8] * columns)
    table.setStyle(
        TableStyle(
            [
                _FONT,
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table


def _step(number: int, step: Step, paper: Paper, hinted: frozenset[str]) -> Flowable:
    text = f"<b>{number}. {escape(step.text)}</b>" if hinted else f"<b>{number}.</b> {escape(step.text)}"
    return Paragraph(f"{text} {escape(step.hint)}" if step.key in hinted else text, paper.body)


def _shortened(text: str, most: int) -> str:
    """Cut between words, and seen to be cut."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0].rstrip(' ,;')}…"


def _recheck(paper: Paper, wanted: bool) -> str:
    return f" ({escape(paper.words.say('leaflet.recheck'))})" if wanted else ""


def _head(name: str, paper: Paper, unverified: bool = False) -> Flowable:
    """The title of a part, with the mark of facts that nobody could verify."""
    mark = f'<font name="Noto" size="{paper.base}">{_recheck(paper, unverified)}</font>'
    return Paragraph(escape(paper.words.say(f"leaflet.{name}")) + (mark if unverified else ""), paper.head)


def _facts(guide: Guide, paper: Paper) -> Flowable:
    say = paper.words.say
    rows = []
    for field in ("can_do_here", "online_level", "decides", "fee", "time", "receive"):
        value = getattr(guide, field)
        if value and not (field == "online_level" and guide.general):
            text = escape(value) + _recheck(paper, field in guide.unverified)
            name = Paragraph(f"<b>{escape(say(f'leaflet.{field}'))}</b>", paper.body)
            rows.append([name, Paragraph(text, paper.body)])
    table = Table(rows, colWidths=[paper.width * 0.24, paper.width * 0.76], splitInRow=1)
    table.setStyle(
        TableStyle(
            [
                _FONT,
                ("BACKGROUND", (0, 0), (-1, -1), PALE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -2), 0.5, LINE),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table


def _papers(papers: Sequence[PaperNeed], paper: Paper) -> Flowable:
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


def _listed(rows: list[list[Flowable]], paper: Paper, icon: float) -> Flowable:
    """Rows of box, picture and words."""
    table = Table(rows, colWidths=[paper.base * 1.8, icon + 6, paper.width - paper.base * 1.8 - icon - 6])
    table.setStyle(
        TableStyle(
            [
                _FONT,
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table


def _cover(guides: Sequence[Guide], paper: Paper, title: str, pages: dict[str, int]) -> list[Flowable]:
    big = style("cover", paper.base * 2.2, bold=True, before=paper.base * 2, after=paper.base * 2)
    rows = [
        [Paragraph(escape(guide.title), paper.body), Paragraph(str(pages.get(guide.code, "")), paper.right)]
        for guide in guides
    ]
    table = Table(rows, colWidths=[paper.width - paper.base * 4, paper.base * 4])
    table.setStyle(
        TableStyle(
            [_FONT, ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE)]
        )
    )
    return [Paragraph(escape(title), big), table]


class _Document(BaseDocTemplate):  # type: ignore[misc] # reportlab has no types
    """Margins, foot line and the document's own facts."""

    def __init__(self, file: str | BytesIO, paper: Paper, title: str, language: str, place: str) -> None:
        super().__init__(
            file,
            pagesize=paper.size,
            leftMargin=paper.edge,
            rightMargin=paper.edge,
            topMargin=paper.edge,
            bottomMargin=paper.edge + FOOT,
            lang=language,
            initialFontName="Noto",
        )
        self._paper, self._title, self._language, self._place = paper, title, language, place
        frame = Frame(self.leftMargin, self.bottomMargin, self.width, self.height, 0, 0, 0, 0, id="body")
        self.addPageTemplates(PageTemplate(id="leaflet", frames=[frame], onPage=self._foot))

    def _foot(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        label(canvas, self._title, self._language)
        canvas.setFont("Noto", self._paper.base * 0.72)
        canvas.setFillColor(INK)
        y = self._paper.edge
        canvas.drawString(self._paper.edge, y, self._place or self._paper.words.say("leaflet.place"))
        page = self._paper.words.say("leaflet.page", number=canvas.getPageNumber())
        canvas.drawRightString(self._paper.size[0] - self._paper.edge, y, page)
