"""Puts quadrangles together from lines and judges them; the best first."""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.lines import Edges

MIN_AREA = 0.04
BORDER_SUPPORT = 0.35  # a side on the picture's own border is neither proven nor refuted
JUDGED = 40


@dataclass(frozen=True)
class Quads:
    """(N, 4, 2) corners in small pixels, clockwise, and scores (N,), falling."""

    corners: Array
    scores: Array


NONE = Quads(np.zeros((0, 4, 2)), np.zeros(0))


def make_quads(edges: Edges, lines: Array, small: Array) -> Quads:
    """All sensible quadrangles of the lines and the picture's borders."""
    if len(lines) < 2:
        return NONE
    height, width = edges.shape
    borders = np.array([[1, 0, 0.0], [-1, 0, -(width - 1.0)], [0, 1, 0.0], [0, -1, -(height - 1.0)]])
    every = np.vstack([lines, borders])
    border = np.arange(len(every)) >= len(lines)
    profiles = _profiles(edges, every)
    pairs = _facing_pairs(every, border, (width, height))
    if len(pairs) < 2:
        return NONE
    corners, members = _cross(every, pairs)
    fit = _plausible(corners, members, border, edges.shape)
    corners, members = corners[fit], members[fit]
    if not len(corners):
        return NONE
    contour = _contour_scores(corners, members, border, profiles, every)
    best = np.argsort(-contour)[:JUDGED]
    corners, contour = corners[best], contour[best]
    contrast = np.array([_contrast(small, quad) for quad in corners])
    scores = contour * (0.4 + 0.6 * contrast)
    order = np.argsort(-scores)
    return Quads(corners[order], scores[order])


def _facing_pairs(lines: Array, border: Array, size: tuple[int, int]) -> Array:
    """(P, 2) indices of lines that can be opposite sides: bright sides face each other, or backs do."""
    first, second = np.triu_indices(len(lines), 1)
    dot = (lines[first, :2] * lines[second, :2]).sum(axis=1)
    centre = np.array(size) / 2
    distance = lines[:, :2] @ centre - lines[:, 2]
    gap = np.abs(distance[first] + np.sign(-dot) * distance[second])
    inward = distance[first] + distance[second]  # both positive: the middle lies on both bright sides
    keep = (dot < -0.75) & (inward > 0) & (gap > 0.12 * min(size)) & ~(border[first] & border[second])
    keep |= (dot < -0.75) & border[first] & border[second]
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
    convex = (np.abs(np.sign(turns).sum(axis=1)) == 4)
    sine = np.abs(turns) / np.maximum(lengths * np.roll(lengths, -1, axis=1), 1e-6)
    area = np.abs((x * np.roll(y, -1, 1) - y * np.roll(x, -1, 1)).sum(axis=1)) / 2
    real_sides = (~border[members]).sum(axis=1)
    result: Array = (
        inside & convex & (sine.min(axis=1) > 0.6) & (area > MIN_AREA * width * height)
        & (lengths.min(axis=1) > 0.1 * min(shape)) & (real_sides >= 2)
    )
    return result


def _profiles(edges: Edges, lines: Array) -> tuple[Array, Array, float]:
    """Cumulated support along each line: (K, T+1), and the along-coordinate of its first cell."""
    reach = float(np.hypot(*edges.shape)) + 4
    cells = int(2 * reach)
    normals = lines[:, :2]
    along = np.stack([-normals[:, 1], normals[:, 0]], axis=1)
    facing = np.stack([np.cos(np.deg2rad(edges.angles)), np.sin(np.deg2rad(edges.angles))], axis=1)
    near = np.abs(edges.points @ normals.T - lines[:, 2]) < 2.2
    near &= facing @ normals.T > 0.9
    which, line = np.nonzero(near)
    place = ((edges.points[which] * along[line]).sum(axis=1) + reach).astype(int)
    hit: Array = np.zeros((len(lines), cells), np.float32)
    hit[line, np.clip(place, 0, cells - 1)] = 1
    hit = cv2.dilate(hit, np.ones((1, 5), np.uint8))
    return np.hstack([np.zeros((len(lines), 1)), np.cumsum(hit, axis=1)]), along, reach


def _contour_scores(
    corners: Array, members: Array, border: Array, profiles: tuple[Array, Array, float], lines: Array
) -> Array:
    """0..1: the share of each side that is edge, less what runs on beyond the corners."""
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

    covered = support(low + 2, high - 2) / np.maximum(length - 4, 1.0)
    past = np.minimum(0.25 * length, 40.0)
    beyond = (support(low - past, low - 5) + support(high + 5, high + past)) / np.maximum(2 * past, 1.0)
    side: Array = np.clip(covered - 0.4 * beyond, 0, 1)
    on_border = border[members]
    side = np.where(on_border, BORDER_SUPPORT, side)
    weight = length / length.sum(axis=1, keepdims=True)
    result: Array = 0.5 * (side * weight).sum(axis=1) + 0.5 * side.min(axis=1)
    return result


def _contrast(small: Array, quad: Array) -> float:
    """0..1: how differently the picture looks just inside and just outside of the sides."""
    centre = quad.mean(axis=0)
    steps = np.linspace(0.08, 0.92, 24)[:, None]
    differences = []
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        points = start + (end - start) * steps
        inward = centre - (start + end) / 2
        inward = inward / max(float(np.linalg.norm(inward)), 1e-6)
        inner, outer = (_sample(small, points + inward * d) for d in (5.0, -5.0))
        inside = (outer.min(axis=1) >= 0)[:, None]
        if inside.sum() < 8:
            continue
        change = np.abs(np.median(np.where(inside, inner - outer, np.nan)[inside[:, 0]], axis=0)).max()
        differences.append(min(change / 18.0, 1.0))
    return float(np.mean(differences)) if differences else 0.0


def _sample(small: Array, points: Array) -> Array:
    """Colours at points; -1 outside of the picture."""
    x, y = points[:, :1].astype(np.float32), points[:, 1:].astype(np.float32)
    values: Array = cv2.remap(
        small.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT,
        borderValue=(-1000.0, -1000.0, -1000.0),
    )  # fmt: skip
    values = values.reshape(len(points), -1)
    return np.where(values < -1, -1.0, values)
