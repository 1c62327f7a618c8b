"""A scan service that plays a script, and a counter that remembers: the ports as tests hold them."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage, QTransform

from kioskcore.errors import KioskError
from kioskcore.ports import Device, DeviceKind, FileKind, Measure, Offer, Page, Preview, ScanJob, ScanListener
from ui.samples import draw_page, sample_page, sample_paper

SCANNER = Device("sane:test:0", DeviceKind.SCANNER, "Máy quét mẫu")
FOLDER = Device("folder:/x", DeviceKind.FOLDER, "Thư mục")


class PlayedScan:
    """Answers from its own thread, as the real one does. `script`: for each scan, pages or an error code."""

    def __init__(
        self, folder: Path, script: Sequence[int | str] = (), devices: Sequence[Device] = (SCANNER,)
    ) -> None:
        self.folder, self.script, self.found = folder, list(script), list(devices)
        self.jobs: list[ScanJob] = []
        self.cancelled = self.closed = False
        self.pages = self.pressed = 0
        self.too_big = ""  # "whole", "in parts too", "one page": what make_paper answers
        self.refused: list[str] = []  # why files of the stick cannot be opened
        self.previews: list[Preview] = []  # what each scan shows before its pages come
        self.sizes: list[tuple[float, float]] = []  # of the pages to come; then A4
        self.verdicts: list[tuple[str, ...]] = []  # of the pages to come
        self.hold = threading.Event()
        self.hold.set()
        self._threads: list[threading.Thread] = []
        sample_page(folder, 1)

    def start(self, listener: ScanListener) -> None:
        self.listener = listener

    def find_devices(self) -> None:
        self._later(self.listener.devices, self.found)

    def look(self, source: str) -> None:
        """Three files of the stick; the last is a PDF of two pages."""
        draw = [draw_page(self.folder / f"offer-{n}.png", clean=False) for n in range(3)]
        offers = [Offer(f"k{n}", file, 1 + n // 2) for n, file in enumerate(draw)]
        offers += [Offer("", Path(), fault=code) for code in self.refused]
        self._later(self.listener.offers, offers)

    def press(self) -> None:
        self.pressed += 1
        self.hold.set()

    def scan(self, job: ScanJob) -> None:
        self.jobs.append(job)
        answer = self.script.pop(0) if self.script else 1
        self._later(self._play, answer)

    def _play(self, answer: int | str) -> None:
        self.listener.progress(0.3)
        for preview in self.previews:
            self.listener.preview(preview)
        self.hold.wait(10)
        if self.cancelled:
            self.cancelled = False
            self.listener.failed(KioskError("SCAN-CANCELLED"))
        elif isinstance(answer, str):
            self.listener.failed(KioskError(answer))
        else:
            for _ in range(answer):
                self.pages += 1
                self.listener.page(self._page(self.pages))
            self.listener.scanned(answer)

    def _page(self, number: int) -> Page:
        raw, clean = self.folder / "raw-1.png", self.folder / "clean-1.png"
        width, height = self.sizes.pop(0) if self.sizes else (210.0, 297.0)
        verdicts = self.verdicts.pop(0) if self.verdicts else ()
        return Page(f"page-{number}", raw, clean, raw, clean, width, height, verdicts=verdicts)

    def cancel(self) -> None:
        self.cancelled = True
        self.hold.set()

    def clean_again(self, page: Page, corners: Any = None, turn_degrees: int = 0, tone: Any = None) -> None:
        self._later(self._clean_again, page, corners, turn_degrees)

    def _clean_again(self, page: Page, corners: Any, turn_degrees: int) -> None:
        """As the real one: the file keeps its name, the picture in it is another."""
        self.hold.wait(10)
        if self.script and isinstance(self.script[0], str):
            self.listener.failed(KioskError(str(self.script.pop(0))))
            return
        turned = QImage(str(page.clean_preview)).transformed(QTransform().rotate(turn_degrees))
        turned.save(str(page.clean_preview))
        turn = (page.turn_degrees + turn_degrees) % 360
        self.listener.page(replace(page, turn_degrees=turn, corners=corners or page.corners))

    def make_paper(
        self,
        paper_id: str,
        title: str,
        pages: Sequence[Page],
        budget_bytes: int,
        card_purpose: str | None = None,
        *,
        part: str | None = None,
    ) -> None:
        self.budget, self.purpose, self.made_of = budget_bytes, card_purpose, [p.page_id for p in pages]
        if self.too_big and (part is None or self.too_big != "whole"):
            code = "PAGE-TOO-BIG" if self.too_big == "one page" else "PAPER-TOO-BIG"
            facts = {"page": len(pages), "pages": str(len(pages)), "least_size": "7 MB", "limit_size": "6 MB"}
            fault = KioskError(code, size=7_000_000, **facts)
            self._later(self.listener.failed, fault)
            return
        self.made = sample_paper(self.folder, paper_id, title, len(pages))
        if part is not None:
            names = [f"{title} {part.replace('#', str(number))}" for number in (1, 2)]
            two = [sample_paper(self.folder, f"{paper_id}{n}", name, 1) for n, name in enumerate(names)]
            self.made = replace(two[0], paper_id=paper_id, rest=(two[1],))
        self._later(self.listener.paper, self.made)

    def fit(
        self,
        paper_id: str,
        title: str,
        pages: Sequence[Page],
        budget_bytes: int,
        card_purpose: str | None = None,
        *,
        kind: FileKind = FileKind.PDF,
    ) -> None:
        """The script's next error, or a paper of just the budget."""
        self.purpose, self.made_of = card_purpose, [p.page_id for p in pages]
        self.kind, self.budget_asked = kind, budget_bytes
        answer: Any = replace(sample_paper(self.folder, paper_id, title, len(pages)), size_bytes=budget_bytes)
        if self.script and isinstance(self.script[0], str):
            answer = KioskError(str(self.script.pop(0)), least_size="2.1 MB", limit_size="1 MB")
        self._later(self._fit, answer)

    def _fit(self, answer: Any) -> None:
        self.hold.wait(10)
        self.listener.fitted(answer)

    def close(self) -> None:
        self.closed = True
        self.hold.set()
        for thread in self._threads:
            thread.join(5)

    def _later(self, call: Any, *what: Any) -> None:
        thread = threading.Thread(target=call, args=what)
        self._threads.append(thread)
        thread.start()


class Remembered:
    """A `VisitCounter` whose counts can be looked at: "measure:detail" -> how often."""

    notice: str | None = None

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str]] = []
        self.started = False

    def start(self) -> None:
        self.started = True

    def add(self, measure: Measure, *, procedure: str, mode: str, detail: str = "", number: int = 1) -> None:
        self.rows.append((f"{measure}:{detail}" if detail else str(measure), procedure, mode))

    def close(self) -> None: ...

    def names(self) -> list[str]:
        return [name for name, _, _ in self.rows]
