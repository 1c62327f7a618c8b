"""Files laid out for the person to choose from: thumbnails under keys that tell nothing of their names."""

import secrets
import stat
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import pypdfium2

from kioskcore.errors import KioskError
from kioskcore.ports import Offer
from scanner.backends.bring import MAX_BYTES, open_pdf
from scanner.clean.arrays import Array
from scanner.files import write_whole
from scanner.pictures import read_picture

MOST_OFFERS = 60
LOOK_SECONDS = 25.0
THUMBNAIL_PIXELS = 320
TOLD = frozenset({"IMAGE-HEIC", "PDF-FORM", "PDF-LOCKED"})
"""Why a person's paper is not among the thumbnails; any other file that is left out is nobody's paper."""


class Shelf:
    """What lies there until the next `lay_out`."""

    def __init__(self, max_megapixels: int) -> None:
        self._max_megapixels = max_megapixels
        self._found: dict[str, Path] = {}
        self._shown: list[Path] = []

    def lay_out(
        self, files: Sequence[Path], folder: Path, on_progress: Callable[[float], None]
    ) -> list[Offer]:
        """The newest first, thumbnails in `folder`; behind them papers that cannot be opened, as in `TOLD`.

        What is no picture is left out. Raises SCAN-NO-FILES, or the fault where there is nothing else.
        """
        self._clear()
        end = time.monotonic() + LOOK_SECONDS
        made: list[Offer] = []
        refused: list[KioskError] = []
        for number, file in enumerate(sorted(files, key=_newest_first)):
            if len(made) == MOST_OFFERS or time.monotonic() > end:
                break
            on_progress(number / len(files))
            try:
                made.append(self._offer(file, folder))
            except (KioskError, OSError, pypdfium2.PdfiumError, cv2.error) as fault:
                # not what its name says: nobody misses it among the thumbnails
                if isinstance(fault, KioskError) and fault.code in TOLD:
                    refused.append(fault)
        if not made:
            raise refused[0] if refused else KioskError("SCAN-NO-FILES")
        return made + [Offer("", Path(), fault=fault.code) for fault in refused]

    def chosen(self, keys: str) -> list[Path] | None:
        """The files of "<key>,<key>", in that order; None where one of them was never laid out."""
        files = [self._found.get(key) for key in keys.split(",")]
        known = [file for file in files if file is not None]
        return known if len(known) == len(files) else None

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

    def _clear(self) -> None:
        """The last look is over: its keys and thumbnails go."""
        for thumbnail in self._shown:
            thumbnail.unlink(missing_ok=True)
        self._shown.clear()
        self._found.clear()


def is_plain(file: Path) -> bool:
    """A file of its own, not a link, a pipe or a device; not empty, not endless."""
    try:
        found = file.lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and 0 < found.st_size <= MAX_BYTES


def _newest_first(file: Path) -> float:
    try:
        return -file.stat().st_mtime
    except OSError:
        return 0.0


def _first_page(file: Path) -> tuple[Array, int]:
    document = open_pdf(file)
    try:
        page = document[0]
        scale = min(2.0, THUMBNAIL_PIXELS / max(*page.get_size(), 1.0))
        drawn: Array = page.render(scale=scale).to_numpy().copy()
        return drawn[:, :, :3], len(document)
    finally:
        document.close()
