"""The finished papers of the visit for a page's file box, which may want them otherwise than they are."""

from collections import deque
from collections.abc import Callable, Sequence
from itertools import count

from PySide6.QtCore import QObject, Qt

from kioskcore.errors import KioskError
from kioskcore.ports import FileKind, Paper, ScanService
from ui.adapters.scan_events import ScanEvents
from ui.scan_desk import ScanDesk
from ui.scan_papers import PageOf, Wanted

Fitted = Callable[[Paper | KioskError], None]


class PaperStock(QObject):
    """What a box wants is made from cleaned pages, never from a PDF, and under a name of its own.

    The page may have the first file in another box, and a file that changes there cannot be sent any more.
    """

    def __init__(self, desk: ScanDesk, service: ScanService, events: ScanEvents, most_bytes: int) -> None:
        """`most_bytes`: of a picture for a site that names no limit."""
        super().__init__(events)
        self._desk, self._service, self._most = desk, service, most_bytes
        self._asked: deque[Fitted] = deque()
        self._smaller: list[tuple[Paper, int, Paper]] = []
        self._pictures = count(1)
        events.fit_came.connect(self._came, Qt.ConnectionType.QueuedConnection)

    def papers(self, limit: int = 0) -> Sequence[Paper]:
        """In the order of the list; what was made smaller for `limit` (bytes, 0: none) is in its place."""
        return [self._fitting(paper, limit) for paper in self._desk.papers]

    def pages(self) -> Sequence[PageOf]:
        """Every page of these papers; of a card its sides."""
        found = []
        for paper in self._desk.papers:
            wanted = self._wanted(paper)
            pages = wanted.pages_of(paper) if wanted is not None else []
            found += [PageOf(paper, page, number, len(pages)) for number, page in enumerate(pages, 1)]
        return found

    def shrink(self, paper: Paper, limit: int, then: Fitted) -> None:
        """`then` gets the smaller paper, or why there is none: PAPER-TOO-BIG, PAGE-TOO-BIG,
        PAPER-NOT-SHRUNK."""
        wanted = self._wanted(paper)
        if wanted is None:
            then(KioskError("PAPER-NOT-SHRUNK"))
            return

        def made(result: Paper | KioskError) -> None:
            if isinstance(result, Paper):
                self._smaller.append((paper, limit, result))
            elif result.code not in ("PAPER-TOO-BIG", "PAGE-TOO-BIG"):
                result = KioskError("PAPER-NOT-SHRUNK")
            then(result)

        self._asked.append(made)
        name = f"{paper.paper_id}-{limit // 1000}kb"
        self._service.fit(name, paper.title, wanted.pages_of(paper), limit, wanted.card_purpose)

    def picture(self, of: PageOf, kind: FileKind, limit: int, then: Fitted) -> None:
        """`then` gets the page as a picture of that kind, or PAPER-NOT-SHRUNK: one page cannot be split."""
        wanted = self._wanted(of.paper)
        if wanted is None:
            then(KioskError("PAPER-NOT-SHRUNK"))
            return

        def made(result: Paper | KioskError) -> None:
            then(result if isinstance(result, Paper) else KioskError("PAPER-NOT-SHRUNK"))

        self._asked.append(made)
        name, most = f"{of.paper.paper_id}-{next(self._pictures)}", min(limit or self._most, self._most)
        self._service.fit(name, of.paper.title, [of.page], most, wanted.card_purpose, kind=kind)

    def _wanted(self, paper: Paper) -> Wanted | None:
        return next((one for one in self._desk.wanted if one.made(paper)), None)

    def _fitting(self, paper: Paper, limit: int) -> Paper:
        """Told apart by identity: a paper that was scanned anew looks the same but for its pages."""
        if not limit or paper.size_bytes <= limit:
            return paper
        return next((small for of, at, small in self._smaller if of is paper and at == limit), paper)

    def _came(self, result: Paper | KioskError) -> None:
        """Answers come in the order of the requests."""
        self._asked.popleft()(result)
