"""Straight edges of a small picture: a Hough transform voted by the gradient's own direction.

Each edge pixel votes only near its own direction, with its sign, so that a line knows on which side it
is bright; weak but long edges count because a vote is the gradient against its own neighbourhood
(O'Gorman and Clowes 1976; Ballard 1981).
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from scanner.clean.arrays import Array

ANGLE_BINS = 360  # one degree each, signed
SECTOR_BINS = 20  # so that stripes and text of one direction cannot crowd the others out
MAX_PIXELS = 14000
MOST_ALONG = 0.8  # cosine: a short side and a long one make a corner
LEAST_VOTES = 0.1  # in parts of the picture's short side


@dataclass(frozen=True)
class Edges:
    """Edge pixels: positions (N, 2) x, y, unit vectors towards bright (N, 2), weights (N,), (H, W).

    `there`: (H, W, 2) float32, the same unit vectors where they are, also of edges too weak to be listed.
    """

    points: Array
    facing: Array
    weights: Array
    shape: tuple[int, int]
    there: Array

    @cached_property
    def wide(self) -> Array:
        """`there`, each edge a pixel wider; those that face each other cancel out where they meet."""
        square = np.ones((2, 2), np.uint8)
        result: Array = cv2.dilate(self.there, square) + cv2.erode(self.there, square)
        return result


def find_edges(channels: Array) -> Edges:
    """`channels`: (H, W, C) uint8; the channel with the strongest gradient speaks for each pixel."""
    dx, dy, strength = _strongest(cv2.GaussianBlur(channels, (0, 0), 1.0))
    around = cv2.blur(strength, (31, 31)) + 6.0
    ratio = strength / around
    ridge = _along_gradient_maximum(strength, dx, dy) & (strength > 4.0) & (ratio > 0.8)
    rows, columns = np.nonzero(ridge)
    # long weak edges count by their ratio, a page among stripes or wood grain by its sheer strength
    weights = np.minimum(ratio[rows, columns], 2.5) + np.minimum(strength[rows, columns] / 40, 2.5)
    facing = np.stack([dx[rows, columns], dy[rows, columns]], axis=1) / strength[rows, columns][:, None]
    there = np.zeros((*strength.shape, 2), np.float32)
    there[rows, columns] = facing
    if len(rows) > MAX_PIXELS:
        kept = np.argpartition(-weights, MAX_PIXELS)[:MAX_PIXELS]
        rows, columns, weights, facing = rows[kept], columns[kept], weights[kept], facing[kept]
    points = np.stack([columns, rows], axis=1).astype(np.float32)
    return Edges(points, facing, weights, (strength.shape[0], strength.shape[1]), there)


def _strongest(smooth: Array) -> tuple[Array, Array, Array]:
    """(H, W) float32 steps across and down and their length, of the channel where that is greatest."""
    first, *rest = cv2.split(smooth)
    dx, dy = cv2.spatialGradient(first)
    most = np.abs(dx) + np.abs(dy)
    for channel in rest:
        across, down = cv2.spatialGradient(channel)
        size = np.abs(across) + np.abs(down)
        better = cv2.compare(size, most, cv2.CMP_GT)
        for one, other in ((across, dx), (down, dy), (size, most)):
            cv2.copyTo(one, better, other)
    right, below = dx.astype(np.float32), dy.astype(np.float32)
    # not OpenCV's magnitude: the last digit of some differs from one run of the program to the next
    return right, below, np.sqrt(right * right + below * below)


def join(one: Edges, other: Edges) -> Edges:
    """The edge pixels of two copies of one picture; where both have one, that of the other."""
    taken = (other.there[..., 0] != 0) | (other.there[..., 1] != 0)
    columns, rows = one.points.astype(int).T
    new = ~taken[rows, columns]
    return Edges(
        np.concatenate([one.points[new], other.points]),
        np.concatenate([one.facing[new], other.facing]),
        np.concatenate([one.weights[new], other.weights]),
        one.shape,
        np.where(taken[..., None], other.there, one.there),
    )


def _distances(edges: Edges, lines: Array) -> Array:
    """(K, N) float32 px of each edge pixel from each line.

    Not by a product of matrices: its threads would fight those of the others that work on the page.
    """
    nx, ny, rho = lines.T.astype(np.float32)[..., None]
    x, y = edges.points.T
    away: Array = nx * x
    away += ny * y
    away -= rho
    return np.abs(away, out=away)


def _along_gradient_maximum(strength: Array, dx: Array, dy: Array) -> Array:
    """Thin edges: a pixel that no neighbour across the edge exceeds (Canny 1986)."""
    beside, upright = (np.zeros(strength.shape, np.uint8) for _ in range(2))
    for found, before, here, after in (
        (beside[:, 1:-1], strength[:, :-2], strength[:, 1:-1], strength[:, 2:]),
        (upright[1:-1], strength[:-2], strength[1:-1], strength[2:]),
    ):
        first, last = cv2.compare(here, before, cv2.CMP_GE), cv2.compare(here, after, cv2.CMP_GT)
        cv2.bitwise_and(first, last, found)
    cv2.copyTo(beside, cv2.compare(np.abs(dx), np.abs(dy), cv2.CMP_GE), upright)
    return upright > 0


def find_lines(edges: Edges, most: int) -> Array:
    """(K, 3) lines nx, ny, rho with n pointing to the bright side, n.p = rho; strongest first."""
    height, width = edges.shape
    reach = int(np.hypot(height, width)) + 2
    votes, normals = _vote(edges, reach)
    padded = cv2.GaussianBlur(np.vstack([votes[-8:], votes, votes[:8]]), (3, 3), 0)
    peaks = cv2.dilate(padded, np.ones((9, 7), np.uint8))[8:-8]
    table = padded[8:-8]
    many = np.flatnonzero(table > LEAST_VOTES * min(height, width))
    many = many[table.ravel()[many] == peaks.ravel()[many]]
    rows = many // table.shape[1]
    places = many - rows * table.shape[1]
    order = np.argsort(-table[rows, places])
    order = order[_few_a_sector(rows[order], most)]
    found = np.column_stack([normals[rows[order]], (places[order] + 0.5) * 2 - reach])
    return _fit_lines(edges, found)


def _vote(edges: Edges, reach: int) -> tuple[Array, Array]:
    """The Hough table (ANGLE_BINS, reach + 1), cells of 1 degree and 2 px, and the normals of its rows."""
    radians = np.deg2rad(np.arange(ANGLE_BINS))
    normals = np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)
    angles = np.rad2deg(np.arctan2(edges.facing[:, 1], edges.facing[:, 0]))
    bins = (np.round(angles)[:, None].astype(np.int32) + np.arange(-3, 4)) % ANGLE_BINS
    turned = normals[bins]
    rho = (edges.points[:, :1] * turned[..., 0] + edges.points[:, 1:] * turned[..., 1] + reach) / 2
    columns = reach + 1
    votes: Array = np.bincount(
        (bins * columns + rho.astype(np.int32)).ravel(),
        weights=np.repeat(edges.weights, bins.shape[1]),
        minlength=ANGLE_BINS * columns,
    )
    return votes.reshape(ANGLE_BINS, columns).astype(np.float32), normals


def _few_a_sector(rows: Array, most: int) -> Array:
    """Indices of the first few of each sector of directions, at most `most` in all, order kept."""
    share = most // 4
    sectors = rows // SECTOR_BINS
    taken: dict[int, int] = {}
    kept = []
    for index, sector in enumerate(sectors.tolist()):
        taken[sector] = taken.get(sector, 0) + 1
        if taken[sector] <= share:
            kept.append(index)
        if len(kept) == most:
            break
    return np.array(kept, int)


def _near(edges: Edges, lines: Array, reach: float) -> tuple[Array, Array]:
    """The pairs of a line and an edge pixel less than so many px from it, line by line: their indices."""
    pairs = np.flatnonzero(_distances(edges, lines) < reach)
    line = pairs // len(edges.points)  # a hundred times quicker than numpy's divmod
    return line, pairs - line * len(edges.points)


def _fit_lines(edges: Edges, lines: Array) -> Array:
    """(K, 3) each by least squares through the edge pixels that lie on it and face its way, twice."""
    line, which = _near(edges, lines, 6)
    (x, y), (fx, fy), weights = edges.points[which].T, edges.facing[which].T, edges.weights[which]
    found, sound = lines.copy(), np.ones(len(lines), bool)
    for reach in (3.0, 1.5):
        nx, ny, rho = found[line].T
        mine = (np.abs(x * nx + y * ny - rho) < reach) & (fx * nx + fy * ny > 0.9)
        k, weight, there, below = line[mine], weights[mine], x[mine], y[mine]
        total = np.maximum(np.bincount(k, weight, len(lines)), 1e-9)

        def mean(values: Array, k: Array = k, weight: Array = weight, total: Array = total) -> Array:
            result: Array = np.bincount(k, weight * values, len(lines)) / total
            return result

        middle = np.stack([mean(there), mean(below)], axis=1)
        u, v = there - middle[k, 0], below - middle[k, 1]
        turn = 0.5 * np.arctan2(2 * mean(u * v), mean(u * u) - mean(v * v))
        normal = np.stack([-np.sin(turn), np.cos(turn)], axis=1)  # across the way of the greatest spread
        normal *= np.where((normal * lines[:, :2]).sum(axis=1) > 0, 1, -1)[:, None]
        fit = np.column_stack([normal, (normal * middle).sum(axis=1)])
        sound &= np.bincount(k, minlength=len(lines)) >= 12
        found = np.where(sound[:, None], fit, found)
    return found


def between(edges: Edges, pair: Array) -> Edges:
    """Edge pixels between two lines (2, 3) that face each other, of what can join the one to the other."""
    axis = pair[0, :2] - pair[1, :2]
    axis = axis / max(float(np.linalg.norm(axis)), 1e-6)
    inner = ((edges.points @ pair[:, :2].T - pair[:, 2]) > 1.0).all(axis=1)
    inner &= np.abs(edges.facing @ axis) < MOST_ALONG
    return Edges(edges.points[inner], edges.facing[inner], edges.weights[inner], edges.shape, edges.there)


def without(edges: Edges, paper: Array) -> Edges:
    """The edge pixels that are neither in nor on the rim of a convex paper (4, 2)."""
    mask = np.zeros(edges.shape, np.uint8)
    cv2.fillConvexPoly(mask, np.round(paper).astype(np.int32), 1)
    cv2.polylines(mask, [np.round(paper).astype(np.int32)], True, 1, 7)
    columns, rows = edges.points.astype(int).T
    free = mask[rows, columns] == 0
    there = np.where(mask[..., None] == 0, edges.there, 0)
    return Edges(edges.points[free], edges.facing[free], edges.weights[free], edges.shape, there)


def weighed(edges: Edges, by: Array, least: float) -> Edges:
    """The edges that count for more than `least` by a picture (H, W) 0..1, each so much."""
    columns, rows = edges.points.astype(int).T
    share = by[rows, columns]
    kept = share > least
    there = np.where(by[..., None] > least, edges.there, 0)
    weights = edges.weights[kept] * share[kept]
    return Edges(edges.points[kept], edges.facing[kept], weights, edges.shape, there)


def distinct(lines: Array) -> Array:
    """Lines without those that another line already says."""
    same = (lines[:, :2] @ lines[:, :2].T > 0.9995) & (np.abs(lines[:, 2:] - lines[:, 2]) < 2)
    kept = np.ones(len(lines), bool)
    for k in range(1, len(lines)):
        kept[k] = not (same[k, :k] & kept[:k]).any()
    return lines[kept]


def profiles(edges: Edges, lines: Array) -> tuple[Array, Array, float]:
    """Cumulated support along each line: (K, T+1), its direction, and the along-coordinate of cell 0.

    An edge supports a line whichever of its sides is bright: among other papers that changes along a side.
    """
    reach = float(np.hypot(*edges.shape)) + 4
    cells = int(2 * reach)
    normals = lines[:, :2].astype(np.float32)
    along = np.stack([-normals[:, 1], normals[:, 0]], axis=1)
    line, which = _near(edges, lines, 2.2)
    (fx, fy), (nx, ny) = edges.facing[which].T, normals[line].T
    alike = np.abs(fx * nx + fy * ny) > 0.9
    line = line[alike]
    (x, y), (ax, ay) = edges.points[which[alike]].T, along[line].T
    place = (x * ax + y * ay + reach).astype(int)
    hit: Array = np.zeros((len(lines), cells), np.float32)
    hit[line, np.clip(place, 0, cells - 1)] = 1
    hit = cv2.dilate(hit, np.ones((1, 5), np.uint8))
    return np.hstack([np.zeros((len(lines), 1)), np.cumsum(hit, axis=1)]), along, reach
