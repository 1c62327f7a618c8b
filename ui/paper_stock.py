"""The finished papers of the visit for a page's file box, which may want them smaller than they are."""

from collections import deque
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt

from kioskcore.errors import KioskError
from kioskcore.ports import Paper, ScanService
from ui.adapters.scan_events import ScanEvents
from ui.scan_desk import ScanDesk

Shrunk = Callable[[Paper | KioskError], None]


class PaperStock(QObject):
    """A paper is made smaller from its cleaned pages, never from its PDF, and under a name of its own.

    The page may have the first file in another box, and a file that changes there cannot be sent any more.
    """

    def __init__(self, desk: ScanDesk, service: ScanService, events: ScanEvents) -> None:
        super().__init__(events)
        self._desk, self._service = desk, service
        self._asked: deque[tuple[Paper, int, Shrunk]] = deque()
        self._made: list[tuple[Paper, int, Paper]] = []
        events.fitted.connect(self._came, Qt.ConnectionType.QueuedConnection)

    def papers(self, limit: int = 0) -> Sequence[Paper]:
        """In the order of the list; what was made smaller for `limit` (bytes, 0: none) is in its place."""
        return [self._fitting(paper, limit) for paper in self._desk.papers]

    def shrink(self, paper: Paper, limit: int, then: Shrunk) -> None:
        """`then` gets the smaller paper, or why there is none: PAPER-TOO-BIG, PAPER-NOT-SHRUNK."""
        wanted = next((one for one in self._desk.wanted if one.made(paper)), None)
        if wanted is None:
            then(KioskError("PAPER-NOT-SHRUNK"))
            return
        self._asked.append((paper, limit, then))
        name = f"{paper.paper_id}-{limit // 1000}kb"
        self._service.shrink(name, paper.title, wanted.pages_of(paper), limit, wanted.card_purpose)

    def _fitting(self, paper: Paper, limit: int) -> Paper:
        """Told apart by identity: a paper that was scanned anew looks the same but for its pages."""
        if not limit or paper.size_bytes <= limit:
            return paper
        return next((small for of, at, small in self._made if of is paper and at == limit), paper)

    def _came(self, result: Paper | KioskError) -> None:
        """Answers come in the order of the requests."""
        paper, limit, then = self._asked.popleft()
        if isinstance(result, Paper):
            self._made.append((paper, limit, result))
        elif result.code != "PAPER-TOO-BIG":
            result = KioskError("PAPER-NOT-SHRUNK")
        then(result)
