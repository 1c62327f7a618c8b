"""The versions in which one page can be stored, most legible first, each smaller than the one before."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from kioskcore.ports import ColourMode
from scanner.clean.arrays import Array, grey_of
from scanner.sheet.codecs import Codec, g4_bytes, jpeg_bytes, scaled
from scanner.sheet.layers import ink_mask, photograph_area, under_ink

MM_PER_INCH = 25.4
JPEG_STEPS = ((300, 80), (250, 72), (200, 65), (200, 50), (150, 45), (120, 40))  # dots per inch, quality
LAYER_STEPS = ((150, 60), (100, 50), (75, 35))
MOSTLY_PICTURE = 0.3
LEGIBLE = 0.90


@dataclass(frozen=True)
class Layer:
    """One picture of a page: fax (Group 4) or JPEG; a stencil paints its ink black and leaves the rest."""

    data: bytes
    width: int
    height: int
    fax: bool = False
    grey: bool = False
    stencil: bool = False


@dataclass(frozen=True)
class Version:
    """One way to store a page."""

    codec: Codec
    layers: tuple[Layer, ...]

    @property
    def size(self) -> int:
        return sum(len(layer.data) for layer in self.layers)


def versions(image: Array, width_mm: float, mode: ColourMode) -> Iterator[Version]:
    """The ladder of a page, made as it is climbed down; the first is always there, unreadable ones never."""
    if mode is ColourMode.BLACK_WHITE:
        yield _fax(grey_of(image) < 128)
        return
    dpi = image.shape[1] / (width_mm / MM_PER_INCH)
    picture = photograph_area(image).mean() > MOSTLY_PICTURE
    least: int | None = None
    for version in _pictures(image, dpi) if picture else _layered(image, dpi):
        if least is None or (version.size < least and legible(image, version)):
            least = version.size
            yield version


def _layered(image: Array, dpi: float) -> Iterator[Version]:
    ink = ink_mask(image)
    height, width = ink.shape
    stencil = Layer(g4_bytes(ink), width, height, fax=True, stencil=True) if ink.any() else None
    for step_dpi, quality in LAYER_STEPS:
        below = _jpeg(under_ink(image, ink, min(1.0, step_dpi / dpi)), quality).layers[0]
        yield Version(Codec.MRC, (below, stencil) if stencil else (below,))
    yield from _pictures(image, dpi)


def _pictures(image: Array, dpi: float) -> Iterator[Version]:
    for step_dpi, quality in JPEG_STEPS:
        yield _jpeg(scaled(image, step_dpi / dpi), quality)


def _fax(ink: Array) -> Version:
    height, width = ink.shape
    return Version(Codec.G4, (Layer(g4_bytes(ink), width, height, fax=True),))


def _jpeg(image: Array, quality: int) -> Version:
    height, width = image.shape[:2]
    return Version(Codec.JPEG, (Layer(jpeg_bytes(image, quality), width, height, grey=image.ndim == 2),))


def legible(image: Array, version: Version) -> bool:
    """Whether the ink of a page is still there once its version is decoded: F-measure within a pixel.

    Layered versions keep their ink untouched. Compared at 150 dpi or less, where a letter's bar is a pixel.
    """
    if version.codec is Codec.MRC:
        return True
    layer = version.layers[0]
    seen: Array | None = cv2.imdecode(np.frombuffer(layer.data, np.uint8), cv2.IMREAD_GRAYSCALE)
    if seen is None:
        return False
    size = (max(1, image.shape[1] // 2), max(1, image.shape[0] // 2))
    before = cv2.resize(grey_of(image), size, interpolation=cv2.INTER_AREA)
    way = cv2.INTER_AREA if seen.shape[0] > size[1] else cv2.INTER_CUBIC
    after = cv2.resize(seen, size, interpolation=way)
    return _agreement(before, after) >= LEGIBLE


def _agreement(before: Array, after: Array) -> float:
    first, second = before < 170, after < 170
    inked, drawn = float(first.sum()), float(second.sum())
    if inked < 20:
        return 1.0
    kept = float((first & _grown(second)).sum()) / inked
    true = float((second & _grown(first)).sum()) / max(drawn, 1.0)
    return 2 * kept * true / max(kept + true, 1e-6)




def _grown(mask: Array) -> Array:
    result: Array = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return result
