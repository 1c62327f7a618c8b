"""A stick that the person brought: thumbnails of its pictures and PDFs, and copies of those chosen.

Sources: "usb:" to look, "usb:<key>,<key>" with keys of the last look to scan. Files are only ever read,
links are not followed, and names of files never leave this room.
"""

import ctypes
import os
import secrets
import stat
import string
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import cv2
import pypdfium2

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import Device, DeviceKind, Offer, Probe, ScanJob
from scanner.backends.folder import MAX_BYTES, MAX_PDF_PAGES, PICTURES, bring_in
from scanner.clean.arrays import Array
from scanner.files import write_whole
from scanner.pictures import read_picture

MOST_OFFERS = 60
MOST_ENTRIES = 20_000
"""Files and folders looked at; a stick with more is not searched to its end."""

DEEPEST = 4
"""Folders below the stick's root."""

LOOK_SECONDS = 25.0
THUMBNAIL_PIXELS = 320

_MOUNTS = Path("/proc/self/mounts")
_PLACES = ("/media/", "/run/media/")
_DRIVE_REMOVABLE = 2


class UsbBackend:
    name = "usb"

    def __init__(self, config: Scan) -> None:
        self._named = tuple(Path(folder) for folder in config.usb_folders)
        self._max_megapixels = config.max_megapixels
        self._found: dict[str, Path] = {}
        self._shown: list[Path] = []
        self._cancelled = threading.Event()

    def probe(self) -> Probe:
        """Whether a stick is in. The detail tells where it is looked for."""
        places = ", ".join(str(folder) for folder in self._named) or ", ".join(_system_places())
        there = bool(self._sticks())
        return Probe(self.name, there, None if there else "SCAN-NO-DEVICE", places)

    def devices(self) -> list[Device]:
        return [Device(f"{self.name}:", DeviceKind.USB, "")] if self._sticks() else []

    def offers(self, source: str, folder: Path, on_progress: Callable[[float], None]) -> list[Offer]:
        """The newest files first; one whose start is no picture is left out."""
        sticks = self._sticks()
        if not sticks:
            raise KioskError("SCAN-NO-DEVICE")
        self._forget()
        end = time.monotonic() + LOOK_SECONDS
        files = [file for stick in sticks for file in islice(walk(stick), MOST_ENTRIES)]
        files.sort(key=_newest_first)
        made: list[Offer] = []
        for number, file in enumerate(files):
            if len(made) == MOST_OFFERS or time.monotonic() > end:
                break
            on_progress(number / len(files))
            try:
                made.append(self._offer(file, folder))
            except (KioskError, OSError, pypdfium2.PdfiumError, cv2.error):
                continue  # not what its name says; nobody misses it among the thumbnails
        if not made:
            raise KioskError("SCAN-NO-PAPER")
        return made

    def scan(
        self,
        job: ScanJob,
        folder: Path,
        on_page: Callable[[Path], None],
        on_progress: Callable[[float], None],
    ) -> None:
        """The chosen files in the order of the keys. Raises IMAGE-*, PDF-*, SCAN-NO-PAPER, SCAN-NO-DEVICE."""
        self._cancelled.clear()
        keys = [key for key in job.source.partition(":")[2].split(",") if key]
        if not keys:
            raise KioskError("SCAN-NO-PAPER")
        files = [self._found.get(key) for key in keys]
        spoilt: list[KioskError] = []
        for number, file in enumerate(files):
            if self._cancelled.is_set():
                raise KioskError("SCAN-CANCELLED")
            if file is None or not _is_plain(file):
                raise KioskError("SCAN-NO-DEVICE")  # pulled out since, or another stick
            try:
                for picture in bring_in(file, folder, self._max_megapixels * 1_000_000):
                    on_page(picture)
            except KioskError as error:
                if not error.code.startswith(("IMAGE-", "PDF-")):
                    raise
                spoilt.append(error)
            on_progress((number + 1) / len(files))
        if spoilt:
            raise spoilt[0]

    def cancel(self) -> None:
        self._cancelled.set()

    def _offer(self, file: Path, folder: Path) -> Offer:
        key = secrets.token_hex(5)
        pages = 1
        with file.open("rb") as stream:
            is_pdf = b"%PDF-" in stream.read(1024)
        if is_pdf:
            image, pages = _first_page(file)
        else:
            image = read_picture(file, self._max_megapixels)
        scale = min(1.0, THUMBNAIL_PIXELS / max(image.shape[:2]))
        size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        good, content = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])
        if not good:
            raise KioskError("IMAGE-UNREADABLE")
        thumbnail = write_whole(folder / f"offer-{key}.jpg", content.tobytes())
        self._shown.append(thumbnail)
        self._found[key] = file
        return Offer(key, thumbnail, pages)

    def _forget(self) -> None:
        """The last look is over: its keys and thumbnails go."""
        for thumbnail in self._shown:
            thumbnail.unlink(missing_ok=True)
        self._shown.clear()
        self._found.clear()

    def _sticks(self) -> list[Path]:
        return [folder for folder in self._named if folder.is_dir()] if self._named else mounted_sticks()


def mounted_sticks() -> list[Path]:
    """Where the system has mounted what people plug in."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        roots = [f"{letter}:\\" for letter in string.ascii_uppercase]
        return [Path(root) for root in roots if kernel.GetDriveTypeW(root) == _DRIVE_REMOVABLE]
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    points = [_plain(line.split(" ")[1]) for line in lines if line.count(" ") >= 2]
    return [Path(point) for point in points if point.startswith(_PLACES)]


def walk(root: Path) -> Iterator[Path]:
    """Pictures and PDFs by their names, breadth first; no hidden files, links or other mounts."""
    device = _device(root)
    level = [root]
    for _ in range(DEEPEST + 1):
        below: list[Path] = []
        for folder in level:
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError:
                continue
            for entry in entries:
                if entry.name.startswith((".", "~", "$")) or entry.is_symlink():
                    continue
                place = Path(entry.path)
                if entry.is_dir(follow_symlinks=False):
                    if _device(place) == device:
                        below.append(place)
                elif place.suffix.lower() in PICTURES | {".pdf"} and _is_plain(place):
                    yield place
        level = below


def _is_plain(file: Path) -> bool:
    """A file of its own, not a link, a pipe or a device; not empty, not endless."""
    try:
        found = file.lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and 0 < found.st_size <= MAX_BYTES


def _device(place: Path) -> int:
    try:
        return place.lstat().st_dev
    except OSError:
        return -1


def _newest_first(file: Path) -> float:
    try:
        return -file.stat().st_mtime
    except OSError:
        return 0.0


def _first_page(file: Path) -> tuple[Array, int]:
    document = pypdfium2.PdfDocument(file)
    try:
        count = len(document)
        if not 0 < count <= MAX_PDF_PAGES:
            raise KioskError("PDF-TOO-LONG", limit=MAX_PDF_PAGES)
        page = document[0]
        scale = min(2.0, THUMBNAIL_PIXELS / max(*page.get_size(), 1.0))
        drawn: Array = page.render(scale=scale).to_numpy().copy()
        return drawn[:, :, :3], count
    finally:
        document.close()


def _system_places() -> tuple[str, ...]:
    return ("A:-Z:",) if sys.platform == "win32" else _PLACES


def _plain(field: str) -> str:
    """A mount point as /proc writes it: "\\040" is a blank."""
    for code, letter in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, letter)
    return field
