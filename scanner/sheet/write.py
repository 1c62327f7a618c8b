"""Lays pages into a PDF/A-2b within a budget; whole or absent, opened and decoded again before it counts.

Raises KioskError PAPER-TOO-BIG where the pages cannot stay legible within the budget, PAGE-TOO-BIG where one
of them cannot even alone; both name the heaviest page.
"""

import contextlib
import functools
import io
import math
import os
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array as PdfArray
from pikepdf import Dictionary, Name
from PIL import ImageCms

from kioskcore.errors import KioskError
from kioskcore.ports import Box, ColourMode
from kioskcore.words import readable_size
from scanner.clean.arrays import Array
from scanner.sheet.codecs import Codec
from scanner.sheet.ladder import Layer, Version, versions
from scanner.sheet.text import TextLayer, lay_text, text_layer

POINTS_PER_MM = 72 / 25.4
FAR = 2  # times the budget: what is so far above it is not laid to be weighed, for want of memory
MOST_NAMED = 6  # pages, in a sentence
_ICC_DATE = slice(24, 36)  # ICC.1:2022, 7.2.8
_READER_FAULTS = (pikepdf.PdfError, pikepdf.UnsupportedImageTypeError, OSError, ValueError, RuntimeError)


@dataclass(frozen=True)
class SheetPage:
    """A clean page: uint8 BGR (H, W, 3) or grey (H, W), its true size, and how it may be stored.

    `pictures`: where it holds what is a picture throughout, as the face of a card is.
    `text`: its words as `scanner.sheet.text.Reader` gives them; asked for once the page is known to fit.
    What it can be stored as is made once: a paper that does not fit is asked again for its parts.
    """

    image: Array
    width_mm: float
    height_mm: float
    mode: ColourMode
    text: bytes = b""
    pictures: tuple[Box, ...] = ()

    @functools.cached_property
    def best(self) -> Version:
        """The most legible way to store it; made alone, for most pages need no other."""
        return next(versions(self.image, self.width_mm, self.mode, self.pictures))

    @functools.cached_property
    def smaller(self) -> tuple[Version, ...]:
        """All others, each smaller than the one before."""
        return tuple(versions(self.image, self.width_mm, self.mode, self.pictures))[1:]


@dataclass(frozen=True)
class SheetReport:
    """What was written. One entry a page in `page_bytes`, `codecs` and `searchable`."""

    total_bytes: int
    page_bytes: tuple[int, ...]
    codecs: tuple[Codec, ...]
    searchable: tuple[bool, ...] = ()


def write_pdf(
    pages: Sequence[SheetPage], out: Path, *, title: str, budget_bytes: int, first: int = 1
) -> SheetReport:
    """Write `pages` to `out` within `budget_bytes`, each by the codec that keeps it most legible.

    `first`: the number that the first of them has in the whole paper, from which errors count.
    Words lie over the pages where the budget has room for them too: better not searchable than not sent.
    """
    if not pages:
        raise ValueError("a PDF needs at least one page")
    fit = _Fit(pages, title, budget_bytes, first)
    texts: list[TextLayer | None] = [None] * len(pages)
    body = fit.laid(texts)
    if any(words := _texts(pages)):
        with contextlib.suppress(KioskError):
            body, texts = fit.laid(words), words
    _check(body, len(pages))
    _write_whole(body, out)
    sizes, codecs = tuple(v.size for v in fit.chosen), tuple(v.codec for v in fit.chosen)
    return SheetReport(len(body), sizes, codecs, tuple(layer is not None for layer in texts))


def _texts(pages: Sequence[SheetPage]) -> list[TextLayer | None]:
    return [text_layer(page.text, *_points(page)) for page in pages]


def _points(page: SheetPage) -> tuple[float, float]:
    return page.width_mm * POINTS_PER_MM, page.height_mm * POINTS_PER_MM


class _Fit:
    """Starts with each page's best version; `laid` steps the biggest page down until the PDF fits.

    One page picture is looked at at a time, so that `pages` may load them from disk.
    """

    def __init__(self, pages: Sequence[SheetPage], title: str, budget_bytes: int, first: int) -> None:
        self._pages, self._title, self._budget, self._first = pages, title, budget_bytes, first
        self.chosen = [page.best for page in pages]
        self._smaller: dict[int, list[Version]] = {}

    def laid(self, texts: Sequence[TextLayer | None]) -> bytes:
        """The PDF within the budget, `texts` over its pages. Raises `too_big`; then nothing has changed."""
        chosen, smaller = list(self.chosen), {k: list(steps) for k, steps in self._smaller.items()}
        self._step_down(chosen, smaller, _size(chosen) - FAR * self._budget)
        while (excess := len(body := _assemble(self._pages, chosen, texts, self._title)) - self._budget) > 0:
            if not self._step_down(chosen, smaller, excess):
                parts = zip(self._pages, chosen, strict=True)
                alone = [len(_assemble([page], [version], [None], self._title)) for page, version in parts]
                raise too_big(len(body), self._budget, alone, self._first)
        self.chosen, self._smaller = chosen, smaller
        return body

    def _step_down(self, chosen: list[Version], smaller: dict[int, list[Version]], excess: int) -> bool:
        """Until `chosen` is smaller by `excess` bytes or can be no smaller; whether it became smaller."""
        before = size = _size(chosen)
        while before - size < excess:
            open_pages = [k for k in range(len(chosen)) if smaller.get(k) != []]
            if not open_pages:
                break
            biggest = max(open_pages, key=lambda k: chosen[k].size)
            if biggest not in smaller:
                smaller[biggest] = list(self._pages[biggest].smaller)
            if smaller[biggest]:
                chosen[biggest] = smaller[biggest].pop(0)
            size = _size(chosen)
        return size < before


def _size(chosen: Sequence[Version]) -> int:
    return sum(version.size for version in chosen)


def too_big(least: int, budget_bytes: int, alone: Sequence[int], first: int = 1) -> KioskError:
    """PAPER-TOO-BIG, or PAGE-TOO-BIG where no parting helps; `page` is the heaviest, counted from `first`.

    `least`, `alone`: bytes of the whole file, and of a file of each page by itself.
    `pages`: all that are too big alone, as "1, 3".
    `least_size` is rounded up: a budget of so much is enough, for the paper or for that page.
    """
    heaviest = max(range(len(alone)), key=alone.__getitem__)
    heavy = [str(number) for number, each in enumerate(alone, first) if each > budget_bytes]
    pages = ", ".join(heavy if len(heavy) <= MOST_NAMED else [*heavy[:MOST_NAMED], "…"])
    code, size = ("PAGE-TOO-BIG", alone[heaviest]) if heavy else ("PAPER-TOO-BIG", least)
    sizes = {
        "least_size": readable_size(math.ceil(size / 1000) * 1000),
        "limit_size": readable_size(budget_bytes),
    }
    return KioskError(code, page=first + heaviest, pages=pages, size=size, **sizes)


def _assemble(
    pages: Sequence[SheetPage], chosen: Sequence[Version], texts: Sequence[TextLayer | None], title: str
) -> bytes:
    pdf = pikepdf.Pdf.new()
    font = next((pdf.copy_foreign(layer.font) for layer in texts if layer), None)
    for page, version, layer in zip(pages, chosen, texts, strict=True):
        _add_page(pdf, page, version)
        if layer is not None and font is not None:
            lay_text(pdf, pdf.pages[-1], layer, font)
    _mark_as_archive(pdf, title)
    stream = io.BytesIO()
    packed = pikepdf.ObjectStreamMode.generate
    pdf.save(stream, linearize=True, object_stream_mode=packed, deterministic_id=True)
    return stream.getvalue()


def _add_page(pdf: pikepdf.Pdf, page: SheetPage, version: Version) -> None:
    width, height = _points(page)
    images = Dictionary()
    drawing = []
    for number, layer in enumerate(version.layers):
        name = f"/L{number}"
        images[name] = pdf.make_indirect(_image_object(pdf, layer))
        paint = "0 0 0 rg " if layer.stencil else ""
        left, top, wide, high = layer.box
        x, y = left * width, (1 - top - high) * height
        place = f"{wide * width:.4f} 0 0 {high * height:.4f} {x:.4f} {y:.4f}"
        drawing.append(f"q {paint}{place} cm {name} Do Q")
    pdf.add_blank_page(page_size=(width, height))
    sheet = pdf.pages[-1]
    sheet.obj[Name.Resources] = Dictionary(XObject=images)
    sheet.obj[Name.Contents] = pdf.make_stream("\n".join(drawing).encode())


def _image_object(pdf: pikepdf.Pdf, layer: Layer) -> pikepdf.Stream:
    image = pdf.make_stream(layer.data)
    image[Name.Type], image[Name.Subtype] = Name.XObject, Name.Image
    image[Name.Width], image[Name.Height] = layer.width, layer.height
    if layer.fax:
        image[Name.BitsPerComponent] = 1
        image[Name.Filter] = Name.CCITTFaxDecode
        image[Name.DecodeParms] = Dictionary(K=-1, Columns=layer.width, Rows=layer.height, BlackIs1=False)
        if layer.stencil:
            image[Name.ImageMask] = True
        else:
            image[Name.ColorSpace] = Name.DeviceGray
    else:
        image[Name.BitsPerComponent] = 8
        image[Name.Filter] = Name.DCTDecode
        image[Name.ColorSpace] = Name.DeviceGray if layer.grey else Name.DeviceRGB
    if layer.mask:
        image[Name.Mask] = pdf.make_indirect(_image_object(pdf, layer.mask))
    return image


@functools.cache
def _srgb_profile() -> bytes:
    """The colours of the output intent, without their hour of making: the same pages make the same file."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_ICC_DATE] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    return bytes(profile)


def _mark_as_archive(pdf: pikepdf.Pdf, title: str) -> None:
    """PDF/A-2b: XMP with nothing but the title, and an sRGB output intent."""
    icc = pdf.make_stream(zlib.compress(_srgb_profile(), 9))
    icc[Name.N], icc[Name.Filter] = 3, Name.FlateDecode
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=pikepdf.String("sRGB"),
        Info=pikepdf.String("sRGB"),
        DestOutputProfile=pdf.make_indirect(icc),
    )
    pdf.Root[Name.OutputIntents] = PdfArray([pdf.make_indirect(intent)])
    pdf.Root[Name.ViewerPreferences] = Dictionary(DisplayDocTitle=True)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as xmp:
        xmp["dc:title"] = title
        xmp["pdfaid:part"] = "2"
        xmp["pdfaid:conformance"] = "B"


def _check(body: bytes, pages: int) -> None:
    """Open what will be written and decode every picture of it; raises KioskError BUG."""
    try:
        with pikepdf.open(io.BytesIO(body)) as pdf:
            whole = len(pdf.pages) == pages
            for page in pdf.pages:
                for _, image in page.obj.Resources.XObject.items():  # stencils too
                    for each in (image, *([image.Mask] if Name.Mask in image else [])):
                        assert isinstance(each, pikepdf.Stream)
                        pikepdf.PdfImage(each).as_pil_image().load()
    except _READER_FAULTS as fault:
        raise KioskError("BUG", where="sheet") from fault
    if not whole:
        raise KioskError("BUG", where="sheet")


def _write_whole(body: bytes, out: Path) -> None:
    """A file under another name first, then the name: a power cut leaves the old file or none."""
    part = out.with_name(f".{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(out)
    except OSError as fault:
        _forget(part)
        raise KioskError("DISK-FULL") from fault


def _forget(part: Path) -> None:
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)
