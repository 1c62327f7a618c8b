"""Turns page pictures into compressed streams: what a PDF can hold (CCITT Group 4, JPEG), and PNG."""

import io
import struct
import zlib
from enum import StrEnum

import cv2
import numpy as np
from PIL import Image

from scanner.clean.arrays import Array

_STRIP_OFFSETS, _STRIP_SIZES, _ROWS_PER_STRIP = 273, 279, 278
_PNG, _PNG_HEAD = b"\x89PNG", 33  # signature and IHDR, behind which the resolution may stand


class Codec(StrEnum):
    """How a page is stored."""

    G4 = "g4"
    JPEG = "jpeg"
    MRC = "mrc"
    PNG = "png"


def g4_bytes(ink: Array) -> bytes:
    """CCITT Group 4 of a bool mask (H, W); ink decodes to 0, paper to 1."""
    height, width = ink.shape
    bits = Image.frombytes("1", (width, height), np.packbits(ink, axis=1).tobytes())
    stream = io.BytesIO()
    bits.save(stream, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: bits.height})
    with Image.open(stream) as tiff:
        offsets, sizes = tiff.tag_v2[_STRIP_OFFSETS], tiff.tag_v2[_STRIP_SIZES]  # type: ignore[attr-defined]
    whole = stream.getvalue()
    return b"".join(whole[start : start + size] for start, size in zip(offsets, sizes, strict=True))


def g4_picture(data: bytes, width: int, height: int) -> Array:
    """The uint8 picture (0 ink, 255 paper) of what `g4_bytes` made."""
    size, kind = ((256, width), (257, height)), ((258, 1), (259, 4), (262, 0))
    entries = (*size, *kind, (_STRIP_OFFSETS, 8), (_ROWS_PER_STRIP, height), (_STRIP_SIZES, len(data)))
    head = struct.pack("<2sHI", b"II", 42, 8 + len(data)) + data
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    tiff = head + struct.pack("<H", len(entries)) + body + bytes(4)
    with Image.open(io.BytesIO(tiff)) as picture:
        seen: Array = np.asarray(picture.convert("L"))
        return seen


def jpeg_bytes(image: Array, quality: int) -> bytes:
    """Baseline JPEG with optimised tables, no metadata; (H, W) grey or (H, W, 3) BGR."""
    settings = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    _, data = cv2.imencode(".jpg", image, settings)
    return data.tobytes()


def png_bytes(image: Array) -> bytes:
    """Without loss and without metadata; (H, W) grey or (H, W, 3) BGR."""
    _, data = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 6])
    return data.tobytes()


def with_dpi(picture: bytes, dpi: float) -> bytes:
    """A JPEG or PNG as OpenCV writes it, with its resolution in the head.

    Pillow would write the resolution too, but holds the picture three times more.
    """
    if picture.startswith(_PNG):
        dots = round(dpi / 0.0254)  # a metre
        chunk = b"pHYs" + struct.pack(">IIB", dots, dots, 1)
        chunk = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        return picture[:_PNG_HEAD] + chunk + picture[_PNG_HEAD:]
    # the JFIF head, which OpenCV always writes first: unit 1 is dots per inch
    return picture[:13] + struct.pack(">BHH", 1, round(dpi), round(dpi)) + picture[18:]


def scaled(image: Array, factor: float) -> Array:
    """The picture made smaller by an area mean; the input itself where factor >= 1."""
    if factor >= 1:
        return image
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)
