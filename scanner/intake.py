"""From one raw picture file to cleaned `Page`s in the scan folder; also the papers made of them."""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode, FileKind, Page, Paper
from scanner.clean.arrays import Array, shrink
from scanner.clean.finder.find import Found
from scanner.clean.page import CleanPage, clean_page, with_another
from scanner.clean.papers.beside import find_beside, in_reading_order
from scanner.files import disk_faults, write_whole
from scanner.paper import PaperMaker, unheard
from scanner.pictures import Picture, read_pages, read_picture
from scanner.protocol import CleanRequest, Leaf, PaperRequest
from scanner.sheet.codecs import with_dpi

PREVIEW_PIXELS = 1200
"""Long side of a preview."""

_RAW_QUALITY = 95
_PREVIEW_QUALITY = 82
_LEAST_SIDE = 48
"""Pixels: nothing can be read in less."""


def _unseen(picture: Path) -> None:
    """Nobody looks before the page is clean."""


class Intake:
    """Works in one folder. Errors are KioskError IMAGE-*, PAPER- and PAGE-TOO-BIG, SCAN-MEMORY, DISK-FULL."""

    def __init__(self, folder: Path, settings: Scan) -> None:
        self._folder = folder
        self._settings = settings
        self._max_megapixels = settings.max_megapixels

    def take(self, file: Path, tone: ColourMode, on_raw: Callable[[Path], None] = _unseen) -> Iterator[Page]:
        """Clean every paper of every picture in `file`, which is removed; the raw picture is kept compressed.

        A feeder's uncompressed pages would fill the memory of a small machine. `on_raw` is told of each
        page as it came, a small picture, before the page is clean.
        """
        pages: list[Page] = []
        try:
            for picture in read_pages(file, self._max_megapixels):
                _refuse_tiny(picture.image)
                pages = self._new(picture, tone, on_raw)
                while pages:
                    yield pages.pop(0)
        finally:
            for page in pages:  # nobody was told of them
                self.forget(page.page_id)
            file.unlink(missing_ok=True)

    def forget(self, page_id: str) -> None:
        """Remove the files of a page that nobody was told of."""
        for file in self._folder.glob(f"{page_id}-*"):
            file.unlink(missing_ok=True)

    def again(self, request: CleanRequest) -> Page:
        """The raw page once more, by the person's corners, turn and tone. The files keep their names."""
        raw = self._folder / request.raw
        picture = next(iter(read_pages(raw, self._max_megapixels)))
        with _one_picture():
            cleaned = clean_page(
                picture.image,
                dpi=picture.dpi,
                tone=request.tone,
                corners=request.corners,
                turn_degrees=request.turn_degrees,
            )
        return self._keep(request.page_id, raw, cleaned)

    def paper(self, request: PaperRequest, on_progress: Callable[[float], None] = unheard) -> Paper:
        """One PDF of the pages, within the budget; with `request.part` in parts where it must be.

        Of another `request.kind`: the one page as a picture, which is its own preview.
        """
        maker = PaperMaker(self._folder, self._settings, on_progress)
        if request.kind is not FileKind.PDF:
            picture = self._folder / f"{request.paper_id}.{request.kind}"
            size = maker.page_picture(request, picture)
            return Paper(request.paper_id, request.title, picture, 1, size, picture)

        def titled(number: int, _total: int) -> str:
            return f"{request.title} {(request.part or '').replace('#', str(number))}"

        if request.part is None:
            whole = self._folder / f"{request.paper_id}.pdf"
            made = [(whole, maker.one(request, whole))]
        else:
            made = maker.parts(request, self._folder / f"{request.paper_id}.part.pdf", titled)
        first, papers = 0, []
        for number, (pdf, report) in enumerate(made, 1):
            name = request.paper_id if number == 1 else f"{request.paper_id}-part{number}"
            title = titled(number, len(made)) if len(made) > 1 else request.title
            preview = self._keep_preview(name, request.leaves[first])
            pages = len(report.page_bytes)
            papers.append(Paper(name, title, pdf, pages, report.total_bytes, preview))
            first += pages
        return replace(papers[0], rest=tuple(papers[1:]))

    def _keep_preview(self, name: str, leaf: Leaf) -> Path:
        """A small picture of the leaf that stands for a file."""
        seen = read_picture(self._folder / leaf.clean, self._max_megapixels)
        return write_whole(self._folder / f"{name}-preview.jpg", preview(seen))

    def _new(self, picture: Picture, tone: ColourMode, on_raw: Callable[[Path], None]) -> list[Page]:
        """The papers of a picture in reading order, each a page of its own with the whole raw picture."""
        page_id = _page_id()
        made: list[Page] = []
        try:
            before = self._folder / f"{page_id}-before.jpg"
            on_raw(write_whole(before, preview(picture.image)))  # first of all: somebody waits for a sign
            with ThreadPoolExecutor(1) as side:  # the raw picture is compressed while it is being cleaned
                raw = side.submit(self._keep_raw, page_id, picture)
                with _one_picture():
                    cleaned = clean_page(picture.image, dpi=picture.dpi, coarse=picture.coarse, tone=tone)
                    first = _found(cleaned)
                    beside = find_beside(
                        picture.image, first, dpi=picture.dpi, laid=cleaned.laid, look=cleaned.look
                    )
                    papers = in_reading_order([first, *beside.pages])
                for found in papers:
                    if found is first:
                        told = with_another(cleaned, beside.maybe)
                        made.append(self._keep(page_id, raw.result(), told))
                        continue
                    with _one_picture():
                        other = clean_page(
                            picture.image, dpi=picture.dpi, coarse=picture.coarse, tone=tone, corners=found
                        )
                    made.append(self._beside(raw.result(), before, other))
        except BaseException:  # whatever it was, nothing half-made may stay; it goes on its way
            for each in (page_id, *(page.page_id for page in made)):
                self.forget(each)
            raise
        return [replace(page, scale=picture.scale) for page in made]

    def _beside(self, raw: Path, before: Path, cleaned: CleanPage) -> Page:
        """One more paper of a picture; its files are its own, so that each page may go without the others."""
        page_id = _page_id()
        try:
            write_whole(self._folder / f"{page_id}-before.jpg", before.read_bytes())
            own = write_whole(self._folder / f"{page_id}-raw.jpg", raw.read_bytes())
            return self._keep(page_id, own, cleaned)
        except BaseException:  # as above
            self.forget(page_id)
            raise

    def _keep_raw(self, page_id: str, picture: Picture) -> Path:
        raw = self._folder / f"{page_id}-raw.jpg"
        return write_whole(raw, _jpeg(picture.image, _RAW_QUALITY, picture.dpi))

    def _keep(self, page_id: str, raw: Path, cleaned: CleanPage) -> Page:
        clean = self._folder / f"{page_id}-clean.png"
        before = self._folder / f"{page_id}-before.jpg"
        after = self._folder / f"{page_id}-after.jpg"
        with ThreadPoolExecutor(1) as side:
            whole = side.submit(lambda: write_whole(clean, _png(cleaned.image)))
            write_whole(after, preview(cleaned.image))
            whole.result()
        return Page(
            page_id=page_id,
            raw=raw,
            clean=clean,
            raw_preview=before,
            clean_preview=after,
            width_mm=float(cleaned.width_mm),
            height_mm=float(cleaned.height_mm),
            corners=cleaned.corners,
            confidence=float(cleaned.confidence),
            skew_degrees=float(cleaned.skew_degrees),
            turn_degrees=int(cleaned.turn_degrees),
            mode=cleaned.mode,
            verdicts=tuple(cleaned.verdicts),
            milliseconds={stage: round(float(spent), 1) for stage, spent in cleaned.milliseconds.items()},
            places=dict(cleaned.places),
        )


def _found(cleaned: CleanPage) -> Found:
    return Found(None if cleaned.corners is None else np.array(cleaned.corners), cleaned.confidence)


def _refuse_tiny(image: Array) -> None:
    if min(image.shape[:2]) < _LEAST_SIDE:
        raise KioskError("IMAGE-TOO-SMALL")


@contextmanager
def _one_picture() -> Iterator[None]:
    """What cleaning stumbles over is IMAGE-UNREADABLE, and costs this picture alone; SCAN-MEMORY too.

    Nobody can foresee every picture; the others keep their pages.
    """
    try:
        yield
    except (cv2.error, MemoryError) as fault:
        if isinstance(fault, MemoryError) or _is_memory(fault):
            raise KioskError("SCAN-MEMORY") from fault
        raise KioskError("IMAGE-UNREADABLE") from fault
    except (ValueError, ArithmeticError, LookupError) as fault:
        raise KioskError("IMAGE-UNREADABLE") from fault


def _is_memory(fault: cv2.error) -> bool:
    return "nsufficient memory" in str(fault) or "Failed to allocate" in str(fault)


def _page_id() -> str:
    return f"p{secrets.token_hex(6)}"


def in_kiosk_words(work: Callable[[], None]) -> None:
    """Run; what the libraries raise when memory or disk ends becomes SCAN-MEMORY or DISK-FULL."""
    try:
        with disk_faults():
            work()
    except MemoryError as fault:
        raise KioskError("SCAN-MEMORY") from fault
    except cv2.error as fault:
        if _is_memory(fault):
            raise KioskError("SCAN-MEMORY") from fault
        raise


def _png(image: Array) -> bytes:
    """Lossless: the sheet compresses once only. White paper is runs, for which alone is looked."""
    quick = [
        cv2.IMWRITE_PNG_COMPRESSION, 1,
        cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE,
        cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE,
    ]  # fmt: skip
    return _encoded(".png", image, quick)


def preview(image: Array) -> bytes:
    """The first sight of a picture: a JPEG, its long side at most PREVIEW_PIXELS.

    By exact halves and at last by a linear step, which takes a tenth of the time of a mean over areas.
    """
    small, _ = shrink(image, PREVIEW_PIXELS, cv2.INTER_LINEAR)
    return _encoded(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _PREVIEW_QUALITY])


def _encoded(kind: str, image: Array, options: list[int]) -> bytes:
    good, content = cv2.imencode(kind, image, options)
    if not good:
        raise KioskError("IMAGE-UNREADABLE")
    return content.tobytes()


def _jpeg(image: Array, quality: int, dpi: float | None) -> bytes:
    """Without loss of colour detail, and with its resolution, which must travel with the picture."""
    fine = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111]
    content = _encoded(".jpg", image, fine)
    return with_dpi(content, dpi) if dpi else content
