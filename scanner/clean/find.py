"""Finds the paper in a photograph: four corners with a confidence, or nothing rather than a wrong crop.

Quadrangles are put together from straight edges and judged by how much of each side is edge, how far
the edges run on past the corners, and how differently the two sides of the edge look: the contour and
contrast scores of Tropin et al., "Advanced Hough-based method for on-device document localization" (2021).
"""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.clean.arrays import Array, bgr_of, shrink
from scanner.clean.lines import Edges, find_edges, find_lines
from scanner.clean.quads import Quads, make_quads
from scanner.clean.refine import refine_corners

WORK_SIDE = 480
ACCEPT = 0.62
MOST_LINES = 40


@dataclass(frozen=True)
class Found:
    """Corners (4, 2) float TL, TR, BR, BL as seen, in input pixels, or None; confidence 0..1."""

    corners: Array | None
    confidence: float


NOTHING = Found(None, 0.0)


def find_page(image: Array) -> Found:
    """The most likely paper of a BGR or grey picture; never raises."""
    ranked = _candidates(image)
    return ranked[0] if ranked else NOTHING


def find_pages(image: Array, most: int = 8) -> list[Found]:
    """Every paper that lies apart from the others, best first."""
    apart: list[Found] = []
    for found in _candidates(image):
        if found.corners is not None and not any(_overlap(found.corners, other.corners) for other in apart):
            apart.append(found)
    return apart[:most]


def _candidates(image: Array) -> list[Found]:
    if min(image.shape[:2]) < 32:
        return []
    small, factor = shrink(bgr_of(image), WORK_SIDE)
    edges = find_edges(small)
    quads = make_quads(edges, find_lines(edges, MOST_LINES), small)
    return _accepted(image, quads, edges, factor)


def _accepted(image: Array, quads: Quads, edges: Edges, factor: float) -> list[Found]:
    ranked: list[Found] = []
    for corners, score in zip(quads.corners, quads.scores, strict=True):
        if score < ACCEPT:
            break
        large = refine_corners(image, (corners + 0.5) / factor - 0.5)
        ranked.append(Found(in_order(large), float(score)))
    return ranked


def in_order(corners: Array) -> Array:
    """Clockwise from the corner that is seen top left."""
    centre = corners.mean(axis=0)
    turn = np.argsort(np.arctan2(corners[:, 1] - centre[1], corners[:, 0] - centre[0]))
    ring = corners[turn]
    return np.roll(ring, -int(np.argmin(ring.sum(axis=1))), axis=0)


def _overlap(one: Array, other: Array | None) -> bool:
    if other is None:
        return False
    area, _ = cv2.intersectConvexConvex(one.astype(np.float32), other.astype(np.float32))
    smaller = min(cv2.contourArea(one.astype(np.float32)), cv2.contourArea(other.astype(np.float32)))
    return bool(area > 0.1 * smaller)
