"""Finds what is printed on white paper as a field with a tint of its own: the copy of a card, a picture.

A field is a rectangle, darker than the paper around it or of another colour, throughout; its four rims are
straight and sharp, as no shadow's or stain's are. Its ground is printed, waves and all: it is no paper whose
light could be taken out, and nothing on it is pale ink.
"""

from collections.abc import Iterator
from functools import cache, partial

import cv2
import numpy as np

from scanner.clean.arrays import NOTHING, Array, grey_of, halve, parts_of
from scanner.clean.ink.blocks import is_flat, steepest, texture_of

TINTED = (249, 243, 236, 227)  # of 255, the paper's light: darker is a tint, be it in one colour, or a shadow
NARROW, SOLID = 1 / 64, 1 / 48  # of the page's longer side, as the next: strokes of print; less is no field
LEAST_PX = 100  # of the longer side: of less nothing can be said
LEAST, WIDE = 1 / 12, 0.3  # the shorter side of a field; what is wider than any
MOST, MANY = 0.35, 12  # of the page: what is larger is its ground; fields
FILLED = 0.94  # of its rectangle
STEP = 0.5  # of its tint, across a rim
SIDE, SIDES, OFF_PX = 0.55, 0.85, (0, 2, 4, 6)  # of each side, of all that is a rim; px inwards of its place
RIM, COLOURED = 5, 5.0  # px, with its soft sides; of 255, between the colours of a ground
MOSTLY, EVEN = 85, 5.0  # percentile of the steps in a tint; of 255, what is more
RIM_PX, WITHIN = 2.5, 3  # inside and outside of a rim; times farther in, where a shadow is deeper
CROSSING, INKED, CROSSED = (2, 3, 4), 24, 0.2  # px outside and inside of a rim; of 255, print; of a side
BOX, BOXED, BOXES = (1 / 120, 1 / 24), 0.7, 2  # of the longer side, a white box; of its rectangle; of a form
FRAME_PX, FRAMED = 3, 0.8  # beside a box; of what is there, that has the tint
CORNER, GROUND = 0.1, 75  # of a side, at its ends: they may be round; percentile there: print is darker


def fields_of(small: Array) -> Array:
    """0/255 mask of the fields of a page, BGR or grey, its longer side about 438 px; NOTHING where there are
    none."""
    long = max(small.shape[:2])
    if min(small.shape[:2]) < LEAST * long or long < LEAST_PX:
        return NOTHING
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, _square(long * NARROW))
    paper, print_ = _paper(closed, long * WIDE), grey_of(cv2.subtract(closed, small))
    lit = _lit(closed, paper)
    with_print = cache(partial(_lit, small, paper))
    looks = cache(lambda: (texture_of(small), steepest(closed, 3)))
    found = NOTHING
    for level in TINTED:
        tinted = cv2.threshold(lit, level, 255, cv2.THRESH_BINARY_INV)[1]
        solid = cv2.morphologyEx(tinted, cv2.MORPH_OPEN, _square(long * SOLID))
        if not solid.any():
            break
        for ring in _rectangles(solid, long * LEAST):
            plain = _is_sharp(lit, ring) and not _is_crossed(print_, ring)
            corners = np.round(ring).astype(np.int32)
            if plain and not _has_boxes(with_print(), ring) and not _is_tint(*looks(), corners):
                found = np.zeros_like(lit) if found is NOTHING else found
                cv2.fillConvexPoly(found, corners, 255)
                cv2.polylines(found, [corners], True, 255, RIM)
    return found


def is_tinted(flat: Array, fields: Array) -> bool:
    """Whether the fields of a page whose light was taken out have a colour, be it pale."""
    if flat.ndim == 2:
        return False
    colour = cv2.mean(flat, cv2.resize(fields, flat.shape[1::-1], interpolation=cv2.INTER_NEAREST))[:3]
    return max(colour) - min(colour) > COLOURED


def _rectangles(mask: Array, least: float) -> Iterator[Array]:
    """The corners (4, 2) of the parts of a mask that are rectangles, their sides `least` px or more."""
    labels, stats = parts_of(mask)
    area = stats[:, cv2.CC_STAT_AREA]
    fits = (stats[:, 2:4].min(axis=1) >= least) & (area >= least**2) & (area < MOST * mask.size)
    fits[0] = False
    for part in np.flatnonzero(fits)[:MANY].tolist():
        middle, sides, lean = cv2.minAreaRect(cv2.findNonZero((labels == part).astype(np.uint8)))
        across, down = sides[0] + 1, sides[1] + 1
        if min(across, down) >= least and area[part] >= FILLED * across * down:
            yield cv2.boxPoints((middle, (across, down), lean))


def _square(side: float) -> Array:
    return np.ones((max(3, round(side)) | 1,) * 2, np.uint8)


def _paper(closed: Array, wide: float) -> Array:
    """The paper that is near, of a page without print."""
    half = halve(halve(closed))
    paper = cv2.blur(cv2.morphologyEx(half, cv2.MORPH_CLOSE, _square(wide / 4)), (5, 5))
    return cv2.resize(paper, closed.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def _lit(page: Array, paper: Array) -> Array:
    """(H, W) the darkest colour of a page in 255ths of its paper."""
    lit = cv2.divide(page, paper, scale=255)
    if lit.ndim == 3:
        lit = cv2.min(cv2.min(lit[..., 0], lit[..., 1]), lit[..., 2])
    return lit


def _is_sharp(lit: Array, ring: Array) -> bool:
    """Whether each side of a ring (4, 2) is a rim: brighter outside by half of the tint, nearly all along.

    What touches a side, as a seal, moves it outwards, and covers some of it.
    """
    sides = [
        max(_sharp(lit, along - off * out, RIM_PX * out) for off in OFF_PX) for along, out in _sides(ring)
    ]
    return min(sides) >= SIDE and sum(sides) >= 4 * SIDES


def _sides(ring: Array) -> Iterator[tuple[Array, Array]]:
    """Places (41, 2) along each side of a ring (4, 2), and the way (2,) out of it, 1 px long."""
    middle = ring.mean(axis=0)
    ways = np.linspace(CORNER, 1 - CORNER, 41)[:, None]
    for one, other in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        out = (one + other) / 2 - middle
        yield one + (other - one) * ways, out / max(float(np.linalg.norm(out)), 1e-6)


def _is_crossed(print_: Array, ring: Array) -> bool:
    """Whether print runs on over two sides of a ring (4, 2), as it does where a thing's shadow lies."""
    sides = []
    for along, out in _sides(ring):
        outside, inside = (
            np.max([_at(print_, along + way * far * out) for far in CROSSING], axis=0) for way in (1, -1)
        )
        sides.append(float((np.minimum(outside, inside) > INKED).mean()))
    return sorted(sides)[-2] > CROSSED


def _has_boxes(seen: Array, ring: Array) -> bool:
    """Whether white boxes lie in a ring (4, 2) or at its sides, with its tint all around them, as on a form.

    What is left between their columns is a rectangle too.
    """
    least, most = (round(side * max(seen.shape)) for side in BOX)
    left, top, wide, high = cv2.boundingRect(np.round(ring).astype(np.int32))
    tint = 255 - float(np.median(seen[max(top, 0) : top + high, max(left, 0) : left + wide]))
    near = seen[max(top - most, 0) : top + high + most, max(left - most, 0) : left + wide + most]
    dark = cv2.threshold(near, 255 - tint / 2, 255, cv2.THRESH_BINARY_INV)[1]
    _, stats = parts_of(cv2.bitwise_not(dark))
    wides, highs, areas = stats[:, 2:].T
    fits = (np.minimum(wides, highs) >= least) & (np.maximum(wides, highs) <= most)
    fits &= areas >= BOXED * wides * highs
    return sum(_is_framed(dark, each[:4].tolist()) for each in stats[fits]) >= BOXES


def _is_framed(dark: Array, box: list[int]) -> bool:
    """Whether what lies around a box is dark (mask)."""
    left, top, wide, high = box
    if min(left, top) < FRAME_PX:
        return False
    frame = dark[top - FRAME_PX : top + high + FRAME_PX, left - FRAME_PX : left + wide + FRAME_PX].copy()
    frame[1:-1, 1:-1] = 0
    return cv2.countNonZero(frame) > FRAMED * 2 * (sum(frame.shape) - 2)


def _is_tint(texture: Array, steps: Array, corners: Array) -> bool:
    """Whether a rectangle (4, 2) is of one even tint with nothing but print on it, as a form's blocks are, by
    the texture of a page and the steps (H, W) of that without print."""
    inside = cv2.erode(cv2.fillConvexPoly(np.zeros_like(steps), corners, 255), _square(RIM)) > 0
    return is_flat(texture, texture[inside]) and float(np.percentile(steps[inside], MOSTLY)) < EVEN


def _sharp(lit: Array, along: Array, out: Array) -> float:
    """0..1 of the places (N, 2) along a side that are brighter outside."""
    within, inside, outside = (_at(lit, along + k * out) for k in (-WITHIN, -1, 1))
    tint = 255 - float(np.percentile(within, GROUND))
    return float((outside - inside >= STEP * tint).mean())


def _at(picture: Array, places: Array) -> Array:
    x, y = places.T.astype(np.float32)
    seen: Array = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).ravel()
    return seen.astype(np.float32)
