"""Finds the tinted blocks that a form is printed with: boxes and bands of one even tint on its paper.

A block is enclosed by steps, mostly straight, that are sharp in their whole depth: a shadow fades into the
paper or comes in over the page's edge. White boxes in it are paper. Its tint is kept or made white as a
whole; taken for the paper's light by and by it would fall into patches.
"""

from collections.abc import Iterator

import cv2
import numpy as np

from scanner.clean.arrays import (
    NOTHING,
    Array,
    grey_of,
    least_of,
    most_of,
    parts_of,
    percentile,
    shades_of,
    straight_runs,
)
from scanner.clean.ink.margin import papered

PRINT_PX, RIM_PX, LIGHT_PX = 7, 3, 25  # of a page 438 px high: print is no wider; a step; what is lit alike
STEEP, GRAINS = 7.0, 4.0  # of 255: the least step; in steps of the paper's grain
LEAST_PX, MOST, MANY = 60, 0.7, 60  # the area of a block; of the page; blocks
STRAIGHT_PX = 11  # of a rim, runs on
NEAR_PX, FAR_PX, SHARP, RIMMED = 5, 13, 0.55, 0.6  # around a step; of all that is seen there; of the rims
FLAT, USUAL, GRAINY = 30, 40, 1  # percentiles of the texture of a block, of a page; of 255, what is no tint
INSIDE_PX, OUTSIDE_PX, SEEN = 7, (9, 13), 0.01  # where the tint is measured, and the paper; so much of that
TINT = (0.3, 0.975)  # of the paper's light, in a block's darkest colour
GREY = 0.04  # of the paper's light, between the colours of a shadow
INKED, SIDE_PX, CROSSED = 24, (7, 13), 0.2  # of 255, print; beside a side; of sides, and it is a shadow's rim
REACH_PX, STRIP_PX, DARKER = 31, 7, 0.9  # around a block; of a strip between its boxes; of its tint
PALE = 0.83  # of the paper's light: a tint that is paler carries nothing


def blocks_of(page: Array) -> Array:
    """The tint of each block of a page, BGR or grey, its longer side about 438 px: as the page, in 255ths of
    the paper's light, 255 where there is none; NOTHING without any block."""
    closed = cv2.morphologyEx(page, cv2.MORPH_CLOSE, _square(PRINT_PX))
    even = _even(closed)
    step = steepest(even, RIM_PX)
    least = max(STEEP, GRAINS * percentile(shades_of(step), 50))
    steep = cv2.threshold(step, least, 255, cv2.THRESH_BINARY)[1]
    straight = straight_runs(steep, STRAIGHT_PX)
    if not straight.any():
        return NOTHING
    near, far = (steepest(even, side) for side in (NEAR_PX, FAR_PX))
    sharp = (near >= SHARP * far) & (straight > 0)
    texture, print_ = texture_of(page), least_of(cv2.subtract(closed, page)) > INKED
    tints = np.full_like(page, 255)
    for there, own in _enclosed(steep):
        rim = cv2.dilate(own, _square(5)) > own
        if sharp[there][rim].mean() < RIMMED or not is_flat(texture, texture[there][own > 0]):
            continue
        tint = _tint(closed[there], own)
        if tint is None or (np.ptp(tint) < GREY and _is_crossed(print_[there], own)):
            continue
        tints[there][cv2.dilate(own, _square(5)) > 0] = np.clip(np.round(255 * tint), 1, 255)
    return _with_strips(tints, page, closed) if tints.min() < 255 else NOTHING


def evened(image: Array, tints: Array) -> Array:
    """The picture with the tints of some blocks taken out."""
    return image if tints is NOTHING else cv2.divide(image, _over(image, tints), scale=255)


def tinted(image: Array, tints: Array) -> Array:
    """The picture on the tints of some blocks."""
    return image if tints is NOTHING else cv2.multiply(image, _over(image, tints), scale=1 / 255)


def pale_of(tints: Array) -> Array:
    """Those that are so pale that they carry nothing."""
    return _only(tints, cv2.THRESH_BINARY)


def deep_of(tints: Array) -> Array:
    """The others."""
    return _only(tints, cv2.THRESH_BINARY_INV)


def under_blocks(page: Array, tints: Array) -> Array:
    """The small page as if none of its blocks was printed; on their rims is what lies beside."""
    if tints is NOTHING:
        return page
    rims = cv2.morphologyEx(least_of(tints), cv2.MORPH_GRADIENT, _square(5))
    return papered(evened(page, tints), cv2.threshold(rims, 0, 255, cv2.THRESH_BINARY)[1])


def steepest(page: Array, side: int) -> Array:
    """(H, W) the greatest step of any colour within `side` px."""
    return most_of(cv2.morphologyEx(page, cv2.MORPH_GRADIENT, _square(side)))


def texture_of(page: Array) -> Array:
    """(H, W) how far each px of a page stands out of those around, in any colour; a slope does not."""
    closed, opened = (cv2.morphologyEx(page, way, _square(3)) for way in (cv2.MORPH_CLOSE, cv2.MORPH_OPEN))
    return most_of(cv2.subtract(closed, opened))


def is_flat(texture: Array, some: Array) -> bool:
    """Whether the texture of some part of a page, beside what is printed there, is but that of its paper."""
    return bool(np.percentile(some, FLAT) <= max(GRAINY, np.percentile(texture[::4, ::4], USUAL)))


def _only(tints: Array, way: int) -> Array:
    if tints is NOTHING:
        return tints
    others = cv2.bitwise_not(cv2.threshold(least_of(tints), 255 * PALE, 255, way)[1])
    only = cv2.max(tints, others if tints.ndim == 2 else cv2.merge([others] * 3))
    return only if only.min() < 255 else NOTHING


def _over(image: Array, tints: Array) -> Array:
    tints = tints if image.ndim == tints.ndim else grey_of(tints)
    return cv2.resize(tints, image.shape[1::-1], interpolation=cv2.INTER_NEAREST)


def _square(side: int) -> Array:
    return np.ones((side, side), np.uint8)


def _even(closed: Array) -> Array:
    """A page over the light of its brightest colour, so that a step in a shadow is as large as elsewhere."""
    light = cv2.blur(cv2.dilate(most_of(closed), _square(LIGHT_PX)), (2 * LIGHT_PX, 2 * LIGHT_PX))
    return cv2.divide(closed, light if closed.ndim == 2 else cv2.merge([light] * 3), scale=255)


def _enclosed(steep: Array) -> Iterator[tuple[tuple[slice, slice], Array]]:
    """What is enclosed by steps (mask) clear of the page's edge: its place and what is around, 0/1 there."""
    height, width = steep.shape
    labels, stats = parts_of(cv2.bitwise_not(steep))
    left, top, wide, high, area = stats.T
    inner = (np.minimum(left, top) > 0) & (left + wide < width) & (top + high < height)
    inner &= (area >= LEAST_PX) & (area < MOST * steep.size)
    inner[0] = False
    for part in np.flatnonzero(inner)[:MANY].tolist():
        x, y, across, down, _ = stats[part].tolist()
        there = np.s_[max(y - FAR_PX, 0) : y + down + FAR_PX, max(x - FAR_PX, 0) : x + across + FAR_PX]
        yield there, (labels[there] == part).astype(np.uint8)


def _tint(closed: Array, own: Array) -> Array | None:
    """What a part (mask) leaves of the light of the paper beside it, by colour; None if it is no tint."""
    near, wide = (cv2.dilate(own, _square(side)) for side in OUTSIDE_PX)
    outside, around = (wide > near).astype(np.float32), (2 * FAR_PX, 2 * FAR_PX)
    weight = cv2.blur(outside, around)
    inside = (own > cv2.erode(own, _square(INSIDE_PX))) & (weight > SEEN)
    if not inside.any():
        return None
    shares = []
    for plane in [closed] if closed.ndim == 2 else cv2.split(closed):
        paper = cv2.blur(outside * plane, around)[inside] / weight[inside]
        shares.append(np.median(plane[inside] / np.maximum(paper, 1)))
    tint = np.array(shares)
    return tint if TINT[0] <= tint.min() <= TINT[1] and tint.max() < 1 / TINT[1] else None


def _is_crossed(print_: Array, own: Array) -> bool:
    """Whether print (mask) runs on over the left and right sides of a part (mask), as in a shadow."""
    narrow, far, beside = (np.ones((1, side), np.uint8) for side in (*SIDE_PX, SIDE_PX[1]))
    outside = cv2.dilate(own, far) > cv2.dilate(own, narrow)
    inside = own > cv2.erode(own, narrow)
    one, other = (cv2.dilate((part & print_).astype(np.uint8), beside) for part in (outside, inside))
    sides = cv2.dilate(own, np.ones((1, 3), np.uint8)) > own
    return float(cv2.min(one, other)[sides].mean()) > CROSSED


def _with_strips(tints: Array, page: Array, closed: Array) -> Array:
    """With what is left of each tint between two boxes, where it is as narrow as print."""
    near = cv2.erode(tints, _square(REACH_PX))
    share, tint = cv2.divide(least_of(page), least_of(closed), scale=255), least_of(near)
    half = cv2.convertScaleAbs(tint, alpha=0.5, beta=127.5)
    alike = (tint < 255) & (share <= half) & (share >= DARKER * tint)
    alike &= steepest(page, NEAR_PX) < 1.2 * (255.0 - tint)  # print is darker
    block = least_of(tints) < 255
    runs = straight_runs(alike.view(np.uint8) * 255, STRIP_PX)
    labels, stats = parts_of(cv2.max(runs, block.view(np.uint8) * 255))
    of_block = np.bincount(labels[block], minlength=len(stats)) > 0
    of_block[0] = False
    strips = cv2.dilate(of_block.view(np.uint8)[labels], _square(3))
    result: Array = tints.copy()
    cv2.copyTo(cv2.min(near, tints), strips, result)
    return result
