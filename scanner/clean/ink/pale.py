"""How deep the pale strokes of a page are, against the paper close by and above its grain."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from scanner.clean.arrays import SHADES, Array, grey_of, halve, percentile, shades_of, straight_runs
from scanner.clean.ink.light import PAPER_WHITE, divide_light

REACH_PX = 11  # at 150 dots an inch: wider than any stroke of print
LEAST_BESIDE = 4.0  # at half the size, where thin strokes are diluted
GRAINS = 5.0  # how far above the grain of the paper a stroke stands
BLACK = 0.62  # of the paper's light: what is darker is no pale mark, however thin
RIM_PX = 5  # of black letters
RULING_PX = 60  # what runs on so far, straight across or down, is printed or a fold
FINER, ALONG_PX, ASIDE_PX = 8, 11, 9  # parts of a shade; along a pale line; across it, to bare paper
FAINTEST, DEEPEST = 2, 28  # of 255, that such a line is deep
SQUARED, LINE = 0.08, 2.0  # share of a page, each way; times the depth of squares' lines, and it is ink
_CROSS = np.ones((3, 3), np.uint8)


@dataclass(frozen=True)
class Pale:
    """A page at 75 dots an inch, where a stroke is a pixel wide: on even paper, how deep its strokes are, and
    from which depth on they stand above the grain; the darkest of the page and the light of its paper, and
    0/255 what is black. `squares`: 0/255 the lines of squared paper, that have no depth."""

    even: Array
    depth: Array
    least: float
    darkest: Array
    light: Array
    black: Array
    squares: Array

    @classmethod
    def of(cls, preview: Array, darkest: Array, paper: Array) -> "Pale":
        """Of a page at 150 dots an inch; `darkest`: its `darkest_half`; `paper`: its bare paper, smaller."""
        even, depth = even_of(halve(preview), paper)
        squares = _squares_of(depth)
        depth = cv2.subtract(depth, squares)
        light = cv2.resize(grey_of(paper), darkest.shape[::-1], interpolation=cv2.INTER_LINEAR)
        black = cv2.compare(darkest, cv2.convertScaleAbs(light, alpha=BLACK), cv2.CMP_LT)
        return cls(even, depth, above_grain(depth, LEAST_BESIDE), darkest, light, black, squares)

    def ink(self) -> Array:
        """0/255, what stands above the grain."""
        return cv2.threshold(self.depth, self.least, 255, cv2.THRESH_BINARY)[1]

    def clear(self) -> Array:
        """The same, clear of what is black."""
        return cv2.subtract(self.ink(), self.rimmed)

    def turned(self) -> "Pale":
        """A quarter to the left."""
        every = (self.even, self.depth, self.darkest, self.light, self.black, self.squares)
        even, depth, darkest, light, black, squares = (np.rot90(each).copy() for each in every)
        return Pale(even, depth, self.least, darkest, light, black, squares)

    @cached_property
    def rimmed(self) -> Array:
        """0/255, what is black, with its rims."""
        return rimmed(self.black)

    @cached_property
    def rulings(self) -> Array:
        """0/255, what runs on straight across or down the page, black or pale."""
        ink = cv2.dilate(cv2.max(self.ink(), self.squares), _CROSS)
        return straight_runs(ink, RULING_PX)


def rimmed(black: Array) -> Array:
    return cv2.dilate(black, np.ones((RIM_PX, RIM_PX), np.uint8))


def even_of(preview: Array, paper: Array) -> tuple[Array, Array]:
    """The page in grey on even paper, and how much darker than what is close by each of its pixels is."""
    even = cv2.GaussianBlur(divide_light(grey_of(preview), grey_of(paper), PAPER_WHITE), (0, 0), 0.8)
    return even, cv2.morphologyEx(even, cv2.MORPH_BLACKHAT, np.ones((REACH_PX, REACH_PX), np.uint8))


def above_grain(depth: Array, least: float) -> float:
    shades = shades_of(depth[::4, ::4])
    usual = percentile(shades, 50)
    off = np.abs(SHADES - usual)
    order = np.argsort(off)
    return max(least, usual + GRAINS * (percentile(shades[order], 50, off[order]) + 0.5))


def _squares_of(depth: Array) -> Array:
    """0/255, the pale lines of squared paper, by how deep strokes are; 0 where they run one way alone.

    They run on below the grain, where pieces that stand above it look like strokes.
    """
    fine = cv2.convertScaleAbs(depth, alpha=FINER)
    level = np.zeros_like(fine)
    for way in (1, -1):
        along, across, aside, run = (
            np.ones(side[::way], np.uint8) for side in ((1, ALONG_PX), (3, 1), (ASIDE_PX, 1), (1, RULING_PX))
        )
        line = cv2.dilate(cv2.blur(fine, along.shape[::-1]), across)
        line = cv2.morphologyEx(cv2.subtract(line, cv2.erode(line, aside)), cv2.MORPH_OPEN, run)
        line[(line < FINER * FAINTEST) | (line > FINER * DEEPEST)] = 0
        if np.count_nonzero(line) < SQUARED * line.size:
            return np.zeros_like(fine)
        level = cv2.max(level, line)
    ruled = (level > 0) & (depth < LINE / FINER * level.astype(np.float32))
    return ruled.astype(np.uint8) * 255
