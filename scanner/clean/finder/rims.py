"""Outlines of small papers around edges that hang together, as a card's on a white table.

Such a rim is faint, and too short to outvote the grain of the table; but it closes. Print within it does not
matter, and what the grain adds to it is left out by lines through its sides.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.finder.outlines import NONE, Outlines, areas
from scanner.clean.finder.sketch import moved, ring_of, straightened
from scanner.clean.geometry.lines import Edges

SPECKS_PX = ((8, 1), (14, 3))  # across, what is grain; how wide a gap in a rim may be
LEAST, MOST = 0.015, 0.5  # of the picture's area; a larger paper's rim outvotes any grain
FULL = 0.85  # of the hull, that four corners hold


def closed_rims(edges: Edges) -> Outlines:
    """Their outlines, of straight sides, in px of the small picture."""
    there = ((edges.there[..., 0] != 0) | (edges.there[..., 1] != 0)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(there)
    across = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    across[0] = 0
    rings = []
    for speck, gap in SPECKS_PX:
        kept = cv2.morphologyEx(
            (across >= speck)[labels].astype(np.uint8), cv2.MORPH_CLOSE, np.ones((gap, gap))
        )
        for thing in cv2.findContours(kept, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
            _, _, wide, high = cv2.boundingRect(thing)
            if wide * high > LEAST * kept.size:
                rings.append(_ring(cv2.convexHull(thing), kept.shape))
    known = [ring for ring in rings if ring is not None]
    return straightened(moved(np.stack(known), edges)) if known else NONE


def _ring(hull: Array, shape: tuple[int, ...]) -> Array | None:
    """The hull cut at its four corners; None where it has another shape, or is no small paper's."""
    area = cv2.contourArea(hull)
    if not LEAST < area / (shape[0] * shape[1]) < MOST:
        return None
    ring = ring_of(cv2.fillConvexPoly(np.zeros(shape, np.uint8), hull, 1), np.ones(2))
    return None if ring is None or areas(ring[None, :, -1])[0] < FULL * area else ring
