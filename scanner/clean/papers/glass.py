"""Finds several papers that lie apart on a scanner's glass, or tells that there may be some.

What is as even as the lid and hangs together with the rim of the glass is the lid, or else the one page. On
it lie things: letters, boxes, papers. A paper is a rectangle, plain along its rim; a printed box is one too.
What tells them apart is asked in `apart.py`.
"""

from collections.abc import Iterator
from functools import reduce
from itertools import combinations
from typing import NamedTuple

import cv2
import numpy as np

from kioskcore.ports import Box
from scanner.clean.arrays import Array, bgr_of, box_around, halve, most_of, parts_of, plane_of
from scanner.clean.finder.find import Found
from scanner.clean.finder.outlines import areas, in_order
from scanner.clean.geometry.flatten import MM_PER_INCH
from scanner.clean.papers.apart import (
    PX,
    TINT,
    Apart,
    Rectangle,
    Sides,
    are_apart,
    has_card_size,
    is_paper,
    is_whole,
    ways_of,
)

WORK_DPI = PX * MM_PER_INCH
LEAST_MM = 24.0  # of a side; a photograph of 3 x 4 cm is the smallest paper
NOISE_SHARE, NOISE_TIMES = 0.15, 6.0
STEP = (1.15, 2.5)  # what is uneven, in steps of 255 a pixel; the blocks of a JPEG have up to 1.0
FINE = 8  # parts of a step of 255
OFF, STRIDE = (6.0, 1.8), 6  # steps of 255 from the lid's light, that of neighbours and of pale papers; px
LEAST_LID = 0.04  # of the glass
BOX, JOINED = 0.95, 0.8  # of a rectangle, that its hull fills; that two others do
OVER = 0.1  # of the smaller of two, on which they may both lie
ACROSS_MM = np.arange(-3.0, 2.51, 0.25)  # from the rim, inwards
BETWEEN_MM = (ACROSS_MM[1:] + ACROSS_MM[:-1]) / 2
SEEK = abs(BETWEEN_MM - 0.6) < 1.4  # where the rim is, from where the lid ends: a shadow lies between
FAR, BESIDE, INSIDE = (ACROSS_MM < -1.4), (abs(ACROSS_MM + 0.75) < 0.4), (abs(ACROSS_MM - 1.25) < 0.6)
LINE = abs(ACROSS_MM + 0.25) < 1.3
PLACES, SMOOTH, CORNER_MM = 60, 3, 5.0  # along a side, so many together, and what is left out at its ends
AGREE = 0.9  # share of a side's places
UNEVEN, PRINTED = 2.0, 4.0  # from place to place along a side: a plain rim, one with a card's fine waves
AGREE_PICTURE, PICTURE = 0.97, 15.0  # where a photograph ends
SEEN = 1.0  # steps of 255, of a rim
BORDER_MM = 2.0  # from the picture's border: a paper pushed to the edge of the glass
SPECK_MM, RIM_MM, AROUND_MM, GAP_MM = 2.0, 6.0, 1.5, 4.0
TOGETHER, CLOSE = 5, abs(BETWEEN_MM) < 2.0  # places of a side; mm from a rim that was measured roughly
LEANS, NEAR_MM, AGREE_LEAST = np.linspace(-2, 2, 81), 0.3, 0.5


class OnGlass(NamedTuple):
    """Papers that lie apart; `maybe`: where some do that are not all known, in parts of the picture."""

    pages: list[Found]
    maybe: tuple[Box, ...] = ()


def look_on_glass(image: Array, dpi: float) -> OnGlass:
    """Two papers or more on a BGR or grey scan; nothing where that cannot be told."""
    scale = WORK_DPI / dpi
    if scale > 1 or min(image.shape[:2]) * scale < 2 * LEAST_MM * PX:
        return OnGlass([])
    small = _sized(bgr_of(image), scale)
    lid = _lid(small)
    papers = _papers(small, lid)
    if not papers:
        return OnGlass([])
    beside = _share_beside(lid, [corners for corners, _ in papers])
    known = [Rectangle(*paper, *_squared(small, *paper)) for paper in papers]
    grey = image.ndim == 3 and bool(np.ptp(np.median(small[lid], axis=0)) < TINT)
    apart = are_apart(known, beside, grey=grey, shape=lid.shape)
    laid = [Found((paper.squared + 0.5) / scale - 0.5, paper.sure) for paper in known]
    if apart is Apart.SURELY:
        return OnGlass(laid)
    rings = [each.corners for each in laid if each.corners is not None] if apart is Apart.MAYBE else []
    return OnGlass([], tuple(box_around(ring, image.shape) for ring in rings))


def _sized(image: Array, scale: float) -> Array:
    while scale <= 0.5:
        image, scale = halve(image), scale * 2
    return image if scale == 1 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _lid(small: Array) -> Array:
    """(H, W) bool: the even ground that takes most of the picture's border, of a uint8 picture."""
    soft = cv2.GaussianBlur(small.astype(np.int16) * FINE, (5, 5), 1.0)
    ways = [cv2.split(np.abs(cv2.Sobel(soft, cv2.CV_16S, *way))) for way in ((1, 0), (0, 1))]
    uneven = reduce(cv2.max, [*ways[0], *ways[1]])
    least, most = STEP
    unit = 8 * FINE  # a step of one, as Sobel's kernel tells it
    usual = float(np.quantile(uneven[::4, ::4], NOISE_SHARE)) / unit
    even = cv2.inRange(uneven, 0, unit * min(most, max(least, NOISE_TIMES * usual)))
    labels, _ = parts_of(cv2.erode(even, np.ones((3, 3), np.uint8)))
    ring = np.concatenate([labels[2], labels[-3], labels[:, 2], labels[:, -3]])
    count = np.bincount(ring)
    count[0] = 0
    result: Array = labels == int(count.argmax()) if count.any() else np.zeros(labels.shape, bool)
    return result


def _papers(small: Array, lid: Array) -> list[tuple[Array, Sides]]:
    """The papers with their corners and sides.

    What is seen whole is looked for in all masks before what is seen in part: that may be two, run together.
    """
    if lid.mean() < LEAST_LID:
        return []
    whole: list[tuple[Array, Sides]] = []
    partly: list[tuple[Array, Sides]] = []
    for things in _masks(small, lid):
        _take_away(things, [corners for corners, _ in whole])
        found = [_measured(small, lid, place) for place in _rectangles(things)]
        for paper in found:
            if is_paper(paper[1]):
                (whole if is_whole(paper[1]) else partly).append(paper)
    known = [ring for ring, _ in whole + partly]
    for ring, sides in partly:
        if not (_is_joined(ring, known) or any(overlap(ring, other) for other, _ in whole)):
            whole.append((ring, sides))
    return [paper for paper in whole if not any(_lies_on(paper[0], other[0]) for other in whole)]


def _masks(small: Array, lid: Array) -> Iterator[Array]:
    """Masks of what lies on the lid: uneven; of another shade, however even; with gaps in its rim.

    Between neighbours a shadow ends sooner in its shade than in its steps.
    """
    uneven = (~lid).astype(np.uint8)
    yield uneven.copy()
    off = _off_lid(small, lid)
    for least in OFF:
        yield (off > least).astype(np.uint8)
    yield cv2.morphologyEx(uneven, cv2.MORPH_CLOSE, np.ones((round(GAP_MM * PX),) * 2, np.uint8))


def _off_lid(small: Array, lid: Array) -> Array:
    """(H, W) how far the picture is from the lid's own light, a plane, in steps of 255."""
    soft = cv2.GaussianBlur(small.astype(np.int16) * FINE, (5, 5), 1.0)
    few, bare = np.ascontiguousarray(soft[::STRIDE, ::STRIDE]).astype(np.float32), lid[::STRIDE, ::STRIDE]
    for _ in range(2):  # papers that were taken for lid are left out of it
        light = plane_of(few, bare)
        bare = bare & (most_of(cv2.absdiff(few, light)) < FINE * min(OFF))
    off: Array = most_of(cv2.absdiff(soft, cv2.resize(light, small.shape[1::-1]).astype(np.int16))) / FINE
    return off


def _lies_on(ring: Array, other: Array) -> bool:
    """Whether a rectangle is a picture on another one."""
    inside = cv2.pointPolygonTest(other.astype(np.float32), ring.mean(axis=0).tolist(), False) > 0
    return bool(inside and areas(ring[None])[0] < areas(other[None])[0])


def _is_joined(ring: Array, known: list[Array]) -> bool:
    """Whether it is two others, run together."""
    halves = [each for each in known if _lies_on(each, ring)]
    sizes = areas(np.stack([ring, *halves]))
    pairs = combinations(range(len(halves)), 2)
    filled = [sizes[a + 1] + sizes[b + 1] for a, b in pairs if not overlap(halves[a], halves[b])]
    return bool(max(filled, default=0.0) > JOINED * sizes[0])


def overlap(one: Array, other: Array) -> bool:
    """Whether two outlines (4, 2) lie on each other, but for a little."""
    area, _ = cv2.intersectConvexConvex(one.astype(np.float32), other.astype(np.float32))
    smaller = min(cv2.contourArea(one.astype(np.float32)), cv2.contourArea(other.astype(np.float32)))
    return bool(area > OVER * smaller)


def _rectangles(things: Array) -> list[Array]:
    """Corners (4, 2), in ring order, around what hangs together of a mask and has that shape."""
    found = []
    for thing in cv2.findContours(things, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        box = cv2.minAreaRect(thing)
        wide, high = box[1]
        if min(wide, high) > LEAST_MM * PX and cv2.contourArea(cv2.convexHull(thing)) > BOX * wide * high:
            found.append(cv2.boxPoints(box).astype(float))
    return found


def _measured(small: Array, lid: Array, ring: Array) -> tuple[Array, Sides]:
    """The rectangle moved onto the rim that is seen there, and its sides."""
    before = _profiles(small, ring)
    halves = np.stack([np.median(half, axis=1) for half in np.split(before, 2, axis=1)], axis=1)
    step = np.abs(np.diff(halves, axis=2)).max(axis=3)[:, :, SEEK]  # (4, 2, K)
    corners = _shifted(ring, BETWEEN_MM[SEEK][step.argmax(axis=2)] * PX)
    profiles = _profiles(small, corners)
    far, inside = (np.median(profiles[:, :, where], axis=2) for where in (FAR, INSIDE))
    change = inside - far
    usual = paler = np.median(change, axis=1)
    channel = np.abs(usual).argmax(axis=1)[:, None, None]
    one = np.take_along_axis(change, channel, 2)[..., 0]
    usual = np.take_along_axis(usual, channel[:, 0], 1)
    stepped = ((np.sign(one) == np.sign(usual)) & (np.abs(one) > SEEN)).mean(axis=1) > AGREE
    stepped &= _unrest(one) < UNEVEN
    most = np.abs(change).max(axis=2)
    pictured = ((most > SEEN).mean(axis=1) > AGREE_PICTURE) & (np.median(most, axis=1) > PICTURE)
    grey, far, inside = (each.mean(axis=-1) for each in (profiles, far, inside))
    along = np.stack([cv2.blur(each, (1, SMOOTH)) for each in grey])
    under = np.minimum(far, inside) - along[:, :, LINE].min(axis=2)
    lined = (under > SEEN).mean(axis=1) > AGREE
    lined &= _unrest(inside) < UNEVEN
    either = ((most > SEEN) | (under > SEEN)).mean(axis=1) > AGREE
    printed = either & (_unrest(inside) < PRINTED) & has_card_size(corners)
    seen = (stepped | pictured | lined | printed) & (_unrest(far) < UNEVEN)
    shadow = np.median(far - grey[:, :, BESIDE].mean(axis=2), axis=1)
    return corners, Sides(seen, _at_border(corners, lid.shape), shadow, np.median(under, axis=1), paler)


def _squared(small: Array, ring: Array, sides: Sides) -> tuple[Array, float]:
    """The corners of a rectangle, from top left, along what most places of the sides agree on; how many of
    the worst side do.

    All sides lean alike, so two long ones tell how; a side at the border of the glass stays where it is.
    """
    ring = _straightened(ring)
    across = _profiles(small, ring).reshape(4, PLACES, -1).astype(np.float32)
    flat = [cv2.blur(each, (1, TOGETHER)) for each in across]
    profiles = np.stack(flat).reshape(4, PLACES, len(ACROSS_MM), 3)
    step = np.abs(np.diff(profiles, axis=2)).max(axis=3)[:, :, CLOSE]
    where = BETWEEN_MM[CLOSE][step.argmax(axis=2)]
    length = ways_of(ring)[2] / PX
    ends = np.minimum(CORNER_MM / length, 0.3)
    along = (1 - 2 * ends) * length * np.linspace(-0.5, 0.5, PLACES)
    leans = np.tan(np.deg2rad(LEANS))
    places = where - leans[:, None, None] * along  # (leans, 4, PLACES)
    offsets = np.median(places, axis=2)
    agree = (np.abs(places - offsets[..., None]) < NEAR_MM).mean(axis=2)
    best = int((agree * (sides.seen & ~sides.border)).sum(axis=1).argmax())
    moved = np.where(sides.border | (agree[best] < AGREE_LEAST), 0, offsets[best])
    lean = leans[best] * length[:, 0] / 4
    corners = in_order(_shifted(ring, np.stack([moved - lean, moved + lean], axis=1) * PX))
    return corners, float(np.where(sides.border, 1, agree[best]).min())


def _straightened(ring: Array) -> Array:
    """The rectangle through the middles of the sides, which leans as they do together."""
    way, _, length = ways_of(ring)
    turns = way[:, 0] + 1j * way[:, 1]
    lean = np.angle((turns**4 * length[:, 0]).sum()) / 4
    turn = lean + np.round((np.angle(turns) - lean) / (np.pi / 2)) * np.pi / 2
    normal = np.stack([-np.sin(turn), np.cos(turn)], axis=1)
    offset = (normal * (ring + np.roll(ring, -1, axis=0)) / 2).sum(axis=1)
    corners = [np.linalg.solve(normal[[k - 1, k]], offset[[k - 1, k]]) for k in range(4)]
    return np.stack(corners)


def _unrest(along: Array) -> Array:
    """(4,) how much values (4, P) change from place to place along the sides; slowly they may."""
    result: Array = np.abs(np.diff(along, axis=1)).mean(axis=1)
    return result


def _profiles(small: Array, ring: Array) -> Array:
    """(4, PLACES, ACROSS_MM, 3) the picture across the sides; side k runs from corner k to corner k + 1."""
    way, inward, length = ways_of(ring)
    ends = np.minimum(CORNER_MM * PX / length, 0.3)
    along = ends + (1 - 2 * ends) * np.linspace(0, 1, PLACES)
    line = ring[:, None] + (way * length)[:, None] * along[..., None]
    grid = (line[:, :, None] + inward[:, None, None] * (ACROSS_MM * PX)[:, None]).astype(np.float32)
    x, y = (np.ascontiguousarray(grid[..., k]).reshape(4, -1) for k in (0, 1))
    seen = cv2.remap(small, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return seen.reshape(*grid.shape[:3], 3)


def _shifted(ring: Array, moved: Array) -> Array:
    """The corners when the first and second half of each side go inwards by `moved` (4, 2) px."""
    way, inward, length = ways_of(ring)
    starts = ring + way * length * 0.25 + inward * moved[:, :1]
    ends = ring + way * length * 0.75 + inward * moved[:, 1:]
    along = ends - starts
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    offset = (normal * starts).sum(axis=1)
    corners = [
        np.linalg.solve(np.stack([normal[k - 1], normal[k]]), np.stack([offset[k - 1], offset[k]]))
        for k in range(4)
    ]
    return np.stack(corners)


def _at_border(corners: Array, shape: tuple[int, ...]) -> Array:
    """(4,) whether a side lies along the picture's border."""
    away = np.minimum(corners, np.array(shape[1::-1]) - 1 - corners) < BORDER_MM * PX
    result: Array = (away & np.roll(away, -1, axis=0)).any(axis=1)
    return result


def _share_beside(lid: Array, rings: list[Array]) -> float:
    """How much of the glass is covered by what is none of these papers, and no dust."""
    rest: Array = (~lid).astype(np.uint8)
    _take_away(rest, rings)
    rest = cv2.morphologyEx(rest, cv2.MORPH_OPEN, np.ones((round(SPECK_MM * PX),) * 2, np.uint8))
    rim = round(RIM_MM * PX)
    return float(rest[rim:-rim, rim:-rim].mean())


def _take_away(things: Array, rings: list[Array]) -> None:
    """Clear papers with their shadows from a mask, in place."""
    for ring in rings:
        outline = [np.round(ring).astype(np.int32)]
        cv2.fillPoly(things, outline, 0)
        cv2.polylines(things, outline, True, 0, round(2 * AROUND_MM * PX))
