"""Reads picture files of every kind into BGR arrays, safely: bombs are refused before decoding.

Raises KioskError IMAGE-EMPTY (no bytes), IMAGE-HEIC (the format of iPhones, which is not read here),
IMAGE-UNREADABLE (not a whole picture) or IMAGE-TOO-LARGE.
"""

import io
import logging
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps, ImageSequence, UnidentifiedImageError

from kioskcore.errors import KioskError
from scanner.clean.arrays import Array, shrink
from scanner.clean.geometry.flatten import OUTPUT_DPI
from scanner.clean.papers.origin import is_photograph

logging.getLogger("PIL").setLevel(logging.CRITICAL)  # it may quote a broken file; we answer with codes

MAX_PAGES = 500
BAND = 256  # rows
EVEN, LEAST_WAY = 0.9, 0.4  # of the finer way: a fax has half as many down; less is a mistake
FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP", "PPM", "JPEG2000", "AVIF")
_HEIC = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))
"""How such a file calls itself behind "ftyp"; the last two may be AVIF, which is tried before."""
_EXPOSURE = (ExifTags.Base.ExposureTime, ExifTags.Base.FNumber, ExifTags.Base.FocalLength)
"""What a camera alone writes."""
_DECODER_FAULTS = (
    OSError, ValueError, TypeError, SyntaxError, EOFError, IndexError, KeyError, OverflowError,
    ZeroDivisionError, AttributeError, NotImplementedError, RuntimeError, struct.error, MemoryError,
)  # fmt: skip
"""What Pillow's plug-ins raise for broken files; found with a corpus of cut and flipped bytes."""


@dataclass(frozen=True)
class Picture:
    """One page: BGR uint8 (H, W, 3), and the dots per inch its file claims, None of a photograph.

    `coarse`: those of its coarser way, where a fax had more across than down; they were made equal.
    `scale`: pixels of the file, turned as its EXIF says, to one of `image`, across and down.
    """

    image: Array
    dpi: float | None
    coarse: float | None = None
    scale: tuple[float, float] = (1.0, 1.0)


def read_picture(path: Path, max_megapixels: int) -> Array:
    """The first page of a file as BGR uint8 (H, W, 3), turned as its EXIF says, alpha laid on white."""
    return next(read_pages(path, max_megapixels)).image


def is_whole(content: bytes, max_megapixels: int) -> bool:
    """Whether the bytes are a picture to their end; a JPEG is looked through at an eighth of its size."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as file:
                _refuse_bomb(file, max_megapixels)
                if file.format in ("JPEG", "MPO"):
                    file.draft("L", (file.width // 8, file.height // 8))
                    file.load()
                else:
                    file.verify()
    except (KioskError, Image.DecompressionBombError, UnidentifiedImageError, *_DECODER_FAULTS):
        return False
    return True


def read_pages(path: Path, max_megapixels: int) -> Iterator[Picture]:
    """Every page of a multi-page TIFF, one at a time; the first frame of anything else."""
    try:
        if path.stat().st_size == 0:
            raise KioskError("IMAGE-EMPTY")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd EXIF and size warnings: our own limit decides below
            with Image.open(path, formats=FORMATS) as file:
                pages = MAX_PAGES if file.format == "TIFF" else 1
                for number, frame in enumerate(ImageSequence.Iterator(file)):
                    if number >= pages:
                        break
                    _refuse_bomb(frame, max_megapixels)
                    picture = _picture(frame, path)
                    if pages == 1:
                        file.close()  # Pillow's own pixels would be held while the page is cleaned
                        yield picture
                        return
                    yield picture
    except Image.DecompressionBombError as fault:
        raise KioskError("IMAGE-TOO-LARGE", limit=max_megapixels) from fault
    except (UnidentifiedImageError, *_DECODER_FAULTS) as fault:
        raise KioskError("IMAGE-HEIC" if _is_heic(path) else "IMAGE-UNREADABLE") from fault


def _is_heic(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            start = stream.read(12)
    except OSError:
        return False
    return start[4:8] == b"ftyp" and start[8:] in _HEIC


def moving(path: Path) -> int:
    """How many pictures a film of pictures (GIF, WebP, PNG) has; 0 for anything else, broken or not.

    Only its first is taken. The second picture that phones hide in a JPEG is no page.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=("GIF", "WEBP", "PNG")) as file:
                count = int(getattr(file, "n_frames", 1))
    except (UnidentifiedImageError, Image.DecompressionBombError, *_DECODER_FAULTS):
        return 0  # the reader says what is wrong with it
    return count if count > 1 else 0


def _refuse_bomb(frame: Image.Image, max_megapixels: int) -> None:
    both = _both_dpi(frame) or (1.0, 1.0)
    if frame.width * frame.height * max(both) / min(both) > max_megapixels * 1_000_000:
        raise KioskError("IMAGE-TOO-LARGE", limit=max_megapixels)


def _picture(frame: Image.Image, path: Path) -> Picture:
    """A frame of a file, made smaller while it is read where that leaves as many dots as a page is made with.

    A scan at 600 dots an inch would take 240 megabytes on the way, for nothing that is seen in the end. What
    turns out to be a photograph keeps all of its pixels.
    """
    both = None if _is_exposed(frame) else _both_dpi(frame)
    if not both:
        return Picture(_to_bgr(frame, 1), None)
    dpi, coarse = max(both), min(both)
    times = 1
    while dpi / times >= 1.98 * OUTPUT_DPI:
        times *= 2
    width, lies = frame.width, frame.width > frame.height
    if times > 1:
        frame.draft(None, (width // times, frame.height // times))  # a JPEG is decoded small at once
    left = max(1, times // round(width / frame.width))
    image = _to_bgr(frame, left)
    if is_photograph(image):
        return Picture(image if times == 1 else _whole(frame, width, path), None)
    if coarse == dpi:
        return Picture(image, dpi / times, None, (float(times), float(times)))
    if lies != (image.shape[1] > image.shape[0]):  # it was turned
        both = both[::-1]
    across, down = (times * dots / dpi for dots in both)
    return Picture(_evened(image, *both), dpi / times, coarse / times, (across, down))


def _whole(frame: Image.Image, width: int, path: Path) -> Array:
    """The frame with all of its pixels, `width` across; a JPEG that was decoded small is read once more."""
    if frame.width == width:
        return _to_bgr(frame, 1)
    with Image.open(path, formats=FORMATS) as again:
        return _to_bgr(again, 1)


def _is_exposed(frame: Image.Image) -> bool:
    """Whether a camera has written how it exposed the picture."""
    try:
        said = frame.getexif().get_ifd(ExifTags.IFD.Exif)
    except _DECODER_FAULTS:
        return False
    return any(tag in said for tag in _EXPOSURE)


def _evened(image: Array, across: float, down: float) -> Array:
    """The picture with as many dots an inch both ways: none is lost, and the page has its true shape."""
    most = max(across, down)
    size = (round(image.shape[1] * most / across), round(image.shape[0] * most / down))
    return cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)


def _to_bgr(frame: Image.Image, times: int) -> Array:
    """BGR uint8 (H, W, 3), so many times smaller a side."""
    if frame.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        grey = _sixteen_bit(frame)
        return cv2.cvtColor(shrink(grey, max(grey.shape) // times)[0], cv2.COLOR_GRAY2BGR)
    try:
        lies_right = frame.getexif().get(ExifTags.Base.Orientation, 1) == 1  # else Pillow copies it anyway
        turned = frame if lies_right else ImageOps.exif_transpose(frame)
    except _DECODER_FAULTS:
        frame.load()  # the turn was unreadable, not the picture; a broken picture raises here
        turned = frame
    if turned.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in turned.info:
        layer = turned.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        turned = Image.alpha_composite(paper, layer)
    return _in_bands(turned, times)


def _in_bands(picture: Image.Image, times: int) -> Array:
    """BGR of what Pillow holds, a band at a time: on the way are two copies more."""
    mode, way = ("L", cv2.COLOR_GRAY2BGR) if picture.mode in ("1", "L") else ("RGB", cv2.COLOR_RGB2BGR)
    height, width = -(-picture.height // times), -(-picture.width // times)
    out = np.empty((height, width, 3), np.uint8)
    for top in range(0, picture.height, BAND):
        low = min(top + BAND, picture.height)
        band = picture.crop((0, top, picture.width, low)).convert(mode)
        if times > 1:
            band = band.reduce(times)
        cv2.cvtColor(np.asarray(band), way, out[top // times : -(-low // times)])
    return out


def _sixteen_bit(frame: Image.Image) -> Array:
    """Grey of more than 8 bits, by its own range where it does not use all 16 bits."""
    values = np.asarray(frame).astype(np.float32)
    values[~np.isfinite(values)] = 0
    top = 65535.0 if values.max(initial=0) > 4095 else (4095.0 if values.max(initial=0) > 255 else 255.0)
    result: Array = np.clip(values * (255.0 / top), 0, 255).astype(np.uint8)
    return result


def _both_dpi(frame: Image.Image) -> tuple[float, float] | None:
    """Dots an inch across and down as the file claims, or as many both ways."""
    claimed = frame.info.get("dpi")
    try:
        both = (float(claimed[0]), float(claimed[1])) if claimed else (0.0, 0.0)
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return None
    # 72 and 96 are what programs write when they do not know
    if not 100 <= max(both) <= 2400:
        return None
    if LEAST_WAY * max(both) <= min(both) < EVEN * max(both):
        return both
    return (both[0], both[0]) if both[0] >= 100 else None
