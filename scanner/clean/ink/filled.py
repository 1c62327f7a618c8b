"""Tells plainly that one page of text fills a scanner's picture, so that its rim need not be looked for.

Lines of text are crossed by no rim. Where they run over nearly all of the picture, and around them nothing
but plain paper is seen, no other rim is left to be found; and were there one that is as pale as that, nothing
but bare paper would be lost by not cropping at it.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array, bgr_of, parts_of
from scanner.clean.geometry.textlines import Lines
from scanner.clean.geometry.turn import Turn

MARGIN = 0.2  # of a side, that may be without text
GAP = 0.1  # of the height, between two lines: no paper fits in
CELLS, CROSSED = 100, 3  # across the page; lines that cross each
LEVEL = 4.0  # degrees that its lines may lean
NEAR_PX = 4  # around letters, what is no bare paper
STEP = 5.0  # of 255: what differs more from the paper is seen
LONG = 0.16  # of the page's length, what is seen around may have: half of the smallest paper, and a seal


def is_filled(shape: tuple[int, ...], coarse: Array, turn: Turn, lines: Lines) -> bool:
    """Of a whole picture (H, W) as it lies, its coarse BGR or grey copy, its turn, and its lines upright."""
    if not turn.sure or abs(turn.skew.degrees) > LEVEL:
        return False
    letters = turn.letters * (max(coarse.shape[:2]) / max(shape[:2]))
    upright = shape[:2] if turn.degrees % 180 == 0 else shape[1::-1]
    return _run_over(lines, *upright) and _is_plain_around(coarse, np.round(letters).astype(int))


def _run_over(lines: Lines, height: int, width: int) -> bool:
    """Whether every column but the margins is crossed by some lines, with little room between them."""
    if not len(lines.starts):
        return False
    count = np.maximum(np.bincount(lines.line), 1)
    first, last = np.full(len(count), np.inf), np.full(len(count), -np.inf)
    np.minimum.at(first, lines.line, lines.middle)
    np.maximum.at(last, lines.line, lines.middle)
    middles = (np.arange(CELLS) + 0.5) / CELLS * width
    inner = (middles > MARGIN * width) & (middles < (1 - MARGIN) * width)
    crossing = (first[lines.starts, None] < middles) & (last[lines.starts, None] > middles)
    if (crossing.sum(axis=0)[inner] < CROSSED).any():
        return False
    feet = np.sort(np.bincount(lines.line, lines.foot)[lines.starts] / count[lines.starts])
    margins = max(feet[0], height - feet[-1])
    return bool(margins < MARGIN * height and np.diff(feet).max(initial=0) < GAP * height)


def _is_plain_around(coarse: Array, letters: Array) -> bool:
    """Whether around the text nothing as long as a rim differs from the paper; a seal or a number may."""
    (left, top), (right, bottom) = letters[:, :2].min(axis=0), letters[:, 2:].max(axis=0)
    around: Array = np.full(coarse.shape[:2], 255, np.uint8)
    around[max(0, top) : bottom, max(0, left) : right] = 0
    around = cv2.erode(around, np.ones((2 * NEAR_PX + 1,) * 2, np.uint8))
    even = cv2.blur(bgr_of(coarse), (3, 3))
    bare = even[around > 0][::4]
    if not len(bare):
        return True
    paper = np.median(bare, axis=0)
    alike = cv2.inRange(even, paper - STEP, paper + STEP)
    other = cv2.dilate(cv2.bitwise_and(around, cv2.bitwise_not(alike)), np.ones((3, 3), np.uint8))
    longest = parts_of(other)[1][1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(initial=0)
    return bool(longest < LONG * max(around.shape))
