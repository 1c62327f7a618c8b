"""The strokes on a small copy of a page: which may be letters, words, rows of them, or drawn by hand.

What is asked of them is their size and shape alone; heights are those at 75 dots an inch.
"""

from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import Array, parts_of

LETTER_PX = (4, 80)  # height of a part that may be a letter or a word
ROW_PX = 11  # between the letters of a word
LEAST_ROW = 3  # letters in a row
LETTER_WIDE, WORD_WIDE = 0.5, 6.0  # of its height: of a letter, of the longest word that has grown together
WORD_FULL = 0.55  # of its box; the rims of stains fill less
DRAWN_PX, DRAWN_FULL = (16, 24, 560), 0.45  # height, width and most of both; of its box: of what is drawn
WINDING = 1.4  # times from corner to corner
DUST_PX, ALONE = 20, 2.0  # area of a dot of dust; how many parts a row of writing has at least


class Strokes(NamedTuple):
    """What hangs together: labels (H, W) and OpenCV's stats (N, 5); the first part is the paper."""

    labels: Array
    stats: Array

    def mask(self, chosen: Array) -> Array:
        """0/255 of some of the parts (N,)."""
        result: Array = np.where(chosen, np.uint8(255), np.uint8(0)).take(self.labels)
        return result

    def tall(self) -> Array:
        """Which are as high as a letter or a word."""
        high = self.stats[:, cv2.CC_STAT_HEIGHT]
        result: Array = (high >= LETTER_PX[0]) & (high <= LETTER_PX[1])
        result[0] = False
        return result

    def framed(self, near: int) -> Array:
        """Which come so near to the frame, where the table shows and the paper's rim is no writing."""
        left, top, width, height, _ = self.stats.T
        right, bottom = left + width, top + height
        rows, columns = self.labels.shape
        result: Array = (left < near) | (right > columns - near) | (top < near) | (bottom > rows - near)
        return result

    def drawn(self) -> Array:
        """Which are as large and as empty as a signature or a sketch, and wind: a fold is one line."""
        _, _, wide, high, area = self.stats.T
        large = (high >= DRAWN_PX[0]) & (wide >= DRAWN_PX[1]) & (np.maximum(wide, high) <= DRAWN_PX[2])
        result: Array = large & (area < DRAWN_FULL * wide * high)
        result[0] = False
        for part in np.flatnonzero(result).tolist():
            result[part] = self._length(part) > WINDING * float(np.hypot(wide[part], high[part]))
        return result

    def _length(self, part: int) -> float:
        """Of the strokes of a part, by half of their outlines."""
        left, top, wide, high, _ = self.stats[part].tolist()
        mask = (self.labels[top : top + high, left : left + wide] == part).astype(np.uint8)
        outlines = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]
        return sum(float(cv2.arcLength(each, closed=True)) for each in outlines) / 2

    def letters(self) -> Array:
        """How many letters each may be: words grow together in the small copy, and fill their box; a sliver
        of a rim is less than one, the paper none."""
        _, _, wide, high, area = self.stats.T
        word = (high >= LETTER_PX[0]) & (wide <= WORD_WIDE * high) & (area >= WORD_FULL * wide * high)
        letters: Array = np.minimum(wide / (LETTER_WIDE * high), np.where(word, np.inf, 1.0))
        letters[0] = 0
        return letters

    def most(self, *values: Array) -> list[Array]:
        """For each picture (N,) the greatest value of each part; 0 for the paper."""
        where = np.flatnonzero(self.labels > 0)
        part = self.labels.ravel()[where]
        found = [np.zeros(len(self.stats), each.dtype) for each in values]
        for most, each in zip(found, values, strict=True):
            np.maximum.at(most, part, each.ravel()[where])
        return found

    def in_rows(self, chosen: Array, least: int = LEAST_ROW) -> Array:
        """Those of the chosen that stand in a row of so many letters at least."""
        rows, _ = parts_of(rows_of(self.mask(chosen)))
        row = rows[self._middle()]
        letters = np.bincount(row[chosen], self.letters()[chosen], minlength=int(rows.max()) + 1)
        several: Array = letters[row] >= least
        return chosen & several

    def together(self) -> float:
        """How many parts the row of one usually has: dots of dust and bits of print are alone."""
        rows, _ = parts_of(rows_of((self.labels > 0).astype(np.uint8)))
        in_row = np.bincount(rows[self._middle()][1:])
        return float((in_row**2).sum()) / max(1, len(self.stats) - 1)

    def dusty(self) -> bool:
        """Whether they are dots, most of them alone: letters of that size stand in rows."""
        small = bool(np.median(self.stats[1:, cv2.CC_STAT_AREA]) < DUST_PX)
        return small and self.together() < ALONE

    def _middle(self) -> tuple[Array, Array]:
        left, top, wide, high, _ = self.stats.T
        return top + high // 2, left + wide // 2


def strokes_of(mask: Array) -> Strokes:
    """The parts of a 0/255 mask."""
    return Strokes(*parts_of(mask))


def rows_of(mask: Array, between: int = ROW_PX) -> Array:
    """The mask with what is so near in a row grown together: the letters of a word."""
    return cv2.dilate(mask, np.ones((1, between), np.uint8))
