"""The upload chooser: when the portal asks for a file, the person picks a picture of a paper just scanned."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtWidgets import QLayout, QProgressBar, QWidget
from shiboken6 import isValid

from kioskcore.errors import KioskError
from kioskcore.ports import Paper
from ui.look import Look
from ui.screens.scan_list import megabytes
from ui.widgets.blocks import column, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.faults import fault_panel
from ui.widgets.icons import Pictogram
from ui.widgets.overlay import Card, Overlay

_PDF = (".pdf", "application/pdf", "application/*", "*/*", "*")
BUSY_MS = 1000
"""What is shown as busy stays so long, or nobody sees what happened."""
_SCAN = "scan"


def takes_pdf(accept: Sequence[str]) -> bool:
    """Whether an upload box with this `accept` list takes PDF files; an empty list takes everything."""
    named = [kind.strip().lower() for kind in accept if kind.strip()]
    return not named or any(kind in _PDF for kind in named)


class Stock(Protocol):
    """The papers there are: `ui.paper_stock.PaperStock`."""

    def papers(self, limit: int = 0) -> Sequence[Paper]: ...
    def shrink(self, paper: Paper, limit: int, then: Callable[[Paper | KioskError], None]) -> None: ...


class UploadChooser:
    """`choose(request)` shows the card and waits. Returns the chosen PDFs, several if the box takes them.

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
        self._ticked: dict[str, Path] = {}
        self._send: ActionButton | None = None

    def choose(self, request: Any) -> list[Path]:
        """`request`: the browser's UploadRequest. Empty list: cancelled."""
        self._ticked = {}
        answer = self.open(request).wait()
        while isinstance(answer, Paper):
            answer = self._made_smaller(answer, request)
        self.overlay = None
        if answer == _SCAN:
            QTimer.singleShot(0, self._window, self._scan)  # once the page has its answer
        if isinstance(answer, Path):
            return [answer]
        return list(self._ticked.values()) if answer is True else []

    def open(self, request: Any) -> Overlay:
        """Show the card without waiting. Answers: a PDF, True for those ticked, a Paper to make smaller."""
        return self._put(lambda _card: self._list(request))

    def _list(self, request: Any) -> Card:
        look, limit = self.look, request.max_bytes
        papers = self._stock.papers(limit)
        self._send = None
        body = column(gap=look.theme.gap)
        buttons = [ActionButton(look, look.say("ui.upload.cancel"), self.close, icon="close")]
        if not takes_pdf(request.accept):
            body.addWidget(fault_panel(look, KioskError("PORTAL-FILE-TYPE")))
            papers = ()
        elif not papers:
            body.addWidget(label(look.say("ui.upload.none"), "title"))
            body.addWidget(label(look.say("ui.upload.scan_first")))
            buttons.append(self._scan_button())
        else:
            body.addWidget(label(look.say("ui.upload.title"), "title"))
        several = request.multiple and len(papers) > 1
        for paper in papers:
            body.addLayout(self._line(paper, limit, several))
        if several:
            words = look.say("ui.upload.send")
            self._send = ActionButton(look, words, lambda: self.close(True), kind="primary", icon="check")
            self._send.setObjectName("confirm")
            self._send.setEnabled(bool(self._ticked))
            buttons.append(self._send)
        return body, buttons

    def close(self, answer: object = None) -> None:
        if self.overlay is not None:
            self.overlay.close_with(answer)

    # ---- the list --------------------------------------------------------------------------------

    def _line(self, paper: Paper, limit: int, several: bool) -> QLayout:
        look = self.look
        about = look.say("ui.scan.size", pages=paper.pages, size=megabytes(look, paper.size_bytes))
        fits = not limit or paper.size_bytes <= limit
        if not fits:
            too_big = KioskError("PORTAL-FILE-SIZE", limit_mb=f"{limit / 1_000_000:g}")
            about = f"{about}. {look.error(too_big)[0]}"
        tile = ActionButton(
            look,
            paper.title,
            None if several else lambda: self.close(paper.pdf),
            kind="tick" if several else "choice-row",
            icon="document",
            picture=paper.preview,
            note=about,
        )
        tile.setProperty("paper_id", paper.paper_id)  # how a played visit finds it, whatever the language
        tile.setEnabled(fits)
        made = column(tile, gap=look.theme.gap)
        if several:
            tile.setChecked(paper.pdf in self._ticked.values())
            tile.toggled.connect(lambda on: self._tick(paper, on))
        if not fits:
            smaller = ActionButton(look, look.say("ui.upload.shrink"), lambda: self.close(paper), icon="crop")
            smaller.setAccessibleName(f"{smaller.text()}: {paper.title}")
            made.addLayout(row(smaller, 1))
        return made

    def _tick(self, paper: Paper, on: bool) -> None:
        self._ticked.pop(paper.paper_id, None)
        if on:
            self._ticked[paper.paper_id] = paper.pdf
        if self._send is not None:
            self._send.setEnabled(bool(self._ticked))

    # ---- a paper that is too heavy ---------------------------------------------------------------

    def _made_smaller(self, paper: Paper, request: Any) -> object:
        """The smaller paper is chosen; where several may be, it is ticked and the list comes again."""
        overlay = self.open_busy(paper)
        clock = QElapsedTimer()
        clock.start()

        def made(result: Paper | KioskError) -> None:
            if isValid(overlay):  # else the person would not wait
                wait = max(0, BUSY_MS - clock.elapsed())
                QTimer.singleShot(wait, overlay, lambda: overlay.close_with(result))

        self._stock.shrink(paper, request.max_bytes, made)
        result = overlay.wait()
        if isinstance(result, KioskError):
            self._failed(result.code)
            return self.open_fault(result).wait()
        if not isinstance(result, Paper):
            return result  # the person would not wait, or the visit is over
        if not request.multiple:
            return result.pdf
        self._ticked[result.paper_id] = result.pdf
        return self.open(request).wait() if len(self._stock.papers()) > 1 else result.pdf

    def open_busy(self, paper: Paper) -> Overlay:
        return self._put(lambda _card: self._busy(paper))

    def _busy(self, paper: Paper) -> Card:
        look, theme = self.look, self.look.theme
        bar = QProgressBar()
        bar.setRange(0, 0)
        body = column(label(look.say("ui.upload.shrinking"), "title", centre=True), gap=theme.space)
        middle = Qt.AlignmentFlag.AlignHCenter
        body.addWidget(Pictogram("document", theme.mm(24), theme.colours.accent), 0, middle)
        body.addWidget(label(paper.title, "strong", centre=True))
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
