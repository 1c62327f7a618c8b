"""Reads pages with tesseract, so that a PDF can be searched: `Reader.read` and the layer made of it.

Pictures go in and words come out through pipes; nothing touches a disk. A page that cannot be read in time
has no layer, and never costs the paper.
"""

import io
import os
import subprocess
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf
from pikepdf import Name

from kioskcore.ports import Probe
from scanner.clean.arrays import Array, most_of

PROGRAM, LANGUAGE = "tesseract", "vie"
PAGE_SECONDS = 30.0
PROBE_SECONDS = 10.0
MM_PER_INCH = 25.4


class Reader:
    """One for each paper: what it read stays read, and after one miss no other page waits for it."""

    def __init__(self, page_seconds: float = PAGE_SECONDS) -> None:
        self._seconds = page_seconds
        self._read: dict[str, bytes] = {}
        self._lost = False

    def read(self, name: str, picture: Callable[[], Array], width_mm: float) -> bytes:
        """A PDF of one page that holds nothing but invisible words; empty where there is none."""
        if name not in self._read and not self._lost:
            try:
                self._read[name] = _tesseract(picture(), width_mm, self._seconds)
            except (OSError, subprocess.SubprocessError):  # not there, too slow, ended by a signal
                self._lost = True
        return self._read.get(name, b"")


def _tesseract(image: Array, width_mm: float, seconds: float) -> bytes:
    grey = most_of(image)  # a red seal or blue signature across a line grows pale, coloured print stays
    height, width = grey.shape
    dpi = str(max(70, round(width / (width_mm / MM_PER_INCH))))
    command = [PROGRAM, "stdin", "stdout", "-l", LANGUAGE, "--dpi", dpi, "-c", "textonly_pdf=1", "pdf"]
    return subprocess.run(
        command,
        input=b"P5 %d %d 255\n" % (width, height) + grey.tobytes(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # it may quote what it reads
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # its threads wait for each other more than they work
        timeout=seconds,
        check=True,
    ).stdout


def probe() -> Probe:
    """Whether pages can be read here: the program is there and knows Vietnamese."""
    try:
        said = subprocess.run(
            [PROGRAM, "--list-langs"], capture_output=True, text=True, timeout=PROBE_SECONDS, check=True
        ).stdout
    except (OSError, ValueError, subprocess.SubprocessError):
        return Probe("text_layer", ok=False)
    return Probe("text_layer", ok=LANGUAGE in said.split(), detail=PROGRAM)


@dataclass(frozen=True)
class TextLayer:
    """The words of a page: deflated operators in points of that page, and the font they name."""

    content: bytes
    font_name: str
    source: pikepdf.Pdf  # alive as long as its font is wanted

    @property
    def font(self) -> pikepdf.Object:
        return self.source.pages[0].obj.Resources.Font[self.font_name]


def text_layer(read: bytes, width: float, height: float) -> TextLayer | None:
    """What `Reader.read` gave, for a page of `width` x `height` points; None where there are no words."""
    if not read:
        return None
    try:
        source = pikepdf.open(io.BytesIO(read))
        [page] = source.pages
        [(font_name, font)] = page.obj.Resources.Font.items()
        words = page.Contents.read_bytes()
        across, down = float(page.mediabox[2]), float(page.mediabox[3])
        if b" TJ" not in words or b"3 Tr" not in words or not font.is_indirect:
            return None  # nothing was read, or it would be seen
    except (pikepdf.PdfError, AttributeError, KeyError, ValueError, TypeError):
        return None
    laid = b"q %.6f 0 0 %.6f 0 0 cm\n%s\nQ" % (width / across, height / down, words)
    return TextLayer(zlib.compress(laid, 9), font_name, source)


def lay_text(pdf: pikepdf.Pdf, page: pikepdf.Page, layer: TextLayer, font: pikepdf.Object) -> None:
    """Put the words on top of what the page draws. `font`: that of `layer`, or an equal one, in `pdf`."""
    stream = pdf.make_stream(layer.content)
    stream[Name.Filter] = Name.FlateDecode
    page.obj[Name.Contents] = pikepdf.Array([page.obj.Contents, pdf.make_indirect(stream)])
    page.obj.Resources[Name.Font] = pikepdf.Dictionary({layer.font_name: font})
