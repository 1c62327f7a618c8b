"""Puts quadrangles together from lines, and measures of each how much it looks like a sheet of paper."""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.lines import Edges

MIN_AREA = 0.03
JUDGED = 60
BESIDE_PX = np.array([3.0, 6.0, 9.0])  # where the two sides of an edge are compared
PLACES = 16


@dataclass(frozen=True)
class Quads:
    """(N, 4, 2) corners in small pixels, clockwise, and (N, F) measures named in MEASURES."""

    corners: Array
    measures: Array


MEASURES = (
    "covered", "covered_least", "beyond", "beyond_most", "step", "step_least", "rough",
    "borders1", "borders2", "size", "outward", "ink_out", "ink_beside", "slant", "ratio",
)  # fmt: skip
NONE = Quads(np.zeros((0, 4, 2)), np.zeros((0, len(MEASURES))))


def make_quads(edges: Edges, lines: Array, small: Array, bare: Array) -> Quads:
    """The most promising quadrangles of the lines and the picture's borders.

    `small`: (H, W, 3); `bare`: the same without dark strokes.
    """
    if len(lines) < 2:
        return NONE
    height, width = edges.shape
    borders = np.array([[1, 0, 0.0], [-1, 0, -(width - 1.0)], [0, 1, 0.0], [0, -1, -(height - 1.0)]])
    every = np.vstack([lines, borders])
    border = np.arange(len(every)) >= len(lines)
    found = []
    for side in (1.0, -1.0):  # paper brighter than the table, then darker
        facing = np.where(border[:, None], every, every * side)
        pairs = _facing_pairs(facing, border, (width, height))
        if len(pairs) >= 2:
            corners, members = _cross(facing, pairs)
            fit = _plausible(corners, members, border, edges.shape)
            found.append((corners[fit], members[fit], np.full(int(fit.sum()), side < 0)))
    if not sum(len(corners) for corners, _, _ in found):
        return NONE
    corners, members, outward = (np.concatenate(parts) for parts in zip(*found, strict=True))
    contour = _contour(corners, members, border, _profiles(edges, every))
    rough = contour[0] - 0.4 * contour[2] + 0.5 * contour[1]
    best = np.argsort(-rough)[:JUDGED]
    contour = contour[:, best]
    corners, members, outward = corners[best], members[best], outward[best]
    real = ~border[members]
    measures = [*contour, *_steps(bare, corners, real), *_shape(corners, real, edges.shape)]
    measures += [outward.astype(float), *_ink(small, bare, corners)]
    named = dict(zip(_ORDER, measures, strict=True))
    return Quads(corners, np.stack([named[name] for name in MEASURES], axis=1))


def strips(edges: Edges, lines: Array, most: int = 4) -> list[Array]:
    """The best supported pairs (2, 3) of lines that can be opposite sides, `most` each way."""
    if len(lines) < 2:
        return []
    cumulated, _, _ = _profiles(edges, lines)
    support = cumulated[:, -1]
    height, width = edges.shape
    found = []
    for side in (1.0, -1.0):
        facing = lines * side
        pairs = _facing_pairs(facing, np.zeros(len(lines), bool), (width, height))
        worth = np.minimum(support[pairs[:, 0]], support[pairs[:, 1]])
        found += [(float(w), facing[pair]) for w, pair in zip(worth, pairs, strict=True)]
    ranked = [pair for _, pair in sorted(found, key=lambda each: -each[0])]
    axis = ranked[0][0, :2] if ranked else np.zeros(2)
    along = [pair for pair in ranked if abs(pair[0, :2] @ axis) > 0.7]
    across = [pair for pair in ranked if abs(pair[0, :2] @ axis) <= 0.7]
    return along[:most] + across[:most]


_ORDER = (
    "covered", "covered_least", "beyond", "beyond_most", "step", "step_least", "rough",
    "borders1", "borders2", "size", "slant", "ratio", "outward", "ink_out", "ink_beside",
)  # fmt: skip


def _facing_pairs(lines: Array, border: Array, size: tuple[int, int]) -> Array:
    """(P, 2) indices of lines that can be opposite sides: the paper's side of each faces the other."""
    first, second = np.triu_indices(len(lines), 1)
    dot = (lines[first, :2] * lines[second, :2]).sum(axis=1)
    distance = lines[:, :2] @ (np.array(size) / 2) - lines[:, 2]
    between = distance[first] + distance[second]
    keep = (dot < -0.75) & (between > 0.1 * min(size))
    return np.stack([first[keep], second[keep]], axis=1)


def _cross(lines: Array, pairs: Array) -> tuple[Array, Array]:
    """(N, 4, 2) corners and (N, 4) line indices, in ring order, of all pairs of crossing pairs."""
    normal = lines[pairs[:, 0], :2] - lines[pairs[:, 1], :2]
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    one, two = np.triu_indices(len(pairs), 1)
    crossing = np.abs((normal[one] * normal[two]).sum(axis=1)) < 0.5
    one, two = one[crossing], two[crossing]
    members = np.stack([pairs[one, 0], pairs[two, 0], pairs[one, 1], pairs[two, 1]], axis=1)
    ring = lines[members]
    following = np.roll(ring, -1, axis=1)
    determinant = ring[..., 0] * following[..., 1] - ring[..., 1] * following[..., 0]
    determinant = np.where(np.abs(determinant) < 1e-6, 1e-6, determinant)
    x = (ring[..., 2] * following[..., 1] - ring[..., 1] * following[..., 2]) / determinant
    y = (ring[..., 0] * following[..., 2] - ring[..., 2] * following[..., 0]) / determinant
    return np.stack([x, y], axis=2), members


def _plausible(corners: Array, members: Array, border: Array, shape: tuple[int, int]) -> Array:
    height, width = shape
    margin = 0.02 * max(shape)
    x, y = corners[..., 0], corners[..., 1]
    inside = ((x > -margin) & (x < width + margin) & (y > -margin) & (y < height + margin)).all(axis=1)
    sides = np.roll(corners, -1, axis=1) - corners
    lengths = np.linalg.norm(sides, axis=2)
    following = np.roll(sides, -1, axis=1)
    turns = sides[..., 0] * following[..., 1] - sides[..., 1] * following[..., 0]
    convex = np.abs(np.sign(turns).sum(axis=1)) == 4
    sine = np.abs(turns) / np.maximum(lengths * np.roll(lengths, -1, axis=1), 1e-6)
    area = np.abs((x * np.roll(y, -1, 1) - y * np.roll(x, -1, 1)).sum(axis=1)) / 2
    real_sides = (~border[members]).sum(axis=1)
    result: Array = (
        inside & convex & (sine.min(axis=1) > 0.6) & (area > MIN_AREA * width * height)
        & (lengths.min(axis=1) > 0.1 * min(shape)) & (real_sides >= 2)
    )  # fmt: skip
    return result


def _profiles(edges: Edges, lines: Array) -> tuple[Array, Array, float]:
    """Cumulated support along each line: (K, T+1), its direction, and the along-coordinate of cell 0."""
    reach = float(np.hypot(*edges.shape)) + 4
    cells = int(2 * reach)
    normals = lines[:, :2].astype(np.float32)
    along = np.stack([-normals[:, 1], normals[:, 0]], axis=1)
    near = np.abs(edges.points @ normals.T - lines[:, 2].astype(np.float32)) < 2.2
    which, line = np.nonzero(near)
    alike = (edges.facing[which] * normals[line]).sum(axis=1) > 0.9
    which, line = which[alike], line[alike]
    place = ((edges.points[which] * along[line]).sum(axis=1) + reach).astype(int)
    hit: Array = np.zeros((len(lines), cells), np.float32)
    hit[line, np.clip(place, 0, cells - 1)] = 1
    hit = cv2.dilate(hit, np.ones((1, 5), np.uint8))
    return np.hstack([np.zeros((len(lines), 1)), np.cumsum(hit, axis=1)]), along, reach


def _contour(corners: Array, members: Array, border: Array, profiles: tuple[Array, Array, float]) -> Array:
    """(4, N): share of the outline that is edge, the worst side's, and what runs on past corners."""
    cumulated, along, reach = profiles
    top = cumulated.shape[1] - 1
    starts, ends = np.roll(corners, 1, axis=1), corners  # side k runs from corner k-1 to corner k
    a = (starts * along[members]).sum(axis=2) + reach
    b = (ends * along[members]).sum(axis=2) + reach
    low, high = np.minimum(a, b), np.maximum(a, b)
    length = np.maximum(high - low, 1.0)

    def support(left: Array, right: Array) -> Array:
        first = np.clip(left, 0, top).astype(int)
        last = np.clip(right, 0, top).astype(int)
        between: Array = cumulated[members, last] - cumulated[members, first]
        return between

    real = ~border[members]
    covered = np.clip(support(low + 2, high - 2) / np.maximum(length - 4, 1.0), 0, 1)
    past = np.minimum(0.25 * length, 40.0)
    beyond = (support(low - past, low - 5) + support(high + 5, high + past)) / np.maximum(2 * past, 1.0)
    beyond = np.where(real, beyond, 0)
    weight = real * length / np.maximum((real * length).sum(axis=1, keepdims=True), 1e-6)
    least = np.where(real, covered, 1).min(axis=1)
    whole, run_on = (covered * weight).sum(axis=1), (beyond * weight).sum(axis=1)
    return np.stack([whole, least, run_on, beyond.max(axis=1)])


def _steps(bare: Array, corners: Array, real: Array) -> tuple[Array, Array, Array]:
    """How differently bare paper and table look across the sides: mean, least, and roughness."""
    starts, ends = np.roll(corners, 1, axis=1), corners
    sides = ends - starts
    lengths = np.maximum(np.linalg.norm(sides, axis=2, keepdims=True), 1e-6)
    inward = np.stack([-sides[..., 1], sides[..., 0]], axis=2) / lengths
    inward *= np.sign((inward * (corners.mean(axis=1)[:, None] - starts)).sum(axis=2, keepdims=True))
    along = np.linspace(0.06, 0.94, PLACES)[:, None]
    line = starts[:, :, None] + sides[:, :, None] * along  # (N, 4, P, 2)
    apart = np.concatenate([BESIDE_PX, -BESIDE_PX])
    grid = line[:, :, :, None] + apart[:, None] * inward[:, :, None, None]  # (N, 4, P, 6, 2)
    count = len(corners)
    flat = grid.reshape(count * 4, -1, 2).astype(np.float32)
    half = len(BESIDE_PX)
    values = cv2.remap(bare, flat[..., 0], flat[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    seen = values.reshape(count, 4, PLACES, 2 * half, 3).astype(np.float32)
    change = seen[..., :half, :].mean(axis=3) - seen[..., half:, :].mean(axis=3)
    middle = np.median(change, axis=2)
    spread = np.abs(change - middle[:, :, None]).mean(axis=2)
    strongest = np.argmax(np.abs(middle), axis=2)[..., None]
    step = np.abs(np.take_along_axis(middle, strongest, 2)[..., 0])
    rough = np.take_along_axis(spread, strongest, 2)[..., 0] / (step + 2)
    loud = np.log1p(step) / 4
    sides_real = np.maximum(real.sum(axis=1), 1)
    return (
        (loud * real).sum(axis=1) / sides_real,
        np.where(real, loud, 2).min(axis=1),
        np.minimum((rough * real).sum(axis=1) / sides_real, 2),
    )


def _shape(corners: Array, real: Array, shape: tuple[int, int]) -> tuple[Array, Array, Array, Array, Array]:
    """One border side, two border sides, size, squareness of the corners, nearness to a paper's ratio."""
    sides = np.roll(corners, -1, axis=1) - corners
    lengths = np.linalg.norm(sides, axis=2)
    following = np.roll(sides, -1, axis=1)
    turns = np.abs(sides[..., 0] * following[..., 1] - sides[..., 1] * following[..., 0])
    sine = turns / np.maximum(lengths * np.roll(lengths, -1, axis=1), 1e-6)
    area = turns.mean(axis=1)  # of the four triangles: twice the quadrangle's half
    ratio = (lengths[:, 0] + lengths[:, 2]) / np.maximum(lengths[:, 1] + lengths[:, 3], 1e-6)
    ratio = np.abs(np.log(np.maximum(ratio, 1 / np.maximum(ratio, 1e-6))) - np.log(1.45))
    borders = (~real).sum(axis=1)
    size = np.sqrt(area / (shape[0] * shape[1]))
    one, two = (borders == 1).astype(float), (borders >= 2).astype(float)
    return one, two, size, sine.min(axis=1), np.minimum(ratio, 1)


def _ink(small: Array, bare: Array, corners: Array) -> tuple[Array, Array]:
    """Share of the picture's dark strokes that lies outside, and how much lies close outside."""
    strokes = cv2.subtract(bare, small).max(axis=2)
    strokes = cv2.threshold(strokes, 12, 1, cv2.THRESH_BINARY)[1].astype(np.float32)
    coarse = cv2.resize(strokes, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    total = float(coarse.sum()) + 1e-3
    outside, beside = np.zeros(len(corners)), np.zeros(len(corners))
    for k, quad in enumerate((corners + 0.5) / 4 - 0.5):
        centre = quad.mean(axis=0)
        inner, outer = (
            cv2.fillConvexPoly(
                np.zeros(coarse.shape, np.uint8),
                np.round(centre + (quad - centre) * grow).astype(np.int32),
                1,
            )
            for grow in (1.0, 1.12)
        )
        inside = float(coarse[inner > 0].sum())
        ring = float(coarse[outer > 0].sum()) - inside
        outside[k] = 1 - inside / total
        room = max(float(outer.sum()) - float(inner.sum()), 1.0)
        beside[k] = min(ring / room, 1.0)
    return outside, beside
