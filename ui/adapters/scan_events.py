"""A `ScanListener`: calls made on a thread of the scan service come out as signals on the GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal

from kioskcore.errors import KioskError
from kioskcore.ports import Device, Offer, Page, Paper, Preview
from ui.screens.scan import ScanScreen


class ScanEvents(QObject):
    """Signals in the order of the calls. Queued always: the service may hold a lock while it tells.

    Of live pictures only the newest is shown: while the window is busy they must not pile up before it.
    """

    found = Signal(object)
    laid_out = Signal(object)
    seen = Signal()
    progressed = Signal(float)
    came = Signal(object)
    finished = Signal(int)
    made = Signal(object)
    fit_came = Signal(object)  # Paper or KioskError; for the page's file box, not for the scan screen
    broke = Signal(object)

    _newest: Preview | None = None

    def feed(self, screen: ScanScreen) -> None:
        queued = Qt.ConnectionType.QueuedConnection

        def show_newest() -> None:
            newest, self._newest = self._newest, None
            if newest is not None:
                screen.previewed(newest)

        self.found.connect(screen.devices_found, queued)
        self.laid_out.connect(screen.offers_came, queued)
        self.seen.connect(show_newest, queued)
        self.progressed.connect(screen.progressed, queued)
        self.came.connect(screen.page_came, queued)
        self.finished.connect(screen.scan_finished, queued)
        self.made.connect(screen.paper_made, queued)
        self.broke.connect(screen.failed, queued)

    def devices(self, found: Sequence[Device]) -> None:
        self.found.emit(list(found))

    def offers(self, found: Sequence[Offer]) -> None:
        self.laid_out.emit(list(found))

    def preview(self, preview: Preview) -> None:
        waiting, self._newest = self._newest, preview
        if waiting is None:
            self.seen.emit()

    def progress(self, fraction: float) -> None:
        self.progressed.emit(fraction)

    def page(self, page: Page) -> None:
        self.came.emit(page)

    def scanned(self, count: int) -> None:
        self.finished.emit(count)

    def paper(self, paper: Paper) -> None:
        self.made.emit(paper)

    def fitted(self, result: Paper | KioskError) -> None:
        self.fit_came.emit(result)

    def failed(self, error: KioskError) -> None:
        self.broke.emit(error)
