"""A second opinion on a found page, by what the first look did not ask: is there more paper past a side?

A wrong crop costs a part of a document, "not found" one drag. The printed head of a form, a picture that
reaches the rim and a paper below make sides that look like a rim. What tells them apart lies past their
corners: there a rim's neighbours end, while beside a head they go on, as an edge or as a step of hue that is
the same at both ends. A side that runs through the air agrees with few of the steps measured along it.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.finder.refine import Side, across, reach_of

LEAST_SURE = 0.6  # share of the strips along a side; on made-up pictures 201 of 202 right pages have more
MOST_AIR = 0.15  # of two sides that run to one corner, or to both ends of one side
MOST_ON = 0.6  # share of the strips past both its ends; at right sides less than 0.45
MOST_HUE = 0.03  # step past both its ends, in parts of brightness; at right sides less than 0.01
MOST_ON_SEEN, MOST_HUE_SEEN = 0.78, 0.055  # the same where the eye sees the paper end; right sides have less
UNLIKE, BESIDE_SIDE_PX = 0.4, 5.0  # of the lighter one's colour, within and past a side: no other page
FAR, STRIPS = (0.012, 0.07), 24  # how far past a corner is looked, in parts of the side's length
FAR_PX = (5.0, 25.0)  # and at least
AHEAD_PX, BESIDE_PX = np.linspace(3, 17, 8), np.array([3.0, 5.0, 7.0, 9.0])  # in the small picture
NEARLY_NONE = 0.15  # of the places there
ALIKE = 0.7  # cosine of the steps of hue at both ends
BENT, STRAIGHT, BENT_SURE = 0.02, 0.001, 0.9  # of the length: one side, all others; share of its strips


def doubtful(
    image: Array, sides: list[Side], corners: Array, bare: Array, factor: float, *, certain: bool,
    ends: Array,
) -> bool:
    """Whether a found page may be a part of the paper, or more than it.

    `sides` and `corners` (4, 2), side k ending in corner k, in pixels of `image`; `bare`: (H, W, 3) the small
    copy without dark strokes, `factor` times the size. `certain`: the first look was; then ends of sides
    where nothing is seen are forgiven, for a head that is as dark as the table has them too. `ends`: (4,) of
    the sides where the eye sees the paper end, as at the gutter of a book, past which the other page goes on;
    it sees one at a coloured head too, but that looks like no page.
    """
    if min(side.sure for side in sides) < LEAST_SURE or _bent_alone(sides):
        return True
    if not certain and _in_the_air(sides) > MOST_AIR:
        return True
    return goes_on(image, sides, corners, bare, factor, ends=ends)


def goes_on(
    image: Array, sides: list[Side], corners: Array, bare: Array, factor: float, *, ends: Array
) -> bool:
    """Whether an edge or a step of hue goes on past both ends of a side, as beside a printed head."""
    small = (corners + 0.5) * factor - 0.5
    another = ends & (_unlike(small, bare) < UNLIKE)
    if ((_edge_past(image, sides, corners) > np.where(ends, MOST_ON_SEEN, MOST_ON)) & ~another).any():
        return True
    return bool(((_hue_past(small, bare) > np.where(ends, MOST_HUE_SEEN, MOST_HUE)) & ~another).any())


def _in_the_air(sides: list[Side]) -> float:
    """How far, in parts of a side, two sides run unseen to one corner, or to both ends of one side."""
    starts, ends = np.array([side.gaps for side in sides]).T
    to_corner = np.minimum(ends, np.roll(starts, -1))
    to_side = np.minimum(np.roll(ends, 1), np.roll(starts, -1))
    return float(max(to_corner.max(), to_side.max()))


def _bent_alone(sides: list[Side]) -> bool:
    """Whether one side alone is bent, and not seen all along: a rim that goes over into that of a shadow."""
    bends = [side.bend() for side in sides]
    most = int(np.argmax(bends))
    return bends[most] > BENT and sorted(bends)[-2] < STRAIGHT and sides[most].sure < BENT_SURE


def _edge_past(image: Array, sides: list[Side], corners: Array) -> Array:
    """(4,) share of the strips past both ends of a side that have a step where its neighbour would go on."""
    reach = reach_of(image)
    spacing = max(0.5, reach / 20)
    offsets = np.arange(-reach, reach + spacing / 2, spacing)
    grids = []
    for k, side in enumerate(sides):
        for corner, tip, before in ((corners[k - 1], 0.0, 0.1), (corners[k], 1.0, 0.9)):
            way = side.at(tip) - side.at(before)
            way = way / max(float(np.linalg.norm(way)), 1e-9)
            length = float(np.linalg.norm(side.end - side.start))
            near, far = (max(part * length, least) for part, least in zip(FAR, FAR_PX, strict=True))
            line = corner + way * np.linspace(near, far, STRIPS)[:, None]
            grids.append(line[:, None] + np.array([-way[1], way[0]]) * offsets[:, None])
    grid = np.stack(grids)
    inside = ((grid >= 0) & (grid <= np.array(image.shape[1::-1]) - 1)).all(axis=(1, 2, 3))
    step = np.abs(np.diff(across(image, grid), axis=2))
    away = np.abs(offsets[0] + (step.argmax(axis=2) + 0.5) * spacing)
    share = ((away < 0.17 * reach + 1) & (step.max(axis=2) > 1)).mean(axis=1) * inside
    start, end = share.reshape(4, 2).T
    # past the start of side k goes side k - 1, past its end, backwards, side k + 1
    result: Array = np.minimum(np.roll(end, 1), np.roll(start, -1))
    return result


def _unlike(corners: Array, bare: Array) -> Array:
    """(4,) how far what lies past a side differs from what lies within, in parts of the lighter one."""
    starts = np.roll(corners, 1, axis=0)  # side k runs from corner k - 1 to corner k
    line = starts[:, None] + (corners - starts)[:, None] * np.linspace(0.08, 0.92, 40)[:, None]
    ahead = _ahead(corners)
    way = _unit(ahead[0] + ahead[1])[:, None] * BESIDE_SIDE_PX
    floats = bare.astype(np.float32)
    within, past = (np.median(_seen(floats, (line + k * way)[:, None]), axis=1) for k in (-1, 1))
    lighter = np.maximum(within.sum(axis=1), past.sum(axis=1)) + 20
    result: Array = np.abs(past - within).sum(axis=1) / lighter
    return result


def _hue_past(corners: Array, bare: Array) -> Array:
    """(4,) the step of hue past both ends of a side, across the lines on which its neighbours would go on.

    It counts as far as nearly every place past the side has it: patterns of cloths and tiles change there.
    """
    floats = bare.astype(np.float32)
    hue = floats / (floats.sum(axis=2, keepdims=True) + 20)
    starts = np.roll(corners, 1, axis=0)  # side k runs from corner k - 1 to corner k
    ahead = _ahead(corners)
    along = np.linspace(0.1, 0.9, 9)[:, None]
    middle = starts[:, None, None] + (corners - starts)[:, None, None] * along
    outward = _unit(ahead[0] + ahead[1])[:, None, None]
    within = _seen(hue, middle + outward * AHEAD_PX[:, None, None])
    ways, least = [], []
    for corner, way, other in ((starts, ahead[0], corners), (corners, ahead[1], starts)):
        line = corner[:, None, None] + way[:, None, None] * AHEAD_PX[:, None, None]
        beside = _unit(other - corner)[:, None, None] * BESIDE_PX[:, None]
        inner, outer = _seen(hue, line + beside), _seen(hue, line - beside)
        ways.append(_unit(np.median(inner - outer, axis=1)))
        steps = np.concatenate([inner - outer, within - np.median(outer, axis=1)[:, None]], axis=1)
        least.append(np.quantile((steps * ways[-1][:, None]).sum(axis=2), NEARLY_NONE, axis=1))
    alike = (ways[0] * ways[1]).sum(axis=1) > ALIKE
    result: Array = np.maximum(np.minimum(*least), 0) * alike
    return result


def _ahead(corners: Array) -> tuple[Array, Array]:
    """(4, 2) the ways on which the neighbours of each side would go on past its start and past its end."""
    return (
        _unit(np.roll(corners, 1, axis=0) - np.roll(corners, 2, axis=0)),
        _unit(corners - np.roll(corners, -1, axis=0)),
    )


def _unit(ways: Array) -> Array:
    result: Array = ways / np.maximum(np.linalg.norm(ways, axis=1, keepdims=True), 1e-9)
    return result


def _seen(hue: Array, places: Array) -> Array:
    """(4, P, 3) the hue at (4, A, B, 2) places; outside of the picture, that of its border."""
    x, y = (places[..., k].reshape(4, -1).astype(np.float32) for k in (0, 1))
    return cv2.remap(hue, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
