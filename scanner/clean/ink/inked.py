"""Makes pale marks dark on the clean page, or tells where they are not.

Marks are strokes that are no writing in rows: what is ticked in boxes (`ticks`), dashes, crosses, what is
struck, ringed or underlined (`marks`). What whitens usual paper wipes them out.
"""

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np

from kioskcore.ports import Box
from scanner.clean.arrays import GREY_OF, NOTHING, Array, bgr_of, grey_of, parts_of
from scanner.clean.ink.restore import NEUTRAL
from scanner.clean.ink.strokes import strokes_of

JOINED_PX = 5  # between the strokes of one mark
PLAIN, MOSTLY = 70, 80  # of 255, so dark is a mark on the clean page; percentile of its strokes
PAPER = 85  # percentile of what is around a mark
BARE, HALF = 0.3, 0.35  # of a mark's depth: less is paper; what becomes black
INK = 150.0  # of 255, how dark it is made
_CROSS = np.ones((3, 3), np.uint8)


class Marks(NamedTuple):
    """0/255 at half the size of a page: `mask` is what is marked, `doubted` what may be or may be dirt."""

    mask: Array = NOTHING
    doubted: Array = NOTHING

    def turned_back(self) -> "Marks":
        """A quarter to the right."""
        return Marks(*(each if each is NOTHING else np.rot90(each, -1).copy() for each in self))

    def beside(self, others: "Marks") -> "Marks":
        """With others on the same page, which do not draw what these doubt."""
        mask = others.mask
        if mask is not NOTHING and self.doubted is not NOTHING:
            strokes = strokes_of(mask)
            mask = cv2.subtract(mask, strokes.mask(strokes.most(self.doubted)[0] > 0))
        return Marks(_joined(self.mask, mask), _joined(self.doubted, others.doubted))


def _joined(first: Array, second: Array) -> Array:
    if first is NOTHING or second is NOTHING:
        return second if first is NOTHING else first
    return cv2.bitwise_or(first, second)


def with_marks(page: Array, flat: Array, marks: Array, *, black: bool) -> Array:
    """The clean page, BGR or grey, with the marks of a mask made dark that are not.

    `flat`: the page before its light was divided, BGR or grey; the mask lies as it, and is smaller. `black`:
    the page is black-white.
    """
    if marks is NOTHING:
        return page
    result = page.copy()
    for _, there, strokes in _each(page, marks):
        if not _is_dark(result[there], strokes):
            inked = _inked(flat[there], strokes, black=black)
            result[there] = cv2.min(result[there], inked if result.ndim == 3 else grey_of(inked))
    return result


def untold(page: Array, doubted: Array) -> tuple[Box, ...]:
    """The boxes, in parts of the page, of those doubted marks (mask) that are not plainly dark on it."""
    high, wide = doubted.shape
    return tuple(
        (left / wide, top / high, across / wide, down / high)
        for (left, top, across, down), there, strokes in _each(page, doubted)
        if not _is_dark(page[there], strokes)
    )


def _each(page: Array, marks: Array) -> Iterator[tuple[tuple[int, ...], tuple[slice, slice], Array]]:
    """For each mark of a mask its box there, where that is on the page, and its strokes there (mask)."""
    if marks is NOTHING:
        return
    _, stats = parts_of(cv2.dilate(marks, np.ones((JOINED_PX, JOINED_PX), np.uint8)))
    scale = np.array([page.shape[1] / marks.shape[1], page.shape[0] / marks.shape[0]])
    for left, top, wide, high, _ in stats[1:].tolist():
        ends = np.array([[left, top], [left + wide, top + high]])
        (x, y), (right, bottom) = np.round(ends * scale).astype(int).tolist()
        mask = cv2.resize(marks[top : top + high, left : left + wide], (right - x, bottom - y))
        strokes = cv2.threshold(mask, 127, 255, cv2.THRESH_BINARY)[1]
        if cv2.countNonZero(strokes):
            yield (left, top, wide, high), (slice(y, bottom), slice(x, right)), strokes


def _is_dark(page: Array, strokes: Array) -> bool:
    """Whether most of some strokes (mask) is plainly dark on a part of a clean page."""
    darkest = cv2.erode(grey_of(page), _CROSS)[strokes > 0]
    return float(np.percentile(darkest, MOSTLY)) < 255 - PLAIN


def _inked(flat: Array, strokes: Array, *, black: bool) -> Array:
    """BGR: a part of the page with nothing but some pale strokes (mask), in the depth and the hue of ink."""
    seen = cv2.GaussianBlur(bgr_of(flat), (0, 0), 1.0).astype(np.float32)
    bright = seen[strokes == 0]
    paper = np.percentile(bright if len(bright) else seen.reshape(-1, 3), PAPER, axis=0)
    taken = np.maximum(1 - seen / np.maximum(paper, 1), 0)  # of each colour, in parts
    deep = taken @ GREY_OF
    core = deep[strokes > 0]
    usual = max(float(np.percentile(core, 75)), 1e-3)
    strength = np.clip((deep / usual - BARE) / (1 - BARE), 0, 1)
    strength[cv2.dilate(strokes, _CROSS) == 0] = 0
    if black:
        return bgr_of(np.where(strength > HALF, np.uint8(0), np.uint8(255)))
    hue = np.median(taken[(strokes > 0) & (deep >= np.median(core))], axis=0)
    hue = hue / hue.max() if hue.min() < (1 - NEUTRAL[1]) * hue.max() else np.ones(3)
    return np.asarray(255 - max(INK, 255 * usual) * strength[..., None] * hue, np.uint8)
