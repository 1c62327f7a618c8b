"""Finds pale marks that are no letters: dashes in cells and on lines, crosses, what is struck or underlined.

Where somebody put "—" for "none" or a cross beside a word, that is the answer; it stands in no row, and in no
box with a black rim. A mark is a thin stroke of some length in pale ink, apart from other writing, with the
crisp rims that a pencil has: what shows through, a stain or a fold has softer ones, dust is shorter, and a
printed ground is all over the page. What is nearly so is doubted, and what is much deeper than such a ground.
"""

from dataclasses import replace
from itertools import compress
from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import NOTHING, Array, percentile, shades_of
from scanner.clean.ink.folds import Axis, folds_of, lying_on
from scanner.clean.ink.inked import Marks
from scanner.clean.ink.pale import Pale
from scanner.clean.ink.strokes import Strokes, strokes_of

LEAST_PX, MOST_PX, THICK = 6, 130, 7.0  # at 75 dots an inch, from corner to corner; area by that
IN_ROW = 6  # letters and more in a row are writing
GROUND = 12.0  # of 255, above which the grain of a page is a printed ground
BARE = 0.75  # of it, and no less: else its grain is that of letters out of focus
GROUND_SHARE, OVER = 98, 2.2  # percentile of what is bare, that is its depth; times that, and it is no ground
MANY = 12  # more are its curves all the same
AROUND_PX, REACH_PX = 12, 17  # at 150 dots an inch: around a mark; wider than its strokes
RIM_PX = 7  # of a soft rim; a crisp one makes half of its step in three
DEEP, CRISP, STEEP = (14.0, 16.0), (0.49, 0.52), (0.65, 0.72)  # what may be a mark; what surely is one
DUSTY = 1.12  # steepness of what is smaller than a stroke
SURELY_PX = 9  # long is what surely is one
CREASE_PX, SLIM, ASLANT = 24, 0.1, 0.2  # of a lone crease: long; thick by long; high by wide or the reverse
BESIDE_PX, HARDLY = 9, 135  # around a part; of 255: black that is no deeper is its own stroke
PIECES = 3, 0.8  # so many, and so much of all parts, are pieces of letters that are black in part
MOST = 80  # are looked at, the deepest: what shows through is pale


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


def marks_of(pale: Pale, grey: Array, rims: Array) -> Marks:
    """What is marked on a grey page at 150 dots an inch; `pale`: its pale ink; `rims`: of boxes (mask), which
    are black in part where they are thin."""
    if on_ground := pale.least > GROUND:
        bare = pale.depth[pale.rimmed == 0]
        if bare.size < BARE * pale.depth.size:
            return Marks()
        ground = percentile(shades_of(bare), GROUND_SHARE)
        pale = replace(pale, least=max(pale.least, OVER * ground))
    strokes = strokes_of(pale.clear())
    chosen = _like_marks(strokes, pale)
    if not len(chosen):
        return Marks()
    if len(chosen) > MOST:
        chosen = chosen[np.argsort(strokes.most(pale.depth)[0][chosen])[-MOST:]]
    sides = [_rims(grey, strokes, part) for part in chosen.tolist()]
    if not any(each.reach(0) for each in sides):
        return Marks()
    deep = np.array([each.deep >= DEEP[0] for each in sides])
    printed = lying_on(cv2.max(rims, folds_of(pale, strokes, chosen[deep])), strokes, chosen)
    sure, maybe, soft = np.zeros((3, len(strokes.stats)), bool)
    for part, seen in zip(chosen[~printed].tolist(), compress(sides, ~printed), strict=True):
        long = float(np.hypot(*strokes.stats[part, 2:4])) >= SURELY_PX
        sure[part] = long and seen.reach(1) and not _like_crease(strokes, part)
        maybe[part] = seen.reach(0) and seen.deep >= DEEP[on_ground] and not sure[part]
        soft[part] = seen.deep >= DEEP[0] and seen.crisp < CRISP[0]
    maybe &= soft.sum() <= maybe.sum() + sure.sum()  # else it is the crispest of what shows through
    if on_ground:
        sure, maybe = np.zeros_like(sure), (sure | maybe) & ((sure | maybe).sum() <= MANY)
    return Marks(*(strokes.mask(each) if each.any() else NOTHING for each in (sure, maybe)))


def _like_crease(strokes: Strokes, part: int) -> bool:
    """Whether it is one long stroke aslant, as a lone crease is too."""
    wide, high = strokes.stats[part, 2:4].tolist()
    if np.hypot(wide, high) < CREASE_PX or min(wide, high) < ASLANT * max(wide, high):
        return False
    axis = Axis.of(strokes, part)
    return axis is not None and axis.thick < SLIM


def _like_marks(strokes: Strokes, pale: Pale) -> Array:
    """The parts that are of a mark's size, in no row of writing, and no ruling; none where they are what is
    pale of letters that are black in part."""
    _, _, wide, high, area = strokes.stats.T
    long = np.hypot(wide, high)
    fits = (long >= LEAST_PX) & (long <= MOST_PX) & (area <= THICK * long)
    fits &= ~strokes.framed(LEAST_PX)
    fits[0] = False
    if not fits.any():
        return np.flatnonzero(fits)
    fits &= ~strokes.in_rows(strokes.tall() & (high >= LEAST_PX), IN_ROW)  # a flat one is no word
    ruled = np.zeros(len(fits), bool)
    ruled[np.unique(strokes.labels[pale.rulings > 0])] = True
    chosen = np.flatnonzero(fits & ~ruled)
    shade = cv2.bitwise_not(cv2.divide(pale.darkest, pale.light, scale=255))
    black = cv2.bitwise_and(shade, pale.black)
    deep = strokes.most(cv2.dilate(black, np.ones((BESIDE_PX, BESIDE_PX), np.uint8)))[0][chosen]
    pieces = (deep > 0) & (deep <= HARDLY)
    return chosen[:0] if pieces.sum() >= max(PIECES[0], PIECES[1] * len(chosen)) else chosen


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
    deep = max(percentile(shades_of(depth[there]), 80), 1.0)
    shade = deep * 255 / max(percentile(shades_of(seen), 85), 1.0)
    if shade < DEEP[0]:
        return _Rims(shade, 0.0, 0.0)
    step, wider = (
        cv2.morphologyEx(seen, cv2.MORPH_GRADIENT, np.ones((side, side), np.uint8))[there]
        for side in (3, RIM_PX)
    )
    crisp = float(np.median(np.divide(step, np.maximum(wider, 1), dtype=np.float32)))
    return _Rims(shade, crisp, percentile(shades_of(step), 80) / deep)
