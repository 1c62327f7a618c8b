"""Follows straight strokes over a page, so that no piece of a fold is taken for what somebody wrote.

A fold is a long line, straight or slightly bent, of changing depth. Print and rulings cut it into pieces as
long as a dash, and here and there it is gone; but in its own direction it goes on beyond them.
"""

from math import isnan
from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.ink.pale import Pale
from scanner.clean.ink.strokes import Strokes

STRAIGHT = 0.3  # thick by long
ASIDE_PX, BLOCK_PX = 12, 6  # at 75 dots an inch: of a strip along a line; of its length, looked at at once
BEND = 1  # px aside from block to block
BESIDE = (3, 6)  # px aside of a line: there it is not
STANDS = 0.4  # by what stands above the grain, that a block of a line does
GAP, AFAR = 4, (10, 60)  # blocks, in which nothing of it is seen; that are followed, most are no farther
GOES_ON, MOSTLY = 4, 0.6  # blocks that are seen beyond; of those that are bare
WIDE_PX, LIES = 7, 0.7  # of a fold; of a stroke that lies on it


class Axis(NamedTuple):
    """The middle of a straight part, its direction (both (2,)), px from there to its ends, and how thick by
    long it is."""

    middle: Array
    along: Array
    reach: float
    thick: float

    @classmethod
    def of(cls, strokes: Strokes, part: int) -> "Axis | None":
        """None of a part that is not straight."""
        left, top, wide, high, _ = strokes.stats[part].tolist()
        y, x = np.nonzero(strokes.labels[top : top + high, left : left + wide] == part)
        middle = np.array([x.mean(), y.mean()])
        off = np.stack([x, y], axis=1) - middle
        spread, ways = np.linalg.eigh(off.T @ off)
        thick = float(np.sqrt(max(spread[0], 0.0) / max(spread[1], 1e-6)))
        if thick > STRAIGHT:
            return None
        return cls(middle + np.array([left, top]), ways[:, 1], float(np.abs(off @ ways[:, 1]).max()), thick)


def folds_of(pale: Pale, strokes: Strokes, chosen: Array) -> Array:
    """0/255: the lines that go on beyond a straight one of some strokes (K,), be they paler, over print and
    gaps."""
    bare = cv2.bitwise_not(pale.rimmed)
    found = np.zeros_like(bare)
    for part in chosen.tolist():
        axis = None if _lies_on(found, strokes, part) else Axis.of(strokes, part)
        if axis and len(path := _path(pale, bare, axis)):
            cv2.polylines(found, [path], False, 255, WIDE_PX)
    return found


def lying_on(mask: Array, strokes: Strokes, chosen: Array) -> Array:
    """Which of some strokes (K,) lie on a mask, mostly."""
    return np.array([_lies_on(mask, strokes, part) for part in chosen.tolist()], bool)


def _lies_on(mask: Array, strokes: Strokes, part: int) -> bool:
    left, top, wide, high, area = strokes.stats[part].tolist()
    there = np.s_[top : top + high, left : left + wide]
    return bool(np.count_nonzero((strokes.labels[there] == part) & (mask[there] > 0)) > LIES * area)


def _path(pale: Pale, bare: Array, axis: Axis) -> Array:
    """The places (N, 2) of what goes on beyond the ends of a straight stroke; none if nothing does."""
    own = int(axis.reach / BLOCK_PX) + 1
    for afar in AFAR:
        blocks = _along(pale, bare, axis, own + afar)
        middle = len(blocks) // 2
        one, other = (
            _followed(way, STANDS * pale.least)
            for way in (blocks[middle - own - 1 :: -1][:afar], blocks[middle + own :][:afar])
        )
        if one.ends and other.ends:
            break
    seen, known = one.seen + other.seen, one.known + other.known
    if seen < GOES_ON or seen < MOSTLY * known:
        return np.zeros((0, 2), np.int32)
    aside = np.array([*one.aside[::-1], *np.zeros(2 * own), *other.aside])
    far = BLOCK_PX * (np.arange(len(aside)) - own - len(one.aside) + 0.5)
    across, down = axis.along
    places = axis.middle + far[:, None] * axis.along + aside[:, None] * np.array([-down, across])
    return np.asarray(np.round(places), np.int32)


def _along(pale: Pale, bare: Array, axis: Axis, afar: int) -> Array:
    """(2 `afar`, 2 ASIDE_PX + 1) how deep the blocks of a strip along an axis are, from side to side; nan
    where most is not bare."""
    (x, y), (across, down) = axis.middle, axis.along
    long = afar * BLOCK_PX
    first = x - long * across + ASIDE_PX * down, y - long * down - ASIDE_PX * across
    way = np.array([[across, -down, first[0]], [down, across, first[1]]])
    size = (2 * long, 2 * ASIDE_PX + 1)
    depth, known = (
        cv2.warpAffine(each, way, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        for each in (pale.depth, bare)
    )
    known = (known > 250).astype(np.float32)
    deep, share = (
        each.reshape(2 * ASIDE_PX + 1, -1, BLOCK_PX).sum(axis=2).T for each in (depth * known, known)
    )
    result: Array = np.where(share >= BLOCK_PX // 2, deep / np.maximum(share, 1), np.nan)
    return result


class _Way(NamedTuple):
    """Px aside of a line, block by block, as far as it is seen; in how many it is, and how many are bare;
    whether it ends there, and not the blocks."""

    aside: list[int]
    seen: int
    known: int
    ends: bool = False


def _followed(blocks: Array, least: float) -> _Way:
    """The line that goes on from the middle of the first of some blocks."""
    at, seen, known, gap = ASIDE_PX, 0, 0, 0
    aside: list[int] = []
    last = _Way([], 0, 0)
    for row in blocks.tolist():
        if not BESIDE[1] < at < 2 * ASIDE_PX - BESIDE[1]:
            return last._replace(ends=True)
        near = row[at - BEND : at + BEND + 1]
        bare = not any(map(isnan, near))
        known += bare
        here = at - BEND + near.index(max(near)) if bare else at
        if bare and _stands_out(row, here) > least:
            at, gap, seen = here, 0, seen + 1
            last = _Way([*aside, at - ASIDE_PX], seen, known)
        elif bare and (gap := gap + 1) > GAP:
            return last._replace(ends=True)
        aside.append(at - ASIDE_PX)
    return last


def _stands_out(row: list[float], here: int) -> float:
    """How much deeper a place of a block is than both sides of it."""
    near, far = BESIDE
    sides = (
        [each for each in side if not isnan(each)]
        for side in (row[here - far : here - near + 1], row[here + near : here + far + 1])
    )
    return row[here] - max((sum(side) / len(side) for side in sides if side), default=0.0)
