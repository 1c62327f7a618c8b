"""Files of the scan folder: written whole or not at all; a full disk is the error DISK-FULL."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kioskcore.errors import KioskError

PART = ".part"
"""End of the name of a file that is still being written; whatever bears it after a crash is rubbish."""

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


def sweep_parts(folder: Path) -> None:
    """Remove what a killed process left half written."""
    for part in folder.glob(f"*{PART}"):
        part.unlink(missing_ok=True)
