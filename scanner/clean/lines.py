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
MAX_PIXELS = 16000


@dataclass(frozen=True)
class Edges:
    """Edge pixels of a picture: positions (N, 2) x, y, directions towards bright in degrees, weights."""

    points: Array
    angles: Array
    weights: Array
    shape: tuple[int, int]


def find_edges(channels: Array) -> Edges:
    """`channels`: (H, W, C) uint8; the channel with the strongest gradient speaks for each pixel."""
    smooth = cv2.GaussianBlur(channels, (0, 0), 1.0)
    dx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    dy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    if channels.ndim == 3:
        strongest = np.argmax(dx * dx + dy * dy, axis=2)[..., None]
        dx = np.take_along_axis(dx, strongest, 2)[..., 0]
        dy = np.take_along_axis(dy, strongest, 2)[..., 0]
    strength = cv2.magnitude(dx, dy)
    around = cv2.blur(strength, (31, 31)) + 12.0
    ratio = strength / around
    ridge = _along_gradient_maximum(strength, dx, dy) & (strength > 6.0) & (ratio > 0.8)
    rows, columns = np.nonzero(ridge)
    weights = np.minimum(ratio[rows, columns], 2.5)
    if len(rows) > MAX_PIXELS:
        kept = np.argpartition(-weights, MAX_PIXELS)[:MAX_PIXELS]
        rows, columns, weights = rows[kept], columns[kept], weights[kept]
    angles = np.rad2deg(np.arctan2(dy[rows, columns], dx[rows, columns])) % 360
    points = np.stack([columns, rows], axis=1).astype(np.float32)
    return Edges(points, angles, weights, (strength.shape[0], strength.shape[1]))


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
    spread = np.arange(-3, 4)
    bins = (np.round(edges.angles)[:, None].astype(int) + spread) % ANGLE_BINS
    radians = np.deg2rad(np.arange(ANGLE_BINS))
    normals = np.stack([np.cos(radians), np.sin(radians)], axis=1)
    rho = np.einsum("nd,nsd->ns", edges.points, normals[bins]) / 2 + reach / 2
    columns = reach + 1
    votes = np.bincount(
        (bins * columns + rho.astype(int)).ravel(),
        weights=np.repeat(edges.weights, len(spread)),
        minlength=ANGLE_BINS * columns,
    )
    table: Array = votes.reshape(ANGLE_BINS, columns).astype(np.float32)
    table = np.vstack([table[-8:], table, table[:8]])
    table = cv2.GaussianBlur(table, (3, 3), 0)
    peaks = cv2.dilate(table, np.ones((9, 7), np.uint8))[8:-8]
    table = table[8:-8]
    rows, places = np.nonzero((table == peaks) & (table > 0.06 * min(height, width)))
    order = np.argsort(-table[rows, places])[:most]
    found = np.stack(
        [normals[rows[order], 0], normals[rows[order], 1], (places[order] + 0.5) * 2 - reach], axis=1
    )
    return np.array([fit_line(edges, line) for line in found]).reshape(-1, 3)


def fit_line(edges: Edges, line: Array) -> Array:
    """Least squares through the edge pixels that lie on a line and face its way, twice."""
    for near in (3.0, 1.5):
        mine = supporters(edges, line, near)
        if mine.sum() < 12:
            break
        points, weights = edges.points[mine], edges.weights[mine]
        middle = np.average(points, axis=0, weights=weights)
        apart = (points - middle) * np.sqrt(weights)[:, None]
        _, vectors = np.linalg.eigh(apart.T @ apart)
        normal = vectors[:, 0]
        if normal @ line[:2] < 0:
            normal = -normal
        line = np.array([normal[0], normal[1], float(normal @ middle)])
    return line


def supporters(edges: Edges, line: Array, near: float) -> Array:
    """Mask of the edge pixels within `near` px of a line whose gradient faces its normal."""
    direction = np.rad2deg(np.arctan2(line[1], line[0]))
    turn = np.abs((edges.angles - direction + 180) % 360 - 180)
    result: Array = (np.abs(edges.points @ line[:2] - line[2]) < near) & (turn < 25)
    return result
