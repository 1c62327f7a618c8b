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
CLOSE, SURE = 1 / 3, 0.8  # of the reach; share of the strips that agree
SHORT = 0.07  # of a side, between the last place where it is seen and its corner
BENT, BENT_DEGREE = 0.006, 5  # from where, in parts of the length, an outline's side is known to be bent


@dataclass(frozen=True)
class Side:
    """A side from corner to corner: offset(t) px to the left of the straight way, t 0..1; NaN-free.

    `bow`: polynomial in t, highest power first; `sure`: share of the strips that agree with it, 1
    where the side leaves the picture and none was asked.
    `gaps`: how far from its start and its end nothing was found on it, in parts of the length.
    """

    start: Array
    end: Array
    bow: Array
    sure: float
    gaps: tuple[float, float] = (0.0, 0.0)

    def at(self, t: float | Array) -> Array:
        """(..., 2) points on the side."""
        way = self.end - self.start
        left = np.array([-way[1], way[0]]) / max(float(np.linalg.norm(way)), 1e-9)
        place = np.asarray(t, float)[..., None]
        result: Array = self.start + way * place + left * np.polyval(self.bow, place)
        return result

    def bend(self) -> float:
        """How far it is from any straight line, in parts of its length."""
        t = np.linspace(ENDS, 1 - ENDS, STRIPS)
        offset = np.polyval(self.bow, t)
        off = offset - np.polyval(np.polyfit(t, offset, 1), t)
        return float(np.abs(off).max() / max(float(np.linalg.norm(self.end - self.start)), 1e-9))


def refine_corners(image: Array, outline: Array, sides: list[Side]) -> Array:
    """Corners (4, 2) of an outline (4, P, 2) moved to where its measured sides meet.

    Side k of the outline ends in corner k; a corner that would jump away stays, unless both its sides are
    sure and seen up to it: a bent sheet's outline is far off there, for it was drawn by its middle.
    """
    corners = outline[:, -1]
    reach = reach_of(image)
    refined = np.array([_meet(sides[k], sides[(k + 1) % 4]) for k in range(4)])
    moved = np.linalg.norm(refined - corners, axis=1)
    following = [*sides[1:], sides[0]]
    seen = [_seen_up_to(one, 1) and _seen_up_to(two, 0) for one, two in zip(sides, following, strict=True)]
    return np.where((moved < np.where(seen, 6, 3) * reach)[:, None], refined, corners)


def _seen_up_to(side: Side, end: int) -> bool:
    return side.sure >= SURE and side.gaps[end] < SHORT


def refine_sides(image: Array, outline: Array) -> list[Side]:
    """The four measured sides of an outline (4, P, 2): as close to it as is sure, else farther off.

    A printed frame is often steeper than the rim that it follows.
    """
    reach = reach_of(image)
    rough = [_rough_side(points) for points in outline]
    close, wide = _measured(image, rough, CLOSE * reach), rough
    if min(side.sure for side in close) < SURE:
        wide = _measured(image, rough, reach)
    sides = [near if near.sure >= SURE else far for near, far in zip(close, wide, strict=True)]
    return _measured(image, sides, CLOSE * reach)


def _rough_side(points: Array) -> Side:
    start, end = points[0], points[-1]
    way = end - start
    length = max(float(np.linalg.norm(way)), 1e-6)
    t = (points - start) @ way / length**2
    offset = (points - start) @ np.array([-way[1], way[0]]) / length
    if np.abs(offset).max() < BENT * length:
        return Side(start, end, np.zeros(1), 1.0)
    return Side(start, end, np.polyfit(t, offset, BENT_DEGREE), 1.0)


def reach_of(image: Array) -> float:
    """How far from a rough side the true one is looked for, in px."""
    return max(4.0, float(max(image.shape[:2])) / 110)


def _measured(image: Array, sides: list[Side], reach: float) -> list[Side]:
    """The sides moved onto the steepest steps within `reach` px; one that leaves the picture stays."""
    spacing = max(0.5, reach / 20)
    offsets = np.arange(-reach, reach + spacing / 2, spacing)
    t = np.linspace(ENDS, 1 - ENDS, STRIPS)
    ways = np.stack([side.end - side.start for side in sides])
    lengths = np.maximum(np.linalg.norm(ways, axis=1), 1e-6)
    left = np.stack([-ways[:, 1], ways[:, 0]], axis=1) / lengths[:, None]
    middles = np.stack([side.at(t) for side in sides])
    grid = middles[:, :, None] + offsets[:, None] * left[:, None, None]
    step = np.diff(across(image, grid), axis=2)
    step = step * np.where(step.sum(axis=(1, 2)) >= 0, 1, -1)[:, None, None]
    peak = np.argmax(step, axis=2)
    height = np.take_along_axis(step, peak[..., None], 2)[..., 0]
    strong = height > 0.3 * np.median(height, axis=1)[:, None]
    base = np.stack([np.polyval(side.bow, t) for side in sides])
    where = offsets[0] + (peak + _vertex(step, peak) + 0.5) * spacing + base
    inside = (middles >= 1).all(axis=(1, 2)) & (middles <= np.array(image.shape[1::-1]) - 2).all(axis=(1, 2))
    fit = inside & (strong.sum(axis=1) >= 12)
    bent = np.array([len(side.bow) > BENT_DEGREE for side in sides])
    found = list(sides)
    noise = max(1.0, spacing)
    for mine, degree in ((fit & bent, BENT_DEGREE), (fit & ~bent, 0)):
        index = np.flatnonzero(mine)
        if not len(index):
            continue
        if degree:
            bows, off = _robust(t, where[index], strong[index], degree, noise)
        else:
            bows, off = _bows(t, where[index], strong[index], lengths[index], noise)
        near = (off < 2 * noise) & strong[index]
        for k, bow, agree, asked in zip(index, bows, near, strong[index], strict=True):
            sure = float(agree.sum() / asked.sum())
            found[k] = Side(sides[k].start, sides[k].end, bow, sure, _gaps(agree))
    return found


def _gaps(agree: Array) -> tuple[float, float]:
    """The runs of strips at the start and at the end that do not agree, in parts of all."""
    hits = np.flatnonzero(agree)
    if not len(hits):
        return 1.0, 1.0
    return float(hits[0]) / len(agree), float(len(agree) - 1 - hits[-1]) / len(agree)


def across(image: Array, grid: Array) -> Array:
    """(S, STRIPS, K) grey of the picture at grid (S, STRIPS, K, 2), a little smoothed."""
    padded = np.pad(grid, ((0, 0), (2, 2), (0, 0), (0, 0)), mode="edge")  # sides do not blur into each other
    x, y = (padded[..., k].reshape(-1, grid.shape[2]).astype(np.float32) for k in (0, 1))
    seen = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    strip = cv2.GaussianBlur(grey_of(seen).astype(np.float32), (5, 5), 1.0)
    return strip.reshape(padded.shape[:3])[:, 2:-2]


def _vertex(step: Array, peak: Array) -> Array:
    """The top of the parabola through a maximum and its neighbours, -0.5..0.5 cells."""
    inner = np.clip(peak, 1, step.shape[2] - 2)
    before, here, after = (np.take_along_axis(step, inner[..., None] + k, 2)[..., 0] for k in (-1, 0, 1))
    bend = before - 2 * here + after
    offset = np.where(bend < 0, 0.5 * (before - after) / np.where(bend < 0, bend, 1), 0)
    return np.where(inner == peak, np.clip(offset, -0.5, 0.5), 0)


def _bows(t: Array, offset: Array, strong: Array, lengths: Array, noise: float) -> tuple[Array, Array]:
    """(S, 4) a line, or a cubic where it is clearly better and really bowed; (S, P) what is off it."""
    lines, line_off = _robust(t, offset, strong, 1, noise)
    bows, bow_off = _robust(t, offset, strong, 3, noise)
    middle = np.linspace(0, 1, 21)
    height = np.vander(middle, 4) @ bows.T
    level = np.vander(middle, 2)
    sagitta = np.abs(height - level @ np.linalg.lstsq(level, height, rcond=None)[0]).max(axis=0)
    line_near, bow_near = ((each < 2 * noise) & strong for each in (line_off, bow_off))
    better = bow_near.sum(axis=1) > line_near.sum(axis=1) + 0.05 * strong.sum(axis=1)
    better |= _median(bow_off, strong) < 0.6 * _median(line_off, strong)
    bowed = (better & (sagitta > BOWED * lengths) & (sagitta < 0.08 * lengths))[:, None]
    lines = np.pad(lines, ((0, 0), (2, 0)))
    return np.where(bowed, bows, lines), np.where(bowed, bow_off, line_off)


def _median(values: Array, chosen: Array) -> Array:
    """(S,) the upper median of the chosen of each row."""
    ordered = np.sort(np.where(chosen, values, np.inf), axis=1)
    result: Array = ordered[np.arange(len(values)), chosen.sum(axis=1) // 2]
    return result


def _robust(t: Array, offset: Array, chosen: Array, degree: int, noise: float) -> tuple[Array, Array]:
    """(S, degree + 1) polynomials in t by reweighted least squares (Cauchy); (S, P) how far off all are."""
    table = np.vander(2 * t - 1, degree + 1)
    deviation = np.abs(offset - _median(offset, chosen)[:, None])
    mean = (np.abs(offset) * chosen).sum(axis=1) / chosen.sum(axis=1)
    weights = chosen / (1 + (deviation / (4 * noise + mean)[:, None]) ** 2)
    off = deviation
    found = np.zeros((len(offset), degree + 1))
    for _ in range(8):
        scaled = table * (weights**2)[..., None]
        found = np.linalg.solve(table.T @ scaled, scaled.transpose(0, 2, 1) @ offset[..., None])[..., 0]
        off = np.abs(offset - found @ table.T)
        scale = np.maximum(0.5 * noise, 1.5 * _median(off, chosen))
        weights = chosen / (1 + (off / scale[:, None]) ** 2)
    shift = np.array([np.pad(np.poly1d([2.0, -1.0]) ** k, (degree - k, 0)) for k in range(degree, -1, -1)])
    return found @ shift, off


def _meet(one: Side, two: Side) -> Array:
    """Where the end of one side meets the beginning of the next, by their tangents there."""
    end, towards = one.at(1.0), one.at(1.0) - one.at(0.97)
    begin, away = two.at(0.0), two.at(0.03) - two.at(0.0)
    matrix = np.stack([towards, -away], axis=1)
    if abs(np.linalg.det(matrix)) < 1e-9:
        return begin
    result: Array = end + towards * np.linalg.solve(matrix, begin - end)[0]
    return result
