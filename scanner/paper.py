"""The cleaned pages of a paper as one PDF within the budget, or as several, each within it and named so.

For a file box that takes no PDF, one page as a picture within the budget.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode
from scanner.clean.arrays import Array, grey_of
from scanner.files import PART, disk_faults, write_whole
from scanner.pictures import read_picture
from scanner.protocol import Leaf, PaperRequest
from scanner.sheet import SheetPage, SheetReport, card_face, card_sheet, picture_bytes, write_pdf
from scanner.sheet.card import MOST_SIDES
from scanner.sheet.text import PAGE_SECONDS, Reader

Titled = Callable[[int, int], str]
"""The title of part `number` (from 1) of `total`."""


def unheard(fraction: float) -> None:
    """Nobody waits for the progress."""


class PaperMaker:
    """Makes one paper of the files of `folder`. Raises PAPER- and PAGE-TOO-BIG, IMAGE-*, DISK-FULL.

    Progress is told with each page, so that a long dossier is not taken for a dead child.
    """

    def __init__(
        self, folder: Path, settings: Scan, on_progress: Callable[[float], None] = unheard
    ) -> None:
        self._folder, self._most = folder, settings.max_megapixels
        self._on_progress = on_progress
        patience = settings.deadline_seconds / 4  # far from the silence for which a child is killed
        self._reader = Reader(min(patience, PAGE_SECONDS)) if settings.text_layer else None

    def one(self, request: PaperRequest, pdf: Path) -> SheetReport:
        """All leaves in one whole `pdf`."""
        return self._written(self._sheets(request), request, pdf)

    def parts(self, request: PaperRequest, out: Path, titled: Titled) -> list[tuple[Path, SheetReport]]:
        """`out` alone where the paper fits, else OUT-1.pdf, OUT-2.pdf ... in as few even parts as fit.

        Raises PAGE-TOO-BIG where even one page alone is too big, and then leaves no part behind.
        """
        sheets = self._sheets(request)
        try:
            return [(out, self._written(sheets, request, out))]
        except KioskError as error:
            if error.code != "PAPER-TOO-BIG":
                raise
            too_big, total = error, max(2, math.ceil(int(error.facts["size"]) / request.budget_bytes))
        for count in range(total, len(sheets) + 1):
            made: list[tuple[Path, SheetReport]] = []
            files = [out.with_name(f"{out.stem}-{number}{out.suffix}") for number in range(1, count + 1)]
            try:
                for number, file in enumerate(files, 1):
                    first = len(sheets) * (number - 1) // count
                    part = sheets[first : len(sheets) * number // count]
                    asked = replace(request, title=titled(number, count))
                    made.append((file, self._written(part, asked, file, first + 1)))
                return made
            except KioskError as error:
                for file, _ in made:
                    file.unlink(missing_ok=True)
                if error.code != "PAPER-TOO-BIG":
                    raise
                too_big = error
        raise too_big

    def _sheets(self, request: PaperRequest) -> list[SheetPage]:
        sheets: list[SheetPage] = [
            _StoredPage(self, leaf, number / len(request.leaves))
            for number, leaf in enumerate(request.leaves)
        ]
        if request.card_purpose is None:
            return sheets
        if len(sheets) > MOST_SIDES:
            raise KioskError("CARD-TOO-MANY", most=MOST_SIDES, pages=len(sheets))
        sheet = card_sheet([_lying(side.image) for side in sheets], purpose=request.card_purpose)
        return [replace(sheet, text=self.words("card", lambda: sheet.image, sheet.width_mm))]

    def _written(
        self, sheets: list[SheetPage], request: PaperRequest, pdf: Path, first: int = 1
    ) -> SheetReport:
        """`first`: the number of the first of them, as errors name it."""
        part = pdf.with_name(pdf.name + PART)
        try:
            with disk_faults():
                report = write_pdf(
                    sheets, part, title=request.title, budget_bytes=request.budget_bytes, first=first
                )
                part.replace(pdf)
        finally:
            part.unlink(missing_ok=True)
        return report

    def page_picture(self, request: PaperRequest, file: Path) -> int:
        """The one leaf as a JPEG or PNG `file`, the side of a card as on its sheet; its bytes."""
        page: SheetPage = _StoredPage(self, request.leaves[0], 0.0)
        if request.card_purpose is not None:
            page = card_face(_lying(page.image), purpose=request.card_purpose)
        content = picture_bytes(page, request.kind, budget_bytes=request.budget_bytes)
        write_whole(file, content)
        return len(content)

    def picture(self, name: str, fraction: float) -> Array:
        self._on_progress(fraction)
        return read_picture(self._folder / name, self._most)

    def words(self, name: str, picture: Callable[[], Array], width_mm: float) -> bytes:
        return self._reader.read(name, picture, width_mm) if self._reader else b""


class _StoredPage(SheetPage):
    """A page whose picture is read when the sheet asks for it: sixty at once would fill the memory."""

    _maker: PaperMaker
    _name: str
    _fraction: float

    def __init__(self, maker: PaperMaker, leaf: Leaf, fraction: float) -> None:
        kept = {"width_mm": leaf.width_mm, "height_mm": leaf.height_mm, "mode": leaf.mode}
        for name, value in {**kept, "_maker": maker, "_name": leaf.clean, "_fraction": fraction}.items():
            object.__setattr__(self, name, value)

    @property
    def image(self) -> Array:
        seen = self._maker.picture(self._name, self._fraction)
        return seen if self.mode is ColourMode.COLOUR else grey_of(seen)

    @property
    def text(self) -> bytes:
        return self._maker.words(self._name, lambda: self.image, self.width_mm)


def _lying(side: Array) -> Array:
    """A card lies; one that was scanned standing is laid down."""
    return cv2.rotate(side, cv2.ROTATE_90_COUNTERCLOCKWISE) if side.shape[0] > side.shape[1] else side
