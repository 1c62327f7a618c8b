"""Straight edges of a small picture: a Hough transform voted by the gradient's own direction.

Each edge pixel votes only near its own direction, with its sign, so that a line knows on which side it
is bright; weak but long edges count because a vote is the gradient against its own neighbourhood
(O'Gorman and Clowes 1976; Ballard 1981).
"""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.clean.arrays import Array

ANGLE_BINS = 360  # one degree each, signed
SECTOR_BINS = 20  # so that stripes and text of one direction cannot crowd the others out
MAX_PIXELS = 14000
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


def find_edges(channels: Array) -> Edges:
    """`channels`: (H, W, C) uint8; the channel with the strongest gradient speaks for each pixel."""
    smooth = cv2.GaussianBlur(channels, (0, 0), 1.0)
    dx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    dy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    square = dx * dx + dy * dy
    strongest = np.argmax(square, axis=2)[..., None]
    dx = np.take_along_axis(dx, strongest, 2)[..., 0]
    dy = np.take_along_axis(dy, strongest, 2)[..., 0]
    strength = np.sqrt(np.take_along_axis(square, strongest, 2)[..., 0])
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


def join(one: Edges, other: Edges) -> Edges:
    """The edge pixels of two copies of one picture."""
    return Edges(
        np.concatenate([one.points, other.points]),
        np.concatenate([one.facing, other.facing]),
        np.concatenate([one.weights, other.weights]),
        one.shape,
        np.where(other.there.any(axis=2, keepdims=True), other.there, one.there),
    )


def _along_gradient_maximum(strength: Array, dx: Array, dy: Array) -> Array:
    """Thin edges: a pixel that no neighbour across the edge exceeds (Canny 1986)."""
    across = np.abs(dx) >= np.abs(dy)
    sideways = np.zeros(strength.shape, bool)
    sideways[:, 1:-1] = (strength[:, 1:-1] >= strength[:, :-2]) & (strength[:, 1:-1] > strength[:, 2:])
    upright = np.zeros(strength.shape, bool)
    upright[1:-1] = (strength[1:-1] >= strength[:-2]) & (strength[1:-1] > strength[2:])
    return np.where(across, sideways, upright)


def find_lines(edges: Edges, most: int) -> Array:
    """(K, 3) lines nx, ny, rho with n pointing to the bright side, n.p = rho; strongest first."""
    height, width = edges.shape
    reach = int(np.hypot(height, width)) + 2
    votes, normals = _vote(edges, reach)
    padded = cv2.GaussianBlur(np.vstack([votes[-8:], votes, votes[:8]]), (3, 3), 0)
    peaks = cv2.dilate(padded, np.ones((9, 7), np.uint8))[8:-8]
    table = padded[8:-8]
    rows, places = np.nonzero((table == peaks) & (table > LEAST_VOTES * min(height, width)))
    order = np.argsort(-table[rows, places])
    order = order[_few_a_sector(rows[order], most)]
    found = np.column_stack([normals[rows[order]], (places[order] + 0.5) * 2 - reach])
    return np.array([fit_line(edges, line) for line in found]).reshape(-1, 3)


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


def fit_line(edges: Edges, line: Array) -> Array:
    """Least squares through the edge pixels that lie on a line and face its way, twice."""
    near = np.flatnonzero(np.abs(edges.points @ line[:2].astype(np.float32) - line[2]) < 6)
    points, facing, weights = edges.points[near], edges.facing[near], edges.weights[near]
    for reach in (3.0, 1.5):
        mine = (np.abs(points @ line[:2] - line[2]) < reach) & (facing @ line[:2] > 0.9)
        if mine.sum() < 12:
            break
        chosen, weight = points[mine], weights[mine]
        middle = (chosen * weight[:, None]).sum(axis=0) / weight.sum()
        apart = (chosen - middle) * np.sqrt(weight)[:, None]
        _, vectors = np.linalg.eigh(apart.T @ apart)
        normal = vectors[:, 0] if vectors[:, 0] @ line[:2] > 0 else -vectors[:, 0]
        line = np.array([normal[0], normal[1], float(normal @ middle)])
    return line


def between(edges: Edges, pair: Array) -> Edges:
    """The edge pixels on the inner side of two lines (2, 3) that face each other."""
    inside = ((edges.points @ pair[:, :2].T - pair[:, 2]) > 1.0).all(axis=1)
    return Edges(edges.points[inside], edges.facing[inside], edges.weights[inside], edges.shape, edges.there)


def without(edges: Edges, paper: Array) -> Edges:
    """The edge pixels that are neither in nor on the rim of a convex paper (4, 2)."""
    mask = np.zeros(edges.shape, np.uint8)
    cv2.fillConvexPoly(mask, np.round(paper).astype(np.int32), 1)
    cv2.polylines(mask, [np.round(paper).astype(np.int32)], True, 1, 7)
    columns, rows = edges.points.astype(int).T
    free = mask[rows, columns] == 0
    there = np.where(mask[..., None] == 0, edges.there, 0)
    return Edges(edges.points[free], edges.facing[free], edges.weights[free], edges.shape, there)


def profiles(edges: Edges, lines: Array) -> tuple[Array, Array, float]:
    """Cumulated support along each line: (K, T+1), its direction, and the along-coordinate of cell 0.

    An edge supports a line whichever of its sides is bright: among other papers that changes along a side.
    """
    reach = float(np.hypot(*edges.shape)) + 4
    cells = int(2 * reach)
    normals = lines[:, :2].astype(np.float32)
    along = np.stack([-normals[:, 1], normals[:, 0]], axis=1)
    near = np.abs(edges.points @ normals.T - lines[:, 2].astype(np.float32)) < 2.2
    which, line = np.nonzero(near)
    alike = np.abs((edges.facing[which] * normals[line]).sum(axis=1)) > 0.9
    which, line = which[alike], line[alike]
    place = ((edges.points[which] * along[line]).sum(axis=1) + reach).astype(int)
    hit: Array = np.zeros((len(lines), cells), np.float32)
    hit[line, np.clip(place, 0, cells - 1)] = 1
    hit = cv2.dilate(hit, np.ones((1, 5), np.uint8))
    return np.hstack([np.zeros((len(lines), 1)), np.cumsum(hit, axis=1)]), along, reach
