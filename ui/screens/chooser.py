"""The upload chooser: when the portal asks for a file, the person picks a picture of a paper just scanned."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from kioskcore.errors import KioskError
from kioskcore.ports import Paper
from ui.look import Look
from ui.screens.scan_list import megabytes
from ui.widgets.blocks import column, label
from ui.widgets.buttons import ActionButton
from ui.widgets.faults import fault_panel
from ui.widgets.overlay import Overlay

_PDF = (".pdf", "application/pdf", "application/*", "*/*", "*")


def takes_pdf(accept: Sequence[str]) -> bool:
    """Whether an upload box with this `accept` list takes PDF files; an empty list takes everything."""
    named = [kind.strip().lower() for kind in accept if kind.strip()]
    return not named or any(kind in _PDF for kind in named)


class UploadChooser:
    """`choose(request)` shows the card and waits. Returns the chosen PDFs, several if the box takes them."""

    def __init__(self, look: Look, window: QWidget, papers: Callable[[], Sequence[Paper]]) -> None:
        self.look, self._window, self._papers = look, window, papers
        self.overlay: Overlay | None = None
        self._ticked: dict[str, Path] = {}
        self._send: ActionButton | None = None

    def choose(self, request: Any) -> list[Path]:
        """`request`: the browser's UploadRequest. Empty list: cancelled."""
        answer = self.open(request).wait()
        self.overlay = None
        if isinstance(answer, Path):
            return [answer]
        return list(self._ticked.values()) if answer is True else []

    def open(self, request: Any) -> Overlay:
        """Show the card without waiting."""
        look, papers = self.look, self._papers()
        self._ticked, self._send = {}, None
        body = column(gap=look.theme.gap)
        if not takes_pdf(request.accept):
            body.addWidget(fault_panel(look, KioskError("PORTAL-FILE-TYPE")))
            papers = ()
        elif not papers:
            body.addWidget(label(look.say("ui.upload.none"), "title"))
            body.addWidget(label(look.say("ui.upload.scan_first")))
        else:
            body.addWidget(label(look.say("ui.upload.title"), "title"))
        several = request.multiple and len(papers) > 1
        for paper in papers:
            body.addWidget(self._tile(paper, request.max_bytes, several))
        buttons = [ActionButton(look, look.say("ui.upload.cancel"), self.close, icon="close")]
        if several:
            words = look.say("ui.upload.send")
            self._send = ActionButton(look, words, lambda: self.close(True), kind="primary", icon="check")
            self._send.setObjectName("confirm")
            self._send.setEnabled(False)
            buttons.append(self._send)
        self.overlay = Overlay(self._window, look, body, buttons)
        self.overlay.show_over()
        return self.overlay

    def close(self, answer: object = None) -> None:
        if self.overlay is not None:
            self.overlay.close_with(answer)

    def _tick(self, paper: Paper, on: bool) -> None:
        self._ticked.pop(paper.paper_id, None)
        if on:
            self._ticked[paper.paper_id] = paper.pdf
        if self._send is not None:
            self._send.setEnabled(bool(self._ticked))

    def _tile(self, paper: Paper, limit: int, several: bool) -> ActionButton:
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
        if several:
            tile.toggled.connect(lambda on: self._tick(paper, on))
        return tile
