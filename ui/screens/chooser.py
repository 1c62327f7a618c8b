"""The upload chooser: when the portal asks for a file, the person picks a picture of a paper just scanned."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtWidgets import QLayout, QProgressBar, QWidget
from shiboken6 import isValid

from kioskcore.errors import KioskError
from kioskcore.ports import FileKind, Paper
from kioskcore.words import readable_size
from ui.look import Look
from ui.scan_papers import PageOf
from ui.screens.scan_list import megabytes
from ui.widgets.blocks import column, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.faults import fault_panel
from ui.widgets.icons import Pictogram
from ui.widgets.overlay import Card, Overlay

_TAKEN = {
    FileKind.PDF: (".pdf", "application/pdf", "application/*", "*/*", "*"),
    FileKind.JPEG: (".jpg", ".jpeg", ".jpe", ".jfif", "image/jpeg", "image/jpg", "image/pjpeg", "image/*"),
    FileKind.PNG: (".png", "image/png", "image/x-png"),
}
_TYPE = re.compile(r"\.[\w.+-]+|[\w.+-]+/(\*|[\w.+-]+)|\*/\*|\*")
BUSY_MS = 1000
"""What is shown as busy stays so long, or nobody sees what happened."""
_SCAN = "scan"

Fitted = Callable[[Paper | KioskError], None]


def kind_taken(accept: Sequence[str]) -> FileKind | None:
    """What an upload box with this `accept` list is given; an empty list takes everything, and so does one
    with words that are no types: pages are written with ";" for ",", or "pdf" for ".pdf".

    A PDF wherever it takes one, else a JPEG, else a PNG; None: it takes nothing that the kiosk makes.
    """
    words = [word for kind in accept for word in re.split(r"[\s,;|]+", kind.lower()) if word]
    named = {f".{word}" if word.isalnum() else word for word in words}
    if not all(map(_TYPE.fullmatch, named)) or not named:
        return FileKind.PDF
    return next((kind for kind, names in _TAKEN.items() if named.intersection(names)), None)


class Stock(Protocol):
    """The papers there are: `ui.paper_stock.PaperStock`."""

    def papers(self, limit: int = 0) -> Sequence[Paper]: ...
    def pages(self) -> Sequence[PageOf]: ...
    def shrink(self, paper: Paper, limit: int, then: Fitted) -> None: ...
    def picture(self, of: PageOf, kind: FileKind, limit: int, then: Fitted) -> None: ...


@dataclass(frozen=True)
class _Choice:
    """One tile of the list; `key` tells it from the others."""

    paper: Paper
    about: str
    picture: Path
    key: str
    gives: Path | PageOf


class UploadChooser:
    """`choose(request)` shows the card and waits. Returns the chosen files, several if the box takes them:
    PDFs, or where it takes only pictures the chosen pages as such.

    `scan()`: the person would rather scan; `failed(code)`: what the person was told.
    """

    def __init__(
        self,
        look: Look,
        window: QWidget,
        stock: Stock,
        scan: Callable[[], object] = lambda: None,
        failed: Callable[[str], object] = lambda _code: None,
    ) -> None:
        self.look, self._window, self._stock, self._scan, self._failed = look, window, stock, scan, failed
        self.overlay: Overlay | None = None
        self._ticked: dict[str, Path | PageOf] = {}
        self._send: ActionButton | None = None

    def choose(self, request: Any) -> list[Path]:
        """`request`: the browser's UploadRequest. Empty list: cancelled."""
        self._ticked = {}
        answer = self.open(request).wait()
        while isinstance(answer, Paper):
            answer = self._made_smaller(answer, request)
        chosen = list(self._ticked.values()) if answer is True else [answer]
        pages = [one for one in chosen if isinstance(one, PageOf)]
        if pages:
            answer = self._made_pictures(pages, request)
            chosen = answer if isinstance(answer, list) else []
        self.overlay = None
        if answer == _SCAN:
            QTimer.singleShot(0, self._window, self._scan)  # once the page has its answer
        return [one for one in chosen if isinstance(one, Path)]

    def open(self, request: Any) -> Overlay:
        """Show the card without waiting. Answers: a PDF, a page, True for those ticked, a Paper to shrink."""
        return self._put(lambda _card: self._list(request))

    def close(self, answer: object = None) -> None:
        if self.overlay is not None:
            self.overlay.close_with(answer)

    # ---- the list --------------------------------------------------------------------------------

    def _list(self, request: Any) -> Card:
        look, kind = self.look, kind_taken(request.accept)
        self._send = None
        body = column(gap=look.theme.gap)
        buttons = [ActionButton(look, look.say("ui.upload.cancel"), self.close, icon="close")]
        if kind is None:
            body.addWidget(fault_panel(look, KioskError("PORTAL-FILE-TYPE")))
            return body, buttons
        of_pages = kind is not FileKind.PDF
        lines = self._pages(request) if of_pages else self._papers(request)
        if not lines:
            body.addWidget(label(look.say("ui.upload.none"), "title"))
            body.addWidget(label(look.say("ui.upload.scan_first")))
            return body, [*buttons, self._scan_button()]
        body.addWidget(label(look.say("ui.upload.title_pages" if of_pages else "ui.upload.title"), "title"))
        for line in lines:
            body.addLayout(line)
        if request.multiple and len(lines) > 1:
            words = look.say("ui.upload.send_pages" if of_pages else "ui.upload.send")
            self._send = ActionButton(look, words, lambda: self.close(True), kind="primary", icon="check")
            self._send.setObjectName("confirm")
            self._send.setEnabled(bool(self._ticked))
            buttons.append(self._send)
        return body, buttons

    def _papers(self, request: Any) -> list[QLayout]:
        papers = self._stock.papers(request.max_bytes)
        several = request.multiple and len(papers) > 1
        return [self._paper(paper, request.max_bytes, several) for paper in papers]

    def _paper(self, paper: Paper, limit: int, several: bool) -> QLayout:
        look = self.look
        about = look.say("ui.scan.size", pages=paper.pages, size=megabytes(look, paper.size_bytes))
        fits = not limit or paper.size_bytes <= limit
        if not fits:
            too_big = KioskError("PORTAL-FILE-SIZE", limit_size=readable_size(limit))
            about = f"{about}. {look.error(too_big)[0]}"
        tile = self._tile(_Choice(paper, about, paper.preview, paper.paper_id, paper.file), several)
        tile.setEnabled(fits)
        made = column(tile, gap=look.theme.gap)
        if not fits:
            smaller = ActionButton(look, look.say("ui.upload.shrink"), lambda: self.close(paper), icon="crop")
            smaller.setAccessibleName(f"{smaller.text()}: {paper.title}")
            made.addLayout(row(smaller, 1))
        return made

    def _pages(self, request: Any) -> list[QLayout]:
        pages = self._stock.pages()
        several = request.multiple and len(pages) > 1
        return [column(self._tile(self._page(of), several)) for of in pages]

    def _page(self, of: PageOf) -> _Choice:
        more = of.total > 1
        about = self.look.say("ui.paper.page", number=of.number, total=of.total) if more else ""
        return _Choice(of.paper, about, of.page.clean_preview, of.page.page_id, of)

    def _tile(self, choice: _Choice, several: bool) -> ActionButton:
        tile = ActionButton(
            self.look,
            choice.paper.title,
            None if several else lambda: self.close(choice.gives),
            kind="tick" if several else "choice-row",
            icon="document",
            picture=choice.picture,
            note=choice.about,
        )
        # how a played visit finds it, whatever the language
        tile.setProperty("paper_id", choice.paper.paper_id)
        if several:
            tile.setChecked(choice.key in self._ticked)
            tile.toggled.connect(lambda on: self._tick(choice, on))
        return tile

    def _tick(self, choice: _Choice, on: bool) -> None:
        self._ticked.pop(choice.key, None)
        if on:
            self._ticked[choice.key] = choice.gives
        if self._send is not None:
            self._send.setEnabled(bool(self._ticked))

    # ---- what the scan child must make first -----------------------------------------------------

    def _made_smaller(self, paper: Paper, request: Any) -> object:
        """The smaller paper is chosen; where several may be, it is ticked and the list comes again."""
        overlay = self.open_busy(paper.title)
        made = self._made(overlay, [lambda then: self._stock.shrink(paper, request.max_bytes, then)])
        if not isinstance(made, list):
            return made
        (result,) = made
        if not request.multiple:
            return result.file
        self._ticked[result.paper_id] = result.file
        return self.open(request).wait() if len(self._stock.papers()) > 1 else result.file

    def _made_pictures(self, pages: Sequence[PageOf], request: Any) -> object:
        """Their files, all or none."""
        stock, limit, kind = self._stock, request.max_bytes, kind_taken(request.accept)
        assert kind is not None
        one = pages[0].paper.title if len(pages) == 1 else self.look.say("ui.scan.pages", number=len(pages))
        overlay = self.open_busy(one, "ui.upload.picturing")
        asks = [lambda then, of=of: stock.picture(of, kind, limit, then) for of in pages]
        made = self._made(overlay, asks)
        return [paper.file for paper in made] if isinstance(made, list) else made

    def _made(self, overlay: Overlay, asks: Sequence[Callable[[Fitted], None]]) -> object:
        """The papers that were asked for, while `overlay` says so; else what the person answered instead."""
        clock = QElapsedTimer()
        clock.start()
        papers: list[Paper] = []

        def came(result: Paper | KioskError) -> None:
            if isinstance(result, Paper):
                papers.append(result)
                if len(papers) < len(asks):
                    return
            if isValid(overlay):  # else the person would not wait
                wait = max(0, BUSY_MS - clock.elapsed())
                answer = papers if isinstance(result, Paper) else result
                QTimer.singleShot(wait, overlay, lambda: overlay.close_with(answer))

        for ask in asks:
            ask(came)
        answer = overlay.wait()
        if isinstance(answer, KioskError):
            self._failed(answer.code)
            return self.open_fault(answer).wait()
        return answer  # also where the person would not wait, or the visit is over

    def open_busy(self, what: str, doing: str = "ui.upload.shrinking") -> Overlay:
        """`doing`: key of the words for what the machine does with `what`."""
        return self._put(lambda _card: self._busy(what, doing))

    def _busy(self, what: str, doing: str) -> Card:
        look, theme = self.look, self.look.theme
        bar = QProgressBar()
        bar.setRange(0, 0)
        body = column(label(look.say(doing), "title", centre=True), gap=theme.space)
        middle = Qt.AlignmentFlag.AlignHCenter
        body.addWidget(Pictogram("document", theme.mm(24), theme.colours.accent), 0, middle)
        body.addWidget(label(what, "strong", centre=True))
        body.addWidget(bar)
        body.addWidget(label(look.say("ui.scan.wait_plain"), centre=True))
        cancel = ActionButton(look, look.say("ui.upload.cancel"), self.close, icon="close")
        return body, [cancel]

    def open_fault(self, fault: KioskError) -> Overlay:
        """It cannot be made smaller and stay legible, or something broke: scanning is what helps."""

        def make(_card: Overlay) -> Card:
            cancel = ActionButton(self.look, self.look.say("ui.upload.cancel"), self.close, icon="close")
            return column(fault_panel(self.look, fault)), [cancel, self._scan_button()]

        return self._put(make)

    def _scan_button(self) -> ActionButton:
        words = self.look.say("ui.upload.scan")
        return ActionButton(self.look, words, lambda: self.close(_SCAN), kind="primary", icon="scanner")

    def _put(self, make: Callable[[Overlay], Card]) -> Overlay:
        self.overlay = Overlay(self._window, self.look, make)
        self.overlay.show_over()
        return self.overlay
