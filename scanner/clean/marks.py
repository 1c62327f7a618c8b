"""Finds pale marks that are no letters: dashes in cells and on lines, crosses, what is struck or underlined.

Where somebody put "—" for "none" or a cross beside a word, that is the answer; it stands in no row, and in no
box with a black rim. A mark is a thin stroke of some length in pale ink, apart from other writing, with the
crisp rims that a pencil has: what shows through, a stain or a fold has softer ones, dust is shorter, and a
printed ground is all over the page. What is nearly so is doubted.
"""

from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import NOTHING, Array
from scanner.clean.faint import Pale
from scanner.clean.inked import Marks
from scanner.clean.strokes import Strokes, strokes_of

LEAST_PX, MOST_PX, THICK = 6, 130, 7.0  # at 75 dots an inch, from corner to corner; area by that
RULING_PX = 60  # what runs on so far, straight across or down, is printed or a fold
IN_ROW = 6  # letters and more in a row are writing
GROUND = 12.0  # of 255, above which the grain of a page is a printed ground
AROUND_PX, REACH_PX = 12, 17  # at 150 dots an inch: around a mark; wider than its strokes
RIM_PX = 7  # of a soft rim; a crisp one makes half of its step in three
DEEP, CRISP, STEEP = (14.0, 16.0), (0.49, 0.52), (0.65, 0.72)  # what may be a mark; what surely is one
DUSTY = 1.12  # steepness of what is smaller than a stroke
SURELY_PX = 9  # long is what surely is one
STRAIGHT = 0.2  # thick by long
BEYOND_PX, PALER, MOSTLY = (2, 24), 0.75, 0.6  # of an end; of what stands above the grain; of that way
MOST = 80  # are looked at, the deepest: what shows through is pale
_CROSS = np.ones((3, 3), np.uint8)


class _Rims(NamedTuple):
    """How deep a part is in 255ths of its paper; its steps within three pixels by those within seven, and by
    its depth."""

    deep: float
    crisp: float
    steep: float

    def reach(self, which: int) -> bool:
        """Whether it may be (0), or surely is (1), a mark by them."""
        enough = self.deep >= DEEP[which] and self.crisp >= CRISP[which]
        return enough and STEEP[which] <= self.steep <= DUSTY


def marks_of(pale: Pale, grey: Array) -> Marks:
    """What is marked on a grey page at 150 dots an inch; `pale`: its pale ink."""
    if pale.least > GROUND:
        return Marks()
    strokes = strokes_of(pale.clear())
    chosen = _like_marks(strokes, pale)
    if not len(chosen):
        return Marks()
    if len(chosen) > MOST:
        chosen = chosen[np.argsort(strokes.most(pale.depth)[0][chosen])[-MOST:]]
    sure, maybe, soft = np.zeros((3, len(strokes.stats)), bool)
    for part in chosen.tolist():
        if _goes_on(strokes, part, pale):
            continue
        rims = _rims(grey, strokes, part)
        long = float(np.hypot(*strokes.stats[part, 2:4])) >= SURELY_PX
        sure[part] = long and rims.reach(1)
        maybe[part] = rims.reach(0) and not sure[part]
        soft[part] = rims.deep >= DEEP[0] and rims.crisp < CRISP[0]
    maybe &= soft.sum() <= maybe.sum() + sure.sum()  # else it is the crispest of what shows through
    return Marks(*(strokes.mask(each) if each.any() else NOTHING for each in (sure, maybe)))


def _like_marks(strokes: Strokes, pale: Pale) -> Array:
    """The parts that are of a mark's size, in no row of writing, and no ruling."""
    _, _, wide, high, area = strokes.stats.T
    long = np.hypot(wide, high)
    fits = (long >= LEAST_PX) & (long <= MOST_PX) & (area <= THICK * long)
    fits &= ~strokes.framed(LEAST_PX)
    fits[0] = False
    if not fits.any():
        return np.flatnonzero(fits)
    fits &= ~strokes.in_rows(strokes.tall() & (high >= LEAST_PX), IN_ROW)  # a flat one is no word
    ruled = np.zeros(len(fits), bool)
    ruled[np.unique(strokes.labels[_rulings(pale) > 0])] = True
    return np.flatnonzero(fits & ~ruled)


def _rulings(pale: Pale) -> Array:
    """0/255, what runs on straight across or down the page, black or pale."""
    ink = cv2.dilate(pale.ink(), _CROSS)
    across, down = (
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(side, np.uint8))
        for side in ((1, RULING_PX), (RULING_PX, 1))
    )
    return cv2.max(across, down)


def _goes_on(strokes: Strokes, part: int, pale: Pale) -> bool:
    """Whether a straight stroke runs on beyond one of its ends, be it paler, as a fold or a ruling does."""
    left, top, wide, high, _ = strokes.stats[part].tolist()
    y, x = np.nonzero(strokes.labels[top : top + high, left : left + wide] == part)
    middle = np.array([x.mean() + left, y.mean() + top])
    spread, ways = np.linalg.eigh(np.cov(np.stack([x, y])))
    if spread[0] > STRAIGHT**2 * spread[1]:
        return False
    along, aside = ways[:, 1], ways[:, 0]
    reach = np.abs((np.stack([x + left, y + top], axis=1) - middle) @ along).max()
    beyond = reach + np.arange(*BEYOND_PX)
    for way in (-1, 1):
        places = middle + way * beyond[:, None, None] * along + np.array([-1, 0, 1])[:, None] * aside
        columns, rows = np.round(places).astype(int).transpose(2, 0, 1)
        inside = (rows >= 0) & (columns >= 0) & (rows < pale.depth.shape[0]) & (columns < pale.depth.shape[1])
        rows, columns = rows[inside.all(axis=1)], columns[inside.all(axis=1)]
        bare = ~(pale.black[rows, columns] > 0).any(axis=1)
        dark = pale.depth[rows, columns].max(axis=1) > PALER * pale.least
        if bare.sum() >= len(beyond) // 2 and dark[bare].mean() > MOSTLY:
            return True
    return False


def _rims(grey: Array, strokes: Strokes, part: int) -> _Rims:
    left, top, wide, high, _ = strokes.stats[part].tolist()
    rows, columns = (
        slice(max(2 * first - AROUND_PX, 0), 2 * (first + size) + AROUND_PX)
        for first, size in ((top, high), (left, wide))
    )
    seen = cv2.GaussianBlur(grey[rows, columns], (0, 0), 0.8)
    core = np.zeros_like(seen)
    own = (strokes.labels[top : top + high, left : left + wide] == part).astype(np.uint8)
    y, x = 2 * top - rows.start, 2 * left - columns.start
    core[y : y + 2 * high, x : x + 2 * wide] = np.kron(own, np.ones((2, 2), np.uint8))
    there = core > 0
    depth = cv2.morphologyEx(seen, cv2.MORPH_BLACKHAT, np.ones((REACH_PX, REACH_PX), np.uint8))
    step, wider = (
        cv2.morphologyEx(seen, cv2.MORPH_GRADIENT, np.ones((side, side), np.uint8))[there].astype(np.float32)
        for side in (3, RIM_PX)
    )
    deep = max(float(np.percentile(depth[there], 80)), 1.0)
    paper = max(float(np.percentile(seen, 85)), 1.0)
    crisp = float(np.median(step / np.maximum(wider, 1)))
    return _Rims(deep * 255 / paper, crisp, float(np.percentile(step, 80)) / deep)
