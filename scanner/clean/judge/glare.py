"""Tells where a lamp or a window, reflected on a glossy page, has wiped out print.

Such a place is brighter than the paper's own light would be there, nearly white, and bare, though print
stands around it. Light on a bare margin harms nothing and is no glare.
"""

from collections.abc import Iterator

import cv2
import numpy as np

from kioskcore.ports import Box
from scanner.clean.arrays import Array, grey_of, parts_of, shrink

SIDE = 520  # px of the copy on which it is looked for: A4 at 44 dots an inch
STROKE_PX, NEAR_PX, NEXT_PX = 13, 9, 27  # wider than a letter's strokes; a letter's own room; a line's
AROUND_PX = 61  # beyond the soft rim of a light
REACH_PX, STROKES = 26, 2  # 15 mm: so near stands the print that goes on behind, so many px of it
INK, PALE_INK = 18, 0.1  # of 255, and of the paper: darker is ink
ABOVE, ABOVE_SHARE, BURNT, ABOVE_BURNT = 20.0, 0.07, 250, 4.0  # brighter than the trend of the paper
LEAST_LIGHT, MOST_LIGHT, LEAST_BARE = 0.003, 0.35, 0.002  # of the page
MOST_PARTS, LIGHT_PX = 6, 7  # of a light, across
BRIGHT, LIFT, PEAK = 235.0, 12.0, 18.0  # of the bare place; against what lies around; against the trend
MOSTLY = 75  # percentile of what lies around: beside a shadow some of that is as bright as the place
MIRRORED = 248.0  # of the bare place on a scanner's glass: its own lamp, while a worn lid's light is greyer
SAME, PLAIN, READ = 6.0, 0.8, 0.4  # of the place's light; of the print's usual depth; of the print close by
AROUND_PART, AROUND_PAGE = 0.07, 0.002  # of a bare place, or of the page: so much has print on three sides
ROUNDS, EASY = 8, (6.0, 14.0)  # of the fit; a paper's own unevenness upwards and downwards
_INKY = np.maximum(INK, PALE_INK * np.arange(256)).astype(np.uint8)


def wiped_out(seen: Array, *, scanned: bool = False) -> tuple[Box, ...]:
    """The places of a flat page, BGR or grey, as the camera or the scanner saw it, in parts of it."""
    grey = shrink(grey_of(seen), SIDE, cv2.INTER_LINEAR)[0]
    if min(grey.shape) < AROUND_PX:
        return ()
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((STROKE_PX, STROKE_PX), np.uint8))
    bright = MIRRORED if scanned else BRIGHT
    if float((paper >= bright).mean()) < LEAST_BARE / 2:
        return ()
    above = paper - _trend(paper)
    if float(above.max()) < PEAK:
        return ()
    ink = (cv2.subtract(paper, grey) > cv2.LUT(paper, _INKY)).astype(np.uint8)
    light = (above > np.maximum(ABOVE, ABOVE_SHARE * paper)) | ((paper >= BURNT) & (above > ABOVE_BURNT))
    light = _opened(light.astype(np.uint8), LIGHT_PX)
    plain = _as_deep(paper, grey, ink)
    bare = 1 - cv2.dilate(ink, np.ones((NEAR_PX, NEAR_PX), np.uint8))
    height, width = grey.shape
    found, told = [], np.zeros_like(light)
    for lit in _lights(light, paper):
        if (lit & told).any():
            continue
        around = cv2.dilate(lit, np.ones((AROUND_PX, AROUND_PX), np.uint8)) > lit
        lifted = LIFT + float(np.percentile(paper[around], MOSTLY)) if around.any() else 255.0
        least = max(bright, lifted)
        hidden = np.zeros_like(lit)
        for place in _parts(_opened(lit & bare, NEAR_PX), LEAST_BARE):
            white, peak = (float(np.median(values[place > 0])) for values in (paper, above))
            strong = white >= least and peak >= PEAK and _interrupts(place, ink)
            if strong and not _is_read(place, ink, plain & (paper >= white - SAME)):
                hidden |= place
        if hidden.any():
            told |= hidden
            left, top, wide, high = cv2.boundingRect(hidden)
            found.append((left / width, top / height, wide / width, high / height))
    return tuple(found)


def _lights(light: Array, paper: Array) -> Iterator[Array]:
    """The parts of a 0/1 mask that may be a lamp's reflection, and what is brighter still in each: it may be
    the lit side of a shadow."""
    for lit in _parts(light, LEAST_LIGHT):
        if cv2.countNonZero(lit) < MOST_LIGHT * lit.size:
            yield lit
        usual = float(np.median(paper[lit > 0]))
        brighter = _opened(lit & (paper > usual + LIFT).astype(np.uint8), LIGHT_PX)
        yield from _parts(brighter, LEAST_LIGHT, MOST_LIGHT)


def _opened(mask: Array, side: int) -> Array:
    return cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))


def _trend(paper: Array) -> Array:
    """Float (H, W): the paper's light as a curved plane, which a bright spot hardly lifts."""
    small = cv2.resize(paper, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA).astype(np.float32)
    y, x = np.meshgrid(*(np.linspace(-1, 1, size) for size in small.shape), indexing="ij")
    table = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)
    values = small.ravel()
    weights = np.ones(len(values))
    for _ in range(ROUNDS):
        heavy = table * weights[:, None] ** 2
        plane = np.linalg.solve(heavy.T @ table + 1e-3 * np.eye(6), heavy.T @ values)
        off = values - table @ plane
        weights = 1 / (1 + (off / np.where(off > 0, *EASY)) ** 2) ** 2
    trend: Array = (table @ plane).reshape(small.shape).astype(np.float32)
    return cv2.resize(trend, paper.shape[::-1], interpolation=cv2.INTER_LINEAR)


def _parts(mask: Array, least: float, most: float = 1.0) -> Iterator[Array]:
    """The largest parts of a 0/1 mask that cover so much of it, each as a mask."""
    labels, stats = parts_of(mask)
    share = stats[:, cv2.CC_STAT_AREA] / mask.size
    share[0] = 0
    for label in np.argsort(-share)[:MOST_PARTS]:
        if least < share[label] < most:
            yield (labels == label).astype(np.uint8)


def _as_deep(paper: Array, grey: Array, ink: Array) -> Array:
    """Bool: where the ink is about as dark, in parts of its paper's light, as it usually is on the page: a
    shadow leaves it so, a reflection does not."""
    depth = 1 - grey / np.maximum(paper, 1).astype(np.float32)
    return depth > PLAIN * float(np.median(depth[ink > 0])) if ink.any() else ink > 0


def _is_read(place: Array, ink: Array, plain: Array) -> bool:
    """Whether much of the print close by is plain in the same light, which then has wiped nothing out."""
    near = (cv2.dilate(place, np.ones((NEXT_PX, NEXT_PX), np.uint8)) > place) & (ink > 0)
    return bool((near & plain).sum() > READ * near.sum())


def _interrupts(place: Array, ink: Array) -> bool:
    """Whether print close by stands around a bare place: on three sides at least of enough of it.

    Beside a margin it stands on one side, and on two at a corner of the text or behind a short line.
    """
    sides = np.zeros(place.shape, np.uint8)
    rows, columns = _ends(place, ink), _ends(place.T, ink.T)
    sides[place.any(axis=1)] += np.add(*rows, dtype=np.uint8)[:, None]
    sides[:, place.any(axis=0)] += np.add(*columns, dtype=np.uint8)
    around = int((place[sides >= 3] > 0).sum())
    return around >= min(AROUND_PART * cv2.countNonZero(place), AROUND_PAGE * place.size)


def _ends(place: Array, ink: Array) -> tuple[Array, Array]:
    """For each row of a place, whether there is ink near its left end, and near its right end."""
    rows = np.flatnonzero(place.any(axis=1))
    width = place.shape[1]
    left, right = place[rows].argmax(axis=1), width - place[rows, ::-1].argmax(axis=1)
    sums = np.pad(ink.cumsum(axis=1, dtype=np.int32), ((0, 0), (1, 0)))
    before = sums[rows, left] - sums[rows, np.maximum(left - REACH_PX, 0)]
    behind = sums[rows, np.minimum(right + REACH_PX, width)] - sums[rows, right]
    return before >= STROKES, behind >= STROKES
