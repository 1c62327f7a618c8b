"""Turns what a page wants to print into a PDF in the visit's folder; nothing goes to a printer from here."""

import secrets
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QTimer, Signal
from PySide6.QtWebEngineCore import QWebEngineFrame, QWebEnginePage

from portal.webview.watch import Budget

PRINTS_A_MINUTE = 3
MOST_BYTES = 30_000_000
_LONGEST_MS = 20_000


class Printing(QObject):
    """`came(file)`: the page, or one frame of it, lies in `folder` as a PDF.

    More than a few a minute are dropped: a page that prints in a loop must not bury the person in sheets.
    """

    came = Signal(object)  # Path
    failed = Signal()

    def __init__(self, page: QWebEnginePage, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._page, self._folder = page, folder
        self._budget = Budget(PRINTS_A_MINUTE, 60.0)
        self._turn = 0  # of the drawing that is awaited; 0: none is
        self.listen(page)

    def listen(self, page: QWebEnginePage) -> None:
        """Another page is printed from, too, within the same few a minute."""
        page.printRequested.connect(lambda: self._draw(page))
        page.printRequestedByFrame.connect(self._draw)

    def _draw(self, what: QWebEnginePage | QWebEngineFrame) -> None:
        if self._turn or not self._budget.take():
            return
        self._turn = turn = secrets.randbits(62) | 1
        # A renderer that dies while it draws never answers.
        QTimer.singleShot(_LONGEST_MS, self, lambda: self._drawn(turn, QByteArray()))
        what.printToPdf(lambda pdf: self._drawn(turn, pdf))

    def _drawn(self, turn: int, pdf: QByteArray) -> None:
        if turn != self._turn:
            return
        self._turn = 0
        if not 0 < pdf.size() <= MOST_BYTES:
            self.failed.emit()
            return
        file = self._folder / f"{secrets.token_hex(8)}.pdf"
        try:
            file.write_bytes(pdf.data())
        except OSError:
            file.unlink(missing_ok=True)
            self.failed.emit()
            return
        self.came.emit(file)
