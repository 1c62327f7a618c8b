"""The versions in which one page can be stored, most legible first, each smaller than the one before."""

from collections.abc import Sequence
from dataclasses import dataclass

from kioskcore.ports import ColourMode
from scanner.clean.arrays import Array, grey_of
from scanner.sheet.codecs import Codec, g4_bytes, jpeg_bytes, scaled

MM_PER_INCH = 25.4
JPEG_STEPS = ((300, 80), (250, 72), (200, 65), (200, 50), (150, 45))  # dots per inch, quality


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


def versions(image: Array, width_mm: float, mode: ColourMode) -> Sequence[Version]:
    """The ladder of a page; never empty."""
    if mode is ColourMode.BLACK_WHITE:
        return [_fax(grey_of(image) < 128)]
    dpi = image.shape[1] / (width_mm / MM_PER_INCH)
    ladder: list[Version] = []
    for step_dpi, quality in JPEG_STEPS:
        version = _jpeg(scaled(image, step_dpi / dpi), quality)
        if not ladder or version.size < ladder[-1].size:
            ladder.append(version)
    return ladder


def _fax(ink: Array) -> Version:
    height, width = ink.shape
    return Version(Codec.G4, (Layer(g4_bytes(ink), width, height, fax=True),))


def _jpeg(image: Array, quality: int) -> Version:
    height, width = image.shape[:2]
    return Version(Codec.JPEG, (Layer(jpeg_bytes(image, quality), width, height, grey=image.ndim == 2),))
