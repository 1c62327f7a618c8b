"""Parts a page into black ink at full sharpness and the colour below it (MRC, ITU-T T.44).

Letters stay as sharp as the scan. The paper under them is the mean of its uncovered part, so no ghost of the
text is left below. White paper needs no picture: only the tiles that hold a seal, a signature or a tint do.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import NOTHING, Array, grey_of, least_of, most_of, parts_of, shrink, straight_runs
from scanner.clean.ink.bars import barred
from scanner.clean.ink.blocks import blocks_of
from scanner.clean.ink.fields import fields_of
from scanner.clean.ink.light import MAP_SIDE

INK = 150  # of 255 on white paper: half-covered pixels of a stroke's rim
PALEST_INK = 190  # of grey or soft print only, where darker ink is beside it
BLACK = 105  # darker than this in its brightest channel is black ink, whatever its tint
CHROMA = 40
STROKE = 205  # the whole of a pale stroke is darker
PALER = 8  # of 255 than the rims of letters, that the middle of a thin mark may be
TORN, BARELY = 0.25, 120  # the share of a stroke that is ink, and how dark that is, where it is but shards
DARK = 100  # shards never are
ONE_PRINT = 0.2  # of the strokes of a page, that may be shards where all of it is print of one kind
DOT_PX, DOTTED_PX = 5, (25, 99)  # of a dot at most; between two, and a line of them
NEAR_WHITE = 236
NOT_WHITE = 245  # an eighth of the size, of what belongs to a picture
BLOCK_PX = 7  # of a page 438 px high: a tinted block is wider
PICTURED = 0.3  # the share of a rectangle that is tinted throughout, in a picture

MOST_TILES = 12
PALE = 200  # dots that are not darker, and fewer than half a line through a block, are no colour


class Tile(NamedTuple):
    """A rectangle in px; right and bottom lie outside."""

    left: int
    top: int
    right: int
    bottom: int

    def overlaps(self, other: "Tile") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def ink_mask(image: Array, photo: Array) -> Array:
    """Bool (H, W): black strokes of a page on white paper; not seals, signatures, photographs.

    `photo`: of `photograph_area`.
    Where the page's own print is grey, its rims are paler than those of black ink, and thin marks are paler
    than letters: without these a tone mark would break or be gone.
    """
    top = most_of(image)
    ink: Array = top < INK
    uncoloured = np.ones_like(ink)
    if image.ndim == 3:
        coloured = cv2.threshold(cv2.subtract(top, least_of(image)), CHROMA, 255, cv2.THRESH_BINARY)[1]
        uncoloured = cv2.dilate(coloured, np.ones((3, 3), np.uint8)) == 0
        ink = (top < BLACK) | (ink & uncoloured)
    rim, strokes = _rim_level(top), uncoloured & (top < STROKE)
    shards, share = _shards(top, ink, strokes)
    if rim > INK and share < ONE_PRINT:
        ink |= uncoloured & _soft_strokes(top, rim)
        ink &= ~_shards(top, ink, strokes)[0]
    else:
        ink &= ~shards
        ink |= uncoloured & (top < rim) & (cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
    ink |= _dotted(top, ink, uncoloured & (top < STROKE))
    if photo.any():
        edged = cv2.dilate(photo, np.ones((3, 3), np.uint8))  # the picture's edge is part of it, no stroke
        ink &= cv2.resize(edged, ink.shape[::-1], interpolation=cv2.INTER_NEAREST) == 0
    return ink


def _soft_strokes(top: Array, rim: float) -> Array:
    """Mask of what is darker than half way from the darkest dot beside it to white paper."""
    beside = cv2.erode(top, np.ones((3, 3), np.uint8))
    level = np.clip(cv2.convertScaleAbs(beside, alpha=0.5, beta=127.5), round(rim), STROKE)
    result: Array = (top < level) & (beside < rim + PALER)
    return result


def _dotted(top: Array, ink: Array, strokes: Array) -> Array:
    """Mask of the pale dots that stand in a line, as on a form: with fewer px they would be lost."""
    near, marks = np.ones((3, 3), np.uint8), strokes.view(np.uint8)
    clear = cv2.subtract(marks, cv2.dilate(ink.view(np.uint8), near))
    if cv2.countNonZero(clear) < DOTTED_PX[1]:
        return np.zeros_like(ink)
    dots = cv2.subtract(marks, cv2.dilate(straight_runs(marks, DOT_PX + 1), near))
    joined = cv2.morphologyEx(dots, cv2.MORPH_CLOSE, np.ones((1, DOTTED_PX[0]), np.uint8))
    lines = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, DOTTED_PX[1]), np.uint8))
    lined = cv2.min(cv2.min(clear, dots), cv2.dilate(lines, np.ones((DOT_PX, 1), np.uint8)))
    half = cv2.convertScaleAbs(cv2.erode(top, near), alpha=0.5, beta=127.5)
    result: Array = (lined > 0) & (top < half)
    return result


def _shards(top: Array, ink: Array, strokes: Array) -> tuple[Array, float]:
    """Mask of the ink of strokes of which it is only a few dots: their print is about as pale as INK.

    And how much of all strokes these are.

    In black beside what stays grey they tear letters apart; without them the letters stay whole. Every fourth
    dot tells.
    """
    some, few = np.s_[::2, ::2], strokes[::2, ::2]
    labels, stats = parts_of(few.astype(np.uint8))
    where = np.flatnonzero(ink[some] & few)
    part = labels.ravel()[where]
    count = np.bincount(part, minlength=len(stats))
    shade = np.bincount(part, top[some].ravel()[where], len(stats)) / np.maximum(count, 1)
    torn = (count < TORN * stats[:, cv2.CC_STAT_AREA]) & ((shade > BARELY) | (count == 0))
    torn[0] = False
    if not torn.any():
        return np.zeros_like(ink), 0.0
    share = float(stats[torn, cv2.CC_STAT_AREA].sum() / max(1, stats[1:, cv2.CC_STAT_AREA].sum()))
    near = cv2.dilate(torn.astype(np.uint8)[labels], np.ones((3, 3), np.uint8))
    near = cv2.resize(near, ink.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return ink & (near > 0) & (top > DARK), share


def _rim_level(top: Array) -> float:
    """Half way from the usual ink of a page to white paper; INK where that is black."""
    counts = cv2.calcHist([top], [0], None, [INK], [0, INK]).ravel().cumsum()
    usual = float(np.searchsorted(counts, counts[-1] / 2)) if counts[-1] else 0.0
    return min(max((usual + 255) / 2, INK), PALEST_INK)


def tints_of(image: Array) -> Array:
    """The tints of the blocks of a page on white paper, as of `blocks_of`."""
    small, _ = shrink(image, MAP_SIDE)
    toned = cv2.threshold(least_of(small), NEAR_WHITE, 255, cv2.THRESH_BINARY_INV)[1]
    wide = cv2.erode(toned, np.ones((BLOCK_PX, BLOCK_PX), np.uint8))
    return blocks_of(small) if wide.any() else NOTHING


def photograph_area(image: Array, tints: Array = NOTHING) -> Array:
    """0/1 small mask of pictures, not strokes: areas tinted throughout, and the whole of what they belong to.

    A portrait's bright parts hang together with its dark ones, whose share of its rectangle is large.
    Blocks of one tint, `tints`, are none: they lie below the ink.
    The bars of a code mix to a tint here and there, and are a picture whole or not at all.
    """
    height, width = image.shape[:2]
    size = (max(1, width // 8), max(1, height // 8))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    grey, fields = grey_of(small), fields_of(small)
    tinted = cv2.threshold(grey, 215, 1, cv2.THRESH_BINARY_INV)[1]
    core = cv2.erode(tinted, np.ones((9, 9), np.uint8))
    area = np.minimum(cv2.dilate(core, np.ones((13, 13), np.uint8)), tinted)
    if fields is not NOTHING:
        area[fields > 0] = 1
    if not area.any():
        return area
    if tints is not NOTHING:
        area[cv2.resize(least_of(tints), size, interpolation=cv2.INTER_NEAREST) < 255] = 0
    for code in barred(grey_of(image), size):
        area[code] |= area[code].max()
    toned = cv2.threshold(grey, NOT_WHITE, 1, cv2.THRESH_BINARY_INV)[1]
    solid = cv2.morphologyEx(toned, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))  # no lines of text
    labels, stats = parts_of(cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8)))
    inside = np.bincount(labels.ravel(), area.ravel(), len(stats))
    for left, top, wide, high, _ in stats[1:][inside[1:] > PICTURED * stats[1:, 2] * stats[1:, 3]].tolist():
        area[top : top + high, left : left + wide] = 1
    return area


def under_ink(image: Array, ink: Array, photo: Array, factor: float) -> Array:
    """The page without its ink at `factor` of its size: each pixel the mean of what is not covered.

    At full size what is covered is white: a rim a pixel wide, by which letters stand out from a seal.
    """
    cover = cv2.dilate(ink.astype(np.uint8) * 255, np.ones((3, 3), np.uint8))
    low = _whitened(image, cover)
    if factor < 1:
        size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
        low, cover = (cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (low, cover))
        seen = np.clip(1 - cover.astype(np.float32) / 255, 0.05, 1)
        tint = cv2.bitwise_not(low).astype(np.float32)
        tint /= seen if low.ndim == 2 else seen[..., None]
        low = np.clip(np.subtract(255, tint, out=tint), 0, 255, out=tint).astype(np.uint8)
    return _white_paper(low, photo)


def _white_paper(low: Array, photo: Array) -> Array:
    """With what is nearly white made white, but for the tones of pictures (0/1 small mask)."""
    white = cv2.threshold(least_of(low), NEAR_WHITE, 255, cv2.THRESH_BINARY)[1]
    if photo.any():
        white[cv2.resize(photo, white.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0] = 0
    return _whitened(low, white)


def _whitened(image: Array, mask: Array) -> Array:
    """White where a mask of 0 and 255 is; not by its places, which take sixteen bytes each."""
    if image.ndim == 2:
        return cv2.max(image, mask)
    white = cv2.merge([mask, mask, mask])
    return cv2.max(image, white, white)


def tiles(low: Array, block: int) -> list[Tile]:
    """The parts of a page without its ink that are not white, in steps of `block` px; none overlaps another.

    A few pale dots are the grain of the paper. Where there would be many tiles, one that holds all: each
    costs a header.
    """
    height, width = low.shape[:2]
    shade = np.pad(least_of(low), ((0, -height % block), (0, -width % block)), constant_values=255)
    blocks = shade.reshape(shade.shape[0] // block, block, -1, block)
    coarse = (blocks < PALE).any(axis=(1, 3)) | ((blocks < 255).sum(axis=(1, 3)) >= block / 2)
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(coarse, np.uint8), connectivity=8)
    found = _apart([Tile(x, y, x + wide, y + high) for x, y, wide, high, _ in stats[1:].tolist()])
    if len(found) > MOST_TILES:
        found = [_around(found)]
    ends = (width, height)
    return [Tile(*(min(side * block, ends[at % 2]) for at, side in enumerate(one))) for one in found]


def covered(parts: Sequence[Tile]) -> int:
    """The area of tiles in px."""
    return sum((part.right - part.left) * (part.bottom - part.top) for part in parts)


def _apart(found: list[Tile]) -> list[Tile]:
    """Those that overlap are joined until none does."""
    apart: list[Tile] = []
    for tile in found:
        joined = tile
        while touched := [other for other in apart if joined.overlaps(other)]:
            apart = [other for other in apart if other not in touched]
            joined = _around([joined, *touched])
        apart.append(joined)
    return apart


def _around(some: Sequence[Tile]) -> Tile:
    lefts, tops, rights, bottoms = zip(*some, strict=True)
    return Tile(min(lefts), min(tops), max(rights), max(bottoms))
