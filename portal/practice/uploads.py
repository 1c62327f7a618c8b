"""Looks at an uploaded file by its content, in memory only; of a good one just the facts are kept."""

import io
from dataclasses import dataclass
from typing import IO

import pikepdf


@dataclass(frozen=True)
class Uploaded:
    """Facts of a file that passed; its bytes are gone already."""

    name: str
    size: int  # bytes
    pages: int


class UploadError(Exception):
    """`code` is a key below `paper.` in the messages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def inspect(name: str, stream: IO[bytes], max_bytes: int) -> Uploaded:
    """A whole, open PDF with a page at least, of `max_bytes` at most; raises UploadError."""
    data = stream.read(max_bytes + 1)
    if not data:
        raise UploadError("empty")
    if len(data) > max_bytes:
        raise UploadError("too_big")
    if b"%PDF-" not in data[:1024]:
        raise UploadError("not_pdf")
    if b"%%EOF" not in data[-1024:]:
        raise UploadError("cut_off")
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            pages = len(pdf.pages)
    except pikepdf.PasswordError as fault:
        raise UploadError("locked") from fault
    except pikepdf.PdfError as fault:
        raise UploadError("broken") from fault
    if not pages:
        raise UploadError("no_pages")
    return Uploaded(name[-80:], len(data), pages)
