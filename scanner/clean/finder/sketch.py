"""Outlines that the eye draws: around what it takes for paper, moved onto the edges there, straight or bent.

They need no line of the Hough transform, so a rim that is hidden for a part, bent all around or outvoted by
stripes has an outline too. Whether it is believed is asked of it as of any other.
"""

import math

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.finder.eye import Seen
from scanner.clean.finder.outlines import NONE, PLACES, Outlines, resampled, straight, together
from scanner.clean.finder.seams import follow
from scanner.clean.geometry.lines import Edges

LEVELS = ((0.0, 0.5, 1), (1.0, 0.5, 3), (2.0, 0.5, 5))  # how much a rim counts, least paper, px grown again
LEAST_AREA = 0.02  # of the picture
MOST = 3  # pieces of paper looked at on each level
REACH_PX = 9.0  # from what the eye draws to an edge
TIP = 3  # places at a corner, where a side goes straight on
LEAST_SINE = 0.3  # of a corner
FARTHEST_PX = 25.0  # from where the eye draws a corner
CORNER_SLACK = 0.06  # of a side, left out at its ends when a line is laid through it


def sketch(seen: Seen, edges: Edges) -> Outlines:
    """Outlines of all pieces of paper that have four corners, in px of the small picture."""
    rings = [ring_of(mask, seen.scale) for mask in _pieces(seen.maps)]
    if not any(ring is not None for ring in rings):
        return NONE
    bent = moved(np.stack([ring for ring in rings if ring is not None]), edges)
    real = np.ones((len(bent), 4), bool)
    return together(straightened(bent), Outlines(bent, real))


def moved(rough: Array, edges: Edges) -> Array:
    """Rings (N, 4, PLACES, 2) moved onto the edges beside them, each side to where it meets the next."""
    return np.stack([_closed(ring) for ring in follow(edges, rough, REACH_PX)])


def straightened(rings: Array) -> Outlines:
    """Outlines of lines through the sides of rings (N, 4, PLACES, 2)."""
    return straight(np.stack([_corners(ring) for ring in rings]), np.ones((len(rings), 4), bool))


def _pieces(maps: Array) -> list[Array]:
    """Masks (SIDE, SIDE) of what hangs together as paper; and without its rims, where papers touch."""
    masks = []
    for rim, least, grow in LEVELS:
        mask = (maps[..., 0] - rim * maps[..., 1] > least).astype(np.uint8)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
        order = np.argsort(-stats[1:, cv2.CC_STAT_AREA])[:MOST] + 1
        for k in order[stats[order, cv2.CC_STAT_AREA] > LEAST_AREA * mask.size]:
            piece = (labels == k).astype(np.uint8)
            masks.append(cv2.dilate(piece, np.ones((grow, grow), np.uint8)))
    return masks


def ring_of(mask: Array, scale: Array) -> Array | None:
    """(4, PLACES, 2) the rim of a piece cut at its four corners, in px of the small picture."""
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    contour = (max(found, key=cv2.contourArea)[:, 0] + 0.5) / scale - 0.5
    corners = _four_corners(contour)
    if corners is None:
        return None
    sides = []
    for k in range(4):
        first, last = corners[k - 1], corners[k]
        turned = np.roll(contour, -first, axis=0)
        sides.append(resampled(turned[: (last - first) % len(contour) + 1]))
    return np.stack(sides)


def _four_corners(contour: Array) -> Array | None:
    """Indices of the four points of a closed contour (P, 2) that hold most of its area."""
    hull = cv2.convexHull(contour.astype(np.float32), returnPoints=False)[:, 0]
    if len(hull) < 4:
        return None
    indices = np.sort(hull)
    # in plain numbers: what is done here with two at a time takes arrays ten times longer
    points = contour[indices].tolist()
    ring = _thinned(points)

    def lost(k: int) -> float:
        """Twice the area between a point and its neighbours."""
        (x0, y0), (x, y), (x1, y1) = (points[ring[j % len(ring)]] for j in (k - 1, k, k + 1))
        return float(abs((x - x0) * (y1 - y) - (y - y0) * (x1 - x)))

    areas = [lost(k) for k in range(len(ring))]
    while len(ring) > 4:
        least = areas.index(min(areas))
        del ring[least], areas[least]
        for k in (least - 1, least % len(ring)):
            areas[k] = lost(k)
    return indices[ring] if len(ring) == 4 else None


def _thinned(points: list[list[float]]) -> list[int]:
    """Indices of points none of which lies within a pixel or two of the one before."""
    kept = [0]
    for k in range(1, len(points)):
        if math.dist(points[k], points[kept[-1]]) > 2:
            kept.append(k)
    return kept


def _closed(ring: Array) -> Array:
    """The same (4, PLACES, 2) with each side going on to where it meets the next."""
    result = ring.copy()
    for k in range(4):
        one, two = ring[k], ring[(k + 1) % 4]
        corner = _meeting(_line(one[-TIP - 6 : -TIP]), _line(two[TIP : TIP + 6]), (one[-1] + two[0]) / 2)
        t = np.linspace(0, 1, TIP + 1)[1:, None]
        result[k, -TIP:] = one[-TIP - 1] + (corner - one[-TIP - 1]) * t
        result[(k + 1) % 4, :TIP] = two[TIP] + (corner - two[TIP]) * t[::-1]
    return result


def _corners(ring: Array) -> Array:
    """(4, 2) where lines through the sides of a ring (4, PLACES, 2) meet."""
    slack = max(1, round(CORNER_SLACK * PLACES))
    lines = [_line(side[slack:-slack]) for side in ring]
    return np.array([_meeting(lines[k], lines[(k + 1) % 4], ring[k, -1]) for k in range(4)])


def _line(points: Array) -> tuple[float, ...]:
    vx, vy, x, y = cv2.fitLine(points.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel().tolist()
    return vy, -vx, vy * x - vx * y


def _meeting(one: tuple[float, ...], two: tuple[float, ...], otherwise: Array) -> Array:
    matrix = np.array([one[:2], two[:2]])
    if abs(np.linalg.det(matrix)) < LEAST_SINE:
        return otherwise
    met: Array = np.linalg.solve(matrix, np.array([one[2], two[2]]))
    return met if np.linalg.norm(met - otherwise) < FARTHEST_PX else otherwise
