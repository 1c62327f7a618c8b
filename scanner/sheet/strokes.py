"""Parts coloured strokes into sharp stencils and the coarse colour that each lets through.

A seal or a pen's writing has a shape that wants every dot of the scan and a colour that hardly changes along
it (the foreground layers of ITU-T T.44). Warm and cool strokes are parted, for a signature across a seal
would take its colour at every crossing.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import Array, least_of
from scanner.sheet.codecs import scaled

COOL = 4  # bluer than red by that part of a dot's depth
FEW = 0.004  # of all strokes: so few cool or warm dots are the other kind's rims
FAINT = 20  # of 255: what is less deep is paper
SPREAD = 5  # coarse dots over which the usual depth of strokes is taken
ENOUGH, REACHES = 0.03, (3, 9)  # colour spreads from there into what is not covered


class Strokes(NamedTuple):
    """`mask`: bool (H, W), where they are; `colour`: uint8, coarse, of the same part of the page."""

    mask: Array
    colour: Array


def strokes(picture: Array, factor: float) -> list[Strokes]:
    """The strokes of a picture on white (uint8, BGR or grey); their colour at `factor` of its size.

    Plane by plane: copies of a whole page in colour would take most of the memory that its storing needs.
    """
    depth = cv2.threshold(cv2.bitwise_not(least_of(picture)), FAINT, 0, cv2.THRESH_TOZERO)[1]
    size = (max(1, round(depth.shape[1] * factor)), max(1, round(depth.shape[0] * factor)))
    found = []
    for kind in _kinds(picture, depth):
        mask = _shape(cv2.min(depth, kind), size)
        found.append(Strokes(mask > 0, _colour(picture, mask, size)))
    return found


def laid(parts: Sequence[Strokes], factor: float = 1.0) -> Array:
    """The picture on white that the strokes of one picture give, at `factor` of its size."""
    shape, planes = parts[0].mask.shape, []
    masks = [mask.view(np.uint8) for mask, _ in parts]
    for colours in zip(*(_planes(colour) for _, colour in parts), strict=True):
        seen = np.full(shape, 255, np.uint8)
        for mask, colour in zip(masks, colours, strict=True):
            cv2.copyTo(cv2.resize(colour, shape[::-1], interpolation=cv2.INTER_LINEAR), mask, seen)
        planes.append(scaled(seen, factor))
    return cv2.merge(planes) if len(planes) > 1 else planes[0]


def _planes(picture: Array) -> list[Array]:
    """Its channels, not copied."""
    return [picture] if picture.ndim == 2 else [picture[..., k] for k in range(picture.shape[2])]


def _kinds(picture: Array, depth: Array) -> list[Array]:
    """Masks (0, 255) of the warm and the cool dots; one of all where hardly any are of the other kind."""
    whole = np.full_like(depth, 255)
    if picture.ndim == 2:
        return [whole]
    cool = cv2.compare(cv2.subtract(picture[..., 0], picture[..., 2]), depth // COOL, cv2.CMP_GT)
    inked, cold = cv2.countNonZero(depth), cv2.countNonZero(cool)
    if min(cold, inked - cold) < FEW * inked:
        return [whole]
    return [cv2.bitwise_not(cool), cool]


def _shape(depth: Array, size: tuple[int, int]) -> Array:
    """Mask (0, 255): at least half as deep as the strokes around usually are in their middle."""
    deep = cv2.resize(depth, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    squares = cv2.resize(cv2.multiply(depth, depth, dtype=cv2.CV_16U), size, interpolation=cv2.INTER_AREA)
    usual = cv2.blur(squares.astype(np.float32), (SPREAD, SPREAD))
    usual = usual / np.maximum(cv2.blur(deep, (SPREAD, SPREAD)), 1e-3)
    level = np.clip(usual / 2, FAINT, 255).astype(np.uint8)
    return cv2.compare(depth, cv2.resize(level, depth.shape[::-1]), cv2.CMP_GT)


def _colour(picture: Array, mask: Array, size: tuple[int, int]) -> Array:
    """The mean colour of the strokes, spread to where there are none, so that no rim is paler."""
    share = cv2.resize(mask, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    known = np.zeros(share.shape, bool)
    spread = []  # how far, where to, and how much of the strokes is seen from there
    for reach in REACHES:
        near = cv2.blur(share, (reach, reach))
        new = ~known & (near > ENOUGH)
        spread.append((reach, new, near[new]))
        known |= new
    planes = []
    for plane in _planes(picture):
        tint = cv2.bitwise_and(cv2.bitwise_not(plane), mask)
        tint = cv2.resize(tint, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        colour = np.zeros_like(tint)
        for reach, new, near in spread:
            colour[new] = cv2.blur(tint, (reach, reach))[new] / near
        if known.any() and not known.all():
            colour[~known] = colour[known].mean()
        planes.append(cv2.bitwise_not(np.clip(colour, 0, 255).astype(np.uint8)))
    return cv2.merge(planes) if len(planes) > 1 else planes[0]
