"""A file of the person, picture or PDF, brought into the kiosk as pictures: a PDF is drawn page by page."""

import logging
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pypdfium2

from kioskcore.errors import KioskError
from scanner.files import PICTURES, disk_faults

logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)  # we answer with codes

MAX_PDF_PAGES = 60
MAX_BYTES = 300_000_000
"""Of one file; beyond it nobody's paper."""

_PDF_DPI = 300.0
_LEAST_PDF_DPI = 72.0
"""A page so large that less is left of it is nobody's paper: even of an A0 plan twice as much is."""

_MOST_PDF_PIXELS = 40_000_000
"""A3 at 300 dots per inch twice over; drawing takes 8 bytes a pixel of a small memory."""


def _nothing(file: Path) -> None:
    """There is nothing to do."""


def bring_all(
    files: Sequence[Path],
    into: Path,
    max_pixels: int,
    on_page: Callable[[Path], None],
    on_progress: Callable[[float], None],
    *,
    cancelled: threading.Event,
    before: Callable[[Path], None] = _nothing,
    after: Callable[[Path], None] = _nothing,
) -> None:
    """Each file in order; a spoilt one does not cost the others: its error comes at the end.

    `before` is called with each file, `after` with those whose pictures `on_page` took without an error: only
    they may be taken away. Raises SCAN-CANCELLED.
    """
    spoilt: list[KioskError] = []
    for number, file in enumerate(files):
        if cancelled.is_set():
            raise KioskError("SCAN-CANCELLED")
        try:
            before(file)
            for picture in bring_in(file, into, max_pixels):
                on_page(picture)
                on_progress((number + 1) / len(files))
            after(file)
        except KioskError as error:
            if not error.code.startswith(("IMAGE-", "PDF-")):
                raise
            spoilt.append(error)
    if spoilt:
        raise spoilt[0]


def bring_in(file: Path, into: Path, max_pixels: int) -> Iterator[Path]:
    """Copies of the pictures in `file`, made in `into` one by one; a PDF is drawn page by page.

    Raises IMAGE-EMPTY, -UNREADABLE, -TOO-LARGE, PDF-UNREADABLE, -LOCKED, -FORM, -TOO-LONG, DISK-FULL.
    """
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            start = stream.read(1024)
    except OSError as fault:
        raise KioskError("IMAGE-UNREADABLE") from fault
    if size == 0:
        raise KioskError("IMAGE-EMPTY")
    if size > MAX_BYTES:
        raise KioskError("IMAGE-TOO-LARGE")
    if b"%PDF-" in start:
        yield from _pdf_pages(file, into, max_pixels)
        return
    suffix = file.suffix.lower() if file.suffix.lower() in PICTURES else ".img"
    copy = into / f"folder-{secrets.token_hex(6)}{suffix}"
    try:
        with disk_faults():
            shutil.copyfile(file, copy)
    except OSError as fault:  # the stick was pulled out
        copy.unlink(missing_ok=True)
        raise KioskError("IMAGE-UNREADABLE") from fault
    except KioskError:
        copy.unlink(missing_ok=True)
        raise
    yield copy


def open_pdf(file: Path) -> pypdfium2.PdfDocument:
    """A PDF whose pages are drawn with what was entered in their fields: that is no part of the pages.

    Raises PDF-UNREADABLE, -LOCKED; PDF-FORM of an XFA form whose reader has to make the pages: in
    the file there is but one that asks to wait.
    """
    try:
        document = pypdfium2.PdfDocument(file)
    except OSError as fault:  # the stick was pulled out
        raise KioskError("PDF-UNREADABLE") from fault
    except pypdfium2.PdfiumError as fault:
        raise KioskError("PDF-LOCKED" if "password" in str(fault).lower() else "PDF-UNREADABLE") from fault
    try:
        if document.get_formtype() == pypdfium2.raw.FORMTYPE_XFA_FULL:
            raise KioskError("PDF-FORM")
        if len(document) == 0:
            raise KioskError("PDF-UNREADABLE")
        document.init_forms()  # before any page is asked for
    except pypdfium2.PdfiumError as fault:
        document.close()
        raise KioskError("PDF-UNREADABLE") from fault
    except KioskError:
        document.close()
        raise
    return document


def _pdf_pages(file: Path, into: Path, max_pixels: int) -> Iterator[Path]:
    document = open_pdf(file)
    try:
        if len(document) > MAX_PDF_PAGES:
            raise KioskError("PDF-TOO-LONG", limit=MAX_PDF_PAGES)
        for number in range(len(document)):
            yield _drawn(document, number, into, max_pixels)
    finally:
        document.close()


def _drawn(document: pypdfium2.PdfDocument, number: int, into: Path, max_pixels: int) -> Path:
    try:
        page = document[number]
        width, height = page.get_size()  # points
        dpi = _PDF_DPI
        if not (width > 0 and height > 0):
            raise KioskError("PDF-UNREADABLE")
        pixels = width * height * (dpi / 72) ** 2
        most = 0.99 * min(max_pixels, _MOST_PDF_PIXELS)  # sides are rounded up
        if pixels > most:
            dpi *= (most / pixels) ** 0.5
        if dpi < _LEAST_PDF_DPI:
            raise KioskError("IMAGE-TOO-LARGE", limit=max_pixels // 1_000_000)
        picture = page.render(scale=dpi / 72, fill_color=(255, 255, 255, 255)).to_pil()
        page.close()
    except pypdfium2.PdfiumError as fault:
        raise KioskError("PDF-UNREADABLE") from fault
    drawn = into / f"folder-{secrets.token_hex(6)}.png"
    try:
        with disk_faults():
            picture.convert("RGB").save(drawn, "PNG", compress_level=1, dpi=(dpi, dpi))
    except KioskError:
        drawn.unlink(missing_ok=True)
        raise
    return drawn
