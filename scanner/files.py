"""Files of the scan folder: written whole or not at all; a full disk is the error DISK-FULL."""

import errno
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kioskcore.errors import KioskError

PART = ".part"
"""End of the name of a file that is still being written; whatever bears it after a crash is rubbish."""

INCOMING = "in"
"""Sub-folder in which a back end lays the pictures of the running job."""

PAGE_ENDS = ("raw.jpg", "before.jpg", "clean.png", "after.jpg")
"""The files of one page, each behind its page id and a hyphen."""

PICTURES = frozenset((
    ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".avif", ".gif",
    ".pnm", ".ppm", ".pgm", ".pbm", ".heic", ".heif",
))  # fmt: skip
"""Endings of what may be a picture of a paper; a PDF may be one too. HEIC is taken to be told of only."""

_PAGE_FILE = re.compile(r"(p[0-9a-f]{12})-")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def disk_faults() -> Iterator[None]:
    """Turns "no space left" of any kind into KioskError DISK-FULL; other OSErrors pass."""
    try:
        yield
    except OSError as fault:
        if fault.errno in _FULL:
            raise KioskError("DISK-FULL") from fault
        raise


def write_whole(file: Path, content: bytes) -> Path:
    """`file` has `content` or is as it was before. Raises DISK-FULL."""
    part = file.with_name(file.name + PART)
    with disk_faults():
        try:
            part.write_bytes(content)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    return file


def sweep(folder: Path) -> None:
    """Remove what a killed process left: half files, pictures just come, pages that lack a file."""
    shutil.rmtree(folder / INCOMING, ignore_errors=True)
    for part in folder.glob(f"*{PART}"):
        part.unlink(missing_ok=True)
    begun = {found[1] for file in folder.iterdir() if (found := _PAGE_FILE.match(file.name))}
    for page_id in begun:
        files = [folder / f"{page_id}-{end}" for end in PAGE_ENDS]
        if not all(file.exists() for file in files):
            for file in files:
                file.unlink(missing_ok=True)


def is_paper(file: Path) -> bool:
    """Whether it may be a paper by its name: a picture or PDF, not hidden, not half written; no link."""
    ours = file.suffix.lower() in PICTURES | {".pdf"} and not file.name.startswith((".", "~"))
    return ours and is_own_file(file)


def is_own_file(file: Path) -> bool:
    """A file that lies there itself: a link may point to anybody's papers, a pipe never ends."""
    try:
        return stat.S_ISREG(file.lstat().st_mode)
    except OSError:
        return False


def empty_drop_folder(folder: str) -> None:
    """Remove papers that an earlier person dropped and never took up: the next one must not see them.

    A share that is away now is not reachable for the next person either.
    """
    with suppress(OSError):
        for file in Path(folder).iterdir() if folder else ():
            if is_paper(file):
                file.unlink(missing_ok=True)
