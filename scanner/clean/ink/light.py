"""Takes shadows, lamps and yellow paper out: divides a picture by its own paper.

The paper is the picture without its dark strokes: a grey closing on a small copy, smoothed, as in
Gatos, Pratikakis and Perantonis (2006), made cheap by shrinking. Photographs on the page are no paper: the
paper around is carried over them.
"""

import cv2
import numpy as np

from scanner.clean.arrays import NOTHING, Array, grey_of, halve, parts_of, shrink

MAP_SIDE = 438  # the light changes slowly: 1/8 of an A4 page at 300 dpi, in exact halves, is enough
PAPER_WHITE = 232  # of 255: paper above this share of its own map becomes pure white
EDGE, STROKE_PX = 0.85, 9  # of the lit side's light; at 150 dots an inch, wider than a letter's stroke
STRANGE, INNER, SQUARE = 0.3, 0.2, 0.14  # of a patch at the border, where shadows come in; inside; with sides
SIDED = 0.9  # of its smallest rectangle, that a patch with straight sides fills
BLACK = 0.25  # of the paper around: no phone throws so deep a shadow
MOST_PATCHES = 40
DARK_CARD = 0.3  # of its brightest part
SHADED, DEEPEST = 0.75, 3.0  # of a card's light: less is a shadow; made no brighter than by that


def paper_map(image: Array) -> Array:
    """The bare paper of the picture in a small copy, same number of channels, uint8 >= 1.

    It is so smooth in the end that smoothing a half of it does.
    """
    small, _ = shrink(image, MAP_SIDE)
    reach = _reach(small)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, _square(reach))
    paper = _without_pictures(small, closed, reach)
    half = halve(paper) if min(paper.shape[:2]) > 1 else paper
    smooth = cv2.GaussianBlur(cv2.medianBlur(half, (min(reach, 31) // 2) | 1), (0, 0), reach / 12)
    return np.maximum(np.asarray(smooth, np.uint8), 1)


def _reach(small: Array) -> int:
    """How much wider than print it is looked, in px."""
    return int(max(3, round(max(small.shape[:2]) / 24))) | 1


def _square(side: int) -> Array:
    """It parts into two lines: a tenth of a disc's time."""
    return np.ones((side, side), np.uint8)


def with_edges(paper: Array, image: Array) -> Array:
    """The paper map of a page at 150 dots an inch, in as many dots where a shadow has an edge: a smooth map
    leaves a dark line along it.

    Close to an edge the paper is the page without its strokes, no darker and no lighter than its two sides.
    """
    reach = _reach(paper)
    bright, deep = cv2.dilate(paper, _square(reach)), cv2.erode(paper, _square(reach))
    edge = cv2.compare(grey_of(deep), cv2.convertScaleAbs(grey_of(bright), alpha=EDGE), cv2.CMP_LT)
    if not edge.any():
        return paper
    size = image.shape[1::-1]
    result, bright, deep = (cv2.resize(each, size) for each in (paper, bright, deep))
    closed = cv2.erode(cv2.dilate(image, _square(STROKE_PX)), _square(STROKE_PX + 2))
    there = cv2.resize(edge, size, interpolation=cv2.INTER_NEAREST)
    cv2.copyTo(cv2.min(cv2.max(closed, deep), bright), there, result)
    return result


def _without_pictures(small: Array, closed: Array, reach: int) -> Array:
    """The closed copy with the paper around carried over its photographs.

    A darker patch is printed, not a shadow, where it has a tint of its own or structure inside, or is black.
    One with straight sides is whole, also where a white shirt or a bright wall is as light as paper.
    """
    around = _wide_paper(closed, 12 * reach)
    dim, bright = grey_of(closed), grey_of(around)
    below = (dim < 0.86 * bright).astype(np.uint8)
    darker = cv2.morphologyEx(below, cv2.MORPH_OPEN, np.ones((reach // 2, reach // 2), np.uint8))
    labels, stats = parts_of(darker)
    black = dim < BLACK * bright
    if len(stats) == 1 and not black.any():
        return closed
    strange = _strangeness(closed, around)
    inner = cv2.erode(darker, np.ones((5, 5), np.uint8))
    printed: Array = black.astype(np.uint8)
    for label in np.flatnonzero(stats[:, cv2.CC_STAT_AREA] > 0.004 * darker.size)[:MOST_PATCHES]:
        core = (labels == label) & (inner > 0)
        if not label or not core.any():
            continue
        patch = (labels == label).astype(np.uint8)
        ring, limit = _sides(patch, stats[label])
        if float(strange[core].mean()) > limit:
            cv2.bitwise_or(printed, patch if ring is None else cv2.fillConvexPoly(patch, ring, 1), printed)
    mask = cv2.dilate(printed, np.ones((5, 5), np.uint8)) > 0
    result: Array = np.where(mask if small.ndim == 2 else mask[..., None], around, closed)
    return result


def _sides(patch: Array, stats: Array) -> tuple[Array | None, float]:
    """The rectangle (4, 2) that a patch of a 0/1 mask is, or None; and how strange it must be at least."""
    left, top, wide, high, area = stats.tolist()
    if left <= 1 or top <= 1 or left + wide >= patch.shape[1] - 1 or top + high >= patch.shape[0] - 1:
        return None, STRANGE
    around = cv2.minAreaRect(cv2.findNonZero(patch))
    (across, down) = around[1]
    if area < SIDED * (across + 1) * (down + 1):
        return None, INNER
    return np.round(cv2.boxPoints(around)).astype(np.int32), SQUARE


def _wide_paper(closed: Array, reach: int) -> Array:
    """The paper as if nothing narrower than `reach` lay on it; made on a quarter of the size."""
    size = (max(1, closed.shape[1] // 4), max(1, closed.shape[0] // 4))
    coarse = cv2.resize(closed, size, interpolation=cv2.INTER_AREA)
    wide = cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, np.ones((max(3, reach // 4),) * 2, np.uint8))
    side = max(3, round(reach / 12)) | 1
    smooth = cv2.blur(cv2.blur(cv2.blur(wide, (side, side)), (side, side)), (side, side))  # nearly Gaussian
    return cv2.resize(smooth, closed.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def _strangeness(closed: Array, around: Array) -> Array:
    """Float (H, W): how unlike paper in a shadow a pixel is, by tint and by structure close by."""
    grey = grey_of(closed)
    edge = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).astype(np.float32)
    strange: Array = edge / np.maximum(grey, 24) * 4
    if closed.ndim == 3:
        ratio = (closed.astype(np.float32) + 8) / (around.astype(np.float32) + 8)
        strange = strange + (ratio.max(axis=2) - ratio.min(axis=2)) / np.maximum(ratio.mean(axis=2), 0.05)
    return strange


def divide_light(image: Array, paper: Array, white: float = 255.0) -> Array:
    """The picture over its paper, so that bare paper becomes `white`; more than 255 is cut off."""
    height, width = image.shape[:2]
    full = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(image, full, full, scale=white)


def lit_evenly(image: Array, paper: Array, fields: Array = NOTHING) -> Array:
    """The picture over its paper, which becomes pure white; what is printed with a ground of its own (mask)
    keeps it as it is."""
    page = divide_light(image, paper, 255 * 255 / PAPER_WHITE)
    if fields is not NOTHING:
        there = cv2.resize(fields, image.shape[1::-1], interpolation=cv2.INTER_NEAREST)
        cv2.copyTo(divide_light(image, paper), there, page)
    return page


def card_light(image: Array) -> Array:
    """A card keeps its own colours: its brightest part is brought near white, all channels alike.

    So is what lies in a shadow on it, up to a limit; a dark card has no paper to tell a shadow by.
    """
    small, _ = shrink(image, MAP_SIDE)
    grey = grey_of(small)
    top = max(float(np.percentile(grey, 98)), 60.0)
    gain = min(245.0 / top, 2.5)
    paper = grey_of(paper_map(small))
    lit = float(np.percentile(paper, 90))
    if float(np.median(grey)) < DARK_CARD * top or float(paper.min()) > SHADED * lit:
        return cv2.convertScaleAbs(image, alpha=gain)
    shade = cv2.max(paper, np.full_like(paper, round(lit / DEEPEST)))
    return divide_light(image, shade if image.ndim == 2 else cv2.merge([shade] * 3), gain * lit)
