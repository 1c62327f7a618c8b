"""The printed boxes of a form, be they round: small bare places that a dark rim closes in."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.ink.pale import Pale

SIDES_MM = (1.6, 9.0)  # of a box within its rim
SQUARE, FULL = 1.6, 0.7  # one side by the other at most; of its sides' product: a circle has 0.78
RIMS = (0.84, 0.7, 0.55)  # of the paper's light: a rim is darker
WIDER = 1.4  # of a box that was parted, the whole is so much larger
MOST = 2000  # are the cells of a table at most: more are those of squared paper
NEAR, AROUND, GRID, SEEN = 1.6, 6, 0.5, 100  # of their sides, so many close by; so many have them; are asked
RIM_PX = 5  # at 75 dots an inch, with its soft sides
_CROSS = np.ones((3, 3), np.uint8)


class Place(NamedTuple):
    """Where a box lies, left, top, width and height in px; 0/1, what of that is within its rim."""

    box: tuple[int, int, int, int]
    hole: Array

    @property
    def there(self) -> tuple[slice, slice]:
        left, top, wide, high = self.box
        return slice(top, top + high), slice(left, left + wide)

    @property
    def side(self) -> int:
        return min(self.box[2:])

    @property
    def area(self) -> int:
        return cv2.countNonZero(self.hole)

    def moved(self, across: float, down: float, shape: tuple[int, ...]) -> "Place | None":
        left, top, wide, high = self.box
        left, top = round(left + across), round(top + down)
        if left < 0 or top < 0 or left + wide > shape[1] or top + high > shape[0]:
            return None
        return Place((left, top, wide, high), self.hole)


def boxes_of(pale: Pale, unit: float) -> list[Place]:
    """The boxes on a page of `unit` px a millimetre at 150 dots an inch.

    A deep tick parts its box where rims need not be darker than it, but most forms have empty ones too: only
    where there are, darker rims are looked for.
    """
    found: list[Place] = []
    if min(pale.darkest.shape) < SIDES_MM[1] * unit / 2:
        return found
    for rim in RIMS:
        bright = cv2.compare(pale.darkest, cv2.convertScaleAbs(pale.light, alpha=rim), cv2.CMP_GT)
        closed = list(_closed(bright, unit / 2))
        found = _joined(found, closed)
        if not found:
            break
    squares = len(found) >= SEEN and 2 * len(closed) < len(found) and _is_grid(found)
    return [] if squares else found


def _is_grid(places: list[Place]) -> bool:
    """Whether many of the boxes lie close by each other to all sides, as the squares of paper do."""
    left, top, wide, high = np.array([place.box for place in places]).T
    x, y = left + wide / 2, top + high / 2
    some = np.s_[:: 1 + len(places) // SEEN, None]
    near = NEAR * float(np.median(np.minimum(wide, high)))
    around = ((np.abs(x[some] - x) < near) & (np.abs(y[some] - y) < near)).sum(axis=1)
    return float((around >= AROUND).mean()) > GRID


def _joined(found: list[Place], others: list[Place]) -> list[Place]:
    """With other boxes one by one, of which the much larger take the place of those that lie on them."""
    places = found + others
    left, top, wide, high = np.array([place.box for place in places], int).reshape(-1, 4).T
    across, down = left + wide // 2, top + high // 2
    kept = np.arange(len(places)) < len(found)
    for k in range(len(found), len(places)):
        inside = (across >= left[k]) & (across < left[k] + wide[k]) & (down >= top[k])
        same = np.flatnonzero(kept & inside & (down < top[k] + high[k]))
        if all(places[k].area > WIDER * places[other].area for other in same.tolist()):
            kept[same], kept[k] = False, True
    return [place for place, keep in zip(places, kept.tolist(), strict=True) if keep]


def rims_of(places: list[Place], shape: tuple[int, ...]) -> Array:
    """0/255 at 75 dots an inch (H, W): the rims of boxes."""
    rims = np.zeros(shape, np.uint8)
    for left, top, wide, high in (place.box for place in places):
        ends = (left // 2 - 2, top // 2 - 2), ((left + wide + 1) // 2 + 1, (top + high + 1) // 2 + 1)
        cv2.rectangle(rims, *ends, 255, RIM_PX)
    return rims


def _closed(bright: Array, unit: float) -> Iterator[Place]:
    """What of a mask of `unit` px a millimetre is a box: closed in, and of its size and shape. It is filled:
    a deep tick is not as bright as paper."""
    _, labels = cv2.connectedComponentsWithAlgorithm(bright, 8, cv2.CV_32S, cv2.CCL_BBDT)
    paper = int(np.bincount(labels[::8, ::8][bright[::8, ::8] > 0], minlength=1).argmax())
    where = np.flatnonzero((labels > 0) & (labels != paper))  # little of the page: OpenCV would ask all
    part = labels.ravel()[where]
    least, most = (side * unit for side in SIDES_MM)
    area = np.bincount(part, minlength=1)
    sized = (area >= FULL * least**2) & (area <= most**2)
    if np.count_nonzero(sized) > MOST:
        return
    fits = sized[part]
    order = np.argsort(part[fits], kind="stable")
    where, part = where[fits][order], part[fits][order]
    ends = np.append(np.flatnonzero(np.diff(part, prepend=-1)), len(part)).tolist()
    y, x = np.divmod(where, labels.shape[1])
    for first, last in pairwise(ends):
        left, top = int(x[first:last].min()), int(y[first])
        wide, high = int(x[first:last].max()) + 1 - left, int(y[last - 1]) + 1 - top
        shorter, longer = sorted((wide, high))
        if shorter >= least and longer <= min(most, SQUARE * shorter) and last - first >= FULL * wide * high:
            places = np.stack([x[first:last] - left, y[first:last] - top], axis=1).astype(np.int32)
            hole = cv2.fillConvexPoly(np.zeros((high, wide), np.uint8), cv2.convexHull(places), 1)
            full = cv2.resize(hole, (2 * wide, 2 * high), interpolation=cv2.INTER_NEAREST)
            yield Place((2 * left, 2 * top, 2 * wide, 2 * high), cv2.erode(full, _CROSS, borderValue=0))
