"""Pictures and PDFs that lie in a folder: a scanner's own button, a USB stick, a phone's files.

Sources: "folder:" is the folder of the settings, whose files are taken away; "folder:/path" leaves them,
"/path" being folders or files with the system's path separator between. Names of files never leave this room.
"""

import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import FOLDER_NOT_SET, Device, DeviceKind, Probe, ScanJob
from scanner.files import disk_faults

PICTURES = frozenset(
    [".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".pnm", ".ppm", ".pgm", ".pbm"]
)
MAX_PDF_PAGES = 60
MAX_BYTES = 300_000_000
"""Of one file; beyond it nobody's paper."""

_SETTLE_SECONDS = 0.25
_PATIENCE_SECONDS = 10.0
_PDF_DPI = 300.0


class FolderBackend:
    name = "folder"

    def __init__(self, config: Scan) -> None:
        self._folder = Path(config.folder) if config.folder else None
        self._max_pixels = config.max_megapixels * 1_000_000
        self._cancelled = threading.Event()

    def probe(self) -> Probe:
        if self._folder is None:
            return Probe(self.name, False, "SCAN-NO-DEVICE", FOLDER_NOT_SET)
        there = self._folder.is_dir() and os.access(self._folder, os.R_OK | os.W_OK)
        return Probe(self.name, there, None if there else "SCAN-NO-DEVICE")

    def devices(self) -> list[Device]:
        return [Device(f"{self.name}:", DeviceKind.FOLDER, "")] if self.probe().ok else []

    def scan(
        self,
        job: ScanJob,
        folder: Path,
        on_page: Callable[[Path], None],
        on_progress: Callable[[float], None],
    ) -> None:
        """Every file, by name. A spoilt one does not cost the others: its error comes at the end.

        Raises IMAGE-*, PDF-*, SCAN-NO-DEVICE (no such folder), SCAN-NO-PAPER (nothing in it).
        """
        self._cancelled.clear()
        rest = job.source.partition(":")[2]
        files = self._files(rest)
        if not files:
            raise KioskError("SCAN-NO-PAPER")
        spoilt: list[KioskError] = []
        for number, file in enumerate(files):
            if self._cancelled.is_set():
                raise KioskError("SCAN-CANCELLED")
            try:
                for picture in bring_in(file, folder, self._max_pixels, self._settled):
                    on_page(picture)
                    on_progress((number + 1) / len(files))
            except KioskError as error:
                if not error.code.startswith(("IMAGE-", "PDF-")):
                    raise
                spoilt.append(error)
            if not rest:
                file.unlink(missing_ok=True)
        if spoilt:
            raise spoilt[0]

    def cancel(self) -> None:
        self._cancelled.set()

    def _files(self, rest: str) -> list[Path]:
        if not rest:
            places = [self._folder] if self._folder else []
        else:
            places = [Path(part) for part in rest.split(os.pathsep) if part]
        files: list[Path] = []
        for place in places:
            if place.is_dir():
                files += sorted(file for file in place.iterdir() if _ours(file))
            elif place.is_file():
                files.append(place)
        if not any(place.exists() for place in places):
            raise KioskError("SCAN-NO-DEVICE")
        return files

    def _settled(self, file: Path) -> None:
        """Waits until the writer of the file has finished: its size and time stand still."""
        end = time.monotonic() + _PATIENCE_SECONDS
        before = _stamp(file)
        if time.time() - before[1] > 2 and before[0]:
            return
        while time.monotonic() < end:
            if self._cancelled.wait(_SETTLE_SECONDS):
                raise KioskError("SCAN-CANCELLED")
            now = _stamp(file)
            if now == before:
                return
            before = now
        raise KioskError("IMAGE-UNREADABLE")


def empty_drop_folder(config: Scan) -> int:
    """Remove the pictures that a person dropped and never took up; the number of them. Owed by each visit."""
    folder = Path(config.folder) if config.folder else None
    left = [file for file in folder.iterdir() if _ours(file)] if folder and folder.is_dir() else []
    for file in left:
        file.unlink(missing_ok=True)
    return len(left)


def bring_in(
    file: Path, into: Path, max_pixels: int, settled: Callable[[Path], None] | None = None
) -> Iterator[Path]:
    """Copies of the pictures in `file`, made in `into` one by one; a PDF is drawn page by page.

    Raises IMAGE-EMPTY, -UNREADABLE, -TOO-LARGE, PDF-UNREADABLE, -LOCKED, -TOO-LONG, DISK-FULL.
    """
    try:
        if settled:
            settled(file)
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


def _pdf_pages(file: Path, into: Path, max_pixels: int) -> Iterator[Path]:
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as fault:
        raise KioskError("PDF-LOCKED" if "password" in str(fault).lower() else "PDF-UNREADABLE") from fault
    try:
        if len(document) > MAX_PDF_PAGES:
            raise KioskError("PDF-TOO-LONG", limit=MAX_PDF_PAGES)
        if len(document) == 0:
            raise KioskError("PDF-UNREADABLE")
        for number in range(len(document)):
            yield _drawn(document, number, into, max_pixels)
    finally:
        document.close()


def _drawn(document: pypdfium2.PdfDocument, number: int, into: Path, max_pixels: int) -> Path:
    try:
        page = document[number]
        width, height = page.get_size()  # points
        dpi = _PDF_DPI
        pixels = width * height * (dpi / 72) ** 2
        if pixels > max_pixels:
            dpi *= (max_pixels / pixels) ** 0.5
        if not (width > 0 and height > 0 and dpi >= 1):
            raise KioskError("PDF-UNREADABLE")
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


def _ours(file: Path) -> bool:
    name = file.name
    return file.suffix.lower() in PICTURES | {".pdf"} and not name.startswith((".", "~")) and file.is_file()


def _stamp(file: Path) -> tuple[int, float]:
    try:
        found = file.stat()
    except OSError as fault:
        raise KioskError("IMAGE-UNREADABLE") from fault
    return found.st_size, found.st_mtime
