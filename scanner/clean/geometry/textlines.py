"""Puts the letters of a page into lines, however the lines bend."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from scanner.clean.arrays import Array

CELL = 3  # px of the page a cell of the drawing
LEAST_LETTERS = 4
LONG_LETTERS, LONG_SPAN = 8, 10  # a line that can tell whether it bends: letters, letters' heights
JOIN = 0.75  # letters' heights a letter reaches to either side
PRINTED_LETTERS, PRINTED = 6, 0.8  # a printed line has so many letters, and so many of them stand on it
ON_LINE, OFF_LINE = 0.06, 0.35  # letters' heights and px: no foot of a printed letter is farther off its line
HANGING, MOST_HANGING = (0.15, 0.5), 0.35  # letters' heights below it, but those of g, p and y; of a line
LIKELY, BLUNT_PX = 4, 0.4  # so many letters ON_LINE off are taken for seen; no foot is known more exactly
APART = 3.0  # standard errors, by which a line leans otherwise than the most exact one


@dataclass(frozen=True)
class Lines:
    """Letters that stand in lines: middle x, foot y, width (N,), the line of each (N,), all lines (L,).

    `long`: (N,) whether the line is long enough to tell whether it bends. `box`: (N,) which box each was.
    """

    middle: Array
    foot: Array
    wide: Array
    line: Array
    starts: Array
    long: Array
    letter_px: float
    box: Array

    def bend(self) -> float:
        """How far the long lines are from parallel and straight, in px at their ends.

        Each line's feet are fitted by a parabola; a lean common to all lines is no bend.
        """
        if not self.long.any():
            return 0.0
        feet, middles = self.foot[self.long], self.middle[self.long]
        _, line = np.unique(self.line[self.long], return_inverse=True)
        count = np.bincount(line).astype(float)
        middle = np.bincount(line, middles) / count
        reach = np.sqrt(np.bincount(line, (middles - middle[line]) ** 2) / count) * np.sqrt(3)
        t = (middles - middle[line]) / np.maximum(reach[line], 1e-6)
        table = np.stack([np.ones_like(t), t, t * t], axis=1)
        weights: Array = np.ones(len(t))
        found: Array = np.zeros((len(count), 3))
        for _ in range(3):
            square = np.stack(
                [np.bincount(line, weights * table[:, i] * table[:, j]) for i in range(3) for j in range(3)],
                1,
            ).reshape(-1, 3, 3) + 1e-6 * np.eye(3)
            side = np.stack([np.bincount(line, weights * table[:, i] * feet) for i in range(3)], axis=1)
            found = np.linalg.solve(square, side[..., None])[..., 0]
            off = feet - (table * found[line]).sum(axis=1)
            weights = 1 / (1 + (off / (0.08 * self.letter_px)) ** 2)
        slope = found[:, 1] / np.maximum(reach, 1e-6)
        twist = np.abs(slope - np.median(slope)) * reach
        share = count / count.sum()
        return float(((twist + np.abs(found[:, 2])) * share).sum())

    def lean(self) -> tuple[float, float]:
        """How far printed lines lean clockwise, and the standard error of that, in degrees; 0 and infinite
        where there are none, or they lean unlike. Handwriting is left out: its letters do not stand level.
        """
        if not len(self.line):
            return 0.0, np.inf
        _, line, letters = np.unique(self.line, return_inverse=True, return_counts=True)
        weights: Array = np.ones(len(line))
        for _ in range(5):
            count = np.bincount(line, weights)
            middle, foot = (np.bincount(line, weights * each) / count for each in (self.middle, self.foot))
            along = self.middle - middle[line]
            spread = np.bincount(line, weights * along**2) + 1e-9
            slope = np.bincount(line, weights * along * (self.foot - foot[line])) / spread
            off = self.foot - foot[line] - slope[line] * along
            weights = 1 / (1 + (off / (0.08 * self.letter_px)) ** 2) ** 2
        stands = np.abs(off) < ON_LINE * self.letter_px + OFF_LINE
        hangs = (off > HANGING[0] * self.letter_px) & (off < HANGING[1] * self.letter_px)
        on_line, below = (np.bincount(line, each) / letters for each in (stands, hangs))
        printed = (letters >= PRINTED_LETTERS) & (on_line + np.minimum(below, MOST_HANGING) >= PRINTED)
        if not printed.any():
            return 0.0, np.inf
        square = np.bincount(line, weights * off**2) + LIKELY * (ON_LINE * self.letter_px) ** 2
        square = np.maximum(square / np.maximum(count - 2 + LIKELY, 1), BLUNT_PX**2)
        slope, variance = slope[printed], (square / spread)[printed]
        exact = int(np.argmin(variance))
        if (np.abs(slope - slope[exact]) > APART * np.sqrt(variance + variance[exact])).any():
            return 0.0, np.inf
        mean, error = np.average(slope, weights=1 / variance), 1 / np.sqrt((1 / variance).sum())
        return float(np.degrees(np.arctan(mean))), float(np.degrees(error))


def upright(boxes: Array, shape: tuple[int, ...], quarters: int) -> tuple[Array, tuple[int, int]]:
    """Boxes (N, 4) of a page (H, W) as it lies, and its shape, after so many clockwise quarter turns."""
    height, width = shape[:2]
    for _ in range(quarters):
        left, top, right, bottom = boxes.T
        boxes = np.stack([height - bottom, left, height - top, right], axis=1)
        height, width = width, height
    return boxes, (height, width)


def text_lines(boxes: Array) -> Lines:
    """Lines of letters' boxes (N, 4) left, top, right, bottom of an upright page."""
    empty = np.zeros(0)
    if len(boxes) < LEAST_LETTERS:
        none = empty.astype(int)
        return Lines(empty, empty, empty, none, none, empty.astype(bool), 0.0, none)
    left, top, right, bottom = boxes.T
    usual = float(np.median(bottom - top))
    low = np.minimum(left.min(), 0), np.minimum(top.min(), 0)
    drawing = _bands(
        left - low[0] - JOIN * usual, right - low[0] + JOIN * usual, bottom - low[1], 0.45 * usual
    )
    _, labels = cv2.connectedComponents(drawing, connectivity=4)
    middle = (left + right) / 2
    rows = ((bottom - low[1] - 0.2 * usual) / CELL).astype(int).clip(0, labels.shape[0] - 1)
    columns = ((middle - low[0]) / CELL).astype(int).clip(0, labels.shape[1] - 1)
    line = labels[rows, columns]
    count = np.bincount(line)
    first, last = np.full(len(count), np.inf), np.full(len(count), -np.inf)
    np.minimum.at(first, line, left)
    np.maximum.at(last, line, right)
    good = count >= LEAST_LETTERS
    good[0] = False
    long = good & (count >= LONG_LETTERS) & (last - first > LONG_SPAN * usual)
    kept = np.flatnonzero(good[line])
    line = line[kept]
    return Lines(
        middle[kept], bottom[kept], (right - left)[kept], line, np.flatnonzero(good), long[line], usual,
        kept,
    )  # fmt: skip


def lines_past(boxes: Array, shape: tuple[int, ...], quarters: int, rings: Sequence[Array]) -> bool:
    """Whether a line of letters (N, 4) of a page (H, W) as it lies stands past all rings (4, 2).

    `quarters`: clockwise quarter turns that bring the page upright.
    """
    lines = text_lines(upright(boxes, shape, quarters)[0])
    middles = np.stack([lines.middle, lines.foot - lines.letter_px / 2], axis=1)
    past = np.ones(len(middles), bool)
    for ring in rings:
        turned = upright(np.concatenate([ring, ring], axis=1), shape, quarters)[0][:, :2]
        way, off = np.roll(turned, -1, axis=0) - turned, middles[:, None] - turned
        side = way[:, 0] * off[..., 1] - way[:, 1] * off[..., 0]
        past &= ~((side > 0).all(axis=1) | (side < 0).all(axis=1))
    return not np.isin(lines.line, np.unique(lines.line[~past])).all()


def _bands(left: Array, right: Array, bottom: Array, tall: float) -> Array:
    """A uint8 drawing of the lower part of every letter, stretched sideways, by sums of corners."""
    width, height = int(right.max() / CELL) + 3, int(bottom.max() / CELL) + 3
    x0, x1 = (np.clip(np.round(x / CELL), 0, width - 1).astype(int) for x in (left, right))
    y0, y1 = (np.clip(np.round(y / CELL), 0, height - 1).astype(int) for y in (bottom - tall, bottom))
    y1 = np.maximum(y1, y0 + 1)
    table = np.zeros((height, width), np.int32)
    for rows, columns, value in ((y0, x0, 1), (y0, x1, -1), (y1, x0, -1), (y1, x1, 1)):
        np.add.at(table, (rows, columns), value)
    for axis in (0, 1):
        np.cumsum(table, axis=axis, dtype=np.int32, out=table)
    return (table > 0).astype(np.uint8)
