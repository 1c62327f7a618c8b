"""Tells the dots of print (of i and ạ, points, dotted lines) from dirt, which has the same size and depth.

Dirt lies everywhere, the dots of print close to letters and in rows. How much dirt there is on bare paper
tells how many of the specks elsewhere are dirt: where most are not, all are kept, for a dot lost changes a
name. The same is asked of what did not become black: thin, light print loses its dots first.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array, halve, parts_of

BESIDE_MM = 1.2  # from a letter: its dot, its tone mark, a point
BARE_MM = 3.0  # from all letters: no dot of theirs
ROW_MM, ROW_PX = 8.0, 3  # of a dotted line, in which dots are counted; px of half the size
LEAST_ROW = 5  # dots in it, the one itself too
MORE = 2.0  # times as many specks as dirt would make
LEAST_BARE_MM2 = 150.0  # in less nobody knows how much dirt there is
SEEN = 50.0  # of 255 below the paper: a dot is seen
LARGEST_MM = 1.3  # of a dot, a tone mark, a bit of a torn stroke
TORN = 8  # of these, that are lost


def printed(small: Array, dust: Array, soft: Array, letters: Array, dpi: float) -> Array:
    """Which small parts of the ink belong to print, as a bool for each.

    `small`: (N, 2) int, y and x of each in px of half the page's size; `dust`: (N,) bool, those that may be
    dirt; `soft`: the same, those that seem to show through; `letters`: 0/255 at half the size, what is too
    large for a speck; `dpi`: of the page.
    """
    mm = dpi / 101.6  # px of a quarter of the page's size
    shape, letters = letters.shape, (halve(letters) > 0).astype(np.uint8)
    beside, bare = _wider(letters, BESIDE_MM * mm) > 0, _wider(letters, BARE_MM * mm) == 0
    y, x = np.minimum(small.T // 2, np.array(letters.shape)[:, None] - 1)
    side = round(2 * ROW_MM * mm) | 1, ROW_PX

    def in_row(those: Array) -> Array:
        dots = np.zeros(shape, np.uint8)
        dots[tuple(small[those].T)] = 1
        counts = cv2.boxFilter(dots, -1, side, normalize=False, borderType=cv2.BORDER_CONSTANT)
        count: Array = counts[tuple(small.T)]
        return count

    count = in_row(~soft)
    alone, close = bare[y, x] & (count < LEAST_ROW) & dust & ~soft, beside[y, x] & dust & ~soft
    space = np.count_nonzero(bare)
    dirt = np.count_nonzero(alone) / space if space > LEAST_BARE_MM2 * mm * mm else 0.0
    row = (count >= LEAST_ROW) & (count > 1 + MORE * dirt * side[0] * side[1] / 2)
    if soft.any():
        row &= ~soft | (count > in_row(soft))
    many = np.count_nonzero(close) > MORE * dirt * np.count_nonzero(beside)
    kept: Array = row | close & many | ~(dust | soft)
    return kept


def is_torn(depth: Array, writing: Array, there: Array, dpi: float) -> bool:
    """Whether many dots, tone marks and bits of strokes that belong to print are not black.

    All at half the size of a page at `dpi`: `depth`: of 255, at full size the most of each 2x2; `writing`:
    0/255, what is black, and `there`: with its rims.
    """
    lost = cv2.subtract(cv2.threshold(depth, SEEN, 255, cv2.THRESH_BINARY)[1], there)
    rows = np.flatnonzero(cv2.dilate(lost.max(axis=1, keepdims=True), np.ones((3, 1), np.uint8)))
    if not rows.size:
        return False
    left, top, wide, high, _ = parts_of(lost[rows])[1][1:].T  # what hangs together does so without bare rows
    small = np.maximum(wide, high) <= LARGEST_MM * dpi / 50.8
    places = np.stack([rows[top] + high // 2, left + wide // 2], axis=1)[small]
    if len(places) < TORN:
        return False
    every, none = np.ones(len(places), bool), np.zeros(len(places), bool)
    return bool(np.count_nonzero(printed(places, every, none, writing, dpi)) >= TORN)


def _wider(mask: Array, by: float) -> Array:
    side = 2 * max(1, round(by)) + 1
    return cv2.dilate(mask, np.ones((side, side), np.uint8))
