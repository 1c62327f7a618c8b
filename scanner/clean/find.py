"""Finds the paper in a photograph: four corners with a confidence, or nothing rather than a wrong crop.

Quadrangles are put together from straight edges and judged by how much of each side is edge, how far
the edges run on past the corners, and how differently the two sides of the edge look: the contour and
contrast scores of Tropin et al., "Advanced Hough-based method for on-device document localization" (2021).
The weights of the judgement are a logistic regression on the made-up photographs of tests/bench/synth.py.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.clean.arrays import Array, bgr_of, shrink
from scanner.clean.lines import between, find_edges, find_lines, join
from scanner.clean.quads import NONE, Quads, make_quads, strips
from scanner.clean.refine import refine_corners
from scanner.clean.weights import judge

WORK_SIDE = 480
ACCEPT = 0.7
MOST_LINES = 40
CERTAIN = 0.9
STROKE_PX = 9  # wider than a pen stroke or a letter's bar in the small picture


@dataclass(frozen=True)
class Found:
    """Corners (4, 2) float TL, TR, BR, BL as seen, in input pixels, or None; confidence 0..1."""

    corners: Array | None
    confidence: float


NOTHING = Found(None, 0.0)


def find_page(image: Array) -> Found:
    """The most likely paper of a BGR or grey picture; never raises."""
    quads, scores, factor = candidates(image)
    if not len(scores):
        return NOTHING
    best = int(np.argmax(scores))
    if scores[best] < ACCEPT:
        return Found(None, float(scores[best]))
    return _found(image, quads.corners[best], float(scores[best]), factor)


def find_pages(image: Array, most: int = 8) -> list[Found]:
    """Every paper that lies apart from the others, best first."""
    quads, scores, factor = candidates(image)
    apart: list[Array] = []
    pages: list[Found] = []
    for index in np.argsort(-scores):
        if scores[index] < ACCEPT or len(pages) == most:
            break
        corners = quads.corners[index]
        if not any(_overlap(corners, other) for other in apart):
            apart.append(corners)
            pages.append(_found(image, corners, float(scores[index]), factor))
    return pages


def candidates(image: Array) -> tuple[Quads, Array, float]:
    """The quadrangles in small pixels, their confidences, and small / input size.

    Where nothing is certain, the ends of a page are looked for again between its two long sides alone: there
    the grain of the wood and the stripes of the cloth, which outvoted a short side, are hidden by the page.
    """
    if min(image.shape[:2]) < 32:
        return NONE, np.zeros(0), 1.0
    small, factor = shrink(bgr_of(image), WORK_SIDE)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (STROKE_PX, STROKE_PX))
    bare = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    plain, smooth = find_edges(small), find_edges(bare)
    lines = np.concatenate([find_lines(smooth, MOST_LINES), find_lines(plain, MOST_LINES)])
    lines, edges = _distinct(lines), join(plain, smooth)
    quads = make_quads(edges, lines, small, bare)
    scores = _confidence(quads.corners, judge(quads))
    if scores.max(initial=0) < CERTAIN:
        short = [find_lines(between(smooth, pair), MOST_LINES // 3) for pair in strips(edges, lines)]
        more = _distinct(np.concatenate([lines, *short]))
        if len(more) > len(lines):
            quads = make_quads(edges, more, small, bare)
            scores = _confidence(quads.corners, judge(quads))
    return quads, scores, factor


def _confidence(corners: Array, beliefs: Array) -> Array:
    """(N,) 0..1: each quadrangle and its look-alikes against "no paper" and against all others."""
    odds = np.exp(np.clip(beliefs, -30, 30))
    apart = np.abs(corners[:, None] - corners[None]).max(axis=(2, 3))
    alike = apart < 0.04 * WORK_SIDE
    together = _overlapping_boxes(corners)
    best_alike = np.where(alike, odds[None], 0).max(axis=1, initial=0)
    rivals = np.where(~alike & together, odds[None], 0).max(axis=1, initial=0)
    result: Array = best_alike / (best_alike + 1 + rivals) * (odds >= best_alike)
    return result


def _overlapping_boxes(corners: Array) -> Array:
    """(N, N) whether the bounding boxes of quadrangles meet: papers apart are no rivals."""
    low, high = corners.min(axis=1), corners.max(axis=1)
    result: Array = ((low[:, None] < high[None]) & (low[None] < high[:, None])).all(axis=2)
    return result


def _distinct(lines: Array) -> Array:
    """Lines without those that another line already says."""
    kept: list[Array] = []
    for line in lines:
        if not any(line[:2] @ other[:2] > 0.9995 and abs(line[2] - other[2]) < 2 for other in kept):
            kept.append(line)
    return np.array(kept).reshape(-1, 3)


def _found(image: Array, corners: Array, score: float, factor: float) -> Found:
    return Found(in_order(refine_corners(image, (corners + 0.5) / factor - 0.5)), score)


def in_order(corners: Array) -> Array:
    """Clockwise from the corner that is seen top left."""
    centre = corners.mean(axis=0)
    turn = np.argsort(np.arctan2(corners[:, 1] - centre[1], corners[:, 0] - centre[0]))
    ring = corners[turn]
    return np.roll(ring, -int(np.argmin(ring.sum(axis=1))), axis=0)


def _overlap(one: Array, other: Array) -> bool:
    area, _ = cv2.intersectConvexConvex(one.astype(np.float32), other.astype(np.float32))
    smaller = min(cv2.contourArea(one.astype(np.float32)), cv2.contourArea(other.astype(np.float32)))
    return bool(area > 0.1 * smaller)
