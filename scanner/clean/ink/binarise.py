"""Black ink on white paper, from a grey page whose light was taken out.

The level leans on two thoughts: what the grey is at the sharpest rims close by (Su, Lu and Tan 2010, 2013),
which follows strokes however faint and says nothing where there is no ink, and on Sauvola and Pietikäinen
(2000), which keeps the paper between them clean. Afterwards each stroke is asked whether it is one: dust is
smaller than the strokes around are wide, and what shows through from the other side is both paler and softer
than the writing near it. Most of it is reckoned at a half and a quarter of the size; the full page is
compared with its level, and asked how deep and sharp the strokes really are.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import Array, halve
from scanner.clean.ink.specks import is_torn, printed

SMALLEST = 24
WINDOW_MM = 2.4  # about a letter
SENSITIVITY = 0.4
RIM_SHARE = 0.08  # of the window, that must be rim for ink to be looked for
RIM_STRENGTH = 0.9  # of Otsu's level of contrast
PENCIL = 44.0  # of 255: a rim of so much contrast is writing, whatever else is on the page
THIN = 100.0  # of 255: so is a step at full size, where a thin line is not diluted
RIM_SPREAD = 0.6
DILUTED = 0.9  # of the level: what is so dark at full size is ink, however little of it
RULE_MM, GAP_MM = 1.0, 3.0  # of a line, to be one; of it, that may be lost
RIM_PART = 0.6  # of the level; the rest is Sauvola's
SOLID, MIDDLE = 0.8, (90, 140)  # of Otsu's level, within: for bars and blots wider than the window
NEAR_PX = 31  # eighth-size pixels, what is "the writing near it": some lines of text
BESIDE_PX = 9  # the same, what its size is measured by: a line of text
USUAL = 0.1  # how much the whole page has a say in it
PALE = 0.7  # of the contrast of the writing near it
SOFT = 0.96  # of the usual steepness of rims
DEEP = 0.9  # of the depth of the ink of the page: what is darker is never the other side's
MARKS_PX, LEAST_STEEP = (12.0, 21.0, 30.0), (0.985, 0.94, 0.78)  # so steep rims keep marks on letters so high
DOT = 0.55  # of the square of the stroke's width; the dot of an i has one to two squares
RIM_COUNT = 5.5
LONELY = 1.0  # mean darkness of the strokes around, of 255
LEAST_DUST, ALONE_DUST, MOST_DUST_MM = 1.0, 2.8, 0.3  # half-size pixels as dark as writing; side of a square
LETTER = 3.0  # times the most that dust is: what may have a dot beside it
BAND = 64  # pairs of rows that are worked on at a time
_CROSS = np.ones((3, 3), np.uint8)
_RUN = np.ones((1, 5), np.uint8)  # half-size pixels: longer than dust is wide


class _Half(NamedTuple):
    """The page at half its size: grey, the step within 3x3, and the step against its mean brightness."""

    grey: Array
    step: Array
    contrast: Array


class _Most(NamedTuple):
    """At half the size: the depth of a page and its step within 3x3 at full size, the most of each 2x2."""

    depth: Array
    step: Array


class _Near(NamedTuple):
    """At an eighth of the page's size: the contrast, the width and the darkness of the strokes near by."""

    contrast: Array
    width: Array
    shade: Array


class BlackWhite(NamedTuple):
    """`page`: 0 ink, 255 paper; (H, W) uint8. `steep`: the step within three pixels at the rims of its
    strokes, in parts of their depth: 1 where the picture is sharp. `torn`: print is so thin and light that
    its dots and tone marks are lost."""

    page: Array
    steep: float
    torn: bool = False

    def melts(self, letter_px: float) -> bool:
        """Whether the picture is so soft that tone marks melt with letters of this height, or are lost."""
        return self.steep < float(np.interp(letter_px, MARKS_PX, LEAST_STEEP))


def binarise(flat: Array, dpi: float = 300.0) -> Array:
    """0 ink, 255 paper; (H, W) uint8 of a grey page at `dpi`."""
    return black_white(flat, dpi).page


def black_white(flat: Array, dpi: float = 300.0) -> BlackWhite:
    """A grey page at `dpi` in black and white, and how sharp it was."""
    with ThreadPoolExecutor(1) as beside:
        return begun(flat, dpi, beside)()


def begun(flat: Array, dpi: float, beside: Executor) -> Callable[[], BlackWhite]:
    """The same as soon as all is known that the second core shall do for it: what ends it waits for that."""
    if min(flat.shape) < SMALLEST:
        return lambda: BlackWhite(cv2.threshold(flat, 128, 255, cv2.THRESH_BINARY)[1], 1.0)
    most = beside.submit(_most_of, flat)
    half = _half(flat)
    level = _level(half, most, dpi, beside)
    grown = cv2.resize(level, half.grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    ink, deep, dots = _ink(half, grown, most.result())
    near = beside.submit(_near, half, ink)

    def ended() -> BlackWhite:
        writing, steep = _writing(half, ink, dots, most.result(), near, dpi=dpi)
        there = cv2.dilate(writing, _CROSS)
        lost = cv2.subtract(deep, there)
        if cv2.countNonZero(lost):
            there = cv2.bitwise_or(there, cv2.dilate(_of_rules(lost, there, dpi), _CROSS))
        torn = is_torn(most.result().depth, writing, there, dpi)
        return BlackWhite(_lighter(flat, cv2.bitwise_and(grown, there)), steep, torn)

    return ended


def _of_rules(lost: Array, there: Array, dpi: float) -> Array:
    """What of the lost ink continues a line across or down on both its sides: where halves dilute it as much
    as to its level it falls into specks, and these are taken for dust."""
    least, most = (max(3, round(each * dpi / 50.8)) | 1 for each in (RULE_MM, GAP_MM))
    found = np.zeros_like(lost)
    rows, columns = (np.flatnonzero(lost.max(axis=each)) for each in (1, 0))
    for some, way in ((np.s_[rows, :], 1), (np.s_[:, columns], -1)):  # few, for little is lost
        lines = cv2.morphologyEx(there[some], cv2.MORPH_OPEN, np.ones((1, least)[::way], np.uint8))
        whole = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((1, most)[::way], np.uint8))
        found[some] |= lost[some] & whole
    return found


def _ink(half: _Half, grown: Array, most: _Most) -> tuple[Array, Array, Array]:
    """0/255 at half the size: what is darker than the level, and what lies apart and is so at full size, for
    halves dilute a line of two pixels that lies across them; all that is so at full size; and specks that
    are so there alone."""
    dark = cv2.compare(cv2.bitwise_not(most.depth), cv2.convertScaleAbs(grown, alpha=DILUTED), cv2.CMP_LT)
    deep = cv2.bitwise_or(*(cv2.morphologyEx(dark, cv2.MORPH_OPEN, each) for each in (_RUN, _RUN.T)))
    ink = cv2.compare(half.grey, grown, cv2.CMP_LT)
    apart = cv2.subtract(deep, cv2.dilate(ink, _CROSS))
    if cv2.countNonZero(apart):
        ink = cv2.bitwise_or(ink, cv2.bitwise_and(deep, cv2.dilate(apart, np.ones((5, 5), np.uint8))))
    return ink, deep, cv2.subtract(dark, cv2.dilate(ink, _CROSS))


def _lighter(page: Array, level: Array) -> Array:
    """0/255: where the page is not darker than a level of half its size, which is never grown whole.

    An odd last row or column is as the one before.
    """
    wide = cv2.merge([level, level]).reshape(len(level), -1)
    if page.shape[1] % 2:
        wide = np.concatenate([wide, wide[:, -1:]], axis=1)
    even = 2 * len(level)
    light = np.empty_like(page)
    for first, last, levels in ((0, even, wide), (1, even, wide), (even, len(page), wide[-1:])):
        if first < last:
            cv2.compare(page[first:last:2], levels, cv2.CMP_GE, light[first:last:2])
    return light


def _half(flat: Array) -> _Half:
    grey = halve(flat)
    top, low = cv2.dilate(grey, _CROSS), cv2.erode(grey, _CROSS)
    step = cv2.subtract(top, low)
    return _Half(grey, step, cv2.divide(step, cv2.addWeighted(top, 0.5, low, 0.5, 1), scale=127.5))


def _level(half: _Half, most: Future[_Most], dpi: float, beside: Executor) -> Array:
    """uint8 at a quarter of the page's size: what is darker is ink; without rims only what is black."""
    side = int(np.clip(round(WINDOW_MM * dpi / 25.4 / 4), 3, 31)) | 1

    def mean(image: Array) -> Array:
        return cv2.boxFilter(halve(image), cv2.CV_32F, (side, side))

    soft = beside.submit(_sauvola, half, mean)
    at_rim, share = _at_rims(half, mean)
    rim = cv2.threshold(half.contrast, PENCIL, 255, cv2.THRESH_BINARY)[1]
    thin = cv2.threshold(most.result().step, THIN, 255, cv2.THRESH_BINARY)[1]
    faint = mean(cv2.bitwise_or(rim, thin))
    solid = SOLID * np.clip(_otsu(half.grey), *MIDDLE)
    sauvola = soft.result()
    pencil = cv2.convertScaleAbs(sauvola)
    pencil[faint < RIM_SHARE * 255] = solid
    level = cv2.convertScaleAbs(cv2.addWeighted(at_rim, RIM_PART, sauvola, 1 - RIM_PART, 0))
    np.copyto(level, pencil, where=share < RIM_SHARE)
    return level


def _sauvola(half: _Half, mean: Callable[[Array], Array]) -> Array:
    """Sauvola's level, float32."""
    centre = mean(half.grey)
    around = _spread(mean(_squared(half.grey)), centre)
    widest = max(float(cv2.minMaxLoc(around)[1]), 1.0)
    level: Array = centre * (1 - SENSITIVITY + SENSITIVITY / widest * around)
    return level


def _at_rims(half: _Half, mean: Callable[[Array], Array]) -> tuple[Array, Array]:
    """What the grey is at the sharpest rims close by, and the share of them there (float32)."""
    rim = cv2.threshold(half.contrast, RIM_STRENGTH * _otsu(half.contrast), 255, cv2.THRESH_BINARY)[1]
    grey = cv2.bitwise_and(half.grey, rim)
    share = mean(rim) / 255.0
    some = np.maximum(share, 1e-3)
    centre = mean(grey) / some
    return np.minimum(centre + RIM_SPREAD * _spread(mean(_squared(grey)) / some, centre), 250.0), share


def _spread(squares: Array, centre: Array) -> Array:
    """The standard deviation, of the mean of squares and the mean."""
    variance = cv2.subtract(squares, cv2.multiply(centre, centre))
    return cv2.sqrt(np.maximum(variance, 0.0, out=variance))


def _otsu(image: Array) -> float:
    """Otsu's level, from every fourth row: enough to know how its brightness is spread."""
    return float(cv2.threshold(image[::4], 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0])


def _squared(image: Array) -> Array:
    wide = image.astype(np.uint16)
    return np.multiply(wide, wide, out=wide)


def _writing(
    half: _Half, ink: Array, dots: Array, most: _Most, near: Future[_Near], *, dpi: float
) -> tuple[Array, float]:
    """0/255 at half the size: the ink without dust and without what shows through; and how steep it is.

    `dots`: specks beside the ink, that are kept where they belong to print.
    """
    ink = cv2.bitwise_or(ink, dots)
    count, labels = cv2.connectedComponentsWithAlgorithm(ink, 8, cv2.CV_32S, cv2.CCL_SAUF)
    where = np.flatnonzero(ink > 0)
    if not where.size:
        return ink, 1.0
    part = labels.ravel()[where]  # sorted by part: what follows is sums over runs
    where = where[np.argsort(part.astype(np.uint16) if count <= 65536 else part, kind="stable")]
    area = np.bincount(part)[1:]
    first = np.cumsum(area) - area

    def total(values: Array) -> Array:
        result: Array = np.add.reduceat(values, first, dtype=np.float64)
        return result

    def typical(image: Array) -> Array:
        """The mean over each part, each pixel weighted by its value: rims count, not what is between."""
        values = image.ravel()[where].astype(np.float32)
        return total(values * values) / np.maximum(total(values), 1)

    contrast = typical(half.contrast)
    y = where // ink.shape[1]
    x = where - y * ink.shape[1]
    deepest, steepest = (np.maximum.reduceat(each.ravel()[where], first) for each in most)
    usual, width, shade = near.result()
    spot = np.minimum(y // 4, usual.shape[0] - 1) * usual.shape[1] + np.minimum(x // 4, usual.shape[1] - 1)
    pale = contrast < PALE * total(usual.ravel()[spot]) / area
    steep = steepest / np.maximum(deepest, 1.0)
    stain = pale & _ghostly(deepest, steep, area, pale)
    wide = total(width.ravel()[spot])
    least = np.where(wide == 0, ALONE_DUST, LEAST_DUST)
    dust = np.clip(DOT * (wide / area) ** 2, least, (MOST_DUST_MM * dpi / 50.8) ** 2)
    speck = total((255 - half.grey.ravel()[where]) / shade.ravel()[spot]) < dust
    speck |= dots.ravel()[where[first]] > 0
    kept = np.zeros_like(ink)
    if speck.any():
        small = speck | (area < LETTER * (MOST_DUST_MM * dpi / 50.8) ** 2)
        kept.ravel()[where] = np.repeat(np.where(small | stain, np.uint8(0), np.uint8(255)), area)
        places = np.stack([y[first], x[first]], axis=1)[small]
        stain[small] = ~printed(places, speck[small], stain[small], kept, dpi)
    kept.ravel()[where] = np.repeat(np.where(stain, np.uint8(0), np.uint8(255)), area)
    return kept, float(np.average(steep, weights=area * ~stain + 1e-9))


def _most_of(flat: Array) -> _Most:
    """How deep and sharp the strokes are at full size.

    Half the size dilutes a thin stroke, and would make it as pale and soft as the other side's print. Band by
    band, which stays in the processor's cache: a third of the time.
    """
    height, width = flat.shape[0] // 2, flat.shape[1] // 2
    depth, step = (np.empty((height, width), np.uint8) for _ in range(2))
    for first in range(0, height, BAND):
        rows = slice(first, min(first + BAND, height))
        top, low = max(2 * first - 1, 0), min(2 * rows.stop + 1, len(flat))
        band = flat[top:low]
        steps = cv2.subtract(cv2.dilate(band, _CROSS), cv2.erode(band, _CROSS))[2 * first - top :]
        count = 2 * (rows.stop - first)
        even, odd = _pairs(cv2.max(steps[0:count:2], steps[1:count:2]))
        cv2.max(even, odd, step[rows])
        own = flat[2 * first : 2 * rows.stop]
        even, odd = _pairs(cv2.min(own[::2], own[1::2]))
        cv2.min(even, odd, depth[rows])
    return _Most(cv2.bitwise_not(depth, depth), step)


def _pairs(rows: Array) -> Sequence[Array]:
    """Every even column of a uint8 (H, W), and every odd one; an odd last is left out."""
    height, width = rows.shape
    return cv2.split(rows[:, : width // 2 * 2].reshape(height, width // 2, 2))


def _ghostly(deepest: Array, steep: Array, area: Array, pale: Array) -> Array:
    """Which parts are softer than usual and not so deep, where the pale ones are soft on the whole: else it
    was a pencil."""
    usual = np.average(steep, weights=area)
    if np.average(steep, weights=area * pale + 1e-9) >= SOFT * usual:
        return np.zeros_like(pale)
    ghostly: Array = (steep < SOFT * usual) & (deepest < DEEP * np.average(deepest, weights=area))
    return ghostly


def _near(half: _Half, ink: Array) -> _Near:
    """What the strokes near by are like.

    A stroke's darkness over the steps at its two rims is its width, in half-size pixels, but for a factor:
    each soft rim is counted some three times.
    """

    def near(image: Array, side: int) -> Array:
        return cv2.boxFilter(halve(halve(image)), cv2.CV_32F, (side, side), borderType=cv2.BORDER_CONSTANT)

    contrast = cv2.bitwise_and(half.contrast, ink)
    squared, plain = near(_squared(contrast), NEAR_PX), near(contrast, NEAR_PX)
    strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))  # specks have no say
    stroked = cv2.bitwise_and(cv2.bitwise_not(half.grey), strokes)
    darkness = near(stroked, BESIDE_PX)
    shade = np.maximum(_ratio(near(_squared(stroked), BESIDE_PX), darkness), 1)
    rims = near(cv2.bitwise_and(half.step, cv2.dilate(strokes, _CROSS)), BESIDE_PX)
    width = np.where(darkness < LONELY, 0, RIM_COUNT * _ratio(darkness, rims))
    return _Near(_ratio(squared, plain), width, shade)


def _ratio(over: Array, under: Array) -> Array:
    """The one by the other, with the whole page's ratio where there is little of both."""
    most = max(float(under.mean()), 1e-6)
    usual = float(over.mean()) / most
    result: Array = (over + USUAL * most * usual) / (under + USUAL * most)
    return result
