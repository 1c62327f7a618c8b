"""Unrolls a curled or folded page: a smooth sheet is fitted to its text lines, and the page is read along it.

Each line of text is level on the paper, so that row(x) = v + sum c_jk P_j(x) v^k holds for every letter's
foot, with one v a line. How much narrower letters look where the paper turns away gives the columns. Nothing
is done where the lines are level already or the sheet does not explain lines that were kept out of the fit.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.polynomial import legendre

from scanner.clean.arrays import Array, halve
from scanner.clean.geometry.flatten import Target
from scanner.clean.geometry.textlines import Lines

ACROSS, DOWN = 7, 3  # degrees of the sheet
LEAST_LINES = 5
LEVEL = 0.10  # of a letter's height: lines that bend less are level
BETTER = 0.65  # what of the bend may be left in lines that the sheet was not fitted to
JOINED = 0.25  # letters' heights: pieces of text that the sheet brings so near are one line
RIDGE = 3e-5
CELL = 16  # px of the full page between two known places
BAND = 512  # rows of the full page
NARROW = 0.08  # letters must differ that much in width along the line


@dataclass(frozen=True)
class Sheet:
    """A bent page in its upright copy of `shape` (H, W): which place each place of the level page shows.

    `rows`: (ACROSS * DOWN,) coefficients in px; `reach`: least and most v the text speaks for, of -1..1;
    `columns`: (M,) where the columns of the level page lie, evenly spaced, in px.
    """

    shape: tuple[int, int]
    rows: Array
    reach: tuple[float, float]
    columns: Array

    def places(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Column and row in the bent page of places of the level page."""
        height, width = self.shape
        column = np.interp(x, np.linspace(0, width - 1, len(self.columns)), self.columns)
        v = np.clip(2 * y / height - 1, *self.reach)
        return column, y + (_table(2 * column / width - 1, v) * self.rows).sum(axis=-1)


def find_sheet(lines: Lines, shape: tuple[int, int]) -> Sheet | None:
    """The sheet of a page from its lines, both upright; None where it is level or unclear."""
    if len(np.unique(lines.line[lines.long])) < LEAST_LINES or lines.bend() < LEVEL * lines.letter_px:
        return None
    odd = np.isin(lines.line, lines.starts[::2])
    kept_out = ~odd & lines.long
    if not kept_out.any():  # nothing to be held against
        return None
    rows, _ = _fit_joined(lines, odd, shape)
    before, after = (_unevenness(lines, kept_out, shape, r) for r in (np.zeros_like(rows), rows))
    if after > BETTER * before:
        return None
    rows, _ = _fit_joined(lines, np.ones(len(odd), bool), shape)
    v = 2 * lines.foot / shape[0] - 1
    reach = (float(np.quantile(v, 0.01)) - 0.08, float(np.quantile(v, 0.99)) + 0.08)
    return Sheet(shape, rows, reach, _columns(lines, shape))


def _table(x: Array, v: Array) -> Array:
    """(..., ACROSS * DOWN) products of Legendre polynomials of x (degree 1 on) and powers of v, -1..1."""
    across = legendre.legvander(np.clip(x, -1.05, 1.05), ACROSS)[..., 1:]
    down = np.stack([np.ones_like(v), v, v * v], axis=-1)
    result: Array = (across[..., :, None] * down[..., None, :]).reshape(*x.shape, -1)
    return result


def _fit_joined(lines: Lines, chosen: Array, shape: tuple[int, int]) -> tuple[Array, Array]:
    """The sheet of the chosen letters, and the height of each letter's line, pieces of one row put together.

    What a first sheet brings to one height is one line, however wide the gap between its words.
    """
    x, y, line = lines.middle[chosen], lines.foot[chosen], lines.line[chosen]
    line = np.unique(line, return_inverse=True)[1]
    rows, heights = _fit(x, y, line, shape, lines.letter_px)
    for _ in range(2):
        order = np.argsort(heights)
        apart = np.diff(heights[order], prepend=heights[order[0]]) > JOINED * lines.letter_px
        group = np.empty(len(order), int)
        group[order] = np.cumsum(apart)
        line = group[line]
        rows, heights = _fit(x, y, line, shape, lines.letter_px)
    return rows, heights[line]


def _fit(x: Array, y: Array, line: Array, shape: tuple[int, int], letter_px: float) -> tuple[Array, Array]:
    """Coefficients by robust least squares, and the height of each line, which its mean takes out."""
    height, width = shape
    found = np.zeros(ACROSS * DOWN)
    weights = np.ones(len(x))
    stiff = np.repeat(np.arange(1, ACROSS + 1) ** 2.0, DOWN) * np.tile([1.0, 2.0, 4.0], ACROSS)
    level = _means(y, line, weights)
    for _ in range(10):
        table = _table(2 * x / width - 1, 2 * level[line] / height - 1)
        design = table - np.stack([_means(column, line, weights)[line] for column in table.T], axis=1)
        rise = y - _means(y, line, weights)[line]
        weighted = design * weights[:, None]
        square = weighted.T @ design + RIDGE * weights.sum() * np.diag(stiff)
        found = np.linalg.solve(square, weighted.T @ rise)
        off = rise - design @ found
        scale = max(0.5, 0.06 * letter_px, 1.2 * float(np.median(np.abs(off))))
        weights = 1 / (1 + (off / scale) ** 2)
        level = _means(y - table @ found, line, weights)
    return found, level


def _means(values: Array, line: Array, weights: Array) -> Array:
    total = np.bincount(line, weights=weights * values)
    result: Array = total / np.maximum(np.bincount(line, weights=weights), 1e-9)
    return result


def _unevenness(lines: Lines, chosen: Array, shape: tuple[int, int], rows: Array) -> float:
    """Median distance in px of feet from their line's height, lean of the whole page taken out."""
    height, width = shape
    x, y, line = lines.middle[chosen], lines.foot[chosen], lines.line[chosen]
    line = np.unique(line, return_inverse=True)[1]
    usual = _means(y, line, np.ones(len(y)))[line]
    v = usual
    if rows.any():
        for _ in range(4):
            v = _means(y - _table(2 * x / width - 1, 2 * v / height - 1) @ rows, line, np.ones(len(y)))[line]
        y = y - _table(2 * x / width - 1, 2 * v / height - 1) @ rows
    rise = y - _means(y, line, np.ones(len(y)))[line]
    run = x - _means(x, line, np.ones(len(x)))[line]
    lean = float(run @ rise) / max(float(run @ run), 1e-9)
    left = rise - lean * run
    groups = np.sort(np.abs(left))
    return float(groups[: max(1, int(0.85 * len(groups)))].mean())


def _columns(lines: Lines, shape: tuple[int, int]) -> Array:
    """Where evenly spaced columns of the level page lie, from how wide letters look along the lines."""
    width = shape[1]
    even = np.linspace(0, width - 1, 65)
    x = 2 * lines.middle / width - 1
    fits = (lines.wide > 0.3 * lines.letter_px) & (lines.wide < 1.6 * lines.letter_px)
    if fits.sum() < 300:
        return even
    size = np.log(lines.wide[fits])
    table = legendre.legvander(x[fits], 3)
    weights: Array = np.ones(len(size))
    found = np.zeros(4)
    for _ in range(6):
        found = np.linalg.lstsq(table * weights[:, None], size * weights, rcond=None)[0]
        weights = 1 / (1 + ((size - table @ found) / 0.3) ** 2)
    low, high = np.quantile(x[fits], [0.02, 0.98])
    look = np.exp(legendre.legval(np.clip(2 * even / width - 1, low, high), found))
    if look.max() / look.min() < 1 + 2 * NARROW:
        return even
    # a step on the level page is a longer step in the picture where letters look wider
    pace = 1 / np.clip(look / np.median(look), 0.5, 2.0)
    true = np.concatenate([[0], np.cumsum((pace[1:] + pace[:-1]) / 2)])
    return np.interp(np.linspace(0, true[-1], 65), true, even)


def unroll(image: Array, matrix: Array, target: Target, sheet: Sheet, quarters: int) -> Array:
    """The level page, as it lies, out of the picture: one resampling.

    `matrix`: 3x3 from picture pixels to the page's, `sheet`: that of a copy of the page that `quarters`
    clockwise turns brought upright.
    """
    back = np.linalg.inv(matrix)
    scale = math.sqrt(abs(np.linalg.det(matrix[:2, :2])))
    while scale < 0.5 and min(image.shape[:2]) > 8:
        image, scale = halve(image), 2 * scale
        back = np.array([[0.5, 0, -0.25], [0, 0.5, -0.25], [0, 0, 1]]) @ back
    rows, columns = np.mgrid[0 : target.height + CELL : CELL, 0 : target.width + CELL : CELL].astype(float)
    sheet_width = sheet.shape[quarters % 2 == 0]
    fine = target.width / sheet_width
    x, y = _upright((columns + 0.5) / fine - 0.5, (rows + 0.5) / fine - 0.5, sheet.shape, quarters)
    x, y = _upright(*sheet.places(x, y), sheet.shape, quarters, back=True)
    page = np.stack([(x + 0.5) * fine - 0.5, (y + 0.5) * fine - 0.5, np.ones_like(x)], axis=-1)
    seen = page @ back.T
    way = (seen[..., :2] / seen[..., 2:]).astype(np.float32)
    out = np.empty((target.height, target.width, *image.shape[2:]), np.uint8)
    for first in range(0, target.height, BAND):  # bands keep the map of every pixel small
        last = min(first + BAND, target.height)
        spread = np.array([[1 / CELL, 0, 0], [0, 1 / CELL, first / CELL]])
        dense = cv2.warpAffine(
            way, spread, (target.width, last - first), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
        out[first:last] = cv2.remap(
            image, dense[..., 0], dense[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    return out


def _upright(
    x: Array, y: Array, shape: tuple[int, int], quarters: int, back: bool = False
) -> tuple[Array, Array]:
    """Places of the page as it lies in its upright copy of `shape`, or back."""
    height, width = shape
    if quarters == 2:
        return width - 1 - x, height - 1 - y
    if quarters == 1:
        return (y, width - 1 - x) if back else (width - 1 - y, x)
    if quarters == 3:
        return (height - 1 - y, x) if back else (y, height - 1 - x)
    return x, y
