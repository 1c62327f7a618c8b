"""Measures how much darker than its paper the ink of a page is, and makes faint ink stronger.

A pale carbon copy or a worn ribbon is a few shades darker than its paper: what whitens usual paper would wipe
it out. Its ink is found by contrast close by, in parts as large as letters, against the grain of the paper;
the levels are then set between the ink and the paper that are really there. The same parts are looked for
again on the clean page, so that none is lost unseen.
"""

from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import NOTHING, Array, grey_of, parts_of
from scanner.clean.light import PAPER_WHITE, divide_light

REACH_PX = 11  # at 150 dots an inch: wider than any stroke of print
LEAST_DEPTH = 6.0  # of 255 below the paper: less is grain, whatever the noise
GRAINS = 5.0  # how far above the grain of the paper a stroke stands
LETTER_PX = (4, 80)  # height of a part that may be a letter or a word
LEAST_LETTERS = 40  # fewer say nothing of a page
CRISP = 0.65  # steepness in parts of the depth: what shows through from the other side is softer
USUAL_DEPTH = 120.0  # of 255: darker ink is no faint ink
BAND_PX = 240  # of the page, in which black ink is looked for first
LEAST_BLACK = 20  # so many black letters, and what is pale beside them is dust or the other side's print
STRONG = 85  # percentile of the letters, whose depth is that of the page's ink
DARK_SHARE = 0.005  # of the page: so much that is truly dark is a picture, and black stays where it is
BARE, FULL = 0.2, 0.6  # of the ink's depth, above which all is paper, below which all is black
GONE = 14  # of 255: a letter that is nowhere darker than this on the clean page is lost
MOST_LOST = 0.1  # of the letters


class Levels(NamedTuple):
    """What becomes black and what white, in 255ths of the paper's own light."""

    black: float
    white: float


GENTLE = Levels(0.0, 247.0)  # all but the grain of the paper stays


class Ink(NamedTuple):
    """`levels`: how a faint page is to be toned, None as usual; `letters`: 0/255 in the small copy of one."""

    levels: Levels | None
    letters: Array


class _Seen(NamedTuple):
    """The page on even paper, its parts, how deep each is, and which may be letters, which of them black."""

    even: Array
    labels: Array
    deepest: Array
    letters: Array
    black: Array


def ink_of(preview: Array, paper: Array, letters: Array) -> Ink:
    """The ink of a small flat copy at about 150 dots an inch, given its bare paper and letters' boxes (N, 4).

    Most pages have plainly black ink, which a few lines in the middle of the text tell.
    """
    if _black_at(preview, paper, letters) >= LEAST_BLACK:
        return Ink(None, NOTHING)
    even, labels, deepest, inked, black = _seen(grey_of(preview), grey_of(paper))
    if inked.sum() < LEAST_LETTERS or black.sum() >= LEAST_BLACK:
        return Ink(None, NOTHING)
    mask = np.where(inked, np.uint8(255), np.uint8(0))[labels]
    strong = float(np.percentile(deepest[inked], STRONG)) * 255 / PAPER_WHITE
    bare = float(np.median(even[::4, ::4])) * 255 / PAPER_WHITE
    dark = float((even[::4, ::4] < PAPER_WHITE - USUAL_DEPTH).mean()) > DARK_SHARE
    return Ink(Levels(0.0 if dark else bare - FULL * strong, bare - BARE * strong), mask)


def _black_at(preview: Array, paper: Array, letters: Array) -> int:
    """How many black letters a band of the page has, around the middle one of its letters."""
    height = preview.shape[0]
    if not len(letters) or height <= 2 * BAND_PX:
        return 0
    middle = int(np.median(letters[:, 3]))
    first = min(max(middle - BAND_PX // 2, 0), height - BAND_PX)
    rows = paper.shape[0] / height
    light = grey_of(paper[int(first * rows) : int((first + BAND_PX) * rows) + 1])
    return int(_seen(grey_of(preview[first : first + BAND_PX]), light).black.sum())


def _seen(grey: Array, paper: Array) -> _Seen:
    even = cv2.GaussianBlur(divide_light(grey, paper, PAPER_WHITE), (0, 0), 0.8)
    depth = cv2.morphologyEx(even, cv2.MORPH_BLACKHAT, np.ones((REACH_PX, REACH_PX), np.uint8))
    labels, stats = parts_of(cv2.threshold(depth, _above_grain(depth), 255, cv2.THRESH_BINARY)[1])
    deepest = _most(depth, labels, len(stats))
    rims = cv2.morphologyEx(even, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    tall = stats[:, cv2.CC_STAT_HEIGHT]
    letters = (tall >= LETTER_PX[0]) & (tall <= LETTER_PX[1])
    letters &= _most(rims, labels, len(stats)) > CRISP * deepest
    letters &= ~_framed(stats, even.shape)
    letters[0] = False
    black = letters & (deepest >= USUAL_DEPTH * PAPER_WHITE / 255) & (tall > 1.5 * LETTER_PX[0])
    return _Seen(even, labels, deepest, letters, black)


def _above_grain(depth: Array) -> float:
    some = depth[::4, ::4].astype(np.float32)
    usual = float(np.median(some))
    return max(LEAST_DEPTH, usual + GRAINS * (float(np.median(np.abs(some - usual))) + 0.5))


def _framed(stats: Array, shape: tuple[int, ...]) -> Array:
    """Which parts lie at the frame, where the table shows and the paper's rim is no writing."""
    left, top, width, height, _ = stats.T
    right, bottom = left + width, top + height
    at_left, at_right = left < REACH_PX, right > shape[1] - REACH_PX
    framed: Array = at_left | at_right | (top < REACH_PX) | (bottom > shape[0] - REACH_PX)
    return framed


def _most(values: Array, labels: Array, count: int) -> Array:
    """(count,) the greatest value of each part; 0 for what is no part."""
    where = np.flatnonzero(labels)
    most = np.zeros(count, values.dtype)
    np.maximum.at(most, labels.ravel()[where], values.ravel()[where])
    return most


def strengthened(image: Array, paper: Array, levels: Levels) -> Array:
    """The picture over its paper, with the levels stretched to black and white; its grain is softened first,
    or it would be stretched too."""
    even = divide_light(cv2.GaussianBlur(image, (0, 0), 1.0), paper, PAPER_WHITE)
    shade = np.arange(256) * (255 / PAPER_WHITE)
    ramp = (shade - levels.black) / (levels.white - levels.black) * 255
    return cv2.LUT(even, np.clip(ramp, 0, 255).astype(np.uint8))


def is_lost(letters: Array, clean: Array) -> bool:
    """Whether more than a few of the letters (mask as in `Ink`) are no more on the clean page."""
    labels, stats = parts_of(letters)
    if len(stats) <= LEAST_LETTERS:
        return False
    way = cv2.INTER_AREA if clean.shape[0] > letters.shape[0] else cv2.INTER_LINEAR
    seen = 255 - cv2.resize(grey_of(clean), letters.shape[::-1], interpolation=way)
    kept = _most(cv2.dilate(seen, np.ones((3, 3), np.uint8)), labels, len(stats))
    return float((kept[1:] < GONE).mean()) > MOST_LOST
