"""Puts quadrangles together from straight lines and the picture's borders, and keeps the most promising."""

import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.geometry.lines import Edges, profiles

MIN_AREA = 0.03
LEAST_SINE = 0.6  # of a corner
KEPT = 110


def border_lines(shape: tuple[int, int]) -> Array:
    """(4, 3) the picture's own borders as lines that face inwards."""
    height, width = shape
    return np.array([[1, 0, 0.0], [-1, 0, -(width - 1.0)], [0, 1, 0.0], [0, -1, -(height - 1.0)]])


def make_quads(edges: Edges, lines: Array, known: int = 0) -> tuple[Array, Array]:
    """(N, 4, 2) corners in ring order; (N, 4) whether the side that ends in each corner is a real line.

    `known`: so many of the first lines were put together before; each quadrangle has a side of the others.
    """
    if len(lines) < 2 or known == len(lines):
        return np.zeros((0, 4, 2)), np.zeros((0, 4), bool)
    every = np.vstack([lines, border_lines(edges.shape)])
    border = np.arange(len(every)) >= len(lines)
    meeting, fits = _meetings(every, edges.shape)
    fresh = ~border & (np.arange(len(every)) >= known)
    member_sets = []
    for side in (1.0, -1.0):  # paper brighter than the table, then darker
        facing = np.where(border[:, None], every, every * side)
        pairs = facing_pairs(facing, border, edges.shape[::-1])
        member_sets.append(_cross(facing, pairs, fits, fresh))
    members = np.concatenate(member_sets)
    corners = meeting[members, np.roll(members, -1, axis=1)]
    fit = _plausible(corners, members, border, edges.shape)
    corners, members = corners[fit], members[fit]
    worth = _worth(corners, members, border, profiles(edges, every))
    best = np.argsort(-worth, kind="stable")[:KEPT]
    return corners[best], ~border[members[best]]


def strips(edges: Edges, lines: Array, most: int = 4) -> list[Array]:
    """The best supported pairs (2, 3) of lines that can be opposite sides, `most` each way."""
    if len(lines) < 2:
        return []
    support = profiles(edges, lines)[0][:, -1]
    found = []
    for side in (1.0, -1.0):
        facing = lines * side
        pairs = facing_pairs(facing, np.zeros(len(lines), bool), edges.shape[::-1])
        worth = np.minimum(support[pairs[:, 0]], support[pairs[:, 1]])
        found += [(float(w), facing[pair]) for w, pair in zip(worth, pairs, strict=True)]
    ranked = [pair for _, pair in sorted(found, key=lambda each: -each[0])]
    axis = ranked[0][0, :2] if ranked else np.zeros(2)
    along = [pair for pair in ranked if abs(pair[0, :2] @ axis) > 0.7]
    across = [pair for pair in ranked if abs(pair[0, :2] @ axis) <= 0.7]
    return along[:most] + across[:most]


def facing_pairs(lines: Array, border: Array, size: tuple[int, int]) -> Array:
    """(P, 2) indices of lines that can be opposite sides: the paper's side of each faces the other."""
    first, second = np.triu_indices(len(lines), 1)
    dot = (lines[first, :2] * lines[second, :2]).sum(axis=1)
    distance = lines[:, :2] @ (np.array(size) / 2) - lines[:, 2]
    between = distance[first] + distance[second]
    keep = (dot < -0.75) & (between > 0.1 * min(size))
    return np.stack([first[keep], second[keep]], axis=1)


def _meetings(lines: Array, shape: tuple[int, int]) -> tuple[Array, Array]:
    """(K, K, 2) where every two lines meet; (K, K) whether a paper can have its corner there."""
    nx, ny, rho = lines.T
    determinant = nx[:, None] * ny - ny[:, None] * nx
    safe = np.where(np.abs(determinant) < 1e-6, 1e-6, determinant)
    x = (rho[:, None] * ny - ny[:, None] * rho) / safe
    y = (nx[:, None] * rho - rho[:, None] * nx) / safe
    height, width = shape
    margin = 0.02 * max(shape)
    inside = (x > -margin) & (x < width + margin) & (y > -margin) & (y < height + margin)
    return np.stack([x, y], axis=2), inside & (np.abs(determinant) > LEAST_SINE)


def _cross(lines: Array, pairs: Array, fits: Array, fresh: Array) -> Array:
    """(N, 4) line indices, in ring order, of all pairs of crossing pairs whose four corners fit."""
    first, second = pairs.T
    normal = lines[first, :2] - lines[second, :2]
    normal = normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
    crossed = fits[first] & fits[second]  # (P, K): lines that meet both of a pair
    both = crossed[:, first] & crossed[:, second] & (np.abs(normal @ normal.T) < 0.5)
    new = fresh[first] | fresh[second]
    one, two = np.nonzero(np.triu(both & (new[:, None] | new), 1))
    return np.stack([first[one], first[two], second[one], second[two]], axis=1)


def _plausible(corners: Array, members: Array, border: Array, shape: tuple[int, int]) -> Array:
    x, y = corners[..., 0], corners[..., 1]
    sides = np.roll(corners, -1, axis=1) - corners
    lengths = np.linalg.norm(sides, axis=2)
    following = np.roll(sides, -1, axis=1)
    turns = sides[..., 0] * following[..., 1] - sides[..., 1] * following[..., 0]
    convex = np.abs(np.sign(turns).sum(axis=1)) == 4
    area = np.abs((x * np.roll(y, -1, 1) - y * np.roll(x, -1, 1)).sum(axis=1)) / 2
    real_sides = (~border[members]).sum(axis=1)
    result: Array = (
        convex & (area > MIN_AREA * shape[0] * shape[1])
        & (lengths.min(axis=1) > 0.1 * min(shape)) & (real_sides >= 2)
    )  # fmt: skip
    return result


def _worth(corners: Array, members: Array, border: Array, hits: tuple[Array, Array, float]) -> Array:
    """(N,) how much of the outline is edge, less what runs on past the corners; a border side costs."""
    cumulated, along, reach = hits
    top = cumulated.shape[1] - 1
    starts = np.roll(corners, 1, axis=1)  # side k runs from corner k-1 to corner k
    a = (starts * along[members]).sum(axis=2) + reach
    b = (corners * along[members]).sum(axis=2) + reach
    low, high = np.minimum(a, b), np.maximum(a, b)
    length = np.maximum(high - low, 1.0)

    def support(left: Array, right: Array) -> Array:
        first, last = (np.clip(place, 0, top).astype(int) for place in (left, right))
        between: Array = cumulated[members, last] - cumulated[members, first]
        return between

    real = ~border[members]
    covered = np.clip(support(low + 2, high - 2) / np.maximum(length - 4, 1.0), 0, 1)
    past = np.minimum(0.25 * length, 40.0)
    beyond = (support(low - past, low - 5) + support(high + 5, high + past)) / np.maximum(2 * past, 1.0)
    weight = real * length
    whole = np.maximum(weight.sum(axis=1), 1e-6)
    least = np.where(real, covered, 1).min(axis=1)
    outline, run_on = ((each * weight).sum(axis=1) / whole for each in (covered, beyond))
    size = np.sqrt(weight.sum(axis=1) / (2.0 * sum(hits[0].shape[1:])))
    result: Array = outline + 0.5 * least - 0.4 * run_on + 0.3 * size - 0.12 * (~real).sum(axis=1)
    return result
