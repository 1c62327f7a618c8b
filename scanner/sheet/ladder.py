"""The versions in which one page can be stored, most legible first, each smaller than the one before."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from kioskcore.ports import Box, ColourMode
from scanner.clean.arrays import NOTHING, Array, grey_of, least_of, parts_of, straight_runs
from scanner.clean.ink.bars import CELL, LAYERED_RUN, at_full_size, barred, fine_bars
from scanner.clean.ink.blocks import evened
from scanner.sheet.codecs import Codec, g4_bytes, g4_picture, jpeg_bytes, png_bytes, scaled
from scanner.sheet.layers import Tile, covered, ink_mask, photograph_area, tiles, tints_of, under_ink
from scanner.sheet.strokes import Strokes, laid, strokes

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
MM_PER_INCH = 25.4
LAYER_BYTES = 250  # what one more picture takes besides its data
BEST_QUALITY, BARS_QUALITY = 92, 60
JPEG_STEPS = ((300, 80), (250, 72), (200, 65), (200, 50), (150, 45), (120, 40))  # dots per inch, quality
SOFT_STEPS = (*JPEG_STEPS[2:], (120, 30), (100, 40))  # soft print has no finer detail: half of the bytes
FEWER = 2 / 3  # of its dots, with which soft print is the same
SOFT, SOFT_COLOURED, MOST_SHARP = 7.0, 4.5, 0.1  # but for so much of 255, in colour; in all parts but so many
PRINTED = 0.01  # of a part: with less ink it says nothing
FILE_STEPS = ((300, BEST_QUALITY), *JPEG_STEPS)  # a picture file, often a portrait, has the budget alone
PNG_STEPS = (300, 250, 200, 150, 120)
LAYER_STEPS = ((300, 60, True), (300, 60, False), (150, 60, False), (100, 50, False), (75, 35, False))
"""Dots per inch, quality, whether strokes are parted from their colour."""
SHARP_STEPS = 2  # that keep letters which the ink leaves to the tiles, as it does where print is soft
COLOUR_DPI = 100  # of the colour of strokes
NEAR, SAME = 1.8, 1.0  # how far from the page strokes may be, against a JPEG of all dots; of 255 besides
SHARP_SHARE = 0.25  # more of a page than this is no seal, and too big at full sharpness
LETTERED = 0.002  # of a page: with less black ink its letters are in the picture, which then stays sharp
TILE_MM = 2.7
MOSTLY_PICTURE = 0.3
SMALL_MM2 = 8000  # a card: one picture of it is no bigger than a page of text, and keeps its portrait
FAX_STEPS = (600, 200)  # the first keeps every dot
LEGIBLE = 0.85  # below it tesseract misreads more than one letter in a hundred of coloured print
INKED = 128  # of a stencil made finer or coarser
SEEN = 190  # of 255: darker is ink
PALE_INK = 225  # the palest that may be
LOOK_DPI = 150
PART_PX = 160  # 27 mm
RULING = 41  # px, as it is looked at: longer than a letter's bar
BARS_PX = (9, 15)  # between lines that are the bars of a code; so wide is such a code at least
TONE_PX, SAME_TONE, STRANGE = 7, 20, 20  # px, wider than a stroke; of 255; px


@dataclass(frozen=True)
class Layer:
    """One picture of a page: fax (Group 4), JPEG or PNG; a stencil paints its ink black and leaves the rest.

    `box`: where on the page it lies; `mask`: a stencil through which alone it is seen.
    """

    data: bytes
    width: int
    height: int
    fax: bool = False
    grey: bool = False
    stencil: bool = False
    box: Box = WHOLE
    mask: "Layer | None" = None

    @property
    def size(self) -> int:
        """Bytes, those of its description not counted."""
        return len(self.data) + (LAYER_BYTES + self.mask.size if self.mask else 0)


@dataclass(frozen=True)
class Version:
    """One way to store a page."""

    codec: Codec
    layers: tuple[Layer, ...]

    @property
    def size(self) -> int:
        """Bytes; the first picture's own description in the PDF counts for the page."""
        return sum(layer.size for layer in self.layers) + LAYER_BYTES * max(0, len(self.layers) - 1)


def versions(
    image: Array, width_mm: float, mode: ColourMode, pictures: Sequence[Box] = ()
) -> Iterator[Version]:
    """The ladder of a page, made as it is climbed down; the first is always there, unreadable ones never.

    `pictures`: where what it shows is a picture throughout; elsewhere it is looked for.
    """
    dpi = image.shape[1] / (width_mm / MM_PER_INCH)
    tints = NOTHING
    if mode is ColourMode.BLACK_WHITE:
        ladder = _faxes(grey_of(image), dpi)
    elif _is_small(image, width_mm):
        ladder = _pictures(image, dpi)
    else:
        tints = tints_of(image)
        photo = _photographs(image, tints, pictures)
        pictured = photo.mean() > MOSTLY_PICTURE
        ladder = _pictures(image, dpi) if pictured else _layered(image, photo, tints, dpi, pictures)
    yield from _legible_ones(ladder, image, tints, dpi)


def _photographs(image: Array, tints: Array, pictures: Sequence[Box]) -> Array:
    area = photograph_area(image, tints)
    for box in pictures:
        area[_place(box, area.shape)] = 1
    return area


def _is_small(image: Array, width_mm: float) -> bool:
    height_mm: float = width_mm * image.shape[0] / image.shape[1]
    return width_mm * height_mm < SMALL_MM2


def pictures(image: Array, width_mm: float, codec: Codec) -> Iterator[Version]:
    """The ladder of a page that shall be one picture, JPEG or PNG."""
    dpi = image.shape[1] / (width_mm / MM_PER_INCH)
    ladder = _lossless(image, dpi) if codec is Codec.PNG else _pictures(image, dpi, FILE_STEPS)
    yield from _legible_ones(ladder, image, NOTHING, dpi)


def _legible_ones(ladder: Iterator[Version], image: Array, tints: Array, dpi: float) -> Iterator[Version]:
    """What can be read, each smaller than the one before; where nothing of it can, the page itself."""
    seen = _resized(grey_of(image), _looked_at(image, dpi))
    level = _ink_level(evened(seen, tints))
    least = math.inf
    for version in ladder:
        if version.size < least and faithful(seen, version, level, tints):
            least = version.size
            yield version
    if least == math.inf:
        yield _jpeg(image, BEST_QUALITY)


def _layered(
    image: Array, photo: Array, tints: Array, dpi: float, pictures: Sequence[Box]
) -> Iterator[Version]:
    grey = evened(grey_of(image), tints)
    soft = _is_soft(grey, SOFT)
    if soft and (image.ndim == 2 or _is_soft(grey, SOFT_COLOURED)):  # a stencil tears its letters
        yield from _pictures(image, dpi, SOFT_STEPS)
        return
    whole_page, codes = image, fine_bars(grey, LAYERED_RUN)
    del grey  # the versions need the room
    bars = [layer for code in codes for layer in _below(image, _tile(code), BARS_QUALITY, 0)]
    if codes:
        image = image.copy()
        for code in codes:
            image[code] = 255
        photo = _photographs(image, tints, pictures)
    even = evened(image, tints)
    ink = _untoned(ink_mask(even, photo), even, dpi)
    del even
    height, width = ink.shape
    stencil = Layer(g4_bytes(ink), width, height, fax=True, stencil=True) if ink.any() else None
    for step_dpi, quality, parted in LAYER_STEPS[:SHARP_STEPS] if soft else LAYER_STEPS:
        low = under_ink(image, ink, photo, min(1.0, step_dpi / dpi))
        parts = tiles(low, max(8, round(TILE_MM * min(step_dpi, dpi) / MM_PER_INCH / 8) * 8))
        strokes_dpi = min(step_dpi, dpi) if parted and not pictures else 0
        below = {part: _below(low, part, quality, strokes_dpi) for part in parts}
        size = low.shape[0] * low.shape[1]
        del low  # the next one needs the room
        whole = covered([part for part in parts if not below[part][0].mask])
        much = whole > SHARP_SHARE * size
        if much and step_dpi == LAYER_STEPS[0][0] and ink.mean() > LETTERED:
            continue
        layers = (*(layer for part in parts for layer in below[part]), *bars)
        yield Version(Codec.MRC, (*layers, stencil) if stencil else layers)
    yield from _pictures(whole_page, dpi, SOFT_STEPS if soft else JPEG_STEPS)


def _tile(part: tuple[slice, slice]) -> Tile:
    rows, columns = part
    return Tile(columns.start, rows.start, columns.stop, rows.stop)


def _is_soft(grey: Array, limit: float) -> bool:
    """Whether print is so soft nearly throughout that fewer dots tell it but for so much of 255; the first
    sharp parts tell that it is not."""
    inked = cv2.threshold(grey, PALE_INK, 255, cv2.THRESH_BINARY_INV)[1]
    printed = [part for part in _parts(grey.shape) if cv2.countNonZero(inked[part]) > PRINTED * PART_PX**2]
    sharp = 0
    for part in printed:
        seen, ink = grey[part], inked[part]
        fewer = cv2.resize(scaled(seen, FEWER), seen.shape[::-1], interpolation=cv2.INTER_CUBIC)
        sharp += cv2.norm(seen, fewer, cv2.NORM_L2, ink) > limit * math.sqrt(cv2.countNonZero(ink))
        if sharp > MOST_SHARP * len(printed):
            return False
    return bool(printed)


def _below(low: Array, part: Tile, quality: int, dpi: float) -> list[Layer]:
    """A tile as one JPEG, or where `dpi` is given as its strokes, if they are smaller and as near to it."""
    height, width = low.shape[:2]
    tile = low[part.top : part.bottom, part.left : part.right]
    box = (part.left / width, part.top / height, tile.shape[1] / width, tile.shape[0] / height)
    (whole,) = _jpeg(tile, quality).layers
    if dpi:
        parted = strokes(tile, min(1.0, COLOUR_DPI / dpi))
        layers = [_stroked(each, quality) for each in parted]
        if sum(layer.size + LAYER_BYTES for layer in layers) < whole.size:
            pairs = zip(parted, layers, strict=True)
            factor = LOOK_DPI / dpi
            seen = laid([each._replace(colour=_seen(layer)) for each, layer in pairs], factor)
            if _as_near(scaled(tile, factor), seen, scaled(_seen(whole), factor)):
                return [replace(layer, box=box) for layer in layers]
    return [replace(whole, box=box)]


def _as_near(tile: Array, seen: Array, other: Array) -> bool:
    """Whether `seen` is in no part much farther from the tile than `other`, as it is where it holds tones."""
    tinted = cv2.threshold(least_of(tile), PALE_INK, 255, cv2.THRESH_BINARY_INV)[1]
    for part in _parts(tile.shape):
        mine, others = (cv2.norm(tile[part], each[part], cv2.NORM_L2, tinted[part]) for each in (seen, other))
        if mine > NEAR * others + SAME * math.sqrt(cv2.countNonZero(tinted[part])):
            return False
    return True


def _stroked(each: Strokes, quality: int) -> Layer:
    height, width = each.mask.shape
    mask = Layer(g4_bytes(each.mask), width, height, fax=True, stencil=True)
    (colour,) = _jpeg(each.colour, quality).layers
    return replace(colour, mask=mask)


def _pictures(image: Array, dpi: float, steps: Iterable[tuple[int, int]] = JPEG_STEPS) -> Iterator[Version]:
    for step_dpi, quality in steps:
        yield _jpeg(scaled(image, step_dpi / dpi), quality)


def _lossless(image: Array, dpi: float) -> Iterator[Version]:
    for step_dpi in PNG_STEPS:
        small = scaled(image, step_dpi / dpi)
        height, width = small.shape[:2]
        yield Version(Codec.PNG, (Layer(png_bytes(small), width, height),))


def _faxes(grey: Array, dpi: float) -> Iterator[Version]:
    """A page of dots (a newspaper's picture) is small only where its dots become grey and are cut again."""
    for step_dpi in FAX_STEPS:
        ink = scaled(grey, step_dpi / dpi) < 128
        height, width = ink.shape
        yield Version(Codec.G4, (Layer(g4_bytes(ink), width, height, fax=True),))


def _jpeg(image: Array, quality: int) -> Version:
    height, width = image.shape[:2]
    return Version(Codec.JPEG, (Layer(jpeg_bytes(image, quality), width, height, grey=image.ndim == 2),))


def _ink_level(seen: Array) -> float:
    """What is darker is ink: half way from a page's usual ink to white paper, for print paler than black."""
    dark = seen[seen < PALE_INK]
    usual = float(np.median(dark)) if dark.size else 0.0
    return max(SEEN, (usual + 255) / 2)


def faithful(page: Array, version: Version, level: float, tints: Array = NOTHING) -> bool:
    """Whether a version, decoded and laid together, still has the ink and the tones of every part of a page.

    `page`: grey, as it is looked at; darker than `level` is ink. The measure of ink is the share common to
    both, without tolerance, in the worst part: letters that have run together keep their place but not their
    shape. Rulings may be a pixel wider or thinner.
    """
    seen = _laid(version, page.shape)
    as_toned = cv2.countNonZero(_strange(page, seen)) < STRANGE
    inks = ((evened(each, tints) < level).astype(np.uint8) for each in (page, seen))
    return as_toned and _worst_agreement(*inks) >= LEGIBLE


def _laid(version: Version, size: tuple[int, ...]) -> Array:
    """The version decoded and laid together, in grey."""
    shape = max((_decoded_shape(layer) for layer in version.layers), default=size)
    seen = np.full(shape, 255, np.uint8)
    for layer in version.layers:
        place = _place(layer.box, shape)
        here = seen[place]
        drawn = _resized(_seen(layer, cv2.IMREAD_GRAYSCALE), here.shape)
        if layer.stencil:
            drawn = np.minimum(here, drawn)
        elif layer.mask:
            drawn = np.where(_resized(_seen(layer.mask), here.shape) < INKED, drawn, here)
        seen[place] = drawn
    return _resized(seen, size)


def _strange(before: Array, after: Array) -> Array:
    """0/1, what lies in the middle of another tone: hair cut into black and white agrees as ink does.

    Strokes are narrower than what is looked at, so that grey ones may be stored black.
    """
    strange = cv2.threshold(cv2.absdiff(before, after), SAME_TONE, 1, cv2.THRESH_BINARY)[1]
    return cv2.erode(strange, np.ones((TONE_PX, TONE_PX), np.uint8))


def _untoned(ink: Array, image: Array, dpi: float) -> Array:
    """The ink without what would be strange in black, whole: a grey bar or shade, a code; and no stroke."""
    seen = _resized(grey_of(image), _looked_at(image, dpi))
    black = cv2.bitwise_not(_resized(ink.view(np.uint8) * 255, seen.shape))
    strange = _strange(seen, cv2.min(seen, black))
    if cv2.countNonZero(strange) < STRANGE:
        return ink
    labels, stats = parts_of(cv2.threshold(black, 254, 255, cv2.THRESH_BINARY_INV)[1])
    toned = np.zeros(len(stats), np.uint8)
    toned[labels[strange > 0]] = 1
    toned = toned[labels]
    size = (seen.shape[1] // CELL, seen.shape[0] // CELL)
    for code in barred(grey_of(image), size):
        whole = at_full_size(code)
        toned[whole] |= strange[whole].max()
    strokes: Array = cv2.resize(toned, ink.shape[::-1], interpolation=cv2.INTER_NEAREST) == 0
    return np.logical_and(ink, strokes, out=strokes)


def _decoded_shape(layer: Layer) -> tuple[int, ...]:
    """Of a whole page in the dots of the layer."""
    dots = layer.mask or layer
    return round(dots.height / layer.box[3]), round(dots.width / layer.box[2])


def _place(box: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    left, top = round(box[0] * shape[1]), round(box[1] * shape[0])
    right, bottom = round((box[0] + box[2]) * shape[1]), round((box[1] + box[3]) * shape[0])
    return slice(top, max(bottom, top + 1)), slice(left, max(right, left + 1))


def _seen(layer: Layer, way: int = cv2.IMREAD_UNCHANGED) -> Array:
    if layer.fax:
        return g4_picture(layer.data, layer.width, layer.height)
    seen = cv2.imdecode(np.frombuffer(layer.data, np.uint8), way)
    assert seen is not None  # it was written a moment ago
    return seen


def _looked_at(image: Array, dpi: float) -> tuple[int, int]:
    """The size at which versions are compared: a thin bar of a letter must be a pixel or more."""
    factor = min(1.0, LOOK_DPI / dpi)
    return max(1, round(image.shape[0] * factor)), max(1, round(image.shape[1] * factor))


def _resized(grey: Array, shape: tuple[int, ...]) -> Array:
    if grey.shape == shape:
        return grey
    way = cv2.INTER_AREA if grey.shape[0] > shape[0] else cv2.INTER_CUBIC
    return cv2.resize(grey, shape[1::-1], interpolation=way)


def _worst_agreement(before: Array, after: Array) -> float:
    """Of the parts that hold strokes; bare paper and solid areas cannot be misread."""
    ruled = cv2.bitwise_and(_rulings(before), _rulings(after))
    one, other = (cv2.subtract(ink, ruled) for ink in (before, after))
    both, worst = cv2.bitwise_and(one, other), 1.0
    for part in _parts(before.shape):
        inked = cv2.countNonZero(one[part])
        if PRINTED * PART_PX**2 < inked < 0.45 * one[part].size:
            left, common = (cv2.countNonZero(each[part]) for each in (other, both))
            worst = min(worst, 2 * common / (inked + left))
    return worst


def _rulings(ink: Array) -> Array:
    """0/1, what runs on straight across or down, and a pixel beside it; but not the bars of a code."""
    lines = straight_runs(ink, RULING)
    joined = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((BARS_PX[0],) * 2, np.uint8))
    bars = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((BARS_PX[1],) * 2, np.uint8))
    return cv2.dilate(cv2.subtract(lines, bars), np.ones((3, 3), np.uint8))


def _parts(shape: tuple[int, ...]) -> Iterator[tuple[slice, slice]]:
    for top in range(0, shape[0], PART_PX):
        for left in range(0, shape[1], PART_PX):
            yield np.s_[top : top + PART_PX, left : left + PART_PX]
