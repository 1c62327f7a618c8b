"""Tells how likely a place of a page is to be misread, without reading it.

A place is brought to letters of one height. The steepness of their rims, where it is least (a shaken hand is
seen like a bad focus) and where it is most, is set against the depth of the ink: the contrast-normalised
sharpness on text of CG-DIQA (Li et al. 2018). With the grain of the paper and the share of the letters that
is paler than the ink beside it, as what melts is, it is weighed by a logistic regression on blocks that
tesseract has read.
"""

import math

import cv2
import numpy as np

from scanner.clean.arrays import Array, halve, parts_of, shades_of

LETTER_PX = 20.0  # to which the letters are brought
TILE_PX = 256  # thirteen letters: a few lines of text
FINE, EVEN = 0.58, 1.17  # px, of the soft copies, above which the grain is and on which rims are measured
EVERY = 3  # of the places of a text, enough to know how steep its rims are
LEAST_INK, MOST_INK = 0.012, 0.45
LEAST_LETTERS, MELTED = 5, 15.0
MOSTLY_TEXT = 0.6  # of what is dark
WIDEST_LINE = 2.2  # of letters melted together, against their height
LONGEST, THINNEST = 4.0, 0.45  # a ruling is longer and thinner: all its rims look the same way, as if shaken
BAR, FULL = 2.0, 0.85  # letters' heights and share of its box: a bar of a code is longer and fills it
BAND = 8.0  # letters' heights: what is left of a tinted block is longer, and steep along one side
CRISP = 0.2  # of the ink's depth in a px: its rims are steeper than those of a word that has melted
PALER, BESIDE_PX = 0.65, 21  # of the depth of the darkest ink so near; a letter's room
LEAST_DEPTH = 14.0  # of 255: less is the grain of the paper
LEAST_PAPER = 128  # of 255: what is printed on a darker block is not as deep as on paper, nor judged
PAPER, INK, DARK = 0.92, 0.03, 0.4  # percentiles; of the ink's depth, from which on it is dark
PLAINLY, STEEPEST = 0.8, 0.2  # of the depth, in 2 px at LETTER_PX; so much of what is dark is steeper

BIAS = -9.676
WEIGHTS = (-10.018, -5.124, 2.492, 7.409)


def misread_odds(tile: Array, letter_px: float, least_depth: float = LEAST_DEPTH) -> float | None:
    """Logarithm of the odds that more than one letter in twenty is misread; None where there is no text.

    `tile`: grey uint8 (H, W) on white paper, its letters about `letter_px` high; what is less than
    `least_depth` of 255 darker than the paper is no text.
    """
    seen = measures(tile, letter_px, least_depth)
    return None if seen is None else float(BIAS + np.dot(WEIGHTS, seen))


def is_plainly_sharp(tile: Array, letter_px: float, least_depth: float = LEAST_DEPTH) -> bool:
    """Whether the rims are so steep, across and down and above the grain, that no text there is misread.

    As `misread_odds`, in a tenth of its time; without text, what is drawn is sharp.
    """
    _, depth, dark = _spread(shades_of(tile[::EVERY, ::EVERY]))
    if depth < least_depth:
        return False
    for some, side in ((tile[::EVERY], (1, 3)), (np.ascontiguousarray(tile[:, ::EVERY]), (3, 1))):
        window = np.ones(side, np.uint8)
        counts = np.cumsum(shades_of(cv2.subtract(cv2.dilate(some, window), cv2.erode(some, window))))
        steep, grain = np.searchsorted(counts, counts[-1] * np.array([1 - STEEPEST * dark, 0.5])).tolist()
        if (steep - grain) * letter_px < PLAINLY * depth * LETTER_PX:
            return False
    return True


def _spread(shades: Array) -> tuple[float, float, float]:
    """The paper's shade, how much darker the ink is, and the share that is dark, of the count of shades."""
    counts = np.cumsum(shades)
    paper, ink = np.searchsorted(counts, counts[-1] * np.array([PAPER, INK])).tolist()
    return paper, paper - ink, float(counts[int(paper - DARK * (paper - ink))] / counts[-1])


def measures(tile: Array, letter_px: float, least_depth: float = LEAST_DEPTH) -> Array | None:
    """(4,) logarithms of the least and the greatest steepness and of the grain, in parts of the ink's depth,
    and of the share of the letters that is paler than what is beside it."""
    if letter_px < 1 or min(tile.shape) < 4 * letter_px:
        return None
    small = _at_one_height(tile, LETTER_PX / letter_px)
    even = cv2.GaussianBlur(small, (0, 0), EVEN)
    paper, depth, _ = _spread(shades_of(even))
    if depth < least_depth or paper < LEAST_PAPER:
        return None
    dark = (even < paper - DARK * depth).astype(np.uint8)
    ink = _letters(dark, even, CRISP * depth)
    if ink is None:
        return None
    text = cv2.dilate(ink, np.ones((5, 5), np.uint8))
    bare = 1 - cv2.dilate(dark, np.ones((9, 9), np.uint8))
    if cv2.countNonZero(bare) < 200:
        bare = 1 - text
    least, most = _steepness(even, text)
    grain = _deviation(small, cv2.GaussianBlur(small, (0, 0), FINE), bare)
    paler = _paler(cv2.subtract(np.full_like(even, paper), even, mask=ink), ink)
    return np.log([least / depth + 1e-3, most / depth + 1e-3, grain / depth + 5e-3, paler + 1e-2])


def _letters(dark: Array, even: Array, crisp: float) -> Array | None:
    """The part of a 0/1 mask that letters, or words melted together, can be; None where there are too few.

    Edges of the sheet, photographs, frames and solid areas are wider than a line of text is high. The bars of
    a code and what is left of a tinted block are as full or as long as words that melted into one, but their
    rims are steeper than `crisp`.
    """
    labels, stats = parts_of(dark)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    narrow, long = sides.min(axis=1), sides.max(axis=1)
    fits = (narrow >= 3) & (narrow <= WIDEST_LINE * LETTER_PX)
    fits &= (long < LONGEST * LETTER_PX) | (narrow > THINNEST * LETTER_PX)
    full = (long >= BAR * LETTER_PX) & (stats[:, cv2.CC_STAT_AREA] >= FULL * sides.prod(axis=1))
    band = long >= BAND * LETTER_PX
    full[0] = band[0] = fits[0] = False
    if (full | band).any():
        rims = cv2.morphologyEx(even, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 2 * crisp
        steep = np.bincount(labels[rims], minlength=len(full))
        fits[(full & (steep > 0)) | (band & (steep > long / 2))] = False
    ink: Array = fits.astype(np.uint8).take(labels)
    inked = cv2.countNonZero(ink) / ink.size
    mostly = inked > MOSTLY_TEXT * cv2.countNonZero(dark) / dark.size
    enough = fits.sum() >= LEAST_LETTERS or long[fits].sum() > MELTED * LETTER_PX
    enough = enough and LEAST_INK < inked < MOST_INK
    return ink if enough and mostly else None


def _at_one_height(tile: Array, factor: float) -> Array:
    if factor >= 1:
        return cv2.resize(tile, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    twice = [2 * max(1, round(factor * side)) for side in tile.shape[::-1]]
    # its exact half is nearly the mean over areas, in a third of the time
    return halve(cv2.resize(tile, twice, interpolation=cv2.INTER_LINEAR))


def _deviation(one: Array, other: Array, where: Array) -> float:
    """By how much two pictures differ where a mask is 1, root mean square."""
    return math.sqrt(cv2.norm(one, other, cv2.NORM_L2SQR, where) / max(cv2.countNonZero(where), 1))


def _steepness(even: Array, text: Array) -> tuple[float, float]:
    """That of the steepest tenth of the text's rims, in the directions where it is least and most, a px."""
    places = np.flatnonzero(text > 0)[::EVERY]
    across, down = (each.ravel()[places] for each in cv2.spatialGradient(even))
    tenth = int(0.9 * (len(places) - 1))
    ways = (across, down, (across + down) * math.sqrt(0.5), (across - down) * math.sqrt(0.5))
    steps = [float(np.partition(np.abs(way), tenth)[tenth]) / 8 for way in ways]
    return min(steps), max(steps)


def _paler(deep: Array, ink: Array) -> float:
    """The share of the ink that is much paler than the darkest beside it."""
    beside = cv2.dilate(deep, np.ones((BESIDE_PX, BESIDE_PX), np.uint8))
    return float((deep < PALER * beside)[ink > 0].mean())
