"""Moves the sides of a found page onto the real edge, in the pixels of the full picture.

Each side is measured by strips across it, the steepest step of each strip; a robust line, or a gentle bow
where the paper is not flat, goes through them, and the corners are where neighbouring sides meet.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.clean.arrays import Array, grey_of

STRIPS = 72
ENDS = 0.025  # of the side's length, left out at each end: corners are round, torn, held
BOWED = 0.0012  # of the side's length; less is noise and a line is truer
BENT, BENT_DEGREE = 0.006, 5  # from where, in parts of the length, an outline's side is known to be bent


@dataclass(frozen=True)
class Side:
    """A side from corner to corner: offset(t) px to the left of the straight way, t 0..1; NaN-free.

    `bow`: polynomial in t, highest power first; `sure`: share of the strips that agree with it.
    """

    start: Array
    end: Array
    bow: Array
    sure: float

    def at(self, t: float | Array) -> Array:
        """(..., 2) points on the side."""
        way = self.end - self.start
        left = np.array([-way[1], way[0]]) / max(float(np.linalg.norm(way)), 1e-9)
        place = np.asarray(t, float)[..., None]
        result: Array = self.start + way * place + left * np.polyval(self.bow, place)
        return result


def refine_corners(image: Array, outline: Array) -> Array:
    """Corners (4, 2) of an outline (4, P, 2) moved to where the measured sides meet.

    Side k of the outline ends in corner k; a corner that would jump away stays.
    """
    corners = outline[:, -1]
    sides = refine_sides(image, outline)
    reach = _reach(image)
    refined = np.array([_meet(sides[k], sides[(k + 1) % 4]) for k in range(4)])
    moved = np.linalg.norm(refined - corners, axis=1)
    return np.where((moved < 3 * reach)[:, None], refined, corners)


def refine_sides(image: Array, outline: Array) -> list[Side]:
    """The four measured sides of an outline (4, P, 2): first within a wide reach, then closely."""
    reach = _reach(image)
    sides = []
    for points in outline:
        side = _rough_side(points)
        for within in (reach, reach / 3):
            side = _measure(image, side, within)
        sides.append(side)
    return sides


def _rough_side(points: Array) -> Side:
    start, end = points[0], points[-1]
    way = end - start
    length = max(float(np.linalg.norm(way)), 1e-6)
    t = (points - start) @ way / length**2
    offset = (points - start) @ np.array([-way[1], way[0]]) / length
    if np.abs(offset).max() < BENT * length:
        return Side(start, end, np.zeros(1), 0.0)
    return Side(start, end, np.polyfit(t, offset, BENT_DEGREE), 0.0)


def _reach(image: Array) -> float:
    return max(4.0, float(max(image.shape[:2])) / 110)


def _measure(image: Array, side: Side, reach: float) -> Side:
    way = side.end - side.start
    length = max(float(np.linalg.norm(way)), 1e-6)
    left = np.array([-way[1], way[0]]) / length
    t = np.linspace(ENDS, 1 - ENDS, STRIPS)
    spacing = max(0.5, reach / 20)
    offsets = np.arange(-reach, reach + spacing / 2, spacing)
    grid = side.at(t)[:, None] + offsets[None, :, None] * left
    middle = grid[:, len(offsets) // 2]
    if (middle < 1).any() or (middle > np.array(image.shape[1::-1]) - 2).any():
        return side
    x, y = grid[..., 0].astype(np.float32), grid[..., 1].astype(np.float32)
    seen = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    strip = cv2.GaussianBlur(grey_of(seen).astype(np.float32), (5, 5), 1.0)
    step = np.diff(strip, axis=1)
    step = step if step.sum() >= 0 else -step
    peak = np.argmax(step, axis=1)
    height = step[np.arange(STRIPS), peak]
    strong = height > 0.3 * np.median(height)
    if strong.sum() < 12:
        return side
    where = offsets[0] + (peak + _vertex(step, peak) + 0.5) * spacing
    base = np.polyval(side.bow, t)
    noise = max(1.0, spacing)
    if len(side.bow) > BENT_DEGREE:
        bow, off = _robust(t[strong], (where + base)[strong], BENT_DEGREE, noise)
        return Side(side.start, side.end, bow, float((off < 2 * noise).mean()))
    bow, sure = _bow(t[strong], (where + base)[strong], length, noise)
    return Side(side.start, side.end, bow, sure)


def _vertex(step: Array, peak: Array) -> Array:
    """The top of the parabola through a maximum and its neighbours, -0.5..0.5 cells."""
    rows = np.arange(len(peak))
    inner = np.clip(peak, 1, step.shape[1] - 2)
    before, here, after = (step[rows, inner + k] for k in (-1, 0, 1))
    bend = before - 2 * here + after
    offset = np.where(bend < 0, 0.5 * (before - after) / np.where(bend < 0, bend, 1), 0)
    return np.where(inner == peak, np.clip(offset, -0.5, 0.5), 0)


def _bow(t: Array, offset: Array, length: float, noise: float) -> tuple[Array, float]:
    """A line, or a cubic where it is clearly better and really bowed."""
    line, line_off = _robust(t, offset, 1, noise)
    bow, bow_off = _robust(t, offset, 3, noise)
    middle = np.linspace(0, 1, 21)
    height = np.polyval(bow, middle)
    sagitta = np.abs(height - np.polyval(np.polyfit(middle, height, 1), middle))
    better = (bow_off < 2 * noise).sum() > (line_off < 2 * noise).sum() + 0.05 * len(t)
    better |= np.median(bow_off) < 0.6 * np.median(line_off)
    if sagitta.max() > BOWED * length and sagitta.max() < 0.08 * length and better:
        return bow, float((bow_off < 2 * noise).mean())
    return line, float((line_off < 2 * noise).mean())


def _robust(t: Array, offset: Array, degree: int, noise: float) -> tuple[Array, Array]:
    """A polynomial by reweighted least squares (Cauchy), and how far each strip is from it."""
    table = np.vander(t - 0.5, degree + 1)
    weights = 1 / (1 + ((offset - np.median(offset)) / (4 * noise + np.abs(offset).mean())) ** 2)
    off = np.abs(offset)
    found = np.zeros(degree + 1)
    for _ in range(8):
        found = np.linalg.lstsq(table * weights[:, None], offset * weights, rcond=None)[0]
        off = np.abs(offset - table @ found)
        scale = max(0.5 * noise, 1.5 * float(np.median(off)))
        weights = 1 / (1 + (off / scale) ** 2)
    shifted = np.poly1d(found)(np.poly1d([1.0, -0.5]))
    return np.atleast_1d(np.asarray(shifted.coeffs, float)), off


def _meet(one: Side, two: Side) -> Array:
    """Where the end of one side meets the beginning of the next, by their tangents there."""
    end, towards = one.at(1.0), one.at(1.0) - one.at(0.97)
    begin, away = two.at(0.0), two.at(0.03) - two.at(0.0)
    matrix = np.stack([towards, -away], axis=1)
    if abs(np.linalg.det(matrix)) < 1e-9:
        return begin
    result: Array = end + towards * np.linalg.solve(matrix, begin - end)[0]
    return result
